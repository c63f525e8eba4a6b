"""What is computed from the schedules of the examples, against values worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit import api
from protocolkit.document import Document
from protocolkit.schedule import (
    Anchors,
    NotPlaced,
    Participation,
    Placed,
    days,
    exposures,
    interventions_of,
    occasions,
    overlaps,
    own_washouts,
    participation,
    period_washouts,
    timetable,
    why,
    windows,
)

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.schedule import Exposure, Place

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.protocol.yaml"))
FIT = sorted((ROOT / "tests" / "cases" / "fit").glob("*.protocol.yaml"))


@cache
def root(name: str) -> Node:
    """Read an example, or a protocol of another field, by its name."""
    path = next(path for path in (*EXAMPLES, *FIT) if path.name == f"{name}.protocol.yaml")
    return api.load(path).root


def exposure(name: str, arm: str, period: str = "") -> Exposure:
    """Return the exposure of an arm, in a crossover that of a period."""
    return next(e for e in exposures(root(name)) if e.arm["id"].text == arm and e.period == period)


def number(place: Place) -> object:
    """Return the days of a place, or the reason for none."""
    return place.days if isinstance(place, Placed) else place.reason


STUDY_DAYS = [
    ("ketamine-crps", "V12", [85]),
    ("ketamine-crps", "INF2_9", [2, 3, 4, 5, 8, 9, 10, 11]),
    ("ketamine-crps", "SAFE", [42]),
    ("ketamine-crps", "BL", [-1]),
    ("memantine-dpn", "V16", [113]),
    ("memantine-dpn", "SFU", [140]),
    ("dextromethorphan-fm", "P_W6", [42, 98, 154]),
    ("dextromethorphan-fm", "WO", [56, 112, 168]),
    ("vaccine-two-dose", "D57", [57]),
    ("examplinib-phase1", "CxD1", [29]),
]


@pytest.mark.parametrize(("name", "visit", "wanted"), STUDY_DAYS)
def test_study_days_of_visits(name: str, visit: str, wanted: list[int]) -> None:
    """Week 12 is Day 85, 30 days after the infusion of Day 12 is Day 42, and the third period starts on Day 113."""
    stop = timetable(root(name)).stop(visit)
    assert stop is not None
    assert [moment.day for moment in stop.moments] == wanted


SINCE = [
    ("ketamine-crps", "KET", "84", 84, 73, "no target dose is stated"),
    ("memantine-dpn", "MEM", "28", 28, -83, 1),
    ("memantine-dpn", "MEM", "84", 84, -27, 9),
    ("memantine-dpn", "MEM", "112", 112, 1, 13),
    ("memantine-dpn", "MEM", "139", 139, 28, 13),
    ("memantine-dpn", "MEM", "0", 0, -111, 0),
    ("examplipril-hypertension", "EXA", "84", 84, 1, 8),
]


@pytest.mark.parametrize(("name", "arm", "day", "first", "last", "weeks"), SINCE)
def test_days_since_doses_and_weeks_at_target(
    name: str, arm: str, day: str, first: int, last: int, weeks: int | str
) -> None:
    """Memantine reaches 20 mg a day on Day 22; up to week 12 (Day 85) that is 63 days or 9 weeks, then 13 in all."""
    found, offset = exposure(name, arm), Decimal(day)
    assert number(found.since_first(offset)) == first
    assert number(found.since_last(offset)) == last
    assert number(found.weeks_at_target(offset)) == weeks


def test_the_last_dose_of_each_period_of_a_crossover() -> None:
    """Period 2 starts on offset 56, its last capsule is 41 days later, and the target dose comes in its second week."""
    found = exposure("dextromethorphan-fm", "A_HI", "P2")
    assert (number(found.first), number(found.last)) == (56, 97)
    assert [number(place) for place in found.target] == [63, 97]
    assert {e.sequence for e in exposures(root("dextromethorphan-fm"))} == {"ABC", "BCA", "CAB", "ACB", "BAC", "CBA"}


def test_a_course_that_an_event_ends_says_so() -> None:
    """Nobody knows on which day a tumour will grow; the first dose is known all the same."""
    found = exposure("examplinib-phase1", "ESC")
    assert (number(found.first), number(found.last)) == (0, "the last dose depends on progression")
    assert number(found.since_last(Decimal(100))) == "the last dose depends on progression"


DURATIONS = [
    ("ketamine-crps", 189, 161, 210),
    ("memantine-dpn", 167, 157, 181),
    ("examplipril-hypertension", 118, 115, 130),
    ("dextromethorphan-fm", 188, 174, 202),
    ("vaccine-two-dose", 400, 380, 421),
]


@pytest.mark.parametrize(("name", "planned", "least", "most"), DURATIONS)
def test_how_long_a_participant_takes_part(name: str, planned: int, least: int, most: int) -> None:
    """Ketamine: 21 days before the first dose to week 24; the windows are 7 and 14 days, and 14 on both sides."""
    found = participation(root(name))
    assert isinstance(found, Participation)
    assert (found.days, found.least, found.most) == (Decimal(planned), Decimal(least), Decimal(most))


@pytest.mark.parametrize("path", [*EXAMPLES, *FIT], ids=lambda path: path.name.removesuffix(".protocol.yaml"))
def test_stated_durations_are_the_computed_ones(path: Path) -> None:
    """What the timeline says of a participant's time is what the visits add up to."""
    top = api.load(path).root
    stated, found = top["trial"]["timeline"]["participant_duration"], participation(top)
    if isinstance(found, NotPlaced):
        assert not stated
    elif stated:
        assert days(stated.value) == found.days


