"""Vaccines that are made alike go into the same limb, and two of an arm into different ones."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

CHOSEN = [rule for rule in RULES if rule.code in ("DOSE16", "DOSE29")]
LEFT, RIGHT = "anterolateral left thigh", "right thigh"


def vaccine(name: str, site: str, day: str = "0 d", **more: Any) -> dict[str, Any]:
    """Return a vaccine that is injected once."""
    step = {"id": "S", "dose": "0.5 mL", "when": "once", "from": day}
    return {"id": name, "kind": "vaccine", "vaccine": {"injection_site": site}, "regimen": {"steps": [step]}, **more}


def outcome(own: str, control: str, routine: str, day: str = "0 d", alike: str = "injection site") -> list[str]:
    """Return the codes and weights for a blinded vaccine, its control, and a routine vaccine of both arms."""
    matching = {"to": "NEW", "in": [alike]}
    root = {
        "design": {"blinding": {"schema": "double_blind"}},
        "arms": [{"id": "A", "interventions": ["NEW", "DTP"]}, {"id": "B", "interventions": ["OLD", "DTP"]}],
        "interventions": [
            vaccine("NEW", own, role="experimental"),
            vaccine("OLD", control, role="active_comparator", matching=matching),
            vaccine("DTP", routine, day, role="background_treatment"),
        ],
        "schedule": {"day_one": "first_dose", "anchors": [{"id": "first_dose", "kind": "first_dose"}]},
    }
    ran = run(CHOSEN, Document("x", root), (), frozenset({"drug", "vaccine"}))
    return sorted(f"{finding.code} {finding.severity.value}" for each in ran for finding in each.findings)


ROWS = [
    ("as planned", (LEFT, LEFT, RIGHT), []),
    ("the control goes to the other side", (LEFT, "left arm", RIGHT), ["DOSE16 warning"]),
    ("it goes beside another vaccine", (LEFT, RIGHT, RIGHT), ["DOSE16 warning", "DOSE29 info"]),
    ("on another day", (LEFT, LEFT, LEFT, "28 d"), []),
    ("with words on how far apart", (LEFT, LEFT, "left thigh, 2.5 cm from the other vaccine"), []),
    ("alike in something else", (LEFT, RIGHT, "left arm", "0 d", "volume"), []),
    ("no side is named", ("thigh", "arm", "thigh"), []),
]


@pytest.mark.parametrize(("given", "told"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_vaccines_have_a_limb_of_their_own(given: tuple[str, ...], told: list[str]) -> None:
    """A control in another limb tells who gets what, and two in one limb cannot be told apart by their reactions."""
    assert outcome(*given) == told
