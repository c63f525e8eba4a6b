"""How a sample size moves: difference and spread (or frequency) up and down by a fifth, ten points more missing."""

from __future__ import annotations

from itertools import product
from math import ceil
from typing import TYPE_CHECKING, Any

from protocolkit.dosing.amounts import quantity
from protocolkit.rules.statistics_recompute import Needed, needed_for
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from protocolkit.document import Node

FACTORS = (0.8, 1.0, 1.2)
MORE_MISSING = 0.10
_DIFFERENCES = ("half_width", "delta", "margin")
_SPREADS = ("sd", "sd_diff", "sd_m", "sigma", "sd_ctl", "sd_trt")
_PROPORTIONS = (("p1", "p2"), ("p1", "p0"), ("p_trt", "p_ctl"))


class Case(NamedTuple):
    """One set of inputs: the factors on difference and spread, the evaluable number, and those randomised for it.

    `randomised` holds the number at the stated share of missing data and at ten points more, where a share is stated.
    None is what cannot be computed, such as a proportion above 1.
    """

    difference: float
    spread: float
    evaluable: int | None
    randomised: tuple[int | None, ...]


def missing_share(entry: Node) -> float | None:
    """Return the stated share of participants without data, from 0 to 1; None where none is stated."""
    found = quantity(entry["missing"])
    return float(found.value) / 100 if found is not None and found.unit.code == "%" else None


def cases(entry: Node, needed: Needed) -> tuple[Case, ...]:
    """Compute the sample size of an entry again over varied inputs, one case for each that the method has."""
    shares = _shares(entry, needed)
    differences = FACTORS if _difference(needed.params, 1.0) is not None else (1.0,)
    spreads = FACTORS if spread_of(needed.params) else (1.0,)
    return tuple(_case(needed, *factors, shares) for factors in product(differences, spreads))


def spread_of(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what of the inputs tells how much values differ: standard deviations; beside a margin, the proportions.

    How often an event is expected decides about a number that is to show no more than a margin.
    """
    stated = tuple(name for name in _SPREADS if isinstance(params.get(name), int | float))
    pairs = (pair for pair in _PROPORTIONS if "margin" in params and all(name in params for name in pair))
    return stated or next(pairs, ())


def _shares(entry: Node, needed: Needed) -> tuple[float, ...]:
    share = None if needed.raised or needed.events is not None else missing_share(entry)
    return (share, share + MORE_MISSING) if share is not None and share + MORE_MISSING < 1 else ()


def _case(needed: Needed, difference: float, spread: float, shares: tuple[float, ...]) -> Case:
    number = _number(needed, difference, spread)
    raised = tuple(None if number is None else ceil(number / (1 - share) - 1e-9) for share in shares)
    return Case(difference, spread, number, raised)


def _number(needed: Needed, difference: float, spread: float) -> int | None:
    changed = _difference(needed.params, difference)
    params = {**needed.params, **(changed or {})}
    params |= {name: params[name] * spread for name in spread_of(needed.params)}
    again = needed_for(needed.method, params)
    return None if again is None else counted(again)[0]


def counted(needed: Needed) -> tuple[int | None, str]:
    """Return the number that a method is about, and what it counts."""
    if needed.events is not None:
        return needed.events, "events"
    if needed.per_arm is not None:
        return needed.per_arm, "per arm"
    return needed.total, "in all"


def _difference(params: Mapping[str, Any], factor: float) -> dict[str, float] | None:
    """Scale what a method is to show; None where it has nothing of the kind."""
    return next(iter(_scaled(params, factor)), None)


def _scaled(params: Mapping[str, Any], factor: float) -> Iterator[dict[str, float]]:
    ratio = next((name for name in ("hr", "win_ratio") if name in params), "rate_ratio")
    if isinstance(params.get(ratio), int | float):  # ratios move on the scale of their logarithms
        name = "margin" if isinstance(params.get("margin"), int | float) else ratio
        yield {name: params[name] ** factor}
    elif "rate_trt" in params and (control := params.get("rate_ctl", params.get("rate_null"))):
        margin = params.get("margin")
        yield {"margin": margin**factor} if margin else {"rate_trt": control * (params["rate_trt"] / control) ** factor}
    if isinstance(params.get("ve"), int | float) and "ve_null" in params:
        yield {"ve": params["ve_null"] + (params["ve"] - params["ve_null"]) * factor}
    for name in _DIFFERENCES:
        if isinstance(params.get(name), int | float):
            yield {name: params[name] * factor}
    for treated, control in _PROPORTIONS:
        if treated in params and control in params:
            yield {treated: params[control] + (params[treated] - params[control]) * factor}
