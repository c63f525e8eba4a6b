"""Where arms have windows of their own, the common one is that of the other arms."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(COUNTED,) = [rule for rule in RULES if rule.code == "AE17"]
(ENDS,) = [rule for rule in RULES if rule.code == "AE06"]
(TOGETHER,) = [rule for rule in RULES if rule.code == "AE18"]


def day(number: int) -> dict[str, str]:
    """Return a day after the first dose."""
    return {"anchor": "start", "offset": f"{number} d"}


def vaccine(name: str, *days: int) -> dict[str, Any]:
    """Return a vaccine that is given on some days."""
    steps = [{"id": f"{name}1", "dose": "0.5 mL", "when": "days", "days": [f"{each} d" for each in days]}]
    return {"id": name, "kind": "vaccine", "role": "experimental", "regimen": {"anchor": "start", "steps": steps}}


def told(
    rule: Any, serious: int, others: dict[str, Any], arms: tuple[str, ...] = ("TWICE",), counted: str = "SAE",
    **windows: Any,
) -> list[str]:  # fmt: skip
    """Return what a rule says of one dose in an arm and of two in another, which has its own window."""
    by_arm = [{"arm": arm, "start": "start", "end": day(210)} for arm in arms]
    endpoint = {"id": "E1", "outcome": "SAE", "interval": {"from": "start", "to": day(180)}}
    whole = {"start": "start", "note": "all", "end": day(serious), "by_arm": by_arm}
    root = {
        "arms": [{"id": "ONCE", "interventions": ["A"]}, {"id": "TWICE", "interventions": ["A", "B"]}],
        "interventions": [vaccine("A", 0), vaccine("B", 0, 180)],
        "outcomes": [{"id": "SAE", "name": counted}],
        "objectives": [{"id": "O1", "kind": "harm", "level": "secondary", "endpoints": [endpoint]}],
        "schedule": {"day_one": "start", "anchors": [{"id": "start", "kind": "first_dose"}]},
        "adverse_events": {"windows": {"AE": others, "SAE": whole, **windows}},
    }
    (ran,) = run([rule], Document("x", root), (), frozenset({"vaccine"}))
    return [finding.message for finding in ran.findings]


AFTER_EACH = {"start": "start", "end": day(210), "after_each_dose": "30 d"}


def test_the_common_window_is_held_against_the_last_dose_of_the_other_arms() -> None:
    """It closes on the day of the second dose of an arm that has a window of its own."""
    assert told(ENDS, 180, AFTER_EACH) == []
    assert told(ENDS, 180, AFTER_EACH, arms=()) == ["window of SAE: it ends with the last dose"]


@pytest.mark.parametrize(("serious", "arms", "found"), [(150, ("TWICE",), True), (180, ("TWICE",), False),
                                                        (150, ("ONCE", "TWICE"), False)])  # fmt: skip
def test_an_endpoint_of_all_is_held_against_the_common_window(serious: int, arms: tuple[str, ...], found: bool) -> None:
    """The longer window of one arm collects nothing in the others, and events within days of a dose are not all."""
    message = "E1 counts events 30 d longer than they are collected (window of SAE)"
    assert told(COUNTED, serious, AFTER_EACH, arms=arms) == [message] * found


def test_a_window_over_some_days_after_each_dose_is_no_longer_than_these() -> None:
    """Its end is that of the last dose of any arm; without such days it is longer than that of serious events."""
    assert told(TOGETHER, 180, AFTER_EACH) == []
    message = "serious adverse events are collected 30 d shorter than others (window of AE)"
    assert told(TOGETHER, 180, {"start": "start", "end": day(210)}) == [message]


SERIOUS = [("serious adverse events", True), ("serious and other adverse events", False), ("SAEs and AEs", False)]


@pytest.mark.parametrize(("counted", "found"), SERIOUS)
def test_serious_events_alone_are_held_against_their_window(counted: str, found: bool) -> None:
    """Who counts all events as well counts those after each dose, which have a window of their own."""
    assert bool(told(COUNTED, 150, AFTER_EACH, counted=counted)) is found


@pytest.mark.parametrize(("after", "found"), [("28 d", False), ("14 d", True)])
def test_a_window_after_a_last_dose_without_a_day_is_held_against_contacts_that_count_from_it(
    after: str, found: bool
) -> None:
    """Treatment to progression ends on no planned day: a contact 14 days after it is not one at 30 days."""
    root = {
        "design": {"epochs": [{"id": "T", "type": "treatment"}, {"id": "FU", "type": "follow_up"}]},
        "schedule": {
            "day_one": "start",
            "anchors": [{"id": "start", "kind": "first_dose"}, {"id": "last", "kind": "last_dose"}],
            "activities": [{"id": "ASK", "serves": ["safety"]}],
            "visits": [
                {"id": "V1", "epoch": "T", "anchor": "start", "offset": "0 d", "activities": ["ASK"]},
                {"id": "END", "epoch": "FU", "anchor": "last", "offset": after, "activities": ["ASK"]},
            ],
        },
        "adverse_events": {
            "windows": {"AE": {"start": "start", "end": {"anchor": "last", "offset": "30 d"}}},
            "ascertainment": [{"event": "any", "mode": "open_question", "activity": "ASK", "visits": ["V1", "END"]}],
        },
    }
    (ran,) = run([TOGETHER], Document("x", root), (), frozenset())
    assert ["16 d longer" in finding.message for finding in ran.findings] == [True] * found


@pytest.mark.parametrize(
    ("counted", "others", "found"),
    [
        ("serious and medically attended events", AFTER_EACH, True),
        ("serious events and events of special interest", AFTER_EACH, False),
        ("serious and medically attended events", {"start": "start", "end": day(210)}, False),
    ],
)
def test_events_named_among_others_are_held_against_their_own_window(counted: str, others: Any, found: bool) -> None:
    """Serious events are collected for as long as the endpoint counts; those that a doctor saw are not."""
    attended = {"medically_attended": {"start": "start", "end": day(90)}}
    message = "E1 counts medically attended events 90 d longer than they are collected"
    assert told(COUNTED, 180, others, (), counted, **attended) == [message] * found
