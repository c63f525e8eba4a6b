"""The volumes in which a medicine and its likeness are given, where both follow from doses and concentrations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, course
from protocolkit.dosing.amounts import dissolved, quantity
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


def _daily(intervention: Node, choice: Choice) -> dict[int, Decimal]:
    """Return the volume (mL) of each day; NotComputable where the product has no concentration."""
    given = course(intervention, Body(choice.weight, _HEIGHT), cohort=choice.cohort, age=choice.age)
    per_unit = in_unit(Decimal(1), given.unit, "mL")
    if per_unit is None:
        per_unit = 1 / dissolved(Decimal(1), intervention["product"], given.unit)
    return {day: amount * per_unit for day, amount in given.daily.items()}
