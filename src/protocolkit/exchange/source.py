"""The data of another format, walked with care: what was taken from it, what was set aside, what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.document import is_absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocolkit.document import Document, Path


@dataclass(frozen=True)
class Aside:
    """Values that are left out on purpose: where (`*` is any step, `**` all below), why, and for which values."""

    place: str
    reason: str
    when: Callable[[Any], bool] | None = None

    def covers(self, path: Path, value: Any) -> bool:
        """Say whether a leaf is one of them."""
        return _fits(path, _steps(self.place)) and (self.when is None or self.when(value))


@cache
def _steps(place: str) -> tuple[str, ...]:
    return tuple(place.split("/")[1:])


def _fits(path: Path, steps: tuple[str, ...]) -> bool:
    if steps and steps[-1] == "**":
        steps, path = steps[:-1], path[: len(steps) - 1]
    return len(path) == len(steps) and all(want in ("*", str(step)) for want, step in zip(steps, path, strict=True))


@dataclass
class Source:
    """One record of another format, and an account of each of its leaves.

    `taken` names the places of the protocol file that a leaf went to; `set_aside` the reason why it went nowhere.
    """

    document: Document
    at: Path
    data: Any
    taken: dict[Path, list[Path]] = field(default_factory=dict)
    set_aside: dict[Path, str] = field(default_factory=dict)

    @property
    def root(self) -> Cursor:
        """The place to start from."""
        return Cursor(self, self.at, self.data)

    def leaves(self) -> Iterator[tuple[Path, Any]]:
        """Yield the path and value of everything that the record states: no nulls, blanks or empty lists."""
        stack: list[tuple[Path, Any]] = [(self.at, self.data)]
        while stack:
            path, value = stack.pop()
            if isinstance(value, dict):
                stack.extend(((*path, key), item) for key, item in reversed(value.items()))
            elif isinstance(value, list):
                stack.extend(((*path, index), item) for index, item in reversed(list(enumerate(value))))
            elif not is_absent(value):
                yield path, value

    def put_aside(self, table: tuple[Aside, ...]) -> None:
        """Note the reason for each leaf that a table leaves out on purpose and that nothing has taken."""
        depth = len(self.at)
        rows: dict[Path, list[Aside]] = {}
        for row in table:
            rows.setdefault(tuple(row.place.split("/")[1:3]), []).append(row)
        for path, value in self.leaves():
            if path in self.taken or path in self.set_aside:
                continue
            below = path[depth:]
            for row in (*rows.get(below[:2], ()), *rows.get((*below[:1], "**"), ()), *rows.get(below[:1], ())):
                if row.covers(below, value):
                    self.set_aside[path] = row.reason
                    break

    def left(self) -> Iterator[tuple[Path, int]]:
        """Yield the highest places of which no leaf was taken or set aside, with the number of their leaves."""
        kept = {path[:end] for place in (self.taken, self.set_aside) for path in place for end in range(len(path) + 1)}
        counts: dict[Path, int] = {}
        for path, _ in self.leaves():
            if path not in kept:
                end = next(end for end in range(len(path) + 1) if path[:end] not in kept)
                counts[path[:end]] = counts.get(path[:end], 0) + 1
        yield from counts.items()


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place of a source that may or may not hold a value; walking never fails."""

    source: Source
    path: Path
    value: Any

    def __getitem__(self, step: str) -> Cursor:
        """Return the child of a mapping, whether or not it exists."""
        value = self.value.get(step) if isinstance(self.value, dict) else None
        return Cursor(self.source, (*self.path, step), value)

    def __bool__(self) -> bool:
        """Say whether something is stated here; `false` and 0 are statements."""
        return not is_absent(self.value)

    @property
    def rows(self) -> tuple[Cursor, ...]:
        """The items of a list that state something; none for anything else."""
        if not isinstance(self.value, list):
            return ()
        items = (Cursor(self.source, (*self.path, index), item) for index, item in enumerate(self.value))
        return tuple(item for item in items if item)

    @property
    def text(self) -> str:
        """The text that stands here, an empty one for anything else."""
        return self.value.strip() if isinstance(self.value, str) else ""

    def take(self, to: Path) -> None:
        """Note that this value went to a place of the protocol file."""
        held = self and not isinstance(self.value, dict | list)
        places = self.source.taken.setdefault(self.path, []) if held else []
        if to not in places:
            places.append(to)

    def aside(self, reason: str) -> None:
        """Note why this value goes nowhere; nothing is noted where nothing is stated."""
        if self:
            self.source.set_aside[self.path] = reason
