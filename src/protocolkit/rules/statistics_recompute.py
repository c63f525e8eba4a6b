"""A computation of `statistics.sample_size` done again: its inputs as numbers, what the method asks for, the power."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any

from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import HUNDREDTHS, MEAN_DAYS, QuantityError, convert, in_mean
from protocolkit.rules.patterns import Pattern
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.sample_size import Result

_OUTCOME = ("delta", "sd", "sd_diff", "sd_m", "sd_ctl", "sd_trt", "sigma", "true_diff", "margin", "half_width")
_PROPORTIONS = frozenset({"p0", "p1", "p2", "p_ctl", "p_trt"})
_DIFFERENCES = frozenset({"delta", "true_diff", "margin", "half_width"})
_RATES = frozenset({"rate_ctl", "rate_null", "rate_trt"})
_PER_TIME = Pattern(
    r"^(?:per )?([0-9][0-9,]*(?:\.[0-9]+)? )?(?:(?:(?:person|patient|participant|subject)s?|wom[ae]n|m[ae]n)[- ])?"
    r"(day|week|month|year|d|wk|mo|a)s?$"
)
_UNITS = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
_QUARTER, _QUARTERS = 13, {"mo": Decimal(3), "a": Decimal("0.25")}  # weeks of a quarter of a year, and how long it is
_TIMES = ("median_control", "median_ctl", "accrual", "followup", "T")
_TOTALS = ("n_total_ceil", "n_total", "n_total_randomised", "n_total_max_real")
# Methods that allow for drop-out themselves: their numbers are those to be randomised.
_WITH_LOSS = frozenset({
    "dropout_inflation", "mmrm_luo", "survival_schoenfeld_n", "survival_lachin_foulkes_logrr",
    "ni_survival_schoenfeld_n", "equiv_survival_schoenfeld_n",
})  # fmt: skip
# Methods whose participants follow from the events that they ask for; of others, the events are those to be expected.
_WITH_EVENTS = frozenset({"survival_schoenfeld_n", "ni_survival_schoenfeld_n", "equiv_survival_schoenfeld_n"})
_PAIRED_ARMS = 2
_ONE_GROUP = ("one_", "simon_", "ci_width_one_")


class Unusable(ValueError):  # noqa: N818 - said to people, not only raised
    """An input that the method cannot take: in words, and the place that states it."""

    def __init__(self, reason: str, at: Node) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


class Needed(NamedTuple):
    """What a method asks for: participants in all and per arm (where the arms are equal), events; None is unknown.

    `raised` says that the numbers are those to be randomised, drop-out included.
    """

    method: str
    library: str
    params: Mapping[str, Any]
    total: int | None
    per_arm: int | None
    events: int | None
    raised: bool


def of_one_group(method: str) -> bool:
    """Say whether a method is for one group, whose value is set against a fixed one or estimated."""
    return method.startswith(_ONE_GROUP)


def recomputed(entry: Node) -> Needed | None:
    """Compute what the method of an entry asks for; None where there is no such method.

    Raises Unusable for an input that the method cannot take, NotComputable where its library is not installed.
    """
    found = result_of(entry)
    return None if found is None else _needed(found)


def result_of(entry: Node) -> Result | None:
    """Compute every quantity of the method of an entry; None where there is no such method.

    Raises as `recomputed` does.
    """
    from protocolkit.sample_size import ParameterError, methods  # noqa: PLC0415 - where a method is stated

    name = entry["method"].text
    method = methods().get(name)
    if method is None:
        return None
    params = inputs(entry, method.parameters)
    try:
        return _computed(name, params)
    except ParameterError as error:
        at = entry[error.parameter] or entry["method"]
        raise Unusable(str(error), at) from error


def needed_for(method: str, params: Mapping[str, Any]) -> Needed | None:
    """Compute what a method asks for with some inputs; None where they admit no solution.

    Raises NotComputable where the library of the method is not installed.
    """
    from protocolkit.sample_size import ParameterError  # noqa: PLC0415 - where a method is stated

    try:
        return _needed(_computed(method, params))
    except ParameterError:
        return None


def _computed(method: str, params: Mapping[str, Any]) -> Result:
    """Compute a method, or take up what was computed of the same inputs: a draft and its rules ask for the same."""
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in params.items()}
    try:
        return _remembered(method, tuple((name, type(plain[name]), plain[name]) for name in sorted(plain)))
    except TypeError:  # an input that is no number, which the method itself refuses in words
        from protocolkit.sample_size import again  # noqa: PLC0415 - as above

        return again.required(method, **params)


@lru_cache(maxsize=256)
def _remembered(method: str, items: tuple[tuple[str, type, Any], ...]) -> Result:
    """Compute once for inputs of the same values and types: `true` is not the number 1."""
    from protocolkit.sample_size import again  # noqa: PLC0415 - as above

    return again.required(method, **{name: value for name, _, value in items})


def inputs(entry: Node, names: tuple[str, ...]) -> dict[str, Any]:
    """Read the inputs of a method: numbers, quantities in the unit of the first, the ratio as one number.

    Raises Unusable for quantities in units that do not convert, or a ratio that names more than two sizes of arms.
    """
    read: dict[str, Any] = {}
    for name in names:
        if entry[name]:
            read[name] = _ratio(entry["ratio"]) if name == "ratio" else entry[name].value
    if _PROPORTIONS & {*names}:
        _as_proportions(entry, read)
    if _RATES & {*names}:
        _as_rates(entry, read)
    _in_one_unit(entry, read, _OUTCOME)
    _in_one_unit(entry, read, _TIMES)
    return read


def _as_rates(entry: Node, read: dict[str, Any]) -> None:
    """Read rates per unit of time, and the follow-up in that unit: 4 per 100 person-years is 0.04 a year."""
    per = entry["rate_per"]
    match = _PER_TIME.search(" ".join(per.text.split()))
    if match is None:
        message = f"rate_per is {per.text}" if per else "rate_per is not stated"
        raise Unusable(f"{message}, and the method needs a time of participants, as 100 person-years", per or entry)
    counted = float((match[1] or "1").replace(",", ""))
    for name in (_RATES | {"half_width"}) & {*read}:
        if isinstance(read[name], int | float) and not isinstance(read[name], bool):
            read[name] = read[name] / counted
    margin, followed = quantity(entry["margin"]), quantity(entry["mean_followup"])
    if margin is not None and margin.unit.code != "1":
        raise Unusable(f"margin is {margin.text}, and the margin of two rates is a ratio, as 1.3", entry["margin"])
    if followed is not None:
        unit = match[2].lower()
        time = _time_in(followed, _UNITS.get(unit, unit))
        if time is None:
            message = f"mean_followup is {followed.text} and rate_per is {per.text}: they have no unit in common"
            raise Unusable(message, entry["mean_followup"])
        read["mean_followup"] = float(time)


def _as_proportions(entry: Node, read: dict[str, Any]) -> None:
    """Read the margin of a method for proportions: `4 %` is 0.04."""
    for name in _DIFFERENCES & {*read}:
        stated = quantity(entry[name])
        if stated is not None:
            if stated.unit.code not in (*HUNDREDTHS, "1"):
                raise Unusable(f"{name} is {stated.text}, and the method compares proportions", entry[name])
            read[name] = float(stated.value) / (100 if stated.unit.code in HUNDREDTHS else 1)
        if isinstance(read[name], int | float) and abs(read[name]) >= 1:
            raise Unusable(f"{name} is {entry[name].text}, and a difference of proportions is below 1", entry[name])


def _in_one_unit(entry: Node, read: dict[str, Any], names: tuple[str, ...]) -> None:
    first = None
    for name in names:
        if name not in read or not isinstance(read[name], str):
            continue
        found = quantity(entry[name])
        if found is None:
            raise Unusable(f"{name}: {entry[name].text} is no quantity", entry[name])
        first = first or (name, found)
        try:
            read[name] = float(_in_unit_of(first[1], found))
        except QuantityError as error:
            message = f"{name} is {found.text} and {first[0]} is {first[1].text}: they have no unit in common"
            raise Unusable(message, entry[name]) from error


def _in_unit_of(like: Quantity, found: Quantity) -> Decimal:
    """Express a quantity in the unit of another; a spread of percentages and a difference of them count alike.

    Times compare in the mean year: a median in months goes with a recruitment in weeks.
    """
    if {like.unit.code, found.unit.code} <= {*HUNDREDTHS}:
        return found.value
    mean = _time_in(found, like.unit.code) if like.unit.code in MEAN_DAYS else None
    return convert(found, like.unit.code).value if mean is None else mean


def _time_in(found: Quantity, code: str) -> Decimal | None:
    """Return a time in another unit, by the mean year; 52 weeks are planned as a year and 13 as three months."""
    quarters, rest = divmod(found.value, _QUARTER)
    if found.unit.code == "wk" and code in _QUARTERS and not rest:
        return quarters * _QUARTERS[code]
    return in_mean(found, code)


def _ratio(node: Node) -> float | None:
    parts = [int(part) for part in node.text.split(":") if part.isdecimal() and int(part) > 0]
    if len(parts) < _PAIRED_ARMS or (len(parts) > _PAIRED_ARMS and len({*parts[1:]}) > 1 and len({*parts[:-1]}) > 1):
        raise Unusable(f"ratio: {node.text} does not tell how the two arms that are compared are allocated", node)
    return parts[0] / parts[-1]


def _needed(result: Result) -> Needed:
    total = next((result[name] for name in _TOTALS if name in result), None)
    arm = result["n_per_arm_ceil"] if "n_per_arm_ceil" in result else result.get("n_per_arm_randomised")
    events = result.get("events_ceil") if total is None or result.method in _WITH_EVENTS else None
    return Needed(
        result.method, result.library, result.params, _whole(total), _whole(arm), _whole(events),
        result.method in _WITH_LOSS,
    )  # fmt: skip


def _whole(value: Any) -> int | None:
    return None if value is None else ceil(value - 1e-9)


def power_of(needed: Needed, total: int) -> float | None:
    """Return the power that participants in all have under a method; None where the method has none for numbers."""
    from protocolkit.sample_size import ParameterError, again, methods  # noqa: PLC0415 - where a method is stated

    params = {name: value for name, value in needed.params.items() if name not in ("power", "ratio")}
    ratio = float(needed.params.get("ratio") or 1)
    treatment = round(total * ratio / (1 + ratio))
    counts = {"n_total": total} if methods()[needed.method].in_all else {
        "n_treatment": treatment, "n_control": total - treatment,
    }  # fmt: skip
    try:
        return float(again.power(needed.method, **counts, **params)["power"])  # type: ignore[arg-type]  # a number by its name
    except ParameterError:
        return None
