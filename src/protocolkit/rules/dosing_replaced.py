"""Whether what an arm is given beside a likeness makes up for the doses that the likeness does not stand for.

A placebo may replace the second dose of a series alone, in an arm whose first dose is another blinded product.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import chosen, steps_of
from protocolkit.dosing.course import days_given
from protocolkit.dosing.readings import measured, readings
from protocolkit.dosing.times import FIRST_DOSE
from protocolkit.rules.blinding_parts import given_open
from protocolkit.rules.times import AFTER_TREATMENT, anchor_kind, anchor_of
from protocolkit.rules.trial import DRUG_KINDS, INERT_ROLES, TESTED_ROLES
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.dosing.alternatives import Choice
    from protocolkit.rules.trial import Trial

_HIDDEN_ROLES = TESTED_ROLES | INERT_ROLES  # the rest, such as background, is given to all and stands for nothing


class _Place(NamedTuple):
    """An arm in which a product is given, in which epochs, and all that is given there."""

    arm: str
    epochs: frozenset[str]
    given: tuple[Node, ...]


def made_up(
    trial: Trial, pair: tuple[Node, Node], choice: Choice, days: Iterable[int], event_on: Decimal | None = None
) -> set[int]:
    """Return those of some days on which all arms that get either of a pair are given blinded products equally often.

    What has a likeness of its own in the other arm makes up for nothing; where the days of one of the products do not
    follow, nothing does.
    """
    sides = [_places(trial, each) for each in pair]
    apart = [
        (one, other)
        for one in sides[0]
        for other in sides[1]
        if one.arm != other.arm and _meet(one, other) and are_compared(trial, one.arm, other.arm)
    ]
    if not apart:
        return set()
    alike = set(days)
    for places in apart:
        try:
            first, second = (
                _in_all(trial, pair, own, beside, choice, event_on) for own, beside in (places, places[::-1])
            )
        except NotComputable:
            return set()
        alike -= {day for day in alike if first[day] != second[day]}
    return alike


def _places(trial: Trial, intervention: Node) -> list[_Place]:
    known, found = trial.root["interventions"], []
    name = intervention["id"].text
    for arm in trial.root["arms"]:
        always = [node.text for node in arm["interventions"]]
        here = [each for each in arm["epochs"] if name in {*always, *(node.text for node in each["interventions"])}]
        if here or name in always:
            names = dict.fromkeys((*always, *(node.text for each in here for node in each["interventions"])))
            epochs = frozenset(each["epoch"].text for each in here)
            found.append(_Place(arm["id"].text, epochs, tuple(known.find(each) for each in names)))
    return found


def are_compared(trial: Trial, arm: str, other: str) -> bool:
    """Say whether somebody may be assigned to either of two arms: not where each is of a randomisation of its own."""
    groups = [{node.text for node in each["arms"]} for each in trial.at("/design/randomisations")]
    return any({arm, other} <= group for group in groups) or not {arm, other} <= set().union(*groups)


def _meet(one: _Place, other: _Place) -> bool:
    return one.epochs == other.epochs or bool(one.epochs & other.epochs)


def _in_all(
    trial: Trial, pair: tuple[Node, Node], own: _Place, beside: _Place, choice: Choice, event_on: Decimal | None
) -> Counter[int]:
    """Return how often an arm is given blinded products on each day, by the route and from the day of a pair."""
    times: Counter[int] = Counter()
    paths = {one.path for one in pair}
    others = [each for each in beside.given if each.path not in paths]
    for each in own.given:
        answered = each.path not in paths and any(_alike(each, other) for other in others)
        if _counts(trial, each, pair) and not answered:
            times.update(times_of(trial, each, choice._replace(arm=own.arm), event_on))
    return times


def _counts(trial: Trial, each: Node, pair: tuple[Node, Node]) -> bool:
    if each["kind"].text not in DRUG_KINDS or each["role"].text not in _HIDDEN_ROLES or given_open(trial, each):
        return False
    same = {(one["route"].text, _anchor(one)) for one in pair}
    return (each["route"].text, _anchor(each)) in same


def _anchor(intervention: Node) -> str:
    return intervention["regimen"]["anchor"].text or FIRST_DOSE


def _alike(each: Node, other: Node) -> bool:
    """Say whether one of two is made like the other."""
    names = each["id"].text, other["id"].text
    return each["matching"]["to"].text == names[1] or other["matching"]["to"].text == names[0]


def times_of(trial: Trial, intervention: Node, choice: Choice, event_on: Decimal | None = None) -> Counter[int]:
    """Return how often an intervention is given on each day; what follows the last dose is another treatment.

    `event_on` is the day to take for an event that ends a step or the cycles. Of steps that exclude each other, as
    different values make them due, those of the value with most count on each day.
    """
    often = Counter(measured(step) for step in steps_of(intervention["regimen"]))
    known = {each.measure for each in choice.readings}
    several = [name for name, number in often.items() if name and number > 1 and name not in known]
    most: Counter[int] = Counter()
    for values in readings(steps_of(intervention["regimen"]), several):
        most |= _times_at(trial, intervention, choice._replace(readings=(*choice.readings, *values)), event_on)
    return most


def _times_at(trial: Trial, intervention: Node, choice: Choice, event_on: Decimal | None) -> Counter[int]:
    regimen = intervention["regimen"]
    steps = [step for step in chosen(regimen, choice) if not afterwards(trial, step)]
    if any(step["at_discretion"] for step in steps):
        raise NotComputable("the number of administrations is open", regimen.pointer)
    return Counter(int(day // 1) for step in steps for day in days_given(step, regimen, event_on))


def afterwards(trial: Trial, step: Node) -> bool:
    """Say whether a step is given after the last dose, or at the end of treatment."""
    return anchor_kind(trial, anchor_of(step["from"])) in AFTER_TREATMENT
