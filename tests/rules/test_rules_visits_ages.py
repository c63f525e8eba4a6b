"""A visit bound to an age is held against the first visit with a day; where there is none, there is nothing to hold."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(AT_AGE,) = [rule for rule in RULES if rule.code == "SOA15"]
FIRST = {"id": "V1", "anchor": "first_dose", "offset": "0 d"}
BOOSTER = {"id": "V5", "anchor": "first_dose", "offset": "42 wk", "age": {"min": "12 mo"}}


def outcome(*visits: dict[str, Any]) -> str:
    """Return how the rule ends for infants who enter at six weeks."""
    anchors = [{"id": "first_dose", "kind": "first_dose"}]
    root = {"population": {"age": {"min": "6 wk"}}, "schedule": {"anchors": anchors, "visits": list(visits)}}
    (ran,) = run([AT_AGE], Document("x", root), (), frozenset({"vaccine"}))
    return ran.outcome.value


ROWS = [
    ("too young at 48 weeks", (FIRST, BOOSTER), "found"),
    ("a booster that is itself the first visit", (BOOSTER,), "found"),
    ("old enough", (FIRST, {**BOOSTER, "offset": "47 wk"}), "passed"),
    ("no planned visit has a day", ({**BOOSTER, "kind": "unscheduled"},), "not_applicable"),
    ("no visit states an age", (FIRST,), "not_applicable"),
]


@pytest.mark.parametrize(("visits", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_visits_ages_are_counted_from_the_first_day(visits: tuple[dict[str, Any], ...], expected: str) -> None:
    """Six weeks and 42 weeks are 11 months; without a first day no age follows."""
    assert outcome(*visits) == expected
