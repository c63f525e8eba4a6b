"""Rows that are asked of what they speak of: a device and the medicines beside it, a cut-off, a change, a relation."""

from __future__ import annotations

from typing import Any

import pytest
from rowcase import GONE, row_of, shown

FIDELITY = {"procedures": "One inflation of 60 s.", "fidelity": "angiogram read by the core laboratory"}
BALLOON = {
    "id": "KETAMINE", "name": "Coated balloon", "kind": "device", "role": "experimental", "administered_by": "operator",
    "device": {"model": "Example 2", "contact": "vessel for 60 s"}, "non_drug": FIDELITY,
}  # fmt: skip
READY = {"id": "READY", "name": "Preparation", "kind": "procedure", "role": "additional_required_treatment"}
PLACED = {key: value for key, value in BALLOON.items() if key != "non_drug"}
BESIDE = {"class": "P2Y12 inhibitor", "trigger": "for 4 weeks after the balloon", "recording": "at each contact"}
IN_ONE_ARM = {**BESIDE, "arms": ["KET"]}
REMINDED = {**BALLOON, "adherence": {"strategies": "reminders by telephone"}}
MEASURES, GROUPING = "/statistics/safety/measures", "/statistics/safety/grouping"
KINDS = "every event by system organ class with its grade and seriousness"
METRIC, FIRST = "/objectives/0/endpoints/0/metric", "/objectives/0/endpoints/0/threshold"
RESPONSE = {METRIC: "responder"}
FOUND = "/population/recruitment/strategies"
OTHER, SEARCH, SKILLS = "/statistics/other", "/introduction/evidence/search", "/population/provider_criteria"
OPEN = {"/design/blinding": {"schema": "open_label", "open_label_reason": "The doses cannot be hidden."}}
ROLES, KEPT = "/design/blinding/roles", "/design/blinding/maintenance"
UNCONTROLLED = {"type": "none", "justification": "A placebo would leave women without contraception."}
NO_LOOK = {"/statistics/interim": {"none_reason": "no test is planned before the end"}}
DEATHS = {"level": "trial", "trigger": "a death judged related", "threshold": "one case", "action": "pause"}
INDEX = {
    "level": "trial", "trigger": "pain", "threshold": "lower bound of its 95 % interval above 5", "action": "stop",
}  # fmt: skip
FUTILE = {"level": "trial", "trigger": "futility", "threshold": "no difference after 80", "action": "stop"}
RIVAL = {
    "/interventions/1/role": "active_comparator", "/interventions/1/name": "Rivalol",
    "/interventions/1/names": {"nonproprietary": "rivalol"},
}  # fmt: skip
YOUNG, OLD = {"id": "YOUNG", "name": "Young"}, {"id": "OLD", "name": "Old"}
COHORTS = "/population/cohorts"
GROUPS = "/statistics/subgroups"
READERS = {"number": 2, "independent": True, "blinded_to": ["the assignment"]}
REPORTS, DECIDED = "/oversight/committees/dmc/reports", "/design/stopping_decision_by"
NAME, NAMES, SUBSTANCE = "/interventions/0/name", "/interventions/0/names", "/interventions/0/substance"
UNSEEN, OF_WHAT, KNOWN = "/outcomes/3/blinded", "/outcomes/3/domain", "/outcomes/0/validity"
STENT = {
    "id": "KETAMINE", "name": "Stent in use", "kind": "device", "role": "active_comparator",
    "administered_by": "operator", "device": {"model": "Example 3"},
}  # fmt: skip
OTHERS = ["care_provider", "investigator", "outcomes_assessor", "data_analyst"]
INHALED = {"/interventions/0/route": "RESPIRATORY (INHALATION)"}
LESSON = {"id": "LESSON", "name": "Training in the inhaler", "serves": ["EXAMPLIPRIL"]}
CHANGES = "/interventions/0/modifications"
FIXED = {"/interventions/0/regimen/steps": [{"id": "ONE", "dose": "20 mg", "when": "once", "from": "0 d"}]}
STOPPED = {"trigger": "swelling of the face", "action": "withdraw"}
HALVED = {"trigger": "dizziness", "action": "reduce", "to": "5 mg"}
PARTS = "/outcomes/0/components"
STROKE = {"name": "stroke"}
FELL = {"name": "a fall", "definition": "coming to rest on the ground"}

