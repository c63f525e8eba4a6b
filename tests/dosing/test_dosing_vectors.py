"""Doses recomputed by hand: published regimens and the order compute, cap, round, re-check the cap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocolkit.document import Document, Node
from protocolkit.dosing import (
    Body,
    NotComputable,
    body_surface,
    course,
    dose_table,
    reference_surfaces,
    reference_weights,
)


def _node(intervention: dict[str, Any], **more: Any) -> Node:
    return Document("x", {"interventions": [intervention], **more}).root["interventions"][0]


def _drug(*steps: dict[str, Any], **product: str) -> Node:
    return _node({"id": "D", "product": product, "regimen": {"steps": list(steps)}})


def _at(node: Node, kilograms: str) -> tuple[str, str, int]:
    found = course(node, Body(Decimal(kilograms)))
    return f"{found.largest.normalize():f}", f"{found.cumulative.normalize():f}", found.number


FIVE_DAYS = ["0 d", "1 d", "2 d", "3 d", "4 d"]
TEN_DAYS = [*FIVE_DAYS, "7 d", "8 d", "9 d", "10 d", "11 d"]
CAPPED = {"dose": "0.5 mg/kg", "duration": "4 h", "max_per_administration": "50 mg", "when": "days", "days": FIVE_DAYS}
RATE = {"dose": "0.35 mg/kg/h", "duration": "4 h", "max_rate": "25 mg/h", "when": "days", "days": TEN_DAYS}
MAGNESIUM = {"dose": "70 mg/kg", "duration": "4 h", "when": "days", "days": FIVE_DAYS}


@pytest.mark.parametrize(
    ("step", "weight", "each", "total"),
    [
        (CAPPED, "50", "25", "125"),
        (CAPPED, "70", "35", "175"),
        (CAPPED, "100", "50", "250"),
        (CAPPED, "130", "50", "250"),
        (RATE, "50", "70", "700"),
        (RATE, "70", "98", "980"),
        (RATE, "100", "100", "1000"),
        (MAGNESIUM, "50", "3500", "17500"),
        (MAGNESIUM, "70", "4900", "24500"),
        (MAGNESIUM, "100", "7000", "35000"),
    ],
)
def test_doses_per_weight_with_and_without_caps(step: dict[str, Any], weight: str, each: str, total: str) -> None:
    """A dose per weight is computed and capped per administration, and adds up over the listed days."""
    assert _at(_drug(step), weight)[:2] == (each, total)


def test_a_titration_adds_up_over_its_steps() -> None:
    """Memantine 5 to 20 mg a day in weekly steps over 16 weeks: 217 administrations, 2,030 mg.

    Week 3 is 5 mg and 10 mg a day, two steps on the same days.
    """
    node = _drug(
        {"dose": "5 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "6 d"},
        {"dose": "5 mg", "when": "course", "frequency": "BID", "from": "7 d", "to": "13 d"},
        {"dose": "5 mg", "when": "course", "frequency": "QD", "from": "14 d", "to": "20 d"},
        {"dose": "10 mg", "when": "course", "frequency": "QD", "from": "14 d", "to": "20 d"},
        {"dose": "10 mg", "when": "course", "frequency": "BID", "from": "3 wk", "to": "111 d"},
    )
    found = course(node, Body())
    assert (found.number, found.cumulative, found.per_day, found.last_day) == (217, 2030, 20, 111)
    assert (found.smallest, found.largest) == (5, 10)


def test_a_bolus_and_an_infusion_add_up() -> None:
    """A bolus and the infusion after it are two steps of one day."""
    node = _drug(
        {"dose": "0.1 mg/kg", "when": "once", "from": "0 d"},
        {"dose": "0.2 mg/kg/h", "duration": "90 min", "when": "once", "from": "0 d"},
    )
    found = course(node, Body(Decimal(70)))
    assert (found.number, found.per_day) == (2, Decimal("28.0"))


@pytest.mark.parametrize(
    ("rounding", "weight", "each"),
    [
        ({"quantity": "rate", "to": "0.1 mg/h", "method": "half_up"}, "47", "66"),
        ({"quantity": "rate", "to": "1 mg/h", "method": "up"}, "70", "100"),
        ({"quantity": "rate", "to": "10 mg/h", "method": "up"}, "70", "80"),
        ({"quantity": "volume_rate", "to": "1 mL/h", "method": "down"}, "70", "96"),
        ({"quantity": "dose", "to": "5 mg", "method": "half_even"}, "70", "100"),
    ],
)
def test_rounding_comes_after_the_cap_and_never_breaks_it(rounding: dict[str, str], weight: str, each: str) -> None:
    """What is rounded is rounded in its own unit; a result above the cap goes down to the last step below it."""
    node = _drug({**RATE, "rounding": rounding}, final_concentration="1 mg/mL")
    assert _at(node, weight)[0] == each


def test_a_dose_per_surface_names_its_formula() -> None:
    """Mosteller and DuBois give the published surfaces for 70 kg and 175 cm."""
    assert round(body_surface("Mosteller", Decimal(70), Decimal(175)), 4) == Decimal("1.8447")
    assert round(body_surface("DuBois", Decimal(70), Decimal(175)), 4) == Decimal("1.8481")
    with pytest.raises(ValueError, match="no formula"):
        body_surface("Haycock", Decimal(70), Decimal(175))
    node = _drug({"dose": "80 mg/m2", "when": "once"})
    assert course(node, Body(surface=Decimal("1.5"))).cumulative == 120


def test_a_daily_dose_is_parted_into_its_administrations() -> None:
    """20 mg a day in two administrations is 10 mg each."""
    node = _drug({"dose": "20 mg/d", "frequency": "BID", "when": "course", "from": "0 d", "to": "1 d"})
    found = course(node, Body())
    assert (found.number, found.largest, found.cumulative) == (4, 10, 40)


@pytest.mark.parametrize(
    ("frequency", "to", "number"),
    [("EVERY WEEK", "28 d", 5), ("QOD", "6 d", 4), ("2 TIMES PER WEEK", "13 d", 4), ("EVERY 2 WEEKS", "27 d", 2)],
)
def test_a_frequency_below_one_a_day_is_spread(frequency: str, to: str, number: int) -> None:
    """The first day counts, the last day is included, and no day after it is."""
    node = _drug({"dose": "1 mg", "frequency": frequency, "when": "course", "from": "0 d", "to": to})
    assert course(node, Body()).number == number


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"when": "once"}, "the dose is not stated"),
        ({"dose": "5 mg", "frequency": "PRN", "when": "course", "from": "0 d", "to": "5 d"}, "does not say how many"),
        ({"dose": "5 mg", "frequency": "QD", "when": "course", "from": "0 d", "until": {"event": "progression"}},
         "depends on progression"),
        ({"dose": "5 mg", "when": "course", "from": "0 d", "to": "5 d"}, "the frequency is not stated"),
        ({"dose": "1 mg/kg/h", "when": "once"}, "the duration is not stated"),
        ({"dose": "5 mg.min/mL", "when": "once"}, "follows from the clearance of each participant"),
        ({"dose": "5 mg", "rounding": {"quantity": "volume", "to": "1 mL", "method": "up"}, "when": "once"},
         "the concentration is not stated"),
        ({"dose": "5 mg", "frequency": "QD", "when": "course", "from": "0 d", "to": "2 mo"}, "does not fall on a day"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_no_row_is_given(step: dict[str, Any], reason: str) -> None:
    """A table is not printed while an input is missing; the reason names it and points at it."""
    found = dose_table(_drug(step))
    assert not found.rows
    assert reason in found.missing[0].reason
    assert found.missing[0].pointer.startswith("/interventions/0")


def test_reference_weights_stay_within_the_protocol() -> None:
    """50, 70 and 100 kg and the protocol's own limits, and children's weights where children take part."""
    limits = {"scaling": {"range": {"min": "45 kg", "max": "95 kg"}}}
    assert reference_weights(_drug({**RATE, **limits})) == [45, 50, 70, 95]
    child = _node({"regimen": {"steps": [RATE]}}, population={"age": {"min": "12 a"}})
    assert reference_weights(child) == [10, 20, 30, 50, 70, 100]


@pytest.mark.parametrize(
    ("age", "bands", "weights"),
    [
        ({"min": "0 d", "max": "12 mo"}, [], [10]),
        ({"min": "2 a", "max": "11 a"}, [], [10, 20, 30]),
        ({"min": "9 a", "max": "14 a"}, [], [10, 20, 30, 50, 70]),
        ({"min": "0 d", "max": "12 mo"}, [{"max": "5 kg", "max_inclusive": False}, {"min": "5 kg"}], ["4.9", 5]),
        ({"min": "6 mo", "max": "5 a"}, [{"max": "15 kg", "max_inclusive": False}, {"min": "15 kg"}], [10, 15]),
        ({"min": "18 a"}, [{"max": "60 kg", "max_inclusive": False}, {"min": "60 kg"}], [50, 60, 70, 100]),
        ({"min": "18 a"}, [{"max": "40 kg", "max_inclusive": False}, {"min": "40 kg"}], ["39.9", 40, 50, 70, 100]),
    ],
)
def test_reference_weights_are_those_that_the_population_can_have(
    age: dict[str, str], bands: list[dict[str, Any]], weights: list[Any]
) -> None:
    """Where nobody grown up takes part no adult's weight is computed, and each band has a weight in it."""
    steps = [{**RATE, "band": band} for band in bands] or [RATE]
    found = reference_weights(_node({"regimen": {"steps": steps}}, population={"age": age}))
    assert found == [Decimal(weight) for weight in weights]


