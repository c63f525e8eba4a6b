"""Set what a document says of itself: language, compatibility and core properties, without a clock."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from protocolkit.render.ooxml import shortened

if TYPE_CHECKING:
    from docx.document import Document

    from protocolkit.render.blocks import Draft

_AUTHOR = "protocolkit"
_WORD_2013 = "15"
_COMPATIBILITY = "http://schemas.microsoft.com/office/word"
# Core properties end at 255 characters in Word.
_LONGEST = 255
# Editing sessions, links to other files, prompts at opening, and even pages without our header.
_UNWANTED = (
    "w:rsids", "w:attachedTemplate", "w:updateFields", "w:mailMerge", "w:evenAndOddHeaders", "w:documentProtection",
    "w:linkStyles",
)  # fmt: skip
# What the schema puts after each of the two elements that may have to be added.
_AFTER_LANGUAGE = (
    "clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade", "captions",
    "readModeInkLockDown", "smartTagType", "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol",
    "listSeparator",
)  # fmt: skip
_AFTER_COMPAT = ("docVars", "mathPr", "attachedSchema", "themeFontLang", *_AFTER_LANGUAGE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_EARLIEST = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - python-docx takes naive times as UTC
_LATEST_YEAR = 2107


def moment(date: str) -> dt.datetime:
    """Return the time that stands in the package: midnight of an ISO date, else the beginning of 1980."""
    try:
        found = dt.datetime.fromisoformat(date[:10])
    except ValueError:
        return _EARLIEST
    return found if _EARLIEST.year <= found.year <= _LATEST_YEAR else _EARLIEST


def set_up(document: Document, draft: Draft) -> None:
    """Set language, compatibility and core properties."""
    language = draft.language if _LANGUAGE.fullmatch(draft.language) else "en-GB"
    _settings(document, language)
    _language(document, language)
    _properties(document, draft, language)
    for name in ("thumbnail", "custom-properties"):
        _drop(document.part.package, name)


def _settings(document: Document, language: str) -> None:
    root: Any = document.settings.element
    for tag in _UNWANTED:
        for child in root.findall(qn(tag)):
            root.remove(child)
    for rel in document.part.rels.values():
        if rel.reltype == RELATIONSHIP_TYPE.SETTINGS:
            _drop(rel.target_part, "attachedTemplate")
    _mode(_child(root, "w:compat", _AFTER_COMPAT))
    _child(root, "w:themeFontLang", _AFTER_LANGUAGE).set(qn("w:val"), language)


def _mode(compat: Any) -> None:
    for child in compat.findall(qn("w:compatSetting")):
        if child.get(qn("w:name")) == "compatibilityMode":
            compat.remove(child)
    setting: Any = OxmlElement("w:compatSetting")
    for key, value in (("name", "compatibilityMode"), ("uri", _COMPATIBILITY), ("val", _WORD_2013)):
        setting.set(qn(f"w:{key}"), value)
    compat.append(setting)


def _child(parent: Any, tag: str, after: tuple[str, ...]) -> Any:
    """Return a child element, made in its place where it is missing."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        later = [child for child in parent if child.tag.rpartition("}")[2] in after]
        if later:
            later[0].addprevious(found)
        else:
            parent.append(found)
    return found


def _language(document: Document, language: str) -> None:
    root: Any = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = OxmlElement("w:docDefaults")
        root.insert(0, defaults)
    run = _child(_child(defaults, "w:rPrDefault", ("pPrDefault",)), "w:rPr", ())
    _child(run, "w:lang", ("eastAsianLayout", "specVanish", "oMath")).set(qn("w:val"), language)
    for element in root.iter(qn("w:rsid")):
        element.getparent().remove(element)


def _properties(document: Document, draft: Draft, language: str) -> None:
    properties = document.core_properties
    when = moment(draft.date)
    properties.title = shortened(draft.title, _LONGEST)
    properties.subject = shortened(draft.subject, _LONGEST)
    properties.keywords = shortened(draft.identifier, _LONGEST)
    properties.version = shortened(draft.version, _LONGEST)
    properties.language = language
    properties.author = properties.last_modified_by = _AUTHOR
    properties.category = properties.comments = ""
    properties.revision = 1
    properties.created = properties.modified = when


def _drop(source: Any, kind: str) -> None:
    for key in [key for key, rel in source.rels.items() if rel.reltype.endswith(f"/{kind}")]:
        del source.rels[key]
