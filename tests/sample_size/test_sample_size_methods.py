"""Sample sizes against published and recomputed references, and what the functions promise about their answers."""

from __future__ import annotations

import csv
import json
from math import comb, exp, inf, log, nan, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from protocolkit.sample_size import ParameterError, methods, power, required

pytest.importorskip("statsmodels", reason="the extra protocolkit[stats] is not installed")

CASES = Path(__file__).resolve().parents[1] / "cases" / "sample-size-cases.csv"
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "statistics" / "methods.csv"
T: dict[str, Any] = {"alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1, "delta": 1, "sd": 2}

# Recomputed with R 4.5: rpact 3.3.4, epiR 2.0.57, pwr 1.3.0 and stats; the calls stand beside the values.
RECOMPUTED: list[tuple[str, dict[str, Any], str, float | list[float], float, str]] = [
    ("gsd_haybittle_peto", {"k": 3, "alpha": 0.05, "sided": 2, "interim_z": 3}, "final_critical", 1.975097601, 1e-5,
     "getDesignGroupSequential(typeOfDesign='HP', constantBoundsHP=3)"),
    ("gsd_ldpocock", {"info": [0.3, 0.6, 1], "alpha": 0.05, "sided": 2}, "critical_values",
     [2.311835304, 2.320967220, 2.268911697], 1e-5, "getDesignGroupSequential(typeOfDesign='asP')"),
    ("gsd_ldobf", {"info": [0.5, 1], "alpha": 0.05, "sided": 2}, "critical_values", [2.962588043, 1.968595646], 1e-5,
     "getDesignGroupSequential(typeOfDesign='asOF', sided=2)"),
    ("gsd_inflation", {"type": "ldpocock", "info": [0.5, 1], "alpha": 0.025, "sided": 1, "power": 0.9}, "inflation",
     1.111046588, 1e-5, "getDesignCharacteristics(...)"),
    ("gsd_means_n", {"type": "ldobf", "info": [0.5, 1], "alpha": 0.025, "sided": 1, "power": 0.9, "delta": 1,
     "sd": 2.2}, "n_total_max_real", 206.0654825, 1e-3, "getSampleSizeMeans(design, alternative=1, stDev=2.2)"),
    ("survival_freedman_events", {"hr": 0.7, "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 2}, "events_real",
     336.237538, 1e-5, "getSampleSizeSurvival(typeOfComputation='Freedman')"),
    ("survival_schoenfeld_events", {"hr": 0.7, "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 2}, "events_real",
     371.6751532, 1e-5, "getSampleSizeSurvival(allocationRatioPlanned=2)"),
    ("survival_schoenfeld_n", {"hr": 0.7, "median_control": 12, "accrual": 12, "followup": 12, "dropout_hazard": 0.01,
     "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 2}, "n_total_real", 723.8634856, 1e-4,
     "getSampleSizeSurvival(dropoutRate1=1-exp(-.12), dropoutTime=12)"),
    ("ni_means_t", {"margin": 0.5, "true_diff": 0.1, "sd": 1.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 2},
     "n_total_real", 223.9075576, 1e-4, "getSampleSizeMeans(thetaH0=-.5, alternative=.1)"),
    ("ni_props_unpooled", {"margin": 0.1, "p_ctl": 0.8, "p_trt": 0.85, "alpha": 0.025, "sided": 1, "power": 0.8,
     "ratio": 1}, "n_total_ceil", 202, 0, "epi.ssninfb(treat=.85, control=.8, delta=.1)"),
    ("ni_props_fm", {"margin": 0.1, "p_ctl": 0.8, "p_trt": 0.85, "alpha": 0.025, "sided": 1, "power": 0.8, "ratio": 2,
     "outcome": "success"}, "n_total_real", 208.3136157, 1e-3, "getSampleSizeRates(thetaH0=-.1)"),
    ("ni_props_fm", {"margin": 0.05, "p_ctl": 0.2, "p_trt": 0.18, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 2,
     "outcome": "failure"}, "n_total_real", 1427.281622, 1e-3, "getSampleSizeRates(thetaH0=.05)"),
    ("two_props_arcsine", {"p1": 0.3, "p2": 0.5, "alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1}, "n_per_arm_real",
     92.69608024, 1e-5, "pwr.2p.test(h=ES.h(.3, .5))"),
    ("crossover_2x2_t", {"delta": 1, "sd_diff": 2, "alpha": 0.05, "sided": 2, "power": 0.9}, "n_total_paired_real",
     43.9955, 1e-3, "power.t.test(type='paired', strict=TRUE)"),
    ("tost_crossover_exact", {"cv": 0.3, "theta0": 0.95, "theta1": 0.8, "theta2": 1.25, "alpha": 0.05, "power": 0.8},
     "n_total", 40, 0, "PowerTOST README: sampleN.TOST(CV=.3), power .815845"),
    ("gsd_repeated_testing", {"k": 5, "z": 1.96, "sided": 2}, "type1_error", 0.142, 5e-4,
     "Armitage, McPherson, Rowe (1969), table 2"),
    ("ni_survival_schoenfeld_events", {"hr": 1, "margin": 1.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1},
     "events_ceil", 611, 0, "LEADER, N Engl J Med 2016;375:311: 611 events to rule out 1.30 with 90 % power"),
    ("ni_survival_schoenfeld_events", {"hr": 1, "margin": 1.8, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1},
     "events_ceil", 122, 0, "SUSTAIN-6, N Engl J Med 2016;375:1834: 122 events to rule out 1.8 with 90 % power"),
    ("ni_survival_schoenfeld_events", {"hr": 1, "margin": 1 / 1.8, "alpha": 0.025, "sided": 1, "power": 0.9,
     "ratio": 1}, "events_ceil", 122, 0, "as above, where an event is good"),
    ("ni_survival_schoenfeld_events", {"hr": 0.9, "margin": 1.25, "alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 2},
     "events_real", 327.2945, 1e-3, "TrialSize Cox.NIS: (1.959964 + 0.841621)^2 / (log(1.25) - log(0.9))^2 * 9 / 2"),
    ("ni_survival_schoenfeld_n", {"hr": 0.7, "margin": 1.3, "median_control": 12, "accrual": 12, "followup": 12,
     "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1, "dropout_hazard": 0}, "n_total_real", 190.4784, 1e-3,
     "573.7687256521 (rpact, SS023) * log(0.7)^2 / (log(0.7) - log(1.3))^2"),
    ("equiv_survival_schoenfeld_events", {"hr": 1, "margin": 1.6487212707, "alpha": 0.05, "power": 0.8, "ratio": 1},
     "events_real", 137.0216, 1e-3, "TrialSize Cox.Equivalence, margin 0.5 of the logarithm, every event observed"),
    ("equiv_survival_schoenfeld_n", {"hr": 0.7, "margin": 2, "median_control": 12, "accrual": 12, "followup": 12,
     "alpha": 0.025, "power": 0.9, "ratio": 1, "dropout_hazard": 0}, "n_total_real", 797.3591, 1e-3,
     "573.7687256521 (rpact, SS023) * log(0.7)^2 / (log(2) + log(0.7))^2 * (3.604815 / 3.241516)^2"),
    ("ve_exact_events", {"ve": 0.6, "ve_null": 0.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1},
     "critical_cases", 51, 0, "154 cases: the binomial distribution of 154 cases with 0.7 / 1.7 has 0.0246 up to 51"),
    ("ve_exact_events", {"ve": 0.6, "ve_null": 0, "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 1},
     "events_ceil", 56, 0, "the binomial distribution summed with exact fractions: 56 cases, at most 20, power 0.906"),
    ("ve_exact_n", {"ve": 0.6, "ve_null": 0.2, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1, "p_ctl": 0.019},
     "n_per_arm_ceil", 3647, 0, "97 / (0.019 * 1.4) = 3646.6"),
    ("two_rates_nb", {"rate_ctl": 0.8, "rate_ratio": 0.85, "dispersion": 0.4, "mean_followup": 0.75, "alpha": 0.05,
     "sided": 2, "power": 0.8, "ratio": 1, "null_variance": "assumed"}, "n_per_arm_ceil", 1316, 0,
     "Zhu, Lakkis (2014), Stat Med 33:376, table I, method 2"),
    ("win_ratio", {"win_ratio": 1.5, "p_tie": 0.2, "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 1},
     "n_total_ceil", 512, 0, "by hand: 16 * 1.2 / (3 * 0.8) * (3.241515 / ln 1.5)^2 = 511.3, and even arms"),
    ("bonferroni_alpha", {"alpha": 0.05, "k": 4}, "alpha", 0.0125, 1e-12, "by definition"),
    ("ci_width_means_z", {"half_width": 0.5, "sd": 2, "alpha": 0.05, "ratio": 1}, "n_per_arm_ceil", 123, 0,
     "2 (1.959964 * 2 / 0.5)^2 = 122.9"),
]  # fmt: skip


def _published() -> list[Any]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        pytest.param(
            row["method"],
            json.loads(row["params"]),
            row["quantity"],
            json.loads(row["expected"]),
            float(row["tolerance"]),
            id=row["id"],
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    ("method", "params", "quantity", "expected", "tolerance"), [*_published(), *(row[:5] for row in RECOMPUTED)]
)
def test_methods_give_the_published_values(
    method: str, params: dict[str, Any], quantity: str, expected: Any, tolerance: float
) -> None:
    """Each reference case is met within its tolerance."""
    assert required(method, **params)[quantity] == pytest.approx(
        tuple(expected) if isinstance(expected, list) else expected, abs=tolerance + 1e-12, rel=0
    )


def test_every_method_of_the_facts_is_there_with_its_parameters_and_quantities() -> None:
    """The names, parameters and quantities that protocols use are those of the published list."""
    if not FACTS.exists():
        pytest.skip("the list of methods is not beside this checkout")
    with FACTS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert set(row["parameters"].split()) == set(methods()[row["method"]].parameters), row["method"]
    assert set(methods()) >= {"ci_width_means_z", "bonferroni_alpha"}


CLUSTERS = {"alpha": 0.05, "sided": 2, "power": 0.9, "icc": 0.05, "m": 20}


def test_clusters_that_cross_over_need_fewer_people_the_more_alike_their_periods_are() -> None:
    """Periods that have nothing in common are clusters of their own; those wholly alike leave the variance within."""
    between = required("cluster_two_means_z", delta=1, sd=2, ratio=1, **CLUSTERS)
    apart = required("cluster_crossover_means_z", delta=1, sd=2, cac=0, **CLUSTERS)
    alike = required("cluster_crossover_means_z", delta=1, sd=2, cac=1, **CLUSTERS)
    assert apart["n_total_real"] == pytest.approx(between["n_total_real"])
    assert alike["design_effect"] == pytest.approx(1 - CLUSTERS["icc"])
    some = required("cluster_crossover_means_z", delta=1, sd=2, cac=0.8, **CLUSTERS)
    assert some["design_effect"] == pytest.approx(1 + 19 * 0.05 - 20 * 0.04)


def test_proportions_in_clusters_are_those_of_people_times_the_design_effect() -> None:
    """The same variances as without clusters; 1.95 is 1 + 19 x 0.05, and a mean size need not be whole."""
    test = {"alpha": 0.05, "sided": 2, "power": 0.9, "p1": 0.3, "p2": 0.5}
    alone = required("two_props_unpooled", ratio=1, **test)
    grouped = required("cluster_two_props_z", ratio=1, icc=0.05, m=20, **test)
    mean = required("cluster_two_props_z", ratio=1, icc=0.05, m=14.4, **test)
    assert mean["n_total_real"] == pytest.approx(1.67 * float(alone["n_total_real"]))
    crossing = required("cluster_crossover_props_z", icc=0.05, m=20, cac=0.8, **test)
    assert grouped["n_total_real"] == pytest.approx(1.95 * float(alone["n_total_real"]))
    assert crossing["n_total_real"] == pytest.approx(1.15 * float(alone["n_total_real"]))


def test_a_margin_within_people_is_sized_by_the_paired_test() -> None:
    """With no true difference the margin is the difference that a paired test finds."""
    test = {"alpha": 0.025, "sided": 1, "power": 0.9, "sd_diff": 8}
    found = required("ni_paired_t", margin=3.5, true_diff=0, **test)
    assert found["n_total_real"] == pytest.approx(float(required("crossover_2x2_t", delta=3.5, **test)["n_total_real"]))
    assert found["n_total_ceil"] == 57
    reached = power("ni_paired_t", margin=3.5, true_diff=0, n_total=57, alpha=0.025, sided=1, sd_diff=8)["power"]
    assert 0.9 <= float(reached) < 0.91  # type: ignore[arg-type]


POWERS: list[tuple[str, dict[str, Any]]] = [
    ("two_means_t", {"delta": 1, "sd": 2}),
    ("two_means_z", {"delta": 1, "sd": 2}),
    ("two_means_z_hetero", {"delta": 1, "sd_ctl": 2, "sd_trt": 1}),
    ("ancova_t", {"delta": 1, "sd": 2, "rho": 0.5}),
    ("cluster_two_means_z", {"delta": 1, "sd": 2, "icc": 0.02, "m": 10}),
    ("cluster_two_props_z", {"p1": 0.3, "p2": 0.5, "icc": 0.02, "m": 10}),
    ("two_props_pooled", {"p1": 0.3, "p2": 0.5}),
    ("two_props_unpooled", {"p1": 0.3, "p2": 0.5}),
    ("two_props_fm", {"p_trt": 0.3, "p_ctl": 0.5}),
    ("two_rates_poisson", {"rate_ctl": 0.04, "rate_trt": 0.02, "mean_followup": 2, "null_variance": "reference"}),
    ("win_ratio", {"win_ratio": 1.4, "p_tie": 0.1}),
    (
        "two_rates_nb",
        {
            "rate_ctl": 2,
            "rate_ratio": 0.7,
            "mean_followup": 1,
            "dispersion": 0.8,
            "null_variance": "maximum_likelihood",
        },
    ),
    ("ni_rates_nb", {"rate_ctl": 2, "rate_ratio": 1, "mean_followup": 1, "dispersion": 0.8, "margin": 1.3}),
    ("two_props_arcsine", {"p1": 0.3, "p2": 0.5}),
    ("ni_props_fm", {"p_trt": 0.2, "p_ctl": 0.2, "margin": 0.1, "outcome": "failure"}),
    ("ni_means_t", {"true_diff": 0, "sd": 2, "margin": 1}),
    ("survival_schoenfeld_n", {"hr": 0.7, "median_control": 12, "accrual": 12, "followup": 12, "dropout_hazard": 0}),
    (
        "ni_survival_schoenfeld_n",
        {"hr": 1, "margin": 1.3, "median_control": 12, "accrual": 12, "followup": 12, "dropout_hazard": 0},
    ),
    ("mmrm_luo", {"R": "ar1", "rho": 0.5, "visits": 2, "retention": [1, 0.8], "sigma": 2, "delta": 1}),
]


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize(("method", "params"), POWERS, ids=[row[0] for row in POWERS])
def test_power_is_the_inverse_of_required(method: str, params: dict[str, Any], ratio: int) -> None:
    """Numbers that were rounded up reach the power, and fewer of them do not."""
    test = {"alpha": 0.05, "sided": 2}
    found = required(method, **params, **test, power=0.9, ratio=ratio)
    names = ("n_per_arm_ceil", "n_per_arm_ceil") if ratio == 1 else ("n_treatment_ceil", "n_control_ceil")
    treatment, control = (found[name] for name in names)
    assert isinstance(treatment, int)
    assert isinstance(control, int)
    assert power(method, n_treatment=treatment, n_control=control, **params, **test)["power"] >= 0.9 - 1e-9
    assert power(method, n_treatment=treatment - 2, n_control=control - 2, **params, **test)["power"] < 0.9


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"hr": 1.3}, "the assumed hazard ratio must lie inside the margin"),
        ({"margin": 0.8, "hr": 0.7}, "the assumed hazard ratio must lie inside the margin"),
        ({"margin": 1}, "a margin of 1 leaves nothing"),
    ],
)
def test_a_margin_of_hazards_that_nothing_could_rule_out_is_refused(changed: dict[str, Any], words: str) -> None:
    """The ratio that is assumed lies on the side of no effect."""
    test = {"hr": 1, "margin": 1.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1}
    with pytest.raises(ParameterError, match=words):
        required("ni_survival_schoenfeld_events", **{**test, **changed})


RATES = {"rate_ctl": 1.4, "rate_trt": 1.1, "mean_followup": 0.75, "alpha": 0.05, "sided": 2, "power": 0.85}


@pytest.mark.parametrize("ratio", [0.5, 1, 2])
@pytest.mark.parametrize("dispersion", [0, 1.5])
@pytest.mark.parametrize(
    ("method", "more", "variance"),
    [
        ("two_rates_nb", {"null_variance": "assumed"}, "alt"),
        ("two_rates_nb", {"null_variance": "maximum_likelihood"}, "ftotal"),
        ("ni_rates_nb", {"margin": 1.1}, "alt"),
    ],
)
def test_two_rates_have_the_power_that_statsmodels_finds(
    method: str, more: dict[str, Any], variance: str, dispersion: float, ratio: float
) -> None:
    """The numbers of both arms, put into its function for negative binomial rates; a dispersion of 0 is Poisson."""
    from statsmodels.stats.rates import power_negbin_ratio_2indep  # noqa: PLC0415 - the extra may be absent

    found = required(method, **RATES, **more, dispersion=dispersion, ratio=ratio)
    treatment = float(found["n_total_real"]) * ratio / (1 + ratio)  # type: ignore[arg-type]
    reached = power_negbin_ratio_2indep(
        1.1, 1.4, treatment, 1 / ratio, exposure=0.75, value=more.get("margin", 1), alpha=0.025,
        dispersion=dispersion, alternative="smaller", method_var=variance, return_results=False,
    )  # fmt: skip
    assert float(reached) == pytest.approx(0.85, abs=1e-9)


@pytest.mark.parametrize("ratio", [0.5, 1, 2])
def test_the_variance_at_the_rate_of_control_is_that_of_a_poisson_regression(ratio: float) -> None:
    """Signorini's formula for a group that the share `part` of all participants belongs to, in logarithms of rates."""
    found = required("two_rates_poisson", **RATES, ratio=ratio, null_variance="reference")
    part, effect = ratio / (1 + ratio), log(1.1 / 1.4)
    null, true = 1 / (part * (1 - part)), 1 / (1 - part) + 1 / (part * exp(effect))
    quantiles = NormalDist().inv_cdf(0.975) * sqrt(null) + NormalDist().inv_cdf(0.85) * sqrt(true)
    assert found["n_total_real"] == pytest.approx((quantiles / effect) ** 2 / (0.75 * 1.4))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rate_ratio": 1.4}, "the assumed ratio of rates must lie inside the margin"),
        ({"margin": 0.8, "rate_ratio": 0.7}, "the assumed ratio of rates must lie inside the margin"),
        ({"margin": 1}, "a margin of 1 leaves nothing"),
        ({"rate_ratio": -1}, "a number above 0"),
        ({"rate_trt": 0.04}, "does not go together"),
    ],
)
def test_rates_that_nothing_could_tell_apart_are_refused(changed: dict[str, Any], words: str) -> None:
    """The ratio that is assumed lies on the side of no effect, and is stated once."""
    test = {"rate_ctl": 0.04, "rate_ratio": 1, "margin": 1.3, "mean_followup": 1, "alpha": 0.025, "sided": 1,
            "power": 0.9, "ratio": 1}  # fmt: skip
    with pytest.raises(ParameterError, match=words):
        required("ni_rates_poisson", **{**test, **changed})


def test_power_of_paired_methods_takes_the_total() -> None:
    """Crossover trials have one number; it reaches the power that it was computed for."""
    paired = {"delta": 1, "sd_diff": 2, "alpha": 0.05, "sided": 2}
    total = required("crossover_2x2_t", **paired, power=0.9)["n_total_paired_ceil"]
    assert power("crossover_2x2_t", n_total=total, **paired)["power"] == pytest.approx(0.9, abs=0.01)
    exact = {"cv": 0.2, "theta0": 0.95, "theta1": 0.8, "theta2": 1.25, "alpha": 0.05}
    assert power("tost_crossover_exact", n_total=20, **exact)["power"] == pytest.approx(0.834680, abs=1e-6)


def test_the_reviews_mean_trial_could_not_see_a_point_of_pain() -> None:
    """17 in each arm, a standard deviation of 2.2: the power to see 1 point is a quarter."""
    found = power("two_means_t", n_treatment=17, n_control=17, delta=1, sd=2.2, alpha=0.05, sided=2)
    assert found["power"] == pytest.approx(0.2506, abs=1e-4)
    assert found.library.startswith("statsmodels ")


def test_names_follow_the_allocation() -> None:
    """Per arm exists only where arms are equal; a missing name lists those there are."""
    equal, unequal = required("two_means_z", **T), required("two_means_z", **{**T, "ratio": 2})
    assert equal["n_per_arm_ceil"] == 63
    assert (unequal["n_treatment_ceil"], unequal["n_control_ceil"]) == (95, 48)
    assert unequal["n_total_arm_ceil"] == 143
    with pytest.raises(KeyError, match="n_treatment_real"):
        unequal["n_per_arm_ceil"]


def test_one_sided_and_two_sided_levels_are_the_same_test() -> None:
    """One-sided 0.025 and two-sided 0.05 ask for the same number; the normal approximation asks for fewer than t."""
    two = required("two_means_z", **T)["n_total_real"]
    one = required("two_means_z", **{**T, "alpha": 0.025, "sided": 1})["n_total_real"]
    assert one == pytest.approx(two)
    exact = required("two_means_t", **T)["n_total_real"]
    assert isinstance(two, float)
    assert isinstance(exact, float)
    assert two < exact


@pytest.mark.parametrize(
    ("method", "change", "parameter"),
    [
        ("two_means_tt", {}, "method"),
        ("two_means_t", {"sd": None}, "sd"),
        ("two_means_t", {"sd": 0}, "sd"),
        ("two_means_t", {"sd": -1}, "sd"),
        ("two_means_t", {"sd": "2"}, "sd"),
        ("two_means_t", {"sd": nan}, "sd"),
        ("two_means_t", {"sd": inf}, "sd"),
        ("two_means_t", {"sd": True}, "sd"),
        ("two_means_t", {"delta": 0}, "delta"),
        ("two_means_t", {"alpha": 1}, "alpha"),
        ("two_means_t", {"sided": 3}, "sided"),
        ("two_means_t", {"power": 80}, "power"),
        ("two_means_t", {"margin": 1}, "margin"),
        ("two_props_pooled", {"p1": 0.3, "p2": 0.3, "delta": ..., "sd": ...}, "p2"),
        ("ni_means_z", {"margin": 1, "true_diff": -1, "delta": ...}, "true_diff"),
        ("cluster_two_means_z", {"icc": 1, "m": 5}, "icc"),
        ("cluster_two_means_z", {"icc": 0.1, "m": 0.5}, "m"),
    ],
)
def test_wrong_parameters_are_named(method: str, change: dict[str, Any], parameter: str) -> None:
    """What is missing, unknown, out of range or without a solution raises an error that names the parameter."""
    params = {name: value for name, value in {**T, **change}.items() if value is not ... and value is not None}
    with pytest.raises(ParameterError) as error:
        required(method, **params)
    assert error.value.parameter == parameter


@pytest.mark.parametrize(
    ("method", "params", "parameter"),
    [
        ("gsd_ldobf", {"info": [0.5, 0.4, 1], "alpha": 0.05, "sided": 2}, "info"),
        ("gsd_ldobf", {"info": [0.5, 0.9], "alpha": 0.05, "sided": 2}, "info"),
        ("gsd_haybittle_peto", {"k": 3, "interim_z": 1, "alpha": 0.05, "sided": 2}, "interim_z"),
        ("mmrm_luo", {"R": "ar1", "rho": 0.5, "visits": 3, "retention": [1, 0.8], "sigma": 1, "delta": 1, "alpha": 0.05,
                      "sided": 2, "power": 0.8, "ratio": 1}, "retention"),
        ("two_rates_poisson", {"rate_ctl": 2, "rate_trt": 2, "mean_followup": 1, "null_variance": "assumed",
         "alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1}, "rate_ctl"),
        ("two_rates_poisson", {"rate_ctl": 2, "rate_trt": 1, "mean_followup": 1, "null_variance": "pooled",
         "alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1}, "null_variance"),
        ("survival_schoenfeld_events", {"hr": 1, "alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1}, "hr"),
        ("ve_exact_events", {"ve": 0.2, "ve_null": 0.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1}, "ve"),
        ("ve_exact_events", {"ve": 0.31, "ve_null": 0.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1}, "ve"),
        ("ve_exact_events", {"ve": 60, "ve_null": 0.3, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1}, "ve"),
        ("ni_props_fm", {"margin": 4, "p_trt": 0.1, "p_ctl": 0.1, "alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1,
                         "outcome": "failure"}, "margin"),
        ("survival_lachin_foulkes_logrr", {"hr": 0.5, "lambda_ctl": 0.1, "median_ctl": 5, "T": 3, "accrual": 1,
         "dropout_hazard": 0, "alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1}, "lambda_ctl"),
    ],
)  # fmt: skip
def test_designs_that_make_no_sense_are_refused(method: str, params: dict[str, Any], parameter: str) -> None:
    """Fractions that fall, a final look without level, a ratio of 1: each is refused by name."""
    with pytest.raises(ParameterError) as error:
        required(method, **params)
    assert error.value.parameter == parameter


@pytest.mark.parametrize(("ve", "ve_null"), [(0.4, 0), (0.6, 0.2), (0.6, 0.3), (0.8, 0), (0.9, 0.5), (0.95, 0.3)])
@pytest.mark.parametrize("ratio", [0.5, 1, 3])
def test_no_smaller_number_of_cases_would_do(ve: float, ve_null: float, ratio: float) -> None:
    """The number of cases is the smallest of all whose power is reached, counted from one on by the formula."""
    found = required("ve_exact_events", ve=ve, ve_null=ve_null, alpha=0.025, sided=1, power=0.8, ratio=ratio)
    null, true = (ratio * (1 - each) / (ratio * (1 - each) + 1) for each in (ve_null, ve))

    def below(cases: int, most: int, share: float) -> float:
        return sum(comb(cases, count) * share**count * (1 - share) ** (cases - count) for count in range(most + 1))

    def reaches(cases: int) -> bool:
        critical = -1
        while below(cases, critical + 1, null) <= 0.025:
            critical += 1
        return critical >= 0 and below(cases, critical, true) >= 0.8

    assert next(cases for cases in range(1, 200) if reaches(cases)) == found["events_ceil"]


@pytest.mark.parametrize("ratio", [0.5, 1, 2])
def test_a_win_ratio_without_ties_is_a_rank_sum_test(ratio: float) -> None:
    """Near no effect it asks for as many as Noether (1987), J Am Stat Assoc 82:645, for wins in a share of pairs."""
    wins = 0.51
    found = required("win_ratio", win_ratio=wins / (1 - wins), p_tie=0, alpha=0.05, sided=2, power=0.8, ratio=ratio)
    part = ratio / (1 + ratio)
    quantiles = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    assert found["n_total_real"] == pytest.approx(quantiles**2 / (12 * part * (1 - part) * (wins - 0.5) ** 2), rel=1e-3)
