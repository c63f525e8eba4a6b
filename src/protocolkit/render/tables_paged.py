"""Put the parts of a long table on pages: a part that would break over the foot of a page begins on a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import PageBreak, Paragraph, Table
from protocolkit.render.words import flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.render.blocks import Block

# Lines of small type on a landscape page, those that heads and notes take beside their rows, and letters of a label.
_PAGE, _HEADS, _LABEL = 44, 6, 32


def paged(tables: Iterable[Block]) -> Iterator[Block]:
    """Yield tables, each of several on a new page where it would break over the foot of the last one."""
    used = 0
    for table in tables:
        lines = _lines(table) if isinstance(table, Table) else 1
        if used and used + lines > _PAGE:
            yield PageBreak()
            used = 0
        yield table
        used += lines


def _lines(table: Table) -> int:
    """Return about how many lines a table takes, as the words in its first column tell."""
    first = [part for row in table.rows for part in row.cells[0].content if isinstance(part, Paragraph)]
    return _HEADS + len(table.notes) + sum(1 + len(flat(part.content)) // _LABEL for part in first)
