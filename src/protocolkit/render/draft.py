"""Make the whole draft: the title page, the notice, the amendment, and every section of the standard in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from protocolkit.document import canonical
from protocolkit.render import markup
from protocolkit.render.blocks import (
    Contents,
    Draft,
    Gap,
    Heading,
    Landscape,
    List,
    PageBreak,
    Paragraph,
    Placeholder,
    Table,
)
from protocolkit.render.functions import functions
from protocolkit.render.notice import BANNER, notice
from protocolkit.render.rest import remainder
from protocolkit.render.sections import expanded
from protocolkit.render.shortening import shortened
from protocolkit.render.tables_front import amendment_details, title_page
from protocolkit.render.values import Values
from protocolkit.render.view import Rest, View
from protocolkit.render.words import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Document
    from protocolkit.findings import Finding
    from protocolkit.render.blocks import Block, Blocks
    from protocolkit.render.sections import Section
    from protocolkit.render.templating import Templates

_LEVELS = ("primary", "secondary", "exploratory")


def build(document: Document, findings: Iterable[Finding], templates: Templates, page: str = "a4") -> Draft:
    """Return the draft of a document, whatever is missing or malformed in it.

    Raises RenderError for a fault in a template only.
    """
    view = View(Values(document, findings), document.root)
    front = (*title_page(view), PageBreak())
    amendment = amendment_details(view)
    body = tuple(block for section in _sections(view) for block in _section(section, view, templates))
    body = tuple(_filled(body, view))
    marked = list(_marked((*front, *amendment), body))
    told = notice(view, marked)
    blocks = (*front, *told, PageBreak(), *amendment, *((PageBreak(),) if amendment else ()), *_contents(), *body)
    return replace(_draft(view, shortened(blocks, document.root), page), marked=len(marked))


def _contents() -> Blocks:
    return (Heading(0, run("Table of Contents"), in_contents=False), Contents(), PageBreak())


def _draft(view: View, blocks: Blocks, page: str) -> Draft:
    root = view.values.root
    trial = root["trial"]
    fictional = root["fictional"].value is True
    return Draft(
        blocks=blocks,
        title=trial["full_title"].text or "Clinical trial protocol",
        identifier=trial["protocol_id"].text,
        version=trial["version"].text,
        date=trial["date"].text,
        subject="Clinical trial protocol (ICH M11)",
        banner=BANNER if fictional else "Draft",
        confidentiality=trial["confidentiality_statement"].text,
        footer=trial["footer_line"].text,
        page=page,
        canonical=canonical(view.values.document),
    )


def _sections(view: View) -> Iterator[Section]:
    levels = [item.at("level").text for item in view.each("/objectives")]
    counts = {level: levels.count(level) for level in _LEVELS}
    titles = [_title(item) for item in view.each("/appendices/additional")]
    return expanded(counts, titles)


def _title(item: View) -> str:
    item.values.mark(item.at("title"))
    return item.at("title").text or "Additional Appendix"


def _section(section: Section, view: View, templates: Templates) -> Iterator[Block]:
    yield Heading(section.level, run(section.title), section.number)
    narrative = view.at("/narrative")[section.number]
    made = templates.blocks(f"{section.template}.txt", functions(section, view))
    told: Blocks = ()
    if narrative.text and narrative.pointer not in view.values.faults:
        view.values.mark(narrative)
        told = markup.prose(narrative.text)
    made = tuple(block for block in made if not (told and _is_not_applicable(block)))
    if not made and not told and not section.heading_only:
        made = (Placeholder(section.what),)
    yield from (*made, *told)


def _is_not_applicable(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == "Not Applicable"


def _filled(blocks: Blocks, view: View) -> Iterator[Block]:
    """Put in what nothing else has printed, now that all sections are made."""
    for block in blocks:
        if isinstance(block, Rest):
            yield from remainder(view, block.place)
        elif _is_not_applicable(block) and isinstance(block, Paragraph):
            yield replace(block, style="Body Text")
        else:
            yield block


def _marked(front: Blocks, body: Blocks) -> Iterator[str]:
    """Yield for each place that is marked as missing where it stands: the number of its section, or the first pages."""
    yield from [""] * count(front)
    number = ""
    for block in body:
        number = block.number if isinstance(block, Heading) and block.number else number
        yield from [number] * _gaps(block)


def count(blocks: Iterable[Any]) -> int:
    """Count the gaps and placeholders of a document."""
    return sum(_gaps(block) for block in blocks)


def _gaps(part: Any) -> int:
    if isinstance(part, Placeholder | Gap):
        return 1
    match part:
        case Paragraph(content=content):
            return count(content)
        case Landscape(blocks=blocks):
            return count(blocks)
        case Table(rows=rows, caption=caption):
            return count(cell for row in rows for item in row.cells for cell in item.content) + count(caption)
        case List(items=items):
            return sum(count(item.content) + (_gaps(item.below) if item.below else 0) for item in items)
        case _:
            return count(part.content) if hasattr(part, "content") and not isinstance(part, str) else 0
