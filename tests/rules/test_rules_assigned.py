"""Doses before randomisation: those that all arms get alike are of nobody's arm."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(ASSIGNED,) = [rule for rule in RULES if rule.code == "SOA10"]
ALIKE = [{"epoch": "C1", "interventions": ["A"]}]
UNLIKE = [{"epoch": "C1", "interventions": ["A", "B"]}]


def severities(kind: str, other: list[dict[str, object]], **step: object) -> list[str]:
    """Return what the rule finds in a trial with one cycle before randomisation, by its weight."""
    regimen = {"steps": [{"id": "S", "days": ["0 d"], **step}]}
    root = {
        "design": {"epochs": [{"id": "C1", "type": kind}], "randomisations": [{"id": "R1", "at": "V3"}]},
        "arms": [{"id": "ONE", "epochs": ALIKE}, {"id": "TWO", "epochs": other}],
        "interventions": [{"id": name, "kind": "drug", "regimen": regimen} for name in "AB"],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}],
            "activities": [{"id": "DOSE", "kind": "dose", "serves": ["A", "B"]}],
            "visits": [
                {"id": "V0", "epoch": "C1", "anchor": "first_dose", "offset": "0 d", "activities": ["DOSE"]},
                {"id": "V3", "epoch": "C1", "anchor": "first_dose", "offset": "19 d"},
            ],
        },
    }
    (ran,) = run([ASSIGNED], Document("x", root), (), frozenset())
    return [str(finding.severity.name) for finding in ran.findings]


@pytest.mark.parametrize(
    ("kind", "other", "step", "told"),
    [
        ("run_in", ALIKE, {}, []),
        ("treatment", ALIKE, {}, []),
        ("treatment", ALIKE, {"arms": ["TWO"]}, ["ERROR"]),
        ("treatment", UNLIKE, {}, ["ERROR"]),
        ("run_in", UNLIKE, {}, ["WARNING"]),
    ],
)
def test_doses_that_all_arms_get_may_come_first(
    kind: str, other: list[dict[str, object]], step: dict[str, object], told: list[str]
) -> None:
    """An induction is nobody's arm; what differs between arms is an error, and a warning in what is called a run-in."""
    assert severities(kind, other, **step) == told
