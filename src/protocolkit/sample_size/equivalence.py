"""Exact power of two one-sided t tests (TOST), by integration over the chi-square distribution of the variance."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.libraries import module
from protocolkit.sample_size.normal import STANDARD, upper
from protocolkit.sample_size.result import ParameterError, Value

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_MOST = 100_000
_CAUTIOUS = 0.9  # of the number with a known spread, which the exact one is never below


def tost_power(low: float, high: float, true: float, error: float, freedom: float, alpha: float) -> float:
    """Return the power of two one-sided t tests of a difference with a standard error and degrees of freedom.

    Phillips (1990), J Pharmacokinet Biopharm 18:137: Owen's Q, here as the mean over the distribution of the estimated
    variance of the normal probability of a difference inside both limits.
    """
    t = float(module("scipy.stats").t.ppf(1 - alpha, freedom))
    quad = module("scipy.integrate").quad
    log_constant = (1 - freedom / 2) * log(2) - lgamma(freedom / 2)

    def part(chi: float) -> float:
        room = t * chi / sqrt(freedom)
        inside = STANDARD.cdf((high - true) / error - room) - STANDARD.cdf((low - true) / error + room)
        if inside <= 0 or chi <= 0:
            return 0.0
        return inside * exp(log_constant + (freedom - 1) * log(chi) - chi * chi / 2)

    most = (high - low) * sqrt(freedom) / (2 * error * t)
    middle = min(most, sqrt(freedom))
    return float(quad(part, 0, middle, limit=200)[0] + quad(part, middle, min(most, middle + 40), limit=200)[0])


def _logarithms(params: Params) -> tuple[float, float, float]:
    """Return the limits of bioequivalence and the true ratio as logarithms."""
    return log(params["theta1"]), log(params["theta2"]), log(params["theta0"])


def crossover_power(total: int, params: Params) -> float:
    """Return the power of a 2x2 crossover for average bioequivalence, logarithms analysed, equal sequences."""
    low, high, true = _logarithms(params)
    spread = sqrt(log(1 + params["cv"] ** 2))
    return tost_power(low, high, true, spread * sqrt(2 / total), total - 2, params["alpha"])


def parallel_power(treatment: float, control: float, params: Params) -> float:
    """Return the power of two parallel arms for the equivalence of means."""
    margin = params["margin"]
    error = params["sd"] * sqrt(1 / treatment + 1 / control)
    return tost_power(-margin, margin, params["true_diff"], error, treatment + control - 2, params["alpha"])


def _first(nearest: float, spread: float, params: Params) -> int:
    """Return a number below that reaches the power: what the limit that is nearest asks for with a known spread.

    `spread` is the standard error of one, `nearest` the distance of that limit. Raises ParameterError for a level that
    is none.
    """
    if params["alpha"] >= 0.5:  # noqa: PLR2004 - both tests together would reject everything
        raise ParameterError("alpha", "two one-sided tests need a level below 0.5")
    quantiles = max(0.0, STANDARD.inv_cdf(params["power"]) + upper(params["alpha"]))
    return int(min(float(_MOST), _CAUTIOUS * (quantiles * spread / nearest) ** 2))


def tost_crossover_exact(params: Params) -> dict[str, Value]:
    """Participants of a 2x2 crossover for average bioequivalence; `cv` is the within-person coefficient of variation.

    Phillips (1990); PowerTOST's `sampleN.TOST`: the least even number that reaches the power.
    """
    if not params["theta1"] < params["theta0"] < params["theta2"]:
        raise ParameterError("theta0", "the true ratio must lie between theta1 and theta2")
    low, high, true = _logarithms(params)
    first = _first(min(high - true, true - low), sqrt(2 * log(1 + params["cv"] ** 2)), params)
    enough = crossover_power(_MOST, params) >= params["power"]
    for total in range(max(4, first - first % 2), _MOST, 2) if enough else ():
        if (reached := crossover_power(total, params)) >= params["power"]:
            return {"n_total": total, "n_per_sequence": total // 2, "achieved_power": reached}
    raise ParameterError("power", f"{_MOST:,} participants do not reach it")


def tost_parallel_exact(params: Params) -> dict[str, Value]:
    """Participants of two parallel arms for the equivalence of means, exact; arms of equal size.

    Phillips (1990); PowerTOST's `sampleN.TOST(design = "parallel", logscale = FALSE)`.
    """
    if abs(params["true_diff"]) >= params["margin"]:
        raise ParameterError("true_diff", "the true difference must lie inside the margin")
    first = _first(params["margin"] - abs(params["true_diff"]), sqrt(2) * params["sd"], params)
    enough = parallel_power(_MOST, _MOST, params) >= params["power"]
    for per_arm in range(max(2, first), _MOST) if enough else ():
        if (reached := parallel_power(per_arm, per_arm, params)) >= params["power"]:
            return {"n_total": 2 * per_arm, "n_per_arm_ceil": per_arm, "achieved_power": reached}
    raise ParameterError("power", f"{_MOST:,} participants do not reach it")
