"""Carry values from a source into a protocol: each is put in its place, or what became of it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from protocolkit.document import is_absent
from protocolkit.exchange import fitting
from protocolkit.exchange.losses import loss
from protocolkit.sources.decoding import UNHELD
from protocolkit.values import NamedTuple
from protocolkit.words import shortened

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor, Source
    from protocolkit.findings import Finding

_UNHELD = re.compile(UNHELD)
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SHOWN = 60


class Use(NamedTuple):
    """A place of the protocol file, where its value came from, and the words that it was read from."""

    to: Path
    source: Path
    words: str


def held(text: str) -> str:
    """Return a text with a replacement character in place of each that a document cannot hold."""
    return _UNHELD.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass
class Transfer:
    """A protocol file in the making, what it was made from, and the findings on the way."""

    source: Source
    data: dict[str, Any] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    losses: list[Finding] = field(default_factory=list)
    told: set[Path] = field(default_factory=set)

    def put(self, to: Path, cursor: Cursor, value: Any = None, *, words: str = "") -> bool:
        """Write a value where the schema knows the place and the value fits, and note where it came from.

        Without `value` it is what stands at the cursor. `words` are what a value was read from. Returns whether it
        was written; where a value does not fit, the finding is made, and where the place is unknown, the leaf is left.
        """
        if not cursor or not fitting.known(to):
            return False
        if value is None:
            value = self.own(cursor)
        if is_absent(value):
            return False
        if wrong := fitting.misfit(to, value):
            self.lose("LOSS04", cursor, f"{_shown(cursor.value)}: {wrong}", to)
            return False
        self._set(to, value)
        self.uses.append(Use(to, cursor.path, held(words)))
        cursor.take(to)
        return True

    def own(self, cursor: Cursor) -> Any:
        """Return what stands at a cursor; of a text what a document can hold."""
        value = cursor.value
        if not isinstance(value, str):
            return value
        text = _BREAKS.sub("\n", value).strip()
        if found := set(_UNHELD.findall(text)):
            names = ", ".join(sorted(f"U+{ord(character):04X}" for character in found))
            self.losses.append(loss("LOSS06", f"{names} replaced by U+FFFD", cursor.path))
        return held(text)

    def lose(self, code: str, cursor: Cursor, message: str, to: Path = (), hint: str = "") -> None:
        """Make the finding about a place of the source; the leaves at and below it need no other."""
        if code != "LOSS02":
            self.told.add(cursor.path)
        self.losses.append(loss(code, message, cursor.path, to, hint=hint))

    def keep_words(self, cursor: Cursor, to: Path, why: str) -> None:
        """Say that words were kept as words, and why they are not exact."""
        if fitting.known(to):
            self.lose("LOSS02", cursor, f"{_shown(cursor.value)} is kept as words: {why}", to)

    def term(self, to: Path, cursor: Cursor, table: dict[str, str]) -> bool:
        """Write the format's term for a term of the source; one that the table lacks is a finding."""
        term = table.get(cursor.text)
        if cursor and term is None:
            told = cursor.text or "a value that is no text"
            self.lose("LOSS03", cursor, f"the format has no term for {_shown(told)}", to)
        return term is not None and self.put(to, cursor, term)

    def count(self, at: Path) -> int:
        """Return how many items a list of the protocol file has so far."""
        value: Any = self.data
        for step in at:
            value = _below(value, step)
        return len(value) if isinstance(value, list) else 0

    def get(self, at: Path) -> Any:
        """Return what stands at a place of the protocol file so far."""
        value: Any = self.data
        for step in at:
            value = _below(value, step)
        return value

    def add_text(self, to: Path, cursor: Cursor, text: str = "") -> bool:
        """Write a text, below the one that stands there already."""
        before = self.get(to)
        own = text or self.own(cursor)
        if not isinstance(own, str):
            return self.put(to, cursor)
        return self.put(to, cursor, f"{before}\n\n{own}" if before and own else own)

    def name(self, to: Path, value: str | int | bool) -> None:
        """Write an id or another value that the file needs and that stands in no source."""
        self._set(to, value)

    def _set(self, to: Path, value: Any) -> None:
        value = held(value) if isinstance(value, str) else value
        place: Any = self.data
        for step, following in pairwise(to):
            place = _child(place, step, [] if isinstance(following, int) else {})
        if isinstance(place, list):
            place.append(value)
        else:
            place[to[-1]] = value


def _child(place: Any, step: str | int, new: Any) -> Any:
    if isinstance(place, list):
        if step == len(place):
            place.append(new)
        return place[int(step)]
    return place.setdefault(step, new)


def _below(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return f'"{shortened(text, _SHOWN, _SHOWN)}"'
