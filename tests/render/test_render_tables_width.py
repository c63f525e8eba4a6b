"""Columns of tables: wide enough for their words where there is room."""

from __future__ import annotations

from protocolkit.render.blocks import Cell, Paragraph, Row, Table, Text
from protocolkit.render.word_tables import _fitting, _least, _roomy, _runs_over


def _table(*rows: tuple[str, ...]) -> Table:
    made = [
        Row(tuple(Cell((Paragraph((Text(text),)),), header=index == 0) for text in row), header=index == 0)
        for index, row in enumerate(rows)
    ]
    return Table(tuple(made), (1, 1, 1))


def test_a_column_is_as_wide_as_its_longest_word() -> None:
    """A heading counts as a word of its column; an address longer than a column counts for nothing."""
    narrow, word, address = _least(
        _table(("A", "Administrations", "Source"), ("1", "once", "https://example.org/a/long/path"))
    )
    assert word > 15 * 100
    assert narrow < address < word


def test_room_is_taken_from_columns_that_have_some() -> None:
    """The whole width stays the same; without room every column stays as it was."""
    assert _roomy([1000, 1000, 4000], [500, 1600, 1000]) == [914, 1600, 3486]
    assert _roomy([1000, 1000], [1500, 1500]) == [1000, 1000]
    assert _roomy([1000, 2000], [900, 1000]) == [1000, 2000]


def test_a_table_whose_words_do_not_fit_is_set_in_small_type() -> None:
    """A table with room for its longest words keeps its type."""
    made = _table(("Administrations", "Administrations", "Administrations"), ("1", "2", "3"))
    needed = sum(_least(made))
    assert not _fitting(made, needed).small
    assert _fitting(made, needed - 1).small
    assert sum(_least(_fitting(made, needed - 1))) < needed


def test_entries_that_run_over_lines_stand_apart() -> None:
    """Several endpoints in one cell stand apart; the lines of an address stay close."""
    long, short = (Paragraph((Text(words),)) for words in ("Change of pain from baseline to week 12, " * 2, "Street 1"))
    assert _runs_over(Cell((long, short)))
    assert not _runs_over(Cell((short, short)))
    assert not _runs_over(Cell((long,)))
