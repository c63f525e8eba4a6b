"""Levels of reduction are lower than the dose of each arm that they are for."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(LOWER,) = [rule for rule in RULES if rule.code == "DOSE32"]


def level(name: str, dose: int, *arms: str) -> dict[str, Any]:
    """Return a level of some arms, or of all."""
    return {"name": name, "dose": f"{dose} mg", **({"arms": [*arms]} if arms else {})}


def told(*levels: dict[str, Any]) -> list[str]:
    """Return what the rule says where one arm starts at 300 mg and another at 600 mg."""
    steps = [{"id": arm, "arms": [arm], "dose": dose} for arm, dose in (("LOW", "300 mg"), ("HIGH", "600 mg"))]
    root = {"interventions": [{"id": "ZOL", "regimen": {"steps": steps}, "reductions": {"levels": [*levels]}}]}
    (ran,) = run([LOWER], Document("x", root), (), frozenset())
    return [f"{finding.severity.name} {finding.message}" for finding in ran.findings]


ROWS = [
    ([level("a", 400), level("b", 200)], ["WARNING ZOL: a is 400 mg, no less than 300 mg before it in arm LOW"]),
    ([level("a", 400, "HIGH"), level("b", 200)], []),
    ([level("a", 400, "HIGH"), level("b", 200, "HIGH"), level("c", 200, "LOW"), level("d", 100, "LOW")], []),
    ([level("a", 400, "LOW")], ["ERROR ZOL: a is 400 mg, no less than 300 mg before it in arm LOW"]),
    ([level("a", 700)], ["ERROR ZOL: a is 700 mg, no less than 300 mg before it in arm LOW"]),
    ([level("a", 200), level("b", 250)], ["ERROR ZOL: b is 250 mg, no less than 200 mg before it in arm LOW"]),
]


@pytest.mark.parametrize(("levels", "messages"), ROWS)
def test_a_level_that_raises_the_dose_of_an_arm_is_told(levels: list[Any], messages: list[str]) -> None:
    """A reduction to 400 mg doubles nothing for those who start at 600 mg, and harms those who start at 300 mg."""
    assert told(*levels) == messages
