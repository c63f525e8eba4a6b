"""CDISC USDM v4: recognise its files, refuse other versions and studies that are no trials, and carry over the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.exchange import (
    usdm_amendments,
    usdm_design,
    usdm_interventions,
    usdm_narrative,
    usdm_objectives,
    usdm_organisations,
    usdm_population,
    usdm_schedule,
    usdm_trial,
)
from protocolkit.exchange.formats import Format
from protocolkit.exchange.usdm_aside import ASIDE, put_aside
from protocolkit.exchange.usdm_model import Study, coded, things, told

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer

_VERSION = re.compile(r"4(?:\.[0-9]+){0,2}")
_PARTS = (
    usdm_trial.titles, usdm_trial.identifiers, usdm_organisations.organisations, usdm_trial.dates,
    usdm_amendments.amendments, usdm_design.design, usdm_interventions.interventions, usdm_design.epochs,
    usdm_design.arms, usdm_population.population, usdm_objectives.objectives, usdm_schedule.schedule,
    usdm_narrative.narrative, usdm_trial.abbreviations, usdm_trial.samples,
)  # fmt: skip
_OBSERVATIONAL = ("C16084", "observational study")
_NO_TRIAL = "an observational study assigns nobody to an intervention; the format describes trials that do"
_ONE = "the protocol file holds one version and one design; this one is left out"


def recognise(data: Any) -> bool:
    """Say whether data is a file of USDM, of whatever version."""
    if not isinstance(data, dict):
        return False
    return "usdmVersion" in data or _is_study(data.get("study")) or _is_study(data)


def _is_study(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("versions"), list)


def records(data: Any) -> list[Path]:
    """Return the path of the one study of a file."""
    del data
    return [()]


def refuse(record: Cursor) -> tuple[Cursor, str] | None:
    """Say where and why a study cannot become a protocol, None where it can."""
    stated = record["usdmVersion"]
    if not stated:
        return (
            record,
            "the file does not say which version of CDISC USDM it has; version 4 is imported, with usdmVersion",
        )
    if not _VERSION.fullmatch(str(stated.value).strip()):
        return stated, f"this is CDISC USDM {str(stated.value)[:40]}; only version 4 is imported"
    study = record["study"]
    if not study["versions"].rows:
        return study, "the study of this CDISC USDM file has no version"
    designs = _version(record)["studyDesigns"].rows
    if not designs:
        return _version(record), "the version of the study has no design"
    if not any(_is_trial(row) for row in designs):
        return designs[0]["studyType"] or designs[0], _NO_TRIAL
    return None


def _is_trial(design: Cursor) -> bool:
    kind = design["studyType"]
    observed = coded(kind)["code"].text == _OBSERVATIONAL[0] or told(kind).text.lower() == _OBSERVATIONAL[1]
    return (
        isinstance(design.value, dict) and not observed and (design["instanceType"].text != "ObservationalStudyDesign")
    )


def _version(record: Cursor) -> Cursor:
    """Return the version that is imported: the first of the file."""
    return record["study"]["versions"].rows[0]


def carry(t: Transfer, record: Cursor) -> None:
    """Carry a study over, part by part, and set aside what belongs to no protocol."""
    version = _version(record)
    design = next(row for row in version["studyDesigns"].rows if _is_trial(row))
    study = Study(t, record, version, design, things(t.source))
    for other in (*record["study"]["versions"].rows[1:], *version["studyDesigns"].rows):
        if other.path != design.path:
            t.lose("LOSS01", other, _ONE)
    for part in _PARTS:
        part(study)
    put_aside(t.source)


def name(record: Cursor) -> str:
    """Return the sponsor's number of a study, or the first one that it has."""
    rows = _version(record)["studyIdentifiers"].rows if record["study"]["versions"].rows else ()
    return next((row["text"].text for row in rows if row["text"].text), "")


def dated(record: Cursor) -> str:
    """Return the version of the study."""
    version = _version(record)["versionIdentifier"].text if record["study"]["versions"].rows else ""
    return f"version {version}" if version else ""


FORMAT = Format("usdm", "CDISC USDM v4", recognise, records, refuse, carry, name, dated, ASIDE)
