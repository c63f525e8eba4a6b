"""What is prohibited and given as several products of the trial is one contradiction."""

from __future__ import annotations

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(PROHIBITED,) = [rule for rule in RULES if rule.code == "DOSE19"]


def test_one_substance_as_two_products_is_told_once() -> None:
    """Two seasons of one antibody are the same thing that is prohibited; what is permitted beside it is another."""
    product = {"kind": "biologic", "substance": "palivizumab", "regimen": {"steps": [{"id": "S", "dose": "15 mg/kg"}]}}
    root = {
        "concomitant": {
            "prohibited": [{"class": "antibodies", "members": ["palivizumab"]}],
            "permitted": [{"class": "palivizumab"}],
        },
        "interventions": [{**product, "id": "ONE"}, {**product, "id": "TWO"}],
    }
    (ran,) = run([PROHIBITED], Document("x", root), (), frozenset())
    said = [finding.message.rpartition(" and ")[2] for finding in ran.findings]
    assert said == ["permitted", "given as intervention ONE"]
