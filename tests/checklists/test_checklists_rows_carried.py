"""Rows on one product that stands in the file twice, on doses under the eyes of staff, on what is not asked."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
from rowcase import EXAMPLES, GONE, row_of

from protocolkit.sources import read

CARRIED = ["spirit-2025/15a", "spirit-2025/15c", "tidier/3", "tidier/9", "tidier/11", "ich-e6-r3/B.7.3"]
SEEN = {f"/interventions/{index}/adherence/monitoring": "review by the proctor" for index in (0, 1)}
HELP = "/interventions/0/adherence/strategies"
STEPS = "/interventions/0/regimen/steps"
WEEKLY = {"id": "A", "dose": "10 mg", "when": "days", "days": ["0 d", "7 d"]}
EVENT = {"id": "DEATH", "name": "death from any cause", "mode": "record_review"}
MEASURES = "/statistics/safety/measures"
SERUM = {"id": "SERUM", "name": "Serum", "kind": "sample", "section": "8.5", "serves": ["ADA"]}
SHARED = {"/schedule/activities": [SERUM], "/schedule/assessments": GONE, "/oversight/samples": GONE}
ANTIBODIES = {"id": "ADA", "name": "Antibodies against examplipril", "domain": "immunology"}
DATA, AFTER = "/statistics/analyses/0/data_used", "/objectives/0/estimands/0/intercurrent_events/1"
UNTOLD = {f"/statistics/analyses/{at}/missing_data": GONE for at in (2, 3)}
TIMED = {"/objectives/0/endpoints/0/metric": "time_to_event", "/objectives/0/endpoints/0/aggregation": "hazard"}
SIZED = "/statistics/sample_size"
FOLLOWING = {"rationale": "The number follows from progression-free survival."}
WHILE_ON = {f"{AFTER}/data_after": GONE, f"{AFTER}/strategy": "while_on_treatment"}
EVENTS = {
    "objective": "O1", "method": "survival_schoenfeld_events", "hr": 0.65, "hr_source": "phase 2 trial", "alpha": 0.005,
    "sided": 1, "power": 0.9, "ratio": "2:1", "events": 361, "randomised_total": 148, "missing": "5 %",
}  # fmt: skip
PACE = {**EVENTS, "rationale": "Median of 13 months, enrolment over 20 months, for both comparisons."}


AMENDED = {
    "id": "1", "summary": "A visit more.",
    "enrolled": "10 %", "scope": "globally", "primary_reason": "irb_iec_feedback",
    "substantial_impact": {"safety_rights": {"likely": False}, "reliability": {"likely": False}},
    "changes": [{"description": "a visit", "rationale": "safety", "section": "1.3"}],
}  # fmt: skip
UNHANDLED = {
    "id": "S9",
    "variable": "E99",
    "intercurrent_events": [{"event": "rescue", "strategy": "treatment_policy"}],
}
MIMICKED = ("spirit-2025/15a", "ich-e6-r3/B.7.1", "ich-e6-r3/B.4.4", "who-trds/13")
NO_DOSE = {"/interventions/1/regimen/steps/0/dose": GONE}
DURATIONS = {"/interventions/0/role": "active_comparator"}
STOPPED = {"event": "treatment_discontinuation", "strategy": "while_on_treatment", "end_of_exposure": "last dose"}
AGAIN = {"id": "S9", "variable": "E99", "intercurrent_events": [STOPPED]}
ANOTHER = {"id": "S9", "variable": "E99", "intercurrent_events": [{**STOPPED, "event": "stopping of the kits"}]}
TISSUE = {"id": "HISTO", "name": "Histology of all specimens", "kind": "laboratory"}
WORN = {"/interventions/0/kind": "device", "/interventions/0/device/contact": "skin"}


@cache
def _product() -> Any:
    return read(EXAMPLES / "examplipril-hypertension.protocol.yaml").data["interventions"][0]


def _run_in(**changes: Any) -> dict[str, Any]:
    """Return an open run-in with the tested product, which tells neither materials nor adherence of its own."""
    product = copy.deepcopy(_product())
    told = {key: product[key] for key in product if key not in ("id", "materials", "adherence", "modifications")}
    once = {"steps": [{"id": "RUN", "dose": "10 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "13 d"}]}
    stopped = [{"trigger": "cough", "action": "withdraw", "reason": "not tolerated"}]
    taper = {"taper": {"none_reason": "goes on"}, "rationale": "lowest dose"}
    own = {"id": "RUNIN", "regimen": {**once, **taper}, "modifications": stopped, **changes}
    given = {"/arms/0/interventions": ["EXAMPLIPRIL", "RUNIN"], "/arms/1/interventions": ["RUNIN"]}
    return {
        **SEEN,
        **given,
        "/interventions/0/materials": "leaflet in each pack of tablets",
        "/interventions/1": {**told, **own},
    }


@pytest.mark.parametrize("identifier", CARRIED)
def test_a_product_carries_what_is_told_of_it_elsewhere(identifier: str) -> None:
    """An open run-in with the tested product has its materials and adherence, and a fixed dose needs no tailoring."""
    assert str(row_of(identifier, "PRIL", _run_in(same_product_as="EXAMPLIPRIL")).status) == "met"


@pytest.mark.parametrize("identifier", [row for row in CARRIED if row != "tidier/9"])
def test_a_product_of_its_own_carries_nothing(identifier: str) -> None:
    """Without the word that both are one product, each tells of itself."""
    assert str(row_of(identifier, "PRIL", _run_in()).status) == "partial"


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("spirit-2025/15c", "PRIL", {HELP: GONE}, "partial"),
        ("spirit-2025/15c", "PRIL", {HELP: GONE, STEPS: [{**WEEKLY, "supervised": True}]}, "met"),
        ("spirit-2025/15c", "PRIL", {HELP: GONE, STEPS: [{**WEEKLY, "supervised": True}, WEEKLY]}, "partial"),
        ("tidier/11", "PRIL", {**SEEN, HELP: GONE, STEPS: [{**WEEKLY, "supervised": True}]}, "met"),
        ("tidier/11", "PRIL", {**SEEN, HELP: GONE, STEPS: [{**WEEKLY, "supervised": False}]}, "partial"),
        ("spirit-2025/3d", "KET", {"/oversight/committees/steering/independent_of": GONE}, "met"),
        ("spirit-2025/3d", "KET", {"/oversight/committees/steering/role": GONE}, "partial"),
        ("spirit-pro-2018/12", "KET", {"/outcomes/0/measurement": GONE}, "met"),
        ("spirit-outcomes-2022/18a.1", "KET", {"/outcomes/5": EVENT}, "met"),
        ("ich-m11/amendment-details", "KET", {"/amendments": [AMENDED]}, "met"),
        ("ich-m11/amendment-details", "KET", {"/amendments": [{**AMENDED, "primary_reason": "other"}]}, "partial"),
        ("ich-m11/4.2.3", "KET", {"/design/rationale": GONE}, "met"),
        ("ich-m11/4.2.4", "KET", {"/design/rationale": GONE}, "unmet"),
        ("ich-m11/4.2.4", "KET", {"/design/rationale": {"overall": "Two groups suffice."}}, "not_applicable"),
        ("ich-m11/4.2.6", "PRIL", {"/design/rationale": {"overall": "Two groups suffice."}}, "unmet"),
        ("ich-m11/4.2.6", "PRIL", {"/design/rationale": {"overall": "Without hope it stops early."}}, "not_applicable"),
        ("ich-m11/12.1", "KET", {"/appendices": GONE, "/schedule/activities": [TISSUE]}, "not_applicable"),
        ("ich-m11/12.1", "KET", {"/appendices": GONE, "/schedule/activities": [{**TISSUE, "name": "Blood"}]}, "unmet"),
        (
            "ich-m11/12.1",
            "KET",
            {"/appendices": GONE, "/schedule/activities": [{**TISSUE, "name": "Blood count, creatinine and ALT"}]},
            "partial",
        ),
        (
            "ich-m11/12.1",
            "KET",
            {"/appendices": GONE, "/schedule/activities": [{**TISSUE, "name": "Urine culture and dipstick"}]},
            "unmet",
        ),
        (
            "ich-m11/12.1",
            "KET",
            {"/appendices": GONE, "/schedule/activities": [{**TISSUE, "name": "Urine culture and creatinine"}]},
            "partial",
        ),
        ("ich-m11/10.5.1.3", "KET", {"/objectives/1/estimands": [UNHANDLED]}, "partial"),
        ("ich-m11/10.4.1.2", "PRIL", {}, "met"),
        ("ich-m11/10.4.1.2", "PRIL", {DATA: GONE}, "partial"),
        ("ich-m11/10.4.1.2", "PRIL", {DATA: GONE, f"{AFTER}/data_after": GONE}, "unmet"),
        ("ich-m11/10.4.1.2", "PRIL", {DATA: GONE, **WHILE_ON}, "partial"),
        ("ich-m11/8.7", "PRIL", SHARED, "unmet"),
        ("ich-m11/8.7", "PRIL", {**SHARED, "/outcomes/0": ANTIBODIES}, "met"),
        *((row, "PRIL", NO_DOSE, "met") for row in MIMICKED),
        *((row, "PRIL", {**NO_DOSE, "/interventions/1/regimen/titration": GONE}, "partial") for row in MIMICKED),
        ("ich-e9-r1/ice", "PRIL", {"/objectives/1/estimands": [AGAIN]}, "met"),
        ("ich-e9-r1/ice", "PRIL", {"/objectives/1/estimands": [ANOTHER]}, "partial"),
        *((row, "PRIL", DURATIONS, "met") for row in ("ich-e6-r3/B.2.1", "ich-e6-r3/B.2.4")),
        ("ich-e6-r3/B.2.1", "PRIL", {**DURATIONS, "/interventions/0/imp_status": "NIMP"}, "unmet"),
        ("tidier/6", "KET", {**WORN, "/interventions/0/non_drug/mode": "face to face"}, "met"),
        ("consort-harms-2022/17a", "KET", {MEASURES: ["number per arm"]}, "needs_person"),
        ("spirit-2025/19", "KET", {**TIMED, SIZED: [PACE, EVENTS]}, "met"),
        ("spirit-2025/19", "KET", {**TIMED, SIZED: [PACE, {**EVENTS, "objective": "O2"}]}, "partial"),
        ("spirit-2025/19", "KET", {**TIMED, SIZED: [PACE, {**EVENTS, "objective": "O2", **FOLLOWING}]}, "met"),
    ],
)  # fmt: skip
def test_a_row_asks_what_its_item_asks(identifier: str, example: str, changes: dict[str, Any], status: str) -> None:
    """What keeps to the plan by itself, what has no instrument, and what another row asks is not asked for."""
    assert str(row_of(identifier, example, changes).status) == status


def test_missing_data_of_secondary_analyses_are_asked_of_estimands() -> None:
    """Without an estimand the row does not apply, and says why: not that the protocol analyses nothing there."""
    row = row_of("ich-m11/10.5.1.3", "PRIL", UNTOLD)
    assert str(row.status) == "not_applicable"
    assert row.reason.startswith("no secondary objective has an estimand")


@pytest.mark.parametrize(("interval", "status"), [("95 %", "met"), (GONE, "needs_person")])
def test_the_precision_of_an_effect_on_a_harm_is_that_of_its_analysis(interval: Any, status: str) -> None:
    """An interval stands under its own key, whatever the words of it are."""
    analysis = {"endpoint": "E8", "role": "secondary", "set": "ALL", "model": "logistic", "effect": "risk difference"}
    changes = {MEASURES: ["number per arm"], "/statistics/analyses/3": analysis}
    changes |= {} if interval is GONE else {"/statistics/analyses/3/interval": interval}
    assert str(row_of("consort-harms-2022/17a", "KET", changes).status) == status
