"""For whom the steps of a medicine and of its likeness differ: cohorts, ages, body weights and measured values."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import Choice, ages, cohorts, kilograms, steps_of
from protocolkit.dosing.course import ANYBODY
from protocolkit.dosing.readings import measured, readings
from protocolkit.words import plain

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.dosing.readings import Reading
    from protocolkit.rules.trial import Trial

_LIGHTER, _HEAVIER = Decimal("0.8"), Decimal("1.2")  # times the outer ends of bands


def people(trial: Trial, intervention: Node, partner: Node) -> list[Choice]:
    """Return the cohorts, ages, body weights and measured values for which steps of either of two differ."""
    both = (intervention["regimen"], partner["regimen"])
    assigned = {each["id"].text for each in trial.assigned_cohorts}
    named_in = {name: None for each in both for name in cohorts(each) if name in assigned}
    aged = {age: None for each in both for age in ages(each)}
    whole = product(named_in or (None,), aged or (None,), _weights(both), _readings(both))
    return [Choice(cohort=cohort, age=age, weight=weight, readings=read) for cohort, age, weight, read in whole]


def told_of(choice: Choice) -> str:
    """Say for whom it is, where steps differ by that: ` for CHILDREN`, ` for ferritin of 80 ng/mL`."""
    heavy = f"{plain(choice.weight)} kg" if choice.readings and choice.weight not in (None, ANYBODY.weight) else ""
    told = [choice.cohort or choice.age or "", heavy, *(each.words for each in choice.readings)]
    return f" for {', '.join(filter(None, told))}" if any(told) else ""


def _weights(regimens: tuple[Node, Node]) -> list[Decimal | None]:
    """Return one body weight (kg) inside of each band of two regimens, and that of anybody where there are no bands."""
    ends = {kilograms(step["band"][side]) for each in regimens for step in steps_of(each) for side in ("min", "max")}
    cuts = sorted(each for each in ends if each is not None)
    within = [(low + high) / 2 for low, high in pairwise(cuts)]
    return [cuts[0] * _LIGHTER, *within, cuts[-1] * _HEAVIER] if cuts else [ANYBODY.weight]


def _readings(regimens: tuple[Node, Node]) -> list[tuple[Reading, ...]]:
    """Return values of the measures that make steps of both due; those of one alone may be understood in the other."""
    own, others = ({measured(step): None for step in steps_of(each)} for each in regimens)
    shared = [name for name in own if name and name in others]
    return readings([step for each in regimens for step in steps_of(each)], shared)
