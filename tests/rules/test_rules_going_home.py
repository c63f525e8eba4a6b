"""What holds for going home after a dose is asked of those who go home, and of children no more than criteria."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(GOING_HOME,) = [rule for rule in RULES if rule.code == "ETH02"]


@pytest.mark.parametrize(
    ("place", "duration", "oldest", "asked"),
    [
        ("day ward", "4 h", "", "the criteria, an escort and a time without driving"),
        ("outpatient clinic of the hospital", "4 h", "70 a", "the criteria, an escort and a time without driving"),
        ("clinic", "4 h", "11 a", "the criteria for going home are not stated"),
        ("ward with monitoring", "4 h", "", ""),
        ("intensive care unit", "4 h", "", ""),
        ("", "24 h", "", ""),
    ],
)
def test_what_is_asked_of_those_who_go_home(place: str, duration: str, oldest: str, asked: str) -> None:
    """A place and a duration tell whether people leave on the day of the dose; their age, what they need for it."""
    step = {"id": "S", "supervised": True, "duration": duration}
    medicine: dict[str, Any] = {"id": "A", "kind": "drug", "pharmacology": {"impairs": ["driving"]}}
    root = {
        "population": {"age": {"min": "2 a", **({"max": oldest} if oldest else {})}},
        "interventions": [{**medicine, "place": place, "regimen": {"steps": [step]}}],
    }
    (ran,) = run([GOING_HOME], Document("x", root), (), frozenset({"drug"}))
    told = [finding.message for finding in ran.findings]
    assert [asked in message for message in told] == ([True] if asked else []), told
