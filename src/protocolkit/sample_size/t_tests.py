"""The power of t tests: from statsmodels, and from Python alone for checks and drafts, where it is loaded too often."""

from __future__ import annotations

from itertools import count
from math import exp, inf, isfinite, lgamma, log, log1p, pi, sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.distributions import beta, beta_quantile
from protocolkit.sample_size.libraries import module
from protocolkit.sample_size.normal import STANDARD, one_side
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.sample_size.parameters import Params

T_TESTS = "t tests"  # beside the parameters of a method: what computes the power of its t tests
_TWO_SIDED = 2  # sides
_FEW = 4.0  # degrees of freedom up to which the expansion of a quantile is no start for Newton's method
_MANY = 1e6  # degrees of freedom from which on expansions are as exact as numbers are, and sums no longer
_CLOSE = 1e-14
_HALF = 0.5
_CERTAIN = 37.0  # noncentrality beyond which a test never fails, to the precision of a number


class TTests(NamedTuple):
    """What computes t tests: of two groups (treatment, control, effect) and of differences (total, effect)."""

    library: str
    two_groups: Callable[[float, float, float, Params], float]
    paired: Callable[[float, float, Params], float]


def _alternative(params: Params) -> str:
    return "two-sided" if params["sided"] == _TWO_SIDED else "larger"


# SciPy's distribution, behind statsmodels, is not a number in some far tails: at alpha 0.0072 and an effect of 7.
def _library_two_groups(treatment: float, control: float, effect: float, params: Params) -> float:
    test = module("statsmodels.stats.power").TTestIndPower()
    # statsmodels' ratio is the second group over the first; the first group is treatment.
    found = test.power(effect, treatment, params["alpha"], ratio=control / treatment, alternative=_alternative(params))
    return float(found) if isfinite(found) else _two_groups(treatment, control, effect, params)


def _library_paired(total: float, effect: float, params: Params) -> float:
    test = module("statsmodels.stats.power").TTestPower()
    found = test.power(effect, total, params["alpha"], alternative=_alternative(params))
    return float(found) if isfinite(found) else _paired(total, effect, params)


def _two_groups(treatment: float, control: float, effect: float, params: Params) -> float:
    return _power(treatment + control - 2, effect * sqrt(treatment * control / (treatment + control)), params)


def _paired(total: float, effect: float, params: Params) -> float:
    return _power(total - 1, effect * sqrt(total), params)


LIBRARY = TTests("statsmodels", _library_two_groups, _library_paired)
PYTHON = TTests("math", _two_groups, _paired)


def _power(freedom: float, shift: float, params: Params) -> float:
    """Return the probability that a noncentral t exceeds the critical value, on both sides of a two-sided test."""
    critical = quantile(one_side(params), freedom)
    above = 1 - noncentral(critical, freedom, shift)
    return above + (1 - noncentral(critical, freedom, -shift)) if params["sided"] == _TWO_SIDED else above


def quantile(above: float, freedom: float) -> float:
    """Return the value that Student's t exceeds with a probability.

    Newton's method from the expansion of Abramowitz, Stegun (1964), 26.7.5; with few degrees of freedom by the beta
    distribution, 26.7.1.
    """
    if above > _HALF:
        return -quantile(1 - above, freedom)
    if freedom <= _FEW:
        share = beta_quantile(2 * above, freedom / 2, 0.5)
        return sqrt(freedom * (1 - share) / share) if share > 0 else inf
    z = -STANDARD.inv_cdf(above)
    t = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    for _ in range(10 if freedom < _MANY else 0):
        over = beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2 - above
        step = over / _density(t, freedom)
        t += step
        if abs(step) < _CLOSE * t:
            break
    return t


def _density(t: float, freedom: float) -> float:
    front = lgamma((freedom + 1) / 2) - lgamma(freedom / 2)
    return exp(front - (freedom + 1) / 2 * log1p(t * t / freedom)) / sqrt(freedom * pi)


def noncentral(t: float, freedom: float, shift: float) -> float:
    """Return the distribution function of the noncentral t.

    Lenth (1989), Appl Stat 38:185 (algorithm AS 243): beta distributions weighted by Poisson terms, each from the one
    before it; with many degrees of freedom Abramowitz, Stegun (1964), 26.7.10.
    """
    if t < 0:
        return 1 - noncentral(-t, freedom, -shift)
    if t == inf or abs(shift) > _CERTAIN:
        return float(t == inf or shift < 0)
    if freedom >= _MANY:
        return STANDARD.cdf((t * (1 - 1 / (4 * freedom)) - shift) / sqrt(1 + t * t / (2 * freedom)))
    y, b = freedom / (freedom + t * t), freedom / 2
    x = 1 - y
    odd, even = 1 - beta(y, b, 0.5), 1 - y**b
    fall_odd: float = 2 * exp(lgamma(0.5 + b) - lgamma(b) + b * log(y)) * sqrt(x / pi)
    fall_even = b * x * y**b
    of_odd = exp(-shift * shift / 2) / 2
    of_even = of_odd * shift * sqrt(2 / pi)
    total, left = of_odd * odd + of_even * even, 0.5 - of_odd
    for term in count(1):
        odd, even = odd - fall_odd, even - fall_even
        if left * odd < _CLOSE:
            break
        fall_odd *= x * (term + b - 0.5) / (term + 0.5)
        fall_even *= x * (term + b) / (term + 1)
        of_odd *= shift * shift / (2 * term)
        of_even *= shift * shift / (2 * term + 1)
        total, left = total + of_odd * odd + of_even * even, left - of_odd
    below: float = total + STANDARD.cdf(-shift)
    return below
