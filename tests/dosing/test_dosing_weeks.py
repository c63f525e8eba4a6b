"""So many times a week: on working days, not spread evenly over the days of the week."""

from __future__ import annotations

import pytest

from protocolkit.document import Document, Node
from protocolkit.dosing.times import administered, last_day


def _step(frequency: str, last: str) -> tuple[Node, Node]:
    step = {"id": "S", "dose": "2 Gy", "when": "course", "frequency": frequency, "from": "0 d", "to": last}
    regimen = Document("a", {"regimen": {"steps": [step]}}).root["regimen"]
    return regimen["steps"][0], regimen


@pytest.mark.parametrize(
    ("frequency", "last", "days"),
    [
        ("5 TIMES PER WEEK", "11 d", [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]),
        ("5 TIMES PER WEEK", "13 d", [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]),
        ("3 TIMES PER WEEK", "9 d", [0, 2, 4, 7, 9]),
        ("2 TIMES PER WEEK", "9 d", [0, 3, 7]),
        ("EVERY WEEK", "15 d", [0, 7, 14]),
    ],
)
def test_times_per_week_fall_on_the_same_days_of_each_week(frequency: str, last: str, days: list[int]) -> None:
    """The last day is told without counting the others, and is the last of them."""
    step, regimen = _step(frequency, last)
    assert [int(day) for day in administered(step, regimen)] == days
    assert int(last_day(step, regimen)) == days[-1]


def test_seven_weeks_of_working_days_are_thirty_five_fractions() -> None:
    """From a Monday to the Friday of the seventh week."""
    assert len([*administered(*_step("5 TIMES PER WEEK", "46 d"))]) == 35
