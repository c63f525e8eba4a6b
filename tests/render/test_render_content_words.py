"""What the draft says reads as English: sentences end once, lists join, dates and quantities are in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import contentcase
import pytest

from protocolkit.document import Document
from protocolkit.render.blocks import Citation, Text
from protocolkit.render.lexicon import LANGUAGES, from_id, language, spelt, with_article
from protocolkit.render.sections import registry
from protocolkit.render.times import between, day_list, shifted, window
from protocolkit.render.values import Values
from protocolkit.render.words import counted, ended, flat, glued, joined, long_date, readable, run, upper_first

NAMED = pytest.mark.parametrize("path", contentcase.files(), ids=lambda path: Path(path).stem)


def node(data: dict[str, Any]) -> Any:
    """Return data as a node of a document."""
    return Document("x", {"x": data}).root["x"]


JOINED = [
    ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
    (["a, b", "c", "d"], "a, b; c; and d"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "wanted"), JOINED)
def test_lists_are_joined_in_english(parts: list[str], wanted: Any) -> None:
    """The last two items are joined by a word; items with commas are parted by semicolons."""
    assert flat(joined([run(part) for part in parts])) == wanted


@pytest.mark.parametrize(("text", "wanted"), [("a", "a."), ("a.", "a."), ("a?", "a?"), ("a (b.)", "a (b.)"), ("", "")])
def test_a_sentence_ends_once(text: str, wanted: Any) -> None:
    """An author's text may or may not end with a full stop; the sentence does, once."""
    assert flat(ended(run(text))) == wanted
    assert flat(glued(run("It is done."), ".")) == "It is done."


CAPITALS = [
    ("pain diary", "Pain diary"),
    ("hCG", "hCG"),
    ("eGFR below 30", "eGFR below 30"),
    ("5 mg", "5 mg"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "wanted"), CAPITALS)
def test_a_plain_first_word_gets_a_capital_and_a_symbol_keeps_its_own(text: str, wanted: Any) -> None:
    """Symbols whose case means something stay as they are written."""
    assert flat(upper_first((Text(text),))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("2026-01-15", "15 January 2026"), ("2026-13-01", None), ("soon", None), ("2026", None)]
)
def test_dates_are_unambiguous(text: str, wanted: Any) -> None:
    """A date has its month in words."""
    assert long_date(text) == wanted


COUNTS = [(1, "arm", "one arm"), (2, "arm", "two arms"), (20, "site", "20 sites"), (3, "country", "three countries")]


@pytest.mark.parametrize(("number", "noun", "wanted"), COUNTS)
def test_counts_agree_with_their_nouns(number: Any, noun: str, wanted: Any) -> None:
    """One arm, two arms."""
    assert counted(number, noun) == wanted


READABLE = [
    ("10 {score} at V12", "10 points at V12"), ("> 180 mm[Hg] twice", "> 180 mmHg twice"),
    ("stay_in_follow_up and rest", "stay in follow-up and rest"),
    ("by 80 mg/d, at least 200 mg/dL", "by 80 mg/day, at least 200 mg/dL"), ("risinol 12.5 ug", "risinol 12.5 µg"),
    ("plain words", "plain words"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), READABLE)
def test_machine_words_inside_a_text_become_prose(text: str, wanted: Any) -> None:
    """Terms with underscores and bracketed unit codes are for machines."""
    assert readable(text) == wanted


@pytest.mark.parametrize(
    ("identifier", "wanted"),
    [("FOLLOW_UP", "Follow-up"), ("SCREENING", "Screening"), ("V12", "V12"), ("rescue", "rescue")],
)
def test_an_id_without_a_name_is_made_readable(identifier: str, wanted: Any) -> None:
    """An id stands in for a name only where there is none."""
    assert from_id(identifier) == wanted


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("lg", "Luganda"),
        ("rn", "Kirundi"),
        ("pt-BR", "Portuguese (Brazil)"),
        ("luo", "Luo"),
        ("xx", "xx (language code)"),
    ],
)
def test_a_language_is_printed_by_its_name(code: str, name: str) -> None:
    """Each of the 183 codes of ISO 639-1 has one, and each name belongs to one code."""
    assert language(code) == name
    assert len({code for code in LANGUAGES if len(code) == 2}) == 183
    assert len({*LANGUAGES.values()}) == len(LANGUAGES)


