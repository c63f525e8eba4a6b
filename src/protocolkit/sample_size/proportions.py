"""Two proportions: pooled, unpooled, Farrington-Manning, arcsine; non-inferiority and equivalence."""

from __future__ import annotations

from math import acos, asin, cos, pi, sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.means import crossing_effect, equivalence_z, z_numbers
from protocolkit.sample_size.normal import STANDARD, both, nonzero, one_side, root_upwards, upper
from protocolkit.sample_size.result import ParameterError, Value, arms

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params


def _variance(p: float) -> float:
    return p * (1 - p)


def _scored(null: tuple[float, float], true: tuple[float, float], distance: float, params: Params) -> dict[str, Value]:
    """Return the participants of a score test: variance under the null for the level, under the truth for the power."""
    ratio = params["ratio"]
    at_null = sqrt(_variance(null[0]) / ratio + _variance(null[1]))
    at_true = sqrt(_variance(true[0]) / ratio + _variance(true[1]))
    z = upper(one_side(params)) * at_null + STANDARD.inv_cdf(params["power"]) * at_true
    control = (z / distance) ** 2
    return arms(ratio * control, control, ratio)


def two_props_pooled(params: Params) -> dict[str, Value]:
    """Participants of the test of two proportions with the pooled variance under the null hypothesis.

    Fleiss, Levin, Paik (2003), 4.2, without continuity correction; R's `power.prop.test`, rpact.
    """
    p1, p2, ratio = params["p1"], params["p2"], params["ratio"]
    pooled = (ratio * p1 + p2) / (1 + ratio)
    return _scored((pooled, pooled), (p1, p2), nonzero(p1 - p2, "p2"), params)


def two_props_fm(params: Params) -> dict[str, Value]:
    """Participants of the score test of Farrington and Manning for a difference of 0.

    Farrington, Manning (1990), Stat Med 9:1447; with a difference of 0 the restricted estimate is the pooled one.
    """
    named = {**params, "p1": params["p_trt"], "p2": params["p_ctl"]}
    return two_props_pooled(named)


def two_props_unpooled(params: Params) -> dict[str, Value]:
    """Participants of the test of two proportions with separate variances.

    Chow, Shao, Wang, 4.2.1; TrialSize's `TwoSampleProportion.Equality`.
    """
    p1, p2 = params["p1"], params["p2"]
    return z_numbers((_variance(p1), _variance(p2)), nonzero(p1 - p2, "p2"), both(params), params["ratio"])


def cluster_two_props_z(params: Params) -> dict[str, Value]:
    """Participants of a cluster randomised trial of two proportions with `m` participants in each cluster.

    Donner and Klar (2000), 5.3: the numbers of the test with separate variances times 1 + (m - 1) icc.
    """
    return _inflated(1 + (params["m"] - 1) * params["icc"], params, params["ratio"])


def cluster_crossover_props_z(params: Params) -> dict[str, Value]:
    """Participants of two periods in which clusters cross over, for two proportions; `m` in each cluster and period.

    Giraudeau, Ravaud, Donner (2008), Stat Med 27:5578: separate variances times 1 + (m - 1) icc - m icc cac.
    """
    return _inflated(crossing_effect(params), params, 1)


def _inflated(effect: float, params: Params, ratio: float) -> dict[str, Value]:
    p1, p2 = params["p1"], params["p2"]
    variances = _variance(p1) * effect, _variance(p2) * effect
    return {**z_numbers(variances, nonzero(p1 - p2, "p2"), both(params), ratio), "design_effect": effect}


def two_props_arcsine(params: Params) -> dict[str, Value]:
    """Participants of the test of two proportions on the arcsine scale.

    Cohen (1988), 6.2; R's `pwr.2p.test`, both rejection regions of a two-sided test counted.
    """
    ratio = params["ratio"]
    effect = abs(nonzero(2 * (asin(sqrt(params["p1"])) - asin(sqrt(params["p2"]))), "p2"))
    critical = upper(one_side(params))

    def short(control: float) -> float:
        drift = effect * sqrt(control * ratio / (1 + ratio))
        reached = STANDARD.cdf(drift - critical)
        wanted: float = params["power"]
        other: float = (params["sided"] - 1) * STANDARD.cdf(-drift - critical)
        return reached + other - wanted

    control = root_upwards(short, 1e-6)
    return arms(ratio * control, control, ratio)


