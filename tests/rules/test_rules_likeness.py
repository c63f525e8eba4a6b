"""A placebo is given on the days of what it stands for, for as long as nobody knows the assignment."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(LIKE,) = [rule for rule in RULES if rule.code == "DOSE16"]
EPOCHS = [
    {"id": "SCREEN", "type": "screening", "duration": "4 wk"},
    {"id": "BLIND", "type": "treatment", "duration": "104 wk"},
    {"id": "OPEN", "type": "extension", "duration": "52 wk"},
]
ENTRIES = ({"epoch": "BLIND"}, {"epoch": "OPEN", "interventions": ["SHOT"]})
ALL_DAYS = ["0 d", "182 d", "364 d", "546 d"]


def told(placebo: list[str], active: list[Any], opened: list[str], own: Any = ENTRIES, *more: Any) -> list[str]:
    """Return what the rule says of injections, twice a year in one arm and later in both, and of their placebo."""
    arms = [
        {"id": "ACT", "epochs": [{**ENTRIES[0], "interventions": ["SHOT"]}, *ENTRIES[1:]]},
        {"id": "CTL", "epochs": [{**own[0], "interventions": ["DUMMY"]}, *own[1:]]},
    ]
    later = {"id": "LATER", "arms": ["CTL"], "dose": "1 mL", "when": "days", "days": ["728 d"]}
    main = {"id": "MAIN", "arms": ["ACT"], "dose": "1 mL", "when": "days", "days": active}
    dummy = {"id": "D", "dose": "1 mL", "when": "days", "days": placebo}
    root = {
        "design": {
            "epochs": EPOCHS,
            "blinding": {"schema": "double_blind", "by_part": [{"schema": "open_label", "epochs": opened}]},
        },
        "arms": arms,
        "schedule": {"anchors": [{"id": "first_dose", "kind": "first_dose"}, {"id": "end", "kind": "last_dose"}]},
        "interventions": [
            {"id": "SHOT", "kind": "drug", "role": "active_comparator", "matching": {"to": "DUMMY"},
             "regimen": {"anchor": "first_dose", "steps": [main, later, *more]}},
            {"id": "DUMMY", "kind": "drug", "role": "placebo", "matching": {"to": "SHOT"},
             "regimen": {"anchor": "first_dose", "steps": [dummy]}},
        ],
    }  # fmt: skip
    if not opened:
        root["design"]["blinding"]["by_part"] = []  # type: ignore[index]
    (ran,) = run([LIKE], Document("x", root), (), frozenset({"drug"}))
    return [finding.message.partition("a day ")[2] for finding in ran.findings]


LONG = [*ALL_DAYS, "728 d"]
COVER = {"id": "COVER", "dose": "1 mL", "when": "once", "from": {"anchor": "end", "offset": "182 d"}}
DELAYED = ({"epoch": "SCREEN"}, *ENTRIES)
ROWS = [
    ("alike until the assignment is opened", (ALL_DAYS, LONG, ["OPEN"]), []),
    ("the last blinded dose lacks its placebo", (ALL_DAYS[:-1], LONG, ["OPEN"]), ["from 546 d to 546 d"]),
    ("one of two loading days lacks it", (["0 d"], ["0 d", "1 d"], ["OPEN"]), ["from 1 d to 1 d"]),
    ("what follows the last dose has no day, and the blinded days have one",
     (ALL_DAYS[:-1], LONG, ["OPEN"], ENTRIES, COVER), ["from 546 d to 546 d"]),
    ("nothing is opened", (ALL_DAYS, LONG, []), ["from 728 d to 728 d"]),
    ("the arms have other epochs, so that both are held together while both last",
     (ALL_DAYS[:-1], LONG, ["OPEN"], DELAYED), []),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_placebo_is_given_whenever_the_medicine_is_and_nobody_knows(given: tuple[Any, ...], said: list[str]) -> None:
    """An arm may go on without being blinded; before that each dose has its likeness, and it is told once."""
    assert told(*given) == said


def of_a_series(first: list[Any], later: list[Any], *, route: str = "IM", like: str = "") -> list[str]:
    """Return what the rule says of a placebo for the later doses of a series, in an arm whose first is another one."""
    shot = {"kind": "vaccine", "route": "IM"}
    products = [
        {**shot, "id": "SERIES", "role": "active_comparator", "regimen": of([0, 30, 60])},
        {**shot, "id": "ONCE", "role": "experimental", "route": route, "regimen": of(first)},
        {**shot, "id": "SALINE", "role": "placebo", "matching": {"to": "SERIES"}, "regimen": of(later)},
        {**shot, "id": "COVER", "role": "placebo", "matching": {"to": "ONCE"}, "regimen": of(first)},
    ]
    others = ["SERIES", like] if like else ["SERIES"]
    root = {
        "design": {"blinding": {"schema": "double_blind"}},
        "arms": [
            {"id": "A", "epochs": [{"epoch": "T", "interventions": ["ONCE", "SALINE"]}]},
            {"id": "B", "epochs": [{"epoch": "T", "interventions": others}]},
        ],
        "interventions": products,
    }
    (ran,) = run([LIKE], Document("x", root), (), frozenset({"drug"}))
    return [day for finding in ran.findings if (day := finding.message.partition("a day ")[2])]


def of(days: list[Any]) -> dict[str, Any]:
    """Return a regimen with an injection on some days."""
    steps = [{"id": "S", "dose": "1 mL", "when": "days", "days": [f"{day} d" for day in days]}]
    return {"anchor": "first_dose", "steps": steps}


def test_a_placebo_may_replace_the_later_doses_of_a_series() -> None:
    """What counts is how often the arms are given blinded products, not what the placebo alone is given."""
    assert of_a_series([0], [30, 60]) == []
    assert of_a_series([0], [30]) == ["from 60 d to 60 d"]
    assert of_a_series([0], [0, 30, 60]) == []
    assert of_a_series([1], [30, 60]) == ["from 0 d to 0 d"]


def test_another_route_or_a_product_with_its_own_placebo_makes_up_for_nothing() -> None:
    """Where both arms get what the other lacks, each product is to be like its own placebo."""
    assert of_a_series([0], [30, 60], route="ORAL") == ["from 0 d to 0 d"]
    assert of_a_series([0], [30, 60], like="COVER") == ["from 0 d to 0 d"]


def of_two_parts(later: list[Any]) -> list[str]:
    """Return what the rule says of a part with a series of two doses, beside one that gets a single dose."""
    shot = {"kind": "vaccine", "route": "IM"}
    new = [
        {**of([0])["steps"][0], "id": "YOUNG", "arms": ["NEW1"]},
        {**of([0, 56])["steps"][0], "id": "OLD", "arms": ["NEW2"]},
    ]
    given = {"NEW1": ["NEW"], "OLD1": ["ONCE"], "NEW2": ["NEW"], "OLD2": ["STRONG", "SALINE"]}
    root = {
        "design": {
            "blinding": {"schema": "double_blind"},
            "randomisations": [{"id": "R1", "arms": ["NEW1", "OLD1"]}, {"id": "R2", "arms": ["NEW2", "OLD2"]}],
        },
        "arms": [{"id": arm, "interventions": names} for arm, names in given.items()],
        "interventions": [
            {**shot, "id": "NEW", "role": "experimental", "regimen": {"anchor": "first_dose", "steps": new}},
            *({**shot, "id": each, "role": "active_comparator", "matching": {"to": "NEW"}, "regimen": of([0])}
              for each in ("ONCE", "STRONG")),
            {**shot, "id": "SALINE", "role": "placebo", "matching": {"to": "NEW"}, "regimen": of(later)},
        ],
    }  # fmt: skip
    (ran,) = run([LIKE], Document("x", root), (), frozenset({"drug"}))
    return [day for finding in ran.findings if (day := finding.message.partition("a day ")[2])]


def test_arms_of_one_randomisation_are_compared() -> None:
    """Nobody can be assigned to an arm of the other part; a first dose that is made like the series counts as well."""
    assert of_two_parts([56]) == []
    assert of_two_parts([57]) == ["from 56 d to 57 d", "from 56 d to 56 d"]


def products(active: dict[str, Any], placebo: dict[str, Any]) -> list[str]:
    """Return what the rule says of a medicine and its placebo, which differ in what is given here."""
    root = {
        "design": {"blinding": {"schema": "double_blind"}},
        "interventions": [
            {"id": "ACT", "kind": "drug", "role": "experimental", **active},
            {"id": "PBO", "kind": "drug", "role": "placebo", "matching": {"to": "ACT", "in": ["looks"]}, **placebo},
        ],
    }
    (ran,) = run([LIKE], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


def test_rules_that_one_product_lacks_are_told_together() -> None:
    """One remedy mends them all, so that they are one finding, which names what each is about."""
    rules = [
        {"event": "diarrhoea", "action": "interrupt"},
        {"with": ["clarithromycin"], "action": "interrupt"},
        {"event": "rash", "action": "withdraw"},
    ]
    (message,) = products({"modifications": rules}, {"modifications": rules[2:]})
    assert message.endswith("PBO has none on diarrhoea and use with clarithromycin")


@pytest.mark.parametrize(("often", "count"), [("QD", 0), ("BID", 1)])
def test_cycles_that_an_event_ends_are_compared(often: str, count: int) -> None:
    """A medicine until progression has no last day, and its placebo may still not be taken twice as often."""
    step = {"id": "S", "dose": "1 {tablet}", "when": "course", "from": "0 d", "to": "13 d"}
    cycles = {"every": "21 d", "name": "cycle", "until": {"event": "progression"}}
    regimens = [{"steps": [{**step, "frequency": each}], "repeats": cycles} for each in ("QD", often)]
    assert len(products({"regimen": regimens[0]}, {"regimen": regimens[1]})) == count
