"""USDM: the text of documents, put under the ICH M11 section that has its heading, else into an appendix."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

from protocolkit.exchange.usdm_model import chain, told
from protocolkit.resources import read_text

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

# Headings of earlier drafts of ICH M11, and of protocols before it, with the section of today that holds the same.
_ALSO = {
    "overview of trial interventions": "6.1", "description of investigational trial intervention": "6.1",
    "description of trial intervention": "6.1", "rationale for trial intervention": "6.2",
    "dosing and administration": "6.3", "dosage and administration": "6.3",
    "trial intervention dose modification": "6.4", "treatment of overdose": "6.5",
    "preparation handling storage and accountability": "6.6", "preparation of trial intervention": "6.6.1",
    "handling and storage of trial intervention": "6.6.2", "accountability of trial intervention": "6.6.3",
    "participant assignment": "6.7.1", "patient assignment": "6.7.1", "blinding": "6.7.3",
    "blinding and unblinding": "6.7.3", "trial intervention compliance": "6.8", "compliance": "6.8",
    "investigational trial intervention compliance": "6.8",
    "description of non investigational trial intervention s": "6.9", "background intervention": "6.9.1",
    "other non investigational intervention": "6.9.3", "other therapy": "6.9.3",
    "summary of benefits and risks": "2.2", "benefit summary": "2.2.2", "overall benefit risk conclusion": "2.2.3",
    "trial objectives and estimands": "3", "trial objectives endpoints and estimands": "3",
    "participant input into design": "4.1.1", "rationale for estimands": "4.2.1", "rationale for comparator": "4.2.3",
    "rationale for duration": "4.2.4", "other trial design considerations": "4.2.7",
    "selection of trial population": "5.1", "study population": "5.1", "rationale for trial population": "5.1",
    "lifestyle considerations": "5.5", "caffeine alcohol tobacco and other habits": "5.5.2",
    "physical activity": "5.5.3", "other activity": "5.5.4", "screen failures": "5.6",
    "discontinuation of trial intervention": "7.1",
    "criteria for permanent discontinuation of trial intervention": "7.1.1",
    "temporary discontinuation or interruption of trial intervention": "7.1.2",
    "participant withdrawal from the trial": "7.2", "discontinuation or withdrawal from the trial": "7.2",
    "lost to follow up": "7.3", "genetics": "8.6.1", "genetics and pharmacogenomics": "8.6.1",
    "clinical laboratory tests": "12.1", "sample size": "10.11", "informed consent": "11.3",
    "regulatory considerations": "11.1", "insurance": "11.5", "risk management": "11.6", "source data": "11.9",
    "early site closure or trial termination": "11.11", "introduction": "2", "references": "14",
    "glossary of terms": "13", "analysis of exploratory objective s": "10.6",
    "analyses supporting primary objective s": "10.4", "analysis supporting secondary objective s": "10.5",
    "inclusion criteria": "5.2", "exclusion criteria": "5.3", "primary objectives": "3.1",
    "secondary objectives": "3.2", "schedule of activities": "1.3",
}  # fmt: skip
_M11 = re.compile(r"\bM11\b", re.IGNORECASE)
_SHOWN = 400
_PLAIN = "the heading stands under another number in ICH M11"
_LIST = "shows values that stand elsewhere in the source, and are carried from there"


def narrative(s: Study) -> None:
    """Carry the texts of documents, those that follow ICH M11 first; the same text is carried once."""
    documents = s.record["study"]["documentedBy"].rows
    carried: dict[str, Path] = {}
    for document in sorted(documents, key=lambda row: not _M11.search(row["templateName"].text)):
        for version in document["versions"].rows:
            for row in chain(version["contents"].rows):
                _content(s, row, carried)
    for document in documents:
        _document(document)
    if texts := s.t.data.get("narrative"):
        s.t.data["narrative"] = dict(sorted(texts.items(), key=lambda row: [int(step) for step in row[0].split(".")]))


def _document(document: Cursor) -> None:
    told(document["language"]).aside("the language of the source document")
    told(document["type"]).aside("the kind of the source document")
    document["templateName"].aside("the template of the source document")
    for version in document["versions"].rows:
        told(version["status"]).aside("how far the source document has come")


def _content(s: Study, row: Cursor, carried: dict[str, Path]) -> None:
    for key in ("sectionNumber", "sectionTitle"):
        row[key].aside("a heading of the source document")
    item = s.find(row["contentItemId"], "NarrativeContentItem")
    if item is None:
        return
    row["contentItemId"].aside("says which text stands under a heading")
    found = s.read(item["text"])
    if found.pictures:
        s.t.lose("LOSS01", item["text"], f"{found.pictures} picture(s) of the text cannot be held", ("narrative",))
    if found.is_list_of_references:
        item["text"].aside(_LIST)
        _told_words(s, row, item["text"], found.outside)
    elif found.text in carried:
        item["text"].take(carried[found.text])
    elif not found.text:
        item["text"].aside("marks without words")
    else:
        carried[found.text] = to = _write(s, row, item["text"], found.text)
        if found.tables:
            shown = s.words(row["sectionTitle"])[:60]
            s.t.lose("LOSS02", item["text"], f'a table under "{shown}" is kept as a list of its rows', to)


def _told_words(s: Study, row: Cursor, text: Cursor, outside: str) -> None:
    """Say which words stand around the values of a text that is set aside."""
    if outside:
        title = s.words(row["sectionTitle"])[:60]
        message = f'the text under "{title}" {_LIST}; the words around them are left out: "{outside[:_SHOWN]}"'
        s.t.lose("LOSS02", text, message, ("narrative",), hint="put what should be said into narrative")


def _write(s: Study, row: Cursor, text: Cursor, words: str) -> Path:
    """Put a text under its heading, or into an appendix of its own; return its place."""
    number, title = row["sectionNumber"].text.rstrip("."), s.words(row["sectionTitle"])
    place = _headings().get(_bare(title), "")
    if not place:
        at = ("appendices", "additional", s.t.count(("appendices", "additional")))
        named = " ".join(part for part in (number, title) if part) or "Text without a heading"
        s.put((*at, "title"), [text], named)
        s.t.put((*at, "text"), text, words)
        _take_heading(row, at)
        return (*at, "text")
    to: Path = ("narrative", place)
    s.add(to, [text], words)
    _take_heading(row, to)
    if place != number:
        shown = f'section {number or "without a number"} "{title[:60]}"'
        s.t.lose("LOSS02", text, f"{shown} is put under {place}: {_PLAIN}", to)
    return to


def _take_heading(row: Cursor, to: Path) -> None:
    for key in ("sectionNumber", "sectionTitle"):
        if row[key].text:
            row[key].take(to)


@cache
def _headings() -> dict[str, str]:
    """Return the number of the section of each heading; headings that stand twice have none."""
    rows = json.loads(read_text("templates", "m11/sections.json"))["sections"]
    found: dict[str, str] = {}
    for row in rows:
        name = _bare(row["title"])
        if re.fullmatch(r"[0-9.]+", row["number"]) and "<" not in row["title"]:
            found[name] = "" if name in found else row["number"]
    return {**_ALSO, **found}


def _bare(title: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", title.lower())).removeprefix("appendix ")