def test_treatment_until_an_event_has_no_planned_duration() -> None:
    """Cycles that come back until progression leave the duration open, and the reason says so."""
    found = participation(root("oncology-escalation"))
    assert isinstance(found, NotPlaced)
    assert found.reason == "CxD1 comes back until progression"


def test_washouts_between_periods() -> None:
    """From the last capsule on offset 41 to the next on offset 56 there are 14 whole days, as stated."""
    found = [row for row in period_washouts(root("dextromethorphan-fm")) if row.sequence == "ABC"]
    assert [row.stated for row in found] == [Decimal(14), Decimal(14)]
    assert [(row.after, row.before, number(row.free)) for row in found] == [
        ("P1", "P2", 14), ("P2", "P3", 14),
    ]  # fmt: skip


def test_own_medicines_are_stopped_after_consent() -> None:
    """Consent three weeks before the first dose leaves room for a washout of two."""
    (found,) = own_washouts(root("examplipril-hypertension"))
    assert (number(found.needed), number(found.stops), number(found.room), found.enough) == (14, -14, 21, True)


def test_windows_that_overlap() -> None:
    """The washout contact may come up to seven days late, the next baseline up to two days early."""
    found = overlaps(timetable(root("dextromethorphan-fm")))
    shared = [(o.first.visit["id"].text, o.second.visit["id"].text, o.days) for o in found]
    assert shared == [("P_BL", "WO", 2), ("P_BL", "WO", 2)]
    assert overlaps(timetable(root("ketamine-crps"))) == ()


def test_when_an_activity_is_done() -> None:
    """The pain diary is kept at baseline, weeks 4, 8, 12 and 24, and at early termination, which has no day."""
    found = occasions(timetable(root("ketamine-crps")), "NRS")
    assert [each.moment.day if each.moment else None for each in found] == [-1, 29, 57, 85, 169, None]
    assert occasions(timetable(root("ketamine-crps")), "NOWHERE") == ()


