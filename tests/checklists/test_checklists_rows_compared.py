"""Rows that are asked of comparisons: one arm and its benchmark, what is known of primary outcomes, empty words."""

from __future__ import annotations

from typing import Any

import pytest
from rowcase import GONE, row_of, shown

ALONE = {
    "/arms": [{"id": "KET", "name": "Ketamine", "type": "experimental", "interventions": ["KETAMINE"]}],
    "/design/model": "single_group", "/design/randomisations": GONE, "/design/assignment": "All are given it.",
    "/profiles": ["drug", "single-arm", "confirmatory"],
}  # fmt: skip
SIGHTED = {"/adverse_events/coding/blinded": GONE, "/adverse_events/causality/blinded": GONE}
BENCHMARK = {"/design/framework/benchmark": "Goal agreed with the authority: 60 %."}
OUTSIDE = {"/design/external_comparators": [{"id": "REG", "name": "Registry", "source": "fictional registry"}]}
UNCOMPARED = {"/statistics/analyses/0/success": GONE}
SIZED = "/statistics/sample_size"
BY_GOAL = {
    "objective": "O1", "method": "other", "alpha": 0.05, "sided": 2, "power": 0.9, "enrolled_max": 330,
    "rationale": "Exact test of one proportion, 76 against 65 %.",
}  # fmt: skip
FROM_TRIAL = {**BY_GOAL, "rationale": "Exact test of one proportion, 76 % as in the phase 2 trial against 65 %."}
CELLS = {
    "id": "KETAMINE", "name": "Red cells", "kind": "procedure", "role": "experimental", "administered_by": "nurse",
    "description": "Packed red cells.", "preparation": {"by": "blood bank"},
    "storage": {"conditions": {"min": "2 Cel", "max": "6 Cel"}},
    "regimen": {
        "rationale": "As in the pilot.", "steps": [{"id": "S", "dose": "300 mL", "when": "once", "from": "0 d"}],
    },
}  # fmt: skip
GIVEN = {"/interventions": [CELLS]}
STORED, MADE = "/interventions/0/storage", "/interventions/0/preparation"
ROW = "/schedule/activities"
EXAMINED = {ROW: [{"id": "EXAM", "name": "Examination, vital signs and ECG", "section": "8.4.1"}]}
UNCOUNTED = {"/interventions/1/accountability": GONE, "/interventions/1/role": "active_comparator"}
RADIATION = {"id": "RT", "name": "Radiotherapy", "kind": "radiation", "role": "experimental"}
NOTHING_COUNTED = {"accountability": {"none_reason": "there is nothing to count"}}
BESIDE = {"id": "MAB", "name": "Examplimab", "kind": "biologic", "role": "background_treatment", "imp_status": "NIMP"}
EVENTS = {
    "/objectives/0/endpoints/0/metric": "count", "/outcomes/0/range": GONE, "/outcomes/0/recall": GONE,
    "/outcomes/0/anchors": GONE, "/outcomes/0/unit": GONE,
}  # fmt: skip
SELF = {"/outcomes/0/assessor": GONE}
PAID = "/oversight/insurance/compensation"


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("spirit-harms/coding", "KET", SIGHTED, "partial"),
        ("spirit-harms/coding", "KET", {**ALONE, **SIGHTED}, "met"),
        ("spirit-harms/coding", "KET", {**ALONE, "/adverse_events/coding/who": GONE}, "partial"),
        ("spirit-2025/17", "KET", SIGHTED, "partial"),
        ("spirit-2025/17", "KET", {**ALONE, **SIGHTED}, "met"),
        ("spirit-2025/12", "KET", {**ALONE, **UNCOMPARED}, "partial"),
        ("spirit-2025/12", "KET", {**ALONE, **UNCOMPARED, **BENCHMARK}, "met"),
        ("spirit-2025/12", "KET", {**ALONE, **UNCOMPARED, **OUTSIDE}, "met"),
        ("spirit-2025/12", "KET", {**ALONE, **UNCOMPARED, "/design/framework/benchmark": "TBD"}, "partial"),
        ("spirit-2025/9b", "KET", {**ALONE, **UNCOMPARED}, "partial"),
        ("spirit-2025/9b", "KET", {**ALONE, **UNCOMPARED, **BENCHMARK}, "met"),
        ("ich-e6-r3/B.10.3", "KET", {**ALONE, **UNCOMPARED}, "partial"),
        ("ich-e6-r3/B.10.3", "KET", {**ALONE, **UNCOMPARED, **BENCHMARK}, "met"),
        ("ich-e9-r1/summary", "KET", {**ALONE, **UNCOMPARED}, "partial"),
        ("ich-e9-r1/summary", "KET", {**ALONE, **UNCOMPARED, **BENCHMARK}, "met"),
        ("spirit-outcomes-2022/14.1", "KET", {SIZED: [BY_GOAL]}, "not_applicable"),
        ("spirit-outcomes-2022/14.1", "KET", {**BENCHMARK, SIZED: [BY_GOAL]}, "partial"),
        ("spirit-outcomes-2022/14.1", "KET", {**BENCHMARK, SIZED: [{**BY_GOAL, "delta_source": "a pilot"}]}, "met"),
        ("spirit-2025/19", "KET", {SIZED: [BY_GOAL]}, "partial"),
        ("spirit-2025/19", "KET", {SIZED: [FROM_TRIAL]}, "needs_person"),
        ("spirit-outcomes-2022/18a.1", "KET", {"/outcomes/0/validity": "not known"}, "unmet"),
        ("spirit-outcomes-2022/18a.1", "KET", {"/outcomes/0/validity": "Unknown."}, "unmet"),
        ("spirit-outcomes-2022/18a.2", "KET", {**SELF, "/outcomes/0/reported_by": ["participant"]}, "met"),
        ("spirit-outcomes-2022/18a.2", "KET", {**SELF, "/outcomes/0/reported_by": GONE}, "partial"),
        ("spirit-2025/25a", "KET", {**SELF, "/outcomes/0/reported_by": ["participant"]}, "met"),
        ("spirit-2025/25a", "KET", EVENTS, "met"),
        ("spirit-2025/25a", "KET", {**EVENTS, "/objectives/0/endpoints/0/metric": "final_value"}, "partial"),
        ("spirit-outcomes-2022/12.2", "KET", {"/outcomes/0/important_difference": GONE}, "unmet"),
        (
            "spirit-outcomes-2022/12.2",
            "KET",
            {"/outcomes/0/important_difference": GONE, "/outcomes/0/mode": "laboratory"},
            "not_applicable",
        ),
        ("spirit-harms/comp", "KET", {}, "met"),
        ("spirit-harms/comp", "KET", {PAID: "By the policy of each country."}, "unmet"),
        ("spirit-harms/comp", "KET", {PAID: "By policy 123 of the Fictional Insurance in each country."}, "met"),
        ("ich-m11/8.4.2", "PRIL", EXAMINED, "met"),
        ("ich-m11/8.4.3", "PRIL", EXAMINED, "met"),
        ("ich-m11/8.4.2", "PRIL", {ROW: [{"id": "EXAM", "name": "Examination", "section": "8.4.1"}]}, "not_applicable"),
        ("ich-m11/6.6.3", "PRIL", {}, "met"),
        ("ich-m11/6.6.3", "PRIL", UNCOUNTED, "partial"),
        ("ich-m11/6.6.3", "PRIL", {"/interventions": [{**RADIATION, **NOTHING_COUNTED}, BESIDE]}, "met"),
        ("ich-m11/6.6.3", "PRIL", {"/interventions": [RADIATION, BESIDE]}, "unmet"),
        *((f"ich-e6-r3/{number}", "KET", GIVEN, "met") for number in ("B.2.1", "B.2.4", "B.4.4", "B.4.5")),
        ("ich-e6-r3/B.2.1", "KET", {**GIVEN, STORED: GONE}, "not_applicable"),
        ("ich-e6-r3/B.2.1", "KET", {**GIVEN, "/interventions/0/description": GONE}, "partial"),
        ("ich-e6-r3/B.2.4", "KET", {**GIVEN, "/interventions/0/regimen/rationale": GONE}, "partial"),
        ("ich-e6-r3/B.4.4", "KET", {**GIVEN, "/interventions/0/regimen/steps/0/dose": GONE}, "partial"),
        ("ich-e6-r3/B.4.5", "KET", {**GIVEN, MADE: GONE}, "partial"),
    ],
)  # fmt: skip
def test_a_row_asks_what_fits_the_trial(identifier: str, example: str, changes: dict[str, Any], status: str) -> None:
    """Nobody is blinded to an arm that is alone, and such an arm is held against something."""
    assert str(row_of(identifier, example, changes).status) == status


def test_a_person_is_told_what_to_read() -> None:
    """The criterion and its word stand in the reason, which goes away with them."""
    row = row_of("spirit-2025/14a", "KET", {"/population/inclusion/0/text": "Fit in the opinion of sites"})
    assert row.reason.endswith("says 'opinion'")
    assert "/population/inclusion/" in row.reason


def test_the_primary_outcomes_are_looked_at_first() -> None:
    """Where nothing is known of them, what is known of others is no evidence."""
    assert not shown(row_of("spirit-outcomes-2022/18a.1", "KET", {"/outcomes/0/validity": "not known"}))
