"""Rows as a methodologist reads them: parts of a comparator, what is done once, what an outcome is made of."""

from __future__ import annotations

from typing import Any

import pytest
from rowcase import GONE, row_of

CHEMO = {"id": "CHEMO", "name": "Cisplatin", "kind": "drug", "role": "active_comparator", "route": "INTRAVENOUS DRIP"}
GRAFT = {
    "id": "GRAFT", "name": "Reinfusion of cells", "kind": "procedure", "role": "active_comparator",
    "non_drug": {"procedures": "Cells are given back."},
    "regimen": {"anchor": "first_dose", "steps": [{"id": "G", "when": "once", "from": "0 d"}]},
}  # fmt: skip
WORKS = {"why": "It moves."}
TRAINING = {"id": "T", "name": "Exercise", "kind": "behaviour", "role": "experimental", "non_drug": WORKS}
CONTROL, RATIONALE = "/design/control/justification", "/design/rationale/control"
UNTOLD = {CONTROL: GONE, RATIONALE: GONE}
FALLS = {"id": "FALLS", "name": "falls", "mode": "interview", "reported_by": ["participant"]}
PFS = {"id": "PFS", "name": "progression-free survival", "mode": "imaging"}
OF_PFS = [{"id": "E1", "outcome": "PFS", "metric": "time_to_event"}]
TITRE = {
    "id": "TITRE", "name": "antibodies", "mode": "laboratory", "instrument": {"name": "Assay", "version": "2"},
    "measurement": "lower limit of quantitation 30",
}  # fmt: skip
OF_TITRE = [{"id": "E1", "outcome": "TITRE", "metric": "final_value"}]
FEVER = {"id": "FEVER", "name": "time to end of fever", "mode": "examination"}
OF_FEVER = [{"id": "E9", "outcome": "FEVER", "metric": "time_to_event", "aggregation": "median", "visit": "D1"}]
ENDPOINTS = {"/objectives/0/endpoints": OF_PFS, "/objectives/1/endpoints": []}


def _missing(identifier: str, changes: dict[str, Any]) -> list[str]:
    return [each.what for each in row_of(identifier, "KET", changes).missing]


@pytest.mark.parametrize("place", [CONTROL, RATIONALE])
def test_the_reason_for_a_comparator_is_that_of_each_part_of_it(place: str) -> None:
    """No part of a regimen of routine care needs a rationale of its own, be it given or done."""
    both = {"/interventions": [CHEMO, GRAFT]}
    told = {**both, **UNTOLD, place: "It is the standard of care."}
    asked = "why this comparator in its dose and regimen", "why it should work or why it is the comparator"
    assert not {*_missing("tidier/2", told)} & {*asked}
    assert {*_missing("tidier/2", {**both, **UNTOLD})} >= {*asked}


def test_materials_are_asked_where_they_can_be_had() -> None:
    """A card without a place is half of the answer."""
    place = "/interventions/0/materials"
    assert "where they can be had" in _missing("tidier/3", {place: "diary and card"})
    assert "where they can be had" not in _missing("tidier/3", {place: "diary and card in the site file"})
    assert "where they can be had" not in _missing("tidier/3", {place: {"none_reason": "a nurse gives it"}})


def test_what_is_done_once_goes_to_one_person() -> None:
    """Neither mode nor group is asked of a procedure that is done once, and both are of what is trained."""
    asked = "the way it is delivered"
    assert row_of("tidier/6", "KET", {"/interventions/1": GRAFT}).status == "not_applicable"
    assert asked in _missing("tidier/6", {"/interventions/1": {**GRAFT, "regimen": {}}})
    assert asked in _missing("tidier/6", {"/interventions/1": TRAINING})


def test_tailoring_may_stand_in_the_description() -> None:
    """Words on what it is fitted to are an answer; a description without them is none."""
    asked = "how it is fitted to the person"
    assert asked in _missing("tidier/9", {"/interventions/1": {**TRAINING, "description": "Ten sessions."}})
    fitted = {**TRAINING, "description": "Ten sessions, adapted to strength."}
    assert asked not in _missing("tidier/9", {"/interventions/1": fitted})


def test_an_open_trial_says_once_who_knows_the_assignment() -> None:
    """Where everybody named knows it, each way of looking for harms need not say so again."""
    unsaid = {"/adverse_events/ascertainment/0/blinded": GONE}
    opened = {"/design/blinding/schema": "open_label", "/design/blinding/unblinded_roles": "everybody"}
    asked = "whether those who look for harms are blinded"
    assert asked in _missing("consort-harms-2022/11a", unsaid)
    assert asked not in _missing("consort-harms-2022/11a", {**unsaid, **opened})


def test_a_survival_free_of_something_is_made_of_several() -> None:
    """What ends it stands in words, which a person reads; with its components, it is judged as any composite."""
    made = {"/outcomes/0": PFS, **ENDPOINTS}
    assert row_of("spirit-outcomes-2022/12.5", "KET", made).status == "needs_person"
    parts = [{"name": "progression", "definition": "RECIST 1.1"}]
    assert row_of("spirit-outcomes-2022/12.5", "KET", {**made, "/outcomes/0/components": parts}).status == "met"


def test_limits_of_an_assay_tell_something_of_it() -> None:
    """What is known of its quality is missing all the same."""
    made = {"/outcomes/0": TITRE, **ENDPOINTS, "/objectives/0/endpoints": OF_TITRE}
    assert row_of("spirit-outcomes-2022/18a.1", "KET", made).status == "partial"
    assert row_of("spirit-outcomes-2022/18a.1", "KET", {**made, "/outcomes/0/measurement": GONE}).status == "unmet"


def test_an_event_told_in_an_interview_is_no_questionnaire() -> None:
    """Nothing of an instrument is asked of falls; one with a range is a scale."""

    def asked(outcome: dict[str, Any]) -> bool:
        row = row_of("spirit-pro-2018/18a(i)", "KET", {"/outcomes/1": outcome})
        return any(each.pointer.startswith("/outcomes/1/") for each in row.missing)

    assert not asked(FALLS)
    assert asked({**FALLS, "range": {"min": 0, "max": 10}})


def test_the_end_of_a_fever_needs_a_definition() -> None:
    """Its name does not say below which temperature for how long."""
    made = {"/outcomes/1": FEVER, "/objectives/1/endpoints": OF_FEVER}
    assert "what counts as the event" in _missing("spirit-2025/16", made)
    told = {**made, "/outcomes/1/measurement": "below 37.5 Cel for 24 hours"}
    assert "what counts as the event" not in _missing("spirit-2025/16", told)
