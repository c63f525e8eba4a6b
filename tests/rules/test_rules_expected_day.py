"""The day on which the last dose is expected is one on which the steps give it, or a later one."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MAXIMA,) = [rule for rule in RULES if rule.code == "DOSE07"]


def dose(name: str, day: int, anchor: str = "start") -> dict[str, Any]:
    """Return a medicine that is given once."""
    steps = [{"id": f"{name}1", "dose": "10 mg", "when": "once", "from": f"{day} d"}]
    return {"id": name, "kind": "drug", "role": "experimental", "regimen": {"anchor": anchor, "steps": steps}}


def told(expected: int, *given: dict[str, Any]) -> list[str]:
    """Return what the rule says where each arm is given one medicine."""
    root = {
        "arms": [{"id": f"ARM{each['id']}", "interventions": [each["id"]]} for each in given],
        "interventions": [*given],
        "schedule": {
            "day_one": "start",
            "anchors": [
                {"id": "start", "kind": "first_dose"},
                {"id": "relapse", "kind": "event"},
                {"id": "last", "kind": "last_dose", "expected": {"anchor": "start", "offset": f"{expected} d"}},
            ],
        },
    }
    (ran,) = run([MAXIMA], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


FAULT = "the last dose is expected at 60 d, and the steps give it at"


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ([dose("A", 84)], [f"{FAULT} 84 d"]),
        ([dose("A", 28), dose("B", 84)], [f"{FAULT} 28 d or 84 d"]),
        ([dose("A", 60), dose("B", 84)], []),
        ([dose("A", 61)], []),
        ([dose("A", 28)], []),
        ([dose("A", 84), dose("B", 0, "relapse")], []),
    ],
)
def test_the_last_dose_is_expected_when_some_arm_has_it(given: list[Any], messages: list[str]) -> None:
    """A later day may be that of a dose without one, and so may any day where an event decides a dose."""
    assert told(60, *given) == messages
