"""A stated none prints its reason: no gap in its place, and no sentence that claims more than the reason says."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import contentcase
import pytest

from protocolkit.render.draft import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.render.blocks import Draft

SCHEMA = json.loads((contentcase.ROOT / "schemas" / "protocol.schema.json").read_text("utf-8"))
PARTS = (
    "design", "population", "interventions", "concomitant", "discontinuation", "schedule", "adverse_events",
    "statistics", "oversight",
)  # fmt: skip
REASON = "the reason for none"
A_DRAFT = 8  # places; a gap in one hides behind nothing of another, as each has words of its own


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the schema with what it refers to."""
    while "$ref" in part:
        found: Any = SCHEMA
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = {**found, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


def nones(part: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield each place at which the schema takes a none with its reason."""
    part = resolved(part)
    if "none_reason" in part.get("properties", {}):
        yield path
    if "items" in part:
        yield from nones(part["items"], (*path, 0))
    for key, child in part.get("properties", {}).items():
        yield from nones(child, (*path, key))


PLACES = [place for key in PARTS for place in nones(SCHEMA["properties"][key], (key,))]


@cache
def with_everything() -> Draft:
    """Return the draft of a file that states everything."""
    return contentcase.of(contentcase.everything())


def apart(places: list[tuple[str | int, ...]]) -> list[list[tuple[str | int, ...]]]:
    """Part the places into drafts with some each, in none of which one place lies within another."""
    drafts: list[list[tuple[str | int, ...]]] = []
    for place in places:
        free = (
            draft
            for draft in drafts
            if len(draft) < A_DRAFT and not any(place[: len(other)] == other[: len(place)] for other in draft)
        )
        draft = next(free, None)
        if draft is None:
            drafts.append([place])
        else:
            draft.append(place)
    return drafts


@pytest.mark.parametrize("places", apart(PLACES), ids=lambda places: "/".join(map(str, places[0])))
def test_a_stated_none_leaves_no_gap_and_prints_its_reason(places: list[tuple[str | int, ...]]) -> None:
    """Wherever the schema of Sections 4 to 11 takes one, several in a draft."""
    whole, data = with_everything(), contentcase.everything()
    for number, place in enumerate(places):
        data = contentcase.replaced(data, place, {"none_reason": f"{REASON} of place {number}"})
    made = contentcase.of(data)
    text = contentcase.text(made)
    assert [place for number, place in enumerate(places) if f"{REASON} of place {number}" not in text] == []
    assert count(made.blocks) <= count(whole.blocks)


SAID = [
    ("population/rescreening", "5.6", "There is no rescreening: the reason for none."),
    ("discontinuation/treatment/temporary", "7.1.2", "There is no temporary stop: the reason for none."),
    ("discontinuation/treatment/rechallenge", "7.1.3", "There is no rechallenge: the reason for none."),
    ("adverse_events/definitions/product_complaint", "9.1.3", "Not applicable: the reason for none."),
    ("adverse_events/windows/AE", "9.2.1", f"- Adverse events that are not serious are not collected: {REASON}."),
    ("discontinuation/pregnancy", "9.3.1", "Not applicable: the reason for none."),
    ("population/contraception", "5.4.2", "No contraception is required: the reason for none."),
    ("adverse_events/pregnancy", "9.3.1", "Not applicable: the reason for none."),
    ("adverse_events/pregnancy", "9.3.2", "Not applicable: the reason for none."),
    ("adverse_events/special_situations", "9.4", "Not applicable: the reason for none."),
    ("oversight/consent/rescreening", "11.3.1", "Not applicable: the reason for none."),
    ("oversight/samples", "11.3.2", "Not applicable: the reason for none."),
    ("concomitant/background", "6.9.1", "Not applicable: the reason for none."),
    ("concomitant/rescue", "6.9.2", "Not applicable: the reason for none."),
    ("concomitant/prohibited", "6.10.1", "No list of prohibited therapy is given: the reason for none."),
    ("concomitant/permitted", "6.10.2", "No list of permitted therapy is given: the reason for none."),
    ("schedule/assessments/physical_examination", "8.4.1", "Not applicable: the reason for none."),
    ("adverse_events/windows/pregnancy", "9.2.1", "- Pregnancies are not collected: the reason for none."),
    ("adverse_events/grading", "9.2.2", "Severity is not graded: the reason for none."),
    ("adverse_events/causality", "9.2.2", "Causality is not judged on a scale: the reason for none."),
    ("adverse_events/coding", "9.2.2", "Events are not coded: the reason for none."),
]


@pytest.mark.parametrize(("place", "number", "words"), SAID)
def test_a_stated_none_says_no_more_than_its_reason(place: str, number: str, words: str) -> None:
    """That nothing is limited is not that nothing is permitted."""
    told: Any = {"none_reason": REASON}
    for step in reversed(place.split("/")):
        told = {step: told}
    assert words in contentcase.section(contentcase.of({"protocolkit": 1, **told}), number)


OF_AN_INTERVENTION = [
    ("modifications", "6.4", "There are no dose modifications of Example: the reason for none."),
    ("overdose", "6.5", "Example. Not applicable: the reason for none."),
    ("preparation", "6.6.1", "Example. Not applicable: the reason for none."),
    ("storage", "6.6.2", "Example. Not applicable: the reason for none."),
    ("accountability", "6.6.3", "Example. Not counted: the reason for none."),
]


@pytest.mark.parametrize(("key", "number", "words"), OF_AN_INTERVENTION)
def test_a_stated_none_of_an_intervention_stands_in_its_section(key: str, number: str, words: str) -> None:
    """And not in the list of what is left."""
    item = {"id": "X", "name": "Example", key: {"none_reason": REASON}}
    made = contentcase.of({"protocolkit": 1, "interventions": [item]})
    assert words in " ".join(contentcase.section(made, number)).strip()
    assert REASON not in " ".join(contentcase.section(made, "6.1"))


def test_a_committee_without_independence_says_why() -> None:
    """The reason, and no claim of independence."""
    steering = {"members": 3, "independent_of": {"none_reason": REASON}}
    made = contentcase.of({"protocolkit": 1, "oversight": {"committees": {"steering": steering}}})
    assert "- Independent of: not applicable; the reason for none." in contentcase.section(made, "11.4")


def test_a_condition_without_criteria_says_why() -> None:
    """Among the sentences on the condition."""
    made = contentcase.of({"protocolkit": 1, "population": {"condition": {"criteria": {"none_reason": REASON}}}})
    assert f"There are no diagnostic criteria: {REASON}." in " ".join(contentcase.section(made, "5.1"))


def test_an_event_that_is_not_collected_has_no_row() -> None:
    """The table of times holds what is collected; where nothing is, there is no table."""
    none, window = {"none_reason": REASON}, {"start": "consent", "end": {"event": "discharge"}}
    both = {"windows": {"SAE": window, "pregnancy": none}}
    told = contentcase.section(contentcase.of({"protocolkit": 1, "adverse_events": both}), "9.2")
    assert [line.split(" | ")[0] for line in told if line.startswith("|")] == [
        "| Event Type",
        "| Serious Adverse Event",
    ]
    alone = {"windows": {"pregnancy": none}}
    told = contentcase.section(contentcase.of({"protocolkit": 1, "adverse_events": alone}), "9.2")
    assert told == ["This table describes the timing and procedures for collecting and reporting events."]


def test_each_window_says_what_is_collected() -> None:
    """A kind that the standard has no name for as well."""
    windows = {"medically_attended": {"start": "consent", "end": {"event": "discharge"}}}
    told = contentcase.section(contentcase.of({"protocolkit": 1, "adverse_events": {"windows": windows}}), "9.2.1")
    assert told == ["- Medically attended events are collected from consent until discharge."]


def test_columns_of_the_table_of_times_that_no_row_fills_are_left_out() -> None:
    """A report without a period leaves no dash where no event has a period."""
    row = {"event": "SAE", "from": "nurse", "to": "sponsor", "clock": "24 h"}
    told = contentcase.section(contentcase.of({"protocolkit": 1, "adverse_events": {"reporting": [row]}}), "9.2")
    assert "| Event Type | Timing for Reporting to Sponsor or Designee" in told
    assert "| Serious Adverse Event | Within 24 hours, from the nurse to the sponsor" in told
