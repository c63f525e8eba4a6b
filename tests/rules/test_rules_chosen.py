"""Medicines that are one of several by choice, and outcomes of an open trial some of which are assessed blind."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}


@pytest.mark.parametrize(
    ("chosen_by", "found"),
    [
        ("the clinician, by susceptibility, allergy and renal function", False),
        ("the investigator; the one not yet used", True),
    ],
)
def test_what_is_chosen_by_allergy_needs_no_criterion_on_it(chosen_by: str, found: bool) -> None:
    """Who cannot have the one gets the other, where the choice looks at that."""
    drugs = [
        {"id": name, "kind": "drug", "role": "experimental",
         "pharmacology": {"contraindications": [f"hypersensitivity to {name}"]}}
        for name in ("ceftriaxone", "ciprofloxacin")
    ]  # fmt: skip
    names = [each["id"] for each in drugs]
    arms = [{"id": "A", "interventions": names, "choices": [{"interventions": names, "chosen_by": chosen_by}]}]
    root = {"interventions": drugs, "arms": arms, "population": {"exclusion": [{"id": "X1", "text": "pregnancy"}]}}
    (ran,) = run([BY_CODE["POP06"]], Document("x", root), (), frozenset({"drug"}))
    assert bool(ran.findings) is found


@pytest.mark.parametrize(("schema", "blind", "found"), [
    ("open_label", True, []), ("open_label", False, ["STAY"]), ("double_blind", True, ["STAY"]),
])  # fmt: skip
def test_an_open_trial_may_assess_some_outcomes_blind(schema: str, blind: bool, found: list[str]) -> None:
    """A committee that adjudicates death without the arm does not count the days in hospital."""
    root = {
        "design": {"blinding": {"schema": schema, "roles": ["outcomes_assessor"]}},
        "outcomes": [
            {"id": "CURE", "name": "cure", "assessor": "adjudication committee", "blinded": blind},
            {"id": "STAY", "name": "days in hospital", "assessor": "site staff", "blinded": False},
        ],
        "objectives": [{"id": "O2", "level": "secondary", "endpoints": [{"id": "E2", "outcome": "STAY"}]}],
    }
    (ran,) = run([BY_CODE["OUT16"]], Document("x", root), (), frozenset())
    assert [finding.pointer for finding in ran.findings] == ["/outcomes/1/blinded" for _ in found]
