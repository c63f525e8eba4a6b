"""Write each kind of block for Word, as paragraphs and table strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import (
    Contents,
    Figure,
    Gap,
    Heading,
    List,
    Note,
    Paragraph,
    Placeholder,
    Table,
)
from protocolkit.render.ooxml import Para
from protocolkit.render.ooxml_figures import drawing
from protocolkit.render.ooxml_numbering import HEADING_LEVELS
from protocolkit.render.word_captions import caption
from protocolkit.render.word_contents import contents
from protocolkit.render.word_lists import paragraphs
from protocolkit.render.word_tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Block
    from protocolkit.render.ooxml import Piece
    from protocolkit.render.word_inlines import Scribe


def pieces(scribe: Scribe, block: Block) -> list[Piece]:
    """Write one block; landscape pages and page breaks are the flow's."""
    return _WRITERS[type(block)](scribe, block)


def _heading(scribe: Scribe, block: Heading) -> list[Piece]:
    name = scribe.survey.headings[scribe.headings]
    scribe.headings += 1
    runs = scribe.ledger.mark(name, scribe.runs(block.title))
    if not block.level:
        label = scribe.in_sections and not block.in_contents
        outline = 0 if block.in_contents else None
        return [Para(runs, scribe.style("Heading Label" if label else "Heading Unnumbered"), outline=outline)]
    scribe.in_sections = True
    return [Para(runs, scribe.style(f"Heading {min(block.level, HEADING_LEVELS)}"))]


def _paragraph(scribe: Scribe, block: Paragraph) -> list[Piece]:
    runs = scribe.runs(block.content)
    if block.bookmark:
        name = scribe.survey.entries[scribe.entries]
        scribe.entries += 1
        runs = scribe.ledger.mark(name, runs)
    return [Para(runs, scribe.style(block.style))]


def _list(scribe: Scribe, block: List) -> list[Piece]:
    return [*paragraphs(scribe, block)]


def _figure(scribe: Scribe, block: Figure) -> list[Piece]:
    scribe.ledger.drawings += 1
    drawn = Para(
        drawing(block, scribe.ledger.drawings, scribe.width), scribe.style("Figure"), keep_next=bool(block.caption)
    )
    return [drawn, caption(scribe, block)] if block.caption else [drawn]


def _placeholder(scribe: Scribe, block: Placeholder) -> list[Piece]:
    return [Para(scribe.runs((Gap(block.what, block.locator),)), scribe.style("Placeholder"))]


def _note(scribe: Scribe, block: Note) -> list[Piece]:
    return [Para(scribe.runs(block.content), scribe.style("Note"))]


def _contents(scribe: Scribe, _: Contents) -> list[Piece]:
    return contents(scribe)


_WRITERS: dict[type, Callable[[Scribe, Any], list[Piece]]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    List: _list,
    Table: table,
    Figure: _figure,
    Placeholder: _placeholder,
    Note: _note,
    Contents: _contents,
}
