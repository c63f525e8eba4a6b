"""Normal quantiles, the level of one side, and a root finder, for methods of closed form."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.result import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

STANDARD = NormalDist()
_STEPS = 200


def upper(probability: float) -> float:
    """Return the standard normal quantile that a probability lies above."""
    return STANDARD.inv_cdf(1 - probability)


def one_side(params: Any) -> float:
    """Return the level of one side: `alpha` is the level of the whole test."""
    level: float = params["alpha"] / params["sided"]
    return level


def both(params: Any) -> float:
    """Return the quantile of the level plus the quantile of the power."""
    return upper(one_side(params)) + STANDARD.inv_cdf(params["power"])


def nonzero(value: float, name: str, words: str = "no number of participants can show a difference of 0") -> float:
    """Return a difference.

    Raises ParameterError where it is 0, for which there is no solution.
    """
    if value == 0:
        raise ParameterError(name, words)
    return value


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where an increasing function crosses 0 between two points, by halving."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def root_upwards(function: Callable[[float], float], low: float) -> float:
    """Return where an increasing function crosses 0 above a point; the bracket doubles until it holds the root."""
    high = max(2 * low, 1.0)
    while function(high) < 0:
        low, high = high, 2 * high
        if high > 1e15:  # noqa: PLR2004 - more participants than there are people
            raise ParameterError("power", "no number of participants reaches it")
    return root(function, low, high)
