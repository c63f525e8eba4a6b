"""Let blocks flow into sections: page breaks, landscape pages, and room where a table ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Landscape, PageBreak
from protocolkit.render.ooxml import Para
from protocolkit.render.ooxml_numbering import HEADING_LEVELS
from protocolkit.render.word_blocks import pieces
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks
    from protocolkit.render.ooxml import Piece
    from protocolkit.render.word_inlines import Scribe

_SPACED = ("Body Text", "List Bullet", "List Number", "Note", "Placeholder", "Figure", "Bibliography")
_LISTS = ("List Bullet", "List Number")
_TAG = re.compile(r"<[^>]*>")
_SENTENCES, _SHORT = 4, 160  # how many sentences go with a heading to a landscape page, and the letters of each
_AFTER_TABLE = 160
_AFTER_NOTES = 200


class Pages(NamedTuple):
    """The two kinds of page: the section properties of each, and the width of its text in twips."""

    portrait: str
    landscape: str
    width: int
    landscape_width: int


@dataclass(slots=True)
class Flow:
    """The body as it grows: the pieces of each block, and what the next paragraph must begin with."""

    scribe: Scribe
    pages: Pages
    written: list[list[Piece]] = field(default_factory=list)
    break_next: bool = False
    last_is_landscape: bool = False

    def take(self, blocks: Blocks) -> None:
        """Take blocks in their order."""
        for block in blocks:
            if isinstance(block, Landscape):
                self._landscape(block)
            elif isinstance(block, PageBreak):
                self.break_next = bool(self.written) and not self._at_section_start()
            else:
                self._add(pieces(self.scribe, block))

    def end(self) -> str:
        """Finish the body and return the properties of its last section, which stand outside any paragraph."""
        if self.last_is_landscape:
            last = self.written[-1]
            last[-1] = _with_section(last[-1], "")
            return self.pages.landscape
        if self.written and isinstance(self.written[-1][-1], str):
            self.written[-1].append(self._gap())
        return self.pages.portrait

    def _landscape(self, block: Landscape) -> None:
        if not block.blocks:
            return
        self.break_next = False
        headings = self._headings()
        self._close(self.pages.portrait)
        self.scribe.width = self.pages.landscape_width
        before = len(self.written)
        self.written += headings
        self.take(block.blocks)
        self.break_next = False
        self.scribe.width = self.pages.width
        if len(self.written) > before:
            self._close(self.pages.landscape)
            self.last_is_landscape = True

    def _headings(self) -> list[list[Piece]]:
        """Take back the headings that stand last: they go to the landscape page, with what they head.

        A few short sentences below a heading go with it; otherwise it would stand on a page almost empty.
        """
        styles = {self.scribe.style(f"Heading {level}") for level in range(1, HEADING_LEVELS + 1)}
        end = at = len(self.written)
        while at and end - at < _SENTENCES and self._is_short(self.written[at - 1]):
            at -= 1
        at = at if at and _para(self.written[at - 1][0]).style in styles else end
        while at and _para(self.written[at - 1][0]).style in styles:
            at -= 1
        taken: list[list[Piece]] = [[replace(_para(group[0]), page_break=False)] for group in self.written[at:]]
        del self.written[at:]
        return taken

    def _is_short(self, group: list[Piece]) -> bool:
        """Say whether a group is a paragraph of a line or so."""
        only = _para(group[0])
        words = len(_TAG.sub("", only.runs))
        return len(group) == 1 and only.style == self.scribe.style("Body Text") and 0 < words <= _SHORT

    def _close(self, section: str) -> None:
        """Put section properties into the last paragraph; one of its own would make an empty page."""
        if not self.written or self._at_section_start():
            return
        last = self.written[-1]
        if isinstance(last[-1], str):
            last.append(self._gap())
        last[-1] = _with_section(last[-1], section)

    def _at_section_start(self) -> bool:
        last = self.written[-1][-1]
        return isinstance(last, Para) and bool(last.section)

    def _gap(self) -> Para:
        return Para(style=self.scribe.style("Table Gap"))

    def _add(self, added: list[Piece]) -> None:
        if not added:
            return
        self._keep_lead(added)
        first, after_table = added[0], bool(self.written) and isinstance(self.written[-1][-1], str)
        # LibreOffice loses the words in all drawings of a document that begins with a table.
        if isinstance(first, str) and (self.break_next or after_table or not self.written):
            added = [replace(self._gap(), before=_AFTER_TABLE if after_table else None), *added]
        if self.break_next:
            added[0] = replace(_para(added[0]), page_break=True)
        elif isinstance(first, Para):
            added[0] = self._spaced(first, after_table=after_table)
        self.break_next = False
        self.last_is_landscape = False
        self.written.append(added)

    def _keep_lead(self, added: list[Piece]) -> None:
        """Keep a paragraph on the page of the table or list that it leads into."""
        styles = {self.scribe.style(name) for name in _LISTS}
        leads = any(isinstance(piece, str) for piece in added) or _para(added[0]).style in styles
        last = self.written[-1][-1] if self.written else None
        if leads and isinstance(last, Para) and last.style == self.scribe.style("Body Text") and not self.break_next:
            self.written[-1][-1] = replace(last, keep_next=True)

    def _spaced(self, para: Para, *, after_table: bool) -> Para:
        if para.style not in {self.scribe.style(name) for name in _SPACED}:
            return para
        if after_table:
            return replace(para, before=_AFTER_TABLE)
        last = self.written[-1][-1] if self.written else None
        after_notes = isinstance(last, Para) and last.style == self.scribe.style("Table Note")
        return replace(para, before=_AFTER_NOTES) if after_notes else para


def _para(piece: Piece) -> Para:
    return piece if isinstance(piece, Para) else Para()


def _with_section(piece: Piece, section: str) -> Piece:
    return replace(_para(piece), section=section)
