"""What one remedy mends is one finding."""

from __future__ import annotations

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(STAYING,) = [rule for rule in RULES if rule.code == "FU07"]


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
