"""One volume beside a dose by weight is held against the weights for which the dose is."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(RATES,) = [rule for rule in RULES if rule.code == "DOSE05"]
TOLD = (
    "step S of intervention A: 8 mL of 20 mg/mL holds 160 mg at any weight, and 40 mg/kg is 80 mg at 2.0 kg and "
    "200 mg at 5.0 kg"
)


@pytest.mark.parametrize(
    ("step", "product", "told"),
    [
        ({}, {"final_concentration": "20 mg/mL"}, [TOLD]),
        ({}, {"strength": "20 mg/mL"}, [TOLD]),
        ({}, {"strength": "20 mg/mL", "diluent": "glucose 5 %"}, []),
        ({"dose": "160 mg"}, {"final_concentration": "20 mg/mL"}, []),
        ({"scaling": {"weight": "actual"}}, {"final_concentration": "20 mg/mL"}, []),
        ({"scaling": {"weight": "actual", "range": {"min": "4.0 kg"}}}, {"final_concentration": "20 mg/mL"}, []),
        (
            {
                "scaling": {"weight": "actual", "range": {"min": "4 kg", "max": "5 kg"}},
                "max_per_administration": "160 mg",
            },
            {"final_concentration": "20 mg/mL"},
            [],
        ),
    ],
)
def test_one_volume_is_no_dose_by_weight(step: dict[str, Any], product: dict[str, str], told: list[str]) -> None:
    """A volume drawn up for 4 kg holds twice the dose of 2 kg; one made up or capped may be alike."""
    scaling = {"weight": "actual", "range": {"min": "2.0 kg", "max": "5.0 kg"}}
    whole = {"id": "S", "when": "once", "dose": "40 mg/kg", "volume": "8 mL", "duration": "15 min", "scaling": scaling}
    medicine = {
        "id": "A",
        "kind": "drug",
        "role": "experimental",
        "route": "INTRAVENOUS",
        "product": product,
        "regimen": {"steps": [whole | step]},
    }
    (ran,) = run([RATES], Document("x", {"interventions": [medicine]}), (), frozenset({"drug"}))
    assert [each.message for each in ran.findings] == told
