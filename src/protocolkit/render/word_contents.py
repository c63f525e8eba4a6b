"""Write the table of contents with its entries filled, so that it can be read before any program has updated it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.ooxml import Para, field, link, run

if TYPE_CHECKING:
    from protocolkit.render.ooxml import Piece
    from protocolkit.render.word_inlines import Scribe
    from protocolkit.render.word_survey import Entry

# No `updateFields` in the settings and no `dirty` field: both make Word ask, at every opening, whether the document
# may be trusted. The entries are right as written and lead to their headings; "Update table" above them fills in the
# page numbers, which only a program that lays out pages can know. Until then their place stays empty, without dots
# that would lead to nothing.
_INSTRUCTION = r"TOC \o &quot;1-3&quot; \h \z \u"
_NUMBER_ENDS = {1: 567, 2: 1247, 3: 2041}


def contents(scribe: Scribe) -> list[Piece]:
    """Write the table of contents as the control that Word offers to update."""
    entries = scribe.survey.contents
    pages = [str(page) for page in scribe.pages] if len(scribe.pages) == len(entries) else [""] * len(entries)
    lines = [_line(scribe, entry, page) for entry, page in zip(entries, pages, strict=True)]
    lines = lines or [Para(run("No headings."), scribe.style("toc 1"))]
    first, last = _begin(), '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    lines[0] = _around(lines[0], first, "")
    lines[-1] = _around(lines[-1], "", last)
    _, number = scribe.ledger.control("table of contents", "")
    inside = "".join(line.xml() for line in lines)
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
    return [
        f'<w:sdt><w:sdtPr><w:id w:val="{number}"/>{gallery}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>',
    ]


def _begin() -> str:
    instruction = f'<w:instrText xml:space="preserve"> {_INSTRUCTION} </w:instrText>'
    parts = ('<w:fldChar w:fldCharType="begin"/>', instruction, '<w:fldChar w:fldCharType="separate"/>')
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def _around(para: Para, before: str, after: str) -> Para:
    return Para(before + para.runs + after, para.style, tabs=para.tabs)


def _line(scribe: Scribe, entry: Entry, page: str) -> Para:
    number = run(f"{entry.number}\t") if entry.number else ""
    runs = number + run(entry.title) + run("\t") + field(rf"PAGEREF {entry.name} \h", page)
    left = f'<w:tab w:val="left" w:pos="{_NUMBER_ENDS[entry.level]}"/>' if entry.number else ""
    leader = "dot" if page else "none"
    tabs = f'{left}<w:tab w:val="right" w:leader="{leader}" w:pos="{scribe.width}"/>'
    return Para(link(entry.name, runs), scribe.style(f"toc {entry.level}"), tabs=tabs)
