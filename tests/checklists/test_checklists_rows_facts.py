"""Rows that rest on facts under keys of their own: who may enter, what is cut, who answers, factors and tapers."""

from __future__ import annotations

from typing import Any

import pytest
from rowcase import GONE, row_of, shown

AGES = [
    {"id": "YOUNG", "name": "Young", "age": {"min": "18 a", "max": "40 a"}, "participants": 70},
    {"id": "OLD", "name": "Old", "age": {"min": "50 a", "max": "75 a"}, "participants": 78},
]
NEXT = [AGES[0], {**AGES[1], "age": {"min": "41 a", "max": "75 a"}}]
STEPS = "/interventions/0/regimen/steps"
DAILY = {"when": "course", "frequency": "QD", "from": "0 d", "to": "83 d"}
BY_AGE = {
    "/population/cohorts": AGES,
    STEPS: [
        {"id": "Y", "cohorts": ["YOUNG"], "dose": "20 mg", **DAILY},
        {"id": "O", "cohorts": ["OLD"], "dose": "10 mg", **DAILY},
    ],
}  # fmt: skip
SLOW = {
    "/interventions/0/pharmacology/active_moieties/0/half_life": "14 d",
    "/interventions/0/pharmacology/active_moieties/0/population": "adults",
}
RANGED = {STEPS: [{"id": "S", "dose_range": {"min": "10 mg", "max": "20 mg"}, **DAILY}]}
UNDOSED = {STEPS: [{"id": "S", **DAILY}]}
LOOK = {"number": 1, "purpose": "futility", "tests": [{"endpoint": "E1", "events": 142, "information": "40 %"}]}
BLEEDING = {"name": "BARC types", "version": "2011"}
JUDGED = {
    "/outcomes/0/instrument": BLEEDING,
    "/outcomes/0/assessor": "clinical event committee",
    "/outcomes/0/range": GONE,
    "/outcomes/0/validity": GONE,
    "/outcomes/0/anchors": GONE,
}
PAIN_AT_ENTRY = "/population/severity_at_entry"
CUT = "/objectives/1/endpoints/0/threshold"
UNCUT = {"/objectives/1/endpoints/1/metric": "final_value"}
PARTS = "/outcomes/0/components"
DEATH = {"name": "death", "definition": "any cause"}
FALL = {"name": "better function", "definition": "a score up by 15 points or more"}
SCORE = {"name": "function", "definition": "the score at week 12", "outcome": "PHQ9"}
REPORTED = {f"/outcomes/{index}/reported_by": ["participant"] for index in (0, 1, 2, 4)}
LATE = {**REPORTED, "/schedule/visits/1/activities": ["RAND", "NRS", "PHQ9"]}  # without the BPI
SILENT = {"/schedule/assessments/considerations": "Questionnaires are answered before any talk."}
CARER = {**REPORTED, **SILENT, "/outcomes/2/reported_by": ["caregiver"], "/outcomes/2/assessor": "caregiver"}
CALM = {
    "/outcomes/2/alerts": GONE, "/outcomes/2/name": "sleep", "/outcomes/2/domain": "sleep",
    "/schedule/activities/12/alerts": GONE,
}  # fmt: skip
RATED = {
    "/schedule/activities/12": {
        "id": "CSSRS", "name": "Columbia scale", "kind": "questionnaire", "serves": ["safety"],
        "alerts": [{"item": "4 or 5", "threshold": "any", "action": "the investigator sees the participant"}],
    },
}  # fmt: skip
FACTORS = [
    {"id": "A", "levels": [{"name": "with", "arms": ["KET"]}, {"name": "without", "arms": ["MID"]}]},
    {"id": "B", "levels": [{"name": "high", "arms": ["KET"]}, {"name": "low", "arms": ["MID"]}]},
]
FACTORIAL = {"/design/factorial": {
    "factors": FACTORS, "interaction": {"assumption": "none is expected", "analysis": "product term in the model"},
}}  # fmt: skip
MARGINS = {
    "/objectives/0/estimands/0/treatment/comparisons": ["with against without, over both levels of the other"],
    "/design/rationale/model": "No interaction of the two is expected.",
}
ESTIMATOR = "/objectives/0/estimands/0/main_estimator"
SEROTYPES = {PARTS: [{"name": "serotype 3"}, {"name": "serotype 4"}], "/outcomes/0/mode": "laboratory"}
ENDLESS = {STEPS: [
    {"id": "A", "dose": "10 mg", **DAILY},
    {"id": "B", "dose": "20 mg", "when": "course", "frequency": "QD", "from": "84 d"},
]}  # fmt: skip
TIMED = {"/objectives/0/endpoints/0/metric": "time_to_event", "/objectives/0/endpoints/0/aggregation": "hazard"}
PACE = "Median of 13 months, enrolment over 20 months."
SIZED = "/statistics/sample_size"
EVENTS = [{
    "objective": "O1", "method": "survival_schoenfeld_events", "hr": 0.65, "hr_source": "phase 2 trial", "alpha": 0.005,
    "sided": 1, "power": 0.9, "ratio": "2:1", "events": 361, "randomised_total": 148, "missing": "5 %",
}]  # fmt: skip
BACKGROUND = {
    "id": "PLACEBO", "name": "Pemetrexed", "kind": "drug", "role": "background_treatment", "substance": "pemetrexed",
    "route": "INTRAVENOUS DRIP", "product": {"form": "INJECTION, SOLUTION"}, "administered_by": "nurse",
    "place": "day unit", "regimen": {"steps": [
        {"id": "P", "dose": "500 mg/m2", "when": "days", "days": ["0 d", "21 d"], "duration": "10 min"},
    ], "taper": {"none_reason": "not tapered"}},
}  # fmt: skip
COLLECTED = "/discontinuation/treatment/outcomes_collected"
BALLOON = {"/interventions": [{
    "id": "DCB", "name": "Coated balloon", "kind": "device", "role": "experimental", "administered_by": "operator",
    "device": {"model": "B", "contact": "vessel for 60 s"}, "non_drug": {"procedures": "one inflation"},
    "modifications": [{"trigger": "dissection", "action": "no_change", "reason": "a stent is placed"}],
}]}  # fmt: skip
EFFICACY = {SIZED: [
    {"objective": "O1", "method": "other", "ve": 0.6, "ve_source": "earlier trial", "rationale": "by program"},
]}  # fmt: skip
UNTIMED = {"/objectives/1/endpoints/0/visit": GONE, "/objectives/1/endpoints/0/interval": GONE}
HARM_FIRST = {"/objectives/2/level": "primary"}
NO_STRENGTH = {"/interventions/0/product/strengths": GONE}
ANTIGENS = "/interventions/0/vaccine/antigens"
NO_ACTION = {"/adverse_events/of_special_interest/0/name": "gout", "/interventions/0/modifications": [
    {"trigger": "cough", "action": "interrupt", "threshold": "any", "restart": "when it has gone"},
]}  # fmt: skip
MEASURES = "/statistics/safety/measures"
CROSSED = {"/design/washout": {"duration": "14 d", "at_most": "28 d", "justification": "five half-lives"}}
TAPERED = {
    "/interventions/0/regimen/taper": {
        "steps": [{"id": "T1", "dose": "10 mg", "when": "course", "frequency": "QD", "from": "84 d", "to": "90 d"}],
        "who": "those who do not go on", "early_stop": "by the same step",
    }
}  # fmt: skip
TARGET = "/interventions/0/regimen/titration/per_cohort/0/target"
TAPER_DOSE = "/interventions/0/regimen/taper/steps/0/dose"
BY_COHORT = {
    "/interventions/0/regimen/titration": {
        "min_interval": "7 d", "condition": "no event",
        "per_cohort": [{"cohort": "A", "step": "2 mg/d", "target": "8 mg/d"}],
    }
}  # fmt: skip
RATES = {
    "/statistics/sample_size": [{
        "objective": "O1", "method": "other", "rate_ctl": 0.04, "rate_trt": 0.008, "rate_trt_source": "target",
        "rationale": "By the program of the unit.", "randomised_total": 148,
    }]
}  # fmt: skip
SEEN = {f"/interventions/{index}/adherence/monitoring": "review by the proctor" for index in (0, 1)}


