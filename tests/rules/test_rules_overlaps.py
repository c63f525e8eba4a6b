"""Windows that overlap are told once, and only where a contact could be taken for either visit."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(OVERLAPPING,) = [rule for rule in RULES if rule.code == "SOA02"]


def visit(name: str, day: int | list[int], after: int, *activities: str, **more: Any) -> dict[str, Any]:
    """Write a visit with a window that is open to one side."""
    when = {"offsets": [f"{each} d" for each in day]} if isinstance(day, list) else {"offset": f"{day} d"}
    window = {"before": "0 d", "after": f"{after} d"}
    return {"id": name, "anchor": "first", **when, "window": window, "activities": [*(activities or ["BP"])], **more}


ROWS: list[tuple[list[dict[str, Any]], int]] = [
    ([visit("A", 20, 9), visit("B", 28, 9)], 1),
    ([visit("A", 20, 8), visit("B", 28, 9)], 0),
    ([visit("A", 20, 9), visit("B", 28, 9), visit("C", 36, 9)], 1),
    ([visit("A", [21, 22, 23], 14)], 0),
    ([visit("A", [7, 14, 21], 9)], 1),
    ([visit("A", 20, 9, "BP", "DOSE"), visit("B", 28, 9, "BP", "DOSE")], 0),
    ([visit("A", 20, 9, "BP", "DOSE"), visit("B", 28, 9)], 1),
    ([visit("A", 20, 9, condition="response"), visit("B", 28, 9, condition="no response")], 0),
]


@pytest.mark.parametrize(("visits", "told"), ROWS)
def test_only_what_leaves_a_contact_in_doubt_is_told(visits: list[dict[str, Any]], told: int) -> None:
    """Two days in common, of visits that neither a dose, a condition nor a common delay tells apart."""
    step = {"id": "S", "supervised": True, "when": "once", "from": "0 d"}
    root = {
        "interventions": [{"id": "M", "kind": "drug", "regimen": {"steps": [step]}}],
        "schedule": {
            "anchors": [{"id": "first", "kind": "first_dose"}],
            "activities": [{"id": "BP", "serves": ["safety"]}, {"id": "DOSE", "kind": "dose", "serves": ["M"]}],
            "visits": visits,
        },
    }
    (ran,) = run([OVERLAPPING], Document("x", root), (), frozenset())
    assert len(ran.findings) == told, [finding.message for finding in ran.findings]
