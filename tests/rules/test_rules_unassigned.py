"""An arm that no randomisation assigns is beside the numbers of those randomised: sentinels who are treated openly."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(ENOUGH,) = [rule for rule in RULES if rule.code == "STAT15"]
SIZE = {
    "objective": "O1", "endpoint": "E1", "method": "two_means_z", "delta": "1 {score}", "sd": "1 {score}",
    "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": "1:1", "missing": "10 %",
}  # fmt: skip


def told(among: list[str], **numbers: int) -> list[str]:
    """Return what the rule says of two arms of 37 and of 11 sentinels, where a randomisation is among some arms."""
    held = {"ACTIVE": 37, "PLACEBO": 37, "SENTINELS": 11}
    root = {
        "design": {"randomisations": [{"id": "R1", "arms": among}]},
        "arms": [{"id": name, "participants": number} for name, number in held.items()],
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [{"id": "E1"}]}],
        "statistics": {"sample_size": [{**SIZE, **numbers}]},
    }
    (ran,) = run([ENOUGH], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize(
    "numbers", [{"randomised_per_arm": 37}, {"randomised_total": 74}, {"randomised_total": 85}, {"evaluable_total": 44}]
)
def test_an_arm_outside_all_randomisations_is_beside_the_number(numbers: dict[str, Any]) -> None:
    """The two arms that are assigned have the number; their sum may be told with the sentinels or without them."""
    assert told(["ACTIVE", "PLACEBO"], **numbers) == []


def test_an_assigned_arm_is_held_against_the_number() -> None:
    """What the other arms have is told as before, and so is an arm of few that a randomisation names."""
    assert told(["ACTIVE", "PLACEBO"], randomised_per_arm=40) != []
    assert told(["ACTIVE", "PLACEBO"], randomised_total=80) != []
    assert "arm SENTINELS has 11" in told(["ACTIVE", "PLACEBO", "SENTINELS"], randomised_per_arm=37)[0]
