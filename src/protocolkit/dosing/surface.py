"""The body surface, by the formulas that protocols name."""

from __future__ import annotations

from decimal import Context, Decimal

_FORMULAS = ("Mosteller", "DuBois")


def body_surface(formula: str, weight: Decimal, height: Decimal) -> Decimal:
    """Return the body surface in m2 from a weight in kg and a height in cm.

    Mosteller (1987): the root of height times weight over 3600. DuBois and DuBois (1916): 0.007184 times weight to the
    power of 0.425 times height to the power of 0.725. Raises ValueError for another formula.
    """
    if formula not in _FORMULAS:
        raise ValueError(f"there is no formula {formula!r} of the body surface; known are {', '.join(_FORMULAS)}")
    context = Context(prec=28)
    if formula == "Mosteller":
        return context.sqrt(context.divide(context.multiply(height, weight), Decimal(3600)))
    parts = context.power(weight, Decimal("0.425")), context.power(height, Decimal("0.725"))
    return context.multiply(context.multiply(Decimal("0.007184"), parts[0]), parts[1])