def test_an_activity_is_done_for_some_at_one_visit() -> None:
    """An entry of a visit may be for some arms or cohorts; a condition in words leaves open for whom."""
    visits = [
        {"id": "V1", "anchor": "first_dose", "offset": "0 d", "activities": ["PK"]},
        {"id": "V2", "anchor": "first_dose", "offset": "1 d", "activities": [{"id": "PK", "arms": ["A"]}]},
        {"id": "V3", "anchor": "first_dose", "offset": "2 d", "activities": [{"id": "PK", "cohorts": ["OLD"]}]},
        {"id": "V4", "anchor": "first_dose", "offset": "3 d", "activities": [{"id": "PK", "condition": "if asked"}]},
        {
            "id": "V5",
            "anchor": "first_dose",
            "offset": "4 d",
            "activities": ["PK"],
            "arms": ["B"],
            "cohorts": ["YOUNG"],
        },
    ]
    table = timetable(
        small(
            schedule={
                "anchors": [{"id": "first_dose", "kind": "first_dose"}],
                "activities": [{"id": "PK"}],
                "visits": visits,
            }
        )
    )
    days = {
        whom: [each.visit["id"].text for each in occasions(table, "PK", arm=whom[0], cohort=whom[1])]
        for whom in [("", ""), ("A", ""), ("B", ""), ("", "OLD"), ("B", "YOUNG")]
    }
    assert days == {
        ("", ""): ["V1", "V2", "V3", "V4", "V5"],
        ("A", ""): ["V1", "V2", "V3", "V4"],
        ("B", ""): ["V1", "V3", "V4", "V5"],
        ("", "OLD"): ["V1", "V2", "V3", "V4"],
        ("B", "YOUNG"): ["V1", "V4", "V5"],
    }
    assert [planned.for_all for stop in table.stops for planned in stop.planned] == [True, False, False, False, True]


def small(**more: Any) -> Node:
    """Return a small protocol with a schedule of its own."""
    return Document("x", more).root


REASONS = [
    ({"anchor": "first_dose", "offset": "2 mo"}, "2 mo has no fixed number of days"),
    ({"anchor": "first_dose"}, "no offset is stated"),
    ({"offset": "1 d"}, "no anchor is stated"),
    ({"anchor": "relapse", "offset": "1 d"}, "relapse is an event without a planned day"),
    ({"anchor": "birth", "offset": "1 d"}, "birth of the child is an event without a planned day"),
    ({"anchor": "gone", "offset": "1 d"}, "there is no anchor gone"),
    ({"anchor": "V", "offset": "1 d"}, "V counts from itself"),
    ({"anchor": "W", "offset": "1 d"}, "W is not placed: relapse is an event without a planned day"),
    ({"anchor": "last", "offset": "1 d"}, "the last dose depends on progression"),
    ({"anchor": "stop", "offset": "1 d"}, "stop depends on when a participant stops"),
    (
        {"anchor": "period", "offset": "1 d"},
        "start of the period needs the epochs at which it comes back: state repeats as a list of them",
    ),
    ({"kind": "unscheduled"}, "it is unscheduled"),
]


@pytest.mark.parametrize(("visit", "reason"), REASONS)
def test_what_is_not_placed_says_why(visit: dict[str, str], reason: str) -> None:
    """No day is guessed: the reason names what leaves it open, and points at it."""
    top = small(
        interventions=[{
            "id": "A",
            "regimen": {
                "repeats": {"every": "21 d", "until": {"event": "progression"}},
                "steps": [{"when": "once", "from": "0 d"}],
            },
        }],
        schedule={
            "anchors": [
                {"id": "first_dose", "kind": "first_dose"}, {"id": "relapse", "kind": "event"},
                {"id": "birth", "kind": "event", "text": "birth of the child"},
                {"id": "last", "kind": "last_dose"}, {"id": "stop", "kind": "end_of_treatment"},
                {"id": "period", "kind": "period_start", "text": "start of the period", "repeats": {"every": "140 d"}},
            ],
            "visits": [{"id": "V", **visit}, {"id": "W", "anchor": "relapse", "offset": "1 d"}],
        },
    )  # fmt: skip
    anchors = Anchors(top)
    assert anchors.offsets("V") == ()
    found = why(top["schedule"]["visits"][0], anchors)
    assert found.reason == reason
    assert found.pointer.startswith("/")


TIED = "nothing says how many days lie between randomisation and start of the product (day 1)"


