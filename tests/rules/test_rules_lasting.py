"""Windows of collection are held against the half-life of each medicine from its own last dose."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(LASTING,) = [rule for rule in RULES if rule.code == "AE17"]


def medicine(name: str, day: int, half_life: str) -> dict[str, Any]:
    """Write a medicine that is given once, on a day."""
    return {
        "id": name,
        "kind": "drug",
        "role": "experimental",
        "pharmacology": {"active_moieties": [{"name": name, "half_life": half_life}]},
        "regimen": {"anchor": "first", "steps": [{"id": "S", "when": "once", "from": f"{day} d", "dose": "1 mg"}]},
    }


@pytest.mark.parametrize(("day", "told"), [(100, 1), (90, 1), (60, 0)])
def test_a_half_life_counts_from_the_last_dose_of_its_medicine(day: int, told: int) -> None:
    """A medicine of 50 d, last given 40 d before another, has left the body 10 d after the last dose of all."""
    root = {
        "interventions": [medicine("A", day, "10 d"), medicine("B", 100, "1 h")],
        "schedule": {
            "anchors": [{"id": "first", "kind": "first_dose"}, {"id": "last", "kind": "last_dose"}],
            "activities": [{"id": "CHECK", "serves": ["safety"]}],
            "visits": [{"id": "END", "anchor": "last", "offset": "60 d", "activities": ["CHECK"]}],
        },
        "adverse_events": {"windows": {"AE": {"start": "first", "end": {"anchor": "last", "offset": "30 d"}}}},
    }
    (ran,) = run([LASTING], Document("x", root), (), frozenset({"drug"}))
    assert len(ran.findings) == told, [finding.message for finding in ran.findings]


@pytest.mark.parametrize(
    ("imp_status", "kind", "contact", "told"),
    [
        ("IMP", "drug", "120 d", [("AE17", "warning")]),
        ("IMP", "biologic", "120 d", [("AE17", "info")]),
        ("IMP", "drug", "60 d", [("FU05", "warning")]),
        ("IMP", "biologic", "60 d", [("FU05", "info")]),
        ("auxiliary", "biologic", "60 d", []),
    ],
)
def test_an_imp_given_beside_what_is_tested_is_looked_at(
    imp_status: str, kind: str, contact: str, told: list[tuple[str, str]]
) -> None:
    """Windows and the last contact are held against its half-life where it is an IMP, never as an error."""
    beside = {**medicine("B", 0, "22 d"), "kind": kind, "role": "background_treatment", "imp_status": imp_status}
    root = {
        "interventions": [medicine("A", 0, "1 h"), beside],
        "schedule": {
            "anchors": [{"id": "first", "kind": "first_dose"}, {"id": "last", "kind": "last_dose"}],
            "activities": [{"id": "CHECK", "serves": ["safety"]}],
            "visits": [{"id": "END", "anchor": "last", "offset": contact, "activities": ["CHECK"]}],
        },
        "adverse_events": {"windows": {"AE": {"start": "first", "end": {"anchor": "last", "offset": "30 d"}}}},
    }
    rules = [rule for rule in RULES if rule.code in ("AE17", "FU05")]
    ran = run(rules, Document("x", root), (), frozenset({"drug"}))
    assert [(each.code, each.severity.value) for one in ran for each in one.findings] == told


def test_windows_that_end_apart_are_told_with_their_own_ends() -> None:
    """The window of all events ends at 28 d and that of special ones at 7 d: both are short of 50 d."""
    ends = {"AE": "28 d", "AESI": "7 d"}
    root = {
        "interventions": [medicine("A", 100, "10 d")],
        "schedule": {
            "anchors": [{"id": "first", "kind": "first_dose"}, {"id": "last", "kind": "last_dose"}],
            "activities": [{"id": "CHECK", "serves": ["safety"]}],
            "visits": [{"id": "END", "anchor": "last", "offset": "60 d", "activities": ["CHECK"]}],
        },
        "adverse_events": {
            "windows": {
                kind: {"start": "first", "end": {"anchor": "last", "offset": end}} for kind, end in ends.items()
            }
        },
    }
    (ran,) = run([LASTING], Document("x", root), (), frozenset({"drug"}))
    (finding,) = ran.findings
    assert "window of AE and AESI: it ends 28 d (AE) and 7 d (AESI) after the last dose" in finding.message
