"""How items are judged: each verb, what counts as content, instances, conditions, decisions and waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from commandline import EXAMPLE
from mutations import replaced
from rulecases import example

from protocolkit import api
from protocolkit.checklists import Status, audit, named
from protocolkit.checklists.content import shown
from protocolkit.checklists.packs import made
from protocolkit.checklists.pointers import places
from protocolkit.document import Document
from protocolkit.errors import ConfigError, UsageError
from protocolkit.rules.filler import is_filler

if TYPE_CHECKING:
    from pathlib import Path

    from protocolkit.checklists import Audited

SOP = """checklist: acme-sop
title: Acme SOP 12
version: '3'
items:
  - id: '1'
    topic: Sponsor
    text: The sponsor is named with an address.
    needs:
      - {what: the name of the sponsor, present: /trial/sponsor/name}
      - {what: a way to reach the sponsor, some: [/trial/sponsor/contact, /trial/sponsor/legal_address]}
  - id: '2'
    topic: Doses
    text: Each medicine that is tested has a dose in each step.
    per: /interventions/*[role=experimental]
    needs:
      - {what: the dose of each step, present: ./regimen/steps/*/dose, when: {is: {./kind: drug}}}
  - id: '3'
    topic: Randomisation
    text: No size of a block stands in the protocol.
    when: {has: /design/randomisations}
    otherwise: nobody is randomised
    needs: [{what: silence about blocks, absent: block-sizes}]
