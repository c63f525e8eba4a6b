"""The amount of one administration of a regimen step, in the order compute, cap, round, re-check the cap."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from protocolkit.quantities import Quantity, QuantityError, convert, in_unit, parse, units
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.document import Node

_EXACT = Context(prec=60)
_METHODS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_CEILING, "down": ROUND_FLOOR}
_DAILY = ("d", "wk")
_SIZES = ("kg", "m2")
NO_SURFACE = "the body surface is not known"
# What a device is set to: of two sessions at 2 mA no 4 mA are given.
SETTINGS = frozenset({"voltage", "current", "pressure", "power", "magnetic", "illuminance", "frequency"})


class NotComputable(ValueError):  # noqa: N818 - said to people, not only raised
    """What a regimen leaves open, so that a dose cannot be computed: in words, and the place that should say it."""

    def __init__(self, reason: str, pointer: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pointer = pointer


class Body(NamedTuple):
    """Whom a dose is computed for: the weight in kilograms, the body surface in square metres; None is unknown."""

    weight: Decimal | None = None
    surface: Decimal | None = None


class Amount(NamedTuple):
    """An exact amount in a unit such as `mg`."""

    value: Decimal
    unit: str


class _Dose(NamedTuple):
    """A dose taken apart: `0.35 mg/kg/h` is 0.35, mg, per kg, in h."""

    value: Decimal
    unit: str
    per: str
    time: str


def quantity(node: Node) -> Quantity | None:
    """Read the quantity at a node; None where it is absent or malformed."""
    if not isinstance(node.value, str):
        return None
    try:
        return parse(node.value)
    except QuantityError:
        return None


def expressed(node: Node, code: str) -> Decimal | None:
    """Return a stated amount (a daily one without its `/d`) in another unit; None where the two do not compare."""
    found = quantity(node)
    return None if found is None else in_unit(found.value, amount_unit(found.unit.code), code)


def amount_unit(code: str) -> str:
    """Return the unit of what a daily dose gives on a day, `mg` for `mg/d`; any other unit as it is."""
    return code.removesuffix("/d")


def scale(step: Node) -> str:
    """Return what a dose is given per: `kg`, `m2`, or an empty text for a fixed dose."""
    return _per(ends(step)[1])


def sized(step: Node) -> str:
    """Return by which size of the body the amount of a step differs: that of its dose, or of what caps it."""
    return scale(step) or _per(step["max_per_administration"])


def ends(step: Node) -> tuple[Node, Node]:
    """Return where the lowest and the highest dose of a step stand: its dose, or what stands in its place.

    That is a range of doses, and of a placebo, which holds no amount, the volume.
    """
    stated = step["dose_range"]
    if not step["dose"] and stated:
        return (stated["min"], stated["max"])
    dose = step["dose"] if step["dose"] or not step["volume"] else step["volume"]
    return (dose, dose)


def _per(node: Node) -> str:
    found = quantity(node)
    return _taken_apart(found).per if found else ""


def needed(node: Node, what: str) -> Quantity:
    """Read the quantity at a node.

    Raises NotComputable where there is none.
    """
    found = quantity(node)
    if found is None:
        raise NotComputable(f"{what} is not stated" if not node else f"{what} cannot be read", node.pointer)
    return found


def require_planned(step: Node) -> None:
    """Raise NotComputable for a step whose dose a clinician decides."""
    if step["at_discretion"]:
        raise NotComputable("the dose is at the clinician's discretion", step["at_discretion"].pointer)


def amount(step: Node, product: Node, body: Body, per_day: int | None = None, *, lowest: bool = False) -> Amount:
    """Return the amount of one administration of a step, at all the sites of the body that it treats.

    `per_day` parts a daily dose (`20 mg/d`) into its administrations. Of a range of doses it is the highest, or the
    `lowest`. Raises NotComputable where an input is missing, and where a clinician decides the dose.
    """
    require_planned(step)
    where = ends(step)[0 if lowest else 1]
    stated = needed(where, "the dose")
    if stated.unit.group == "exposure":
        raise NotComputable("the amount follows from the clearance of each participant", where.pointer)
    if stated.unit.group in SETTINGS:
        raise NotComputable("the dose is a setting of a device, of which no amounts add up", where.pointer)
    dose = _taken_apart(stated)
    value = _EXACT.multiply(dose.value, _size(step, dose, body))
    limits = _Limits(step, product, dose.unit, body)
    if dose.time and step["duration"] and dose.time not in _DAILY:
        return Amount(_everywhere(step, _infused(step, dose, value, limits)), dose.unit)
    if dose.time:
        value = _parted(step, dose, value, per_day)
    return Amount(_everywhere(step, limits.kept(value, "dose")), dose.unit)


def _everywhere(step: Node, value: Decimal) -> Decimal:
    """Return what is given at all sites, where the dose is that of one eye or joint."""
    number = step["sites"]["number"].value
    return _EXACT.multiply(value, Decimal(number)) if type(number) is int else value


def _infused(step: Node, dose: _Dose, rate: Decimal, limits: _Limits) -> Decimal:
    """Return what a rate gives over the step's duration; the rate is capped and rounded before it is multiplied."""
    duration = convert(needed(step["duration"], "the duration"), dose.time).value
    return limits.kept(_EXACT.multiply(limits.kept_rate(rate, dose.time), duration), "dose")


