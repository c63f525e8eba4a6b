"""Doses of background therapy that is an intervention of the protocol too, with steps of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import per_day
from protocolkit.rules.pairs import Pair
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ADAPTED = ("titrated", "dose_range", "at_discretion", "clearance", "band", "scaling", "level")


def doses(trial: Trial) -> Iterator[Pair]:
    """Yield each dose of background therapy by an intervention: one of its steps gives it, at once or in a day."""
    for entry in trial.at("/concomitant/background"):
        regimen = trial.root["interventions"].find(entry["intervention"].text)["regimen"]
        stated, steps = quantity(entry["dose"]), [*regimen["steps"]]
        plain = not regimen["titration"] and not any(step[key] for step in steps for key in _ADAPTED)
        if stated is None or not steps or not plain:
            continue
        known = [_amounts(step, stated.unit.code) for step in steps]
        at_once = [each[0] for each in known if each is not None]
        if len(at_once) == len(steps):
            told = f"the steps of {entry['intervention'].text} give {listed(_told(steps))}"
            alike = any(stated.value in each for each in known if each is not None) or stated.value == sum(at_once)
            yield Pair(entry["dose"], "dose of background therapy", told, alike, Severity.WARNING)


def _told(steps: list[Node]) -> list[str]:
    return list(dict.fromkeys(step["dose"].text for step in steps))


def _amounts(step: Node, unit: str) -> tuple[Decimal, Decimal] | None:
    """Return what a step gives at once and in a day, in a unit; None where it does not compare."""
    dose, often = quantity(step["dose"]), per_day(step)
    amount = None if dose is None else in_unit(dose.value, dose.unit.code, unit)
    return None if amount is None else (amount, amount * (often or 1))
