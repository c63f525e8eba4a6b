"""The body weights and surfaces at which doses are computed: those of the file, and some that people can have."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import band_weights, kilograms, of_cohort
from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import in_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from protocolkit.document import Node

# Sizes to read a table by, not typical of anyone; the protocol's own limits stand beside them.
_ADULTS = (Decimal(50), Decimal(70), Decimal(100))
_CHILDREN = (Decimal(10), Decimal(20), Decimal(30))
_SURFACES = (Decimal("1.5"), Decimal("1.75"), Decimal("2.0"))  # m2
_SURFACES_OF_CHILDREN = (
    Decimal("0.5"),
    Decimal("0.75"),
    Decimal("1.0"),
)  # m2, in easy steps
_GROWN, _GROWING, _SMALL = Decimal(18), Decimal(12), Decimal(2)  # years
_WEIGHT = ("weight", "body weight")
_SURFACE = ("body surface", "body surface area", "bsa")
_SIDES = {"above": "below", "below": "above"}
_BESIDE = Decimal("0.1")  # kg: a weight in a band whose end does not belong to it


def reference_weights(intervention: Node, cohort: str | None = None) -> list[Decimal]:
    """Return the weights (kg) that a table of doses is computed at, in order, within the limits of the protocol.

    Those for which the protocol states doses itself are among them. The limits are those of all steps, or of the steps
    that a cohort is given: weights that only others can have are none of its own.
    """
    steps = of_cohort(intervention["regimen"], cohort)
    low, high = _limits(steps, "kg")
    weights = {limit for limit in (low, high) if limit is not None} | band_weights(steps)
    told = (quantity(row["weight"]) for row in intervention["regimen"]["derived"])
    weights |= {found.value for found in told if found is not None and found.unit.code == "kg"}
    population = intervention.document.root["population"]
    weights |= {weight for weight in _supposed(population["age"], steps) if _may_enter(population, weight)}
    weights |= {inside for step in steps for inside in _inside(step["band"], weights)}
    return _within(weights, low, high)


def reference_surfaces(intervention: Node, cohort: str | None = None) -> list[Decimal]:
    """Return the body surfaces (m2) that a table of doses is computed at, in order, within the limits of the protocol.

    As with weights, those of the file are among them, and the limits are those of the steps of a cohort. Beyond a cap
    of all steps no dose rises.
    """
    steps = of_cohort(intervention["regimen"], cohort)
    low, high = _limits(steps, "m2")
    caps = [cap for step in steps if (cap := _of_unit(step["scaling"]["cap"], "m2")) is not None]
    top = max(caps) if len(caps) == len(steps) else Decimal("Infinity")
    age = intervention.document.root["population"]["age"]
    supposed = {min(size, top) for size in _of_age(age, _SURFACES, _SURFACES_OF_CHILDREN)}
    told = {size for row in intervention["regimen"]["derived"] if (size := _of_unit(row["weight"], "m2")) is not None}
    return _within({*supposed, *told, *(limit for limit in (low, high) if limit is not None)}, low, high)


def _within(sizes: set[Decimal], low: Decimal | None, high: Decimal | None) -> list[Decimal]:
    return sorted(size for size in sizes if (low is None or size >= low) and (high is None or size <= high))


def _supposed(age: Node, steps: list[Node]) -> set[Decimal]:
    """Return weights that people of an age can have, whatever the file says of weights.

    Where nobody grown up takes part, an open band ends the weights: nobody need be heavier than its limit.
    """
    found, oldest = _of_age(age, _ADULTS, _CHILDREN), _years(age["max"])
    if oldest is None or oldest >= _GROWN:
        return found
    ends = [end for step in steps for side in ("min", "max") if (end := kilograms(step["band"][side])) is not None]
    return {weight for weight in found if not ends or weight <= max(ends)}


def _of_age(age: Node, grown: Sequence[Decimal], growing: Sequence[Decimal]) -> set[Decimal]:
    """Return sizes that people of an age can have, of those of adults and of children."""
    youngest, oldest = _years(age["min"]), _years(age["max"])
    if oldest is None or oldest >= _GROWN:
        return {*grown, *(growing if youngest is not None and youngest < _GROWN else ())}
    return {*(growing if oldest >= _SMALL else growing[:1]), *(grown[:2] if oldest >= _GROWING else ())}


def entry_weights(population: Node) -> Iterator[tuple[Decimal, Node, str]]:
    """Yield the limits of body weight (kg) that criteria for all set as keys, each with the side that may enter."""
    return _entry(population, _WEIGHT, kilograms)


def entry_surfaces(population: Node) -> Iterator[tuple[Decimal, Node, str]]:
    """Yield the limits of body surface (m2) that criteria for all set as keys, each with the side that may enter."""
    return _entry(population, _SURFACE, lambda node: _of_unit(node, "m2"))


def _entry(
    population: Node, names: Sequence[str], read: Callable[[Node], Decimal | None]
) -> Iterator[tuple[Decimal, Node, str]]:
    for key in ("inclusion", "exclusion"):
        for criterion in population[key]:
            of_all = criterion["measure"].text.strip().casefold() in names and not criterion["cohorts"]
            for side, other in _SIDES.items() if of_all else ():
                if (limit := read(criterion[side])) is not None:
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


def _of_unit(node: Node, unit: str) -> Decimal | None:
    found = quantity(node)
    return found.value if found is not None and found.unit.code == unit else None


def _limits(steps: list[Node], unit: str) -> tuple[Decimal | None, Decimal | None]:
    ends: dict[str, list[Decimal]] = {"min": [], "max": []}
    for step in steps:
        for end, values in ends.items():
            if (found := _of_unit(step["scaling"]["range"][end], unit)) is not None:
                values.append(found)
    return (max(ends["min"]) if ends["min"] else None), (min(ends["max"]) if ends["max"] else None)
