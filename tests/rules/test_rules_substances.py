"""What is known of substances without the library: water with salts has no base, no mirror image and no end."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules.substances import is_electrolyte

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
