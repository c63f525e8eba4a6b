"""ClinicalTrials.gov API v2: recognise its records, refuse those that describe no trial, and carry over the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.exchange import ctgov_arms, ctgov_design, ctgov_outcomes, ctgov_population, ctgov_trial
from protocolkit.exchange.ctgov_aside import ASIDE
from protocolkit.exchange.formats import Format

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer

_NUMBER = re.compile(r"NCT[0-9]{8}")
_PARTS = (
    ctgov_trial.titles, ctgov_trial.numbers, ctgov_trial.dates, ctgov_trial.sponsor, ctgov_trial.people,
    ctgov_trial.places, ctgov_trial.regulators, ctgov_design.description, ctgov_design.design,
    ctgov_population.population, ctgov_arms.arms_and_interventions, ctgov_outcomes.outcomes, ctgov_design.oversight,
    ctgov_design.sharing, ctgov_design.references,
)  # fmt: skip
_OTHER = {
    "OBSERVATIONAL": "an observational study assigns nobody to an intervention; the format describes trials that do",
    "EXPANDED_ACCESS": "expanded access gives a product outside a trial; the format describes trials",
}
_OBSERVATIONAL = ("observationalModel", "timePerspective")


def recognise(data: Any) -> bool:
    """Say whether data is a record, a page of records or a list of records of this registry."""
    rows = _list(data)
    if rows is not None:
        return any(_is_record(row) for row in rows)
    return _is_record(data)


def records(data: Any) -> list[Path]:
    """Return the paths of the records in data that was recognised."""
    rows = _list(data)
    if rows is None:
        return [()]
    base: Path = ("studies",) if isinstance(data, dict) else ()
    return [(*base, index) for index in range(len(rows))]


def _list(data: Any) -> list[Any] | None:
    rows = data.get("studies") if isinstance(data, dict) else data
    return rows if isinstance(rows, list) else None


def _is_record(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("protocolSection"), dict)


def refuse(record: Cursor) -> tuple[Cursor, str] | None:
    """Say where and why a record cannot become a protocol, None where it can."""
    if not _is_record(record.value):
        return record, "this is no record of ClinicalTrials.gov: it has no protocolSection"
    section = record["protocolSection"]
    kind = section["designModule"]["studyType"]
    if kind.text in _OTHER:
        return kind, _OTHER[kind.text]
    if kind and kind.text != "INTERVENTIONAL":
        return kind, f'the study type "{str(kind.value)[:60]}" is not known; only interventional trials are imported'
    info = section["designModule"]["designInfo"]
    told = next((info[name] for name in _OBSERVATIONAL if info[name]), None)
    if told is not None:
        return told, _OTHER["OBSERVATIONAL"]
    if not section["identificationModule"]["nctId"] and not section["identificationModule"]["briefTitle"]:
        return section, "the record names neither its number nor its title"
    return None


def carry(t: Transfer, record: Cursor) -> None:
    """Carry a record over, part by part, and set aside what belongs to no protocol."""
    section = record["protocolSection"]
    for part in _PARTS:
        part(t, section)
    ctgov_design.documents(t, record)
    kind = section["designModule"]["studyType"]
    if not kind:
        t.lose("LOSS07", kind, "the record does not say that the trial is interventional; it was taken as one")


def name(record: Cursor) -> str:
    """Return the number of a record; an empty text where it has none."""
    module = record["protocolSection"]["identificationModule"]
    number = module["nctId"].text
    return number if _NUMBER.fullmatch(number) else ""


def dated(record: Cursor) -> str:
    """Return the date of the record as it stands."""
    status = record["protocolSection"]["statusModule"]
    return status["lastUpdatePostDateStruct"]["date"].text or status["lastUpdateSubmitDate"].text


FORMAT = Format("ctgov", "ClinicalTrials.gov API v2", recognise, records, refuse, carry, name, dated, ASIDE)
