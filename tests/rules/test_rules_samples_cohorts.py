"""One row of samples counts what the cohort with the most visits has."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(BLOOD,) = [rule for rule in RULES if rule.code == "SOA08"]


def told(*rows: dict[str, Any]) -> list[str]:
    """Return what is said of a serum that both cohorts give once, and the older ones twice more."""
    days = {"V1": [], "V2": ["OLD"], "V3": ["OLD"]}
    visits = [
        {"id": name, "anchor": "start", "offset": f"{place} wk", "cohorts": cohorts, "activities": ["HAI"]}
        for place, (name, cohorts) in enumerate(days.items())
    ]
    root = {
        "population": {"age": {"min": "18 a"}, "cohorts": [{"id": "YOUNG"}, {"id": "OLD"}]},
        "schedule": {
            "anchors": [{"id": "start", "kind": "first_dose"}],
            "activities": [{"id": "HAI", "name": "serum", "kind": "laboratory"}],
            "visits": visits,
        },
        "appendices": {"samples": [{"activity": "HAI", "type": "serum", "volume": "5 mL", **row} for row in rows]},
    }
    (ran,) = run([BLOOD], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize(("times", "found"), [(2, True), (3, False), (4, False)])
def test_a_row_for_all_counts_the_visits_of_each_cohort(times: int, found: bool) -> None:
    """More may be counted than is planned, for visits that are not."""
    message = "blood for HAI is counted 2 times, and the schedule has it 3 times in cohort OLD"
    assert told({"times": times}) == [message] * found


def test_rows_for_one_activity_may_be_those_of_its_cohorts() -> None:
    """Each may count for another one."""
    assert told({"times": 1}, {"times": 3}) == []
