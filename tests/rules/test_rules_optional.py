"""Those who do not enter an extension stop sooner, and are to be seen as long after their own last dose."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(CONTACT,) = [rule for rule in RULES if rule.code == "FU05"]
WEEK_14 = {"id": "V14", "epoch": "T", "anchor": "first_dose", "offset": "14 wk"}
WEEK_30 = {"id": "V30", "epoch": "X", "anchor": "first_dose", "offset": "30 wk"}
AFTER = {"id": "SFU", "epoch": "F", "anchor": "last_dose", "offset": "4 wk"}
AFTER_EXTENSION = {**AFTER, "epoch": "X"}


def outcome(*visits: dict[str, Any], optional: bool = True) -> list[str]:
    """Return what the rule says of a medicine that acts for 20 d, taken for 12 weeks, and to week 24 by choice."""
    course = {"dose": "25 mg", "when": "course", "frequency": "QD"}
    steps = [{"id": "A", **course, "from": "0 d", "to": "83 d"}, {"id": "B", **course, "from": "12 wk", "to": "24 wk"}]
    moieties = [{"name": "examplone", "half_life": "96 h", "source": "label"}]
    root = {
        "design": {
            "epochs": [
                {"id": "T", "type": "treatment", "duration": "12 wk"},
                {"id": "X", "name": "Extension", "type": "extension", "duration": "13 wk", "optional": optional},
                {"id": "F", "type": "follow_up"},
            ]
        },
        "arms": [{"id": "ACT", "interventions": ["EXA"]}],
        "interventions": [
            {"id": "EXA", "kind": "drug", "role": "experimental", "pharmacology": {"active_moieties": moieties},
             "regimen": {"steps": steps}},
        ],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "last_dose", "kind": "last_dose"}],
            "activities": [{"id": "AEQ", "serves": ["safety"]}],
            "visits": [{**visit, "activities": ["AEQ"]} for visit in visits],
        },
    }  # fmt: skip
    (ran,) = run([CONTACT], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings] or [ran.outcome.value]


EARLY = "for participants who do not enter Extension (X), the last safety contact V14 is 15 d after the last dose; "
ROWS = [
    ("a visit counts from the last dose of each", (WEEK_14, AFTER), "passed"),
    ("the visit after the last dose is one of the extension", (WEEK_14, AFTER_EXTENSION), EARLY),
    ("the last visit is one of the extension", (WEEK_14, WEEK_30), EARLY),
    ("they are seen after the extension as well", (WEEK_14, {**WEEK_30, "epoch": "F"}), "passed"),
    (
        "nobody sees them",
        (WEEK_30,),
        "for participants who do not enter Extension (X), no safety contact is after the last dose",
    ),
]


@pytest.mark.parametrize(("visits", "told"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_those_without_the_extension_are_seen_as_long(visits: tuple[dict[str, Any], ...], told: str) -> None:
    """What is planned for the extension alone does not count for them."""
    (said,) = outcome(*visits)
    assert said.startswith(told)


def test_an_extension_of_all_is_part_of_the_treatment() -> None:
    """Where everybody goes on, the last dose is that of the extension."""
    assert outcome(WEEK_14, WEEK_30, optional=False) == ["passed"]


def seasons(contact: str, *later: dict[str, Any]) -> list[str]:
    """Return what the rule says of one dose of a medicine that acts for 355 d, and five of one that acts for 135 d."""

    def product(name: str, half_life: str, **more: Any) -> dict[str, Any]:
        moieties = [{"name": name, "half_life": half_life, "source": "brochure"}]
        pharmacology = {"pharmacology": {"active_moieties": moieties}} if half_life else {}
        return {"id": name, "kind": "biologic", "role": "experimental", **pharmacology, **more}

    def on(*days: int) -> dict[str, Any]:
        steps = [{"id": "S", "dose": "50 mg", "when": "days", "days": [f"{day} d" for day in days]}]
        return {"regimen": {"steps": steps}}

    root = {
        "design": {
            "epochs": [
                {"id": "T", "type": "treatment", "duration": "360 d"},
                {"id": "X", "name": "Season 2", "type": "treatment", "duration": "150 d", "optional": True},
                {"id": "F", "type": "follow_up"},
            ]
        },
        "arms": [{"id": "A", "interventions": ["ONCE", "AGAIN"]}, {"id": "B", "interventions": ["MONTHLY"]}],
        "interventions": [
            product("ONCE", "71 d", **on(0)),
            product("AGAIN", "", same_product_as="ONCE", **on(364)),
            product("MONTHLY", "27 d", **on(0, 30, 60, 90, 120)),
        ],
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose"}],
            "activities": [{"id": "AEQ", "serves": ["safety"]}],
            "visits": [
                {"activities": ["AEQ"], "anchor": "first_dose", **visit}
                for visit in ({"id": "LAST", "epoch": "T", "offset": contact}, *later)
            ],
        },
    }
    (ran,) = run([CONTACT], Document("x", root), (), frozenset({"drug"}))
    return [finding.message.partition(" is ")[2][:5] for finding in ran.findings]


def test_each_medicine_counts_from_its_own_last_dose() -> None:
    """One that is given once need not be waited for from the last dose of the one beside it."""
    second = {"id": "END", "epoch": "X", "offset": "720 d"}
    assert seasons("358 d", second) == []
    assert seasons("340 d", second) == ["340 d"]
    assert seasons("358 d", {**second, "offset": "700 d"}) == ["336 d"]
    assert seasons("250 d", second) == ["250 d"]


ENTER, STAY_OUT = "participants who enter the extension", "participants who do not enter the extension"
ALTERNATIVES = [
    ("those who stay out are seen for themselves", [{**WEEK_30, "condition": STAY_OUT}], "passed"),
    ("all conditions are the same", [{**WEEK_30, "condition": ENTER}], EARLY),
]


@pytest.mark.parametrize(("more", "told"), [row[1:] for row in ALTERNATIVES], ids=[row[0] for row in ALTERNATIVES])
def test_nobody_skips_both_of_two_alternatives(more: list[dict[str, Any]], told: str) -> None:
    """Where an optional epoch has visits of those who do not enter another, everybody is in one of them."""
    (said,) = outcome(WEEK_14, *more)
    assert said.startswith(told)