@pytest.mark.parametrize(
    ("age", "scaling", "surfaces"),
    [
        ({"min": "18 a"}, {}, "1.5 1.75 2.0"),
        ({"min": "18 a"}, {"cap": "1.8 m2"}, "1.5 1.75 1.8"),
        ({"min": "1 a", "max": "6 a"}, {"range": {"min": "0.40 m2", "max": "1.2 m2"}}, "0.40 0.5 0.75 1.0 1.2"),
        ({"min": "1 a", "max": "16 a"}, {"range": {"max": "2.2 m2"}}, "0.5 0.75 1.0 1.5 1.75 2.2"),
        ({"min": "1 a", "max": "6 a"}, {"range": {"max": "0.4 m2"}}, "0.4"),
    ],
)
def test_reference_surfaces_are_those_that_the_population_can_have(
    age: dict[str, str], scaling: dict[str, Any], surfaces: str
) -> None:
    """Children have surfaces of children, the ends of the range belong to them, and beyond a cap no dose rises."""
    steps = [{"dose": "60 mg/m2", "scaling": scaling}]
    found = reference_surfaces(_node({"regimen": {"steps": steps}}, population={"age": age}))
    assert found == [Decimal(surface) for surface in surfaces.split()]
    rows = dose_table(_node({"regimen": {"steps": steps}}, population={"age": age})).rows
    assert [row.at for row in rows] == [f"{surface} m2" for surface in surfaces.split()]


