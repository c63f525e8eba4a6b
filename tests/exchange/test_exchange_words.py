"""Words of registries: read where they are exact, left alone where they are not."""

from __future__ import annotations

import pytest

from protocolkit.exchange import words_criteria, words_dose, words_time

POINTS = {
    "week 12": [("Week 12", "12 wk", "")],
    "At Week 9.": [("Week 9", "9 wk", "")],
    "At 4 weeks": [("4 weeks", "4 wk", "")],
    "Baseline": [("Baseline", "0 d", "Baseline")],
    "Baseline and Week 24": [("Baseline", "0 d", "Baseline"), ("Week 24", "24 wk", "")],
    "Baseline, Weeks 2, 4 and 8": [
        ("Baseline", "0 d", "Baseline"), ("Week 2", "2 wk", ""), ("Week 4", "4 wk", ""), ("Week 8", "8 wk", ""),
    ],
    "Baseline, 4weeks": [("Baseline", "0 d", "Baseline"), ("4 weeks", "4 wk", "")],
    "Day 1, Day 15": [("Day 1", "0 d", "Day 1"), ("Day 15", "14 d", "Day 1")],
    "Day 0, 7 and 14": None,
    "Days 0, 7 and 14": [("Day 0", "0 d", "Day 0"), ("Day 7", "7 d", "Day 0"), ("Day 14", "14 d", "Day 0")],
    "12 weeks, 24 weeks": [("12 weeks", "12 wk", ""), ("24 weeks", "24 wk", "")],
    "14 weeks after randomization": [("14 weeks after randomization", "14 wk", "randomization")],
    "20 minutes post injection": [("20 minutes after injection", "20 min", "injection")],
}  # fmt: skip
SPANS = {
    "Day 1 to Day 28": [("Day 1", "0 d"), ("Day 28", "27 d")],
    "Day 0 to Week 8": [("Day 0", "0 d"), ("Week 8", "8 wk")],
    "From Baseline through Week 8": [("Baseline", "0 d"), ("Week 8", "8 wk")],
}
OPEN = (
    "baseline, 3 months", "12 months", "12 weeks", "up to 24 months", "Up to 24 weeks", "Day 28", "Day 85",
    "Month 2, month 6", "Baseline and up to Week 12", "24 months after surgery", "4 weeks, 8 weeks after start",
    "30 days after surgery or discharge", "Every two weeks up to 12 weeks", "1 week, Day 1 and Day 7", "three months",
    "Baseline to end of treatment", "through study completion, an average of 1 year", "", "x" * 10_000, "Week",
    "1 and 2",
)  # fmt: skip


@pytest.mark.parametrize(("text", "points"), POINTS.items())
def test_exact_time_points_are_read(text: str, points: list[tuple[str, str, str]] | None) -> None:
    """A time point has a name and an offset; its event only where the words name it."""
    times = words_time.read(text)
    if points is None:
        assert times is None
        return
    assert times is not None
    assert not times.span
    assert [(p.name, p.offset, p.event.words if p.event else "") for p in times.points] == points


@pytest.mark.parametrize(("text", "points"), SPANS.items())
def test_exact_spans_are_read(text: str, points: list[tuple[str, str]]) -> None:
    """A span reaches from one named time to another; day 28 is 27 days after day 1, and there may be a day 0."""
    times = words_time.read(text)
    assert times is not None
    assert times.span
    assert [(p.name, p.offset) for p in times.points] == points


@pytest.mark.parametrize("text", OPEN)
def test_what_is_open_stays_words(text: str) -> None:
    """Months, spans without a start, days without a first day and events in a half sentence are not read."""
    assert words_time.read(text) is None


