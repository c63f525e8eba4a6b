"""Patterns of words: the words that they look for first never hide a match."""

from __future__ import annotations

import gc
import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocolkit.resources import read_text
from protocolkit.rules import RULES, patterns

if TYPE_CHECKING:
    from collections.abc import Iterable

assert RULES  # importing them makes every pattern
EVERY = sorted(
    {(each.text, each._flags): each for each in gc.get_objects() if isinstance(each, patterns.Pattern)}.items()
)


MANY = patterns.Pattern("|".join(f"{letter}{letter}+" for letter in "hgfedcba"))


@pytest.mark.parametrize("pattern", [each for _, each in EVERY], ids=[text[:30] for (text, _), _ in EVERY])
def test_no_pattern_of_a_rule_hides_a_match(pattern: patterns.Pattern) -> None:
    """Whatever text an expression matches is found by those of its alternatives that are asked."""

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern.compiled, alphabet=st.characters(max_codepoint=0x7E)))
    def holds(text: str) -> None:
        match = re.search(pattern.compiled, text)
        assert match is not None
        found = pattern.search(text)
        assert found is not None, (pattern.alternatives, text)
        assert found.span() == match.span()

    holds()


def needed(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the words that some expressions need, where each of their alternatives needs one."""
    rows = ([each.words for each in patterns.alternatives(text)] for text in texts)
    return [tuple(word for words in row for word in words) if all(row) else () for row in rows]


def test_the_alternatives_are_known_beforehand() -> None:
    """What `tools/build_patterns.py` found of every pattern is what is found now; run it after changing a pattern."""
    known = json.loads(read_text("rules", "patterns.json"))
    assert {text for (text, _), _ in EVERY} <= known.keys()
    for text, rows in known.items():
        assert [(each, tuple(words)) for each, words in rows] == list(patterns.alternatives(text))


def test_only_alternatives_that_can_match_are_compiled() -> None:
    """A text with the words of one alternative asks that one; an expression with groups is asked whole."""
    pattern = patterns.Pattern(r"abc+d|efg|x[yz]")
    assert pattern.search("an EFG") is not None
    assert "compiled" not in vars(pattern)
    assert pattern.search("nothing") is None
    grouped = patterns.Pattern(r"(abc)|(efg)")
    found = grouped.search("an efg")
    assert found is not None
    assert found.group(2) == "efg"


@pytest.mark.parametrize("words", [f"{first} {second}" for first in "abcdefgh" for second in "abcdefgh"])
def test_many_choices_match_as_the_whole_does(words: str) -> None:
    """Whichever alternatives are asked, the match is that of the whole, also when there are many choices."""
    whole = "|".join(f"{letter}{letter}+" for letter in "hgfedcba")
    text = " ".join(2 * letter for letter in words.split())
    found, wanted = MANY.search(text), re.search(whole, text)
    assert (found and found.span()) == (wanted and wanted.span())
    assert [match.span() for match in MANY.finditer(text)] == [match.span() for match in re.finditer(whole, text)]


def test_only_what_is_sure_is_needed() -> None:
    """Parts that may be missing, that are repeated from nought on, or that must not stand, need nothing."""
    assert needed([r"abc|def", r"\babc\b", r"ab(?:cd|ef)", r"(?P<x>Abc) ?x"]) == [
        ("abc", "def"), ("abc",), ("ab",), ("abc",),
    ]  # fmt: skip
    assert needed([r"abc|x", r"(?:abc)?", r"(?:abc)*", r"(?!abc)", r"[a-z]+", r"(?:abc){0,2}"]) == [()] * 6
    assert patterns.Pattern("abc|def").search("xDEFx") is not None


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"\(abc|xx\)zzz", "(abc"), (r"abc\|def|xyz", "abc|def"), (r"ab\?", "ab?"), (r"abc(?:\)|d)ef", "abc)ef"),
        (r"\x41", "A"), (r"\u0041\U00000042", "AB"), (r"\N{DEGREE SIGN}C", "\N{DEGREE SIGN}C"),
    ],
)  # fmt: skip
def test_what_is_escaped_stands_for_itself(expression: str, text: str) -> None:
    """An escaped bracket opens no group, an escaped bar parts nothing, and the digits of a code are no words."""
    assert re.search(expression, text)
    assert patterns.Pattern(expression).search(text) is not None
