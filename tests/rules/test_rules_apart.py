"""How far doses are apart, in the words of an intervention or an arm, is how far the steps have them."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MAXIMA,) = [rule for rule in RULES if rule.code == "DOSE07"]


def told(words: str, days: list[str], *, of_arm: bool = False) -> list[str]:
    """Return what is said of a vaccine in one arm, and of saline for its second dose in the other."""
    own, whole = ("", words) if of_arm else (words, "")
    shot = {"kind": "vaccine", "dose": "25 ug"}
    step = {"id": "S", "dose": "25 ug", "when": "days"}
    root: dict[str, Any] = {
        "arms": [
            {"id": "TWICE", "interventions": ["NEW"]},
            {"id": "ONCE", "interventions": ["OLD", "SALINE"], "description": whole},
        ],
        "interventions": [
            {**shot, "id": "NEW", "description": own, "regimen": {"steps": [{**step, "days": days}]}},
            {**shot, "id": "OLD", "regimen": {"steps": [{**step, "days": days[:1]}]}},
            {**shot, "id": "SALINE", "regimen": {"steps": [{**step, "days": days[1:]}]}},
        ],
    }
    (ran,) = run([MAXIMA], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize("of_arm", [False, True])
@pytest.mark.parametrize(
    "words", ["Older adults get two, 4 weeks apart.", "Two injections separated by 4 weeks", "two doses 1 month apart"]
)
def test_another_interval_than_that_of_the_steps_is_told(words: str, of_arm: bool) -> None:
    """Eight weeks lie between the doses of one product, or of two that an arm is given."""
    (message,) = told(words, ["0 d", "56 d"], of_arm=of_arm)
    assert message.endswith("and the steps give doses 56 d apart")
    assert told(words, ["0 d", "28 d"], of_arm=of_arm) == []


@pytest.mark.parametrize(
    "words",
    ["two doses 8 weeks apart", "two injections at least 4 weeks apart", "doses 2 weeks apart from other vaccines",
     "two swabs 4 weeks apart"],
)  # fmt: skip
def test_what_agrees_or_is_of_something_else_is_not_told(words: str) -> None:
    """A limit from below, a time apart from other medicines and one between samples are none between doses."""
    assert told(words, ["0 d", "56 d"]) == []
