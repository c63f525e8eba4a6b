"""Lengths of time in messages are written as people state them, and what is over in a day is told from a course."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules.times import in_days, in_weeks, on_several_days


@pytest.mark.parametrize(
    ("days", "weeks", "plain"),
    [("1456", "208 wk", "1456 d"), ("189", "27 wk", "189 d"), ("28", "4 wk", "28 d"), ("21", "21 d", "21 d"),
     ("30", "30 d", "30 d"), ("16.66", "16.7 d", "16.7 d"), ("0.5", "0.5 d", "0.5 d")],
)  # fmt: skip
def test_whole_weeks_are_weeks_from_four_on(days: str, weeks: str, plain: str) -> None:
    """Nobody counts 1456 days; a time of some days stays one."""
    assert (in_weeks(Decimal(days)), in_days(Decimal(days))) == (weeks, plain)


ONCE = {"dose": "9 mg", "when": "once", "from": "0 d"}
COURSE = {"dose": "9 mg", "when": "course", "frequency": "QD", "from": "0 d"}


@pytest.mark.parametrize(
    ("regimen", "wanted"),
    [
        ({"steps": [ONCE]}, False),
        ({"steps": [ONCE, {**ONCE, "from": "1 min", "duration": "60 min"}]}, False),
        ({"steps": [ONCE, {**ONCE, "from": "1 d"}]}, True),
        ({"steps": [{**COURSE, "to": "6 d"}]}, True),
        ({"steps": [{**COURSE, "until": {"event": "progression"}}]}, True),
        ({"repeats": {"every": "28 d", "times": 2}, "steps": [ONCE]}, True),
    ],
    ids=["one_dose", "bolus_and_infusion", "two_days", "a_week", "until_an_event", "two_cycles"],
)
def test_what_is_over_in_a_day_cannot_be_stopped_early(regimen: dict[str, Any], wanted: bool) -> None:
    """A bolus and the infusion after it are one treatment; a second day, or an end that is open, makes it longer."""
    assert on_several_days(Document("x", {"regimen": regimen}).root) is wanted
