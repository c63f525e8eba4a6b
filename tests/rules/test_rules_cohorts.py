"""Cohorts that a value at entry tells apart hold whoever may enter, and nobody twice, where doses differ by them."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(COVERED,) = [rule for rule in RULES if rule.code == "DOSE21"]


def outcome(one: dict[str, Any], other: dict[str, Any], entry: str = "20 mL/min") -> list[str]:
    """Return what the rule says of two cohorts with doses of their own, where entry has a lower limit of eGFR."""
    step = {"dose": "10 mg", "when": "once", "from": "0 d"}
    steps = [{"id": each, "cohorts": [each], **step} for each in ("LOW", "HIGH")]
    criterion = {"id": "X1", "text": "eGFR too low", "measure": "eGFR", "below": entry}
    cohorts = [{"id": "LOW", "name": "low", **one}, {"id": "HIGH", "name": "high", **other}]
    root = {
        "population": {"cohorts": cohorts, "exclusion": [criterion]},
        "interventions": [{"id": "X", "kind": "drug", "regimen": {"steps": steps}}],
    }
    (ran,) = run([COVERED], Document("x", root), (), frozenset({"drug"}))
    return [f"{finding.severity.value}: {finding.message.partition(', and ')[2]}" for finding in ran.findings]


def limits(measure: str = "eGFR", **value: Any) -> dict[str, Any]:
    """Return a cohort with one limit."""
    return {"limits": [{"measure": measure, "value": value}]}


def words(definition: str) -> dict[str, Any]:
    """Return a cohort that is told in words."""
    return {"definition": definition}


BELOW, FROM = {"max": "60 mL/min", "max_inclusive": False}, {"min": "60 mL/min"}
POOR = {"measure": "eGFR", "value": BELOW}
BOTH, LIGHTER = (
    {"any_limit": True, "limits": [{"measure": "weight", "value": {"max": most, "max_inclusive": False}}, POOR]}
    for most in ("77 kg", "60 kg")
)
HEAVY = {"limits": [{"measure": "body weight", "value": {"min": "77 kg"}}, {"measure": "eGFR", "value": FROM}]}
ROWS: list[tuple[str, tuple[Any, ...], list[str]]] = [
    ("they meet", (limits(**BELOW), limits(**FROM)), []),
    (
        "a value belongs to both",
        (limits(max="60 mL/min"), limits(**FROM)),
        ["error: two cohorts hold for eGFR of 60 mL/min"],
    ),
    (
        "values lie between them",
        (limits(max="45 mL/min"), limits(**FROM)),
        ["error: no cohort holds for eGFR between 45 and 60 mL/min"],
    ),
    (
        "who may enter lies below the lowest",
        (limits(min="30 mL/min", **BELOW), limits(**FROM)),
        ["error: no cohort holds for eGFR between 20 and 30 mL/min"],
    ),
    ("who may not enter lies below it", (limits(min="20 mL/min", **BELOW), limits(**FROM)), []),
    ("two measures part everybody", (BOTH, HEAVY), []),
    (
        "a measure of two leaves people out",
        (LIGHTER, HEAVY),
        ["error: no cohort holds for weight between 60 and 77 kg and eGFR of 60 mL/min"],
    ),
    (
        "words say both",
        (words("eGFR from 25 to 60 mL/min at screening"), words("eGFR above 60 mL/min at screening")),
        ["warning: no cohort holds for eGFR between 20 and 25 mL/min"],
    ),
    ("words say more", (words("eGFR from 25 to 60 mL/min in two tests"), words("eGFR above 60 mL/min")), []),
    ("words name two things", (words("adults with eGFR below 60 mL/min"), words("eGFR above 60 mL/min")), []),
    ("values are counted in whole numbers", (limits(min="20 mL/min", max="59 mL/min"), limits(**FROM)), []),
    ("both have the same limits", (limits(**FROM), limits(**FROM), "60 mL/min"), []),
    ("one opens after the other", (limits(min="61 mL/min"), {**limits(**FROM), "opens_when": "safe"}, "60 mL/min"), []),
    ("a definition tells them apart", ({**limits(**FROM), **words("no inhibitor")}, limits(**FROM), "60 mL/min"), []),
]


def test_cohorts_with_one_dose_may_share_a_value() -> None:
    """Nobody gets two doses where a step names both cohorts, nor is left out where a step is for everybody."""
    step = {"dose": "10 mg", "when": "once", "from": "0 d"}
    cohorts = [{"id": "LOW", **limits(max="60 mL/min")}, {"id": "HIGH", **limits(**FROM)}]
    for steps in ([{**step, "cohorts": ["LOW", "HIGH"]}], [step, {**step, "cohorts": ["LOW"]}]):
        root = {
            "population": {"cohorts": cohorts},
            "interventions": [{"id": "X", "kind": "drug", "regimen": {"steps": steps}}],
        }
        (ran,) = run([COVERED], Document("x", root), (), frozenset({"drug"}))
        assert not ran.findings


@pytest.mark.parametrize(("given", "told"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_cohorts_with_doses_hold_whoever_may_enter(given: tuple[Any, ...], told: list[str]) -> None:
    """A value without a cohort has no dose, and one with two cohorts has two."""
    assert outcome(*given) == told
