"""Two rates of events that can come back: Poisson and negative binomial, superiority and non-inferiority."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.normal import STANDARD, both, nonzero, one_side, upper
from protocolkit.sample_size.result import ParameterError, Value, arms

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_NO_EFFECT = "no number of participants can show a ratio of 1"


def two_rates_poisson(params: Params) -> dict[str, Value]:
    """Participants of a test of the ratio of two Poisson rates, each participant being followed for `mean_followup`.

    Signorini (1991), Biometrika 78:446, with two groups, where `null_variance` is `reference`; Zhu, Lakkis (2014), Stat
    Med 33:376, with a dispersion of 0. What `null_variance` means stands at `two_rates_nb`.
    """
    return two_rates_nb({**params, "dispersion": 0.0})


def two_rates_nb(params: Params) -> dict[str, Value]:
    """Participants of a test of the ratio of two negative binomial rates, with the same follow-up for everybody.

    Zhu, Lakkis (2014), Stat Med 33:376; R's `MKpower::power.nb.test`. The variance of a count is its mean plus
    `dispersion` times the square of its mean. `null_variance` says at which rates the variance under the null
    hypothesis is taken: `reference`, that of control (their method 1), `assumed`, those of both arms (2), or
    `maximum_likelihood`, the mean rate of all participants (3).
    """
    ratio, control, treatment = params["ratio"], params["rate_ctl"], _treatment(params)
    pooled = (control + ratio * treatment) / (1 + ratio)
    null = {"reference": (control, control), "assumed": (treatment, control), "maximum_likelihood": (pooled, pooled)}
    at_null = _variance(*null[params["null_variance"]], params)
    at_true = _variance(treatment, control, params)
    z = upper(one_side(params)) * sqrt(at_null) + STANDARD.inv_cdf(params["power"]) * sqrt(at_true)
    return _numbers((z / nonzero(log(treatment / control), "rate_ctl", _NO_EFFECT)) ** 2, ratio)


def ni_rates_poisson(params: Params) -> dict[str, Value]:
    """Participants to show that the ratio of two Poisson rates is better than a margin.

    Zhu (2017), Stat Biopharm Res 9:107, with the variance at the rates assumed and a dispersion of 0. The margin is
    above 1 where an event is bad and below 1 where it is good.
    """
    return ni_rates_nb({**params, "dispersion": 0.0})


def ni_rates_nb(params: Params) -> dict[str, Value]:
    """Participants to show that the ratio of two negative binomial rates is better than a margin.

    Zhu (2017), Stat Biopharm Res 9:107, with the variance at the rates assumed; Friede, Schmidli (2010), Methods Inf
    Med 49:618. The margin is above 1 where an event is bad and below 1 where it is good.
    """
    treatment, control = _treatment(params), params["rate_ctl"]
    distance = _inside(log(treatment / control), log(params["margin"]))
    return _numbers(both(params) ** 2 * _variance(treatment, control, params) / distance**2, params["ratio"])


def _treatment(params: Params) -> float:
    """Return the rate of treatment, stated or from the ratio of the rates."""
    if "rate_trt" in params:
        return float(params["rate_trt"])
    return float(params["rate_ratio"] * params["rate_ctl"])


def _variance(treatment: float, control: float, params: Params) -> float:
    """Return the variance of the logarithm of the ratio of two rates, times the participants of control."""
    ratio = params["ratio"]
    counted = (1 / control + 1 / (ratio * treatment)) / params["mean_followup"]
    return float(counted + params["dispersion"] * (1 + ratio) / ratio)


def _numbers(control: float, ratio: float) -> dict[str, Value]:
    return arms(ratio * control, control, ratio)


def _inside(ratio: float, margin: float) -> float:
    """Return how far the logarithm of a ratio lies from that of the margin, on the side of no effect."""
    if margin == 0:
        raise ParameterError("margin", "a margin of 1 leaves nothing between it and no effect")
    if (margin > 0) != (margin > ratio) or margin == ratio:
        raise ParameterError("margin", "the assumed ratio of rates must lie inside the margin")
    return margin - ratio
