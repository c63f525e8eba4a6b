"""Arms that begin and end alike around what differs: the anchors of first and last dose tell one day for all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.schedule import Placed, exposures, last_doses

DOSE = {"id": "S", "when": "once", "dose": "1 mg"}


def medicine(name: str, role: str, day: int) -> dict[str, Any]:
    """Write a medicine that is given once, on a day."""
    steps = [{**DOSE, "from": f"{day} d"}]
    return {"id": name, "kind": "drug", "role": role, "regimen": {"anchor": "first", "steps": steps}}


def root(last: dict[str, Any], *, tested_on: int = 23) -> Any:
    """Write a trial in which all get a first cycle, some of them an antibody in the next, and all a last course."""
    data = {
        "arms": [{"id": "STD", "interventions": ["C1", "END"]}, {"id": "NEW", "interventions": ["C1", "AB", "END"]}],
        "interventions": [
            medicine("C1", "background_treatment", 0),
            medicine("AB", "experimental", tested_on),
            medicine("END", "background_treatment", 300),
        ],
        "schedule": {"anchors": [{"id": "first", "kind": "first_dose"}, {"id": "last", "kind": "last_dose", **last}]},
    }
    return Document("x", data).root


def test_the_first_dose_is_that_of_its_anchor() -> None:
    """Where nothing that is tested starts on the day of the anchor, what goes along does, in every arm."""
    assert [each.first for each in exposures(root({}))] == [Placed(Decimal(0)), Placed(Decimal(0))]


@pytest.mark.parametrize(
    ("last", "found"), [({}, [23, 300]), ({"expected": {"anchor": "first", "offset": "310 d"}}, [310])]
)
def test_a_last_dose_with_an_expected_day_has_one(last: dict[str, Any], found: list[int]) -> None:
    """The day that the anchor states is the day of all arms."""
    assert [int(day) for day in last_doses(root(last))] == found
