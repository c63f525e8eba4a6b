"""Measured values that decide whether a step is given: those to look at, and which steps are due at each."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import in_unit
from protocolkit.values import NamedTuple
from protocolkit.words import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node

_LOWER, _HIGHER = Decimal("0.8"), Decimal("1.2")  # times the outer limits
_IN_WORDS = ("or_when", "not_when")


class Reading(NamedTuple):
    """A value of a measure, in a unit of the file."""

    measure: str
    value: Decimal
    unit: str

    @property
    def words(self) -> str:
        """How to tell it, as `ferritin of 80 ng/mL`."""
        return f"{self.measure} of {plain(self.value)} {self.unit}"


def is_due(step: Node, readings: Iterable[Reading]) -> bool:
    """Say whether a step is given at some values; one that no value decides is."""
    due = step["give_when"]
    own = [each for each in readings if due and each.measure == measured(step)]
    return all(_within(due, each) for each in own)


def measured(step: Node) -> str:
    """Return the measure that decides whether a step is given, folded; an empty text where none does.

    What makes it due, or suspends it, in words as well is decided by no value alone.
    """
    due = step["give_when"]
    return "" if any(due[key] for key in _IN_WORDS) else folded(due["measure"].text)


def readings(steps: Iterable[Node], measures: Iterable[str]) -> list[tuple[Reading, ...]]:
    """Return values of some measures at which different steps may be due: between their limits, beyond and at these."""
    dues = [(measured(each), each["give_when"]) for each in steps]
    return [*product(*(_values(name, [due for own, due in dues if own == name]) for name in measures))]


def _values(measure: str, dues: list[Node]) -> list[Reading]:
    limits = [found for due in dues for side in ("above", "below") if (found := quantity(due[side])) is not None]
    unit = limits[0].unit.code if limits else ""
    cuts = sorted({value for each in limits if (value := in_unit(each.value, each.unit.code, unit)) is not None})
    if not cuts:
        return []
    between = [(low + high) / 2 for low, high in pairwise(cuts)]
    return [Reading(measure, value, unit) for value in (*between, cuts[0] * _LOWER, cuts[-1] * _HIGHER, *cuts)]


def _within(due: Node, reading: Reading) -> bool:
    """Say whether a value makes a step due; a limit whose unit does not compare keeps nothing out."""
    low, high = (_in_unit_of(due[side], reading) for side in ("above", "below"))
    if due["inclusive"].value is True and reading.value in (low, high):
        return True
    return (low is None or reading.value > low) and (high is None or reading.value < high)


def _in_unit_of(limit: Node, reading: Reading) -> Decimal | None:
    found = quantity(limit)
    return None if found is None else in_unit(found.value, found.unit.code, reading.unit)
