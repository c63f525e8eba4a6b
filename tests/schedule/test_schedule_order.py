"""Visits stand in order of time; those without a day of their own keep their place in the author's file."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.schedule import timetable

ANCHORS = [
    {"id": "first_dose", "kind": "first_dose"},
    {"id": "closing", "kind": "event", "text": "closing date of the fictional trial"},
    {"id": "discharge", "kind": "event", "text": "discharge"},
]
DAY = {"anchor": "first_dose"}
ORDERS = [
    ([("W4", "T", DAY, "4 wk"), ("W1", "T", DAY, "1 wk")], ["W1", "W4"]),
    (
        [("W0", "T", DAY, "0 d"), ("W4", "T", DAY, "4 wk"), ("END", "T", {"anchor": "closing"}, "0 d")],
        ["W0", "W4", "END"],
    ),
    (
        [("W0", "T", DAY, "0 d"), ("OUT", "T", {"anchor": "discharge"}, "30 d"), ("W4", "T", DAY, "4 wk")],
        ["W0", "OUT", "W4"],
    ),
    (
        [("W9", "T", DAY, "9 wk"), ("OUT", "T", {"anchor": "discharge"}, "0 d"), ("W4", "T", DAY, "4 wk")],
        ["W4", "W9", "OUT"],
    ),
    (
        [("OUT", "T", {"anchor": "discharge"}, "0 d"), ("OUT7", "T", {"anchor": "discharge"}, "-7 d")],
        ["OUT7", "OUT"],
    ),
    ([("END", "F", {"anchor": "closing"}, "0 d"), ("W4", "T", DAY, "4 wk")], ["W4", "END"]),
    (
        [("W0", "T", DAY, "0 d"), ("F1", "F", DAY, "9 wk"), ("OUT", "T F", {"anchor": "discharge"}, "0 d")],
        ["W0", "F1", "OUT"],
    ),
    ([("OUT", "T F", {"anchor": "discharge"}, "0 d"), ("W0", "T", DAY, "0 d")], ["OUT", "W0"]),
]


def visit(name: str, epochs: str, anchor: dict[str, str], offset: str) -> dict[str, Any]:
    """Return a visit of the file."""
    return {"id": name, "epochs": epochs.split(), "offset": offset, **anchor}


@pytest.mark.parametrize(("visits", "wanted"), ORDERS)
def test_an_offset_from_another_event_says_nothing_about_the_order(visits: list[Any], wanted: list[str]) -> None:
    """A visit on the day of a common end date, which has no study day, does not stand beside Day 1."""
    data = {
        "design": {"epochs": [{"id": "T"}, {"id": "F"}]},
        "schedule": {"anchors": ANCHORS, "visits": [visit(*each) for each in visits]},
    }
    assert [stop.visit["id"].text for stop in timetable(Document("x", data).root).stops] == wanted


def test_visits_outside_the_plan_stand_last_as_the_file_has_them() -> None:
    """Early termination and unscheduled visits follow all others, in their own order."""
    others = [{"id": "ET", "kind": "early_termination", "epoch": "F"}, {"id": "ANY", "kind": "unscheduled"}]
    data = {
        "design": {"epochs": [{"id": "T"}, {"id": "F"}]},
        "schedule": {"anchors": ANCHORS, "visits": [*others, visit("W4", "T", DAY, "4 wk")]},
    }
    assert [stop.visit["id"].text for stop in timetable(Document("x", data).root).stops] == ["W4", "ET", "ANY"]
