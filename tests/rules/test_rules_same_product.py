"""What is the same product as another intervention, as in an open run-in, has its pharmacology told there alone."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

COURSE = {"id": "S", "dose": "1 mg", "when": "course", "frequency": "QD"}
TOLD = {
    "active_moieties": [{"name": "examplicine", "half_life": "24 h", "source": "label"}],
    "withdrawal_risk": False,
    "reference_safety_information": {"document": "label", "section": "4.8"},
}


def found(code: str, same: str | None) -> list[str]:
    """Return what a rule says of a trial whose run-in gives the product open, with or without saying so."""
    open_label = {
        "id": "OPEN", "kind": "drug", "role": "experimental", "substance": "examplicine",
        "regimen": {"steps": [{**COURSE, "from": "-14 d", "to": "-1 d"}]},
    }  # fmt: skip
    blinded = {
        "id": "COL", "kind": "drug", "role": "experimental", "substance": "examplicine", "pharmacology": TOLD,
        "regimen": {"steps": [{**COURSE, "from": "0 d", "to": "27 d"}]},
    }  # fmt: skip
    root = {
        "interventions": [open_label if same is None else {**open_label, "same_product_as": same}, blinded],
        "trial": {"version": "1.0"},
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "last_dose", "kind": "last_dose"}],
            "activities": [{"id": "AEQ", "serves": ["safety"]}],
            "visits": [{"id": "SFU", "anchor": "last_dose", "offset": "4 wk", "activities": ["AEQ"]}],
        },
    }
    rules = [rule for rule in RULES if rule.code == code]
    (ran,) = run(rules, Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize("code", ["FU05", "REG03", "DOSE14"])
def test_a_product_is_told_once(code: str) -> None:
    """Half-life, reference safety information and risk of stopping are not asked again for the same product."""
    assert not found(code, "COL")
    assert any("examplicine" in message or "OPEN" in message for message in found(code, None))


def test_a_product_is_told_somewhere() -> None:
    """What names itself, or what is not there, is told nowhere else."""
    assert found("REG03", "OPEN")
    assert found("REG03", "NOWHERE")
