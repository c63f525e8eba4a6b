"""Two means, paired means and clusters: t and z tests, analysis of covariance, confidence intervals."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.normal import both, nonzero, root_near, upper
from protocolkit.sample_size.result import ParameterError, Value, arms, even, whole
from protocolkit.sample_size.t_tests import T_TESTS

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_LEAST_WITH_SPREAD = 2.0000001  # participants, whose values spread


def t_power(treatment: float, control: float, effect: float, params: Params) -> float:
    """Return the power of a t test for an effect in standard deviations, from the noncentral t distribution."""
    power: float = params[T_TESTS].two_groups(treatment, control, effect, params)
    return power


def t_numbers(effect: float, params: Params) -> dict[str, Value]:
    """Return the participants of a two-sample t test for an effect in standard deviations."""
    if not effect > 0:
        raise ParameterError("delta", "the difference must be other than 0 and in the direction of the test")
    ratio = params["ratio"]
    control = root_near(
        lambda n: t_power(ratio * n, n, effect, params) - params["power"],
        _normal(params, effect) * (1 / ratio + 1),
        _LEAST_WITH_SPREAD / min(1.0, ratio) / (1 + ratio) * 2,
    )
    return arms(ratio * control, control, ratio)


def two_means_t(params: Params) -> dict[str, Value]:
    """Participants of a t test of two independent means with equal variances.

    Cohen (1988), Statistical power analysis, 2.3; noncentral t as in R's `power.t.test(strict = TRUE)`. `delta` and
    `sd` are in the unit of the outcome.
    """
    return t_numbers(abs(nonzero(params["delta"], "delta")) / params["sd"], params)


def two_means_t_power(params: Params) -> dict[str, Value]:
    """Power of a t test of two independent means with `n1` (treatment) and `n2` participants.

    Cohen (1988), 2.3; R's `pwr.t2n.test`.
    """
    return {"power": t_power(params["n1"], params["n2"], abs(params["delta"]) / params["sd"], params)}


def ancova_t(params: Params) -> dict[str, Value]:
    """Participants of an analysis of covariance whose covariate correlates `rho` with the outcome.

    Borm, Fransen, Lemmens (2007), J Clin Epidemiol 60:1234: the variance of the t test times (1 - rho^2); `sd` is that
    of the final value.
    """
    sd = params["sd"] * sqrt(1 - params["rho"] ** 2)
    return t_numbers(abs(nonzero(params["delta"], "delta")) / sd, params)


def z_numbers(variance: tuple[float, float], distance: float, z: float, ratio: float) -> dict[str, Value]:
    """Return the participants of a z test from the variances of one treatment and one control observation."""
    control = z**2 * (variance[0] / ratio + variance[1]) / distance**2
    return arms(ratio * control, control, ratio)


def two_means_z(params: Params) -> dict[str, Value]:
    """Participants of a z test of two independent means with one known standard deviation.

    Chow, Shao, Wang, Sample size calculations in clinical research, 3.2.1; Woodward (2014), 8.6.
    """
    variance = params["sd"] ** 2
    return z_numbers((variance, variance), nonzero(params["delta"], "delta"), both(params), params["ratio"])


def two_means_z_hetero(params: Params) -> dict[str, Value]:
    """Participants of a z test of two independent means with a standard deviation for each arm.

    Chow, Shao, Wang, 3.2; gsDesign's `nNormal`.
    """
    variances = params["sd_trt"] ** 2, params["sd_ctl"] ** 2
    return z_numbers(variances, nonzero(params["delta"], "delta"), both(params), params["ratio"])


def cluster_two_means_z(params: Params) -> dict[str, Value]:
    """Participants of a cluster randomised trial with `m` participants in each cluster.

    Donner and Klar (2000), 5.2: the z test's numbers times the design effect 1 + (m - 1) icc.
    """
    effect = 1 + (params["m"] - 1) * params["icc"]
    variance = params["sd"] ** 2 * effect
    found = z_numbers((variance, variance), nonzero(params["delta"], "delta"), both(params), params["ratio"])
    return {**found, "design_effect": effect}


def cluster_crossover_means_z(params: Params) -> dict[str, Value]:
    """Participants of two periods in which clusters cross over, `m` of them in each cluster in each period.

    Giraudeau, Ravaud, Donner (2008), Stat Med 27:5578: the z test's numbers times 1 + (m - 1) icc - m icc cac. `cac` is
    the correlation of two periods of a cluster over that within a period; other participants come in each.
    """
    variance, effect = params["sd"] ** 2, crossing_effect(params)
    found = z_numbers((variance * effect, variance * effect), nonzero(params["delta"], "delta"), both(params), 1)
    return {**found, "design_effect": effect}


def crossing_effect(params: Params) -> float:
    """Return the design effect of two periods between which clusters cross over."""
    effect: float = 1 + (params["m"] - 1) * params["icc"] - params["m"] * params["icc"] * params["cac"]
    return effect


def crossover_2x2_t(params: Params) -> dict[str, Value]:
    """Participants of a 2x2 crossover analysed by a paired t test; `sd_diff` is that of the within-person difference.

    Julious (2010), Sample sizes for clinical trials, 4.2; R's `power.t.test(type = "paired")`.
    """
    effect = abs(nonzero(params["delta"], "delta")) / params["sd_diff"]
    real = paired_number(effect, params)
    per_sequence = even(real) // 2
    return {
        "n_total_paired_real": real, "n_total_paired_ceil": whole(real), "n_total_real": real,
        "n_total_ceil": whole(real), "n_per_sequence_ceil": per_sequence,
    }  # fmt: skip


def paired_power(total: float, effect: float, params: Params) -> float:
    """Return the power of a paired t test with a number of participants."""
    power: float = params[T_TESTS].paired(total, effect, params)
    return power


def paired_number(effect: float, params: Params) -> float:
    """Return the participants of a paired t test for an effect in standard deviations."""
    return root_near(
        lambda n: paired_power(n, effect, params) - params["power"], _normal(params, effect), _LEAST_WITH_SPREAD
    )


def _normal(params: Params, effect: float) -> float:
    """Return what a test of known spread asks for, for an effect in standard deviations; a t test needs little more."""
    spreads = max(both(params), 0.0) / effect
    return spreads * spreads


def ci_width_means_z(params: Params) -> dict[str, Value]:
    """Participants for a confidence interval of a difference in means of half-width `half_width`; level 1 - `alpha`.

    Machin, Campbell, Tan, Tan (2009), 6.3.
    """
    variance = params["sd"] ** 2
    return z_numbers((variance, variance), params["half_width"], upper(params["alpha"] / 2), params["ratio"])


def crossover_2x2_ni_z(params: Params) -> dict[str, Value]:
    """Participants per sequence of a 2x2 crossover for non-inferiority of means.

    Chow, Shao, Wang, 3.3.2: (z_alpha + z_beta)^2 sd_m^2 / (2 (true_diff + margin)^2); `sd_m` as defined there.
    """
    distance = _inside(params["true_diff"] + params["margin"])
    real = both(params) ** 2 * params["sd_m"] ** 2 / (2 * distance**2)
    return {
        "n_per_sequence_real": real, "n_per_sequence_ceil": whole(real), "n_total_real": 2 * real,
        "n_total_ceil": 2 * whole(real),
    }  # fmt: skip


def ni_means_t(params: Params) -> dict[str, Value]:
    """Participants of a non-inferiority t test of means; `true_diff` is treatment minus control, positive is better.

    Julious (2004), Stat Med 23:1921, 6: the t test of the distance between true difference and margin; rpact.
    """
    return t_numbers(_inside(params["true_diff"] + params["margin"]) / params["sd"], params)


def ni_paired_t(params: Params) -> dict[str, Value]:
    """Participants of a non-inferiority t test within people; `sd_diff` is that of the within-person difference.

    Julious (2010), Sample sizes for clinical trials, 6.3: the paired t test of the distance to the margin.
    """
    effect = _inside(params["true_diff"] + params["margin"]) / params["sd_diff"]
    real = paired_number(effect, params)
    total = whole(real)
    return {
        "n_total_paired_real": real, "n_total_paired_ceil": total, "n_total_real": real, "n_total_ceil": total,
    }  # fmt: skip


def ni_means_z(params: Params) -> dict[str, Value]:
    """Participants of a non-inferiority z test of means.

    Chow, Shao, Wang, 3.2.2; TrialSize's `TwoSampleMean.NIS`, epiR's `epi.ssninfc`.
    """
    variance = params["sd"] ** 2
    distance = _inside(params["true_diff"] + params["margin"])
    return z_numbers((variance, variance), distance, both(params), params["ratio"])


def equiv_means_z(params: Params) -> dict[str, Value]:
    """Participants of an equivalence z test of means (two one-sided tests at `alpha`).

    Chow, Shao, Wang, 3.2.3: (z_alpha + z_(beta/2))^2 over (margin - |true_diff|)^2; epiR's `epi.ssequc`.
    """
    variance = params["sd"] ** 2
    distance = _inside(params["margin"] - abs(params["true_diff"]))
    return z_numbers((variance, variance), distance, equivalence_z(params), params["ratio"])


def equivalence_z(params: Any) -> float:
    """Return the quantiles of two one-sided tests that both must succeed."""
    return upper(params["alpha"]) + upper((1 - params["power"]) / 2)


def _inside(distance: float) -> float:
    if distance <= 0:
        raise ParameterError("true_diff", "the true difference must lie inside the margin")
    return distance
