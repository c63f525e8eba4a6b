"""Convert a quantity within what it measures, and print it for prose as the author wrote it."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact

from protocolkit.quantities.reading import Quantity, QuantityError
from protocolkit.quantities.units import meant, units

_EXACT = 200
_ROUNDED = 28
_MILLIONS = 7  # digits


def convert(quantity: Quantity, code: str) -> Quantity:
    """Express a quantity in another unit of the same dimension.

    The result is exact where it is a finite decimal (1 h is 60 min), else it has 28 significant digits (1 h in days).
    Months and years are never converted to days. Raises QuantityError for another dimension or an unknown unit.
    """
    unit = units().get(code)
    if unit is None:
        raise QuantityError("unknown_unit", f'"{code}" is no unit of the table', meant(code) or "")
    if unit.group != quantity.unit.group:
        message = f"{quantity.text} is {quantity.unit.words}; {code} measures {unit.words}"
        raise QuantityError("dimension", message)
    value = _scaled(quantity.value, quantity.unit.factor, unit.factor)
    return Quantity(value, unit, f"{value:f} {code}")


def in_unit(value: Decimal, code: str, other: str) -> Decimal | None:
    """Express a value in another unit, to 28 significant digits; None where the two do not measure the same."""
    own, wanted = units().get(code), units().get(other)
    if own is None or wanted is None or own.group != wanted.group:
        return None
    return value * own.factor / wanted.factor


def _scaled(value: Decimal, by: Decimal, over: Decimal) -> Decimal:
    exact = Context(prec=_EXACT + len(value.as_tuple().digits))
    result = exact.divide(exact.multiply(value, by), over)
    if exact.flags[Inexact]:
        return Context(prec=_ROUNDED).plus(result)
    return _unpadded(result)


def _unpadded(value: Decimal) -> Decimal:
    """Drop the trailing zeros that a division leaves, without an exponent."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1), context=Context(prec=max(1, value.adjusted() + 1)))
    return value.normalize(Context(prec=max(1, len(value.as_tuple().digits))))


def plain(quantity: Quantity) -> str:
    """Print a quantity for prose: `12 weeks`, `1 day`, `0.35 mg/kg/h`; the digits stay as the author wrote them.

    Those of millions are parted: `100,000,000 cells`.
    """
    unit = quantity.unit.singular if quantity.digits in ("1", "-1") else quantity.unit.plural
    whole, point, fraction = quantity.digits.partition(".")
    shown = f"{int(whole):,}" if len(whole.lstrip("-")) >= _MILLIONS else whole
    return f"{shown}{point}{fraction} {unit}".rstrip()