def test_a_stated_surface_is_computed() -> None:
    """A size for which the file expects a dose has a row of its own."""
    regimen = {"steps": [{"dose": "60 mg/m2"}], "derived": [{"weight": "1.6 m2"}]}
    assert Decimal("1.6") in reference_surfaces(_node({"regimen": regimen}))


def test_levels_are_alternatives() -> None:
    """Steps with different levels are alternatives: a row a level, and nothing is added across levels."""
    steps = [{"level": level, "dose": dose, "when": "once"} for level, dose in (("L1", "10 mg"), ("L2", "20 mg"))]
    rows = dose_table(_drug(*steps)).rows
    assert [(row.at, row.cumulative.text) for row in rows] == [("level L1", "10 mg"), ("level L2", "20 mg")]


def test_a_weight_outside_the_range_is_dosed_at_the_limit_or_not_at_all() -> None:
    """`outside` decides what happens beyond the stated range of weights."""
    scaling = {"range": {"max": "90 kg"}, "outside": "dose_at_limit"}
    assert _at(_drug({**CAPPED, "scaling": scaling}), "120")[0] == "45"
    with pytest.raises(NotComputable, match="nobody takes part"):
        _at(_drug({**CAPPED, "scaling": {**scaling, "outside": "not_eligible"}}), "120")