"""


def _judged(data: dict[str, Any], *needs: dict[str, Any], today: str | None = None, **rest: Any) -> Audited:
    item = {"id": "1", "topic": "Topic", "text": "Text.", "needs": list(needs), **rest}
    checklist = made({"checklist": "x", "title": "X", "version": "1", "items": [item]})
    return audit(Document("a", {"protocolkit": 1, **data}), [checklist], today=today)[0].items[0]


def _need(verb: str, argument: Any, **more: Any) -> dict[str, Any]:
    return {"what": "a thing", verb: argument, **more}


NAMED = {"trial": {"sponsor": {"name": "Acme", "contact": "x@acme.example"}, "full_title": "A randomised trial"}}
SPEAKS = {
    "trial": {"full_title": "Examplipril against amlodipine in hypertensive adults"},
    "population": {"condition": {"name": "Arterial hypertension"}},
    "interventions": [
        {"id": "A", "substance": "examplipril"},
        {"id": "B", "names": {"other": ["Amlodipine besilate"]}},
    ],
}
LISTED = {
    "population": {"inclusion": [{"id": "I1", "text": "dose_not_taken"}, {"id": "I2", "text": "Adult; able to read"}]}
}
UNTOLD = {"trial": {"conflicts": [{"financial": "None.", "non_financial": "TBD"}]}}
TITLE = {"at": "/trial/full_title", "names": "/interventions/*"}
TWO = {"interventions": [{"id": "A", "role": "experimental", "substance": "one"}, {"id": "B", "role": "experimental"}]}


@pytest.mark.parametrize(
    ("data", "need", "status"),
    [
        (NAMED, _need("present", "/trial/sponsor/name"), "met"),
        (NAMED, _need("present", ["/trial/sponsor/name", "/trial/phase"]), "partial"),
        (NAMED, _need("present", "/trial/phase"), "unmet"),
        (TWO, _need("present", "/interventions/*/substance"), "partial"),
        ({"interventions": []}, _need("present", "/interventions/*/substance"), "unmet"),
        (TWO, _need("some", "/interventions/*/substance"), "met"),
        (NAMED, _need("some", ["/trial/phase", "/trial/sponsor/contact"]), "met"),
        (NAMED, _need("some", ["/trial/phase", "/trial/version"]), "unmet"),
        (TWO, _need("equals", {"/interventions/*/role": "experimental"}), "met"),
        (TWO, _need("equals", {"/interventions/*/role": ["placebo", "sham"]}), "unmet"),
        (NAMED, _need("says", {"at": "/trial/full_title", "words": ["random*"]}), "met"),
        (NAMED, _need("says", {"at": "/trial/full_title", "words": ["random"]}), "unmet"),
        (NAMED, _need("says", {"at": "/trial/full_title", "words": ["crossover"]}, unsure=True), "needs_person"),
        ({}, _need("says", {"at": "/trial/full_title", "words": ["crossover"]}, unsure=True), "unmet"),
        (NAMED, _need("person", "/trial/full_title"), "needs_person"),
        (
            SPEAKS,
            _need("says", TITLE | {"names": ["/population/condition", "/interventions/*"]}),
            "met",
        ),
        (SPEAKS | TWO, _need("says", TITLE), "unmet"),
        (
            SPEAKS | TWO,
            _need("says", TITLE, unsure=True),
            "needs_person",
        ),
        ({}, _need("says", TITLE, unsure=True), "unmet"),
        (NAMED, _need("says", {"at": "/trial/full_title", "free_of": ["adequate"]}), "met"),
        (NAMED, _need("says", {"at": "/trial/full_title", "free_of": ["random*"]}), "unmet"),
        (NAMED, _need("says", {"at": "/trial/full_title", "free_of": ["random*"]}, unsure=True), "needs_person"),
        ({}, _need("says", {"at": "/trial/full_title", "free_of": ["random*"]}, unsure=True), "unmet"),
        (LISTED, _need("says", {"at": "/population/inclusion/*/text", "free_of": [";"]}), "unmet"),
        (LISTED, _need("says", {"at": "/population/inclusion/*/text", "words": ["not taken"]}), "met"),
        ({}, _need("person", "/trial/full_title"), "unmet"),
        (NAMED, _need("absent", "block-sizes"), "not_applicable"),
        (
            {"arms": {"none_reason": "There is one group."}},
            _need("present", "/arms/*/name"),
            "met",
        ),
        (NAMED, _need("present", "/trial/sponsor/name", when={"has": "/arms"}), "not_applicable"),
        (NAMED, _need("present", "/trial/phase", optional=True), "not_applicable"),
        (UNTOLD, _need("present", "/trial/conflicts/*/financial"), "unmet"),
        (UNTOLD, _need("present", "/trial/conflicts/*/financial", none_counts=True), "met"),
        (UNTOLD, _need("some", "/trial/conflicts/*/financial", none_counts=True), "met"),
        (UNTOLD, _need("present", "/trial/conflicts/*/non_financial", none_counts=True), "unmet"),
        ({"arms": {"none_reason": "none"}}, _need("present", "/arms/*/name"), "partial"),
        ({"arms": {"none_reason": "Not applicable."}}, _need("some", "/arms/*/name"), "partial"),
        ({"arms": {"none_reason": "none planned"}}, _need("some", "/arms/*/name"), "partial"),
        ({"arms": {"none_reason": "none, since one group is told of"}}, _need("some", "/arms/*/name"), "met"),
        ({"arms": {"none_reason": "none"}}, _need("some", "/arms/*/name", optional=True), "partial"),
        ({"arms": {"none_reason": "TBD"}}, _need("some", "/arms/*/name"), "unmet"),
        ({"oversight": {"ethics": {"status": "in preparation"}}}, _need("present", "/oversight/ethics/status"), "met"),
        ({"oversight": {"ethics": {"status": "TBD"}}}, _need("present", "/oversight/ethics/status"), "unmet"),
        (SPEAKS, _need("says", {"at": "/trial/full_title", "terms": "/interventions/*/substance"}), "met"),
        (SPEAKS, _need("says", {"at": "/trial/full_title", "terms": "/population/condition/name"}), "unmet"),
    ],
)
def test_each_verb_gives_the_status_that_it_says(data: dict[str, Any], need: dict[str, Any], status: str) -> None:
    """Found, half found, not found, for a person, or nothing that applies."""
    judged = _judged(data, need)
    assert judged.status.value == status
    assert bool(judged.missing) is (status in ("unmet", "partial"))


def test_an_item_is_as_good_as_what_it_lacks() -> None:
    """Met and unmet needs make it partly met; a person is asked only where nothing else is missing."""
    found, lost = _need("present", "/trial/sponsor/name"), _need("present", "/trial/phase")
    person = _need("person", "/trial/full_title")
    assert _judged(NAMED, found, lost).status is Status.PARTIAL
    assert _judged(NAMED, found, person).status is Status.NEEDS_PERSON
    assert _judged(NAMED, lost, person).status is Status.PARTIAL
    assert _judged(NAMED, found, {**lost, "optional": True}).status is Status.MET


def test_instances_are_judged_one_by_one() -> None:
    """The worst counts, partly met where others are met; none at all is a fault unless a condition says otherwise."""
    need = _need("present", "./substance")
    judged = _judged(TWO, need, per="/interventions/*[role=experimental]")
    assert judged.status is Status.PARTIAL
    neither = {"interventions": [{"id": "A", "role": "experimental"}, {"id": "B", "role": "experimental"}]}
    assert _judged(neither, need, per="/interventions/*").status is Status.UNMET
    assert [(each.locator, each.status.value) for each in judged.instances] == [
        ("/interventions/id=A", "met"), ("/interventions/id=B", "unmet"),
    ]  # fmt: skip
    assert _judged({}, need, per="/interventions/*").status is Status.UNMET
    away = _judged({}, need, per="/interventions/*", when={"has": "/interventions"}, otherwise="nothing is given")
    assert (away.status, away.reason) == (Status.NOT_APPLICABLE, "nothing is given")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"has": "/trial/sponsor"}, True), ({"lacks": "/trial/sponsor"}, False), ({"tag": "drug"}, True),
        ({"is": {"/trial/sponsor/name": ["Acme", "Other"]}}, True), ({"is": {"/trial/sponsor/name": "Other"}}, False),
        ({"not": {"tag": "pilot"}}, True), ({"all": [{"tag": "drug"}, {"tag": "pilot"}]}, False),
        ({"any": [{"tag": "drug"}, {"tag": "pilot"}]}, True),
        ({"several": "/profiles/*"}, False), ({"several": "/trial/sponsor/*"}, True),
        ({"mentions": {"/trial/sponsor/name": ["acm*", "other"]}}, True),
        ({"mentions": {"/trial/sponsor/name": ["other"]}}, False), ({"mentions": {"/trial/phase": ["acme"]}}, False),
    ],
)  # fmt: skip
def test_conditions(condition: dict[str, Any], holds: bool) -> None:
    """Stated, not stated, a value, a tag of the profile, and their combinations."""
    data = {**NAMED, "profiles": ["drug"]}
    judged = _judged(data, _need("present", "/trial/sponsor/name"), when=condition, otherwise="no")
    assert (judged.status is Status.MET) is holds


@pytest.mark.parametrize(
    "text",
    ["", "TBD", "tbd.", "T.B.D.", "To be confirmed", "to be CONFIRMED!", "-", "--", "\N{EM DASH}", "n/a", "N.A.", "?",
     "[insert here]", "<name of the sponsor>", "xxx", "...", "Not applicable.", "to be determined", "TODO", "___",
     "TBD by the sponsor", "To be confirmed: see the committee"],
)  # fmt: skip
def test_filler_is_no_content(text: str) -> None:
    """In any case and punctuation."""
    assert not text or is_filler(text)
    assert _judged({"trial": {"full_title": text}}, _need("present", "/trial/full_title")).status is Status.UNMET


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("as appropriate", "unmet"), ("If needed.", "unmet"), ("where deemed necessary", "unmet"),
        ("according to local practice", "unmet"), ("by the usual practice of each site", "unmet"),
        ("is not stated", "unmet"), ("The rate of loss is not yet decided.", "unmet"),
        ("This is not stated in this protocol.", "unmet"), ("none planned", "unmet"), ("Nothing is foreseen.", "unmet"),
        ("as needed, at most four times a day", "met"), ("by local practice, which the manual sets out", "met"),
        ("a second dose is not given", "met"), ("what is not stated in the label", "met"),
        ("the surgeon decides as appropriate", "met"),
    ],
)  # fmt: skip
def test_a_text_that_answers_nothing_is_no_content(text: str, status: str) -> None:
    """What only hands the answer on, or says that it is not there; a text that goes on to answer counts."""
    assert _judged({"trial": {"full_title": text}}, _need("present", "/trial/full_title")).status.value == status


_LATER = "To be decided by the steering committee after the first interim analysis"


@pytest.mark.parametrize(
    "text", ["None of the sites is private.", "Draft 3 of the plan", "Test of cure", "10 mg", "0", _LATER]
)
def test_words_that_only_look_like_filler_are_content(text: str) -> None:
    """A sentence with such a word in it says something."""
    assert not is_filler(text)


@pytest.mark.parametrize("identifier", ["NA", "SAMPLE", "TEST", "NONE", "TBC"])
def test_an_id_is_content_whatever_it_looks_like(identifier: str) -> None:
    """Sodium is measured by an activity that is called NA; the same letters as a name hold a place only."""
    visit = {"id": "V1", "name": "NA", "activities": [identifier]}
    data = {"schedule": {"activities": [{"id": identifier, "name": "Sodium"}], "visits": [visit]}}
    assert _judged(data, _need("present", "/schedule/visits/*/activities")).status is Status.MET
    assert _judged(data, _need("present", "/schedule/activities/*/id")).status is Status.MET
    assert _judged(data, _need("present", "/schedule/visits/*/name")).status is Status.UNMET


def test_a_term_of_a_closed_list_is_content_whatever_it_looks_like() -> None:
    """The phase of a trial without a medicine is `Not Applicable`, and that is its phase."""
    assert _judged({"trial": {"phase": "Not Applicable"}}, _need("present", "/trial/phase")).status is Status.MET


def test_words_of_a_bundled_example_are_no_content_elsewhere() -> None:
    """A copied paragraph does not meet an item; in the example itself it does."""
    document = api.load(EXAMPLE)
    words = document.root["trial"]["full_title"].text
    need = _need("present", "/trial/full_title")
    assert _judged({"trial": {"full_title": words}}, need).status is Status.UNMET
    assert _judged({"trial": {"full_title": words.upper()}}, need).status is Status.UNMET
    own = {"full_title": words, "protocol_id": document.root["trial"]["protocol_id"].text}
    assert _judged({"trial": own}, need).status is Status.MET


def test_a_malformed_value_is_no_content() -> None:
    """A dose that is no quantity does not meet the item that asks for a dose."""
    step = {"id": "S", "when": "once", "from": "0 d", "dose": "about ten"}
    data = {"interventions": [{"id": "A", "kind": "drug", "regimen": {"steps": [step]}}]}
    need = _need("present", "/interventions/*/regimen/steps/*/dose")
    assert _judged(data, need).status is Status.UNMET
    step["dose"] = "10 mg"
    assert _judged(data, need).status is Status.MET


def test_a_rule_can_meet_an_item() -> None:
    """What it finds is what is missing, at its place; block sizes are looked for in the prose."""
    data = {"design": {"randomisations": [{"id": "R1"}]}, "narrative": {"6.7.2": "Blocks of 4 and 6 are used."}}
    judged = _judged(data, _need("absent", "block-sizes"))
    assert judged.status is Status.UNMET
    assert judged.missing[0].pointer == "/narrative/6.7.2"
    data["narrative"] = {"6.7.2": "A nerve block of 4 ml is given."}  # type: ignore[assignment]
    assert _judged(data, _need("absent", "block-sizes")).status is Status.MET


def test_what_a_rule_only_remarks_does_not_lower_a_row() -> None:
    """A secondary endpoint without an analysis is information; a primary one is a warning."""
    data, need = example("examplipril-hypertension").data, _need("rule", "STAT24")
    endpoint = {"id": "E9", "outcome": "DBP", "metric": "change_from_baseline", "aggregation": "mean", "visit": "V4",
                "analysis_set": "ALL"}  # fmt: skip
    for number, status in ((1, Status.MET), (0, Status.UNMET)):
        held = data["objectives"][number]["endpoints"]
        changed = replaced(data, ("objectives", number, "endpoints"), [*held, endpoint])
        assert _judged(changed, need).status is status


def test_what_a_rule_only_remarks_lowers_a_row_that_says_so() -> None:
    """The row on methods asks for an analysis of each secondary endpoint as well."""
    data = example("examplipril-hypertension").data
    endpoint = {"id": "E9", "outcome": "DBP", "metric": "change_from_baseline", "aggregation": "mean", "visit": "V4",
                "analysis_set": "ALL"}  # fmt: skip
    changed = replaced(data, ("objectives", 1, "endpoints"), [*data["objectives"][1]["endpoints"], endpoint])
    judged = _judged(changed, _need("rule", "STAT24", information=True))
    assert judged.status is Status.UNMET
    assert "E9" in judged.missing[0].what


def test_a_place_with_a_finding_is_no_evidence_that_satisfies() -> None:
    """A criterion that keeps out whom another lets in is shown as at fault, and so is a block size in the prose."""
    data = example("examplipril-hypertension").data
    limits = (("inclusion", "Ejection fraction of at least 45 %", "above", "45 %"),
              ("exclusion", "Poor ejection fraction", "below", "50 %"))  # fmt: skip
    changed = data
    for key, text, side, value in limits:
        criterion = {"id": key, "text": text, "measure": "ejection fraction", side: value, "visit": "SCR"}
        changed = replaced(changed, ("population", key), [*data["population"][key], criterion])
    needs = _need("present", "/population/exclusion/*/text"), _need("rule", "ID11")
    for content, faulty in ((data, []), (changed, ["/population/exclusion/5/text"])):
        judged = _judged(content, *needs)
        assert [row.pointer for row in judged.evidence if not row.satisfies] == faulty
    told = _judged({"narrative": {"6.7.2": "Blocks of 4 and 6 are used."}, "design": {"randomisations": [{"id": "R"}]}},
                   _need("present", "/narrative/6.7.2"), _need("absent", "block-sizes"))  # fmt: skip
    assert [(row.pointer, row.satisfies) for row in told.evidence] == [("/narrative/6.7.2", False)]


def test_findings_at_named_places_lower_every_instance() -> None:
    """What is told of a pregnancy in two ways stands outside of each intervention, and concerns each."""
    data = example("examplipril-hypertension").data
    data = replaced(data, ("discontinuation", "treatment", "criteria"), ["pregnancy"])
    data = replaced(data, ("discontinuation", "pregnancy"), "The participant may stay on treatment.")
    need = _need("rule", "ID13")
    row = {"per": "/interventions/*"}
    assert _judged(data, need, **row).status is Status.MET
    assert _judged(data, {**need, "within": "/discontinuation/treatment"}, **row).status is Status.UNMET
    assert _judged(data, {**need, "within": "/population"}, **row).status is Status.MET


def test_a_filter_may_count_from_the_instance() -> None:
    """The activities that serve the outcome of one endpoint are not those of another."""
    endpoints = [{"id": "E1", "outcome": "PAIN"}, {"id": "E2", "outcome": "MOOD"}]
    activities = [{"id": "NRS", "serves": ["PAIN"]}, {"id": "PHQ", "serves": ["MOOD"]}, {"id": "ECG", "serves": []}]
    visits = [{"id": "V1", "activities": ["NRS"]}, {"id": "V2", "activities": ["NRS", "PHQ"]}]
    schedule = {"activities": activities, "visits": visits}
    data = {"objectives": [{"id": "O1", "endpoints": endpoints}], "schedule": schedule}
    measured = "/schedule/visits/*[activities->/schedule/activities/*[serves->./outcome]]/id"
    judged = _judged(data, _need("some", measured), per="/objectives/*/endpoints/*")
    assert [each.locator for each in judged.evidence] == ["/schedule/visits/id=V1/id", "/schedule/visits/id=V2/id"]
    second = _judged({**data, "objectives": [{"id": "O1", "endpoints": endpoints[1:]}]}, _need("some", measured),
                     per="/objectives/*/endpoints/*")  # fmt: skip
    assert [each.locator for each in second.evidence] == ["/schedule/visits/id=V2/id"]


def test_a_rule_that_could_not_be_checked_counts_where_the_need_says_so() -> None:
    """Else a person has to judge what the rule could not."""
    entry = {"objective": "O1", "method": "other", "rationale": "By simulation.", "randomised_per_arm": 40}
    data = {"statistics": {"sample_size": [entry]}}
    need = _need("rule", "STAT15")
    assert _judged(data, need).status is Status.NEEDS_PERSON
    assert _judged(data, {**need, "if_checked": True}, _need("present", "/statistics/sample_size")).status is Status.MET


def test_a_need_of_some_instances_is_asked_of_these_alone() -> None:
    """The reason why it was chosen is asked of primary endpoints, not of those of the next objective."""
    objectives = [
        {"id": "O1", "level": "primary", "endpoints": [{"id": "E1", "rationale": "It matters."}]},
        {"id": "O2", "level": "secondary", "endpoints": [{"id": "E2"}]},
    ]
    asked = {**_need("present", "./rationale"), "when": {"inside": "/objectives/*[level=primary]"}}
    judged = _judged({"objectives": objectives}, asked, _need("present", "./id"), per="/objectives/*/endpoints/*")
    assert judged.status is Status.MET
    objectives[0]["endpoints"] = [{"id": "E1"}]
    judged = _judged({"objectives": objectives}, asked, _need("present", "./id"), per="/objectives/*/endpoints/*")
    assert [(row.locator, row.status) for row in judged.instances] == [
        ("/objectives/id=O1/endpoints/id=E1", Status.PARTIAL), ("/objectives/id=O2/endpoints/id=E2", Status.MET),
    ]  # fmt: skip


def test_a_person_decides_and_the_decision_goes_stale() -> None:
    """It stands beside the tool's; declared not applicable with a comment it counts; other evidence makes it stale."""
    need = _need("person", "/trial/full_title")
    seen = _judged(NAMED, need).seen
    by = {"name": "Ada Example", "role": "methodologist"}
    review = {"item": "x/1", "decision": "agrees", "by": by, "date": "2026-01-20", "evidence": seen}
    judged = _judged({**NAMED, "reviews": [review]}, need)
    assert judged.review is not None
    assert (judged.review.by, judged.review.stale) == ("Ada Example, methodologist", False)
    assert judged.status is Status.NEEDS_PERSON
    changed = {"trial": {**NAMED["trial"], "full_title": "Another trial"}, "reviews": [review]}
    stale = _judged(changed, need).review
    assert stale is not None
    assert stale.stale
    away = {**review, "decision": "not_applicable", "comment": "The registry holds it."}
    assert _judged({**NAMED, "reviews": [away]}, need).status is Status.NOT_APPLICABLE
    assert _judged({**changed, "reviews": [away]}, need).status is Status.NEEDS_PERSON
    assert _judged({**NAMED, "reviews": [{**away, "comment": ""}]}, need).status is Status.NEEDS_PERSON


