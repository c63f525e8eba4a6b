"""A visit that is named by a day of a cycle, or after an event, is on that day."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(IN_ORDER,) = [rule for rule in RULES if rule.code == "SOA14"]


def told(visits: list[tuple[str, int]], *cycles: int, anchor: str = "first_dose") -> list[str]:
    """Return what the rule says of visits by their names and days, where the file states cycles of some lengths."""
    rows = [
        {"id": f"V{n}", "name": name, "anchor": anchor, "offset": f"{day} d"} for n, (name, day) in enumerate(visits)
    ]
    root: dict[str, Any] = {
        "design": {"epochs": [{"id": f"E{n}", "repeats": {"every": f"{days} d"}} for n, days in enumerate(cycles)]},
        "schedule": {
            "day_one": "first_dose",
            "anchors": [
                {"id": "first_dose", "kind": "first_dose"},
                {
                    "id": "op",
                    "kind": "event",
                    "text": "surgery of the hip",
                    "expected": {"anchor": "first_dose", "offset": "9 d"},
                },
            ],
            "visits": rows,
        },
    }
    (ran,) = run([IN_ORDER], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


RIGHT = [("Cycle 1 day 1", 0), ("Cycle 1 day 15", 14), ("Cycle 2 Day 1", 21), ("Cycle 3 day 1", 42)]
WRONG = "Cycle 4 day 1 (V4) is planned at 70 d, and with cycles of 21 d day 1 of cycle 4 is at 63 d"


@pytest.mark.parametrize(
    ("visits", "cycles", "messages"),
    [
        ([*RIGHT, ("Cycle 4 day 1", 63)], [21], []),
        ([*RIGHT, ("Cycle 4 day 1", 70)], [21], [WRONG]),
        ([*RIGHT, ("Cycle 4 day 1", 70)], [], []),
        ([*RIGHT, ("Cycle 4 day 1", 70)], [21, 28], []),
        ([("Cycle 1 day 1", 0), ("Cycle 2 day 1", 28), ("Cycle 3 day 1", 49)], [21], []),
        ([(name, day + 7) for name, day in RIGHT], [21], []),
    ],
)  # fmt: skip
def test_a_day_of_a_cycle_follows_from_its_length(
    visits: list[tuple[str, int]], cycles: list[int], messages: list[str]
) -> None:
    """One visit that leaves the cycles of all others is in the wrong place; a longer first cycle moves them all."""
    assert told(visits, *cycles) == messages


AFTER = [
    ("Call 30 days after surgery", 30, 0),
    ("Call 30 days after surgery", 60, 1),
    ("Call 30 days after discharge", 60, 0),
]


@pytest.mark.parametrize(("name", "day", "found"), AFTER)
def test_a_time_after_an_event_is_counted_from_it(name: str, day: int, found: int) -> None:
    """Where the visit counts from the event that its name tells, both tell one time."""
    assert len(told([(name, day)], anchor="op")) == found
