"""Patterns of words that cost next to nothing where none of their words stands: most protocols need few of them."""

from __future__ import annotations

import re
from functools import cache, cached_property
from json import loads
from typing import TYPE_CHECKING

from protocolkit.resources import read_text
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    Words = tuple[str, ...]

# The parts of an expression; letters in a row end before one that is repeated or may be missing. What is escaped comes
# before brackets and bars: there they stand for themselves.
_PART = (
    r"(?P<plain>[A-Za-z0-9 _/=<>%:;,'#@~-]+(?![?*+{]))|\\(?:N\{[^}]*\}|x..|u.{4}|U.{8}|.)"
    r"|(?P<open>\((?:\?(?:P<\w+>|[a-z]*:|(?P<aside><?[=!])))?)"
    r"|(?P<close>\))|(?P<either>\|)|(?P<optional>[?*]\??|\{(?:0|,)[0-9,]*\}\??)|(?P<repeated>\+\??|\{[0-9,]+\}\??)"
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]|."
)
_DIGITS = tuple("0123456789")
_SHORTEST = 2  # letters: one alone stands in nearly every text
_COMPILED = 6  # choices of alternatives of one pattern, after which the whole of it costs less


class Alternative(NamedTuple):
    """One of the alternatives of an expression, and words, case folded, of which each text that it matches holds one.

    None are named where nothing is sure.
    """

    text: str
    words: Words


class Pattern:
    """A regular expression of `re`; upper and lower case are the same unless `exact`.

    Only those of its alternatives are compiled, and asked, of whose words a text holds one: the others match nothing
    there. An expression with groups is asked as a whole, since its groups are numbered.
    """

    def __init__(self, text: str, *, exact: bool = False) -> None:
        self.text = text
        self._flags = re.NOFLAG if exact else re.IGNORECASE

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The whole expression as `re` compiles it."""
        return re.compile(self.text, self._flags)

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The alternatives, as they were found beforehand or, in a pattern of somebody else, are found now."""
        known = _known().get(self.text)
        return alternatives(self.text) if known is None else tuple(Alternative(*row) for row in known)

    @cached_property
    def _choices(self) -> dict[str, re.Pattern[str]]:
        """The alternatives that were asked together, compiled."""
        return {}

    def _fitting(self, text: str) -> re.Pattern[str] | None:
        """Return what of the expression may match in a text; None where nothing can."""
        folded = text.casefold()
        able = []
        for each in self.alternatives:
            for word in each.words:
                if word in folded:
                    break
            else:
                if each.words:
                    continue
            able.append(each.text)
        if not able:
            return None
        if len(able) == len(self.alternatives) or len(self._choices) >= _COMPILED:
            return self.compiled
        asked = "|".join(able)
        if asked not in self._choices:
            self._choices[asked] = re.compile(asked, self._flags)
        return self._choices[asked]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""
        fitting = self._fitting(text)
        return None if fitting is None else fitting.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of a text."""
        fitting = self._fitting(text)
        return None if fitting is None else fitting.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of a whole text."""
        fitting = self._fitting(text)
        return None if fitting is None else fitting.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches."""
        fitting = self._fitting(text)
        return iter(()) if fitting is None else fitting.finditer(text)

    def findall(self, text: str) -> list[str]:
        """Return the texts that match, or their first group; for patterns of at most one group."""
        fitting = self._fitting(text)
        return [] if fitting is None else fitting.findall(text)

    def split(self, text: str) -> list[str]:
        """Return what stands between the matches."""
        fitting = self._fitting(text)
        return [text] if fitting is None else fitting.split(text)

    def sub(self, instead: str, text: str) -> str:
        """Return a text with something in place of each match."""
        fitting = self._fitting(text)
        return text if fitting is None else fitting.sub(instead, text)


@cache
def _known() -> dict[str, list[tuple[str, Words]]]:
    """Return the alternatives of the patterns of this package, which `tools/build_patterns.py` finds."""
    known: dict[str, list[tuple[str, Words]]] = loads(read_text("rules", "patterns.json"))
    return known


def alternatives(text: str) -> tuple[Alternative, ...]:
    """Find the alternatives of an expression and the words of each."""
    opened = [part["open"] for part in _parts(text) if part["open"]]
    grouped = any(bracket == "(" or bracket.startswith("(?P") for bracket in opened)
    parts = [text] if grouped else _cut(text)
    return tuple(Alternative(part, _words(_parts(part))) for part in parts)


def _parts(text: str) -> Iterator[re.Match[str]]:
    return re.compile(_PART, re.DOTALL).finditer(text)


def _cut(text: str) -> Iterator[str]:
    """Cut an expression at the bars outside of its brackets."""
    begun = depth = 0
    for part in _parts(text):
        depth += (part["open"] is not None) - (part["close"] is not None)
        if part["either"] and not depth:
            yield text[begun : part.start()]
            begun = part.end()
    yield text[begun:]


def _words(parts: Iterator[re.Match[str]]) -> Words:
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
            inner = _words(parts)
            row.append(() if part["aside"] else inner)
        elif kind == "optional":
            row[-1:] = [()]
        elif kind != "repeated":
            row.append((part[0].casefold(),) if kind == "plain" else _DIGITS if part[0] == "[0-9]" else ())
    found.append(_surest(row))
    return tuple(word for words in found for word in words) if all(found) else ()


def _surest(row: list[Words]) -> Words:
    """Return, of what stands in a row, the words of which the shortest is longest; digits, if there are no others."""
    able = [words for words in row if words and all(len(word) >= _SHORTEST or word in _DIGITS for word in words)]
    return max(able, key=lambda words: min(map(len, words)), default=())
