"""Ids made from names: the same names give the same ids, and no id stands twice in its collection."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 28
_MOST = 40


class Ids:
    """The ids of one collection as they are given out."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.given: set[str] = set()
        self._numbers: dict[str, int] = {}

    def make(self, name: str) -> str:
        """Return an id that reads like a name, unique in the collection."""
        base = _readable(name, self.prefix)
        number, chosen = self._numbers.get(base, 1), base
        while chosen in self.given:
            number += 1
            tail = f"_{number}"
            chosen = base[: _MOST - len(tail)] + tail
        self._numbers[base] = number
        self.given.add(chosen)
        return chosen

    def numbered(self) -> str:
        """Return the next id of a collection that is counted through: E1, E2 ..."""
        chosen = f"{self.prefix}{len(self.given) + 1}"
        self.given.add(chosen)
        return chosen


def _readable(name: str, prefix: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", folded)
    text = ""
    for word in words:
        if text and len(text) + 1 + len(word) > _LONGEST:
            break
        text = f"{text}_{word}" if text else word[:_MOST]
    if not text or not text[0].isalpha():
        text = f"{prefix}_{text}" if text else prefix
    return text[:_MOST]