def _parted(step: Node, dose: _Dose, value: Decimal, per_day: int | None) -> Decimal:
    if dose.time not in _DAILY:
        raise NotComputable("the duration is not stated", step.pointer)
    if per_day is None:
        raise NotComputable("how many administrations share the daily dose is not stated", step.pointer)
    daily = value if dose.time == "d" else _EXACT.divide(value, Decimal(7))
    return _EXACT.divide(daily, Decimal(per_day))


def _taken_apart(dose: Quantity) -> _Dose:
    unit, *others = dose.unit.code.split("/")
    scale = next((part for part in others if part in _SIZES), "")
    time = next((part for part in others if part in ("s", "min", "h", "d", "wk")), "")
    return _Dose(dose.value, unit, scale, time)


def _size(step: Node, dose: _Dose, body: Body) -> Decimal:
    if not dose.per:
        return Decimal(1)
    scaling = step["scaling"]
    size = _in_range(scaling, _known(body, dose.per, step), dose.per)
    cap = quantity(scaling["cap"])
    return min(size, cap.value) if cap and cap.unit.code == dose.per else size


def _known(body: Body, per: str, where: Node) -> Decimal:
    size = body.weight if per == "kg" else body.surface
    if size is None:
        raise NotComputable("the weight is not known" if per == "kg" else NO_SURFACE, where.pointer)
    return size


def _in_range(scaling: Node, size: Decimal, unit: str) -> Decimal:
    low, high = quantity(scaling["range"]["min"]), quantity(scaling["range"]["max"])
    if low and low.unit.code == unit and size < low.value:
        return _at_limit(scaling, low)
    if high and high.unit.code == unit and size > high.value:
        return _at_limit(scaling, high)
    return size


def _at_limit(scaling: Node, limit: Quantity) -> Decimal:
    if scaling["outside"].value == "dose_at_limit":
        return limit.value
    raise NotComputable(f"beyond {limit.text} nobody takes part", scaling["range"].pointer)


