"""What is known of substances without the library: water with salts has no base, no mirror image and no end."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules.substances import is_authorised, is_electrolyte

IONS = {
    "components": [{"substance": "sodium", "strength": "140 mmol/L"}, {"substance": "chloride", "strength": "98 meq/L"}]
}
FIXED = {
    "components": [{"substance": "examplinib", "strength": "5 mg"}, {"substance": "sodium", "strength": "1 mmol/L"}]
}
INTERVENTIONS: list[tuple[dict[str, Any], bool]] = [
    ({"substance": "sodium chloride"}, True),
    ({"substance": "0.9 % sodium chloride"}, True),
    ({"substance": "Ringer's lactate"}, True),
    ({"substance": "multiple electrolytes solution"}, True),
    ({"substance": "sodium, potassium and acetate", "product": IONS}, True),
    ({"substance": "examplinib", "product": FIXED}, False),
    ({"substance": "magnesium sulfate"}, False),
    ({"substance": "valproate sodium"}, False),
    ({"substance": "ketamine hydrochloride"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("intervention", "wanted"), INTERVENTIONS)
def test_solutions_of_electrolytes_are_told_from_salts_of_medicines(
    intervention: dict[str, Any],
    wanted: bool,
) -> None:
    """Saline is one by its name, a balanced solution by the concentrations of its ions."""
    assert is_electrolyte(Document("x", intervention).root) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("authorised in the EU, used outside its indication", True),
        ("Authorized as a cough medicine", True),
        ("registered in Australia", True),
        ("licensed for children", True),
        ("not authorised", False),
        ("not authorised; proposed biosimilar of an authorised product", False),
        ("", False),
    ],
)
def test_a_medicine_is_authorised_where_the_text_begins_so(text: str, wanted: bool) -> None:
    """The label of one says of which form it is, and of what it is dosed; of a new one the protocol alone can."""
    assert is_authorised(Document("x", {"authorised": text}).root) is wanted
