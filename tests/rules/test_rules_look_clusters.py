"""A look at a number of clusters is at that share of those of the design."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(LOOKS,) = [rule for rule in RULES if rule.code == "STAT11"]


@pytest.mark.parametrize(
    ("unit", "when", "told"),
    [
        ("ring: contacts of one case", "when 120 rings have been followed", ["/statistics/interim/0/when"]),
        ("ring: contacts of one case", "when 95 rings have been followed to day 31", []),
        ("ring: contacts of one case", "when 90 rings have been followed", []),
        ("general practice", "after 140 practices have closed", ["/statistics/interim/0/when"]),
        ("village", "when 40 clusters are complete", ["/statistics/interim/0/when"]),
        ("village", "when 40 villages of each arm are complete", []),
        ("village", "12 months after the first inclusion", []),
    ],
)
def test_clusters_at_a_look_are_its_share(unit: str, when: str, told: list[str]) -> None:
    """By the word cluster, or by what the design calls one; of clusters of an arm nothing is told."""
    look = {"id": "IA1", "purpose": "efficacy", "information": "50 %", "when": when, "spending": "Haybittle-Peto"}
    root = {"design": {"cluster": {"unit": unit, "clusters": 190}}, "statistics": {"interim": [look]}}
    (ran,) = run([LOOKS], Document("x", root), (), frozenset())
    assert [finding.pointer for finding in ran.findings] == told