class _Limits:
    """What caps and rounds the amounts and rates of a step."""

    def __init__(self, step: Node, product: Node, unit: str, body: Body) -> None:
        self._step = step
        self._product = product
        self._unit = unit
        self._body = body

    def kept(self, value: Decimal, what: str) -> Decimal:
        """Cap an amount, round it, and cap it again."""
        caps = [self._step["max_per_administration"]]
        if self._step["scaling"]["cap"] and not self._caps_size():
            caps.append(self._step["scaling"]["cap"])
        return self._rounded(value, self._least(caps, ""), (what, "volume"), "")

    def kept_rate(self, value: Decimal, time: str) -> Decimal:
        """Cap a rate, round it, and cap it again."""
        return self._rounded(value, self._least([self._step["max_rate"]], time), ("rate", "volume_rate"), time)

    def _caps_size(self) -> bool:
        cap = quantity(self._step["scaling"]["cap"])
        return cap is not None and cap.unit.code in _SIZES

    def _least(self, caps: list[Node], time: str) -> Decimal | None:
        values = [self._own(needed(cap, "the cap"), time, cap) for cap in caps if cap]
        return min(values) if values else None

    def _rounded(self, value: Decimal, cap: Decimal | None, whats: tuple[str, str], time: str) -> Decimal:
        value = value if cap is None else min(value, cap)
        rounding = self._step["rounding"]
        if rounding["quantity"].value not in whats:
            return value
        grain = self._own(needed(rounding["to"], "the step of rounding"), time, rounding["to"])
        method = rounding["method"].text
        if not method or grain <= 0:
            raise NotComputable("how the dose is rounded is not stated", rounding.pointer)
        if method not in _METHODS:
            reason = f'"{method}" does not say what becomes of a half; {", ".join(_METHODS)} do'
            raise NotComputable(reason, rounding["method"].pointer)
        rounded = _multiple(value, grain, _METHODS[method])
        return rounded if cap is None or rounded <= cap else _multiple(cap, grain, ROUND_FLOOR)

    def _own(self, found: Quantity, time: str, where: Node) -> Decimal:
        """Express a cap or a step of rounding in the step's own unit: for the body, and through the concentration."""
        numerator, *others = found.unit.code.split("/")
        value = found.value
        for per in [part for part in others if part in _SIZES]:
            others.remove(per)
            value = _EXACT.multiply(value, _known(self._body, per, where))
        if time:
            if len(others) != 1:
                raise NotComputable(f"{found.text} is no rate", where.pointer)
            value = _EXACT.multiply(value, _ratio(time, others[0], where))
        elif others:
            raise NotComputable(f"{found.text} is no amount of one administration", where.pointer)
        if units()[numerator].group == "volume" and units()[self._unit].group != "volume":
            return dissolved(_EXACT.multiply(value, _ratio(numerator, "mL", where)), self._product, self._unit)
        return _EXACT.multiply(value, _ratio(numerator, self._unit, where))


def dissolved(millilitres: Decimal, product: Node, unit: str) -> Decimal:
    """Return how much of a product a volume holds, in a unit.

    Raises NotComputable where no concentration is stated, or one that is not of this unit.
    """
    for key in ("final_concentration", "strength"):
        found = quantity(product[key])
        parts = found.unit.code.split("/") if found else []
        if found and len(parts) == 2 and units()[parts[1]].group == "volume":  # noqa: PLR2004 - amount per volume
            where = product[key]
            each = _EXACT.multiply(found.value, _ratio(parts[0], unit, where))
            return _EXACT.multiply(millilitres, _EXACT.multiply(each, _ratio("mL", parts[1], where)))
    raise NotComputable("the concentration is not stated", product.pointer)


def _ratio(code: str, other: str, where: Node) -> Decimal:
    """Return how many of another unit one of a unit is.

    Raises NotComputable where the two measure different things.
    """
    known = units()
    if code not in known or other not in known or known[code].group != known[other].group:
        raise NotComputable(f"{code} cannot be expressed in {other}", where.pointer)
    return _EXACT.divide(known[code].factor, known[other].factor)


def _multiple(value: Decimal, grain: Decimal, method: str) -> Decimal:
    count = _EXACT.divide(value, grain).quantize(Decimal(1), rounding=method, context=_EXACT)
    return _EXACT.multiply(count, grain)
