"""Patterns of words: the words that they look for first never hide a match."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocolkit.rules import RULES, patterns

if TYPE_CHECKING:
    from collections.abc import Iterable

assert RULES  # importing them makes every pattern
EVERY = sorted(
    {(each._text, each._flags): each for each in gc.get_objects() if isinstance(each, patterns.Pattern)}.items()
)


@pytest.mark.parametrize("pattern", [each for _, each in EVERY], ids=[text[:30] for (text, _), _ in EVERY])
def test_no_pattern_of_a_rule_hides_a_match(pattern: patterns.Pattern) -> None:
    """Whatever text an expression matches holds one of the words without which it is not asked."""
    if not pattern.needed:
        return

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern.compiled, alphabet=st.characters(max_codepoint=0x7E)))
    def holds(text: str) -> None:
        match = re.search(pattern.compiled, text)
        assert match is not None
        found = pattern.search(text)
        assert found is not None, (pattern.needed, text)
        assert found.span() == match.span()

    holds()


def needed(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the words that some expressions need."""
    return [patterns.Pattern(text).needed for text in texts]


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
