"""The dose of background therapy that is an intervention of the protocol is one that its steps give."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MAXIMA,) = [rule for rule in RULES if rule.code == "DOSE07"]
ONCE = [{"id": "A", "when": "once", "from": "0 d", "dose": "400 mg"}]
DAILY = [{"id": "A", "when": "course", "frequency": "BID", "from": "0 d", "to": "9 d", "dose": "500 mg"}]
LOADED = [{"id": "A", "when": "once", "from": "0 d", "dose": "840 mg"}, {**ONCE[0], "id": "B", "dose": "420 mg"}]
RAISED = [{**ONCE[0], "titrated": True}]


@pytest.mark.parametrize(
    ("dose", "steps", "told"),
    [
        ("200 mg", ONCE, 1),
        ("0.4 g", ONCE, 0),
        ("1000 mg", DAILY, 0),
        ("750 mg", DAILY, 1),
        ("420 mg", LOADED, 0),
        ("1260 mg", LOADED, 0),
        ("600 mg", LOADED, 1),
        ("200 mg", RAISED, 0),
        ("2 mg/kg", ONCE, 0),
    ],
)
def test_background_therapy_is_dosed_as_its_intervention(dose: str, steps: list[dict[str, str]], told: int) -> None:
    """At once, in a day or in all; nothing is told of doses that are adapted, or of another kind of unit."""
    root = {
        "interventions": [
            {"id": "MAB", "kind": "biologic", "role": "background_treatment", "regimen": {"steps": steps}}
        ],
        "concomitant": {"background": [{"intervention": "MAB", "dose": dose}]},
    }
    (ran,) = run([MAXIMA], Document("x", root), (), frozenset({"drug"}))
    assert len(ran.findings) == told, [finding.message for finding in ran.findings]
