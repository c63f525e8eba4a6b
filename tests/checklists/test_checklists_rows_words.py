"""Rows that look for words: a denied word is none, `as above` defines nothing, and a contact is one entry."""

from __future__ import annotations

from typing import Any

import pytest
from rowcase import GONE, row_of, shown

from protocolkit.checklists.wording import speaks, tells

MEASURES = "/statistics/safety/measures"
SOURCES = "/oversight/source_records/identification"
CONTACTS = "/trial/contacts"
MONITOR = {"role": "medical monitor", "name": "B. Example", "telephone": "+44 1632 960002"}
OFFICE = {"role": "questions of the public", "mail": "office@hospital.example", "public": True}
SCIENTIST = {"role": "scientific questions", "name": "A. Example", "mail": "science@hospital.example"}
COORDINATOR, NAMED = {"role": "coordinator", "mail": "a@b.example"}, "/trial/contributors"
UNREACHED = {"role": "scientific questions", "name": "A. Example"}
MARKED = {"role": "medical monitor, for scientific questions too", "telephone": "+44 1632 960002"}
PARTS = "/outcomes/0/components"
SIZE = "/statistics/sample_size/0"
NAME, DOMAIN = "/outcomes/2/name", "/outcomes/2/domain"
OFTEN = "/oversight/monitoring/frequency"
RISK = "/oversight/ctq_factors/0/risk"
AIM = "/introduction/purpose"
LATER = {
    "/objectives/0/level": "secondary", "/introduction/rationale": "The receptor is blocked.",
    "/introduction/evidence/search": GONE, "/references": [],
}  # fmt: skip
GROUPING = "/statistics/safety/grouping"
GROUPED = "every event by system organ class with its grade and seriousness and relation"
RUN_IN = {
    "id": "OPEN", "name": "Open examplipril", "kind": "drug", "role": "additional_required_treatment",
    "substance": "examplipril", "administered_by": "participant",
}  # fmt: skip
CRITERIA = "/population/exclusion"
UNREAD = [{"id": "X1", "text": "Cannot read the questionnaires"}]
LETTERED = [{"id": "N1", "text": "Age 18 years or more"}]

WHOLE = {"/design/rationale": {"overall": "Parallel groups are compared since the condition changes within weeks."}}
MARKER = {"/schedule/activities/0/section": "8.6.3", "/schedule/assessments/other_biomarkers": GONE}
CODING = "/oversight/data_governance/coding"


def _stroke(definition: str) -> dict[str, Any]:
    return {PARTS: [{"name": "death", "definition": "any cause"}, {"name": "stroke", "definition": definition}]}


