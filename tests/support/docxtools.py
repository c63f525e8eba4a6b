"""Look into a Word document: an outline as plain text, and what must hold for every document."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STORIES = re.compile(r"word/(?:document|header[0-9]+|footer[0-9]+)\.xml")


def part(data: bytes, name: str = "word/document.xml") -> Any:
    """Return the root element of one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def parts(data: bytes) -> list[str]:
    """Return the names of the parts in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def text(data: bytes) -> str:
    """Return all text of the body, a line for each paragraph."""
    return "\n".join(_text(paragraph) for paragraph in part(data).iter(f"{W}p"))


def outline(data: bytes) -> str:
    """Return the document as text: a line for each paragraph with its style, rows of tables with bars between cells."""
    names = {style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val") for style in _styles(data)}
    lines: list[str] = []
    for block in part(data)[0]:
        lines += _block(block, names)
    return "\n".join(lines) + "\n"


def _styles(data: bytes) -> list[Any]:
    return list(part(data, "word/styles.xml").iter(f"{W}style"))


def _block(block: Any, names: dict[str, str]) -> Iterator[str]:
    kind = etree.QName(block).localname
    if kind == "p":
        yield _paragraph(block, names)
    elif kind == "tbl":
        yield from _table(block)
    elif kind == "sdt":
        for child in block.find(f"{W}sdtContent"):
            yield from _block(child, names)
    elif kind == "sectPr":
        yield f"--- {_section(block)}"


def _paragraph(block: Any, names: dict[str, str]) -> str:
    style = block.find(f"{W}pPr/{W}pStyle")
    name = names.get(style.get(f"{W}val"), "?") if style is not None else "Normal"
    level = block.find(f"{W}pPr/{W}numPr/{W}ilvl")
    depth = f" ({level.get(f'{W}val')})" if level is not None else ""
    new_page = " new page" if block.find(f"{W}pPr/{W}pageBreakBefore") is not None else ""
    section = block.find(f"{W}pPr/{W}sectPr")
    end = f"\n--- {_section(section)}" if section is not None else ""
    return f"{name}{depth}{new_page}: {_text(block)}{end}"


def _section(section: Any) -> str:
    size = section.find(f"{W}pgSz")
    return f"{size.get(f'{W}orient', 'portrait')} {size.get(f'{W}w')} x {size.get(f'{W}h')}"


def _table(block: Any) -> Iterator[str]:
    for row in block.findall(f"{W}tr"):
        head = "=" if row.find(f"{W}trPr/{W}tblHeader") is not None else "|"
        yield f"{head} " + f" {head} ".join(_cell(cell) for cell in row.findall(f"{W}tc"))


def _cell(cell: Any) -> str:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    spans = f" <{span.get(f'{W}val')}>" if span is not None else ""
    return " / ".join(_text(paragraph) for paragraph in cell.findall(f"{W}p")) + spans


def _text(paragraph: Any) -> str:
    words: list[str] = []
    for element in paragraph.iter():
        if any(ancestor.tag == f"{MC}Fallback" for ancestor in element.iterancestors()):
            continue
        words.append(_word(element))
    return "".join(words).strip()


def _word(element: Any) -> str:
    kind = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if kind == "t" and element.tag.startswith(W):
        return element.text or ""
    if kind == "instrText":
        return "{" + (element.text or "").strip() + "}"
    return {"tab": "\t" if element.getparent().tag == f"{W}r" else "", "br": "\n"}.get(kind, "")


def invariants(data: bytes) -> list[str]:
    """Return what is wrong with a document beside its schema; an empty list is what a test wants."""
    faults = [*_package(data)]
    for name in parts(data):
        if _STORIES.fullmatch(name):
            faults += [f"{name}: {fault}" for fault in _story(part(data, name))]
    body = part(data)
    return [*faults, *_identity(body), *_targets(body), *_tables(body), *_defined(data, body), *_numbers(data, body)]


def _package(data: bytes) -> Iterator[str]:
    names = parts(data)
    if names[0] != "[Content_Types].xml" or names[1:] != sorted(names[1:]):
        yield "the parts are not in order"
    if any("thumbnail" in name for name in names):
        yield "there is a thumbnail"
    settings = part(data, "word/settings.xml")
    if any(settings.find(f"{W}{tag}") is not None for tag in ("rsids", "updateFields", "attachedTemplate")):
        yield "settings hold what does not belong there"


def _story(root: Any) -> Iterator[str]:
    """Check that fields nest and end, and that each cell ends with a paragraph."""
    open_fields: list[str] = []
    for mark in root.iter(f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append("begin")
        elif kind == "separate" and open_fields[-1:] == ["begin"]:
            open_fields[-1] = "separate"
        elif kind == "end" and open_fields[-1:] == ["separate"]:
            open_fields.pop()
        else:
            yield f"a field has {kind} out of place"
    if open_fields:
        yield "a field does not end"
    for cell in root.iter(f"{W}tc"):
        if cell[-1].tag != f"{W}p":
            yield "a cell does not end with a paragraph"
    if any(key.startswith(f"{W}rsid") for element in root.iter() for key in element.attrib):
        yield "there are editing session ids"


def _identity(body: Any) -> Iterator[str]:
    starts = list(body.iter(f"{W}bookmarkStart"))
    ends = [end.get(f"{W}id") for end in body.iter(f"{W}bookmarkEnd")]
    yield from _repeated("bookmark id", [start.get(f"{W}id") for start in starts])
    yield from _repeated("bookmark name", [start.get(f"{W}name").lower() for start in starts])
    yield from _repeated("control id", [found.get(f"{W}val") for found in body.iterfind(f".//{W}sdtPr/{W}id")])
    yield from _repeated("drawing id", [found.get("id") for found in body.iter(f"{WP}docPr")])
    if sorted(ends) != sorted(start.get(f"{W}id") for start in starts):
        yield "bookmarks do not end"
    for start in starts:
        if not re.fullmatch(r"[A-Za-z_]\w{0,39}", start.get(f"{W}name")):
            yield f"Word does not take the bookmark name {start.get(f'{W}name')}"
    for tag in body.iter(f"{W}tag", f"{W}alias"):
        if len(tag.get(f"{W}val")) > 64:
            yield f"too long: {tag.get(f'{W}val')}"


def _repeated(what: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what} {value} stands {count} times"


def _targets(body: Any) -> Iterator[str]:
    names = {start.get(f"{W}name") for start in body.iter(f"{W}bookmarkStart")}
    wanted = [link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")]
    for code in body.iter(f"{W}instrText"):
        found = re.match(r"\s*(?:REF|PAGEREF)\s+(\S+)", code.text or "")
        wanted += [found[1]] if found else []
    yield from (f"nothing is called {name}" for name in sorted(set(wanted) - names))


def _tables(body: Any) -> Iterator[str]:
    for table in body.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            total = sum(int(span.get(f"{W}val")) if span is not None else 1 for span in spans)
            if total != columns:
                yield f"a row spans {total} columns of {columns}"


def _defined(data: bytes, body: Any) -> Iterator[str]:
    styles = {style.get(f"{W}styleId") for style in _styles(data)}
    used = {found.get(f"{W}val") for found in body.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
    yield from (f"style {name} is not defined" for name in sorted(used - styles))
    numbering = part(data, "word/numbering.xml")
    abstracts = {found.get(f"{W}abstractNumId") for found in numbering.iter(f"{W}abstractNum")}
    numbers = {number.get(f"{W}numId") for number in numbering.findall(f"{W}num")}
    counted = {found.get(f"{W}val") for found in body.iter(f"{W}numId")}
    yield from (f"numbering {name} is not defined" for name in sorted(counted - numbers - {"0"}))
    for found in numbering.iterfind(f"{W}num/{W}abstractNumId"):
        if found.get(f"{W}val") not in abstracts:
            yield f"abstract numbering {found.get(f'{W}val')} is not defined"
    yield from _repeated("numbering", [number.get(f"{W}numId") for number in numbering.findall(f"{W}num")])


def _numbers(data: bytes, body: Any) -> Iterator[str]:
    """Check that the number in a section's bookmark is the one that the list will print."""
    levels = {
        style.get(f"{W}styleId"): int(name[-1])
        for style in _styles(data)
        if re.fullmatch(r"heading [1-5]", name := style.find(f"{W}name").get(f"{W}val").lower())
    }
    counts = [0] * 5
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        level = levels.get(style.get(f"{W}val"), 0) if style is not None else 0
        if not level:
            continue
        counts[level - 1] += 1
        counts[level:] = [0] * (5 - level)
        names = [start.get(f"{W}name") for start in paragraph.iter(f"{W}bookmarkStart")]
        number = "_".join(map(str, counts[:level]))
        yield from (f"{name} prints as {number}" for name in names if name[:4] == "sec_" and name[4:] != number)
