"""What the words of an arm say of doses is what its steps give, where they can be read in one way only."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MAXIMA,) = [rule for rule in RULES if rule.code == "DOSE07"]
CYCLES = {"repeats": {"every": "28 d", "times": 12}}
ONCE = {"id": "S", "dose": "100 mg", "when": "once", "from": "0 d"}


def told(words: str, *steps: dict[str, Any], name: str = "examplimab", **regimen: Any) -> list[str]:
    """Return what the rule says of the words of an arm, beside a placebo."""
    active = {"steps": list(steps or [ONCE]), **regimen}
    root = {
        "arms": [{"id": "A", "epochs": [{"epoch": "T", "interventions": ["EXA", "PBO"], "description": words}]}],
        "interventions": [
            {"id": "EXA", "kind": "biologic", "role": "experimental", "substance": name, "regimen": active},
            {"id": "PBO", "kind": "drug", "role": "placebo", "regimen": {"steps": [ONCE]}},
        ],
    }
    (ran,) = run([MAXIMA], Document("x", root), (), frozenset())
    return [finding.message.partition(", and ")[2] for finding in ran.findings]


def test_a_number_of_doses_is_that_of_the_cycles() -> None:
    """Thirteen doses in words, and twelve cycles of one."""
    assert told("Thirteen doses of examplimab.", **CYCLES) == ["EXA is given 12 times"]
    assert told("Twelve doses of examplimab.", **CYCLES) == []
    assert told("2 infusions of Examplimab, then a watch.") == ["EXA is given 1 time"]


def test_one_dose_is_that_of_the_only_step() -> None:
    """Where a placebo stands beside it, the medicine that acts is meant."""
    assert told("One dose of 200 mg, then four monthly placebo injections.") == ["EXA is dosed 100 mg"]
    assert told("One dose of 0.1 g, then four monthly placebo injections.") == []
    assert told("One dose of 200 mg of examplimab.") == ["EXA is dosed 100 mg"]


@pytest.mark.parametrize(
    "words",
    [
        "Up to thirteen doses of examplimab.",
        "Thirteen doses of examplimab, or more where it helps.",
        "Four doses of examplimab before surgery. Nine doses of examplimab after it.",
        "Thirteen doses of another medicine.",
        "Some doses of examplimab.",
        "One dose of 200 mg/kg.",
        "After surgery, thirteen doses of examplimab",
        "One dose of examplimab every 28 days",
        "One dose of 200 mg daily",
    ],
)
def test_what_can_be_read_otherwise_is_left(words: str) -> None:
    """No number, an open one, several, or another medicine."""
    assert told(words, **CYCLES) == []


def test_doses_that_differ_are_left() -> None:
    """Two steps, or a dose by weight, are not told in one amount."""
    later = {**ONCE, "id": "T", "dose": "50 mg", "from": "1 d"}
    assert told("Two doses of 75 mg.", ONCE, later) == []
    assert told("One dose of 200 mg.", {**ONCE, "dose": "3 mg/kg", "scaling": {"weight": "actual"}}) == []