def two_props_pooled_power(params: Params) -> dict[str, Value]:
    """Power of the test of two proportions with the pooled variance, with `n1` (treatment) and `n2` participants.

    Fleiss, Levin, Paik (2003), 4.2; statsmodels' `power_proportions_2indep`, both rejection regions counted.
    """
    p1, p2, n1, n2 = params["p1"], params["p2"], params["n1"], params["n2"]
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    at_null = sqrt(_variance(pooled) * (1 / n1 + 1 / n2))
    at_true = sqrt(_variance(p1) / n1 + _variance(p2) / n2)
    critical = upper(one_side(params)) * at_null
    reached = STANDARD.cdf((abs(p1 - p2) - critical) / at_true)
    return {"power": reached + (params["sided"] - 1) * STANDARD.cdf((-abs(p1 - p2) - critical) / at_true)}


def ni_props_unpooled(params: Params) -> dict[str, Value]:
    """Participants of a non-inferiority test of proportions of success with separate variances.

    Chow, Shao, Wang, 4.2.2; epiR's `epi.ssninfb`.
    """
    trt, ctl = params["p_trt"], params["p_ctl"]
    distance = _inside(trt - ctl + _margin(params))
    return z_numbers((_variance(trt), _variance(ctl)), distance, both(params), params["ratio"])


def equiv_props_unpooled(params: Params) -> dict[str, Value]:
    """Participants of an equivalence test of proportions with separate variances (two one-sided tests at `alpha`).

    Chow, Shao, Wang, 4.2.3; Machin and others (2009); epiR's `epi.ssequb`.
    """
    trt, ctl = params["p_trt"], params["p_ctl"]
    distance = _inside(_margin(params) - abs(trt - ctl))
    return z_numbers((_variance(trt), _variance(ctl)), distance, equivalence_z(params), params["ratio"])


def ni_props_fm(params: Params) -> dict[str, Value]:
    """Participants of the non-inferiority score test of Farrington and Manning for proportions.

    Farrington, Manning (1990), Stat Med 9:1447. `outcome` is `failure` where an event is bad (the treatment may have at
    most `margin` more) or `success` where it is good (at most `margin` fewer).
    """
    trt, ctl = params["p_trt"], params["p_ctl"]
    bound = _margin(params) if params["outcome"] == "failure" else -_margin(params)
    distance = _inside(abs(trt - ctl - bound) if (trt - ctl - bound) * bound < 0 else 0.0)
    null = restricted(trt, ctl, bound, params["ratio"])
    return _scored(null, (trt, ctl), distance, params)


def restricted(trt: float, ctl: float, difference: float, ratio: float) -> tuple[float, float]:
    """Return the proportions that are most likely under a given difference (treatment minus control).

    Farrington, Manning (1990), the root of their cubic equation; Miettinen, Nurminen (1985).
    """
    theta = 1 / ratio
    a = 1 + theta
    b = -(1 + theta + trt + theta * ctl + difference * (theta + 2))
    c = difference**2 + difference * (2 * trt + theta + 1) + trt + theta * ctl
    d = -trt * difference * (1 + difference)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    size = sqrt(max(0.0, (b / (3 * a)) ** 2 - c / (3 * a)))
    u = size if v > 0 else -size
    w = (pi + acos(max(-1.0, min(1.0, v / u**3 if u else 0.0)))) / 3
    treatment = min(1.0, max(0.0, 2 * u * cos(w) - b / (3 * a)))
    return treatment, min(1.0, max(0.0, treatment - difference))


def _margin(params: Params) -> float:
    margin: float = params["margin"]
    if margin >= 1:
        raise ParameterError("margin", f"a margin between two proportions is below 1 (4 % is 0.04), unlike {margin:g}")
    return margin


def _inside(distance: float) -> float:
    if distance <= 0:
        raise ParameterError("margin", "the true difference must lie inside the margin")
    return distance
