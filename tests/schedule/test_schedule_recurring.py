"""Visits that come back, and trials whose visits all count from randomisation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.schedule.anchors import Anchors
from protocolkit.schedule.participation import Participation, participation

FIRST = {"id": "first", "kind": "first_dose"}
RAND = {"id": "rand", "kind": "randomisation"}


def root(visits: list[dict[str, Any]], **more: Any) -> Any:
    """Write a protocol in which everybody is randomised at W0, where the first dose is given."""
    schedule = {"anchors": [FIRST, RAND], "activities": [{"id": "DOSE", "kind": "dose", "serves": ["A"]}], **more}
    data = {
        "design": {"randomisations": [{"id": "R1", "at": "W0"}]},
        "interventions": [{"id": "A", "kind": "drug"}],
        "schedule": {**schedule, "visits": visits},
    }
    return Document("x", data).root


W0 = {"id": "W0", "anchor": "rand", "offset": "0 d", "activities": ["DOSE"]}
W4 = {"id": "W4", "anchor": "rand", "offset": "4 wk"}


def test_the_visit_with_the_first_dose_ties_randomisation_to_it() -> None:
    """Where every visit counts from randomisation, the first visit with a dose says when the first dose is."""
    anchors = Anchors(root([W0, W4]))
    assert [list(anchors.offsets(name)) for name in ("rand", "W0", "W4")] == [[0], [0], [28]]
    later = Anchors(root([{**W0, "activities": []}, {**W0, "id": "W1", "offset": "1 wk"}, W4]))
    assert [list(later.offsets(name)) for name in ("rand", "W1", "W4")] == [[-7], [0], [21]]


def test_the_expected_first_dose_ties_randomisation_to_it() -> None:
    """A first dose that is expected two days after randomisation says when randomisation is, as expected."""
    dose = {**FIRST, "expected": {"anchor": "rand", "offset": "2 d"}}
    anchors = Anchors(root([{**W0, "activities": []}, W4], anchors=[dose, RAND]))
    assert [list(anchors.offsets(name)) for name in ("first", "rand", "W4")] == [[0], [-2], [26]]
    assert [anchors.expected(name) for name in ("first", "rand", "W4")] == [False, True, True]


def test_without_a_dose_nothing_ties_them() -> None:
    """Nobody can say how long before the first dose people are randomised."""
    assert Anchors(root([{**W0, "activities": []}, W4])).offsets("W4") == ()


@pytest.mark.parametrize(
    ("until", "number", "last"),
    [({"anchor": "rand", "offset": "9 d"}, 9, 9), ({"anchor": "W4"}, 28, 28), ({"event": "cure"}, 1001, 1001)],
)
def test_a_visit_comes_back_until_its_day(until: dict[str, str], number: int, last: int) -> None:
    """Daily from the first day on; where an event ends it, as often as is looked at."""
    daily = {"id": "D", "anchor": "rand", "offset": "1 d", "repeats": {"every": "1 d", "until": until}}
    top = root([W0, daily, W4])
    anchors = Anchors(top)
    found = anchors.recurring(top["schedule"]["visits"].find("D"))
    assert (len(found), found[-1]) == (number, Decimal(last))
    assert anchors.ends(top["schedule"]["visits"].find("D")) is ("event" not in until)


@pytest.mark.parametrize(
    ("offsets", "every", "days"),
    [
        (["0 d", "1 d", "2 d"], "21 d", [0, 1, 2, 21, 22, 23, 42, 43, 44]),  # the days of a cycle
        (["0 d", "2 wk", "4 wk"], "2 wk", [0, 14, 28, 42]),  # one more, as the last two lie apart
        (["4 d", "20 d"], "21 d", [4, 20, 25, 41]),  # the end cuts off a part of a turn
    ],
)
def test_all_days_of_a_turn_come_back(offsets: list[str], every: str, days: list[int]) -> None:
    """Each day of a cycle comes back with it; of days that are longer than a turn the last one does."""
    until = {"anchor": "rand", "offset": "45 d"}
    visit = {"id": "D", "anchor": "rand", "offsets": offsets, "repeats": {"every": every, "until": until}}
    top = root([W0, visit])
    assert [int(day) for day in Anchors(top).recurring(top["schedule"]["visits"].find("D"))] == days


def test_the_last_repeat_ends_the_time_of_a_participant() -> None:
    """A visit that comes back beyond the others is the last one."""
    repeats = {"every": "1 d", "until": {"anchor": "rand", "offset": "50 d"}}
    daily = {"id": "D", "anchor": "rand", "offset": "1 d", "repeats": repeats}
    found = participation(root([W0, W4, daily]))
    assert isinstance(found, Participation)
    assert (found.last["id"].text, found.days) == ("D", Decimal(50))
