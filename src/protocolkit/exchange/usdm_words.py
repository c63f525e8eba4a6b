"""USDM: terms of the format for codes and words of CDISC and ICH, and units for those of UCUM and NCIt."""

from __future__ import annotations

import re
from functools import cache

from protocolkit.library import terms
from protocolkit.quantities import units

# Words that published USDM files use for a term beside those of the lists themselves.
_ALSO: dict[str, dict[str, str]] = {
    "phase": {
        "phase i trial": "Phase 1", "phase i/ii trial": "Phase 1/Phase 2", "phase ii trial": "Phase 2",
        "phase ii/iii trial": "Phase 2/Phase 3", "phase iii trial": "Phase 3", "phase iv trial": "Phase 4",
        "early phase i": "Early Phase 1", "phase 0 trial": "Early Phase 1",
    },
    "model": {
        "parallel study": "parallel", "crossover study": "crossover", "factorial study": "factorial",
        "single group study": "single_group", "group sequential design": "sequential",
    },
    "blinding_schema": {
        "double blind study": "double_blind", "single blind study": "single_blind",
        "open label study": "open_label", "observer blind study": "observer_blind",
    },
    "arm_type": {
        "placebo control arm": "placebo_comparator", "placebo comparator arm": "placebo_comparator",
        "active comparator arm": "active_comparator", "investigational arm": "experimental",
        "experimental arm": "experimental", "control arm": "control", "no intervention arm": "no_intervention",
        "sham comparator arm": "sham_comparator",
    },
    "epoch_type": {
        "screening epoch": "screening", "treatment epoch": "treatment", "follow-up epoch": "follow_up",
        "run-in epoch": "run_in", "washout epoch": "washout", "run-in period": "run_in",
        "washout period": "washout",
    },
    "objective_level": {
        "primary objective": "primary", "secondary objective": "secondary", "exploratory objective": "exploratory",
        "trial primary objective": "primary", "trial secondary objective": "secondary",
        "primary endpoint": "primary", "secondary endpoint": "secondary", "exploratory endpoint": "exploratory",
    },
    "kind": {
        "pharmacologic substance": "drug", "device": "device", "biological agent": "biologic",
        "biological product": "biologic", "dietary supplement": "dietary", "diagnostic procedure": "diagnostic",
        "surgical procedure": "surgery", "behavioral intervention": "behaviour", "radiation therapy": "radiation",
        "procedure": "procedure",
    },
    "primary_purpose": {
        "treatment study": "treatment", "prevention study": "prevention", "diagnosis study": "diagnostic",
        "diagnostic study": "diagnostic", "supportive care study": "supportive_care",
        "screening study": "screening", "health services research study": "health_services_research",
        "basic science study": "basic_science", "basic research": "basic_science",
        "device feasibility study": "device_feasibility",
    },
    "frequency": {"daily": "QD", "once daily": "QD", "twice daily": "BID", "three times daily": "TID"},
    "visit_mode": {
        "in person": "on_site", "telephone call": "telephone", "audio-videoconferencing": "video",
    },
}  # fmt: skip
_CODES: dict[str, dict[str, str]] = {
    "phase": {"C15600": "Phase 1", "C15693": "Phase 1/Phase 2", "C15601": "Phase 2", "C15694": "Phase 2/Phase 3",
              "C15602": "Phase 3", "C15603": "Phase 4", "C54721": "Early Phase 1"},
    "objective_level": {"C94496": "primary", "C139173": "secondary", "C170559": "exploratory"},
    "primary_purpose": {"C49656": "treatment"},
    "visit_mode": {"C175574": "on_site", "C171537": "telephone", "C171525": "video"},
}  # fmt: skip
_ROUTE = " route of administration"
_FORM = " dosage form"
_UNITS = {"liter": "L", "litre": "L", "percentage": "%", "milligram per kilogram": "mg/kg", "milligram": "mg",
          "gram": "g", "kilogram": "kg", "microgram": "ug", "nanogram": "ng", "milliliter": "mL", "microliter": "uL",
          "international unit": "[iU]", "unit": "U", "millimole": "mmol", "year": "a", "month": "mo", "week": "wk",
          "day": "d", "hour": "h", "minute": "min", "second": "s", "milligram per milliliter": "mg/mL",
          "milligram per day": "mg/d", "milligram per kilogram per day": "mg/kg/d", "tablet": "{tablet}",
          "capsule": "{capsule}", "patch": "{patch}", "square centimeter": "cm2",
          "milligram per square meter": "mg/m2", "microgram per kilogram": "ug/kg"}  # fmt: skip
_UNIT_CODES = {"C25613": "%", "C48505": "L", "C29848": "a", "C29846": "mo", "C29844": "wk", "C25301": "d",
               "C25529": "h", "C48154": "min", "C42535": "s"}  # fmt: skip


def entry(name: str, code: str, words: str) -> str | None:
    """Return the term of a list for a code and its words, empty where there is none, None where the two disagree."""
    by_code, by_words = _lists(name)
    said = _plain(words)
    of_words = by_words.get(said) or by_words.get(said.removesuffix(_ROUTE).removesuffix(_FORM)) or ""
    of_code = by_code.get(code, "")
    if of_code and of_words and of_code != of_words:
        return None
    return of_code or of_words


@cache
def _lists(name: str) -> tuple[dict[str, str], dict[str, str]]:
    rows = terms.get(name).terms
    codes = {row.code: row.value for row in rows if row.code}
    words = {_plain(said): row.value for row in rows for said in (row.value, row.label, row.preferred) if said}
    return {**codes, **_CODES.get(name, {})}, {**words, **_ALSO.get(name, {})}


def unit_of(code: str, words: str) -> str:
    """Return the unit of the format for a code of NCIt and its words, empty for one that is not known or disagrees."""
    by_code, by_words = _unit_lists()
    of_code, of_words = by_code.get(code, ""), by_words.get(words) or by_words.get(_plain(words), "")
    if of_code and of_words and of_code != of_words:
        return ""
    return of_code or of_words


@cache
def _unit_lists() -> tuple[dict[str, str], dict[str, str]]:
    known = units()
    codes = {row.ncit: row.code for row in known.values() if row.ncit}
    words = {said: row.code for row in known.values() for said in (row.code, row.cdisc) if said}
    return {**codes, **_UNIT_CODES}, {**words, **{said: unit for said, unit in _UNITS.items() if unit in known}}


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip().lower()
