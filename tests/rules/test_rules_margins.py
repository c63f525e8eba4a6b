"""A margin that is a ratio is one margin as its inverse and as a logarithm too, each rounded as it is written."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}


def told(code: str, margin: str, sized: Any, lower: str = "") -> list[str]:
    """Return what a rule says of a margin, the one that is sized for and a bound of success."""
    framework = {"kind": "non_inferiority", "margin": margin, "constancy": "same", "assay_sensitivity": "known"}
    endpoint = {"id": "E1", "aggregation": "geometric_mean", "metric": "final_value"}
    bounds = {"success_bounds": {"lower": lower}} if lower else {}
    root = {
        "design": {"framework": framework},
        "objectives": [{"id": "O1", "level": "primary", "kind": "benefit", "endpoints": [endpoint]}],
        "statistics": {
            "sample_size": [{"objective": "O1", "method": "ni_means_z", "margin": sized}],
            "analyses": [{"endpoint": "E1", "role": "main", **bounds}],
        },
    }
    (ran,) = run([BY_CODE[code]], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize("sized", [0.176, 0.18, 0.1761, 0.405, 0.58, "0.67 1", "1.5 1", -0.174])
def test_a_ratio_stands_in_any_of_its_forms(sized: Any) -> None:
    """Two thirds is told as 0.67, sized for as 1.5 or as the logarithm of either, and not held against itself."""
    assert told("STAT12", "0.67 1", sized) == []
    assert told("STAT28", "0.67 1", sized, "0.67 1") == []


@pytest.mark.parametrize("sized", [0.301, 0.2, 0.15, 0.097, 0.43, "0.8 1", "0.66 1", "1.25 1", "2 1"])
def test_another_margin_is_another_one(sized: Any) -> None:
    """What rounding cannot make of it is no form of it."""
    assert len(told("STAT12", "0.67 1", sized)) == 1


def test_a_bound_may_be_the_inverse_of_the_margin() -> None:
    """The lower bound of a ratio of the new to the old is the upper one of the old to the new."""
    assert told("STAT28", "1.5 1", 0.176, "0.67 1") == []
    assert len(told("STAT28", "1.5 1", 0.176, "0.6 1")) == 1


@pytest.mark.parametrize(
    ("framework", "endpoint", "wrong"),
    [
        ({"margin": "1.5 1", "direction": "higher is worse"}, {"metric": "time_to_event"}, 0),
        ({"margin": "1.5 1", "direction": "higher is worse"}, {"metric": "final_value", "aggregation": "hazard"}, 0),
        ({"margin": "3 wk", "direction": "a higher hazard is worse"}, {"metric": "time_to_event"}, 0),
        ({"margin": "3 wk", "direction": "higher is worse"},
         {"metric": "time_to_event", "aggregation": "restricted_mean"}, 1),
        ({"margin": "1.5 1", "direction": "higher is worse"}, {"metric": "final_value", "aggregation": "mean"}, 1),
    ],
)  # fmt: skip
def test_a_ratio_of_hazards_points_against_the_time_to_the_event(
    framework: dict[str, str], endpoint: dict[str, str], wrong: int
) -> None:
    """A higher hazard is worse where a longer survival is better; a difference of times has the direction of times."""
    known = {"kind": "non_inferiority", "constancy": "same", "assay_sensitivity": "known", **framework}
    root = {
        "objectives": [{"id": "O1", "level": "primary", "framework": known,
                        "endpoints": [{"id": "E1", "outcome": "EFS", **endpoint}]}],
        "outcomes": [{"id": "EFS", "name": "event-free survival", "unit": "wk", "direction": "higher_better"}],
    }  # fmt: skip
    (ran,) = run([BY_CODE["STAT12"]], Document("x", root), (), frozenset())
    found = [finding for finding in ran.findings if finding.pointer.endswith("/direction")]
    message = "the margin counts on higher as worse, but EFS is higher_better"
    assert [finding.message for finding in found] == [message] * wrong