DOSES = {
    "0.5 mg/kg IV over 40 minutes twice weekly": {
        "dose": "0.5 mg/kg", "route": "INTRAVENOUS", "duration": "40 min", "frequency": "2 TIMES PER WEEK",
    },
    "Ketamine 0.5mg/kg intravenous infusion, over 40 min": {
        "dose": "0.5 mg/kg", "route": "INTRAVENOUS DRIP", "duration": "40 min",
    },
    "10 mg orally once daily.": {"dose": "10 mg", "route": "ORAL", "frequency": "QD"},
    "75 mg/m² IV every 3 weeks": {"dose": "75 mg/m2", "route": "INTRAVENOUS", "frequency": "EVERY 3 WEEKS"},
    "250 mcg subcutaneously, single dose": {"dose": "250 ug", "route": "SUBCUTANEOUS", "once": True},
    "Oral administration": {"route": "ORAL"},
    "Ketamine will be administered as an IV infusion": {"route": "INTRAVENOUS DRIP"},
}  # fmt: skip
VAGUE = (
    "75 mg", "40 mg daily", "40 mg/day orally", "0.3-0.5 mg/kg IV over 40 minutes", "1,000 mg twice daily",
    "10 mg once daily for 4 weeks", "10 mg once daily, then 20 mg once daily", "10 mg or 20 mg once daily",
    "up to 10 mg BID",
    "10 mg once daily twice daily", "Specified dose on specified days", "twice daily", "10 tablets once daily", "",
    "10 mg once daily (fasting)", "about 10 mg once daily", "10 mg once daily until progression", "x" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize(("text", "found"), DOSES.items())
def test_exact_doses_are_read(text: str, found: dict[str, object]) -> None:
    """A text that is nothing but dose, route, length and frequency is read, with units of the format."""
    dosing = words_dose.read(text, "Ketamine")
    assert dosing == words_dose.Dosing(**found)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", VAGUE)
def test_a_dose_that_is_open_stays_words(text: str) -> None:
    """Ranges, titration, a day's sum, lengths without a start and every word more keep the text as it is."""
    assert words_dose.read(text, "Ketamine") is None


def test_criteria_are_split_at_headings_and_bullets() -> None:
    """Nested bullets and further lines stay with their criterion; a short heading stands before what is below it."""
    found = words_criteria.split(
        "Key Inclusion Criteria:\n\n* Adults\n* Pain of\n  * 4 or more\n  * on five days\n    of seven\n"
        "Part B:\n\n1. Consent\n\nExclusion Criteria:\n\n- Pregnancy\n"
    )
    assert [row.text for row in found.inclusion] == [
        "Adults", "Pain of\n- 4 or more\n- on five days of seven", "Part B: Consent",
    ]  # fmt: skip
    assert [row.text for row in found.exclusion] == ["Pregnancy"]


def test_a_half_sentence_keeps_its_bullets() -> None:
    """Bullets that end a sentence begun above them are one criterion; a first sentence above all of them is not."""
    found = words_criteria.split(
        "Inclusion Criteria:\n\nAll of the following:\n\n1. Consent\n\nMale patients who:\n\n* agree to A, OR\n"
        "* agree to B\n"
        "\n2. Adults"
    )
    assert [row.text for row in found.inclusion] == [
        "All of the following:", "Consent", "Male patients who:\n- agree to A, OR\n- agree to B", "Adults",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "inclusion", "exclusion"),
    [
        ("Inclusion Criteria: A; B. Exclusion Criteria: C; D.", ["A; B."], ["C; D."]),
        ("INCLUSION:\nAdults\nEXCLUSION:\nPregnancy", ["Adults"], ["Pregnancy"]),
        ("Inclusion Criteria:\n\n* A\n\nInclusion Criteria, Part 2:\n\n* B", ["A", "Part 2: B"], []),
        ("Read this first.\n\nInclusion Criteria:\n\n* A", ["Read this first.", "A"], []),
        ("Inclusion criteria are listed below and go on and on in this sentence.", None, []),
        ("Adults who can walk.", None, []),
        ("Inclusion Criteria:", [], []),
        ("Inclusion Criteria:\n\nExclusion Criteria:\n\n* ", [], []),
    ],
)
def test_headings_decide_what_is_in_and_out(text: str, inclusion: list[str] | None, exclusion: list[str]) -> None:
    """Headings may stand in a line with what they head; a text without one is kept whole and marked as not exact."""
    found = words_criteria.split(text)
    if inclusion is None:
        assert not found.headings
        assert [row.text for row in found.inclusion] == [text]
        assert not found.inclusion[0].exact
        return
    assert [row.text for row in found.inclusion] == inclusion
    assert [row.text for row in found.exclusion] == exclusion


def test_no_exclusion_is_a_statement() -> None:
    """`None` under the heading of exclusion is no criterion."""
    found = words_criteria.split("Inclusion Criteria:\n\n* A\n\nExclusion Criteria:\n\n* None")
    assert found.exclusion == ()
    assert found.none == "None"