_DOSES = st.decimals(min_value="0.01", max_value="50", places=2)
_WEIGHTS = st.decimals(min_value="3", max_value="250", places=1)
_CAPS = st.decimals(min_value="0.5", max_value="500", places=1)
_ROUNDINGS = st.builds(
    lambda grain, method: {"quantity": "dose", "to": f"{grain} mg", "method": method},
    st.decimals(min_value="0.1", max_value="10", places=1),
    st.sampled_from(["half_up", "half_even", "up", "down"]),
)


@given(dose=_DOSES, weights=st.lists(_WEIGHTS, min_size=2, max_size=6), cap=_CAPS, rounding=st.none() | _ROUNDINGS)
def test_doses_never_exceed_a_cap_and_rise_with_weight(
    dose: Decimal, weights: list[Decimal], cap: Decimal, rounding: dict[str, str] | None
) -> None:
    """Whatever is rounded in whichever way, no administration is above its cap, and a heavier body never gets less."""
    step = {"dose": f"{dose} mg/kg", "when": "once", "max_per_administration": f"{cap} mg"}
    node = _drug({**step, **({"rounding": rounding} if rounding else {})})
    given_to = [course(node, Body(weight)).largest for weight in sorted(weights)]
    assert all(value <= cap for value in given_to)
    assert given_to == sorted(given_to)


@pytest.mark.parametrize(
    ("step", "weight", "largest"),
    [
        ({"dose": "1000 mg", "max_per_administration": "15 mg/kg"}, "50", "750"),
        ({"dose": "1000 mg", "max_per_administration": "15 mg/kg"}, "100", "1000"),
        ({"dose": "1 g", "max_per_administration": "15 mg/kg"}, "50", "0.75"),
        ({"dose": "0.35 mg/kg/h", "duration": "4 h", "max_rate": "0.25 mg/kg/h"}, "60", "60"),
    ],
)
def test_a_cap_by_weight_is_that_of_the_weight(step: dict[str, str], weight: str, largest: str) -> None:
    """By hand: 15 mg/kg at 50 kg are 750 mg, and no cap for 1000 mg at 100 kg; 0.25 mg/kg/h x 60 kg x 4 h are 60 mg."""
    assert course(_drug({"when": "once", **step}), Body(Decimal(weight))).largest == Decimal(largest)


def test_a_cap_by_weight_needs_the_weight() -> None:
    """Without it nothing is computed, least of all a cap in milligrams; nor from a rate in its place."""
    step = {"dose": "1000 mg", "when": "once"}
    for cap, words in (("15 mg/kg", "the weight is not known"), ("15 mg/kg/h", "no amount of one administration")):
        with pytest.raises(NotComputable, match=words):
            course(_drug({**step, "max_per_administration": cap}), Body(Decimal(60) if "/h" in cap else None))


def test_an_infusion_over_days_counts_on_each_of_them() -> None:
    """A loading hour of 60 mg and 71 h at 3 mg/h: 129 mg in the first 24 h, and the last hour ends on day 3."""
    load = {"id": "A", "dose": "20 mg/kg", "duration": "60 min", "when": "once", "from": "0 h"}
    rest = {"id": "B", "dose": "1 mg/kg/h", "duration": "71 h", "when": "once", "from": "1 h"}
    found = course(_drug(load, rest), Body(Decimal(3)))
    assert [round(found.daily[day], 6) for day in sorted(found.daily)] == [129, 72, 72]
    assert round(found.per_day, 6) == 129
    assert (found.cumulative, round(found.last_day, 6)) == (273, 3)


def test_what_takes_no_more_than_a_day_counts_on_the_day_on_which_it_begins() -> None:
    """Days before the anchor are days as well."""
    early = {"id": "A", "dose": "10 mg", "duration": "4 h", "when": "days", "days": ["-1 d", "0 d"]}
    assert course(_drug(early), Body(Decimal(70))).daily == {-1: 10, 0: 10}
