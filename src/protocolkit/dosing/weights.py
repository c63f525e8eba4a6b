"""The body weights at which a table of doses is computed: those of the file, and some that its population can have."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import band_weights, kilograms, of_cohort
from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import in_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

# Weights to read a table by, not typical of anyone; the protocol's own limits stand beside them.
_ADULTS = (Decimal(50), Decimal(70), Decimal(100))
_CHILDREN = (Decimal(10), Decimal(20), Decimal(30))
_GROWN, _GROWING, _SMALL = Decimal(18), Decimal(12), Decimal(2)  # years
_WEIGHT = ("weight", "body weight")
_SIDES = {"above": "below", "below": "above"}
_BESIDE = Decimal("0.1")  # kg: a weight in a band whose end does not belong to it


def reference_weights(intervention: Node, cohort: str | None = None) -> list[Decimal]:
    """Return the weights (kg) that a table of doses is computed at, in order, within the limits of the protocol.

    Those for which the protocol states doses itself are among them. The limits are those of all steps, or of the steps
    that a cohort is given: weights that only others can have are none of its own.
    """
    steps = of_cohort(intervention["regimen"], cohort)
    low, high = _limits(steps)
    weights = {limit for limit in (low, high) if limit is not None} | band_weights(steps)
    told = (quantity(row["weight"]) for row in intervention["regimen"]["derived"])
    weights |= {found.value for found in told if found is not None and found.unit.code == "kg"}
    population = intervention.document.root["population"]
    weights |= {weight for weight in _supposed(population["age"], steps) if _may_enter(population, weight)}
    weights |= {inside for step in steps for inside in _inside(step["band"], weights)}
    return sorted(w for w in weights if (low is None or w >= low) and (high is None or w <= high))


def _supposed(age: Node, steps: list[Node]) -> set[Decimal]:
    """Return weights that people of an age can have, whatever the file says of weights.

    Where nobody grown up takes part, an open band ends the weights: nobody need be heavier than its limit.
    """
    youngest, oldest = _years(age["min"]), _years(age["max"])
    if oldest is None or oldest >= _GROWN:
        return {*_ADULTS, *(_CHILDREN if youngest is not None and youngest < _GROWN else ())}
    found = {*(_CHILDREN if oldest >= _SMALL else _CHILDREN[:1]), *(_ADULTS[:2] if oldest >= _GROWING else ())}
    ends = [end for step in steps for side in ("min", "max") if (end := kilograms(step["band"][side])) is not None]
    return {weight for weight in found if not ends or weight <= max(ends)}


def entry_weights(population: Node) -> Iterator[tuple[Decimal, Node, str]]:
    """Yield the limits of body weight (kg) that criteria for all set as keys, each with the side that may enter."""
    for key in ("inclusion", "exclusion"):
        for criterion in population[key]:
            of_all = criterion["measure"].text.strip().casefold() in _WEIGHT and not criterion["cohorts"]
            for side, other in _SIDES.items() if of_all else ():
                if (limit := kilograms(criterion[side])) is not None:
                    yield limit, criterion[side], side if key == "inclusion" else other


def _may_enter(population: Node, weight: Decimal) -> bool:
    limits = entry_weights(population)
    return all(weight >= limit if enters == "above" else weight <= limit for limit, _, enters in limits)


def _inside(band: Node, weights: set[Decimal]) -> set[Decimal]:
    """Return a weight in a band that none of the weights lies in, beside an end that does not belong to it."""
    low, high = kilograms(band["min"]), kilograms(band["max"])
    if (low is None and high is None) or any(_lies(band, weight, low, high) for weight in weights):
        return set()
    beside = high - _BESIDE if high is not None else (low or Decimal(0)) + _BESIDE
    return {beside} if _lies(band, beside, low, high) else set()


def _lies(band: Node, weight: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    above = low is None or weight > low or (weight == low and band["min_inclusive"].value is not False)
    return above and (high is None or weight < high or (weight == high and band["max_inclusive"].value is not False))


def _years(node: Node) -> Decimal | None:
    found = quantity(node)
    return in_mean(found, "a") if found is not None else None


def _limits(steps: list[Node]) -> tuple[Decimal | None, Decimal | None]:
    ends: dict[str, list[Decimal]] = {"min": [], "max": []}
    for step in steps:
        for end, values in ends.items():
            found = quantity(step["scaling"]["range"][end])
            if found and found.unit.code == "kg":
                values.append(found.value)
    return (max(ends["min"]) if ends["min"] else None), (min(ends["max"]) if ends["max"] else None)
