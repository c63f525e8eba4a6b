"""Exact distributions of counts: binomial tests as participants are added, and limits of exact confidence intervals."""

from __future__ import annotations

from itertools import chain, count
from math import exp, inf, lgamma, log, log1p
from typing import TYPE_CHECKING

from protocolkit.sample_size.normal import root, root_upwards

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSE = 1e-15


def binomial(size: int, events: int, share: float) -> float:
    """Return the probability of a number of events among `size`, for a share that is neither 0 nor 1."""
    if not 0 <= events <= size:
        return 0.0
    ways = lgamma(size + 1) - lgamma(events + 1) - lgamma(size - events + 1)
    return exp(ways + events * log(share) + (size - events) * log1p(-share))


def binomial_tests(null: float, true: float, level: float) -> Iterator[tuple[int, int, float, float]]:
    """Yield, for each size from 1 on, the exact test that a share is below `null`.

    Each is the size, the most events that show it (-1 for none), the level that this spends, and its power at `true`.
    One more participant changes a probability by one term, so that no sum is done again.
    """
    critical, spent, reached = -1, 0.0, 0.0
    for size in count(1):
        spent -= null * binomial(size - 1, critical, null)
        reached -= true * binomial(size - 1, critical, true)
        while critical < size and spent + (more := binomial(size, critical + 1, null)) <= level:
            critical, spent = critical + 1, spent + more
            reached += binomial(size, critical, true)
        yield size, critical, spent, reached


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the quantile of a beta distribution."""
    return root(lambda x: beta(x, a, b) - probability, 0.0, 1.0)


def gamma_quantile(probability: float, shape: float) -> float:
    """Return the quantile of a gamma distribution with a scale of 1."""
    return root_upwards(lambda x: gamma(x, shape) - probability, 0.0)


def gamma(x: float, shape: float) -> float:
    """Return the distribution function of a gamma distribution with a scale of 1, by its series.

    Abramowitz, Stegun (1964), 6.5.29. With a whole shape it is the probability of at least so many Poisson events.
    """
    if x <= 0:
        return 0.0
    term = total = 1 / shape
    above = shape
    while term > total * _CLOSE:
        above += 1
        term *= x / above
        total += term
    return exp(shape * log(x) - x - lgamma(shape) + log(total))


def beta(x: float, a: float, b: float) -> float:
    """Return the distribution function of a beta distribution, from the side where its fraction converges fast.

    Abramowitz, Stegun (1964), 26.5.8.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    fraction, above, below = 1.0, inf, 1.0
    for term in _terms(x, a, b):
        below, above = 1 / (1 + term * below), 1 + term / above
        fraction *= above * below
        if abs(above * below - 1) < _CLOSE:
            break
    return front * fraction


def _terms(x: float, a: float, b: float) -> Iterator[float]:
    """Yield the terms of the continued fraction of a beta distribution, for Lentz's method."""
    return chain.from_iterable(
        (
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2)),
        )
        for m in count()
    )
