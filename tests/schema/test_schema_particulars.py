"""Facts that only some trials have: stated nones, references, and limits that are told in one way or another."""

from __future__ import annotations

from typing import Any

import pytest
from commandline import EXAMPLE
from mutations import replaced

from protocolkit import api
from protocolkit.document import Document
from protocolkit.schema import check

FIT = EXAMPLE.parents[1] / "tests" / "cases" / "fit"
PLATFORM, WEDGE, VACCINE = (
    api.load(FIT / f"{name}.protocol.yaml").data
    for name in ("platform-outcome", "stepped-wedge-service", "vaccine-two-dose")
)


def _checked(data: Any) -> tuple[Any, ...]:
    return check(Document("a.protocol.yaml", data))


NONES = [
    ("interventions", 0, "overdose"),
    ("interventions", 0, "preparation"),
    ("interventions", 0, "storage"),
    ("interventions", 0, "accountability"),
    ("population", "condition", "criteria"),
    ("population", "rescreening"),
    ("discontinuation", "treatment", "temporary"),
    ("discontinuation", "treatment", "rechallenge"),
    ("adverse_events", "windows", "AE"),
    ("adverse_events", "definitions", "product_complaint"),
    ("adverse_events", "special_situations"),
    ("adverse_events", "pregnancy"),
    ("oversight", "samples"),
    ("oversight", "consent", "rescreening"),
    ("oversight", "committees", "steering", "independent_of"),
]


@pytest.mark.parametrize("path", NONES, ids=lambda path: "/".join(map(str, path)))
def test_what_a_trial_truly_has_not_is_stated_with_its_reason(path: tuple[str | int, ...]) -> None:
    """A stated none stands in place of the other keys, and only with a reason."""
    assert _checked(replaced(WEDGE, path, {"none_reason": "there is none in this trial"})) == ()
    assert _checked(replaced(WEDGE, path, {"none_reason": True})) != ()


REFERENCES = [
    ("domain of a criterion", ("population", "inclusion", 3, "domains", 0), "domain"),
    ("domain of a randomisation", ("design", "randomisations", 1, "domain"), "domain"),
    ("visit of an assignment told later", ("design", "randomisations", 1, "revealed", "at"), "visit"),
    ("objective of a domain", ("design", "master_protocol", "domains", 0, "objectives", 0), "objective"),
    ("counted endpoint", ("design", "event_driven", "endpoint"), "endpoint"),
    ("medicine of the run-in", ("design", "run_in", "interventions", 0), "intervention"),
    ("visit of an age", ("interventions", 0, "regimen", "steps", 0, "age", "visit"), "visit"),
    ("visit of a band", ("interventions", 1, "regimen", "steps", 0, "band", "visit"), "visit"),
    ("cohort of a titration", ("interventions", 0, "regimen", "titration", "per_cohort", 0, "cohort"), "cohort"),
    ("cohort that another belongs to", ("population", "cohorts", 0, "belongs_to"), "cohort"),
    ("rescue medicine", ("concomitant", "rescue", 0, "intervention"), "intervention"),
    ("order of testing", ("statistics", "testing_order", 1), "endpoint"),
    ("endpoint of a look", ("statistics", "interim", 0, "endpoints", 0), "endpoint"),
    ("anchor of an expected event", ("schedule", "anchors", 4, "expected", "anchor"), "anchor"),
]


@pytest.mark.parametrize(("path", "noun"), [row[1:] for row in REFERENCES], ids=[row[0] for row in REFERENCES])
def test_an_id_that_names_nothing_is_one_finding(path: tuple[str | int, ...], noun: str) -> None:
    """Whatever names another thing is told where there is no such thing."""
    found = _checked(replaced(PLATFORM, path, "NOWHERE"))
    assert [(finding.code, finding.pointer) for finding in found] == [("REF01", "".join(f"/{step}" for step in path))]

    assert noun in found[0].message


def test_ids_below_something_of_another_kind_are_not_told_as_missing() -> None:
    """A list where a mapping belongs is the fault; every name of what stands in it would only follow."""
    path = ("adverse_events", "solicited")
    found = _checked(replaced(VACCINE, path, VACCINE["adverse_events"]["solicited"]["reactions"]))
    assert [(finding.code, finding.pointer) for finding in found] == [("FORM03", "/adverse_events/solicited")]


def test_domains_without_ids_are_valid_as_before() -> None:
    """Files from before domains had ids stay valid; what names a domain is then left alone."""
    domains = [{"name": "antivirals", "arms": ["COMBI", "NO_COMBI"]}]
    assert _checked(replaced(PLATFORM, ("design", "master_protocol", "domains"), domains)) == ()


MODIFICATIONS = [
    ({"trigger": "dizziness", "action": "interrupt"}, ""),
    ({"measure": "potassium", "above": "5.5 mmol/L", "inclusive": True, "action": "interrupt"}, ""),
    ({"measure": "eGFR", "change": {"from": "baseline", "fall": "30 %"}, "action": "interrupt"}, ""),
    ({"event": "hypotension", "action": "withdraw"}, ""),
    ({"above": "5.5 mmol/L", "action": "interrupt"}, "neither trigger nor measure nor event"),
    ({"measure": "eGFR", "change": {"from": "baseline"}, "action": "interrupt"}, "neither rise nor fall"),
    ({"measure": "eGFR", "change": {"fall": "30 %"}, "action": "interrupt"}, "states no from"),
]


@pytest.mark.parametrize(("modification", "words"), MODIFICATIONS)
def test_a_change_of_dose_says_what_sets_it_off_in_one_way(modification: dict[str, Any], words: str) -> None:
    """In words, by a measure with a limit or a change, or by an event; one finding where none of them does."""
    found = _checked(replaced(PLATFORM, ("interventions", 0, "modifications"), [modification]))
    assert len(found) == bool(words)
    assert all(words in finding.message for finding in found)


def test_a_product_is_asked_for_by_its_keys_and_another_one_by_an_id_of_the_file() -> None:
    """The hint names no intervention that the file does not have, and one of the same substance where it has one."""
    medicine = {"id": "DEX", "kind": "drug", "role": "active_comparator", "substance": "dexamethasone"}
    for other, wanted in (("rituximab", ""), ("Dexamethasone", " or same_product_as: DEX2")):
        beside = {"id": "DEX2", "substance": other, "product": {"form": "TABLET"}}
        found = _checked({**PLATFORM, "interventions": [medicine, beside]})
        hints = [each.hint for each in found if "same_product_as" in each.message]
        assert hints == [f'add product: {{form: "TABLET", strength: "50 mg/mL"}}{wanted}']


def test_each_of_several_cohorts_that_another_belongs_to_is_looked_for() -> None:
    """An id alone and a list of ids are taken; one in the list that names nothing is told at its place."""
    path = ("population", "cohorts", 0, "belongs_to")
    known = PLATFORM["population"]["cohorts"][1]["id"]
    assert _checked(replaced(PLATFORM, path, [known])) == ()
    found = _checked(replaced(PLATFORM, path, [known, "NOWHERE"]))
    assert [(finding.code, finding.pointer) for finding in found] == [("REF01", "/population/cohorts/0/belongs_to/1")]
