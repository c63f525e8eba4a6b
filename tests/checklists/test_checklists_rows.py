"""Rows against protocols that differ in one thing: what a row rests on, what it shows, and whom it is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from packcase import pack
from rowcase import GONE
from rowcase import row_of as _row
from rowcase import shown as _shown

from protocolkit.checklists import names

if TYPE_CHECKING:
    from collections.abc import Iterator

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


GENE = {"/interventions/0/kind": "genetic"}
STEP, OTHER_STEP = "/interventions/0/regimen/steps/0", "/interventions/1/regimen/steps/0"


@pytest.mark.parametrize("name", names())
def test_what_is_asked_of_one_kind_of_medicine_is_asked_of_all(name: str) -> None:
    """A gene therapy is dosed, packed, prepared and counted like a tablet."""
    for kinds in _kinds(pack(name)):
        assert kinds.isdisjoint(MEDICINAL) or kinds == {"drug"} or kinds >= MEDICINAL


MEDICINAL = {"drug", "biologic", "vaccine", "genetic"}


def _kinds(value: Any) -> Iterator[set[str]]:
    """Yield each list of kinds of interventions that a condition names."""
    for key, item in value.items() if isinstance(value, dict) else ():
        if key.endswith("/kind") and key.startswith((".", "/interventions")):
            yield {item} if isinstance(item, str) else set(item)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from _kinds(item)


@pytest.mark.parametrize(
    ("identifier", "change"),
    [
        ("ich-e6-r3/B.2.1", "/interventions/0/product/form"),
        ("ich-e6-r3/B.2.4", "/interventions/0/route"),
        ("ich-e6-r3/B.4.4", "/interventions/0/packaging"),
        ("ich-e6-r3/B.4.5", "/interventions/0/preparation"),
        ("ich-e6-r3/B.4.9", "/interventions/0/accountability"),
        ("ich-e6-r3/B.7.1", f"{STEP}/dose"),
        ("tidier/3", "/interventions/0/product"),
        ("tidier/4", "/interventions/0/route"),
        ("tidier/8", f"{STEP}/dose"),
        ("spirit-2025/15a", f"{STEP}/dose"),
        ("who-trds/13", f"{STEP}/dose"),
    ],
)
def test_a_gene_therapy_is_told_in_full(identifier: str, change: str) -> None:
    """Its row is met with what it is given by, and is not met without it."""
    whole = _row(identifier, "KET", GENE)
    assert str(whole.status) == "met"
    assert any(each.pointer.startswith(change) for each in whole.evidence)
    assert str(_row(identifier, "KET", {**GENE, change: GONE}).status) in ("partial", "unmet")


APP = {
    "id": "KETAMINE", "name": "Sleep app", "kind": "device", "role": "experimental", "administered_by": "participant",
    "description": "Six modules with a daily diary.", "place": "at home", "materials": "Quick guide 1.2 in the app",
    "device": {
        "model": "Slumber", "software_version": "3.4", "ifu_version": "2.1", "components": ["iOS app", "back end"],
        "operator_training": "tutorial of 5 min",
    },
    "non_drug": {
        "why": "It builds sleep pressure.", "procedures": "sleep restriction and stimulus control",
        "provider": "none; fully automated", "mode": "by smartphone, alone", "tailoring": "window by the diary",
        "fidelity": "log of the modules",
    },
    "regimen": {
        "anchor": "first_dose",
        "steps": [{"id": "M", "when": "course", "frequency": "EVERY WEEK", "from": "0 d", "to": "56 d"}],
    },
    "modifications": {"none_reason": "the modules are the same for everybody"},
    "adherence": {"strategies": "push notices", "monitoring": "log of the modules"},
}  # fmt: skip
DEVICE = {
    "/interventions": [APP], "/trial/device_manufacturer": {"name": "Fictional Sleep Ltd"},
    "/adverse_events/device_deficiencies": "Crashes and lost data; told to the sponsor within 24 h.",
    "/arms/1": {"id": "MID", "name": "Usual care", "type": "no_intervention", "description": "care as before"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("identifier", "change", "status"),
    [
        ("tidier/2", "/interventions/0/non_drug", "needs_person"),
        ("tidier/3", "/trial/device_manufacturer", "partial"),
        ("tidier/3", "/interventions/0/device/model", "partial"),
        ("tidier/4", "/interventions/0/device", "partial"),
        ("tidier/5", "/interventions/0/device/operator_training", "partial"),
        ("tidier/6", "/interventions/0/non_drug/mode", "partial"),
        ("tidier/6", "/interventions/0/non_drug", "needs_person"),
        ("tidier/9", "/interventions/0/non_drug", "partial"),
        ("spirit-2025/15a", "/interventions/0/device/ifu_version", "met"),
        ("spirit-2025/15a", "/interventions/0/device", "partial"),
        ("spirit-2025/17", "/adverse_events/device_deficiencies", "partial"),
        ("spirit-harms/define", "/adverse_events/device_deficiencies", "partial"),
        ("ich-e6-r3/B.9.3", "/adverse_events/device_deficiencies", "partial"),
        ("ich-e6-r3/B.2.1", "/trial/device_manufacturer", "partial"),
        ("ich-e6-r3/B.4.5", "/interventions/0/device/ifu_version", "partial"),
    ],
)
def test_rows_of_a_device_rest_on_what_is_told_of_it(identifier: str, change: str, status: str) -> None:
    """An app is judged by how it works, is delivered, made and used, not by its list of parts."""
    assert str(_row(identifier, "KET", DEVICE).status) == "met"
    assert str(_row(identifier, "KET", {**DEVICE, change: GONE}).status) == status


def test_an_app_that_nobody_gives_shows_so() -> None:
    """Who gives it is told by the key on those who give it as well."""
    assert "/interventions/id=KETAMINE/non_drug/provider" in _shown(_row("tidier/5", "KET", DEVICE))


def test_what_an_app_is_stands_in_words_as_well() -> None:
    """Without a description and without procedures nobody knows what is done with it."""
    changes = {**DEVICE, "/interventions/0/non_drug": GONE, "/interventions/0/description": GONE}
    assert {str(_row(identifier, "KET", changes).status) for identifier in ("tidier/4", "spirit-2025/15a")} == {
        "partial"
    }


LAB_ALERT = {
    "/outcomes/2/alerts": GONE, "/schedule/activities/12/alerts": GONE,
    "/schedule/activities/15/alerts": [{"item": "ALT", "threshold": "above 3 times the limit", "action": "stop"}],
}  # fmt: skip
NOBODY_SAYS = {"/schedule/assessments/considerations": "Questionnaires are answered before any talk."}
TOLD_BY_PARENTS = {**NOBODY_SAYS, "/outcomes/0/reported_by": ["participant", "parent_or_proxy"]}
BY_NURSE = {"/outcomes/0/reported_by": ["clinician"]}
CHECKLIST = {
    "id": "CALL", "name": "Near misses", "mode": "interview", "assessor": "interviewer", "reported_by": ["participant"],
    "domain": "harm", "measurement": "six questions by telephone",
}  # fmt: skip
TRANSLATED = {f"/outcomes/{index}/validity": "linguistically validated in German" for index in range(6)}
PORED = "/adverse_events/ascertainment"
RECORDS = {"event": "any", "mode": "record_review", "activity": "AE_CHECK", "visits": ["V12"], "assessor": "nurse",
           "blinded": True}  # fmt: skip
SOUGHT = {"event": "dili", "mode": "laboratory", "activity": "LFT", "visits": ["V4"], "assessor": "laboratory",
          "blinded": True}  # fmt: skip
NO_QUESTION = {PORED: [RECORDS, SOUGHT], "/adverse_events/of_special_interest": [
    {"id": "dili", "name": "Liver injury", "definition": "by Hy's law"}]}  # fmt: skip
ONE_SIDE = {"/interventions/1/matching": GONE}
CREAM = [{"class": "emollient", "trigger": "itch"}, {"substance": "paracetamol", "dose": "1 g", "max_per_day": "3 g"}]
ALONE = {"/design/model": "single_group", "/design/control": {"type": "external", "justification": "own lead-in"}}
FIRST = "/objectives/0/endpoints/0/threshold"
RESPONDER = {"/objectives/0/endpoints/0/metric": "responder", FIRST: "fall of at least 30 % from baseline"}
UNKNOWN = {
    "/statistics/sample_size/0": {
        "objective": "O1", "method": "other", "p1": 0.2, "p1_source": "pilot", "power": 0.9, "alpha": 0.05,
        "rationale": "By the program of the unit.", "randomised_total": 148,
    }
}  # fmt: skip
ONE_EVENT = {
    "event": "sedation", "mode": "open_question", "wording": "Were you very sleepy?", "visits": ["V12"],
}  # fmt: skip
SIMULATED = {"/statistics/sample_size/0": {**UNKNOWN["/statistics/sample_size/0"], "rationale": "By simulation."}}
UNSHARED = {"/oversight/samples": GONE, "/oversight/data_sharing": {"none_reason": "consent does not cover it"}}
SHARED = {"/oversight/samples": GONE}
OPEN = {"/design/blinding": {"schema": "open_label", "open_label_reason": "a device that can be felt"}}
OWN = {
    "/interventions/1/role": "background_treatment", "/interventions/1/product": {"form": "SOLUTION"},
    "/interventions/1/sourcing": "locally_sourced",
}  # fmt: skip
LATE = {"/adverse_events/windows/AE/end": {"anchor": "first_dose", "offset": "7 d"}}
DIARY = {
    "/outcomes/0": {
        "id": "NRS", "name": "Wake time", "instrument": {"name": "Sleep diary", "version": "core"}, "unit": "min",
        "direction": "lower_better", "mode": "electronic", "assessor": "participant", "validity": "validated",
        "diary": {"days": 14, "min_days": 10, "below": "missing"}, "domain": "sleep", "measurement": "mean of days",
    }
}  # fmt: skip
CODES = {"log": "code and date of activation", "return": "access ends"}
NOT_BACK = {"/interventions/0/accountability/return": GONE}
COUNT = {"/outcomes/5/validity": GONE}
REMOTE = {f"/schedule/visits/{index}/mode": "video" for index in range(12)}
SIGNED = {"/schedule/activities/0/name": "Electronic consent"}
ROLES = "/design/blinding/roles"
ASSESSORS = {"/design/blinding/schema": "single_blind", "/design/blinding/emergency_unblinding": GONE}
PLATFORM = {"platform": "Sign 2", "identity": "photo", "copy": "by mail"}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("spirit-pro-2018/22", "KET", LAB_ALERT, "unmet"),
        ("spirit-pro-2018/22", "KET", {}, "met"),
        ("spirit-pro-2018/20c", "KET", {}, "met"),
        ("spirit-pro-2018/20c", "KET", BY_NURSE, "met"),
        ("spirit-pro-2018/20c", "KET", {**BY_NURSE, "/statistics/analyses/5/missing_data": GONE}, "partial"),
        ("spirit-pro-2018/18a(iv)", "KET", NOBODY_SAYS, "unmet"),
        ("spirit-pro-2018/18a(iv)", "KET", TOLD_BY_PARENTS, "met"),
        ("spirit-pro-2018/18a(iii)", "KET", {}, "partial"),
        ("spirit-pro-2018/18a(iii)", "KET", TRANSLATED, "met"),
        ("spirit-pro-2018/18a(iii)", "KET", {**TRANSLATED, "/outcomes/5": CHECKLIST}, "met"),
        ("spirit-pro-2018/18a(iii)", "KET", {**TRANSLATED, "/outcomes/5": {**CHECKLIST, "mode": "paper"}}, "partial"),
        ("spirit-harms/period", "KET", LATE, "partial"),
        ("spirit-harms/passive", "KET", NO_QUESTION, "met"),
        ("spirit-harms/passive", "KET", {PORED: [SOUGHT]}, "unmet"),
        ("spirit-harms/passive", "KET", {f"{PORED}/0/wording": GONE}, "partial"),
        ("spirit-2025/17", "KET", NO_QUESTION, "met"),
        ("spirit-2025/17", "KET", {**NO_QUESTION, PORED: [SOUGHT]}, "partial"),
        ("ich-e6-r3/B.9.3", "KET", NO_QUESTION, "met"),
        ("ich-e6-r3/B.9.3", "KET", {PORED: [SOUGHT]}, "partial"),
        ("consort-harms-2022/6c", "KET", NO_QUESTION, "met"),
        ("spirit-2025/24b", "PRIL", ONE_SIDE, "met"),
        ("spirit-2025/24b", "PRIL", {**ONE_SIDE, "/interventions/0/matching/to": GONE}, "partial"),
        ("spirit-2025/15d", "KET", {"/concomitant/rescue": CREAM}, "met"),
        ("spirit-2025/15d", "KET", {"/concomitant/rescue": [{**CREAM[1], "max_per_day": ""}]}, "partial"),
        ("spirit-2025/15a", "KET", OWN, "met"),
        ("spirit-2025/15a", "KET", {**OWN, "/interventions/1/sourcing": "centrally_sourced"}, "partial"),
        ("ich-e9-r1/treatment", "KET", ALONE, "needs_person"),
        ("ich-e9-r1/treatment", "KET", {**ALONE, "/design/control": {"type": "none"}}, "met"),
        ("spirit-outcomes-2022/12.2", "KET", {**RESPONDER, "/outcomes/0/important_difference": GONE}, "unmet"),
        ("spirit-outcomes-2022/12.2", "PRIL", RESPONDER, "partial"),
        ("spirit-outcomes-2022/12.2", "KET", {**RESPONDER, FIRST: "< 3"}, "not_applicable"),
        ("spirit-2025/19", "KET", UNKNOWN, "needs_person"),
        ("ich-e6-r3/B.10.2", "KET", UNKNOWN, "needs_person"),
        ("spirit-2025/19", "KET", SIMULATED, "partial"),
        ("ich-e6-r3/B.10.2", "KET", SIMULATED, "partial"),
        ("spirit-2025/15a", "KET", {"/interventions/0/regimen/max_cumulative": "900 mg"}, "partial"),
        ("spirit-2025/32b", "KET", SHARED, "met"),
        ("spirit-2025/32b", "KET", {**SHARED, "/oversight/data_sharing/consent_basis": GONE}, "partial"),
        ("spirit-2025/32b", "KET", {**UNSHARED, "/oversight/consent/separate_consents": GONE}, "not_applicable"),
        ("spirit-harms/passive", "KET", {"/adverse_events/ascertainment": [ONE_EVENT]}, "unmet"),
        ("ich-e6-r3/B.4.10", "KET", OPEN, "met"),
        ("ich-e6-r3/B.4.10", "KET", {**OPEN, "/design/randomisations/0/sequence_access": GONE}, "unmet"),
        ("ich-e6-r3/B.10.2", "KET", {"/statistics/sample_size/0/evaluable_per_arm": 20}, "partial"),
        ("ich-e6-r3/B.4.9", "KET", NOT_BACK, "partial"),
        ("ich-e6-r3/B.4.9", "KET", {**NOT_BACK, "/interventions/0/regimen/steps/0/when": "once"}, "met"),
        ("ich-e6-r3/B.4.9", "KET", {"/interventions/0/accountability/destruction": GONE}, "partial"),
        ("ich-e6-r3/B.4.9", "KET", {**DEVICE, "/interventions/0/accountability": CODES}, "met"),
        ("spirit-2025/25a", "KET", DIARY, "met"),
        ("spirit-2025/25a", "KET", {**DIARY, "/outcomes/0/unit": "{score}"}, "partial"),
        ("spirit-2025/25a", "KET", COUNT, "met"),
        ("spirit-2025/13", "KET", REMOTE, "partial"),
        ("spirit-2025/13", "KET", {**REMOTE, "/schedule/decentralised": {"provider": "Remote Ltd"}}, "met"),
        ("spirit-2025/32a", "KET", SIGNED, "partial"),
        ("spirit-2025/32a", "KET", {**SIGNED, "/oversight/consent/e_consent": PLATFORM}, "met"),
        ("spirit-2025/24c", "KET", {**ASSESSORS, ROLES: ["outcomes_assessor", "data_analyst"]}, "not_applicable"),
        ("spirit-2025/24c", "KET", {**ASSESSORS, ROLES: ["outcomes_assessor", "participant"]}, "unmet"),
        ("spirit-harms/unblind", "KET", {**ASSESSORS, ROLES: ["outcomes_assessor"]}, "not_applicable"),
        ("ich-m11/6.7.4", "KET", {**ASSESSORS, ROLES: ["outcomes_assessor"]}, "not_applicable"),
        ("ich-m11/6.7.4", "KET", {**ASSESSORS, ROLES: ["investigator"]}, "unmet"),
        ("ich-e6-r3/B.4.10", "KET", {**ASSESSORS, ROLES: ["outcomes_assessor"]}, "met"),
        ("ich-e6-r3/B.4.10", "KET", {**ASSESSORS, ROLES: ["care_provider"]}, "partial"),
    ],
)  # fmt: skip
def test_a_row_stands_as_a_methodologist_would_have_it(
    identifier: str, example: str, changes: dict[str, Any], status: str
) -> None:
    """Content of another kind does not meet it, and nothing is asked that does not concern it."""
    assert str(_row(identifier, example, changes).status) == status


def test_reports_have_the_windows_of_the_visits_at_which_they_are_made() -> None:
    """The window of a visit without a questionnaire says nothing of reports."""
    shown = _shown(_row("spirit-pro-2018/13", "KET", {}))
    assert "/schedule/visits/id=V8/window" in shown
    assert not {f"/schedule/visits/id={visit}/window" for visit in ("SCR", "INF1", "SAFE")} & shown


def test_the_sample_size_shows_its_numbers() -> None:
    """What the number rests on stands beside it, whatever the method."""
    shown = _shown(_row("spirit-2025/19", "KET", UNKNOWN))
    assert shown >= {f"/statistics/sample_size/0/{key}" for key in ("p1", "power", "alpha")}


def test_who_answers_is_shown_where_nobody_says_whether_others_may() -> None:
    """The key on who reports is the evidence, not how missing items are scored."""
    told = {**NOBODY_SAYS, "/outcomes/0/reported_by": ["participant"]}
    assert "/outcomes/id=NRS/reported_by" in _shown(_row("spirit-pro-2018/18a(iv)", "KET", told))


@pytest.mark.parametrize(
    ("identifier", "change"),
    [
        ("ich-e6-r3/B.4.6", "/objectives/1/endpoints/0/aggregation"),
        ("ich-e6-r3/B.6(d)", "/objectives/1/endpoints/0/outcome"),
        ("ich-e6-r3/B.13", "/population/age/min"),
        ("ich-e9-r1/estimator", "/schedule/activities/4/name"),
        ("ich-e9-r1/sensitivity", "/statistics/analyses/5/model"),
        ("spirit-outcomes-2022/12.2", "/outcomes/4/instrument/name"),
        ("spirit-2025/32a", "/population/age/min"),
    ],
)
def test_a_fault_elsewhere_does_not_worsen_a_row(identifier: str, change: str) -> None:
    """A rule that a fault held up is no reason to doubt a row that rests on other places."""
    before = {} if "12.2" not in identifier else {"/objectives/0/endpoints/0/metric": "change_from_baseline"}
    assert _row(identifier, "KET", before).status == _row(identifier, "KET", {**before, change: GONE}).status


@pytest.mark.parametrize(
    "identifier", ["spirit-2025/15a", "tidier/8", "ich-e6-r3/B.4.4", "ich-e6-r3/B.7.1", "who-trds/13"]
)
@pytest.mark.parametrize(
    ("words", "status"), [("the clinician decides by the needs of each participant", "met"), ("TBD", "partial")]
)
def test_a_dose_at_discretion_is_an_answer(identifier: str, words: str, status: str) -> None:
    """Where the clinician decides, that is what the protocol says of the dose; filler says nothing."""
    steps = {STEP: {"id": "KET", "when": "once", "from": "0 d", "at_discretion": words}}
    row = _row(identifier, "KET", steps)
    assert str(row.status) == status
    assert (f"{STEP}/at_discretion" in {each.pointer for each in row.evidence}) is (status == "met")


FITTED = {
    "id": "KET", "dose": "30 mg", "when": "course", "from": "0 d", "to": "11 d", "duration": "4 h",
    "interval_adjustment": {"shortest": "1 d", "longest": "3 d", "extend_when": "no pain"},
}  # fmt: skip


@pytest.mark.parametrize("identifier", ["spirit-2025/15a", "tidier/8", "who-trds/13", "tidier/9"])
def test_an_interval_that_is_fitted_says_how_often(identifier: str) -> None:
    """A shortest interval stands for the frequency, and what extends it is a way of tailoring."""
    before = _row(identifier, "KET", {})
    gone = {f"/interventions/{index}/regimen/derived": GONE for index in (0, 1)}
    row = _row(identifier, "KET", {STEP: FITTED, OTHER_STEP: {**FITTED, "dose": "0.96 mg"}, **gone})
    assert (str(before.status), str(row.status)) == ("met", "met")
    key = "extend_when" if identifier == "tidier/9" else "shortest"
    assert f"{STEP}/interval_adjustment/{key}" in {each.pointer for each in row.evidence}


@pytest.mark.parametrize(("change", "status"), [({}, "met"), ({"/interventions/0/radiation": GONE}, "unmet")])
def test_what_is_irradiated_is_told_by_technique_and_volumes(change: dict[str, Any], status: str) -> None:
    """Radiotherapy needs no words beside its volumes, no monitoring of a drug and no route."""
    volumes = [{"name": "PTV", "definition": "the joint", "dose": "6 Gy", "fractions": 6}]
    told = {"technique": "one field", "volumes": volumes}
    gone = dict.fromkeys(("description", "route", "pharmacology", "non_drug", "preparation"), GONE)
    changes = {f"/interventions/0/{key}": value for key, value in gone.items()}
    changes |= {"/interventions/0/kind": "radiation", "/interventions/0/radiation": told}
    assert str(_row("tidier/4", "KET", {**changes, **change}).status) == status


BY_CALL = {"/interventions/0/regimen": GONE}
HOUR = "/interventions/0/non_drug/procedures"
PROCEDURE = {**DEVICE, "/interventions/0/kind": "procedure", "/interventions/0/regimen": GONE}
NOT_PLANNED = {f"/schedule/activities/{index}/serves": ["safety"] for index in (4, 19)}
CLINIC = {**DEVICE, "/interventions/0/non_drug": GONE, "/interventions/0/place": "catheter laboratory"}
COUNTED = {f"/interventions/{index}/adherence/monitoring": "tablet count by the pharmacist" for index in (0, 1)}
TAKEN = {"/interventions/0/preparation": GONE, "/interventions/1/preparation": GONE}
ABOUT = {
    **BY_NURSE, "/introduction/purpose": "Rates are high.", "/introduction/rationale": "The receptor is blocked.",
    "/references": [{"key": "a", "text": "Sample A. Rates in a registry."}],
}  # fmt: skip
LIFE = {**ABOUT, "/introduction/rationale": "Quality of life was better in a pilot of 20 participants."}
POWERED = {**BY_NURSE, "/statistics/sample_size/0/rationale": "148 give 80 % power for physical functioning as well."}
SCORED = {
    "/population/inclusion": [{"id": "I1", "text": "CHA2DS2-VASc score of 2 or more"}], "/population/exclusion": [],
}  # fmt: skip
ONE_REPORTED = {
    **{f"/outcomes/{index}/reported_by": ["clinician"] for index in (1, 2, 4)}, "/schedule/activities/5/order": GONE,
}  # fmt: skip
PREGNANT = {"/discontinuation/pregnancy": "The participant may stay on blinded treatment."}
UNANALYSED = {"/statistics/analyses/8/endpoint": "E1", "/statistics/analyses/8/role": "supplementary"}
ICE = "/objectives/0/estimands/0/intercurrent_events/0"
CHANGED = {f"{ICE}/event": "change_of_pump", f"{ICE}/definition": "the monthly mean differs from that assigned"}
STOPPED = {f"{ICE}/event": "end_of_use", f"{ICE}/definition": "device not worn for the rest of the period"}
GENES = "/schedule/assessments/genetics"
NO_SAMPLE = {
    **DEVICE, "/oversight/samples": {"none_reason": "no sample is kept"},
    **{f"/schedule/assessments/{key}": GONE for key in ("genetics", "pd_biomarkers", "immunogenicity")},
}  # fmt: skip
SECOND_CLASS = {"/concomitant/permitted/1/members": ["memantine"]}
METRIC, TITLE = "/objectives/0/endpoints/0/metric", "/trial/full_title"
NAMES = "ketamine and midazolam in complex regional pain syndrome"
LIST = "live birth, miscarriage, stillbirth, anomaly"
BACK = "/interventions/0/accountability/return"
OWN_CHOICE = {STEP: {"id": "KET", "when": "once", "from": "0 d", "at_discretion": "the clinician by the label"}}
NO_LIMIT = {"/profiles": ["drug", "parallel"], "/concomitant/rescue": [{"substance": "glucagon", "dose": "1 mg"}]}
BY_COUNTRY = {"/statistics/subgroups": [{"variable": "country", "test": "interaction"}]}
BY_AGE = {"/statistics/subgroups": [{"variable": "age", "test": "interaction"}]}
SCALE = {"/outcomes/1/measurement": GONE}
DIARY_OF_HARM = {
    **{f"/outcomes/{index}/reported_by": ["clinician"] for index in (0, 1, 2, 4)},
    "/outcomes/5/reported_by": ["participant"],
}  # fmt: skip
AFTER_WINDOW = {
    "/adverse_events/windows/AESI": {"start": "first_dose", "end": {"anchor": "first_dose", "offset": "14 d"}}
}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("tidier/4", "PRIL", TAKEN, "met"),
        ("tidier/4", "KET", {"/interventions/0/preparation": GONE}, "partial"),
        ("tidier/6", "KET", CLINIC, "met"),
        ("tidier/6", "KET", {**PROCEDURE, "/interventions/0/non_drug/mode": "in person"}, "met"),
        ("tidier/8", "KET", {**DEVICE, **BY_CALL, HOUR: "calls of 30 min every week"}, "met"),
        ("tidier/8", "KET", {**DEVICE, **BY_CALL, HOUR: "calls by a coach"}, "needs_person"),
        ("tidier/8", "KET", PROCEDURE, "met"),
        ("tidier/8", "KET", {**PROCEDURE, **NOT_PLANNED, "/interventions/0/description": GONE}, "needs_person"),
        ("tidier/9", "KET", {**DEVICE, "/interventions/0/non_drug/tailoring": "none"}, "met"),
        ("tidier/11", "PRIL", {}, "needs_person"),
        ("tidier/11", "PRIL", COUNTED, "met"),
        ("spirit-harms/dosemod", "KET", {**PROCEDURE, "/interventions/0/modifications": GONE}, "met"),
        ("spirit-harms/dosemod", "KET", {"/interventions/0/modifications": GONE}, "partial"),
        ("spirit-harms/period", "KET", AFTER_WINDOW, "partial"),
        ("spirit-harms/grading", "KET", {"/adverse_events/grading": {"none_reason": "seriousness is used"}}, "met"),
        ("spirit-harms/grading", "KET", {"/adverse_events/grading": {"none_reason": "none"}}, "partial"),
        ("spirit-pro-2018/6a", "KET", {}, "met"),
        ("spirit-pro-2018/6a", "KET", ABOUT, "unmet"),
        ("spirit-pro-2018/6a", "KET", LIFE, "met"),
        ("spirit-pro-2018/6a", "KET", {**ABOUT, "/references": [{"text": "Symptoms by diary."}]}, "partial"),
        ("spirit-pro-2018/10", "KET", SCORED, "needs_person"),
        ("spirit-pro-2018/13", "KET", ONE_REPORTED, "met"),
        ("spirit-pro-2018/13", "KET", {f"/schedule/activities/{n}/order": GONE for n in (5, 6, 7, 9)}, "partial"),
        ("spirit-pro-2018/14", "KET", BY_NURSE, "unmet"),
        ("spirit-pro-2018/14", "KET", POWERED, "met"),
        ("spirit-pro-2018/18b(ii)", "KET", {"/discontinuation/treatment/outcomes_collected": ["AE"]}, "partial"),
        ("spirit-2025/15b", "KET", PREGNANT, "partial"),
        ("ich-e6-r3/B.6(a)", "KET", PREGNANT, "partial"),
        ("spirit-2025/15b", "KET", {"/discontinuation/treatment/rechallenge": "None."}, "met"),
        ("spirit-2025/15d", "KET", SECOND_CLASS, "partial"),
        ("spirit-2025/17", "KET", AFTER_WINDOW, "partial"),
        ("spirit-2025/25b", "KET", {"/discontinuation/reasons": GONE}, "met"),
        ("spirit-2025/27a", "KET", UNANALYSED, "partial"),
        ("spirit-2025/28a", "KET", {"/oversight/committees/dmc/conflicts": "none"}, "met"),
        ("ich-e9-r1/ice", "KET", CHANGED, "met"),
        ("ich-e9-r1/ice", "KET", STOPPED, "met"),
        ("ich-e9-r1/ice", "KET", {**STOPPED, f"{ICE}/definition": "any"}, "needs_person"),
        ("who-trds/21", "KET", {"/oversight/ethics/status": "in preparation"}, "met"),
        ("who-trds/21", "KET", {"/oversight/ethics/status": "application in preparation"}, "met"),
        ("who-trds/21", "KET", {"/oversight/ethics/status": "to be confirmed"}, "partial"),
        ("ich-m11/8.6.1", "KET", {GENES: {"none_reason": "none"}}, "partial"),
        ("ich-m11/8.6.2", "KET", {"/schedule/assessments/pd_biomarkers": {"none_reason": "none"}}, "partial"),
        ("ich-m11/8.6.3", "KET", {"/schedule/assessments/other_biomarkers": {"none_reason": "none"}}, "partial"),
        ("ich-m11/8.6.1", "KET", {GENES: {"none_reason": "no genetic sample is taken"}}, "met"),
        ("ich-m11/8.6.1", "KET", NO_SAMPLE, "met"),
        ("ich-m11/8.6.2", "KET", NO_SAMPLE, "met"),
        ("ich-m11/8.7", "KET", NO_SAMPLE, "met"),
        ("ich-m11/8.7", "KET", {**NO_SAMPLE, "/interventions/0/kind": "biologic"}, "unmet"),
        ("ich-m11/8.7", "KET", {**NO_SAMPLE, "/oversight/samples": GONE}, "unmet"),
        ("spirit-2025/15d", "KET", NO_LIMIT, "met"),
        ("spirit-2025/15d", "KET", {**NO_LIMIT, "/profiles": ["drug", "chronic-pain"]}, "partial"),
        ("spirit-2025/27d", "KET", BY_COUNTRY, "met"),
        ("spirit-2025/27d", "KET", BY_AGE, "partial"),
        ("spirit-2025/1a", "KET", {"/trial/protocol_id": GONE}, "partial"),
        ("ich-e6-r3/B.8.2", "KET", SCALE, "met"),
        ("ich-e6-r3/B.8.2", "KET", {**SCALE, "/outcomes/1/instrument": GONE}, "partial"),
        ("ich-e6-r3/B.4.5", "PRIL", TAKEN, "met"),
        ("consort-harms-2022/6a", "KET", SCALE, "met"),
        ("tidier/3", "KET", {**OWN_CHOICE, "/interventions/0/product/strength": GONE}, "met"),
        ("spirit-pro-2018/12", "KET", DIARY_OF_HARM, "not_applicable"),
        ("ich-e6-r3/B.4.9", "KET", {BACK: "none"}, "met"),
        ("ich-e6-r3/B.4.9", "KET", {BACK: "not needed"}, "met"),
        ("ich-e6-r3/B.4.9", "KET", {BACK: "TBD"}, "partial"),
        ("ich-e6-r3/B.4.8", "KET", {**PROCEDURE, "/interventions/0/modifications": GONE}, "met"),
        ("spirit-outcomes-2022/12.5", "KET", {METRIC: "event", FIRST: LIST}, "needs_person"),
        ("spirit-outcomes-2022/12.5", "KET", {METRIC: "event", FIRST: "any"}, "not_applicable"),
        ("spirit-2025/1a", "KET", {TITLE: f"A phase 2 study of {NAMES}"}, "needs_person"),
        ("spirit-2025/1a", "KET", {TITLE: f"A randomised trial of {NAMES}"}, "met"),
        ("ich-e9-r1/ice", "KET", {**CHANGED, f"{ICE}/definition": "a decline of function"}, "needs_person"),
    ],
)  # fmt: skip
def test_a_row_reads_the_fact_and_not_its_spelling(
    identifier: str, example: str, changes: dict[str, Any], status: str
) -> None:
    """What the file says is found under the key that holds it; equal meanings stand alike, and contradictions count."""
    assert str(_row(identifier, example, changes).status) == status


def test_the_endpoint_without_an_analysis_is_named() -> None:
    """Harms are measured by the safety analysis; another endpoint that nobody analyses is told."""
    assert "E7" in _row("spirit-2025/27a", "KET", UNANALYSED).missing[0].what


def test_an_outcome_is_shown_with_its_own_measurements() -> None:
    """Of the schedule only the activities that serve an endpoint stand beside it, and the visits that have them."""
    shown = _shown(_row("spirit-2025/16", "KET", {}))
    assert {"/schedule/activities/id=NRS/serves", "/schedule/visits/id=V12/activities"} <= shown
    assert not {"/schedule/activities/id=ECG/serves", "/schedule/visits/id=SCR/activities"} & shown


@pytest.mark.parametrize(
    ("identifier", "shown", "hidden"),
    [
        ("spirit-2025/15a", "/interventions/id=KETAMINE/regimen/max_cumulative", ""),
        ("spirit-2025/15a", "/interventions/id=KETAMINE/regimen/steps/id=INF/duration", ""),
        ("spirit-2025/25b", "/discontinuation/treatment/then", "/discontinuation/reasons"),
        ("spirit-pro-2018/7", "/objectives/id=O1/text", "/objectives/id=O4/text"),
        ("spirit-pro-2018/20a", "/statistics/analyses/3/model", "/statistics/analyses/6/model"),
        ("spirit-2025/10", "/objectives/id=O4/kind", "/objectives/id=O5/kind"),
    ],
)
def test_the_evidence_is_that_of_the_row(identifier: str, shown: str, hidden: str) -> None:
    """Caps and durations of doses, what becomes of whom stops, analyses of what participants report."""
    found = _shown(_row(identifier, "KET", {}))
    assert shown in found
    assert hidden not in found
