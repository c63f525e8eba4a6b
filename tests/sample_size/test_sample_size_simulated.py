"""Trials of the recomputed size, simulated: they succeed as often as the method claims, within three standard errors.

Seeded, so that every run sees the same trials; slow, so that only a sweep runs them.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.sample_size import power, required

if TYPE_CHECKING:
    from collections.abc import Callable

np = pytest.importorskip("numpy", reason="needs the extra protocolkit[stats]")
stats = pytest.importorskip("scipy.stats", reason="needs the extra protocolkit[stats]")

TRIALS = 20_000
pytestmark = pytest.mark.slow


def _claimed(method: str, per_arm: int, **params: Any) -> float:
    return float(power(method, n_treatment=per_arm, n_control=per_arm, **params)["power"])  # type: ignore[arg-type]


def two_means(chance: Any) -> tuple[float, float]:
    """Return how often a two-sided t test of two arms succeeds, and how often the method says."""
    params = {"delta": 1.0, "sd": 2.0, "alpha": 0.05, "sided": 2}
    number = int(required("two_means_t", power=0.8, ratio=1, **params)["n_per_arm_ceil"])  # type: ignore[arg-type]
    treated, control = chance.normal(1.0, 2.0, (TRIALS, number)), chance.normal(0.0, 2.0, (TRIALS, number))
    succeeded = stats.ttest_ind(treated, control, axis=1).pvalue < 0.05
    return succeeded.mean(), _claimed("two_means_t", number, **params)


def crossover(chance: Any) -> tuple[float, float]:
    """Return the same for a paired t test of the differences between two periods."""
    params = {"delta": 0.5, "sd_diff": 1.2, "alpha": 0.05, "sided": 2}
    number = int(required("crossover_2x2_t", power=0.9, **params)["n_total_ceil"])  # type: ignore[arg-type]
    found = stats.ttest_1samp(chance.normal(0.5, 1.2, (TRIALS, number)), 0.0, axis=1).pvalue < 0.05
    return found.mean(), float(power("crossover_2x2_t", n_total=number, **params)["power"])  # type: ignore[arg-type]


def non_inferiority(chance: Any) -> tuple[float, float]:
    """Return the same for a one-sided t test against a margin, the treatments being equal."""
    params = {"margin": 1.0, "true_diff": 0.0, "sd": 2.5, "alpha": 0.025, "sided": 1}
    number = int(required("ni_means_t", power=0.9, ratio=1, **params)["n_per_arm_ceil"])  # type: ignore[arg-type]
    treated, control = chance.normal(0.0, 2.5, (TRIALS, number)), chance.normal(0.0, 2.5, (TRIALS, number))
    found = stats.ttest_ind(treated + 1.0, control, axis=1, alternative="greater").pvalue < 0.025
    return found.mean(), _claimed("ni_means_t", number, **params)


def two_proportions(chance: Any) -> tuple[float, float]:
    """Return the same for the pooled test of two proportions; the claim is an approximation."""
    params = {"p1": 0.6, "p2": 0.4, "alpha": 0.05, "sided": 2}
    number = int(required("two_props_pooled", power=0.8, ratio=1, **params)["n_per_arm_ceil"])  # type: ignore[arg-type]
    treated, control = chance.binomial(number, 0.6, TRIALS), chance.binomial(number, 0.4, TRIALS)
    shared = (treated + control) / (2 * number)
    z = (treated - control) / number / np.sqrt(2 * shared * (1 - shared) / number)
    return (abs(z) > stats.norm.ppf(0.975)).mean(), _claimed("two_props_pooled", number, **params)


def two_rates(chance: Any) -> tuple[float, float]:
    """Return the same for the logarithm of the ratio of two Poisson rates, two years each; an approximation too."""
    params = {
        "rate_ctl": 0.5,
        "rate_trt": 0.35,
        "mean_followup": 2.0,
        "null_variance": "assumed",
        "alpha": 0.05,
        "sided": 2,
    }
    number = int(required("two_rates_poisson", power=0.8, ratio=1, **params)["n_per_arm_ceil"])  # type: ignore[arg-type]
    treated, control = chance.poisson(number * 0.7, TRIALS), chance.poisson(number * 1.0, TRIALS)
    z = np.log(treated / control) / np.sqrt(1 / treated + 1 / control)
    return (abs(z) > stats.norm.ppf(0.975)).mean(), _claimed("two_rates_poisson", number, **params)


def clusters(chance: Any) -> tuple[float, float]:
    """Return the same for cluster means whose variance is known, whole clusters of twenty."""
    params = {"delta": 0.5, "sd": 1.0, "icc": 0.05, "m": 20, "alpha": 0.05, "sided": 2}
    result = required("cluster_two_means_z", power=0.8, ratio=1, **params)
    groups = ceil(int(result["n_per_arm_ceil"]) / 20)  # type: ignore[arg-type]
    spread = sqrt(0.05 + 0.95 / 20)
    treated, control = chance.normal(0.5, spread, (TRIALS, groups)), chance.normal(0.0, spread, (TRIALS, groups))
    z = (treated.mean(axis=1) - control.mean(axis=1)) / (spread * sqrt(2 / groups))
    return (abs(z) > stats.norm.ppf(0.975)).mean(), _claimed("cluster_two_means_z", groups * 20, **params)


def crossing_clusters(chance: Any) -> tuple[float, float]:
    """Return the same for clusters of two periods with one treatment each, twenty new people in each period."""
    params = {"delta": 0.25, "sd": 1.0, "icc": 0.05, "cac": 0.8, "m": 20, "alpha": 0.05, "sided": 2}
    result = required("cluster_crossover_means_z", power=0.8, **params)
    groups = ceil(int(result["n_total_ceil"]) / 40)  # type: ignore[arg-type]
    shared = chance.normal(0.0, sqrt(0.05 * 0.8), (TRIALS, groups))
    own = sqrt(0.05 * 0.2 + 0.95 / 20)
    treated = 0.25 + shared + chance.normal(0.0, own, (TRIALS, groups))
    control = shared + chance.normal(0.0, own, (TRIALS, groups))
    z = (treated - control).mean(axis=1) / (own * sqrt(2 / groups))
    return (abs(z) > stats.norm.ppf(0.975)).mean(), _claimed("cluster_crossover_means_z", groups * 20, **params)


def win_ratio(chance: Any) -> tuple[float, float]:
    """Return the same for pairs that are compared on five grades, a fifth of which tie."""
    grades = np.array([0.17, 0.185, 0.2, 0.215, 0.23]), np.full(5, 0.2)
    wins, losses = (float((one * (np.cumsum(other) - other)).sum()) for one, other in (grades, grades[::-1]))
    params = {"win_ratio": wins / losses, "p_tie": 1 - wins - losses, "alpha": 0.05, "sided": 2}
    number = int(required("win_ratio", power=0.9, ratio=1, **params)["n_per_arm_ceil"])  # type: ignore[arg-type]
    treated, control = (chance.multinomial(number, each, TRIALS) for each in grades)
    tied = treated + control
    won = (treated * (np.cumsum(control, axis=1) - control / 2)).sum(axis=1)
    spread = number**2 / 12 * (2 * number + 1 - (tied**3 - tied).sum(axis=1) / (2 * number * (2 * number - 1)))
    found = abs(won - number**2 / 2) / np.sqrt(spread) > stats.norm.ppf(0.975)
    return found.mean(), _claimed("win_ratio", number, **params)


def one_proportion(chance: Any) -> tuple[float, float]:
    """Return how often an exact binomial test of one group succeeds, and how often the method says."""
    found = required("one_prop_exact", p0=0.65, p1=0.76, alpha=0.05, sided=2, power=0.9)
    events = chance.binomial(found["n_total"], 0.76, TRIALS)
    limits = stats.binomtest  # its exact p value, once for each number of events
    p_of = {each: limits(int(each), found["n_total"], 0.65, "greater").pvalue for each in set(events.tolist())}
    return sum(p_of[each] <= 0.025 for each in events.tolist()) / TRIALS, float(found["achieved_power"])  # type: ignore[arg-type]


def one_rate(chance: Any) -> tuple[float, float]:
    """Return the same for one Poisson rate whose exact upper limit must lie below a fixed one."""
    found = required(
        "one_rate_poisson", rate_null=0.04, rate_trt=0.02, mean_followup=0.7, alpha=0.05, sided=2, power=0.9,
        test_by="exact",
    )  # fmt: skip
    time = float(found["person_time"])  # type: ignore[arg-type]
    events = chance.poisson(0.02 * time, TRIALS)
    return (stats.chi2.ppf(0.975, 2 * (events + 1)) / 2 / time <= 0.04).mean(), float(found["achieved_power"])  # type: ignore[arg-type]


def two_stages(chance: Any) -> tuple[float, float]:
    """Return the same for Simon's optimal design, the trials that end after the first stage among them."""
    found: Any = required("simon_two_stage", p0=0.2, p1=0.4, alpha=0.05, sided=1, power=0.8, optimality="optimal")
    first = chance.binomial(found["n1"], 0.4, TRIALS)
    whole = first + chance.binomial(found["n_total"] - found["n1"], 0.4, TRIALS)
    return ((first > found["r1"]) & (whole > found["r"])).mean(), found["achieved_power"]