def test_terms_are_spelt_as_prose() -> None:
    """Hyphens where English has them."""
    assert (spelt("double_blind"), spelt("placebo_comparator")) == ("double-blind", "placebo comparator")
    assert with_article("United Kingdom") == "the United Kingdom"


WINDOWS = [
    ({"before": "7 d", "after": "7 d"}, "± 7 days"),
    ({"before": "7 d", "after": "14 d"}, "\N{MINUS SIGN}7 to +14 days"),
    ({"before": "0 d", "after": "0 d"}, "none"), ({"before": "2 d", "after": "0 d"}, "\N{MINUS SIGN}2 to 0 days"),
    ({"before": "1 d", "after": "1 wk"}, "\N{MINUS SIGN}1 day to +1 week"), ({}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("data", "wanted"), WINDOWS)
def test_windows_say_both_sides(data: dict[str, Any], wanted: Any) -> None:
    """A window of equal sides is plus or minus; nought is no window."""
    assert window(node(data)) == wanted


RANGES = [
    ({"min": "4 {score}", "max": "10 {score}"}, "4 to 10 points"), ({"min": "18 a"}, "at least 18 years"),
    ({"max": "5 mg"}, "at most 5 mg"), ({"min": "4 d", "min_inclusive": False}, "more than 4 days"),
    ({"min": "-2 Cel", "max": "8 Cel"}, "\N{MINUS SIGN}2 to 8 °C"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "wanted"), RANGES)
def test_ranges_say_their_ends(data: dict[str, Any], wanted: Any) -> None:
    """A limit that is not included is said as more or less than."""
    assert between(node(data)) == wanted


@pytest.mark.parametrize(
    ("offset", "wanted"),
    [("12 wk", "12 weeks after the first dose"), ("-1 d", "1 day before the first dose"), ("0 d", "the first dose")],
)
def test_offsets_are_before_or_after_their_anchor(offset: str, wanted: Any) -> None:
    """The anchor itself is offset nought."""
    assert shifted(offset, "the first dose") == wanted


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ([85], "Day 85"),
        ([1, 2, 3, 8], "Days 1 to 3 and 8"),
        ([2, 3], "Days 2 and 3"),
        ([-7, 1], "Days \N{MINUS SIGN}7 and 1"),
        ([], ""),
    ],
)
def test_study_days_are_drawn_together(numbers: list[int], wanted: Any) -> None:
    """Runs of days are told by their ends."""
    assert day_list(numbers) == wanted


def test_a_source_that_is_the_key_of_a_reference_is_cited() -> None:
    """The reader sees the number of the reference; other sources are printed as they are."""
    data = {
        "introduction": {"risks": [{"source": "growth2019"}, {"source": "the brochure"}]},
        "references": [{"key": "growth2019", "text": "A fictional reference."}],
    }
    values = Values(Document("x", data), ())
    one, other = (values.content(risk["source"]) for risk in values.root["introduction"]["risks"])
    assert one == (Citation("growth2019"),)
    assert other == (Text("the brochure"),)


FORBIDDEN = (
    re.compile(r"(?<![:|] )(?<!^)\bNone\b"), re.compile(r"\[\]|\{\}"), re.compile(r"(?<!\.)\.\.(?!\.)"),
    re.compile(r"\b[a-z]+_[a-z_]+\b"), re.compile(r"\bTrue\b|\bFalse\b"), re.compile(r" [,;](?! )"),
    re.compile(r"(?<!\|)  +(?!\|)"),
    re.compile(r"\{[a-z]+\}|mm\[Hg\]"), re.compile(r"[?!:]\."),
)  # fmt: skip


@NAMED
@pytest.mark.parametrize("shape", FORBIDDEN, ids=lambda shape: shape.pattern)
def test_no_machine_words_and_no_slips_of_punctuation(path: Path, shape: re.Pattern[str]) -> None:
    """Nothing in the draft betrays that it was made from data."""
    # What is registered in the standard's own words may hold any sign.
    own = {section.what for section in registry()}
    for line in contentcase.lines(contentcase.drafted(path).blocks):
        if line.strip("[]") not in own:
            assert not shape.search(line), line
