"""Open a reference document: empty its body, and give it the styles, numbering and settings that it lacks."""

from __future__ import annotations

import io
import zipfile
import zlib
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart
from lxml import etree

from protocolkit import resources
from protocolkit.errors import RenderError
from protocolkit.render.ooxml import parse
from protocolkit.render.ooxml_numbering import (
    HEADING_LEVELS,
    IN_TABLE,
    IN_TEXT,
    abstract,
    bullets,
    headings,
    instance,
    ordered,
    references,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document

_KEPT = {
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.FONT_TABLE,
    RELATIONSHIP_TYPE.THEME,
    RELATIONSHIP_TYPE.WEB_SETTINGS,
    RELATIONSHIP_TYPE.FOOTNOTES,
    RELATIONSHIP_TYPE.ENDNOTES,
}
_ROOTS = (qn("w:body"), qn("w:styles"), qn("w:settings"))
_HEADINGS = tuple(f"heading {level}" for level in range(1, HEADING_LEVELS + 1))
_POINTERS = ("w:basedOn", "w:next", "w:link")
# What python-docx, zipfile and lxml raise for bytes that are something else, or are damaged.
_NO_FILE = (
    zipfile.BadZipFile, zlib.error, OpcError, LookupError, ValueError, OSError, RuntimeError, EOFError, TypeError,
    AttributeError, etree.LxmlError,
)  # fmt: skip


def bundled() -> bytes:
    """Return the bundled reference document."""
    return resources.read_bytes("templates", "m11/reference.docx")


def open_reference(data: bytes | None) -> Document:
    """Open a reference document, the bundled one for None, and make it ready to be written into.

    Raises RenderError for bytes that are no Word document.
    """
    document = _opened(bundled() if data is None else data)
    if data is not None:
        _add_styles(document, _opened(bundled()))
    part: Any = document.part
    for key in [key for key, rel in part.rels.items() if rel.reltype not in _KEPT]:
        del part.rels[key]
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return document


def _opened(data: bytes) -> Document:
    try:
        document = docx.Document(io.BytesIO(data))
        found = (document.element.body.tag, document.styles.element.tag, document.settings.element.tag)
        _ = document.core_properties.title
        if found != _ROOTS:
            raise ValueError("its parts are not those of Word")
    except _NO_FILE as error:
        raise RenderError(f"the reference document is no Word document (.docx): {error}") from error
    return document


def style_ids(document: Document) -> dict[str, str]:
    """Return the ids of the styles by their names in lower case; Word translates ids, never the names in the file."""
    styles = document.styles.element.findall(qn("w:style"))
    return {_name(style): style.get(qn("w:styleId")) for style in styles}


def _name(style: Any) -> str:
    name = style.find(qn("w:name"))
    return str(name.get(qn("w:val"))).lower() if name is not None else ""


def _add_styles(document: Document, ours: Document) -> None:
    """Copy the styles that a sponsor's document lacks, under ids that are free there."""
    known, taken = style_ids(document), set(style_ids(document).values())
    to_name = {identifier: name for name, identifier in style_ids(ours).items()}
    added = []
    for style in ours.styles.element.findall(qn("w:style")):
        if _name(style) in known:
            continue
        copy = deepcopy(style)
        identifier = style.get(qn("w:styleId"))
        while identifier in taken:
            identifier += "0"
        copy.set(qn("w:styleId"), identifier)
        if copy.get(qn("w:default")):
            del copy.attrib[qn("w:default")]
        known[_name(style)] = identifier
        taken.add(identifier)
        added.append(copy)
    for copy in added:
        _point(copy, to_name, known)
        document.styles.element.append(copy)


def _point(style: Any, to_name: Mapping[str, str], known: Mapping[str, str]) -> None:
    for tag in _POINTERS:
        pointer = style.find(qn(tag))
        if pointer is not None:
            pointer.set(qn("w:val"), known[to_name[pointer.get(qn("w:val"))]])
    properties = style.find(qn("w:pPr"))
    numbering = properties.find(qn("w:numPr")) if properties is not None else None
    if numbering is not None:
        properties.remove(numbering)


def numbering_root(document: Document) -> Any:
    """Return the root of the numbering part, made where the document has none."""
    part: Any = document.part
    for rel in part.rels.values():
        if rel.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return rel.target_part.element
    root = parse("<w:numbering/>")
    made = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, root, part.package)
    part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return root


def add_lists(document: Document) -> dict[str, int]:
    """Add the definitions that lists use and return their numbers by name.

    Headings and the reference list are bound to their styles where the reference document does not number them.
    """
    root, styles = numbering_root(document), style_ids(document)
    for mark in root.findall(qn("w:numIdMacAtCleanup")):
        root.remove(mark)  # it must stand last, and says nothing that is needed
    free = 1 + max((int(found.get(qn("w:abstractNumId"))) for found in root.findall(qn("w:abstractNum"))), default=0)
    number = next_number(root)
    wanted = {
        "bullets": bullets(IN_TEXT), "ordered": ordered(IN_TEXT), "table bullets": bullets(IN_TABLE),
        "table ordered": ordered(IN_TABLE),
    }  # fmt: skip
    lists: dict[str, int] = {}
    for name, levels in wanted.items():
        lists[name] = free + len(lists)
        insert_abstract(root, abstract(lists[name], levels))
    for step, name in enumerate(("bullets", "table bullets")):
        lists[f"{name} instance"] = number + step
        root.append(parse(instance(number + step, lists[name])))
    if not _numbered(document, _HEADINGS):
        ids = tuple(styles[name] for name in _HEADINGS)
        bind(document, abstract(free + len(wanted), headings(ids)), ids)
    if not _numbered(document, ("bibliography",)):
        ids = (styles["bibliography"],)
        bind(document, abstract(free + len(wanted) + 1, references(ids[0])), ids)
    return lists


def next_number(root: Any) -> int:
    """Return the first free number of a numbering instance."""
    return 1 + max((int(found.get(qn("w:numId"))) for found in root.findall(qn("w:num"))), default=0)


def insert_abstract(root: Any, xml: str) -> None:
    """Add an abstract definition; the schema wants them before the instances."""
    first = root.find(qn("w:num"))
    if first is None:
        root.append(parse(xml))
    else:
        first.addprevious(parse(xml))


def bind(document: Document, xml: str, ids: tuple[str, ...]) -> None:
    """Add a definition with one instance, and let styles be counted by it, level by level."""
    root = numbering_root(document)
    insert_abstract(root, xml)
    number, of = next_number(root), int(parse(xml).get(qn("w:abstractNumId")))
    root.append(parse(instance(number, of)))
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")) in ids:
            level = ids.index(style.get(qn("w:styleId")))
            counting = style.get_or_add_pPr().get_or_add_numPr()
            for child in list(counting):
                counting.remove(child)
            counting.append(_valued("w:ilvl", level))
            counting.append(_valued("w:numId", number))


def _valued(tag: str, value: object) -> Any:
    element: Any = OxmlElement(tag)
    element.set(qn("w:val"), str(value))
    return element


def _numbered(document: Document, names: tuple[str, ...]) -> bool:
    """Say whether one list numbers all these styles."""
    found = set()
    for style in document.styles.element.findall(qn("w:style")):
        if _name(style) in names:
            number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
            found.add(number.get(qn("w:val")) if number is not None else None)
    return len(found) == 1 and not found & {None, "0"}
