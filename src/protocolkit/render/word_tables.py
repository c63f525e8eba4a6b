"""Write tables for Word as strings, a cell costing microseconds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from protocolkit.errors import RenderError
from protocolkit.render.blocks import Align, List, Paragraph
from protocolkit.render.ooxml import Para, attribute, escape
from protocolkit.render.word_captions import caption, notes
from protocolkit.render.word_lists import in_table, paragraphs
from protocolkit.render.word_survey import plain
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.render.blocks import Cell, Row, Table
    from protocolkit.render.ooxml import Piece
    from protocolkit.render.word_inlines import Scribe

_LONGEST_DESCRIPTION = 2000
# A row longer than this may break over pages; a table shorter than this stays on one page.
_LONG_CELL = 600
_SHORT_TABLE = 6
# Entries of a cell that run over lines stand apart by this, in twips; short ones, as in an address, do not.
_RUNS_OVER, _APART = 60, 80
_STYLES = {"grid": "Protocol Table", "plain": "Protocol Table Plain"}
_NARROW = (
    '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="40" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
)
# The mean width of a letter of a text and of a heading, and the margins of a cell, in twips.
_USUAL, _SMALL = ((100, 108), 220), ((80, 86), 90)
_WORD = 20  # letters; longer ones are addresses and the like
_TEXT = ("Table Text", "Table Text Small")
_HEADING = ("Table Heading", "Table Heading Small")


class _Look(NamedTuple):
    """How the paragraphs of a row are set."""

    small: bool
    keep_next: bool


def table(scribe: Scribe, block: Table) -> list[Piece]:
    """Write a table: its caption above, its notes below.

    Raises RenderError where the spans of a row do not add up to the columns.
    """
    pieces: list[Piece] = [replace(caption(scribe, block), keep_next=bool(block.rows))] if block.caption else []
    if block.rows:
        pieces.append(_grid(scribe, _fitting(block, scribe.width)))
    return [*pieces, *notes(scribe, block)]


def _fitting(block: Table, width: int) -> Table:
    """Set a table in small type where its words would not fit into its columns: a word that breaks reads worse."""
    return block if sum(_least(block)) <= width else replace(block, small=True)


def _grid(scribe: Scribe, block: Table) -> str:
    """Write the rows; the head goes with the first two of them, since one row alone at the foot of a page is lost."""
    widths = _roomy(shares(block.widths, scribe.width), _least(block))
    heads = sum(1 for _ in takewhile(lambda row: row.header, block.rows))
    together = len(block.rows) <= _SHORT_TABLE and not any(map(_is_long, block.rows))
    last = len(block.rows) - 1
    kept = heads + 1 if heads <= last and not _is_long(block.rows[heads]) else heads
    rows = []
    for index, row in enumerate(block.rows):
        keep = kept > index < last or (together and (index < last or bool(block.notes)))
        repeated = "<w:tblHeader/>" if index < heads <= last else ""
        cells = _cells(scribe, block, row, widths, _Look(block.small, keep))
        whole = "" if _is_long(row) else "<w:cantSplit/>"
        rows.append(f"<w:tr>{_row_properties(whole + repeated)}{cells}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl>{_properties(scribe, block, heads)}<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row_properties(inside: str) -> str:
    return f"<w:trPr>{inside}</w:trPr>" if inside else ""


def shares(weights: tuple[int, ...], width: int) -> list[int]:
    """Share a width out by weights, whole twips that add up to it."""
    total, edges, sofar = max(sum(weights), 1), [0], 0
    for weight in weights:
        sofar += weight
        edges.append(round(width * sofar / total))
    return [end - start for start, end in pairwise(edges)]


def _least(block: Table) -> list[int]:
    """Return the width that each column needs for its longest word, in twips; words that no column holds aside."""
    least = [0] * len(block.widths)
    letters, margins = _SMALL if block.small else _USUAL
    for row in block.rows:
        at = 0
        for cell in row.cells:
            if cell.span == 1 and at < len(least):
                words = " ".join(plain(part.content) for part in cell.content if isinstance(part, Paragraph)).split()
                longest = max((len(word) for word in words if len(word) <= _WORD), default=0)
                least[at] = max(least[at], letters[cell.header] * longest + margins)
            at += cell.span
    return least


def _roomy(widths: list[int], least: list[int]) -> list[int]:
    """Widen columns that are too narrow at the cost of those with room; leave all as they are where there is none."""
    lacking = sum(max(need - width, 0) for width, need in zip(widths, least, strict=True))
    spare = [max(width - need, 0) for width, need in zip(widths, least, strict=True)]
    if not lacking or lacking > sum(spare):
        return widths
    taken = shares(tuple(spare), lacking)
    return [max(width, need) - less for width, need, less in zip(widths, least, taken, strict=True)]


def _properties(scribe: Scribe, block: Table, heads: int) -> str:
    title = attribute(plain(block.caption), _LONGEST_DESCRIPTION)
    words = attribute(block.description, _LONGEST_DESCRIPTION)
    style = escape(scribe.style(_STYLES.get(block.borders, _STYLES["grid"])))
    look = 'w:val="0620" w:firstRow="1"' if heads else 'w:val="0600" w:firstRow="0"'
    return (
        f'<w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{scribe.width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{_NARROW if block.small else ""}'
        f'<w:tblLook {look} w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        + (f'<w:tblCaption w:val="{title}"/>' if title else "")
        + (f'<w:tblDescription w:val="{words}"/>' if words else "")
        + "</w:tblPr>"
    )


def _cells(scribe: Scribe, block: Table, row: Row, widths: list[int], look: _Look) -> str:
    spans = sum(cell.span for cell in row.cells)
    if spans != len(widths) or any(cell.span < 1 for cell in row.cells):
        name = block.bookmark or plain(block.caption) or "a table"
        raise RenderError(f"{name}: a row spans {spans} columns of {len(widths)}")
    written, at = [], 0
    for cell in row.cells:
        written.append(_cell(scribe, cell, sum(widths[at : at + cell.span]), look))
        at += cell.span
    return "".join(written)


def _cell(scribe: Scribe, cell: Cell, width: int, look: _Look) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{scribe.fill}"/>' if cell.header or cell.shaded else ""
    content = "".join([para.xml() for para in _paragraphs(scribe, cell, look)])
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}</w:tcPr>{content}</w:tc>'


def _styled(style: str, usual: str, look: _Look) -> str:
    """Return the style of a paragraph in a cell: the usual one of the cell, or its own in the size of the table."""
    if style == "Body Text":
        return usual
    return dict((_TEXT, _HEADING)).get(style, style) if look.small else style


def _paragraphs(scribe: Scribe, cell: Cell, look: _Look) -> list[Para]:
    usual = (_HEADING if cell.header else _TEXT)[look.small]
    align = "" if cell.align is Align.LEFT else str(cell.align)
    apart = _APART if _runs_over(cell) and not look.small else None
    last = len(cell.content) - 1
    paras: list[Para] = []
    for at, block in enumerate(cell.content):
        if isinstance(block, Paragraph):
            style = scribe.style(_styled(block.style, usual, look))
            after = apart if at < last else None
            paras.append(Para(scribe.runs(block.content), style, look.keep_next, after=after, align=align))
        else:
            listed = paragraphs(scribe, block, in_table(usual))
            paras += [replace(para, keep_next=look.keep_next) for para in listed]
    return paras or [Para(style=scribe.style(usual), keep_next=look.keep_next)]


def _runs_over(cell: Cell) -> bool:
    """Say whether a cell holds several entries of which one takes more than a line."""
    entries = [part for part in cell.content if isinstance(part, Paragraph)]
    return len(entries) > 1 and any(len(plain(entry.content)) > _RUNS_OVER for entry in entries)


def _is_long(row: Row) -> bool:
    return any(_length(cell) > _LONG_CELL for cell in row.cells)


def _length(cell: Cell) -> int:
    return sum(_listed(block) if isinstance(block, List) else len(plain(block.content)) for block in cell.content)


def _listed(block: List) -> int:
    below = (_listed(item.below) for item in block.items if item.below)
    return sum(len(plain(item.content)) + 40 for item in block.items) + sum(below)
