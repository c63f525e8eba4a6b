"""A taper is asked for what is taken so long that its end matters: daily or nearly so, for two weeks and longer."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, Outcome, run

DAILY = {"id": "S", "dose": "10 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "83 d"}


def outcome(step: dict[str, Any], **regimen: Any) -> Outcome:
    """Return what becomes of the rule for one medicine that the library does not know."""
    root = {
        "interventions": [
            {
                "id": "NEW", "kind": "drug", "role": regimen.pop("role", "experimental"), "substance": "examplicine",
                "route": regimen.pop("route", "ORAL"), "regimen": {"steps": [step], **regimen},
            }
        ]
    }  # fmt: skip
    (ran,) = run([rule for rule in RULES if rule.code == "DOSE14"], Document("x", root), (), frozenset({"drug"}))
    return ran.outcome


@pytest.mark.parametrize(
    "step",
    [
        DAILY,
        {**DAILY, "frequency": "QOD"},
        {key: value for key, value in DAILY.items() if key != "to"} | {"until": {"event": "progression"}},
    ],
)
def test_the_end_of_a_course_that_lasts_is_asked_for(step: dict[str, Any]) -> None:
    """Nobody knows what comes when a body that is used to a new substance no longer gets it."""
    assert outcome(step) == Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("step", "regimen"),
    [
        ({"id": "S", "dose": "10 mg", "when": "days", "days": ["0 d", "21 d", "42 d"]}, {}),
        ({**DAILY, "frequency": "QW"}, {}),
        ({**DAILY, "to": "4 d"}, {}),
        ({**DAILY, "to": "13 d"}, {"repeats": {"every": "21 d", "times": 6}}),
        ({"id": "S", "dose": "10 mg", "when": "once", "from": "0 d"}, {"repeats": {"every": "21 d", "until": "x"}}),
        (DAILY, {"role": "active_comparator"}),
    ],
)
def test_what_ends_often_needs_no_taper(step: dict[str, Any], regimen: dict[str, Any]) -> None:
    """Weekly doses, a few days, cycles with pauses and a known comparator raise no question."""
    assert outcome(step, **regimen) != Outcome.NOT_CHECKED


def test_a_patch_a_week_acts_every_day() -> None:
    """What goes through the skin is taken without a pause."""
    assert outcome({**DAILY, "frequency": "QW"}, route="TRANSDERMAL") == Outcome.NOT_CHECKED
