"""Courses whose interval is fitted to the participant: the most administrations, the fewest, and the latest day."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document, Node
from protocolkit.dosing import Body, NotComputable, course, dose_table
from protocolkit.dosing.times import span


def _drug(*steps: dict[str, Any], **regimen: Any) -> Node:
    data = {"id": "D", "product": {}, "regimen": {"steps": list(steps), **regimen}}
    return Document("x", {"interventions": [data]}).root["interventions"][0]


def _step(interval: dict[str, str], **keys: Any) -> dict[str, Any]:
    step = {"id": "S", "dose": "2 mg", "when": "course", "from": "0 wk", "to": "48 wk", "interval_adjustment": interval}
    return step | keys


@pytest.mark.parametrize(
    ("step", "most", "fewest"),
    [
        (_step({"shortest": "4 wk", "longest": "12 wk"}), 13, 5),
        (_step({"shortest": "4 wk", "longest": "12 wk"}, to="47 wk"), 12, 4),
        (_step({"shortest": "4 wk"}), 13, 1),
        (_step({"shortest": "12 h"}, frequency="PRN", to="2 d"), 5, 0),
        (_step({"shortest": "12 h", "longest": "24 h"}, frequency="PRN", to="2 d"), 5, 0),
        # weeks 0, 8 and 16; then 20, 24 and so on, or 28 and 40
        (_step({"shortest": "4 wk", "longest": "12 wk", "not_before": "16 wk"}, frequency="EVERY 8 WEEKS"), 11, 5),
        # weeks 0 and 8; the next may be brought forward to week 12, or put off to weeks 20, 32 and 44
        (_step({"shortest": "4 wk", "longest": "12 wk", "not_before": "12 wk"}, frequency="EVERY 8 WEEKS"), 12, 5),
        (_step({"shortest": "4 wk", "longest": "12 wk", "not_before": "60 wk"}, frequency="EVERY 8 WEEKS"), 7, 7),
    ],
)  # fmt: skip
def test_a_fitted_interval_gives_a_range(step: dict[str, Any], most: int, fewest: int) -> None:
    """The most follows from the shortest interval and the fewest from the longest, from the first adjustment on."""
    found = course(_drug(step), Body())
    assert (found.number, found.fewest) == (most, fewest)
    assert (found.cumulative, found.least) == (2 * most, 2 * fewest)


def test_a_step_before_is_counted_in_both() -> None:
    """Three loading doses stand before what is fitted; a table tells both ends and the latest day."""
    load = {"id": "LOAD", "dose": "2 mg", "when": "days", "days": ["0 wk", "4 wk", "8 wk"]}
    fitted = _step({"shortest": "5 wk", "longest": "12 wk"}, **{"from": "12 wk", "to": "72 wk"})
    row = dose_table(_drug(load, fitted)).rows[0]
    assert (row.administrations, row.fewest, row.cumulative.text, row.least.text) == (16, 9, "32 mg", "18 mg")
    assert row.last_dose.text == "504 d"


def test_cycles_multiply_both_ends() -> None:
    """Two cycles of 28 days, with 4 to 7 days between doses: 2 times 7, or 2 times 4, the latest on day 55."""
    step = _step({"shortest": "4 d", "longest": "7 d"}, to="27 d")
    found = course(_drug(step, repeats={"every": "28 d", "times": 2}), Body())
    assert (found.number, found.fewest, found.last_day) == (14, 8, 55)


def test_the_last_day_of_the_course_is_the_latest_day() -> None:
    """Weeks 0, 5 and so on to 45 have the shortest interval; somebody else is due in week 48."""
    assert span(_drug(_step({"shortest": "5 wk", "longest": "8 wk"}))["regimen"]) == (0, 336)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (_step({"longest": "4 wk"}), "the shortest interval is not stated"),
        (_step({"shortest": "0 wk"}), "the shortest interval is nought"),
        (_step({"shortest": "4 wk", "not_before": "8 wk"}), "the frequency before the first adjustment is not stated"),
        (_step({"shortest": "4 wk"}, dose="2 mg/d"), "how many administrations share the daily dose is not stated"),
    ],
)  # fmt: skip
def test_what_is_left_open_is_not_computed(step: dict[str, Any], reason: str) -> None:
    """Without a shortest interval, and for a daily dose, no number follows."""
    with pytest.raises(NotComputable, match=reason):
        course(_drug(step), Body())