LOOKS = "/statistics/interim"
LOOK = {"id": "IA", "purpose": ["efficacy"], "seen_by": "the committee", "decided_by": "the committee"}
CONSIDERED, WHERE = "/schedule/assessments/considerations", "/schedule/activities/5/location"
SCREEN = {"id": "AID", "name": "Marks on a screen", "kind": "device", "role": "experimental"}
ASKED = {
    "/outcomes": [
        {"id": "COMFORT", "name": "comfort", "reported_by": ["participant"], "instrument": {"name": "scale"}}
    ],
    "/objectives": [{"id": "O1", "level": "secondary", "endpoints": [{"id": "E1", "outcome": "COMFORT"}]}],
}


def _group(variable: str) -> dict[str, str]:
    """Return a subgroup analysis without a cut."""
    return {"variable": variable, "direction": "none expected", "test": "interaction"}


def _devices(*devices: dict[str, Any], beside: dict[str, Any] | None = None) -> dict[str, Any]:
    background = {"/concomitant/background": [beside]} if beside else {}
    return {"/interventions": list(devices), **background}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("spirit-2025/15c", "KET", _devices(BALLOON), "met"),
        ("spirit-2025/15c", "KET", _devices(BALLOON, beside=BESIDE), "met"),
        ("spirit-2025/15c", "KET", _devices(BALLOON, beside=IN_ONE_ARM), "partial"),
        ("spirit-2025/15c", "KET", _devices(REMINDED, beside=IN_ONE_ARM), "met"),
        ("ich-m11/6.8", "KET", _devices(READY, BALLOON), "met"),
        ("ich-m11/6.8", "KET", _devices(READY, PLACED), "not_applicable"),
        ("ich-m11/6.8", "KET", _devices({**PLACED, "kind": "drug"}), "unmet"),
        ("ich-e6-r3/B.4.4", "KET", _devices({**BALLOON, "sourcing": "locally_sourced"}), "met"),
        ("ich-e6-r3/B.4.4", "KET", _devices({**BALLOON, "sourcing": "centrally_sourced"}), "partial"),
        ("ich-e6-r3/B.4.4", "KET", _devices({**BALLOON, "packaging": "sterile pouch"}), "partial"),
        ("spirit-harms/grouping", "KET", {MEASURES: ["number"], GROUPING: f"{KINDS}, immune-related ones"}, "partial"),
        ("spirit-harms/grouping", "KET", {MEASURES: ["number"], GROUPING: f"{KINDS}, drug-related ones"}, "met"),
        ("spirit-harms/grouping", "KET", {MEASURES: ["number"], GROUPING: f"{KINDS}, related or not"}, "met"),
        ("spirit-outcomes-2022/12.2", "PRIL", {**RESPONSE, FIRST: "0 or 1, not above baseline"}, "not_applicable"),
        ("spirit-outcomes-2022/12.2", "PRIL", {**RESPONSE, FIRST: "30 % below baseline"}, "partial"),
        ("spirit-2025/27d", "KET", {OTHER: {"none_reason": "none planned"}}, "met"),
        ("spirit-2025/27d", "KET", {OTHER: {"none_reason": "none is planned"}}, "met"),
        ("spirit-2025/27d", "KET", {OTHER: {"none_reason": "no other analysis is planned"}}, "met"),
        ("spirit-2025/27d", "KET", {OTHER: {"none_reason": "TBD"}}, "partial"),
        ("spirit-2025/27d", "KET", {OTHER: GONE}, "partial"),
        ("spirit-2025/27d", "KET", {"/statistics/subgroups": {"none_reason": "none is planned"}}, "met"),
        ("spirit-2025/28a", "KET", {REPORTS: GONE}, "met"),
        ("spirit-2025/28a", "KET", {REPORTS: GONE, DECIDED: GONE}, "partial"),
        ("tidier/1", "KET", {NAME: GONE}, "met"),
        ("ich-e6-r3/B.2.1", "PRIL", {NAME: GONE}, "met"),
        ("ich-e6-r3/B.7.1", "PRIL", {NAME: GONE}, "met"),
        ("who-trds/13", "PRIL", {NAME: GONE}, "met"),
        ("tidier/1", "KET", {NAME: GONE, SUBSTANCE: GONE, NAMES: GONE}, "unmet"),
        ("tidier/5", "KET", {"/interventions/0": STENT}, "met"),
        ("tidier/5", "KET", {"/interventions/0": {**STENT, "role": "experimental"}}, "partial"),
        ("consort-harms-2022/11a", "KET", {UNSEEN: GONE}, "partial"),
        ("consort-harms-2022/11a", "KET", {"/outcomes/0/blinded": GONE}, "met"),
        ("spirit-2025/24b", "KET", {**OPEN, ROLES: ["outcomes_assessor"]}, "unmet"),
        ("spirit-2025/24b", "KET", {**OPEN, ROLES: ["outcomes_assessor"], "/outcomes/0/readers": READERS}, "met"),
        ("spirit-2025/28b", "PRIL", {LOOKS: [{**LOOK, "tests": [{"endpoint": "E1", "events": 60}]}]}, "met"),
        ("spirit-2025/28b", "PRIL", {LOOKS: [{**LOOK, "tests": [{"endpoint": "E1"}]}]}, "partial"),
        ("spirit-pro-2018/13", "KET", {CONSIDERED: GONE, WHERE: "at home before the visit"}, "met"),
        ("spirit-pro-2018/13", "KET", {CONSIDERED: GONE}, "needs_person"),
        ("spirit-2025/24b", "PRIL", {"/interventions": [SCREEN]}, "met"),
        ("spirit-2025/24b", "PRIL", {"/interventions": [SCREEN], "/design/blinding/maintenance": GONE}, "partial"),
        ("spirit-2025/24b", "PRIL", {"/interventions": [{**SCREEN, "kind": "drug"}]}, "partial"),
        ("spirit-2025/1b", "KET", {NAME: GONE}, "met"),
        ("spirit-2025/1b", "KET", {NAME: GONE, SUBSTANCE: GONE, NAMES: GONE}, "partial"),
        ("spirit-pro-2018/14", "KET", ASKED, "met"),
        ("spirit-pro-2018/14", "KET", {**ASKED, "/objectives/0/level": "exploratory"}, "not_applicable"),
        ("ich-m11/10.8", "KET", {OTHER: GONE}, "met"),
        ("ich-m11/10.8", "KET", {OTHER: GONE, GROUPS: GONE}, "unmet"),
        ("consort-harms-2022/11a", "KET", {UNSEEN: GONE, OF_WHAT: "pharmacodynamics"}, "met"),
        ("spirit-outcomes-2022/18a.1", "KET", {KNOWN: GONE}, "unmet"),
        ("spirit-outcomes-2022/18a.1", "KET", {KNOWN: GONE, "/outcomes/0/adjudicated": True}, "partial"),
        ("spirit-2025/27d", "KET", {GROUPS: [_group("age at entry")]}, "partial"),
        ("spirit-2025/27d", "KET", {GROUPS: [_group("background statin stratum")]}, "met"),
        ("spirit-2025/27d", "KET", {GROUPS: [_group("diabetes")]}, "met"),
        ("spirit-2025/24a", "KET", {ROLES: ["parent_or_proxy", *OTHERS]}, "met"),
        ("spirit-2025/24a", "KET", {ROLES: OTHERS}, "partial"),
        ("spirit-2025/24a", "KET", OPEN, "met"),
        ("spirit-2025/24a", "KET", {**OPEN, ROLES: ["outcomes_assessor"]}, "partial"),
        ("spirit-2025/24a", "KET", {**OPEN, ROLES: ["outcomes_assessor", "data_analyst"]}, "met"),
        ("spirit-2025/24a", "KET", {**OPEN, ROLES: ["outcomes_assessor"], KEPT: "The statistician knows arms."}, "met"),
        ("spirit-2025/24a", "KET", {**OPEN, ROLES: ["not_applicable"]}, "met"),
        ("spirit-2025/9b", "KET", {"/design/control": {"type": "none"}}, "not_applicable"),
        ("spirit-2025/9b", "KET", {"/design/control": UNCONTROLLED}, "met"),
        ("spirit-2025/9b", "KET", {"/design/control": {**UNCONTROLLED, "justification": "TBD"}}, "unmet"),
        ("spirit-2025/28b", "KET", {**NO_LOOK, "/design/stopping_rules": [DEATHS]}, "met"),
        ("spirit-2025/28b", "KET", {**NO_LOOK, "/design/stopping_rules": [DEATHS, INDEX]}, "needs_person"),
        ("spirit-2025/28b", "KET", {**NO_LOOK, "/design/stopping_rules": [DEATHS, FUTILE]}, "needs_person"),
        ("spirit-2025/28b", "KET", {**NO_LOOK, "/design/stopping_rules": [{**INDEX, "level": "participant"}]}, "met"),
        ("spirit-2025/9a", "PRIL", RIVAL, "needs_person"),
        ("spirit-2025/9a", "PRIL", {**RIVAL, SEARCH: "PubMed, searched for examplipril and rivalol."}, "met"),
        ("who-trds/17", "KET", {COHORTS: [{**YOUNG, "participants": 74}, {**OLD, "participants": 90}]}, "partial"),
        ("who-trds/17", "KET", {COHORTS: [{**YOUNG, "participants": 74}, {**OLD, "participants": 74}]}, "met"),
        ("tidier/5", "PRIL", INHALED, "needs_person"),
        ("tidier/5", "PRIL", {**INHALED, SKILLS: "Nurses trained in the inhaler."}, "met"),
        ("tidier/5", "PRIL", {**INHALED, "/schedule/activities/0": LESSON}, "met"),
        ("tidier/5", "PRIL", {"/interventions/0/route": "ORAL"}, "met"),
        ("tidier/9", "KET", {**FIXED, CHANGES: [STOPPED]}, "needs_person"),
        ("tidier/9", "KET", {**FIXED, CHANGES: [STOPPED, HALVED]}, "met"),
        ("tidier/9", "PRIL", {CHANGES: [STOPPED]}, "met"),
        ("tidier/9", "KET", {CHANGES: [STOPPED]}, "met"),
        ("tidier/9", "KET", {**FIXED, CHANGES: {"none_reason": "one dose is compared"}}, "met"),
        ("spirit-outcomes-2022/12.5", "PRIL", {PARTS: [FELL, {**STROKE, "outcome": "SBP"}]}, "met"),
        ("spirit-outcomes-2022/12.5", "PRIL", {PARTS: [FELL, {**STROKE, "outcome": "OTHER"}]}, "partial"),
        ("spirit-outcomes-2022/12.5", "PRIL", {PARTS: [FELL, {**STROKE, "definition": "as adjudicated"}]}, "met"),
        ("spirit-2025/9b", "KET", {"/design/control/justification": "as appropriate"}, "partial"),
        ("spirit-2025/26", "KET", {"/oversight/data_governance/entry": "according to local practice"}, "partial"),
        ("spirit-2025/20", "KET", {FOUND: "This is not stated in this protocol."}, "partial"),
    ],
)  # fmt: skip
def test_a_row_is_asked_of_what_it_speaks_of(
    identifier: str, example: str, changes: dict[str, Any], status: str
) -> None:
    """Medicines of one arm are part of what is compared; a state is no change; words that answer nothing are none."""
    assert str(row_of(identifier, example, changes).status) == status


