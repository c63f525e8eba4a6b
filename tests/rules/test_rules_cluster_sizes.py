"""A number for clusters of one size, where the design states how much they differ."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, run

(CLUSTERS,) = [rule for rule in RULES if rule.code == "STAT13"]
ENTRY = {
    "objective": "O1", "method": "cluster_two_props_z", "p1": 0.006, "p2": 0.02, "alpha": 0.05, "sided": 2,
    "power": 0.9, "icc": 0.05, "m": 50, "ratio": "1:1", "randomised_total": 9500,
}  # fmt: skip


@pytest.mark.parametrize(
    ("size_cv", "changes", "told"),
    [
        (0.4, {}, 1),
        (0.1, {}, 0),
        (0.4, {"randomised_total": 10600}, 0),
        (0.4, {"randomised_total": 10600, "missing": "10 %"}, 1),
        (0.4, {"rationale": "The spread of ring sizes is not added, as rings are added when they are small."}, 0),
        (0.4, {"method": "other"}, 0),
    ],
)
def test_clusters_of_unequal_size_need_more(size_cv: float, changes: dict[str, Any], told: int) -> None:
    """It is information, silent where the number allows for it or words say why it is left out."""
    root = {
        "design": {"cluster": {"unit": "ring", "icc": 0.05, "size": 50, "size_cv": size_cv}},
        "statistics": {"sample_size": [{**ENTRY, **changes}]},
    }
    (ran,) = run([CLUSTERS], Document("x", root), (), frozenset())
    assert [finding.severity for finding in ran.findings] == [Severity.INFO] * told
    assert all("10555 evaluable participants" in finding.message for finding in ran.findings)
