"""A finding on a form says which form is meant: its keys, its list, the term or the place that was meant."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.library import terms
from protocolkit.quantities import fault
from protocolkit.schema import check, said


def _hint(place: str, data: dict[str, Any]) -> str:
    found = check(Document("a.protocol.yaml", {"protocolkit": 1, **data}))
    return next(finding.hint for finding in found if finding.pointer == place)


MAKER, SPONSOR = {"trial": {"device_manufacturer": [{"name": "X"}]}}, {"trial": {"co_sponsors": {"name": "X"}}}
PARENT, PROXY = ({"outcomes": [{"id": "A", "reported_by": [word]}]} for word in ("parent", "proxy"))
ROLES: dict[str, Any] = {"design": {"blinding": {"schema": "double_blind", "roles": ["caregiver"]}}}


@pytest.mark.parametrize(
    ("place", "data", "words"),
    [
        ("/trial/device_manufacturer", MAKER, "write its keys and values: {"),
        ("/trial/co_sponsors", SPONSOR, "write a list of entries: [{name: "),
        ("/outcomes/0/reported_by/0", PROXY, "did you mean parent_or_proxy?"),
        ("/outcomes/0/reported_by/0", PARENT, "did you mean parent_or_proxy?"),
        ("/design/blinding/roles/0", ROLES, "did you mean parent_or_proxy?"),
        (
            "/adverse_events/definitions/device_deficiency",
            {"adverse_events": {"definitions": {"device_deficiency": "a fault"}}},
            "device_deficiencies stands one level up, beside definitions",
        ),
    ],
)  # fmt: skip
def test_a_hint_names_the_form_that_is_meant(place: str, data: dict[str, Any], words: str) -> None:
    """The keys of a mapping, the entries of a list, a term by another word, a key that stands one level up."""
    assert _hint(place, data).startswith(words)


def test_a_key_that_is_needed_for_some_entries_of_a_list_names_them() -> None:
    """A blind of participants can be broken in an emergency; the message says that they are why it is asked for."""
    blinding = {"schema": "single_blind", "roles": ["outcomes_assessor", "participant"]}
    found = check(Document("a.protocol.yaml", {"protocolkit": 1, "design": {"blinding": blinding}}))
    (told,) = [each.message for each in found if "emergency_unblinding" in each.message]
    assert told.endswith("(needed because schema is single_blind and participant is among the roles)")


def test_an_entry_without_its_list_is_one_finding() -> None:
    """Where a list stands or why there is none, a mapping of other keys is neither, and is meant as an entry."""
    data = {"protocolkit": 1, "concomitant": {"rescue": {"substance": "X", "dose": "1 mg"}}}
    found = [
        each for each in check(Document("a.protocol.yaml", data)) if each.pointer.startswith("/concomitant/rescue")
    ]
    assert [(each.code, each.message) for each in found] == [
        ("FORM03", "rescue therapy must be a list, not a mapping of keys and values")
    ]
    assert found[0].hint.startswith("write a list of entries: [{substance: ")


@pytest.mark.parametrize("key", ["periods", "sequences", "washout"])
def test_what_a_crossover_lacks_says_where_a_change_of_one_arm_is_written(key: str) -> None:
    """Those who only change to what another arm gets have no sequences: the arms say it, by epoch or as one entered."""
    found = check(Document("a.protocol.yaml", {"protocolkit": 1, "design": {"model": "crossover"}}))
    (hint,) = [each.hint for each in found if f"no {key}" in each.message]
    assert "model: parallel" in hint
    assert "arms[].epochs" in hint
    assert "enters_from" in hint


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("DAILY", "QD"), ("ONCE DAILY", "QD"), ("once-daily", "QD"), ("twice daily", "BID"),
        ("three times daily", "TID"),
        ("four times a day", "QID"), ("weekly", "EVERY WEEK"), ("Once weekly", "1 TIME PER WEEK"),
        ("every other day", "QOD"), ("alternate days", "QOD"), ("Q3W", "EVERY 3 WEEKS"),
        ("every three weeks", "EVERY 3 WEEKS"),
    ],
)  # fmt: skip
def test_a_frequency_by_the_words_of_people_names_its_term(text: str, term: str) -> None:
    """By the published name of a term, or by another that people use; capitals and hyphens do not matter."""
    steps = {"interventions": [{"id": "A", "regimen": {"steps": [{"id": "S", "frequency": text}]}}]}
    assert _hint("/interventions/0/regimen/steps/0/frequency", steps) == f"did you mean {term}?"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("IV", "did you mean INTRAVENOUS?"), ("i.v.", "did you mean INTRAVENOUS?"), ("p.o.", "did you mean ORAL?"),
        ("intravenous infusion", "did you mean INTRAVENOUS DRIP?"), ("intranasal", "did you mean NASAL?"),
        ("subcutanous", "did you mean SUBCUTANEOUS?"), ("topical", "did you mean TOPICAL?"),
        ("intravenous push", "allowed: INTRAVENOUS BOLUS, INTRAVENOUS DRIP, INTRAVENOUS, AURICULAR (OTIC), "),
        ("intraneural", "allowed: AURICULAR (OTIC), "),
    ],
)  # fmt: skip
def test_a_route_by_other_words_leads_to_no_other_route(text: str, hint: str) -> None:
    """What is no typing error of a route names none: the next in letters is another way into the body."""
    assert _hint("/interventions/0/route", {"interventions": [{"id": "A", "route": text}]}).startswith(hint)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("film-coated tablet", "TABLET, FILM COATED"),
        ("oral suspension", "SUSPENSION"),
        ("tablets", "TABLET"),
        ("solution for injection", "INJECTION, SOLUTION"),
        ("Tablet, coated", "TABLET, COATED"),
    ],
)
def test_a_dose_form_by_the_words_of_a_label_names_its_term(text: str, term: str) -> None:
    """In any order of its words, or as European labels call it."""
    data = {"interventions": [{"id": "A", "product": {"form": text}}]}
    assert _hint("/interventions/0/product/form", data) == f"did you mean {term}?"


@pytest.mark.parametrize(
    ("place", "data", "term"),
    [
        ("/design/blinding/roles/0", {"design": {"blinding": {"roles": ["trial statistician"]}}}, "data_analyst"),
        ("/design/blinding/roles/0", {"design": {"blinding": {"roles": ["adjudicators"]}}}, "outcomes_assessor"),
        ("/design/blinding/schema", {"design": {"blinding": {"schema": "double-masked"}}}, "double_blind"),
        ("/outcomes/0/reported_by/0", {"outcomes": [{"id": "A", "reported_by": ["investigator"]}]}, "clinician"),
        ("/profiles/0", {"profiles": ["cardiology"]}, "cardiovascular"),
        ("/trial/phase", {"trial": {"phase": "II/III"}}, "Phase 2/Phase 3"),
        ("/trial/phase", {"trial": {"phase": "phase 3"}}, "Phase 3"),
    ],
)
def test_a_term_by_the_words_of_people_is_named(place: str, data: dict[str, Any], term: str) -> None:
    """What a trialist calls it leads to the term of the list."""
    assert _hint(place, data) == f"did you mean {term}?"


def test_every_word_of_people_leads_to_one_term_of_its_list() -> None:
    """The terms exist, no word leads to two of them, and none is the name of another term."""
    for name, terms_said in said.SAID.items():
        known = terms.get(name)
        assert {*terms_said} <= {*known.values}, name
        words = [said.plain(word) for several in terms_said.values() for word in several]
        assert len(words) == len({*words}), name
        assert {*words}.isdisjoint(said.plain(value) for value in known.values), name


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [("0.14 {log10}", "score", "1"), ("3 [ULN]", "strength", "{ULN}")],
)
def test_a_unit_by_another_spelling_is_named(text: str, kind: str, hint: str) -> None:
    """A logarithm has the unit 1; a multiple of the upper limit stands in braces."""
    found = fault(text, kind)
    assert found is not None
    assert found.message.endswith(f"did you mean {hint}?")
