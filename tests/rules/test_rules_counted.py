"""A placebo comes in as many pieces as what it stands for, also where doses follow from the body surface."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(LIKE,) = [rule for rule in RULES if rule.code == "DOSE16"]
NOTE = {"note": "bottles look the same"}


def told(dose: str, placebo: str, matching: dict[str, Any], strength: str = "5 mg") -> list[str]:
    """Return what the rule says of tablets for two weeks or six, and of a placebo that fills up the two weeks."""
    course = {"when": "course", "frequency": "QD"}
    short = {**course, "id": "SHORT", "dose": dose, "arms": ["A"], "from": "0 d", "to": "13 d"}
    long = {**course, "id": "LONG", "dose": dose, "arms": ["B"], "from": "0 d", "to": "41 d"}
    dummy = {**course, "id": "D", "dose": placebo, "arms": ["A"], "from": "14 d", "to": "41 d"}
    tablets = {"kind": "drug", "route": "ORAL", "product": {"form": "TABLET", "strength": strength}}
    root = {
        "design": {"blinding": {"schema": "double_blind"}},
        "arms": [{"id": "A", "interventions": ["ACT", "PBO"]}, {"id": "B", "interventions": ["ACT"]}],
        "schedule": {"anchors": [{"id": "first_dose", "kind": "first_dose"}]},
        "interventions": [
            {**tablets, "id": "ACT", "role": "experimental", "regimen": {"steps": [short, long]}},
            {**tablets, "id": "PBO", "role": "placebo", "regimen": {"steps": [dummy]},
             "matching": {"to": "ACT", **matching}},
        ],
    }  # fmt: skip
    (ran,) = run([LIKE], Document("x", root), (), frozenset({"drug"}))
    return [finding.message.partition("made like, ")[2] for finding in ran.findings]


ROWS: list[tuple[str, tuple[Any, ...], list[str]]] = [
    ("alike by surface", ("40 mg/m2", "40 mg/m2", {}), []),
    ("half as many again", ("40 mg/m2", "60 mg/m2", {}),
     ["in the number of pieces: 12 per m2 and 8 per m2 from 14 d on (steps D and LONG)"]),
    ("a note says what masks it", ("40 mg/m2", "60 mg/m2", NOTE), []),
    ("they are said to be alike in number", ("40 mg/m2", "60 mg/m2", {**NOTE, "in": ["look", "number"]}),
     ["in the number of pieces: 12 per m2 and 8 per m2 from 14 d on (steps D and LONG)"]),
    ("a note says what masks the number",
     ("40 mg/m2", "60 mg/m2", {"note": "two tablets in one capsule", "in": ["number"]}), []),
    ("by surface and fixed do not compare", ("40 mg/m2", "60 mg", {}), []),
    ("fixed doses of certain arms", ("10 mg", "15 mg", {}),
     ["in the number of pieces: 3 and 2 from 14 d on (steps D and LONG)"]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_pieces_are_compared(given: tuple[Any, ...], said: list[str]) -> None:
    """By the strength of each, in the arms that get them."""
    assert told(*given) == said
