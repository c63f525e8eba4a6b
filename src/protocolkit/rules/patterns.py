"""Patterns of words that are compiled when a rule first looks for them: most protocols need few of them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Pattern:
    """A regular expression of `re`, compiled on first use; upper and lower case are the same unless `exact`."""

    def __init__(self, text: str, *, exact: bool = False) -> None:
        self._text = text
        self._flags = re.NOFLAG if exact else re.IGNORECASE

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of a text."""
        return self._compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of a whole text."""
        return self._compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches."""
        return self._compiled.finditer(text)

    def findall(self, text: str) -> list[str]:
        """Return the texts that match, or their first group; for patterns of at most one group."""
        return self._compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """Return what stands between the matches."""
        return self._compiled.split(text)

    def sub(self, instead: str, text: str) -> str:
        """Return a text with something in place of each match."""
        return self._compiled.sub(instead, text)