def test_a_waiver_of_an_item_expires() -> None:
    """Until its day it is shown; after it the item counts again."""
    waiver = {"item": "x/1", "reason": "In preparation.", "until": "2026-06-30"}
    checklist = made({"checklist": "x", "title": "X", "version": "1", "items": [
        {"id": "1", "topic": "T", "text": "t", "needs": [_need("present", "/trial/phase")]}]})  # fmt: skip
    document = Document("a", {"protocolkit": 1, "waivers": [waiver]})
    for today, waived in (("2026-06-30", True), ("2026-07-01", False), (None, True)):
        assert (audit(document, [checklist], today=today)[0].items[0].waived is not None) is waived


def test_a_finding_that_is_waived_lowers_no_row() -> None:
    """What the author accepts with a reason is shown in the place of the finding, until the waiver expires."""
    waiver = {"rule": "STAT16", "reason": "The sizes are public already.", "until": "2026-06-30"}
    data = {"design": {"randomisations": [{"id": "R1"}]}, "narrative": {"6.7.2": "Blocks of 4 and 6 are used."}}
    waived, need = {**data, "waivers": [waiver]}, _need("absent", "block-sizes")
    assert _judged(data, need).status is Status.UNMET
    assert _judged(waived, need, today="2026-07-01").status is Status.UNMET
    judged = _judged(waived, need, today="2026-06-30")
    assert judged.status is Status.MET
    assert [row.pointer for row in judged.evidence] == ["/waivers/0/reason"]


