"""Where treatment is under way when participants are randomised to how long it lasts, what came before is of all."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}
CASES = [
    ("a week more than the epoch", "SOA09", "20 d", ["A"], ["A"], "found"),
    ("as long as the epoch from randomisation on", "SOA09", "13 d", ["A"], ["A"], "passed"),
    ("what differs is given before it is assigned", "SOA10", "13 d", ["A"], ["B"], "found"),
    ("only the duration is assigned", "SOA10", "13 d", ["A"], ["A"], "passed"),
]


@pytest.mark.parametrize(
    ("code", "until", "one", "other", "outcome"), [row[1:] for row in CASES], ids=[r[0] for r in CASES]
)
def test_what_is_given_before_randomisation(
    code: str, until: str, one: list[str], other: list[str], outcome: str
) -> None:
    """Antibiotics are begun at the bedside, and on day 7 chance decides whether they stop or go on for a week."""
    step = {"id": "S", "when": "course", "frequency": "QD", "from": "0 d", "to": until}
    drugs: list[dict[str, Any]] = [
        {"id": name, "kind": "drug", "role": "experimental", "regimen": {"anchor": "start", "steps": [step]}}
        for name in ("A", "B")
    ]
    root = {
        "design": {
            "epochs": [{"id": "SCR", "type": "screening"}, {"id": "TRT", "type": "treatment", "duration": "7 d"}],
            "randomisations": [{"id": "R1", "at": "D7", "unit": "participant"}],
        },
        "arms": [{"id": "SHORT", "interventions": one}, {"id": "LONG", "interventions": other}],
        "interventions": drugs,
        "schedule": {
            "day_one": "start",
            "anchors": [{"id": "start", "kind": "first_dose"}],
            "activities": [{"id": "RAND", "serves": ["R1"]}],
            "visits": [
                {"id": "D7", "epoch": "SCR", "anchor": "start", "offset": "6 d", "activities": ["RAND"]},
                {"id": "D14", "epoch": "TRT", "anchor": "start", "offset": "13 d"},
            ],
        },
    }
    (ran,) = run([BY_CODE[code]], Document("x", root), (), frozenset({"drug"}))
    assert ran.outcome.value == outcome
