"""Doses of background therapy that is an intervention of the protocol too, with steps of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import per_day
from protocolkit.rules.model import Found
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ADAPTED = ("titrated", "dose_range", "at_discretion", "clearance", "band", "scaling", "level")


def unlike_background(trial: Trial) -> Iterator[Found]:
    """Find background therapy by an intervention in a dose that none of its steps gives, at once, in a day or in all.

    Nothing is told of doses that are adapted to the participant.
    """
    for entry in trial.at("/concomitant/background"):
        regimen = trial.root["interventions"].find(entry["intervention"].text)["regimen"]
        stated, steps = quantity(entry["dose"]), [*regimen["steps"]]
        plain = not regimen["titration"] and not any(step[key] for step in steps for key in _ADAPTED)
        if stated is None or not steps or not plain:
            continue
        known = [amounts for step in steps if (amounts := _amounts(step, stated.unit.code)) is not None]
        given = {amount for amounts in known for amount in amounts} | {sum(at_once for at_once, _ in known)}
        if len(known) == len(steps) and stated.value not in given:
            name, told = entry["intervention"].text, listed(_told(steps))
            message = f"background therapy is {stated.text} of {name}, and its steps give {told}"
            related = ((steps[0]["dose"], "the dose of the step"),)
            yield Found(entry["dose"], message, "tell one dose", related, severity=Severity.WARNING)


def _told(steps: list[Node]) -> list[str]:
    return list(dict.fromkeys(step["dose"].text for step in steps))


def _amounts(step: Node, unit: str) -> tuple[Decimal, Decimal] | None:
    """Return what a step gives at once and in a day, in a unit; None where it does not compare."""
    dose, often = quantity(step["dose"]), per_day(step)
    amount = None if dose is None else in_unit(dose.value, dose.unit.code, unit)
    return None if amount is None else (amount, amount * (often or 1))
