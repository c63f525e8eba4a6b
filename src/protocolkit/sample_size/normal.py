"""Normal quantiles, the level of one side, and a root finder, for methods of closed form."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.result import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

STANDARD = NormalDist()
_STEPS = 200
_WIDENED = 0.01  # of a guess, by which its bracket is widened at first
_EXACT = 1e-13
_PEOPLE = 5e14  # more than there are people


def upper(probability: float) -> float:
    """Return the standard normal quantile that a probability lies above."""
    return -STANDARD.inv_cdf(probability)


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
        low, high = high, 2 * _counted(high)
    return root(function, low, high)


def root_near(function: Callable[[float], float], guess: float, least: float) -> float:
    """Return where an increasing function crosses 0 near a guess, and not below a point; for functions that take long.

    The bracket widens from the guess; false position then closes it, with the halving of Illinois (Dowell, Jarratt
    (1971), BIT 11:168).
    """
    low = high = max(min(guess, _PEOPLE), least)
    at_low = at_high = function(low)
    step = _WIDENED * low
    while at_low > 0 and low > least:
        high, at_high, low, step = low, at_low, max(least, low - step), 2 * step
        at_low = function(low)
    while at_high < 0:
        low, at_low, high, step = high, at_high, _counted(high) + step, 2 * step
        at_high = function(high)
    if at_low < 0 < at_high:
        return _false_position(function, (low, at_low), (high, at_high))
    return high if at_high == 0 else low


def _false_position(function: Callable[[float], float], *bracket: tuple[float, float]) -> float:
    """Close a bracket of two points with their values, the first below 0 and the second above."""
    (low, at_low), (high, at_high) = bracket
    last = 0
    for _ in range(_STEPS):
        middle = high - at_high * (high - low) / (at_high - at_low)
        value = function(middle)
        if abs(value) < _EXACT or not low < middle < high:
            break
        side = -1 if value < 0 else 1
        if side < 0:
            low, at_low, at_high = middle, value, at_high / (2 if side == last else 1)
        else:
            high, at_high, at_low = middle, value, at_low / (2 if side == last else 1)
        last = side
    return middle


def _counted(participants: float) -> float:
    """Return a number of participants.

    Raises ParameterError where it is beyond that of all people.
    """
    if participants > _PEOPLE:
        raise ParameterError("power", "no number of participants reaches it")
    return participants
