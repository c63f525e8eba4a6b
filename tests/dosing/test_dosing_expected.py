"""Expected doses beside computed ones: several amounts in a course, and amounts that no decimal ends."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.dosing import differences

LOAD = {"id": "LOAD", "dose": "40 ug", "when": "once", "from": "0 d"}
REST = {"id": "REST", "dose": "128 ug", "when": "once", "from": "1 d"}
THIRDS = {"id": "S", "dose": "100 mg/d", "when": "course", "frequency": "TID", "from": "0 d", "to": "0 d"}


def _told(steps: list[dict[str, Any]], **row: str) -> list[str | None]:
    drug = {"id": "X", "kind": "drug", "regimen": {"steps": steps, "derived": [row]}}
    (node,) = Document("x", {"interventions": [drug]}).root["interventions"]
    return [each.computed for each in differences(node)]


@pytest.mark.parametrize(
    ("stated", "told"), [("40 ug", []), ("128 ug", []), ("60 ug", ["40 µg to 128 µg"]), ("200 ug", ["40 µg to 128 µg"])]
)
def test_an_expected_administration_is_one_of_those_that_are_given(stated: str, told: list[str]) -> None:
    """A loading dose and the one after it differ; what is neither is no dose of the course."""
    assert _told([LOAD, REST], per_administration=stated) == [each.replace("µ", "u") for each in told]


RANGE = {"id": "S", "dose_range": {"min": "111 MBq", "max": "185 MBq"}, "when": "once", "from": "0 d"}


@pytest.mark.parametrize("steps", [[RANGE], [RANGE, {**RANGE, "id": "T", "from": "28 d"}]])
def test_any_dose_of_an_accepted_range_may_be_expected(steps: list[dict[str, Any]]) -> None:
    """Every activity between the ends is equally right."""
    assert _told(steps, per_administration="150 MBq") == []


@pytest.mark.parametrize(
    ("stated", "agrees"), [("33.3 mg", True), ("33.33 mg", True), ("33 mg", True), ("33.4 mg", False)]
)
def test_an_amount_without_an_end_is_compared_in_the_stated_digits(stated: str, agrees: bool) -> None:
    """A third of 100 mg is 33.3 mg to who writes one decimal."""
    assert (_told([THIRDS], per_administration=stated) == []) is agrees


def test_an_amount_that_ends_is_compared_as_it_is() -> None:
    """An expected 59.7 mg beside 60 mg is another dose, however it is rounded."""
    assert _told([{**LOAD, "dose": "17.5 ug"}], per_administration="18 ug") == ["17.5 ug"]


IN_COHORTS = [
    {"id": "A", "cohorts": ["YOUNG"], "dose": "5 mg", "when": "days", "days": ["0 d", "7 d"]},
    {"id": "B", "cohorts": ["OLD"], "dose": "5 mg", "when": "days", "days": ["0 d", "14 d"]},
    {"id": "C", "dose": "5 mg", "when": "once", "from": "28 d"},
]


@pytest.mark.parametrize(("stated", "told"), [("15 mg", []), ("20 mg", ["15 mg"])])
def test_what_holds_for_all_cohorts_is_compared_in_each(stated: str, told: list[str]) -> None:
    """On other days, the same number of doses: the expected amount can be compared though the steps differ."""
    assert _told(IN_COHORTS, cumulative=stated) == told


@pytest.mark.parametrize(("administrations", "last", "computed"), [(8, "98 d", []), (7, "84 d", ["8", "98 d"])])
def test_what_has_no_dose_is_given_so_often_until_then(administrations: int, last: str, computed: list[str]) -> None:
    """A sensor that is changed every two weeks, on day 98 for the last time, is put on eight times."""
    step = {"id": "WEAR", "when": "course", "frequency": "EVERY 2 WEEKS", "from": "0 d", "to": "98 d"}
    derived = [{"administrations": administrations, "last_dose": last}]
    sensor = Document("x", {"id": "CGM", "kind": "device", "regimen": {"steps": [step], "derived": derived}}).root
    assert [each.computed for each in differences(sensor)] == computed


SOON = {"id": "FIRST", "dose": "40 mg/kg", "when": "once", "from": "0 d"}
LATER = {"id": "SECOND", "dose": "20 mg/kg", "when": "once", "from": {"event": "seizure"}}


@pytest.mark.parametrize(("stated", "told"), [("140 mg", []), ("70 mg", []), ("170 mg", ["140 mg or 70 mg"])])
def test_one_administration_is_compared_though_an_event_decides_the_day(stated: str, told: list[str]) -> None:
    """Its amount hangs on no day; totals do, so that nothing is said of them."""
    assert _told([SOON, LATER], weight="3.5 kg", per_administration=stated) == told
    assert _told([SOON, LATER], weight="3.5 kg", per_administration=stated, cumulative="9 mg") == [None, *told]


def test_what_is_the_same_product_is_dissolved_as_that_is() -> None:
    """The rescue is the solution of the other arm: its volumes are rounded by the concentration that is told there."""
    product = {"form": "SOLUTION", "final_concentration": "10 mg/mL"}
    first = {"id": "A", "kind": "drug", "product": product, "regimen": {"steps": [SOON]}}
    rounded = {**SOON, "dose": "7.77 mg/kg", "rounding": {"quantity": "volume", "to": "0.1 mL", "method": "half_up"}}
    rows = [{"weight": "2 kg", "per_administration": "16 mg"}]
    rescue = {"id": "B", "kind": "drug", "same_product_as": "A", "regimen": {"steps": [rounded], "derived": rows}}
    _, node = Document("x", {"interventions": [first, rescue]}).root["interventions"]
    assert differences(node) == ()