def test_pointers_follow_filters_and_declarations() -> None:
    """Entries by value, the others, any key; a reason for none ends the way."""
    root = Document(
        "a", {"arms": [{"id": "A", "type": "x"}, {"id": "B", "type": "y"}], "m": {"none_reason": "no"}}
    ).root
    assert [node.text for node in places("/arms/*[type=x|z]/id", root).held] == ["A"]
    assert [node.text for node in places("/arms/*[type!=x]/id", root).held] == ["B"]
    assert [node.pointer for node in places("/arms/*[type=q]/id", root).lacking] == ["/arms"]
    assert [node.text for node in places("/arms/*[type=*]/id", root).held] == ["A", "B"]
    assert [node.pointer for node in places("/arms/*[type!=*]/id", root).lacking] == ["/arms"]
    told = Document("a", {"arms": [{"id": "A", "type": "child and Parents"}, {"id": "B", "type": "transparent"}]}).root
    assert [node.text for node in places("/arms/*[type~=parent*|proxy]/id", told).held] == ["A"]
    told = Document("a", {"arms": [{"id": "A", "by": ["nurse", "proxy"]}, {"id": "B", "type": "proxy"}]}).root
    assert [node.text for node in places("/arms/*[by|type~=proxy]/id", told).held] == ["A", "B"]
    assert [node.text for node in places("/m/*/name", root).held] == ["no"]
    both = {"by": "nurse", "type": "told to the proxy"}
    told = Document("a", {"arms": [{"id": "A", **both}, {"id": "B", "type": "proxy"}]}).root
    assert [node.text for node in places("/arms/*[by|type~=proxy]/id", told).held] == ["B"]
    with pytest.raises(ValueError, match="filter"):
        places("/arms/*[type]/id", root)
    with pytest.raises(ValueError, match="no pointer"):
        places("/arms/*[type->arms]/id", root)
    assert shown({"a": ["x", {"b": True}], "c": 2}) == "x; yes; 2"


