"""Doses of cycles, crossover periods, bands of weight and cohorts, and the doses that the examples expect."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from protocolkit import api
from protocolkit.document import Document, Node
from protocolkit.dosing import Body, NotComputable, body_surface, course, cycles, differences, dose_table
from protocolkit.dosing.times import span

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "examples").glob("*.protocol.yaml"), *(ROOT / "tests" / "cases").glob("*/*.protocol.yaml")])


def _drug(*steps: dict[str, Any], product: dict[str, Any] | None = None, **regimen: Any) -> Node:
    data = {"id": "D", "product": product or {}, "regimen": {"steps": list(steps), **regimen}}
    return Document("x", {"interventions": [data]}).root["interventions"][0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".protocol.yaml"))
def test_the_doses_that_a_file_expects_are_the_computed_ones(path: Path) -> None:
    """Every value under `regimen.derived` of the examples follows from the steps."""
    for intervention in api.load(path).root["interventions"]:
        found = [(row.at.pointer, row.computed, row.reason) for row in differences(intervention)]
        assert found == [], intervention["id"].text


SIX = {"every": "21 d", "times": 6, "name": "cycle"}
ENDLESS = {"every": "21 d", "until": {"event": "progression"}}
DAYS_1_AND_8 = {"dose": "80 mg/m2", "when": "days", "days": ["0 d", "7 d"]}


def test_cycles_of_a_known_number_are_added_up() -> None:
    """Six cycles with 80 mg/m2 on days 1 and 8: twelve doses, 1680 mg at 1.75 m2, the last on offset 112."""
    found = course(_drug(DAYS_1_AND_8, repeats=SIX), Body(surface=Decimal("1.75")))
    assert (found.number, found.largest, found.cumulative, found.last_day) == (12, 140, 1680, 112)
    assert sorted(found.daily) == [0, 7, 21, 28, 42, 49, 63, 70, 84, 91, 105, 112]


def test_cycles_until_an_event_are_computed_one_by_one() -> None:
    """The course depends on progression; a table is one of one cycle and says so."""
    node = _drug(DAYS_1_AND_8, repeats=ENDLESS)
    with pytest.raises(NotComputable, match="the number of cycles depends on progression"):
        course(node, Body(surface=Decimal("1.5")))
    found = dose_table(node)
    assert found.span == "cycle"
    assert [(row.at, row.administrations, row.cumulative.text) for row in found.rows] == [
        ("1.5 m2", 2, "240 mg"), ("1.75 m2", 2, "280 mg"), ("2.0 m2", 2, "320 mg"),
    ]  # fmt: skip
    assert course(node, Body(surface=Decimal("1.5")), number=3).cumulative == 720


@pytest.mark.parametrize(
    ("repeats", "reason"),
    [
        ({"times": 3}, "the length of the cycle is not stated"),
        ({"every": "1 mo", "times": 3}, "1 mo does not fall on a day"),
        ({"every": "0 d", "times": 3}, "a cycle has no length"),
        ({"every": "7 d", "times": 3}, "day 7 lies beyond the cycle of 7 d"),
        ({"every": "21 d"}, "the number of cycles depends on an event"),
        ({"every": "21 d", "times": 90000}, "more than 100,000 administrations"),
    ],
)
def test_a_cycle_that_cannot_be_counted_says_why(repeats: dict[str, Any], reason: str) -> None:
    """Nothing is guessed about a cycle: neither its length, nor its number, nor where a late dose falls."""
    with pytest.raises(NotComputable, match=reason):
        course(_drug(DAYS_1_AND_8, repeats=repeats), Body(surface=Decimal(2)))


def test_a_cycle_is_told_as_it_is_stated() -> None:
    """Length, number, event and name; no cycle where the regimen does not repeat."""
    found = cycles(_drug(DAYS_1_AND_8, repeats=ENDLESS)["regimen"])
    assert found is not None
    assert (found.every, found.number, found.until, found.name) == (21, None, "progression", "cycle")
    assert cycles(_drug(DAYS_1_AND_8)["regimen"]) is None


FREE = {"when": "course", "frequency": "PRN", "from": "0 d", "to": "6 d", "at_discretion": "the clinician, by need"}


def test_a_dose_at_a_clinicians_discretion_is_not_computed() -> None:
    """Nothing is missing where a clinician decides: the reason says so, and the last day is that of the course."""
    found = dose_table(_drug(FREE))
    assert [reason.reason for reason in found.missing] == ["the dose is at the clinician's discretion"]
    assert span(_drug(FREE)["regimen"]) == (0, 6)


SECOND = {
    "id": "again",
    "kind": "event",
    "text": "second randomisation",
    "expected": {"anchor": "first_dose", "offset": "16 wk"},
}


@pytest.mark.parametrize(
    ("anchors", "time", "day"),
    [
        ([SECOND], {"anchor": "again", "offset": "2 d"}, 114),
        ([SECOND], "again", 112),
        ([{"id": "start", "kind": "first_dose"}], {"anchor": "start", "offset": "1 d"}, 1),
        ([SECOND, {"id": "third", "kind": "event", "expected": "again"}], "third", 112),
    ],
)
def test_a_step_counts_from_where_another_anchor_is_expected(anchors: list[Any], time: Any, day: int) -> None:
    """A step after a second randomisation is placed by the expected time of that."""
    step = {"dose": "10 mg", "when": "once", "from": time}
    top = {"interventions": [{"regimen": {"steps": [step]}}], "schedule": {"anchors": anchors}}
    assert span(Document("x", top).root["interventions"][0]["regimen"]) == (day, day)


def test_a_regimen_that_starts_at_its_own_anchor_starts_on_day_0() -> None:
    """A step that says again what the whole regimen counts from is no riddle; another anchor is told by its words."""
    anchors = [{"id": "adm", "kind": "event", "text": "admission"}, {"id": "dis", "kind": "event", "text": "discharge"}]
    steps = [{"dose": "10 mg", "when": "once", "from": "adm"}]
    top: dict[str, Any] = {
        "interventions": [{"regimen": {"anchor": "adm", "steps": steps}}],
        "schedule": {"anchors": anchors},
    }
    assert span(Document("x", top).root["interventions"][0]["regimen"]) == (0, 0)
    steps[0]["from"] = "dis"
    with pytest.raises(NotComputable, match="counts from discharge, whose day does not follow"):
        span(Document("x", top).root["interventions"][0]["regimen"])


def test_a_crossover_is_computed_for_one_period() -> None:
    """A regimen that counts from the start of a period gives the doses of a period, and the table says so."""
    root = api.load(ROOT / "examples" / "dextromethorphan-fm.protocol.yaml").root
    found = dose_table(root["interventions"].find("DXM_HI"))
    assert found.span == "period"
    assert [(row.administrations, row.cumulative.text, row.last_dose.text) for row in found.rows] == [
        (84, "2310 mg", "41 d")
    ]


LIGHT = {"dose": "100 mg", "when": "course", "frequency": "BID", "from": "0 d", "to": "6 d",
         "band": {"min": "10 kg", "max": "20 kg", "max_inclusive": False}}  # fmt: skip
HEAVY = {**LIGHT, "dose": "150 mg", "band": {"min": "20 kg"}}


def test_bands_of_weight_are_alternatives() -> None:
    """A child of 20 kg belongs to the upper band; the ends of bands are rows of the table."""
    node = _drug(LIGHT, HEAVY)
    amounts = [course(node, Body(Decimal(weight))).cumulative for weight in ("10", "19.9", "20", "45")]
    assert amounts == [1400, 1400, 2100, 2100]
    assert [row.at for row in dose_table(node).rows] == ["10 kg", "20 kg", "50 kg", "70 kg", "100 kg"]
    with pytest.raises(NotComputable, match="no step is meant for 9 kg"):
        course(node, Body(Decimal(9)))
    with pytest.raises(NotComputable, match="the weight is not known"):
        course(node, Body())


def test_weights_that_no_step_is_for_have_no_row() -> None:
    """Bands that begin at 15 kg leave out a reference weight of 10 kg and not the table; no step at all is a reason."""
    light = {**LIGHT, "band": {"min": "15 kg", "max": "20 kg", "max_inclusive": False}}
    root = {
        "population": {"age": {"min": "6 a", "max": "11 a"}},
        "interventions": [{"id": "D", "regimen": {"steps": [light, HEAVY]}}],
    }
    node = Document("x", root).root["interventions"][0]
    assert [row.at for row in dose_table(node).rows] == ["15 kg", "20 kg"]
    assert dose_table(node).missing == ()


def test_weights_that_may_not_enter_have_no_row() -> None:
    """Adolescents of at least 40 kg are no children of 10 kg, whatever their youngest age allows."""
    entry = [{"id": "I1", "text": "at least 40 kg", "measure": "body weight", "above": "40 kg", "inclusive": True}]
    step = {"dose": "1 mg/kg", "when": "once", "from": "0 d", "scaling": {"weight": "actual"}}
    root = {
        "population": {"age": {"min": "12 a"}, "inclusion": entry},
        "interventions": [{"id": "D", "regimen": {"steps": [step]}}],
    }
    rows = dose_table(Document("x", root).root["interventions"][0]).rows
    assert [row.at for row in rows] == ["50 kg", "70 kg", "100 kg"]


def test_a_course_that_ends_when_something_is_expected_says_so() -> None:
    """The common end of an event-driven trial has a planned day that nobody can promise."""
    anchors = [
        {"id": "first_dose", "kind": "first_dose"},
        {"id": "end", "kind": "study_end", "expected": {"anchor": "first_dose", "offset": "10 wk"}},
    ]
    step = {"dose": "50 mg", "when": "course", "frequency": "QD", "from": "0 d"}
    tables = []
    for end in ({"anchor": "end", "offset": "0 d"}, "end", "70 d"):
        interventions = [{"id": "D", "regimen": {"steps": [{**step, "to": end}]}}]
        document = Document("x", {"schedule": {"anchors": anchors}, "interventions": interventions})
        tables.append(dose_table(document.root["interventions"][0]))
    assert [table.expected for table in tables] == [True, True, False]
    assert {table.rows[0].administrations for table in tables} == {71}


def test_bands_that_share_an_end_are_not_added() -> None:
    """Where both bands hold a weight, nobody can tell which dose is meant."""
    node = _drug({**LIGHT, "band": {"min": "10 kg", "max": "20 kg"}}, HEAVY)
    with pytest.raises(NotComputable, match="one end of a band must be left out"):
        course(node, Body(Decimal(20)))


def test_cohorts_are_alternatives() -> None:
    """Each cohort that steps are for has a row; without a cohort nothing is computed."""
    node = _drug(
        {"dose": "25 ug", "when": "days", "days": ["0 d", "28 d"], "cohorts": ["YOUNG"]},
        {"dose": "50 ug", "when": "days", "days": ["0 d", "28 d"], "cohorts": ["OLD"]},
    )
    assert [(row.at, row.cumulative.text) for row in dose_table(node).rows] == [
        ("cohort YOUNG", "50 ug"), ("cohort OLD", "100 ug"),
    ]  # fmt: skip
    with pytest.raises(NotComputable, match="depends on the cohort"):
        course(node, Body())


def test_ages_are_alternatives() -> None:
    """Each age that steps are for has a row; without an age nothing is computed, and nothing is added up."""
    node = _drug(
        {"dose": "5 mg", "when": "days", "days": ["0 d", "1 d"], "age": {"min": "4 a", "max": "8 a"}},
        {"dose": "10 mg", "when": "days", "days": ["0 d", "1 d"], "age": {"min": "9 a"}},
        {"dose": "1 mg", "when": "days", "days": ["2 d"]},
    )
    assert [(row.at, row.cumulative.text) for row in dose_table(node).rows] == [
        ("age 4 a to 8 a", "11 mg"), ("age from 9 a", "21 mg"),
    ]  # fmt: skip
    with pytest.raises(NotComputable, match="depends on the age"):
        course(node, Body())


def test_a_band_for_all_ages_is_not_crossed_with_the_ages_of_another() -> None:
    """Where only the light are parted by age, the heavy have one row, without an age that they cannot have."""
    node = _drug(
        {"dose": "5 mg", "when": "once", "age": {"max": "5 mo"}, "band": {"max": "30 kg", "max_inclusive": False}},
        {"dose": "8 mg", "when": "once", "age": {"min": "6 mo"}, "band": {"max": "30 kg", "max_inclusive": False}},
        {"dose": "50 mg", "when": "once", "band": {"min": "30 kg"}},
    )
    rows = {row.at: row.cumulative.text for row in dose_table(node).rows}
    assert rows["30 kg"] == "50 mg"
    assert not any(at.startswith("age") and text == "50 mg" for at, text in rows.items())


def test_a_dose_split_over_the_day() -> None:
    """A daily dose of 10 mg/kg in two parts is 5 mg/kg each; the parts keep to the most per administration."""
    step = {"dose": "10 mg/kg/d", "when": "course", "frequency": "BID", "from": "0 d", "to": "9 d"}
    found = course(_drug(step), Body(Decimal(30)))
    assert (found.number, found.largest, found.per_day) == (20, 150, 300)
    capped = course(_drug({**step, "max_per_administration": "120 mg"}), Body(Decimal(30)))
    assert (capped.largest, capped.per_day) == (120, 240)


def test_times_of_day_agree_with_the_frequency() -> None:
    """Three times of day for a twice daily dose: neither of the two is taken."""
    step = {"dose": "5 mg", "when": "course", "frequency": "BID", "from": "0 d", "to": "1 d"}
    times = ["08:00", "14:00", "20:00"]
    with pytest.raises(NotComputable, match="3 times of day are stated, but BID is 2 a day"):
        course(_drug({**step, "times": times}), Body())
    with pytest.raises(NotComputable, match="more times of day"):
        course(_drug({**step, "frequency": "EVERY WEEK", "times": times}), Body())
    assert course(_drug({**step, "times": times[:2]}), Body()).number == 4
    assert course(_drug({"dose": "5 mg", "when": "days", "days": ["0 d"], "times": times}), Body()).number == 3


def test_a_frequency_that_is_no_whole_number_a_day_is_spread() -> None:
    """Every ten hours is 2.4 a day: 12 administrations in the five days from 0 d to 4 d."""
    step = {"dose": "5 mg", "when": "course", "frequency": "Q10H", "from": "0 d", "to": "4 d"}
    found = course(_drug(step), Body())
    assert (found.number, found.per_day) == (12, 15)
    with pytest.raises(NotComputable, match="how many administrations share"):
        course(_drug({**step, "dose": "12 mg/d"}), Body())


def test_a_dose_by_surface_from_weight_and_height() -> None:
    """80 kg and 180 cm make 2.0 m2 by Mosteller; a cap of 1.9 m2 comes before the dose."""
    surface = body_surface("Mosteller", Decimal(80), Decimal(180))
    step = {"dose": "75 mg/m2", "when": "once", "from": "0 d", "scaling": {"formula": "Mosteller"}}
    assert course(_drug(step), Body(surface=surface)).cumulative == 150
    capped = {**step, "scaling": {"formula": "Mosteller", "cap": "1.9 m2"}}
    assert course(_drug(capped), Body(surface=surface)).cumulative == Decimal("142.5")


QD = {"dose": "5 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "9 d"}
EXPECTED = [
    ({"administrations": 10, "per_administration": "5 mg", "per_day": "5 mg/d", "cumulative": "0.05 g"}, []),
    ({"administrations": 9}, ["10"]),
    ({"cumulative": "45 mg"}, ["50 mg"]),
    ({"cumulative": "45 mL"}, ["50 mg"]),
    ({"last_dose": "10 d"}, ["9 d"]),
    ({"tablets": 10}, []),
    ({"tablets": 9}, ["10"]),
    ({"tablets": 12, "dummy_tablets": 2}, []),
    ({"capsules": 10}, []),
]


@pytest.mark.parametrize(("derived", "computed"), EXPECTED)
def test_a_difference_tells_what_follows(derived: dict[str, Any], computed: list[str]) -> None:
    """An expected value in another unit is compared; a wrong one is told with the value that follows."""
    node = _drug(QD, product={"strength": "5 mg"}, derived=[derived])
    assert [row.computed for row in differences(node)] == computed


def test_pieces_follow_from_strengths_only() -> None:
    """Halves of a tablet, and several strengths without one that fits, leave the number of pieces open."""
    for strengths in (["10 mg"], ["2 mg", "3 mg"], ["5 mL"]):
        node = _drug(QD, product={"strengths": strengths}, derived=[{"tablets": 10}])
        (found,) = differences(node)
        assert found.computed is None
    assert differences(_drug(QD, product={"strength": "2.5 mg"}, derived=[{"tablets": 20}])) == ()


def test_what_cannot_be_computed_is_a_difference_with_its_reason() -> None:
    """An expected dose of a course that depends on an event is never confirmed by silence."""
    node = _drug({**QD, "to": {"event": "relapse"}}, derived=[{"administrations": 10}])
    (found,) = differences(node)
    assert (found.computed, found.reason) == (None, "the time depends on relapse")


TAPER = {"steps": [{"dose": "20 mg", "when": "course", "frequency": "QD", "from": "130 d", "to": "136 d"}]}


def test_the_steps_of_a_taper_are_doses() -> None:
    """Seven days of 20 mg after 84 of 40 mg: 91 doses, 3500 mg, the last on offset 90."""
    steps = {"dose": "20 mg", "when": "course", "frequency": "QD", "from": "84 d", "to": "90 d"}
    node = _drug(
        {"dose": "40 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "83 d"}, taper={"steps": [steps]}
    )
    found = course(node, Body())
    assert (found.number, found.cumulative, found.last_day) == (91, 3500, 90)
    assert span(node["regimen"]) == (0, 90)


def test_a_taper_comes_once_after_the_cycles() -> None:
    """Its days count from the start of the regimen, as those of the first cycle do."""
    node = _drug({"dose": "80 mg", "when": "days", "days": ["0 d", "7 d"]}, repeats=SIX, taper=TAPER)
    found = course(node, Body())
    assert (found.number, found.cumulative, found.last_day) == (19, 1100, 136)
    assert span(node["regimen"]) == (0, 136)
    assert span(_drug({"dose": "80 mg", "when": "days", "days": ["0 d", "7 d"]}, repeats=SIX)["regimen"]) == (0, 112)
