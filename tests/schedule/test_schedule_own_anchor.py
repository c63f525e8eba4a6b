"""When an arm is treated whose days count from an anchor of its own, or whose dose is fitted to the participant."""

from __future__ import annotations

from typing import Any

from protocolkit.document import Document, Node
from protocolkit.schedule import NotPlaced, Placed, exposures


def _trial(regimen: dict[str, Any], crossover: dict[str, Any]) -> Node:
    data = {
        "design": {"epochs": [{"id": "T", "type": "treatment"}]},
        "arms": [{"id": "NOW", "interventions": ["D"]}, {"id": "CROSS", "interventions": ["D"]}],
        "interventions": [{"id": "D", "kind": "drug", "role": "experimental", "regimen": regimen}],
        "schedule": {
            "anchors": [
                {"id": "first_dose", "kind": "first_dose"},
                {"id": "first_crossover_dose", "kind": "event", **crossover},
            ]
        },
    }
    return Document("x", data).root


_REGIMEN = {
    "arm_anchors": [{"arms": ["CROSS"], "anchor": "first_crossover_dose"}],
    "steps": [{"id": "S", "dose": "10 mg", "when": "days", "days": ["0 d", "42 d"]}],
}


def test_an_arm_counts_from_its_own_anchor() -> None:
    """Who changes over in week 20 is treated from then on; the other arm from the first day."""
    found = exposures(_trial(_REGIMEN, {"expected": {"anchor": "first_dose", "offset": "20 wk"}}))
    assert [(each.first, each.last) for each in found] == [
        (Placed(0), Placed(42)),
        (Placed(140), Placed(182)),
    ]


def test_an_anchor_without_a_day_leaves_that_arm_open() -> None:
    """The first dose after progression has no planned day, and nothing is said of the days of that arm alone."""
    now, cross = exposures(_trial(_REGIMEN, {}))
    assert isinstance(now.last, Placed)
    assert isinstance(cross.first, NotPlaced)
    assert cross.first.reason == "the day of first_crossover_dose does not follow"


def test_no_day_is_at_the_target_of_a_dose_that_is_fitted() -> None:
    """A dose to start with says nothing of when a participant reaches the target."""
    step = {"id": "S", "dose": "10 mg", "titrated": True, "when": "course", "frequency": "QD", "from": "0 d"}
    regimen = {"steps": [step | {"to": "83 d"}], "titration": {"target": "10 mg/d"}}
    found = exposures(_trial(regimen, {}))[0].target[0]
    assert isinstance(found, NotPlaced)
    assert found.reason == "the doses after the first are fitted to the participant"
