"""What one remedy mends is one finding."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, run

(STAYING,) = [rule for rule in RULES if rule.code == "FU07"]
(CAPS,) = [rule for rule in RULES if rule.code == "DOSE04"]
(ROUNDING,) = [rule for rule in RULES if rule.code == "DOSE09"]


def _infused(name: str, status: str) -> dict[str, Any]:
    """Return a medicine by body surface that says nothing of a cap, nor of how its dose is rounded."""
    step = {"id": "S", "dose": "75 mg/m2", "when": "once", "from": "0 d"}
    return {"id": name, "kind": "drug", "imp_status": status, "regimen": {"steps": [step]}}


def test_outcomes_that_are_missing_from_one_list_are_told_together() -> None:
    """Of eight primary outcomes, those that are not collected after a stop are named at the list."""
    root = {
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [{"outcome": name} for name in "ABC"]}],
        "discontinuation": {"treatment": {"then": "stay_in_follow_up", "outcomes_collected": ["B"]}},
    }
    (ran,) = run([STAYING], Document("x", root), (), frozenset())
    assert [finding.message for finding in ran.findings] == [
        "after a stop of the intervention, the primary outcomes A and C are not among the outcomes collected"
    ]


@pytest.mark.parametrize("rule", [CAPS, ROUNDING])
def test_doses_of_routine_care_are_told_together_as_information(rule: Any) -> None:
    """Five cytotoxics of the pharmacy's own stock are one remark, which names each of them."""
    root = {"interventions": [_infused("CIS", "NIMP"), _infused("GEM", "auxiliary")]}
    (ran,) = run([rule], Document("x", root), (), frozenset({"drug"}))
    (finding,) = ran.findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(
        "step S of intervention CIS (75 mg/m2 at 2.0 m2 gives 150 mg) and step S of intervention GEM ("
    )
    assert [place.pointer for place in finding.related] == ["/interventions/1/regimen/steps/0"]


def test_a_dose_under_investigation_keeps_its_weight_beside_routine_care() -> None:
    """How the tested dose is rounded is part of the trial, whatever is mixed by the ward beside it."""
    root = {"interventions": [_infused("CIS", "NIMP"), _infused("NEW", "IMP"), _infused("GEM", "NIMP")]}
    (ran,) = run([ROUNDING], Document("x", root), (), frozenset({"drug"}))
    assert [finding.severity for finding in ran.findings] == [Severity.INFO, Severity.WARNING]
