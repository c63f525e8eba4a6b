"""Lengths of time in messages are written as people state them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from protocolkit.rules.times import in_days, in_weeks


@pytest.mark.parametrize(
    ("days", "weeks", "plain"),
    [("1456", "208 wk", "1456 d"), ("189", "27 wk", "189 d"), ("28", "4 wk", "28 d"), ("21", "21 d", "21 d"),
     ("30", "30 d", "30 d"), ("16.66", "16.7 d", "16.7 d"), ("0.5", "0.5 d", "0.5 d")],
)  # fmt: skip
def test_whole_weeks_are_weeks_from_four_on(days: str, weeks: str, plain: str) -> None:
    """Nobody counts 1456 days; a time of some days stays one."""
    assert (in_weeks(Decimal(days)), in_days(Decimal(days))) == (weeks, plain)
