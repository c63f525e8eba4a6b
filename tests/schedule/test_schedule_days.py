"""Study days, anchors and visits are placed in time by what the file says, and by nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.schedule import Anchors, days, study_day, timetable

DAYS = [
    ("12 wk", Decimal(84)),
    ("-1 d", Decimal(-1)),
    ("36 h", Decimal("1.5")),
    ("2 mo", None),
    ("5 mg", None),
    ("soon", None),
    (7, None),
    (None, None),
]


@pytest.mark.parametrize(("value", "wanted"), DAYS)
def test_offsets_are_days_where_they_have_a_fixed_length(value: Any, wanted: Decimal | None) -> None:
    """Months have no fixed number of days; what is no time is no offset."""
    assert days(value) == wanted


STUDY_DAYS = [
    ("0 d", 1, 0),
    ("12 wk", 85, 84),
    ("-1 d", -1, -1),
    ("-3 wk", -21, -21),
    ("36 h", 2, 1),
    ("23 h", 1, 0),
    ("24 h", 2, 1),
    ("-30 min", 1, 0),
    ("-11 h", 1, 0),
    ("-12 h", -1, -1),
    ("-24 h", -1, -1),
    ("-36 h", -2, -2),
]


@pytest.mark.parametrize(("offset", "cdisc", "zero"), STUDY_DAYS)
def test_there_is_no_day_0_unless_the_file_counts_from_0(offset: str, cdisc: int, zero: int) -> None:
    """The day of the anchor is Day 1 and the day before it Day -1; week 12 is Day 85."""
    found = days(offset)
    assert found is not None
    assert (study_day(found), study_day(found, "zero")) == (cdisc, zero)


AROUND = [
    ("-10 min", "42 d", 43, 42), ("-10 min", "24 h", 2, 1), ("-10 min", "3 d", 4, 3), ("-10 min", "0 d", 1, 0),
    ("-10 min", "-1 d", -1, -1), ("23 h", "6 wk", 43, 42), ("23 h", "2 h", 2, 1), ("36 h", "1 d", 3, 2),
    ("36 h", "12 h", 3, 2), ("-30 min", "36 h", 2, 1), ("-36 h", "2 d", 1, 0),
]  # fmt: skip


@pytest.mark.parametrize(("event", "offset", "cdisc", "zero"), AROUND)
def test_days_after_an_event_count_from_its_day_and_hours_from_its_hour(
    event: str, offset: str, cdisc: int, zero: int
) -> None:
    """Ten minutes between a birth and the first dose do not move the day that is 42 days after the birth."""
    visits = [*VISITS, {"id": "V", "epoch": "P2", "anchor": "birth", "offset": offset}]
    for rule, wanted in (("CDISC", cdisc), ("zero", zero)):
        data = trial(visits=visits, day_numbering=rule)
        data["schedule"]["anchors"].append(
            {"id": "birth", "kind": "event", "expected": {"anchor": "first", "offset": event}}
        )
        stop = timetable(Document("x", data).root).stop("V")
        assert stop is not None
        assert [moment.day for moment in stop.moments] == [wanted]


def test_daily_doses_from_an_event_end_on_a_whole_day() -> None:
    """Doses on ten days from a birth ten minutes before Day 1 end on Day 10."""
    data = trial(visits=VISITS)
    data["schedule"]["anchors"].append(
        {"id": "birth", "kind": "event", "expected": {"anchor": "first", "offset": "-10 min"}}
    )
    data["interventions"][0]["regimen"]["anchor"] = "birth"
    assert list(Anchors(Document("x", data).root).offsets("last")) == [9]


def trial(**schedule: Any) -> dict[str, Any]:
    """Return a small trial with two periods, a ten-day regimen and a schedule."""
    return {
        "design": {
            "epochs": [
                {"id": "SCREEN", "type": "screening"},
                {"id": "P1", "duration": "4 wk"},
                {"id": "WO", "duration": "2 wk"},
                {"id": "P2", "duration": "4 wk"},
            ],
            "randomisations": [{"id": "R1", "at": "BL"}],
        },
        "interventions": [{"id": "A", "regimen": {"steps": [{"dose": "1 mg", "from": "0 d", "to": "9 d"}]}}],
        "schedule": {
            "anchors": [
                {"id": "consent", "kind": "consent"},
                {"id": "rand", "kind": "randomisation"},
                {"id": "first", "kind": "first_dose"},
                {"id": "last", "kind": "last_dose"},
                {"id": "period", "kind": "period_start", "repeats": ["P1", "P2"]},
                {"id": "cycle", "kind": "cycle_start", "repeats": {"every": "28 d", "from_cycle": 2}},
                {"id": "relapse", "kind": "event"},
            ],
            "activities": [{"id": "ICF", "serves": ["consent"]}],
            **schedule,
        },
    }


VISITS = [
    {"id": "SCR", "epoch": "SCREEN", "anchor": "first", "offset": "-2 wk", "activities": ["ICF"]},
    {"id": "BL", "epoch": "SCREEN", "anchor": "first", "offset": "-1 d"},
]
ANCHORS = [
    ("first", [0]), ("consent", [-14]), ("rand", [-1]), ("last", [9]), ("period", [0, 42]), ("cycle", [28]),
    ("relapse", []), ("BL", [-1]), ("nowhere", []), (7, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wanted"), ANCHORS)
def test_anchors_lie_where_the_file_puts_them(name: Any, wanted: list[int]) -> None:
    """Consent and randomisation fall on their visits, the last dose on the last day of the regimen."""
    anchors = Anchors(Document("x", trial(visits=VISITS)).root)
    assert list(anchors.offsets(name)) == wanted


def test_a_treatment_without_a_planned_end_has_no_last_day() -> None:
    """Treatment until progression ends on no planned day."""
    data = trial(visits=VISITS)
    data["interventions"][0]["regimen"]["steps"] = [{"dose": "1 mg", "from": "0 d", "until": {"event": "progression"}}]
    assert Anchors(Document("x", data).root).offsets("last") == ()


EXPECTED = [
    ({"anchor": "first", "offset": "16 wk"}, 112), ({"anchor": "first", "offset": "-26 wk"}, -182), ("first", 0),
    ({"anchor": "BL", "offset": "2 d"}, 1), ({"event": "an operation"}, None),
    ({"anchor": "first", "offset": "4 mo"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("time", "day"), EXPECTED)
def test_an_event_lies_where_it_is_expected(time: Any, day: int | None) -> None:
    """An event with an expected time has that, a second randomisation too; what counts from it says `expected`."""
    data = trial(visits=[*VISITS, {"id": "V", "epoch": "P2", "anchor": "again", "offset": "7 d"}])
    data["schedule"]["anchors"].append({"id": "again", "kind": "randomisation", "expected": time})
    root = Document("x", data).root
    anchors = Anchors(root)
    # without a day of its own, a second randomisation falls on that of the first
    assert list(anchors.offsets("again")) == [-1 if day is None else day]
    stops = {stop.visit["id"].text: stop.expected for stop in timetable(root).stops}
    assert stops == {"SCR": False, "BL": False, "V": True}


def test_expected_times_in_a_circle_place_nothing() -> None:
    """Two events that are expected after each other have no day."""
    data = trial(visits=VISITS)
    data["schedule"]["anchors"] += [
        {"id": "A", "kind": "event", "expected": {"anchor": "B", "offset": "1 d"}},
        {"id": "B", "kind": "event", "expected": {"anchor": "A", "offset": "1 d"}},
    ]
    assert Anchors(Document("x", data).root).offsets("A") == ()


BESIDE = [
    ("experimental", 19), ("active_comparator", 19), ("additional_required_treatment", 9), ("background_treatment", 9),
    ("rescue_medicine", 9),
]  # fmt: skip


@pytest.mark.parametrize(("role", "last"), BESIDE)
def test_the_last_dose_is_that_of_what_is_studied(role: str, last: int) -> None:
    """What goes along with the treatment does not move its last dose."""
    data = trial(visits=VISITS)
    regimen = {"steps": [{"dose": "1 mg", "from": "0 d", "to": "19 d"}]}
    data["interventions"].append({"id": "B", "role": role, "regimen": regimen})
    assert list(Anchors(Document("x", data).root).offsets("last")) == [last]


@pytest.mark.parametrize(("kinds", "last"), [(("vaccine", "vaccine"), 19), (("drug", "vaccine"), 9)])
def test_a_vaccine_beside_one_that_is_studied_counts(kinds: tuple[str, str], last: int) -> None:
    """Arms get both; one that is required before a medicine, such as one against meningococci, ends no treatment."""
    data = trial(visits=VISITS)
    regimen = {"steps": [{"dose": "1 mg", "from": "0 d", "to": "19 d"}]}
    data["interventions"] = [{**each, "kind": kinds[0]} for each in data["interventions"]]
    more = {"id": "B", "kind": kinds[1], "role": "additional_required_treatment", "regimen": regimen}
    data["interventions"].append(more)
    assert list(Anchors(Document("x", data).root).offsets("last")) == [last]


def test_visits_to_a_cluster_are_none_of_participants() -> None:
    """The timetable holds all visits, and tells those that participants have."""
    ward = {"id": "WARD", "level": "cluster", "epoch": "P1", "anchor": "first", "offset": "0 d"}
    table = timetable(Document("x", trial(visits=[*VISITS, ward])).root)
    assert [stop.visit["id"].text for stop in table.stops] == ["SCR", "BL", "WARD"]
    assert [stop.visit["id"].text for stop in table.of_participants] == ["SCR", "BL"]


def test_visits_that_hang_on_each_other_have_no_day() -> None:
    """A circle of anchors places nothing and does not go on for ever."""
    visits = [{"id": "A", "anchor": "B", "offset": "1 d"}, {"id": "B", "anchor": "A", "offset": "1 d"}]
    assert Anchors(Document("x", trial(visits=visits)).root).offsets("A") == ()


def test_visits_stand_in_the_order_of_epochs_and_dates() -> None:
    """Lists of offsets are one visit on several days; visits without a day of their own stand last."""
    visits = [
        {"id": "END", "epoch": "P1", "anchor": "first", "offset": "4 wk"},
        {"id": "ET", "kind": "early_termination", "epoch": "P1", "anchor": "relapse", "offset": "7 d"},
        {"id": "DOSE", "epoch": "P1", "anchor": "first", "offsets": ["0 d", "1 d", "7 d"]},
        {"id": "PER", "epochs": ["P1", "P2"], "anchor": "period", "offset": "1 wk"},
        *VISITS,
    ]
    table = timetable(Document("x", trial(visits=visits)).root)
    assert [stop.visit["id"].text for stop in table.stops] == ["SCR", "BL", "DOSE", "PER", "END", "ET"]
    placed = {stop.visit["id"].text: [moment.day for moment in stop.moments] for stop in table.stops}
    assert placed == {"SCR": [-14], "BL": [-1], "DOSE": [1, 2, 8], "PER": [8, 50], "END": [29], "ET": []}


def test_time_points_of_a_visit_go_before_those_of_its_activity() -> None:
    """An activity may have time points of its own, and others at one visit."""
    own, special = [{"offset": "1 h"}], [{"offset": "2 h"}]
    data = trial(visits=[{"id": "V", "activities": ["PK", {"id": "ECG", "timepoints": special}, "GONE"]}])
    data["schedule"]["activities"] = [{"id": "PK", "timepoints": own}, {"id": "ECG", "timepoints": own}]
    stop = timetable(Document("x", data).root).stops[0]
    found = {planned.activity["id"].text: [t["offset"].text for t in planned.timepoints] for planned in stop.planned}
    assert found == {"PK": ["1 h"], "ECG": ["2 h"]}


@pytest.mark.parametrize("schedule", [7, [], "x", {"visits": 7}, {"visits": [7, None, {}]}, {"anchors": [["x"]]}])
def test_a_schedule_that_is_none_gives_no_dates(schedule: Any) -> None:
    """Whatever stands where a schedule should, nothing breaks."""
    table = timetable(Document("x", {"schedule": schedule, "design": [], "interventions": 7}).root)
    assert all(not stop.moments for stop in table.stops)


PERIOD_VISITS = [
    ({"epoch": "SCREEN", "offset": "-14 d"}, [-14]),  # before all periods: once, before the first
    ({"epoch": "P1", "offset": "0 d"}, [0]),
    ({"epoch": "P2", "offset": "0 d"}, [42]),
    ({"epochs": ["P1", "P2"], "offset": "14 d"}, [14, 56]),
    ({"epoch": "WO", "offset": "35 d"}, [35]),  # a washout counts from the period before it
    ({"offset": "7 d"}, [7, 49]),
]


@pytest.mark.parametrize("day_one", ["first", "period"])
@pytest.mark.parametrize(("keys", "wanted"), PERIOD_VISITS)
def test_a_visit_counts_from_the_periods_of_its_epochs(keys: dict[str, Any], wanted: list[int], day_one: str) -> None:
    """An anchor that comes back with the periods gives each visit those of its own epochs, also as the first day."""
    data = trial(visits=[*VISITS, {"id": "V", "anchor": "period", **keys}], day_one=day_one)
    assert list(Anchors(Document("x", data).root).offsets("V")) == wanted