JOINED = {
    "outcomes": [{"id": "PAIN", "by": ["participant"]}, {"id": "ALT", "by": ["laboratory"], "section": "8.4.4"}],
    "endpoints": [{"id": "E1", "outcome": "PAIN"}, {"id": "E2", "outcome": "ALT"}],
    "estimands": [{"id": "S1", "variable": "E1"}, {"id": "S2", "variable": "E2"}],
    "visits": [{"id": "V1", "serves": ["ALT"]}, {"id": "V2", "serves": [{"id": "PAIN"}, "ALT"]}, {"id": "V3"}],
}


@pytest.mark.parametrize(
    ("pointer", "ids"),
    [
        ("/outcomes/*[by=participant]/id", ["PAIN"]),
        ("/outcomes/*[by!=participant]/id", ["ALT"]),
        ("/outcomes/*[by!~=lab*]/id", ["PAIN"]),
        ("/outcomes/*[by~=lab*][section=8.4.4]/id", ["ALT"]),
        ("/outcomes/*[by~=lab*][section!=*]/id", []),
        ("/endpoints/*[outcome->/outcomes/*[by=participant]]/id", ["E1"]),
        ("/endpoints/*[outcome!->/outcomes/*[by=participant]]/id", ["E2"]),
        ("/estimands/*[variable->/endpoints/*[outcome->/outcomes/*[by=participant]]]/id", ["S1"]),
        ("/visits/*[serves->/outcomes/*[by=participant]]/id", ["V2"]),
        ("/outcomes/*[id->/endpoints/*/outcome]/id", ["PAIN", "ALT"]),
        ("/outcomes/*[id!->/visits/*/serves/*]/id", []),
    ],
)
def test_filters_follow_ids_and_go_together(pointer: str, ids: list[str]) -> None:
    """An entry is chosen by what it names elsewhere, by a list with a value, and by several filters at once."""
    assert [node.text for node in places(pointer, Document("a", JOINED).root).held] == ids


