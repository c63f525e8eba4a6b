"""Where each node stands in a text: marks kept while reading, turned into lines and columns only on demand."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from protocolkit.findings import Place, Span

if TYPE_CHECKING:
    from protocolkit.document import Path

_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTES = frozenset("\"'|>")

# A node: first index, index after the last character, and what is below it. Below a mapping: key to (first index of
# the key, index after it, node). Below a list: nodes. Below a scalar nothing, or the indices of what its alias names.
Mark = tuple[int, int, "Children"]
Children = dict[str, tuple[int, int, Mark]] | list[Mark] | tuple[int, int] | None


class Lines:
    """The lines of a text, counted when first asked for; CR LF, CR and LF end a line."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def place(self, index: int) -> Place:
        """Return the line and column of an index."""
        line = bisect_right(self._starts, index)
        return Place(line, index - self._starts[line - 1] + 1, index)

    def span(self, start: int, end: int) -> Span:
        """Return the span between two indices."""
        return Span(self.place(start), self.place(end))


class MarkedPositions:
    """The positions of a text that was read with marks."""

    def __init__(self, lines: Lines, root: Mark) -> None:
        self._lines = lines
        self._root = root

    def value(self, path: Path) -> Span | None:
        """Return the span of the value at a path, quotes and brackets included."""
        mark = self._mark(path)
        return mark and self._lines.span(mark[0], mark[1])

    def key(self, path: Path) -> Span | None:
        """Return the span of the key that leads to a path."""
        parent = self._mark(path[:-1]) if path else None
        entry = parent[2].get(str(path[-1])) if parent and isinstance(parent[2], dict) else None
        return entry and self._lines.span(entry[0], entry[1])

    def token(self, path: Path) -> str | None:
        """Return the source text of an unquoted scalar."""
        mark = self._mark(path)
        if mark is None or isinstance(mark[2], dict | list):
            return None
        start, end = mark[2] or mark[:2]
        source = self._lines.text[start:end]
        return None if source[:1] in _QUOTES else source

    def _mark(self, path: Path) -> Mark | None:
        mark: Mark | None = self._root
        for step in path:
            if mark is None:
                return None
            mark = _below(mark[2], step)
        return mark


def _below(children: Children, step: str | int) -> Mark | None:
    if isinstance(children, dict):
        entry = children.get(str(step))
        return entry[2] if entry else None
    marks: list[Mark] = children if isinstance(children, list) else []
    return marks[step] if isinstance(step, int) and 0 <= step < len(marks) else None
