"""Steps that a measured value makes due exclude each other, or are due together, as their limits say."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MATCHING,) = [rule for rule in RULES if rule.code == "DOSE16"]
LOW = {"measure": "haemoglobin", "below": "14 g/dL", "inclusive": True}
MIDDLE = {"measure": "haemoglobin", "above": "10 g/dL", "below": "14 g/dL"}
HIGH = {"measure": "haemoglobin", "above": "140 g/L"}


def given(name: str, *dues: Any, **more: Any) -> dict[str, Any]:
    """Return a step on day 1, or on another, for each value that makes one due."""
    steps = [{"id": f"{name}{n}", "when": "once", "from": "0 d", **({"give_when": due} if due else {})} | more
             for n, due in enumerate(dues)]  # fmt: skip
    return {"id": name, "kind": "drug", "regimen": {"steps": steps}}


def told(active: dict[str, Any], placebo: dict[str, Any]) -> list[str]:
    """Return what the rule says of a placebo that is made like a medicine."""
    likened = placebo | {"role": "placebo", "matching": {"to": "IRON"}}
    root = {"design": {"blinding": {"schema": "double_blind"}}, "interventions": [active, likened]}
    (ran,) = run([MATCHING], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


ALIKE = [
    ("two doses of which one is given", given("IRON", LOW, HIGH), given("SALINE", None)),
    ("a dose at the same values", given("IRON", LOW, HIGH), given("SALINE", LOW, HIGH)),
    ("a dose at values that are told of the medicine alone", given("IRON", LOW), given("SALINE", None)),
    ("what words make due as well", given("IRON", LOW | {"or_when": "symptoms"}), given("SALINE", MIDDLE)),
]


@pytest.mark.parametrize(("active", "placebo"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_a_placebo_is_given_when_the_medicine_is(active: Any, placebo: Any) -> None:
    """Whoever has one value gets one infusion in either arm."""
    assert told(active, placebo) == []


LIGHT = {"band": {"max": "70 kg"}}
APART = [
    (given("IRON", LOW, LOW), given("SALINE", None), ""),
    (given("IRON", LOW), given("SALINE", MIDDLE), " for haemoglobin of 8 g/dL"),
    (given("IRON", MIDDLE, **LIGHT), given("SALINE", MIDDLE), " for 84 kg, haemoglobin of 12 g/dL"),
]


@pytest.mark.parametrize(("active", "placebo", "whom"), APART)
def test_a_placebo_at_other_values_tells_what_it_is(active: Any, placebo: Any, whom: str) -> None:
    """An infusion that only one arm gets at some value is seen by whoever gets it."""
    (message,) = told(active, placebo)
    assert message == (
        f"SALINE differs from IRON, which it is made like, in the number of administrations a day{whom} from 0 d to 0 d"
    )