def _harm(effect: str) -> dict[str, Any]:
    """Return an analysis of the harm endpoint by an effect, where the plan for harms names none."""
    analysis = {"endpoint": "E8", "role": "secondary", "set": "ALL", "model": "logistic regression", "effect": effect}
    return {MEASURES: ["number"], "/statistics/analyses/3": analysis}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("spirit-2025/14a", "PRIL", {}, "met"),
        ("spirit-2025/14a", "PRIL", BY_AGE, "partial"),
        ("spirit-2025/14a", "PRIL", {**BY_AGE, "/population/cohorts": NEXT}, "met"),
        ("spirit-2025/14a", "KET", {f"{PAIN_AT_ENTRY}/min_days": GONE}, "partial"),
        ("spirit-2025/17", "PRIL", SLOW, "partial"),
        ("spirit-harms/period", "PRIL", SLOW, "partial"),
        ("consort-harms-2022/14a", "PRIL", SLOW, "partial"),
        ("spirit-outcomes-2022/12.3", "KET", {}, "met"),
        ("spirit-outcomes-2022/12.3", "KET", {CUT: "clinical response"}, "needs_person"),
        ("spirit-outcomes-2022/12.3", "KET", {CUT: GONE}, "partial"),
        ("spirit-outcomes-2022/12.3", "PRIL", {PARTS: [DEATH, FALL]}, "met"),
        ("spirit-outcomes-2022/12.3", "PRIL", {PARTS: [DEATH], **UNCUT}, "not_applicable"),
        ("spirit-outcomes-2022/12.3", "KET", {PARTS: [DEATH, {**FALL, "outcome": "PHQ9"}]}, "met"),
        ("spirit-outcomes-2022/12.3", "KET", {PARTS: [DEATH, SCORE]}, "needs_person"),
        ("spirit-outcomes-2022/14.1", "KET", RATES, "met"),
        ("spirit-outcomes-2022/14.1", "KET", {**RATES, "/statistics/sample_size/0/rate_trt_source": GONE}, "partial"),
        ("spirit-pro-2018/18a(iv)", "KET", SILENT, "unmet"),
        ("spirit-pro-2018/18a(iv)", "KET", {**REPORTED, **SILENT}, "met"),
        ("spirit-pro-2018/18a(iv)", "KET", CARER, "met"),
        ("spirit-pro-2018/22", "KET", CALM, "needs_person"),
        ("spirit-pro-2018/22", "KET", {**CALM, **RATED}, "needs_person"),
        ("spirit-pro-2018/22", "KET", {**CALM, "/outcomes/2/name": "depressive symptoms"}, "unmet"),
        ("spirit-2025/12", "KET", FACTORIAL, "met"),
        ("spirit-2025/12", "KET", {**FACTORIAL, "/design/factorial/interaction": GONE}, "partial"),
        ("spirit-2025/12", "KET", {"/design/model": "factorial"}, "partial"),
        ("spirit-2025/12", "KET", {"/design/model": "factorial", **MARGINS}, "met"),
        ("spirit-2025/14a", "KET", {"/population/inclusion/0/text": "Suited for infusions"}, "needs_person"),
        ("spirit-2025/14a", "KET", {"/population/inclusion/0/text": "Fit in the opinion of sites"}, "needs_person"),
        ("consort-harms-2022/6c", "KET", {MEASURES: ["percent with event by each arm"]}, "partial"),
        ("consort-harms-2022/6c", "KET", {MEASURES: ["percent with each event by arm"]}, "met"),
        ("spirit-2025/12", "KET", CROSSED, "met"),
        ("spirit-2025/12", "KET", {"/design/model": "crossover"}, "partial"),
        ("spirit-2025/18", "KET", {"/design/model": "crossover"}, "partial"),
        ("spirit-2025/15a", "MEM", BY_COHORT, "met"),
        ("spirit-2025/15a", "MEM", {**BY_COHORT, TARGET: GONE}, "partial"),
        ("tidier/9", "MEM", BY_COHORT, "met"),
        ("spirit-2025/15a", "PRIL", {**TAPERED, TAPER_DOSE: GONE}, "partial"),
        ("tidier/8", "PRIL", {**TAPERED, TAPER_DOSE: GONE}, "partial"),
        ("tidier/11", "PRIL", SEEN, "met"),
        ("spirit-2025/10", "PRIL", HARM_FIRST, "met"),
        ("spirit-2025/27c", "PRIL", HARM_FIRST, "met"),
        ("ich-e9-r1/objective", "PRIL", HARM_FIRST, "met"),
        ("spirit-2025/10", "PRIL", {"/objectives/0/estimands": GONE}, "partial"),
        ("spirit-harms/dosemod", "PRIL", {}, "met"),
        ("spirit-harms/dosemod", "PRIL", NO_ACTION, "partial"),
        ("spirit-2025/15a", "PRIL", NO_STRENGTH, "partial"),
        ("spirit-2025/15a", "PRIL", {**NO_STRENGTH, ANTIGENS: ["serotype 3, 4 ug"]}, "met"),
        ("spirit-pro-2018/13", "KET", REPORTED, "met"),
        ("spirit-pro-2018/13", "KET", LATE, "partial"),
        ("consort-harms-2022/17b", "KET", {MEASURES: ["risk difference"]}, "partial"),
        ("consort-harms-2022/17b", "KET", _harm("risk difference and odds ratio"), "met"),
        ("consort-harms-2022/17b", "KET", _harm("risk difference"), "partial"),
        ("consort-harms-2022/17b", "KET", _harm("odds ratio"), "partial"),
        ("spirit-outcomes-2022/12.5", "PRIL", SEROTYPES, "met"),
        ("spirit-outcomes-2022/12.5", "PRIL", {**SEROTYPES, "/outcomes/0/mode": "record_review"}, "partial"),
        ("ich-e6-r3/B.3", "PRIL", HARM_FIRST, "met"),
        ("ich-e6-r3/B.10.4", "PRIL", HARM_FIRST, "met"),
        ("ich-e6-r3/B.4.1", "KET", UNTIMED, "partial"),
        ("spirit-2025/10", "KET", UNTIMED, "partial"),
        ("ich-e6-r3/B.7.1", "KET", {"/arms/1/interventions": GONE}, "partial"),
        ("who-trds/13", "KET", {"/arms/1/interventions": GONE}, "partial"),
        ("who-trds/19", "KET", {"/outcomes/0/instrument": GONE, "/outcomes/0/measurement": GONE}, "partial"),
        ("spirit-pro-2018/12", "KET", UNTIMED, "partial"),
        ("spirit-2025/15a", "PRIL", ENDLESS, "partial"),
        ("tidier/8", "PRIL", ENDLESS, "partial"),
        ("who-trds/13", "PRIL", ENDLESS, "partial"),
        ("ich-e6-r3/B.7.1", "PRIL", ENDLESS, "partial"),
        ("ich-e6-r3/B.7.1", "PRIL", RANGED, "met"),
        ("ich-e6-r3/B.7.1", "PRIL", UNDOSED, "partial"),
        ("ich-e6-r3/B.10.1", "PRIL", {"/statistics/interim": [LOOK]}, "met"),
        ("ich-e6-r3/B.10.1", "PRIL", {"/statistics/interim": [{**LOOK, "tests": [{"endpoint": "E1"}]}]}, "partial"),
        ("spirit-2025/25a", "PRIL", JUDGED, "met"),
        ("spirit-2025/25a", "PRIL", {**JUDGED, "/outcomes/0/assessor": "trained nurse"}, "partial"),
        ("spirit-outcomes-2022/12.5", "PRIL", {PARTS: [{"name": "death from any cause"}, FALL]}, "met"),
        ("spirit-outcomes-2022/12.5", "PRIL", {PARTS: [{"name": "progression by RECIST 1.1"}, FALL]}, "met"),
        ("spirit-outcomes-2022/12.5", "PRIL", {PARTS: [{"name": "new dialysis"}, FALL]}, "partial"),
        ("spirit-outcomes-2022/12.5", "KET", {CUT: "up by 10 points or more, confirmed once"}, "not_applicable"),
        ("spirit-2025/19", "KET", {**TIMED, SIZED: EVENTS}, "partial"),
        ("spirit-2025/19", "KET", {**TIMED, SIZED: [{**EVENTS[0], "rationale": PACE}]}, "met"),
        ("spirit-2025/15a", "PRIL", {"/interventions/1": BACKGROUND}, "met"),
        ("spirit-pro-2018/18b(ii)", "KET", REPORTED, "met"),
        ("spirit-pro-2018/18b(ii)", "KET", {**REPORTED, COLLECTED: ["NRS"]}, "partial"),
        ("spirit-harms/dosemod", "KET", BALLOON, "not_applicable"),
        ("tidier/6", "KET", BALLOON, "not_applicable"),
        ("spirit-outcomes-2022/14.1", "KET", EFFICACY, "met"),
        ("spirit-outcomes-2022/14.1", "KET", {**EFFICACY, f"{SIZED}/0/ve_source": GONE}, "partial"),
        ("who-trds/4", "KET", {"/trial/funders": [{"name": "A"}, {"type": "supply"}]}, "partial"),
        ("ich-e6-r3/B.15", "KET", {"/trial/funders": [{"name": "A"}, {"type": "supply"}]}, "partial"),
        ("ich-e6-r3/B.8.2", "KET", UNTIMED, "partial"),
        ("ich-e9-r1/estimator", "KET", {"/statistics/analyses/0/estimand": GONE, ESTIMATOR: GONE}, "unmet"),
        ("spirit-2025/14a", "KET", {"/population/inclusion/0/text": "No disease that would interfere"}, "needs_person"),
        ("spirit-pro-2018/5a", "KET", {"/trial/contributors": [{"name": "A B", "role": "statistician"}]}, "unmet"),
    ],
)  # fmt: skip
def test_a_row_rests_on_the_fact_that_the_file_holds(
    identifier: str, example: str, changes: dict[str, Any], status: str
) -> None:
    """A fact counts under the key that holds it, and what a rule finds in it lowers the row."""
    assert str(row_of(identifier, example, changes).status) == status


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "place"),
    [
        ("spirit-2025/12", "KET", CROSSED, "/design/washout/at_most"),
        ("spirit-2025/18", "KET", CROSSED, "/design/washout/at_most"),
        ("spirit-2025/15a", "PRIL", TAPERED, "/interventions/id=EXAMPLIPRIL/regimen/taper/who"),
        ("spirit-2025/15b", "PRIL", TAPERED, "/interventions/id=EXAMPLIPRIL/regimen/taper/early_stop"),
        ("tidier/8", "PRIL", TAPERED, "/interventions/id=EXAMPLIPRIL/regimen/taper/early_stop"),
        ("spirit-outcomes-2022/12.3", "PRIL", {PARTS: [DEATH, FALL]}, "/outcomes/id=SBP/components/1/definition"),
    ],
)
def test_a_row_shows_the_key_of_the_fact(identifier: str, example: str, changes: dict[str, Any], place: str) -> None:
    """The longest washout, who is tapered and how, and the cut within a composite stand as evidence."""
    assert place in shown(row_of(identifier, example, changes))


def test_a_scale_that_somebody_else_rates_is_no_evidence_of_alerts_on_reports() -> None:
    """An alert on a rated scale says nothing of the answers that participants give by themselves."""
    places = shown(row_of("spirit-pro-2018/22", "KET", {**CALM, **RATED}))
    assert not {place for place in places if "CSSRS" in place}
