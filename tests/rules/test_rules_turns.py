"""Treatment that changes within an arm, or with the arm: the words, the day on which it opens, and the steps."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MAXIMA,) = [rule for rule in RULES if rule.code == "DOSE07"]
(EPOCHS,) = [rule for rule in RULES if rule.code == "SOA09"]
COURSE = {"when": "course", "frequency": "QD", "dose": "10 mg"}
ANCHORS = [
    {"id": "first_dose", "kind": "first_dose"},
    {"id": "crossing", "kind": "event", "expected": {"anchor": "first_dose", "offset": "150 d"}},
]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Examplinib for 2 weeks, then placebo for 4 weeks.", 0),
        ("Examplinib for two weeks, then placebo.", 0),
        ("Examplinib for 14 days, then matching placebo.", 0),
        ("Examplinib for 3 weeks, then placebo for 4 weeks.", 1),
        ("Placebo for 3 weeks, then examplinib.", 0),
    ],
)
def test_placebo_begins_when_the_words_of_the_arm_say(words: str, told: int) -> None:
    """The steps change to placebo after two weeks."""
    root = {
        "arms": [{"id": "A", "epochs": [{"epoch": "T", "interventions": ["X", "P"], "description": words}]}],
        "schedule": {"anchors": ANCHORS},
        "interventions": [
            {"id": "X", "kind": "drug", "regimen": {"steps": [{**COURSE, "id": "S", "from": "0 d", "to": "13 d"}]}},
            {"id": "P", "kind": "drug", "role": "placebo",
             "regimen": {"steps": [{**COURSE, "id": "S", "from": "14 d", "to": "41 d"}]}},
        ],
    }  # fmt: skip
    (ran,) = run([MAXIMA], Document("x", root), (), frozenset({"drug"}))
    assert len(ran.findings) == told


@pytest.mark.parametrize(
    ("anchor", "opens", "expected", "told"),
    [
        ("crossing", "day 91 of the participant", "150 d", 0),
        ("crossing", "day 91 of the participant", "60 d", 1),
        ("first_dose", "day 91 of the participant", "150 d", 1),
        ("first_dose", "after the first analysis", "150 d", 0),
    ],
)
def test_an_arm_has_nothing_before_it_opens(anchor: str, opens: str, expected: str, told: int) -> None:
    """Whoever is given something on the first day had no time to be in another arm before."""
    late = {"id": "B", "enters_from": ["A"], "interventions": ["X"], "opens": opens}
    step = {"id": "S", "dose": "1 mg", "when": "once", "from": "0 d"}
    visit = {"id": "V", "epoch": "T", "anchor": "first_dose", "offset": "0 d"}
    crossing = {**ANCHORS[1], "expected": {"anchor": "first_dose", "offset": expected}}
    own = {"id": "X1", "epoch": "T", "anchor": "crossing", "offset": "0 d", "arms": ["B"]}
    root = {
        "design": {"epochs": [{"id": "T", "type": "treatment", "duration": "365 d"}]},
        "arms": [{"id": "A"}, late],
        "interventions": [{"id": "X", "kind": "drug", "regimen": {"anchor": anchor, "steps": [step]}}],
        "schedule": {"anchors": [ANCHORS[0], crossing], "visits": [visit, own]},
    }
    (ran,) = run([EPOCHS], Document("x", root), (), frozenset())
    assert len(ran.findings) == told
