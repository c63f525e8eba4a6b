"""Patterns of words that cost next to nothing where none of their words stands: most protocols need few of them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Words = tuple[str, ...]

# The parts of an expression; letters in a row end before one that is repeated or may be missing. What is escaped comes
# before brackets and bars: there they stand for themselves.
_PART = re.compile(
    r"(?P<plain>[A-Za-z0-9 _/=<>%:;,'#@~-]+(?![?*+{]))|\\(?:N\{[^}]*\}|x..|u.{4}|U.{8}|.)"
    r"|(?P<open>\((?:\?(?:P<\w+>|[a-z]*:|(?P<aside><?[=!])))?)"
    r"|(?P<close>\))|(?P<either>\|)|(?P<optional>[?*]\??|\{(?:0|,)[0-9,]*\}\??)|(?P<repeated>\+\??|\{[0-9,]+\}\??)"
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]|.",
    re.DOTALL,
)
_SHORTEST = 2  # letters: one alone stands in nearly every text


class Pattern:
    """A regular expression of `re`; upper and lower case are the same unless `exact`.

    It is compiled, and asked, only for a text that holds one of the words without which nothing matches.
    """

    def __init__(self, text: str, *, exact: bool = False) -> None:
        self._text = text
        self._flags = re.NOFLAG if exact else re.IGNORECASE

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression as `re` compiles it."""
        return re.compile(self._text, self._flags)

    @cached_property
    def needed(self) -> Words:
        """Words, case folded, of which each text that matches holds at least one; none where nothing is sure."""
        return _alternatives(_PART.finditer(self._text))

    def _possible(self, text: str) -> bool:
        if not self.needed:
            return True
        folded = text.casefold()
        return any(word in folded for word in self.needed)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""
        return self.compiled.search(text) if self._possible(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of a text."""
        return self.compiled.match(text) if self._possible(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of a whole text."""
        return self.compiled.fullmatch(text) if self._possible(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches."""
        return self.compiled.finditer(text) if self._possible(text) else iter(())

    def findall(self, text: str) -> list[str]:
        """Return the texts that match, or their first group; for patterns of at most one group."""
        return self.compiled.findall(text) if self._possible(text) else []

    def split(self, text: str) -> list[str]:
        """Return what stands between the matches."""
        return self.compiled.split(text) if self._possible(text) else [text]

    def sub(self, instead: str, text: str) -> str:
        """Return a text with something in place of each match."""
        return self.compiled.sub(instead, text) if self._possible(text) else text


def _alternatives(parts: Iterator[re.Match[str]]) -> Words:
    """Read parts up to the bracket that closes them; each alternative must give a word, or none is sure."""
    found: list[Words] = []
    row: list[Words] = []
    for part in parts:
        kind = part.lastgroup
        if kind == "close":
            break
        if kind == "either":
            found.append(_surest(row))
            row = []
        elif kind == "open":
            inner = _alternatives(parts)
            row.append(() if part["aside"] else inner)
        elif kind == "optional":
            row[-1:] = [()]
        elif kind != "repeated":
            row.append((part[0].casefold(),) if kind == "plain" else ())
    found.append(_surest(row))
    return tuple(word for words in found for word in words) if all(found) else ()


def _surest(row: list[Words]) -> Words:
    """Return, of what stands in a row, the words of which the shortest is longest."""
    best = max(row, key=lambda words: min(map(len, words), default=0), default=())
    return best if min(map(len, best), default=0) >= _SHORTEST else ()
