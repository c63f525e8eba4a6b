"""A comparator outside the arms brings its own participants: they are evaluated, and nobody enrols them."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(ENOUGH,) = [rule for rule in RULES if rule.code == "STAT15"]
SIZE = {
    "objective": "O1", "endpoint": "E1", "method": "ni_means_z", "margin": 0.176, "sd": 0.45, "true_diff": 0,
    "alpha": 0.025, "sided": 1, "power": 0.95, "ratio": "1:1", "missing": "15 %",
}  # fmt: skip


def told(*, against: str = "EARLIER", **numbers: int) -> list[str]:
    """Return what the rule says of one arm that is set against 170 people of an earlier trial."""
    estimand = {"id": "S1", "variable": "E1", "treatment": {"arms": ["A"], "against": against}}
    objective = {"id": "O1", "level": "primary", "endpoints": [{"id": "E1"}], "estimands": [estimand]}
    root = {
        "design": {"external_comparators": [{"id": "EARLIER", "participants": 170}]},
        "arms": [{"id": "A", "participants": 900}, {"id": "B", "participants": 900}],
        "objectives": [objective],
        "statistics": {"sample_size": [{**SIZE, **numbers}]},
    }
    (ran,) = run([ENOUGH], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize("numbers", [{"evaluable_total": 340, "enrolled_max": 200}, {"enrolled_max": 200}])
def test_half_of_those_evaluated_are_not_enrolled(numbers: dict[str, Any]) -> None:
    """170 of 340 are inflated by what is missing, and 200 are enough; nor are they held against all arms."""
    assert told(**numbers) == []
    assert told(**{**numbers, "enrolled_max": 190}) != []
    assert told(against="", **numbers) != []
