"""Put beside the text what travels with it, and zip the package so that equal content gives equal bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part

from protocolkit.render.ooxml import escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from docx.document import Document

    from protocolkit.render.word_inlines import Control

NAMESPACE = "urn:protocolkit:word:1"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_CONTENT_TYPES = "[Content_Types].xml"
_LEVEL = 6
_REGULAR_FILE = 0o100644 << 16


def carry(document: Document, canonical: bytes, controls: Mapping[str, Control]) -> None:
    """Add the custom XML part: where each content control belongs, and the protocol as canonical JSON with its hash."""
    owner: Any = document.part
    item = _item(canonical, controls)
    part = Part(PackURI("/customXml/item1.xml"), "application/xml", item, owner.package)
    owner.relate_to(part, f"{_RELATIONSHIPS}/customXml")
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)).upper()
    properties = (
        f'{_HEAD}<ds:datastoreItem xmlns:ds="{_PROPERTIES}" ds:itemID="{{{name}}}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    described = Part(PackURI("/customXml/itemProps1.xml"), _PROPERTIES_TYPE, properties.encode(), owner.package)
    part.relate_to(described, f"{_RELATIONSHIPS}/customXmlProps")


def _item(canonical: bytes, controls: Mapping[str, Control]) -> bytes:
    listed = "".join(
        f'<control tag="{tag}" locator="{escape(control.locator)}"/>'
        for tag, control in sorted(controls.items(), key=lambda item: item[1].locator)
        if control.label or control.locator.startswith("/")
    )
    digest = hashlib.sha256(canonical).hexdigest()
    words, encoding = _carried(canonical)
    protocol = f'<protocol sha256="{digest}" encoding="{encoding}">{words}</protocol>' if canonical else ""
    xml = f'{_HEAD}<document xmlns="{NAMESPACE}"><controls>{listed}</controls>{protocol}</document>'
    return xml.encode()


def _carried(canonical: bytes) -> tuple[str, str]:
    """Return the JSON as text where XML gives it back unchanged, else in base 64, so that the hash always holds."""
    text = canonical.decode("utf-8", "replace")
    safe = text.encode() == canonical and "\r" not in text
    marked = escape(text)
    if safe and marked.count("\N{REPLACEMENT CHARACTER}") == text.count("\N{REPLACEMENT CHARACTER}"):
        return marked, "json"
    return base64.b64encode(canonical).decode("ascii"), "base64"


def saved(document: Document, when: dt.datetime) -> bytes:
    """Save the package, then zip it anew: fixed order, dates, attributes and compression."""
    first = io.BytesIO()
    document.save(first)
    result = io.BytesIO()
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _CONTENT_TYPES, name)):
            entry = zipfile.ZipInfo(name, (when.year, when.month, when.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _REGULAR_FILE
            target.writestr(entry, source.read(name), compresslevel=_LEVEL)
    return result.getvalue()
