"""Acute effects that are felt in every arm tell none from another: no early guess, and no raters kept apart."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}
FELT = {"perceptible_acute_effects": True}


def told(code: str, root: dict[str, Any]) -> list[str]:
    """Return what a rule says of a trial whose participants are blinded."""
    root["design"]["blinding"]["schema"] = "double_blind"
    (ran,) = run([BY_CODE[code]], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize(("second", "early"), [(["STEROID", "PLACEBO"], False), (["PLACEBO"], True)])
def test_an_early_guess_is_asked_where_the_first_dose_differs(second: list[str], early: bool) -> None:
    """Both arms begin with the same steroid: who guesses then can only guess."""
    root = {
        "design": {"blinding": {}},
        "arms": [{"id": "LONG", "interventions": ["STEROID"]}, {"id": "SHORT", "interventions": second}],
        "interventions": [
            {"id": "STEROID", "kind": "drug", "role": "experimental", "pharmacology": FELT},
            {"id": "PLACEBO", "kind": "drug", "role": "placebo"},
        ],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}],
            "activities": [{"id": "GUESS", "serves": ["blinding"], "items": ["reason", "certainty"], "index": "Bang"}],
            "visits": [{"id": "W8", "anchor": "first_dose", "offset": "56 d", "activities": ["GUESS"]}],
        },
    }
    assert bool(told("OUT10", root)) is early


@pytest.mark.parametrize(("framework", "weight"), [("superiority", "WARNING"), ("exploratory", "INFO")])
def test_details_of_a_guess_are_information_where_no_benefit_is_claimed(framework: str, weight: str) -> None:
    """A descriptive first trial of a vaccine asks for no index of blinding."""
    root = {
        "design": {"blinding": {"schema": "double_blind"}, "framework": {"kind": framework}},
        "arms": [{"id": "NEW", "interventions": ["SHOT"]}, {"id": "OLD", "interventions": []}],
        "interventions": [{"id": "SHOT", "kind": "vaccine", "role": "experimental", "pharmacology": FELT}],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}],
            "activities": [{"id": "GUESS", "serves": ["blinding"], "items": ["guess", "reason"]}],
            "visits": [{"id": "D8", "anchor": "first_dose", "offset": "7 d", "activities": ["GUESS"]}],
        },
    }
    (ran,) = run([BY_CODE["OUT10"]], Document("x", root), (), frozenset({"drug"}))
    assert [finding.severity.name for finding in ran.findings] == [weight]


@pytest.mark.parametrize(("kind", "apart"), [("vaccine", False), ("drug", True)])
def test_raters_are_kept_apart_where_arms_feel_different(kind: str, apart: bool) -> None:
    """An arm is sore after either vaccine; what two medicines do to the mind can tell them apart."""
    root = {
        "design": {"blinding": {"efficacy_raters": "trial nurses"}},
        "arms": [{"id": "A", "interventions": ["NEW"]}, {"id": "B", "interventions": ["OLD"]}],
        "interventions": [
            {"id": "NEW", "kind": kind, "role": "experimental", "pharmacology": FELT},
            {"id": "OLD", "kind": kind, "role": "active_comparator", "pharmacology": FELT},
        ],
    }
    assert bool(told("OUT13", root)) is apart
