"""Write a draft as a Word document: the reference document gives the look, the blocks the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from protocolkit.render.ooxml import parse, written
from protocolkit.render.word_flow import Flow
from protocolkit.render.word_inlines import Ledger, Scribe
from protocolkit.render.word_package import carry, saved
from protocolkit.render.word_pages import pages
from protocolkit.render.word_reference import add_lists, next_number, numbering_root, open_reference, style_ids
from protocolkit.render.word_settings import moment, set_up
from protocolkit.render.word_survey import survey

if TYPE_CHECKING:
    from docx.document import Document

    from protocolkit.render.blocks import Draft


def write(draft: Draft, reference: bytes | None = None) -> bytes:
    """Write a draft into a reference document, the bundled one for None, and return the bytes of the package.

    Equal drafts and references give equal bytes. Raises RenderError for a reference that is no Word document and for
    a table whose spans do not add up.
    """
    document = open_reference(reference)
    set_up(document, draft)
    scribe = _body(document, draft)
    root = numbering_root(document)
    root.extend(map(parse, scribe.ledger.numbers))
    carry(document, draft.canonical, scribe.ledger.controls)
    return saved(document, moment(draft.date))


def _body(document: Document, draft: Draft) -> Scribe:
    lists, styles = add_lists(document), style_ids(document)
    laid_out = pages(document, draft, styles)
    ledger = Ledger(first_number=next_number(numbering_root(document)))
    fill = _fill(document, styles["protocol table"])
    scribe = Scribe(
        survey(draft), styles, ledger, lists, laid_out.width, fill, pages=draft.pages, controls=draft.controls
    )
    flow = Flow(scribe, laid_out)
    flow.take(draft.blocks)
    last = flow.end()
    body = document.element.body
    for child in list(body):
        body.remove(child)
    for group in flow.written:
        body.extend([parse(written(piece)) for piece in group])
    body.append(parse(last))
    return scribe


def _fill(document: Document, table_style: str) -> str:
    """Return the shade of header cells: that of the first row of the reference document's table style."""
    path = f"{qn('w:tblStylePr')}/{qn('w:tcPr')}/{qn('w:shd')}"
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")) == table_style and (shade := style.find(path)) is not None:
            return str(shade.get(qn("w:fill"), "auto"))
    return "auto"
