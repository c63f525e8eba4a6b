"""A highest amount that belongs to another dose, and a dose in the name of an arm that its steps do not give."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

SCALING = {"weight": "actual", "cap": "120 kg"}
LOW = {"id": "L", "arms": ["LOW"], "dose": "4.8 mg/kg", "scaling": SCALING, "when": "once", "from": "0 d"}
HIGH = {**LOW, "id": "H", "arms": ["HIGH"], "dose": "6.4 mg/kg", "max_per_administration": "768 mg"}
CAPPED = "step H of NEW: at most 576 mg is 120 kg x 4.8 mg/kg, another dose of it; 120 kg x 6.4 mg/kg = 768 mg"


def told(high: dict[str, Any], name: str = "Higher dose") -> list[str]:
    """Return what the rule says of two arms with a dose by weight each."""
    root = {
        "arms": [
            {"id": "LOW", "name": "Lower dose", "interventions": ["NEW"]},
            {"id": "HIGH", "name": name, "interventions": ["NEW"]},
        ],
        "interventions": [
            {"id": "NEW", "kind": "biologic", "role": "experimental", "regimen": {"steps": [LOW, {**HIGH, **high}]}},
        ],
    }  # fmt: skip
    (ran,) = run([rule for rule in RULES if rule.code == "DOSE07"], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize(
    ("high", "wanted"),
    [
        ({}, []),
        ({"max_per_administration": "576 mg"}, [CAPPED]),
        ({"max_per_administration": "800 mg"}, []),
        ({"max_per_administration": "576 mg", "scaling": {"weight": "actual"}}, []),
    ],
)
def test_a_highest_amount_is_that_of_its_own_dose(high: dict[str, Any], wanted: list[str]) -> None:
    """Only the highest weight times another dose of the medicine tells; any other amount may be meant."""
    assert told(high) == wanted


@pytest.mark.parametrize(
    ("high", "name", "wanted"),
    [
        ({}, "New antibody 6.4 mg/kg", []),
        ({"dose": "5.4 mg/kg"}, "New antibody 6.4 mg/kg", ['the name of arm HIGH says "6.4 mg/kg"']),
        ({"dose": "5.4 mg/kg"}, "New antibody 6.4 mg/kg, at most 768 mg", []),
        ({"dose": "5.4 mg/kg"}, "New antibody 6.4 mg/mL", []),
        ({"dose": "5.4 mg/kg"}, "New antibody, up to 6.4 mg/kg", []),
        ({"dose": "400 mg"}, "New antibody 6.4 mg/kg", []),
    ],
)
def test_the_name_of_an_arm_has_a_dose_that_it_gives(high: dict[str, Any], name: str, wanted: list[str]) -> None:
    """A single dose in the unit of the steps is theirs; more than one amount, or another unit, says something else."""
    assert [
        message.partition(", and ")[0] for message in told({"max_per_administration": None, **high}, name)
    ] == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Examplin 40 mg/kg, then 20 mg/kg when it goes on; then another.", []),
        (
            "Examplin 60 mg/kg, then 20 mg/kg when it goes on; then another.",
            ['the words of arm A say "60 mg/kg", and Examplin (EX) is dosed 40 mg/kg, 20 mg/kg'],
        ),
        ("Examplin 40 mg/kg and then 30 mg/kg.", ['the words of arm A say "30 mg/kg", and Examplin (EX) is dosed 40']),
        ("Examplin 40 mg/kg with other 60 mg/kg.", []),
        ("Examplin reduced to 60 mg/kg.", []),
        ("Other 60 mg/kg.", []),
    ],
)
def test_doses_by_weight_behind_a_medicine_are_those_of_its_steps(words: str, wanted: list[str]) -> None:
    """Doses in a row belong to the medicine named before them; those behind other words may be of another one."""
    steps = [{"id": f"S{dose}", "dose": f"{dose} mg/kg", "when": "once", "from": "0 d"} for dose in (40, 20)]
    root = {
        "arms": [{"id": "A", "name": "First", "epochs": [{"interventions": ["EX"], "description": words}]}],
        "interventions": [
            {"id": "EX", "name": "Examplin", "kind": "drug", "role": "experimental", "regimen": {"steps": steps}},
        ],
    }  # fmt: skip
    (ran,) = run([rule for rule in RULES if rule.code == "DOSE07"], Document("x", root), (), frozenset({"drug"}))
    assert len(ran.findings) == len(wanted)
    assert all(each.message.startswith(said) for each, said in zip(ran.findings, wanted, strict=True))


def test_what_was_found_stays_where_the_rest_cannot_be_checked() -> None:
    """A dose at an event leaves the most of a day open; the words of the arm are told all the same."""
    steps = [
        {"id": "S1", "dose": "40 mg/kg", "when": "once", "from": "0 d"},
        {"id": "S2", "dose": "20 mg/kg", "when": "once", "from": {"event": "seizures go on"}},
    ]
    regimen = {"max_per_day": "90 mg/kg", "steps": steps}
    root = {
        "arms": [{"id": "A", "name": "First", "epochs": [{"interventions": ["EX"], "description": "EX 60 mg/kg."}]}],
        "interventions": [{"id": "EX", "name": "EX", "kind": "drug", "role": "experimental", "regimen": regimen}],
    }
    (ran,) = run([rule for rule in RULES if rule.code == "DOSE07"], Document("x", root), (), frozenset({"drug"}))
    assert [each.code for each in ran.findings] == ["DOSE07", "RULE02"]
