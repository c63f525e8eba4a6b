"""Lay out pages: their size and margins, and the header and footer that stand on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn

from protocolkit.render.ooxml import DECLARATIONS, Para, field, run
from protocolkit.render.word_flow import Pages
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document

    from protocolkit.render.blocks import Draft

_SIZES = {"a4": (11906, 16838), "letter": (12240, 15840)}
_MARGINS = {"top": 1418, "right": 1418, "bottom": 1418, "left": 1418, "header": 680, "footer": 567, "gutter": 0}
# Wide tables stand on landscape pages: 20 mm at the sides are enough.
# Wide tables need the room: at most these margins on landscape pages.
_LANDSCAPE = {"left": 1134, "right": 1134, "top": 1191, "bottom": 1134}
_NARROWEST = 2880


class _Running(NamedTuple):
    """A header or footer to be made: what kind of part it is, and its paragraphs."""

    kind: str
    root: str
    content_type: str
    relationship: str


_HEADER = _Running("header", "w:hdr", CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER)
_FOOTER = _Running("footer", "w:ftr", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER)


def pages(document: Document, draft: Draft, styles: Mapping[str, str]) -> Pages:
    """Make headers and footers, and return the properties of portrait and landscape sections.

    Margins are those of the reference document; the size is the draft's. A landscape page has a header of its own,
    because the tab at its right edge stands elsewhere.
    """
    margins = _margins(document)
    width, height = _SIZES.get(draft.page, _SIZES["a4"])
    inner = max(width - margins["left"] - margins["right"] - margins["gutter"], _NARROWEST)
    turned = {name: min(value, _LANDSCAPE.get(name, value)) for name, value in margins.items()}
    landscape_inner = max(height - turned["left"] - turned["right"] - turned["gutter"], _NARROWEST)
    portrait = _section(_running(document, draft, styles, inner, 1), f'w:w="{width}" w:h="{height}"', margins)
    landscape = _section(
        _running(document, draft, styles, landscape_inner, 2),
        f'w:w="{height}" w:h="{width}" w:orient="landscape"',
        turned,
    )
    return Pages(portrait, landscape, inner, landscape_inner)


def _margins(document: Document) -> dict[str, int]:
    found: Any = document.element.body.find(f"{qn('w:sectPr')}/{qn('w:pgMar')}")
    if found is None:
        return dict(_MARGINS)
    return {name: _whole(found.get(qn(f"w:{name}")), usual) for name, usual in _MARGINS.items()}


def _whole(text: str | None, usual: int) -> int:
    try:
        return abs(int(text)) if text is not None else usual
    except ValueError:
        return usual


def _section(references: str, size: str, margins: Mapping[str, int]) -> str:
    edges = " ".join(f'w:{name}="{value}"' for name, value in margins.items())
    return f'<w:sectPr>{references}<w:pgSz {size}/><w:pgMar {edges}/><w:cols w:space="708"/></w:sectPr>'


def _running(document: Document, draft: Draft, styles: Mapping[str, str], width: int, number: int) -> str:
    tab = _tabs(document, styles, width)
    header = _header(draft, styles, tab)
    footer = _footer(draft, styles, tab)
    return "".join(
        f'<w:{made.kind}Reference w:type="default" r:id="{_part(document, made, paras, number)}"/>'
        for made, paras in ((_HEADER, header), (_FOOTER, footer))
    )


def _tabs(document: Document, styles: Mapping[str, str], width: int) -> str:
    """Write the tab at the right edge, and clear those that the styles of header and footer set elsewhere."""
    ids = (styles["header"], styles["footer"])
    found: set[int] = set()
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")) in ids:
            found |= {_whole(tab.get(qn("w:pos")), width) for tab in style.iter(qn("w:tab"))}
    cleared = "".join(f'<w:tab w:val="clear" w:pos="{place}"/>' for place in sorted(found - {width}))
    return f'{cleared}<w:tab w:val="right" w:pos="{width}"/>'


def _header(draft: Draft, styles: Mapping[str, str], tab: str) -> list[Para]:
    version = f"Version {draft.version}" if draft.version else ""
    right = ", ".join(filter(None, (version, draft.date)))
    paras = [Para(f"{run(draft.identifier)}<w:r><w:tab/></w:r>{run(right)}", styles["header"], tabs=tab)]
    return [*paras, Para(run(draft.banner), styles["banner"])] if draft.banner else paras


def _footer(draft: Draft, styles: Mapping[str, str], tab: str) -> list[Para]:
    counted = run("Page ") + field("PAGE", "1") + run(" of ") + field("NUMPAGES", "1")
    paras = [Para(f"{run(draft.footer)}<w:r><w:tab/></w:r>{counted}", styles["footer"], tabs=tab)]
    words = Para(run(draft.confidentiality), styles["confidentiality"])
    return [*paras, words] if draft.confidentiality else paras


def _part(document: Document, made: _Running, paras: list[Para], number: int) -> str:
    xml = f"<{made.root} {DECLARATIONS}>{''.join(para.xml() for para in paras)}</{made.root}>"
    blob = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml.encode()
    owner: Any = document.part
    part = Part(PackURI(f"/word/{made.kind}{number}.xml"), made.content_type, blob, owner.package)
    return str(owner.relate_to(part, made.relationship))
