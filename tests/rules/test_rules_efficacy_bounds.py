"""Rule STAT28 on an efficacy: the bound of success, the margin as a ratio of rates, and what the trial is sized for."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(BOUNDS,) = [rule for rule in RULES if rule.code == "STAT28"]


@pytest.mark.parametrize(
    ("lower", "margin", "null", "told"),
    [
        ("20 %", "0.8 1", 0.2, []),
        ("20 %", "20 %", 0.2, []),
        ("25 %", "0.8 1", 0.2, [("WARNING", "sized to exceed an efficacy of 0.2")]),
        ("25 %", "20 %", 0.2, [("WARNING", "sized to exceed an efficacy of 0.2")]),
        ("20 %", "0.7 1", 0.2, [("ERROR", "superiority is to be shown by more than 0.7 1")]),
        ("0 %", "0.8 1", 0.2, [("ERROR", "superiority is to be shown by more than 0.8 1")]),
        ("0.2 1", "0.2 1", 0.2, []),
    ],
)
def test_the_bound_of_an_efficacy_is_that_of_margin_and_size(
    lower: str, margin: str, null: float, told: list[tuple[str, str]]
) -> None:
    """An efficacy of 20 % is a ratio of 0.8; a trial that is sized to exceed 20 % is too small to exceed 25 %."""
    root = {
        "design": {"framework": {"kind": "superiority", "margin": margin, "direction": "a higher ratio is worse"}},
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [{"id": "E1"}]}],
        "statistics": {
            "analyses": [{"endpoint": "E1", "role": "main", "success_bounds": {"lower": lower, "level": "95 %"}}],
            "sample_size": [{"objective": "O1", "method": "ve_exact_events", "ve": 0.6, "ve_null": null}],
        },
    }
    (ran,) = run([BOUNDS], Document("x", root), (), frozenset({"drug"}))
    found = [(finding.severity.name, finding.message) for finding in ran.findings]
    assert [severity for severity, _ in found] == [severity for severity, _ in told]
    assert all(words in message for (_, message), (_, words) in zip(found, told, strict=True))
