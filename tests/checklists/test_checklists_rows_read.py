"""Rows read once more: reports of participants, what stands under another key, names in the title, what lacks it."""

from __future__ import annotations

from typing import Any

import pytest
from rowcase import GONE, row_of

DIPSTICK = {
    "id": "FAIL", "name": "relapse", "mode": "paper", "reported_by": ["parent_or_proxy", "clinician"],
    "assessor": "adjudication committee", "measurement": "protein at home on three days",
}  # fmt: skip
MOOD = {"id": "MOOD", "name": "mood", "reported_by": ["participant"], "instrument": {"name": "Mood Scale"}}
FELT = {"id": "E9", "outcome": "MOOD", "metric": "final_value"}
ANALYSED = {"endpoint": "E9", "role": "secondary", "set": "ITT", "model": "mixed model"}
HANDLED = {**ANALYSED, "missing_data": "The mixed model takes every value."}
REPORTED = {"/outcomes/1": MOOD, "/objectives/1/endpoints": [FELT]}
READ = {"id": "ECHO", "name": "size on the scale of Example", "readers": {"number": 2, "independent": True}}
SEEN = {"/outcomes/1": READ, "/objectives/0/endpoints": [{"id": "E1", "outcome": "ECHO", "visit": "D1"}]}
RESCUE, TITLE = "/concomitant/rescue", "/trial/full_title"
HANDS = {"why": "It moves.", "procedures": "Ten sessions.", "mode": "individual", "provider": "physiotherapist"}
MOVED = {"id": "KETAMINE", "name": "Exercise", "kind": "behaviour", "role": "experimental", "non_drug": HANDS}
DEVICE = {"/interventions": [{"id": "D", "name": "Stent", "kind": "device", "role": "experimental"}]}
BLOOD = {"id": "BLOOD", "name": "blood", "kind": "sample", "serves": ["MARK"]}
PLANNED = "/schedule/assessments"
COMPLAINT = "/adverse_events/definitions/product_complaint"


def taken(domain: str, **rest: str) -> dict[str, Any]:
    """Return the changes that make blood be taken for an outcome of a domain, and nothing be said of it elsewhere."""
    stated = ("pharmacokinetics", "pd_biomarkers", "other_biomarkers")
    outcome = {"id": "MARK", "name": "a marker", "domain": domain, **rest}
    return {"/outcomes/1": outcome, "/schedule/activities/0": BLOOD, **{f"{PLANNED}/{key}": GONE for key in stated}}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("spirit-pro-2018/20c", "KET", {**REPORTED, "/statistics/analyses": [ANALYSED]}, "partial"),
        ("spirit-pro-2018/20c", "KET", {**REPORTED, "/statistics/analyses": [HANDLED]}, "met"),
        ("ich-e6-r3/B.8.2", "KET", SEEN, "met"),
        ("ich-e6-r3/B.8.2", "KET", {**SEEN, "/outcomes/1/readers": GONE}, "partial"),
        ("ich-m11/9.1.3", "KET", {**DEVICE, COMPLAINT: GONE}, "not_applicable"),
        ("ich-m11/9.1.3", "KET", {COMPLAINT: GONE}, "unmet"),
        ("ich-m11/8.5", "KET", taken("pharmacokinetics"), "met"),
        ("ich-m11/8.5", "KET", taken("pain", name="plasma concentration of ketamine"), "met"),
        ("ich-m11/8.5", "KET", taken("pain"), "unmet"),
        ("ich-m11/8.6.2", "KET", taken("immunology", name="T-cell response by ELISpot"), "met"),
        ("ich-m11/8.6.2", "KET", taken("immunology", name="IgG by ELISA"), "unmet"),
        ("ich-m11/8.6.3", "KET", taken("biomarker"), "met"),
        ("ich-m11/8.6.3", "KET", taken("pain"), "not_applicable"),
        ("spirit-2025/15d", "KET", {RESCUE: [{"substance": "ketamine", "intervention": "KETAMINE"}]}, "met"),
        ("spirit-2025/15d", "KET", {RESCUE: [{"substance": "ketamine"}]}, "partial"),
    ],
)
def test_a_row_reads_what_stands_there(identifier: str, example: str, changes: dict[str, Any], status: str) -> None:
    """Each reported endpoint counts; readers tell how; a device has no complaints; a rescue may be an intervention."""
    assert str(row_of(identifier, example, changes).status) == status


def _missing(identifier: str, changes: dict[str, Any]) -> list[str]:
    return [each.what for each in row_of(identifier, "KET", changes).missing]


def test_a_sign_that_a_committee_judges_is_no_report_of_a_participant() -> None:
    """Nothing of a questionnaire is asked of a dipstick that is read at home; its instrument would make it one."""
    asked = {place.pointer for place in row_of("spirit-pro-2018/18a(i)", "KET", {"/outcomes/1": DIPSTICK}).missing}
    assert not any(place.startswith("/outcomes/1/") for place in asked)
    felt = {"/outcomes/1": {**DIPSTICK, "instrument": {"name": "Diary"}}}
    asked = {place.pointer for place in row_of("spirit-pro-2018/18a(i)", "KET", felt).missing}
    assert any(place.startswith("/outcomes/1/") for place in asked)


def test_who_gives_an_intervention_may_stand_with_its_delivery() -> None:
    """The provider is who gives it, and the place is asked of what somebody else gives."""
    told = _missing("spirit-2025/15a", {"/interventions/0": MOVED})
    assert "who gives it" not in told
    assert "who gives it" in _missing(
        "spirit-2025/15a", {"/interventions/0": {**MOVED, "non_drug": {"procedures": "Ten sessions."}}}
    )
    place = {"/interventions/0/place": GONE}
    assert "where it is given" in _missing("spirit-2025/15a", place)
    assert "where it is given" not in _missing(
        "spirit-2025/15a", {**place, "/interventions/0/administered_by": "participant"}
    )


def test_a_title_may_name_an_intervention_by_its_arm() -> None:
    """Where the arm gives nothing of another role."""
    named = {
        "/interventions/0/name": "Zelotraxin", "/interventions/0/substance": GONE, "/interventions/0/names": GONE,
        "/arms/0/name": "Anaesthetic strategy",
    }  # fmt: skip
    title = "Anaesthetic strategy in complex regional pain syndrome: a randomised trial"
    assert row_of("spirit-2025/1a", "KET", {**named, TITLE: title}).status == "met"
    assert row_of("spirit-2025/1a", "KET", {**named, TITLE: title.replace("Anaes", "A ")}).status == "needs_person"


def test_of_several_things_each_that_lacks_something_is_named() -> None:
    """The same words for each would leave the reader to count."""
    told = _missing("consort-harms-2022/6a", {"/outcomes/0": {"id": "A", "name": "sleep"}, "/outcomes/1": {"id": "B"}})
    assert "how each outcome without an instrument is measured (sleep)" in told
    assert "how each outcome without an instrument is measured (B)" in told
