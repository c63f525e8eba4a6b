"""Parts of a schedule on pages: together where they fit on one, else each from the top of its own."""

from __future__ import annotations

import pytest

from protocolkit.render.blocks import Cell, PageBreak, Paragraph, Row, Table, Text
from protocolkit.render.tables_paged import paged


def part(rows: int) -> Table:
    """Return a part of a schedule with so many activities."""
    row = Row((Cell((Paragraph((Text("Blood count"),)),)),))
    return Table((row,) * rows, (1,))


@pytest.mark.parametrize(("rows", "breaks"), [((8, 8), 0), ((20, 20), 1), ((20, 20, 20), 2), ((60,), 0)])
def test_a_part_that_would_break_over_pages_begins_on_a_new_one(rows: tuple[int, ...], breaks: int) -> None:
    """A first part never does: it stands below its heading, however long it is."""
    made = list(paged([part(each) for each in rows]))
    assert len([block for block in made if isinstance(block, PageBreak)]) == breaks
    assert not isinstance(made[0], PageBreak)
