"""The efficacy of a vaccine may be told of those who got it as planned, where everybody stands beside it."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, run

(EVERYONE,) = [rule for rule in RULES if rule.code == "STAT07"]
SETS = [
    {"id": "EVAL", "definition": "participants without major deviations", "analysed_in": "arm allocated"},
    {"id": "ALL", "definition": "all randomised participants", "analysed_in": "arm allocated"},
]
MAIN = {"endpoint": "E1", "role": "main", "set": "EVAL"}
BESIDE = {"endpoint": "E1", "role": "sensitivity", "set": "ALL"}


@pytest.mark.parametrize(
    ("kind", "analyses", "severity"),
    [
        ("vaccine", [MAIN, BESIDE], Severity.INFO),
        ("vaccine", [MAIN], Severity.WARNING),
        ("drug", [MAIN, BESIDE], Severity.WARNING),
    ],
)
def test_efficacy_as_planned(kind: str, analyses: list[dict[str, Any]], severity: Severity) -> None:
    """It is information for a vaccine, and a warning where nothing stands beside it or a medicine is tested."""
    root = {
        "design": {"randomisations": [{"id": "R1"}]},
        "interventions": [{"id": "V", "kind": kind, "role": "experimental"}],
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [{"id": "E1", "outcome": "CASE"}]}],
        "statistics": {"analysis_sets": SETS, "analyses": analyses},
    }
    (ran,) = run([EVERYONE], Document("x", root), (), frozenset())
    (finding,) = ran.findings
    assert finding.severity is severity
    assert "EVAL (without major deviations)" in finding.message