def test_a_filter_passes_over_what_has_none_of_its_entries() -> None:
    """An objective without an estimand of the kind lacks nothing, unless no objective has one."""
    one = {"id": "S1", "variable": "E1", "missing": "at random"}
    data = {"objectives": [{"estimands": [one]}, {"estimands": [{"id": "S2", "variable": "E2"}]}, {}]}
    root = Document("a", data).root
    found = places("/objectives/*/estimands/*[variable=E1]/missing", root)
    assert ([node.text for node in found.held], found.lacking) == (["at random"], ())
    found = places("/objectives/*/estimands/*[variable=E3]/missing", root)
    assert [node.pointer for node in found.lacking] == [f"/objectives/{index}/estimands" for index in range(3)]
    assert [node.pointer for node in places("/objectives/*/estimands/*/id", root).lacking] == [
        "/objectives/2/estimands"
    ]


def test_what_a_row_only_shows_meets_it_where_it_asks_for_nothing_else() -> None:
    """Content that nobody asked for is an answer all the same; without it the row does not apply."""
    shown_only = _need("present", "/trial/sponsor/name", optional=True)
    away = _need("present", "/trial/phase", when={"has": "/arms"})
    assert _judged(NAMED, shown_only, away).status is Status.MET
    assert _judged({}, shown_only, away).status is Status.NOT_APPLICABLE
    assert _judged(NAMED, shown_only, _need("present", "/trial/phase")).status is Status.UNMET


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("/trial/sponsor/name", "/trial/sponsor/nmae"), 9, "/trial/sponsor/nmae does not exist"),
        (("present: ./regimen", "present: /regimen"), 16, "/regimen/steps/*/dose does not exist"),
        (("role=experimental", "role=experimentl"), 14, "role is never experimentl"),
        (("role=experimental", "rolle=experimental"), 14, "rolle is no key"),
        (("role=experimental", "role=experimental][kind!=drugg"), 14, "kind is never drugg"),
        (("role=experimental", "id->/arms/*[typ=x]/interventions/*"), 14, "typ is no key"),
        (("role=experimental", "id->/arms/*/intervention"), 14, "/arms/*/intervention does not exist"),
        (("[role=experimental]", "[role]"), 14, "no step of a pointer"),
        (("id: '2'", "id: '1'"), 11, "the id 1 stands twice"),
        (("absent: block-sizes", "rule: STAT99"), 22, "there is no rule STAT99"),
        (("is: {./kind: drug}", "tag: dragon"), 16, "there is no tag 'dragon'"),
        (("absent: block-sizes", "absnt: block-sizes"), 22, "this is no checklist"),
        (("    otherwise: nobody is randomised\n", ""), 17, "this is no checklist"),
        (("version: '3'", "version: 3"), 3, "this is no checklist"),
        (("title: Acme", "title: 'Acme"), 3, "quotation mark"),
    ],
)
def test_a_broken_checklist_is_an_error_with_its_line(
    change: tuple[str, str], line: int, words: str, tmp_path: Path
) -> None:
    """Shape, pointers, filters, rules, tags and ids are judged before it is used."""
    path = tmp_path / "sop.yaml"
    path.write_text(SOP.replace(*change), "utf-8")
    with pytest.raises(ConfigError) as raised:
        named([str(path)])
    assert words in str(raised.value)
    assert f"sop.yaml:{line}:" in str(raised.value)


