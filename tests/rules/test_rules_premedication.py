"""What children are given by weight before a dose has a highest amount."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, run

(CAPS,) = [rule for rule in RULES if rule.code == "DOSE04"]


def outcome(age: str, dose: str, **more: Any) -> list[Severity]:
    """Return the weights of what the rule says of a premedication."""
    given = {"substance": "cefazolin", "dose": dose, **more}
    root = {"population": {"age": {"min": age}}, "concomitant": {"premedication": [given]}}
    (ran,) = run([CAPS], Document("x", root), (), frozenset({"device"}))
    return [finding.severity for finding in ran.findings]


ROWS: list[tuple[str, str, dict[str, str], int]] = [
    ("10 a", "30 mg/kg", {}, 1),
    ("10 a", "30 mg/kg", {"max_per_administration": "2 g"}, 0),
    ("18 a", "30 mg/kg", {}, 0),
    ("6 mo", "15 mg/kg", {}, 1),
    ("10 a", "1 g", {}, 0),
]


@pytest.mark.parametrize(("age", "dose", "more", "told"), ROWS)
def test_a_premedication_by_weight_has_a_cap_in_children(age: str, dose: str, more: dict[str, str], told: int) -> None:
    """A child of 80 kg would get more than any adult; it is information, since a label may say it."""
    assert outcome(age, dose, **more) == [Severity.INFO] * told


def test_the_heaviest_who_may_enter_bounds_what_is_given() -> None:
    """Where a criterion limits the weight, nothing grows without limit: the most is told."""
    root = {
        "population": {
            "age": {"min": "1 a"},
            "inclusion": [{"id": "I1", "text": "To 50 kg.", "measure": "body weight", "below": "50 kg"}],
        },
        "concomitant": {"premedication": [{"substance": "paracetamol", "dose": "15 mg/kg"}]},
    }
    (ran,) = run([CAPS], Document("x", root), (), frozenset({"device"}))
    assert [finding.message for finding in ran.findings] == [
        "the premedication paracetamol has no cap; 15 mg/kg gives 750 mg at 50 kg, the most with which people may enter"
    ]
