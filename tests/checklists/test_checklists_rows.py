"""Rows against protocols that differ in one thing: what a row rests on, what it shows, and whom it is asked of."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packcase import pack

from protocolkit.checklists import audit
from protocolkit.document import Document
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocolkit.checklists import Audited

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GONE = object()
SHORT = {
    "KET": "ketamine-crps", "PRIL": "examplipril-hypertension", "DXM": "dextromethorphan-fm", "MEM": "memantine-dpn",
    "PHASE1": "examplinib-phase1",
}  # fmt: skip


@cache
def _example(name: str) -> Any:
    return read(EXAMPLES / f"{SHORT[name]}.protocol.yaml").data


def _set(data: Any, pointer: str, value: Any) -> None:
    """Put a value at a pointer, making what it lies in; GONE takes away what stands there."""
    *above, last = (int(step) if step.isdigit() else step for step in pointer.split("/")[1:])
    for step in above:
        data = data.setdefault(step, {}) if isinstance(data, dict) and isinstance(step, str) else data[step]
    if value is GONE:
        del data[last]
    else:
        data[last] = value


def _row(identifier: str, example: str, changes: Mapping[str, Any]) -> Audited:
    data = copy.deepcopy(_example(example))
    for pointer, value in changes.items():
        _set(data, pointer, value)
    name, _, number = identifier.partition("/")
    held = audit(Document("a.protocol.yaml", data), [pack(name)])[0]
    return next(row for row in held.items if row.item.id == number)


def _shown(row: Audited) -> set[str]:
    return {each.locator for each in row.evidence}


NO_BLIND = {"/design/blinding": {"schema": "open_label", "open_label_reason": "The doses cannot be hidden."}}
SUICIDE = {"id": "suicidality", "name": "Thoughts of suicide", "definition": "Item 9 of 1 or more."}
MOOD = {"id": "MOOD", "name": "PHQ-9", "kind": "questionnaire", "serves": ["suicidality"]}
NO_CODE = {"/interventions/0/names/sponsor_code": GONE, "/interventions/1/names": {}}
WATCHED = {"/adverse_events/of_special_interest": [SUICIDE], "/schedule/activities": [MOOD]}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("ich-m11/6.7.2", "PRIL", {}, "met"),
        ("ich-m11/6.7.2", "PRIL", {"/design/randomisations": GONE}, "unmet"),
        ("ich-m11/6.7.2", "PHASE1", {}, "not_applicable"),
        ("ich-m11/6.7.3", "PRIL", {"/design/blinding/maintenance": GONE, "/design/blinding/method": GONE}, "unmet"),
        ("ich-m11/6.7.3", "PRIL", NO_BLIND, "not_applicable"),
        ("ich-m11/6.7.4", "PRIL", {"/design/blinding/emergency_unblinding": GONE}, "unmet"),
        ("ich-m11/6.7.4", "PRIL", NO_BLIND, "not_applicable"),
        ("ich-m11/6.9.1", "KET", {}, "met"),
        ("ich-m11/6.9.1", "KET", {"/concomitant/background": GONE}, "not_applicable"),
        ("ich-m11/6.9.2", "KET", {"/concomitant/rescue": GONE}, "unmet"),
        ("ich-m11/6.9.2", "PHASE1", {"/concomitant/rescue": GONE}, "not_applicable"),
        ("ich-m11/6.10.1", "KET", {"/concomitant/prohibited": GONE}, "unmet"),
        ("ich-m11/6.10.2", "KET", {}, "met"),
        ("ich-m11/9.3.1", "KET", {"/adverse_events/pregnancy": GONE}, "unmet"),
        ("ich-m11/9.1.3.1", "KET", {}, "not_applicable"),
        ("ich-m11/9.1.3.1", "KET", {"/interventions/0/kind": "device"}, "unmet"),
        (
            "ich-m11/9.1.3.1",
            "KET",
            {"/interventions/0/kind": "device", "/adverse_events/device_deficiencies": "Any fault of the pump."},
            "met",
        ),
        ("ich-m11/8.4.5", "KET", {"/population/contraception/tests": GONE}, "met"),
        ("ich-m11/8.4.6", "PRIL", {}, "not_applicable"),
        ("ich-m11/8.4.6", "PRIL", {"/adverse_events/of_special_interest": [SUICIDE]}, "unmet"),
        ("ich-m11/8.4.6", "PRIL", WATCHED, "met"),
        ("ich-m11/4.2.6", "PRIL", {"/design/rationale/interim": GONE}, "unmet"),
        ("ich-m11/10.6", "PRIL", {}, "not_applicable"),
        ("ich-m11/3.3.1", "PRIL", {}, "not_applicable"),
        ("ich-m11/5.4.2", "PRIL", {"/population/childbearing_potential": "not_applicable"}, "met"),
        (
            "ich-m11/5.4.2",
            "PRIL",
            {"/population/childbearing_potential": "not_applicable", "/population/contraception": GONE},
            "not_applicable",
        ),
        ("ich-m11/1.1.2", "PRIL", NO_CODE, "partial"),
        ("ich-m11/1.1.2", "PRIL", {**NO_CODE, "/interventions/0/authorised": "authorised in both countries"}, "met"),
    ],
)  # fmt: skip
def test_what_is_conditional_is_asked_for_where_the_design_calls_for_it(
    identifier: str, example: str, changes: dict[str, Any], status: str
) -> None:
    """What ICH M11 marks Conditional is met where stated, unmet where called for, else not applicable."""
    assert str(_row(identifier, example, changes).status) == status


PLAIN = [
    {"id": "A", "name": "Blood pressure and pulse"}, {"id": "B", "name": "ECG at rest"},
    {"id": "C", "name": "Urine pregnancy test", "kind": "laboratory"},
    {"id": "D", "name": "Lipids", "kind": "laboratory"},
    {"id": "E", "name": "Plasma level", "kind": "laboratory", "section": "8.5"},
    {"id": "F", "name": "Full examination"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "example", "changes", "shown"),
    [
        ("8.4.1", "DXM", {"/schedule/assessments/physical_examination": GONE}, {"/schedule/activities/id=EXAM/name"}),
        ("8.4.3", "DXM", {}, {"/schedule/activities/id=ECG/name"}),
        ("8.4.2", "MEM", {}, {"/schedule/activities/id=VITALS/name"}),
        ("8.4.1", "PRIL", {"/schedule": {"activities": PLAIN}}, {"/schedule/activities/id=F/name"}),
        ("8.4.2", "PRIL", {"/schedule": {"activities": PLAIN}}, {"/schedule/activities/id=A/name"}),
        ("8.4.3", "PRIL", {"/schedule": {"activities": PLAIN}}, {"/schedule/activities/id=B/name"}),
        ("8.4.4", "PRIL", {"/schedule": {"activities": PLAIN}}, {"/schedule/activities/id=D/name"}),
        (
            "8.4.5",
            "PRIL",
            {"/schedule": {"activities": PLAIN}},
            {"/schedule/activities/id=C/name", "/population/contraception/tests"},
        ),
        ("8.4.6", "PRIL", WATCHED, {"/schedule/activities/id=MOOD/name"}),
    ],
)
def test_a_section_shows_its_own_activities(
    number: str, example: str, changes: dict[str, Any], shown: set[str]
) -> None:
    """An activity stands where its section says, or by its name and kind where it names none."""
    assert _shown(_row(f"ich-m11/{number}", example, changes)) == shown
