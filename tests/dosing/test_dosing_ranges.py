"""Doses that are a range, and doses to start with: what follows of amounts, and what does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from protocolkit.document import Document, Node
from protocolkit.dosing import Body, course, differences, dose_table

_WEEKLY = {"when": "course", "frequency": "EVERY WEEK", "from": "0 d", "to": "21 d"}


def _drug(*steps: dict[str, Any], **regimen: Any) -> Node:
    data = {"id": "D", "product": {}, "regimen": {"steps": list(steps), **regimen}}
    return Document("x", {"interventions": [data]}).root["interventions"][0]


def test_a_range_gives_both_ends() -> None:
    """Two administrations of 111 to 185 MBq are between 222 and 370 MBq, and at most 185 MBq in a day."""
    step = {"id": "S", "dose_range": {"min": "111 MBq", "max": "185 MBq"}, "when": "days", "days": ["0 d", "28 d"]}
    row = dose_table(_drug(step)).rows[0]
    assert tuple(each.text for each in row.per_administration) == ("111 MBq", "185 MBq")
    assert (row.per_day.text, row.least.text, row.cumulative.text) == ("185 MBq", "222 MBq", "370 MBq")
    assert (row.administrations, row.fewest) == (2, 2)


def test_a_range_beside_a_dose_changes_nothing() -> None:
    """What is computed is the dose that is aimed at."""
    step = {"id": "S", "dose": "370 MBq", "when": "once", "from": "0 d"}
    ranged = step | {"dose_range": {"min": "333 MBq", "max": "407 MBq"}}
    assert dose_table(_drug(ranged)) == dose_table(_drug(step))


def test_a_range_per_weight_is_computed_at_the_weight() -> None:
    """2 to 3 MBq/kg at 50 kg are 100 to 150 MBq."""
    scaled = {"weight": "actual", "visit": "BL", "reweigh": "never"}
    step = {"id": "S", "dose_range": {"min": "2 MBq/kg", "max": "3 MBq/kg"}, "scaling": scaled, "when": "once"}
    found = course(_drug(step | {"from": "0 d"}), Body(Decimal(50)))
    assert (found.smallest, found.largest, found.unit) == (100, 150, "MBq")
    assert "50 kg" in [row.at for row in dose_table(_drug(step | {"from": "0 d"})).rows]


def test_a_titrated_dose_is_the_first_one() -> None:
    """Days and the first dose follow; an expected total is not compared with doses that nobody knows."""
    step = {"id": "S", "dose": "70 U", "titrated": True, **_WEEKLY}
    expected = [{"administrations": 4, "per_administration": "70 U", "cumulative": "500 U", "vials": 9}]
    node = _drug(step, derived=expected)
    row = dose_table(node).rows[0]
    assert (row.titrated, row.administrations, row.last_dose.text) == (True, 4, "21 d")
    assert differences(node) == ()


def test_a_dose_to_start_with_is_still_compared() -> None:
    """The first dose is known, and so one that the author expects otherwise is told."""
    step = {"id": "S", "dose": "70 U", "titrated": True, **_WEEKLY}
    found = differences(_drug(step, derived=[{"per_administration": "60 U"}]))
    assert [each.computed for each in found] == ["70 U"]
