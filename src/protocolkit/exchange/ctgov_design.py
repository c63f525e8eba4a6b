"""ClinicalTrials.gov: design, masking, purpose, oversight, description, references and sharing of data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange.ctgov_terms import INFO_TYPES, MASKED, MASKINGS, MODELS, PURPOSES

if TYPE_CHECKING:
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer

_ESCAPED = re.compile(r"\\([<>\[\]])")
_BULLET = re.compile(r"^([ \t]*)\* ", re.MULTILINE)
_DOI = re.compile(r"\bdoi: ?(10\.[0-9]{4,9}/[^\s]+?)(?=[.,;]?(?:\s|$))", re.IGNORECASE)
_BLIND = {"INVESTIGATOR", "CARE_PROVIDER"}
_NO_REASON = "The registry record says that {}; it gives no reason."


def prose(t: Transfer, cursor: Cursor) -> str:
    """Return a text of the record in the marks of the format: bullets as hyphens, brackets without a backslash."""
    text = t.own(cursor)
    return _BULLET.sub(r"\1- ", _ESCAPED.sub(r"\1", text)) if isinstance(text, str) else ""


def description(t: Transfer, section: Cursor) -> None:
    """Carry the summary to the purpose of the trial, the detailed description to the section on the design."""
    module, info = section["descriptionModule"], section["designModule"]["designInfo"]
    t.add_text(("introduction", "purpose"), module["briefSummary"], prose(t, module["briefSummary"]))
    for text in (module["detailedDescription"], info["interventionModelDescription"]):
        t.add_text(("narrative", "4.1"), text, prose(t, text))


def design(t: Transfer, section: Cursor) -> None:
    """Carry model, allocation, purpose and masking."""
    module = section["designModule"]
    info = module["designInfo"]
    if module["studyType"]:
        module["studyType"].aside("every file of the format describes an interventional trial")
    t.term(("design", "model"), info["interventionModel"], MODELS)
    _allocation(t, info["allocation"])
    purpose = info["primaryPurpose"]
    if purpose.text in PURPOSES:
        t.put(("design", "primary_purpose"), purpose, PURPOSES[purpose.text])
    _masking(t, info["maskingInfo"])


def _allocation(t: Transfer, allocation: Cursor) -> None:
    if allocation.text == "RANDOMIZED":
        t.put(("design", "randomisations", 0, "id"), allocation, "RANDOMISATION")
    elif allocation.text == "NON_RANDOMIZED":
        to = ("design", "assignment")
        t.put(to, allocation, "Not randomised. How participants come to an arm is not stated in the registry record.")
        t.keep_words(allocation, to, "how participants come to an arm is not stated")
    elif allocation.text == "NA":
        allocation.aside("says that there is one arm and no assignment")
    elif allocation:
        t.lose(
            "LOSS03",
            allocation,
            f'the format has no term for the allocation "{allocation.text[:60]}"',
            ("design", "randomisations"),
        )


def _masking(t: Transfer, info: Cursor) -> None:
    masked, to = info["masking"], ("design", "blinding", "schema")
    roles = {row.text for row in info["whoMasked"].rows}
    if masked.text == "SINGLE" and roles == {"OUTCOMES_ASSESSOR"}:
        t.put(to, masked, "observer_blind")
    elif masked.text in ("TRIPLE", "QUADRUPLE") and "PARTICIPANT" in roles and roles & _BLIND:
        t.put(to, masked, "double_blind")
        t.keep_words(masked, to, "the closest term is double_blind; who is blinded stands in the roles")
    else:
        t.term(to, masked, MASKINGS)
    for row in info["whoMasked"].rows:
        t.term(("design", "blinding", "roles", t.count(("design", "blinding", "roles"))), row, MASKED)
    t.put(("design", "blinding", "method"), info["maskingDescription"])


def oversight(t: Transfer, section: Cursor) -> None:
    """Say whether there is a data monitoring committee."""
    dmc, to = section["oversightModule"]["oversightHasDmc"], ("oversight", "committees", "dmc")
    if dmc.value is True:
        t.put((*to, "role"), dmc, "data monitoring; that there is a committee is all that the registry record says")
    elif dmc.value is False:
        t.put((*to, "none_reason"), dmc, _NO_REASON.format("there is no data monitoring committee"))
        t.keep_words(dmc, to, "the record gives no reason for having no committee")


def references(t: Transfer, section: Cursor) -> None:
    """Carry references and links."""
    module = section["referencesModule"]
    for row in module["references"].rows:
        at = ("references", t.count(("references",)))
        pmid, citation = row["pmid"], row["citation"]
        text = t.own(citation) if citation.text else ""
        shown = f"{text} PMID {pmid.text}." if text and pmid.text else text or f"PMID {pmid.text}."
        if not t.put((*at, "text"), citation or pmid, shown):
            continue
        t.name((*at, "key"), f"R{at[1] + 1}")
        pmid.take((*at, "text"))
        if match := _DOI.search(text):
            t.put((*at, "doi"), citation, match[1], words=match[0])
    for row in module["seeAlsoLinks"].rows:
        at = ("references", t.count(("references",)))
        parts = [part for part in (row["label"], row["url"]) if part.text]
        if parts and t.put((*at, "text"), parts[0], ". ".join(str(t.own(part)) for part in parts)):
            t.name((*at, "key"), f"R{at[1] + 1}")
            for part in parts:
                part.take((*at, "text"))


def sharing(t: Transfer, section: Cursor) -> None:
    """Say which data are shared, when and how."""
    module, to = section["ipdSharingStatementModule"], ("oversight", "data_sharing")
    decision, told = module["ipdSharing"], prose(t, module["description"])
    if decision.text == "NO":
        why = told or _NO_REASON.format("individual data are not shared")
        t.put((*to, "none_reason"), decision, why)
        if told:
            module["description"].take((*to, "none_reason"))
        return
    kinds = [row for row in module["infoTypes"].rows if row.text in INFO_TYPES]
    if decision.text in ("YES", "UNDECIDED"):
        listed = ", ".join(INFO_TYPES[row.text] for row in kinds)
        start = "Individual participant data" if decision.text == "YES" else "Not decided yet"
        t.put((*to, "what"), decision, f"{start}; also {listed}." if listed else f"{start}.")
        for row in kinds:
            row.take((*to, "what"))
    t.add_text((*to, "what"), module["description"], told)
    t.put((*to, "when"), module["timeFrame"])
    t.add_text((*to, "access"), module["accessCriteria"], prose(t, module["accessCriteria"]))
    t.add_text((*to, "access"), module["url"])


def documents(t: Transfer, record: Cursor) -> None:
    """Say where protocol and analysis plan can be found: among the uploaded documents."""
    homes = (("hasProtocol", "protocol_access"), ("hasSap", "sap_access"))
    for row in record["documentSection"]["largeDocumentModule"]["largeDocs"].rows:
        parts = [row[name] for name in ("label", "date", "filename") if row[name].text]
        told = ", ".join(str(t.own(part)) for part in parts)
        for flag, key in homes:
            to = ("oversight", "dissemination", key)
            if told and row[flag].value is True and t.add_text(to, parts[0], f"In the registry record: {told}."):
                for part in parts:
                    part.take(to)