@pytest.mark.parametrize(
    ("design", "visit"),
    [
        ({"randomisations": [{"id": "R1", "at": "BL"}]}, {"anchor": "randomisation", "activities": []}),
        ({"randomisations": [{"id": "R1"}]}, {"anchor": "randomisation", "activities": ["RAND"]}),
        ({"randomisations": [{"id": "R1", "at": "BL"}]}, {"anchor": "SCR", "activities": ["RAND"]}),
    ],
    ids=["named_by_the_randomisation", "by_its_activity", "by_way_of_another_visit"],
)
def test_randomisation_at_a_visit_that_counts_from_it_lacks_a_tie_to_the_first_day(design: Any, visit: Any) -> None:
    """There is a visit of randomisation; what is missing is how it lies to the day that study days count from."""
    top = small(
        design={**design, "epochs": [{"id": "P1", "duration": "16 wk"}, {"id": "P2", "duration": "16 wk"}]},
        schedule={
            "day_one": "start",
            "anchors": [
                {"id": "randomisation", "kind": "randomisation"},
                {"id": "start", "kind": "period_start", "text": "start of the product", "repeats": ["P1", "P2"]},
            ],
            "activities": [{"id": "RAND", "serves": ["R1"]}],
            "visits": [
                {"id": "SCR", "anchor": "randomisation", "offset": "-21 d"}, {"id": "BL", "offset": "0 d", **visit},
            ],
        },
    )  # fmt: skip
    assert why(top["schedule"]["visits"][0], Anchors(top)).reason.startswith(TIED)


def test_what_happens_once_is_expected_from_the_first_of_what_comes_back() -> None:
    """A randomisation that is expected a week before the periods is one, before the first of them."""
    top = small(
        design={"epochs": [{"id": "P1", "duration": "16 wk"}, {"id": "P2", "duration": "16 wk"}]},
        schedule={
            "day_one": "start",
            "anchors": [
                {"id": "randomisation", "kind": "randomisation", "expected": {"anchor": "start", "offset": "-7 d"}},
                {"id": "start", "kind": "period_start", "repeats": ["P1", "P2"]},
            ],
        },
    )
    assert Anchors(top).offsets("randomisation") == (-7,)


def test_cycles_of_a_known_number_end_on_a_known_day() -> None:
    """Six cycles of 21 days with doses on days 1 and 8 of each end on offset 5 x 21 + 7 = 112."""
    top = small(
        arms=[{"id": "A", "epochs": [{"epoch": "T", "interventions": ["D"]}]}],
        interventions=[{
            "id": "D",
            "regimen": {
                "repeats": {"every": "21 d", "times": 6}, "steps": [{"when": "days", "days": ["0 d", "7 d"]}],
            },
        }],
    )  # fmt: skip
    (found,) = exposures(top)
    assert (number(found.first), number(found.last)) == (0, 112)
    assert [node["id"].text for node in interventions_of(top["arms"][0])] == ["D"]


def test_months_are_never_converted() -> None:
    """A washout of a month has a length, but no number of days."""
    top = small(population={"washouts": [{"drug": "X", "duration": "1 mo"}, {"drug": "Y"}]})
    reasons = [number(row.needed) for row in own_washouts(top)]
    assert reasons == ["1 mo has no fixed number of days", "no duration is stated"]
    assert [row.enough for row in own_washouts(top)] == [None, None]


def test_visits_of_different_arms_do_not_overlap() -> None:
    """Two windows on the same days concern nobody where no participant has both visits."""
    window = {"before": "3 d", "after": "3 d"}
    base = {"anchor": "first_dose", "window": window}
    visits = [
        {"id": "A", **base, "offset": "7 d", "arms": ["X"]}, {"id": "B", **base, "offset": "9 d", "arms": ["Y"]},
        {"id": "C", **base, "offset": "13 d", "cohorts": ["OLD"]}, {"id": "D", "anchor": "first_dose", "offset": "8 d"},
    ]  # fmt: skip
    table = timetable(small(schedule={"anchors": [{"id": "first_dose", "kind": "first_dose"}], "visits": visits}))
    assert [window.visit["id"].text for window in windows(table)] == ["A", "B", "C"]
    assert [(o.first.visit["id"].text, o.second.visit["id"].text, o.days) for o in overlaps(table)] == [
        ("A", "C", 1), ("B", "C", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, 7, "x", [], [7, None], {"a": 1}])
def test_nothing_breaks_on_any_value(value: Any) -> None:
    """Whatever stands where a protocol should, nothing is placed and nothing crashes."""
    keys = ("design", "arms", "interventions", "schedule", "population")
    for key in keys:
        top = small(**{key: value})
        assert isinstance(participation(top), NotPlaced)
        assert period_washouts(top) == ()
        assert all(isinstance(row.needed, NotPlaced) for row in own_washouts(top))
        assert all(isinstance(row.first, NotPlaced) for row in exposures(top))
