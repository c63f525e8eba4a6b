"""The page about computed values names every function that computes one, and its examples are true."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from protocolkit import dosing, schedule
from protocolkit.schedule import study_day

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "computed.md").read_text("utf-8")
SHAPES = {  # what the functions return or read, told beside them
    "Administration", "Body", "Course", "Cycles", "Difference", "DoseRow", "DoseTable", "NotComputable", "Exposure",
    "Moment", "NotPlaced", "Occasion", "Overlap", "OwnWashout", "Participation", "PeriodWashout", "Place", "Placed",
    "Planned", "SingleRow", "Span", "Stop", "Timetable", "Window", "numbering", "interventions_of",
}  # fmt: skip


def test_every_computed_value_is_explained() -> None:
    """Each public function of the two packages stands on the page, in code type."""
    named = set(re.findall(r"`([A-Za-z_]+)`", PAGE))
    assert {*schedule.__all__, *dosing.__all__} - SHAPES - named == set()


def test_study_days_of_the_page_are_true() -> None:
    """The first row of the page is the first thing that a reader checks."""
    assert "Day 85, or Day 84 when counted from zero" in PAGE
    assert (study_day(Decimal(84)), study_day(Decimal(84), "zero"), study_day(Decimal(-1))) == (85, 84, -1)
