"""Safety and oversight in words: whose rules hold, what serves safety, and no article before an author's own words."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest


def section(number: str, **trial: Any) -> str:
    """Return one section of the draft of a trial."""
    return "\n".join(contentcase.section(contentcase.of({"protocolkit": 1, **trial}), number))


REGIONS = [{"country": "DE", "law": "the national device act", "reporting_rules": "EU"}, {"country": "US"}]
TALK = [{"id": "T", "kind": "behaviour"}]


@pytest.mark.parametrize("kind", ["behaviour", "device", "surgery", "radiation"])
def test_the_clocks_of_the_law_on_medicines_are_not_told_of_a_trial_without_one(kind: str) -> None:
    """The law that the file names is."""
    told = section("9.2.3.1", trial={"regions": REGIONS}, interventions=[{"id": "T", "kind": kind}])
    assert "the rules on reports of suspected unexpected serious adverse reactions to medicines do not apply" in told
    assert "- Germany: the national device act." in told
    assert not any(word in told for word in ("536/2014", "EudraVigilance", "21 CFR"))


@pytest.mark.parametrize("kind", ["drug", "biologic", "vaccine", "genetic", None])
def test_the_clocks_are_told_where_a_medicine_is_given_or_may_be(kind: str | None) -> None:
    """They follow from the countries."""
    told = section("9.2.3.1", trial={"regions": REGIONS}, interventions=[{"id": "T", "kind": kind}])
    assert "536/2014" in told
    assert "21 CFR 312.32" in told


def test_the_sponsors_own_reports_are_told_where_no_law_on_medicines_holds() -> None:
    """As the file states them; where it states only those to the sponsor, it is said where they stand."""
    up = {"event": "SAE", "from": "nurse", "to": "sponsor", "clock": "24 h"}
    on = {"event": "SAE", "from": "sponsor", "to": "ethics committee", "clock": "15 d"}
    told = section("9.2.3.1", interventions=TALK, adverse_events={"reporting": [up, on]})
    assert "- Serious adverse events are reported by the sponsor to the ethics committee within 15 days." in told
    assert "nurse" not in told
    told = section("9.2.3.1", interventions=TALK, adverse_events={"reporting": [up]})
    assert "Section 9.2.3 gives the reports that this protocol lays down." in told


POINTS = {"benefit": ["PAIN"], "harm": ["FALLS"]}
OBJECTIVES = [
    {"id": kind, "level": "primary", "kind": kind, "endpoints": [{"id": name, "outcome": name} for name in names]}
    for kind, names in POINTS.items()
]
OUTCOMES = [{"id": "PAIN", "name": "pain"}, {"id": "FALLS", "name": "falls"}]
SERVES = [
    (["PAIN"], True, False), (["FALLS"], False, True), (["PAIN", "FALLS"], True, True), (["safety"], False, True),
    (["FALLS", "safety"], False, True), (["consent"], False, False),
]  # fmt: skip


@pytest.mark.parametrize(("serves", "efficacy", "safety"), SERVES)
def test_what_serves_harms_alone_is_no_assessment_of_efficacy(serves: list[str], efficacy: bool, safety: bool) -> None:
    """It stands among those of safety."""
    schedule = {"activities": [{"id": "ASK", "name": "a question", "serves": serves}]}
    trial: dict[str, Any] = {"objectives": OBJECTIVES, "outcomes": OUTCOMES, "schedule": schedule}
    assert ("- A question:" in section("8.3", **trial)) is efficacy
    assert ("- A question:" in section("8.4", **trial)) is safety


def test_units_are_printed_without_braces() -> None:
    """Also those that the table of units does not know."""
    told = section("8.3", outcomes=[{"id": "F", "name": "falls", "unit": "{falls}/1000 {bed_days}"}])
    assert "Unit: falls/1000 bed days." in told


OWN_WORDS: list[tuple[str, dict[str, Any], str]] = [
    (
        "11.2",
        {"trial": {"final_decision_authority": "The committee decides; the sponsor may stop."}},
        "Final decisions on design, analysis and reporting: The committee decides; the sponsor may stop.",
    ),
    ("11.3", {"oversight": {"consent": {"by": "nobody; a nurse asks"}}}, "Who takes consent: nobody; a nurse asks."),
    ("11.8", {"oversight": {"data_protection": {"controller": "sponsor"}}}, "Controller: sponsor."),
    ("11.1", {"oversight": {"ethics": {"committee": "through the portal"}}}, "committee: through the portal."),
    ("9.2.2", {"adverse_events": {"coding": {"who": "data management"}}}, "Coding by: data management."),
    ("7.3", {"discontinuation": {"loss_to_follow_up": {"definition": "ward without data"}}},
     "Loss to follow-up is defined as follows: ward without data."),
    ("11.3.2", {"oversight": {"samples": {"storage": "none", "years": 0}}}, "They are not kept."),
    ("11.3.2", {"oversight": {"samples": {"storage": "bank", "years": 5}}}, "They are kept for 5 years."),
]  # fmt: skip


@pytest.mark.parametrize(("number", "trial", "words"), OWN_WORDS)
def test_an_authors_words_follow_a_label(number: str, trial: dict[str, Any], words: str) -> None:
    """They may be a name, a phrase or a sentence: none of them fits behind an article."""
    assert words in section(number, **trial)


def test_a_contact_is_not_named_twice() -> None:
    """Its role stands in the first column, its address in the second as it is written."""
    contacts = [{"role": "safety reports", "mail": "safety@trial.example"}, {"role": "monitor", "where": "site file"}]
    told = section("9.2.3", trial={"contacts": contacts})
    assert "| Safety reports | safety@trial.example" in told
    assert "| Monitor | Site file" in told
