"""Build tables: cells, rows, and listings of the items of the file by columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Align, Cell, Gap, List, Mark, Paragraph, Placeholder, Row, Table, Text
from protocolkit.render.words import run, upper_first
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.view import View

NOTHING = "\N{EN DASH}"
TEXT, HEADING = "Table Text", "Table Heading"
BOLD = frozenset({Mark.BOLD})
Shape = str | Callable[["View"], "Inlines | tuple[Paragraph | List, ...]"]


class Column(NamedTuple):
    """A column of a listing: its heading, what it prints of an item, its relative width, and whether it must speak.

    A shape that is a text is a sentence of fields; a column that is not required and says nothing of any item is left
    out, and a single silent cell has a dash.
    """

    heading: str
    shape: Shape
    width: int = 2
    required: bool = False


def cell(content: Inlines | str, *, header: bool = False, align: Align = Align.LEFT, shaded: bool = False) -> Cell:
    """Return a cell with one paragraph."""
    words = run(content) if isinstance(content, str) else content
    return Cell((Paragraph(words, HEADING if header else TEXT),), header=header, align=align, shaded=shaded)


def filled(content: Inlines | tuple[Paragraph | List, ...] | str) -> Cell:
    """Return a cell with runs, or with paragraphs and lists; a dash where there is nothing."""
    if not content:
        return cell(NOTHING)
    if isinstance(content, str):
        return cell(content)
    blocks = tuple(item for item in content if isinstance(item, Paragraph | List))
    if blocks:
        styled = (replace(b, style=TEXT) if isinstance(b, Paragraph) and b.style == "Body Text" else b for b in blocks)
        return Cell(tuple(styled))
    return cell(content)  # type: ignore[arg-type]


def headings(words: Iterable[str]) -> Row:
    """Return the header row of a table."""
    return Row(tuple(replace(cell(word, header=True), shaded=True) for word in words), header=True)


def listing(
    items: Sequence[View], columns: Sequence[Column], caption: Inlines | str, bookmark: str = "", *,
    description: str = "", small: bool = False,
) -> Blocks:  # fmt: skip
    """Return a table with a row for each item; nothing where there are none."""
    if not items:
        return ()
    shown = [(column, [_shaped(item, column) for item in items]) for column in columns]
    kept = [(column, parts) for column, parts in shown if column.required or any(parts)]
    rows = [Row(tuple(filled(parts[index]) for _, parts in kept)) for index in range(len(items))]
    head = headings(column.heading for column, _ in kept)
    words = run(caption) if isinstance(caption, str) else caption
    return (
        Table(
            (head, *rows), tuple(column.width for column, _ in kept), words, bookmark,
            description or f"One row for each item; columns: {', '.join(c.heading for c, _ in kept)}.", small=small,
        ),
    )  # fmt: skip


def _shaped(item: View, column: Column) -> Inlines | tuple[Paragraph | List, ...]:
    if callable(column.shape):
        return column.shape(item)
    made = item.must(column.shape) if column.required else item.say(column.shape)
    return upper_first(made)


def pairs(rows: Iterable[tuple[str, Inlines]], caption: str = "", bookmark: str = "", *, plain: bool = False) -> Table:
    """Return a table of labels and values in two columns."""
    made = tuple(Row((replace(cell(label, header=True), shaded=not plain), filled(value))) for label, value in rows)
    return Table(
        made, (3, 7), run(caption), bookmark, "Labels on the left, values on the right.",
        borders="plain" if plain else "grid",
    )  # fmt: skip


def lines(*parts: Inlines | str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a cell, the empty ones left out."""
    runs = (run(part) if isinstance(part, str) else part for part in parts)
    return tuple(Paragraph(words, TEXT) for words in runs if words)


def bold(text: str) -> Inlines:
    """Return a text in bold."""
    return (Text(text, BOLD),)


def missing(view: View, place: str, what: str) -> Block:
    """Return the placeholder of a table whose list is not there; with the finding's message where it is malformed."""
    node = view.at(place)
    message = view.values.faults.get(node.pointer)
    if message and node:
        view.values.mark(node)
    return Placeholder(message if message and node else what, node.locator)


def gap(what: str) -> Inlines:
    """Return the mark of something that is not stated."""
    return (Gap(what),)