@pytest.mark.parametrize(("text", "told"), [("Endoscopist with a certificate.", False), ("Nurses teach it.", True)])
def test_skills_that_have_no_part_in_an_intervention_are_no_evidence_of_it(text: str, told: bool) -> None:
    """Where participants take a medicine by themselves, only what is asked of those who hand it out stands there."""
    row = row_of("tidier/5", "PRIL", {"/population/provider_criteria": text})
    assert ("/population/provider_criteria" in shown(row)) is told


def test_the_row_on_tailoring_shows_no_withdrawal() -> None:
    """That a medicine is stopped for harm fits it to nobody; what else is changed is the evidence."""
    row = row_of("tidier/9", "PRIL", {CHANGES: [STOPPED, HALVED]})
    assert [place for place in shown(row) if "modifications" in place] == [
        "/interventions/id=EXAMPLIPRIL/modifications/1/action"
    ]


@pytest.mark.parametrize("example", ["KET", "PRIL"])
def test_the_row_on_composites_speaks_of_any_trial(example: str) -> None:
    """What is missing of a component is told in words that fit a trial without any assay."""
    row = row_of("spirit-outcomes-2022/12.5", example, {PARTS: [FELL, STROKE]})
    assert [each.what for each in row.missing] == ["the definition of each component that is no outcome of its own"]


@pytest.mark.parametrize(
    ("threshold", "cut"), [("any", False), ("lasting more than 2 days", False), ("potassium above 6.5 mmol/L", True)]
)
def test_an_event_that_a_limit_makes_of_a_measure_is_a_category(threshold: str, cut: bool) -> None:
    """The limit is the cut-off; how long an event lasts is none."""
    row = row_of("spirit-outcomes-2022/12.3", "PRIL", {METRIC: "event", FIRST: threshold})
    assert any(place.endswith("endpoints/id=E1/threshold") for place in shown(row)) is cut


@pytest.mark.parametrize(("duty", "missing"), [("keeps records", True), ("gives direct access to all records", False)])
def test_who_keeps_records_does_not_yet_open_them(duty: str, missing: bool) -> None:
    """Direct access is a duty to let others see source records, not to keep them."""
    row = row_of("ich-e6-r3/B.11", "PRIL", {"/oversight/source_records/investigator": duty})
    assert ("the duty to let others see source records" in {each.what for each in row.missing}) is missing