def two_looks(chance: Any) -> tuple[float, float]:
    """Return the same for a group-sequential trial with O'Brien-Fleming bounds, one look half-way."""
    params = {"alpha": 0.025, "sided": 1}
    size = required("gsd_means_n", delta=1.0, sd=2.0, info=(0.5, 1.0), power=0.9, type="obf", **params)
    first, last = required("gsd_obf", k=2, **params)["critical_values"]  # type: ignore[misc]
    drift = 1.0 * sqrt(float(size["n_total_max_real"])) / (2 * 2.0)  # type: ignore[arg-type]
    half = chance.normal(drift * sqrt(0.5), 1.0, TRIALS)
    whole = sqrt(0.5) * half + sqrt(0.5) * chance.normal(drift * sqrt(0.5), 1.0, TRIALS)
    return ((half > first) | (whole > last)).mean(), 0.9


@pytest.mark.parametrize(
    "design",
    [
        two_means,
        crossover,
        non_inferiority,
        two_proportions,
        two_rates,
        clusters,
        crossing_clusters,
        win_ratio,
        one_proportion,
        one_rate,
        two_stages,
        two_looks,
    ],
)
def test_simulated_trials_succeed_as_often_as_is_claimed(design: Callable[[Any], tuple[float, float]]) -> None:
    """Twelve designs, twenty thousand trials each."""
    succeeded, claimed = design(np.random.default_rng(20261125))
    assert abs(succeeded - claimed) <= 3 * sqrt(claimed * (1 - claimed) / TRIALS), (succeeded, claimed)
