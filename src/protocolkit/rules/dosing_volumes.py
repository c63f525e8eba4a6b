"""The volumes in which a medicine and its likeness are given, and over how long, where both follow from the file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, course
from protocolkit.dosing.alternatives import chosen
from protocolkit.dosing.amounts import dissolved, quantity
from protocolkit.dosing.products import product_of
from protocolkit.quantities import in_unit

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.dosing.alternatives import Choice

_HEIGHT = Decimal("1.75")
_MILLILITRES = ("mL", "L")
_APART = Decimal("1.2")  # more than rounding makes of one volume


def unlike_volumes(one: Node, other: Node, choice: Choice) -> tuple[Decimal, Decimal, int] | None:
    """Return the volumes (mL) of two medicines on the first day on which they differ by more than rounding.

    None where they agree, where neither states its doses in a volume (both may be made up to one) or one of both is
    diluted before it is given, where a volume does not follow, or where a dose does not follow for all arms.
    """
    if any(each["product"][key] for each in (one, other) for key in ("diluent", "final_concentration")):
        return None
    steps = [step for each in (one, other) for step in each["regimen"]["steps"]]
    doses = [found for step in steps if (found := quantity(step["dose"])) is not None]
    if any(step["volume"] for step in steps) or not any(dose.unit.code.startswith(_MILLILITRES) for dose in doses):
        return None
    try:
        first, second = (_daily(each, choice) for each in (one, other))
    except NotComputable:
        return None
    for day in sorted(first.keys() & second.keys()):
        least, most = sorted((first[day], second[day]))
        if most > least * _APART:
            return first[day], second[day], day
    return None


def unlike_durations(one: Node, other: Node, choice: Choice) -> tuple[Node, Node] | None:
    """Return the first durations of two medicines, step by step in the order of the file, that are not the same.

    None where they agree, where the steps of the two cannot be set beside each other, or a length does not follow.
    """
    try:
        steps = [chosen(each["regimen"], choice) for each in (one, other)]
    except NotComputable:  # the steps are for arms, cohorts or ages that nobody tells here
        return None
    if len(steps[0]) != len(steps[1]):
        return None
    for first, second in zip(*steps, strict=True):
        lengths = quantity(first["duration"]), quantity(second["duration"])
        if lengths[0] is None or lengths[1] is None:
            continue
        same = in_unit(lengths[0].value, lengths[0].unit.code, lengths[1].unit.code)
        if same is not None and same != lengths[1].value:
            return first["duration"], second["duration"]
    return None


def _daily(intervention: Node, choice: Choice) -> dict[int, Decimal]:
    """Return the volume (mL) of each day; NotComputable where the product has no concentration."""
    given = course(intervention, Body(choice.weight, _HEIGHT), cohort=choice.cohort, age=choice.age)
    per_unit = in_unit(Decimal(1), given.unit, "mL")
    if per_unit is None:
        per_unit = 1 / dissolved(Decimal(1), product_of(intervention), given.unit)
    return {day: amount * per_unit for day, amount in given.daily.items()}
