"""Contacts of one arm, and contacts that ask for serious events alone, are held against the windows of collection."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(TOGETHER,) = [rule for rule in RULES if rule.code == "AE18"]
CHECK = {"id": "CHECK", "name": "adverse events"}


def dose(name: str, day: int, anchor: str = "start") -> dict[str, Any]:
    """Return a medicine that is given once."""
    steps = [{"id": f"{name}1", "dose": "10 mg", "when": "once", "from": f"{day} d"}]
    return {"id": name, "kind": "drug", "role": "experimental", "regimen": {"anchor": anchor, "steps": steps}}


def visit(name: str, day: int, asked: Any = "CHECK", anchor: str = "start", **more: Any) -> dict[str, Any]:
    """Return a visit at which events are asked for."""
    return {"id": name, "anchor": anchor, "offset": f"{day} d", "activities": [asked], **more}


def told(visits: list[Any], days: int, anchor: str = "start", **windows: Any) -> list[str]:
    """Return what the rule says of a window to some day: one arm is treated at once, the other when relapse comes."""
    end = {"start": "start", "end": {"anchor": anchor, "offset": f"{days} d"}}
    root = {
        "arms": [{"id": "CTL", "interventions": ["A"]}, {"id": "CELLS", "interventions": ["B"]}],
        "interventions": [dose("A", 10), dose("B", 0, "relapse")],
        "schedule": {
            "day_one": "start",
            "anchors": [
                {"id": "start", "kind": "randomisation"},
                {"id": "relapse", "kind": "event"},
                {"id": "last", "kind": "last_dose"},
            ],
            "activities": [CHECK],
            "visits": visits,
        },
        "adverse_events": {
            "windows": {"AE": end, "SAE": end, **windows},
            "ascertainment": [{"event": "any", "mode": "open_question", "activity": "CHECK", "visits": ["V0", "V60"]}],
        },
    }
    (ran,) = run([TOGETHER], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


LATER = visit("C1", 30, anchor="relapse", arms=["CELLS"])
IN_ARM = "adverse events are collected 30 d longer than anybody is asked in arm CTL, at V60"


@pytest.mark.parametrize(
    ("visits", "days", "anchor", "messages"),
    [
        ([visit("V0", 0), visit("V60", 60), LATER], 90, "start", [IN_ARM]),
        ([visit("V0", 0), visit("V60", 60), LATER], 80, "last", [IN_ARM]),
        ([visit("V0", 0), visit("V60", 60), LATER], 64, "start", []),
        ([visit("V0", 0), visit("V60", 60), visit("V90", 90, arms=["CTL"]), LATER], 90, "start", []),
        ([visit("V0", 0), visit("V60", 60), visit("R", 30, anchor="relapse")], 90, "start", []),
    ],
)
def test_an_arm_whose_contacts_have_days_is_judged_for_itself(
    visits: list[Any], days: int, anchor: str, messages: list[str]
) -> None:
    """That another arm is seen after a relapse says nothing of those who are last asked on day 60."""
    assert told(visits, days, anchor) == messages


SERIOUS = {"id": "CHECK", "condition": "serious events only"}
ASKED = "serious adverse events are asked for at V365, after the window of collection has closed"


@pytest.mark.parametrize(
    ("asked", "windows", "messages"),
    [
        (SERIOUS, {}, [ASKED]),
        (SERIOUS, {"SAE": {"end": {"anchor": "start", "offset": "365 d"}}}, []),
        (SERIOUS, {"SAE": {"end": {"anchor": "start", "offset": "60 d"}, "note": "later where related"}}, []),
        ("CHECK", {}, []),
    ],
)  # fmt: skip
def test_serious_events_are_asked_for_while_they_are_collected(asked: Any, windows: Any, messages: list[str]) -> None:
    """A question at week 52 finds what has no place to be recorded when the window closed at week 8."""
    assert told([visit("V0", 0), visit("V60", 60), visit("V365", 365, asked)], 60, **windows) == messages