@pytest.mark.parametrize(
    ("identifier", "example", "changes", "status"),
    [
        ("ich-m11/8.6.3", "KET", MARKER, "met"),
        ("spirit-2025/26", "KET", {CODING: GONE}, "met"),
        ("spirit-2025/26", "KET", {CODING: GONE, "/adverse_events/coding": GONE}, "partial"),
        ("who-trds/8", "KET", {CONTACTS: [MONITOR, OFFICE, SCIENTIST]}, "met"),
        ("who-trds/8", "KET", {CONTACTS: [MONITOR, OFFICE, UNREACHED]}, "partial"),
        ("who-trds/8", "KET", {CONTACTS: [MONITOR, OFFICE]}, "partial"),
        ("who-trds/8", "KET", {CONTACTS: [MONITOR, OFFICE], NAMED: GONE}, "unmet"),
        ("who-trds/8", "KET", {CONTACTS: [MARKED]}, "met"),
        ("who-trds/8", "KET", {CONTACTS: [COORDINATOR]}, "partial"),
        ("who-trds/8", "KET", {CONTACTS: [COORDINATOR], NAMED: GONE}, "needs_person"),
        ("who-trds/7", "KET", {CONTACTS: [MONITOR, OFFICE]}, "met"),
        ("who-trds/7", "KET", {CONTACTS: [SCIENTIST, {"role": "questions of the public"}]}, "partial"),
        ("who-trds/7", "KET", {CONTACTS: [MONITOR]}, "needs_person"),
        ("who-trds/7", "KET", {CONTACTS: [MONITOR], "/trial/sponsor/contact": "info@unit.example"}, "met"),
        ("who-trds/7", "KET", {CONTACTS: [MONITOR], "/trial/sponsor/contact": GONE}, "unmet"),
        ("consort-harms-2022/17b", "KET", {MEASURES: ["risk difference", "risk ratio"]}, "met"),
        ("consort-harms-2022/17b", "KET", {MEASURES: ["no risk difference and no risk ratio is given"]}, "unmet"),
        ("consort-harms-2022/17b", "KET", {MEASURES: ["risk difference; a risk ratio is not given"]}, "partial"),
        ("consort-harms-2022/17b", "KET", {MEASURES: ["not only a risk difference but a risk ratio"]}, "met"),
        ("consort-harms-2022/6c", "KET", {MEASURES: ["at least a mean"]}, "partial"),
        ("consort-harms-2022/6c", "KET", {MEASURES: ["events of at least 5 % in an arm"]}, "met"),
        ("consort-harms-2022/6c", "KET", {MEASURES: ["grade by Common Terminology Criteria"]}, "partial"),
        ("ich-e6-r3/B.14.2", "KET", {SOURCES: "hospital records of events"}, "unmet"),
        ("ich-e6-r3/B.14.2", "KET", {SOURCES: "Hospital records; nothing is entered directly"}, "met"),
        ("ich-e6-r3/B.14.2", "KET", {SOURCES: "The record of the call is the source of the call"}, "met"),
        ("spirit-harms/grouping", "KET", {MEASURES: ["number"]}, "partial"),
        ("spirit-harms/grouping", "KET", {MEASURES: ["number"], GROUPING: GROUPED}, "met"),
        ("spirit-2025/19", "KET", {f"{SIZE}/library": GONE}, "met"),
        ("spirit-2025/19", "KET", {f"{SIZE}/sd_source": GONE}, "partial"),
        ("spirit-outcomes-2022/12.5", "PRIL", _stroke("sudden deficit"), "met"),
        ("spirit-outcomes-2022/12.5", "PRIL", _stroke("as above"), "partial"),
        ("spirit-outcomes-2022/12.5", "PRIL", _stroke("Ditto."), "partial"),
        ("spirit-outcomes-2022/12.5", "PRIL", _stroke("the same"), "partial"),
        ("spirit-pro-2018/6a", "KET", {**LATER, AIM: "This trial is to show less pain."}, "partial"),
        ("spirit-pro-2018/6a", "KET", {**LATER, AIM: "Pain was less in two trials."}, "met"),
        ("spirit-pro-2018/12", "KET", {NAME: "PHQ-9 total", DOMAIN: GONE}, "partial"),
        ("spirit-pro-2018/12", "KET", {NAME: "quality of life", DOMAIN: GONE}, "met"),
        ("spirit-pro-2018/18a(i)", "KET", {NAME: "quality of life", DOMAIN: GONE}, "partial"),
        ("spirit-2025/29", "KET", {OFTEN: "by risk"}, "needs_person"),
        ("spirit-2025/29", "KET", {OFTEN: "every eight weeks"}, "met"),
        ("spirit-2025/25a", "KET", {"/outcomes/0/mode": GONE}, "partial"),
        ("spirit-2025/25a", "PRIL", {"/outcomes/0/mode": GONE, PARTS: [{"name": "a fall", "outcome": "SBP"}]}, "met"),
        ("ich-e6-r3/B.12.1", "KET", {RISK: "missing"}, "met"),
        ("ich-e6-r3/B.12.1", "KET", {RISK: "TBD"}, "partial"),
        ("spirit-pro-2018/10", "KET", {"/population/inclusion": LETTERED, CRITERIA: UNREAD}, "met"),
    ],
)  # fmt: skip
def test_a_row_rests_on_what_the_words_say(identifier: str, example: str, changes: dict[str, Any], status: str) -> None:
    """Words count in the place that they belong to, where the text says and does not deny them."""
    assert str(row_of(identifier, example, changes).status) == status


def test_only_criteria_that_bear_on_reports_are_evidence() -> None:
    """Of many criteria the row on reports shows the ones that ask something of those who report."""
    changes = {"/population/inclusion": LETTERED, CRITERIA: UNREAD}
    assert shown(row_of("spirit-pro-2018/10", "KET", changes)) == {"/population/exclusion/id=X1/text"}


@pytest.mark.parametrize(("substance", "judged"), [("examplipril", True), ("water", False)])
def test_what_is_tested_is_judged_in_a_run_in_as_well(substance: str, judged: bool) -> None:
    """The medicine of the trial that everybody gets in a run-in is an intervention of its own; others are not."""
    row = row_of("tidier/5", "PRIL", {"/interventions/1": {**RUN_IN, "substance": substance}})
    assert ("/interventions/id=OPEN" in [each.locator for each in row.instances]) is judged


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("risk ratio", True),
        ("no risk ratio", False),
        ("no absolute or relative risk ratio", False),
        ("without a ratio", False),
        ("a ratio is not given", False),
        ("no test; a ratio with its interval", True),
        ("no test, a ratio with its interval", True),
        ("no test and a ratio with its interval", True),
        ("no later than the ratio", True),
        ("ratio of events, whether serious or not", True),
        ("every event, serious or not ratio", True),
        ("no difference of 2.5 or ratio", False),
        ("no ratio at first, a ratio at the end", True),
    ],
)
def test_a_denied_word_is_not_said(text: str, said: bool) -> None:
    """A word that its clause denies stands in a text and is not said by it."""
    assert speaks(text, ["ratio*"])
    assert tells(text, ["ratio*"]) is said


@pytest.mark.parametrize("identifier", ["ich-m11/4.2.2", "ich-m11/4.2.4"])
def test_a_part_of_one_rationale_is_told_to_stand_in_it(identifier: str) -> None:
    """Where the design is explained as a whole, the row says where, and not that nothing is stated."""
    row = row_of(identifier, "KET", WHOLE)
    assert (str(row.status), "one text in Section 4.2" in row.reason) == ("not_applicable", True)