def test_a_sponsors_own_checklist_takes_twenty_lines(tmp_path: Path) -> None:
    """It is used by its path like any other."""
    path = tmp_path / "sop.yaml"
    path.write_text(SOP, "utf-8")
    result = audit(api.load(EXAMPLE), named([str(path)]))[0]
    assert [item.status for item in result.items] == [Status.MET] * 3
    assert result.items[0].evidence[0].value
    with pytest.raises(UsageError, match="there is no checklist 'acme'"):
        named(["acme"])


def test_filters_may_have_a_name(tmp_path: Path) -> None:
    """What several pointers have is written once, and judged where it is used."""
    path = tmp_path / "sop.yaml"
    short = SOP.replace("[role=experimental]", "[tested]")
    short = short.replace("items:", "filters: {tested: '[role=experimental]'}\nitems:")
    path.write_text(SOP, "utf-8")
    whole = named([str(path)])
    path.write_text(short, "utf-8")
    assert named([str(path)]) == whole
    path.write_text(short.replace("role=experimental", "role=experimentl"), "utf-8")
    with pytest.raises(ConfigError, match="role is never experimentl"):
        named([str(path)])
    path.write_text(short.replace("'[role=experimental]'", "role=experimental"), "utf-8")
    with pytest.raises(ConfigError, match="this is no checklist"):
        named([str(path)])


def test_the_api_audits_a_document() -> None:
    """By name, by all; what could not be read is an error and never an empty audit."""
    found = api.audit(api.load(EXAMPLE), ["ich-m11"], today="2026-01-01")
    assert [each.checklist.name for each in found] == ["ich-m11"]
    assert sum(found[0].counts.values()) == len(found[0].checklist.items)
    with pytest.raises(UsageError, match="cannot be read"):
        api.audit(api.load(b"\xff"))
