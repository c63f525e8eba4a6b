"""One group against a fixed value: published tables, sums done otherwise, and what the methods promise."""

from __future__ import annotations

from math import comb, exp, sqrt
from typing import Any

import pytest

from protocolkit.sample_size import ParameterError, power, required

ONE_SIDED: dict[str, Any] = {"alpha": 0.05, "sided": 1}


def _binomial(size: int, events: int, share: float) -> float:
    return comb(size, events) * share**events * (1 - share) ** (size - events)


def _at_least(size: int, events: int, share: float) -> float:
    return sum(_binomial(size, each, share) for each in range(events, size + 1))


@pytest.mark.parametrize(
    ("p0", "p1", "wanted", "critical", "size"),
    [
        (0.05, 0.20, 0.8, 4, 27), (0.05, 0.25, 0.8, 3, 16), (0.10, 0.25, 0.8, 8, 40), (0.10, 0.30, 0.8, 6, 25),
        (0.20, 0.40, 0.8, 12, 35), (0.20, 0.40, 0.9, 15, 47), (0.30, 0.50, 0.8, 17, 39), (0.40, 0.60, 0.8, 23, 42),
        (0.50, 0.70, 0.8, 24, 37),
    ],
)  # fmt: skip
def test_an_exact_test_of_one_proportion_is_that_of_the_tables(
    p0: float, p1: float, wanted: float, critical: int, size: int
) -> None:
    """A'Hern (2001), Stat Med 20:859, one-sided 5 %: the cut-off over the number of participants."""
    found = required("one_prop_exact", p0=p0, p1=p1, power=wanted, **ONE_SIDED)
    assert (found["critical"], found["n_total_ceil"]) == (critical, size)


@pytest.mark.parametrize("sided", [1, 2])
@pytest.mark.parametrize(("p0", "p1"), [(0.2, 0.4), (0.65, 0.76), (0.5, 0.3), (0.1, 0.03)])
def test_no_smaller_number_has_the_power_and_the_sawtooth_is_told(p0: float, p1: float, sided: int) -> None:
    """Every size is tried with whole sums; above `n_total_steady` none falls short, and the one before it does."""
    found: Any = required("one_prop_exact", p0=p0, p1=p1, alpha=0.05, sided=sided, power=0.8)
    null, true = (p0, p1) if p1 > p0 else (1 - p0, 1 - p1)

    def reached(size: int) -> float:
        critical = next(each for each in range(size + 2) if _at_least(size, each, null) <= 0.05 / sided)
        return _at_least(size, critical, true)

    enough = {size: reached(size) >= 0.8 for size in range(1, found["n_total_steady"] + 60)}
    assert found["n_total"] == min(size for size, has in enough.items() if has)
    assert found["n_total_steady"] == max(size for size, has in enough.items() if not has) + 1
    assert found["achieved_power"] == pytest.approx(reached(found["n_total"]), abs=1e-10)
    assert found["exact_alpha"] <= 0.05 / sided
    test = {"p0": p0, "p1": p1, "alpha": 0.05, "sided": sided}
    short = found["n_total_steady"] - 1
    assert power("one_prop_exact", n_total=short, **test)["power"] == pytest.approx(reached(short), abs=1e-10)


def test_the_cut_off_is_named_on_the_side_of_the_assumed_value() -> None:
    """At least so many where more are to be shown, at most so many where fewer are: mirrors of each other."""
    more: Any = required("one_prop_exact", p0=0.2, p1=0.4, power=0.8, **ONE_SIDED)
    fewer: Any = required("one_prop_exact", p0=0.8, p1=0.6, power=0.8, **ONE_SIDED)
    assert (more["n_total"], more["critical"]) == (35, 12)
    assert (fewer["n_total"], fewer["critical"]) == (35, 23)


def test_the_normal_approximation_is_the_textbook_formula() -> None:
    """Fleiss, Levin, Paik: (1.645 sqrt(0.2 x 0.8) + 0.842 sqrt(0.4 x 0.6))^2 / 0.2^2 = 28.6."""
    found = required("one_prop_z", p0=0.2, p1=0.4, power=0.8, **ONE_SIDED)
    by_hand = ((1.6448536 * sqrt(0.16) + 0.8416212 * sqrt(0.24)) / 0.2) ** 2
    assert found["n_total_real"] == pytest.approx(by_hand, abs=1e-4)
    assert found["n_total_ceil"] == 29
    reached = power("one_prop_z", p0=0.2, p1=0.4, n_total=float(by_hand).__ceil__(), **ONE_SIDED)["power"]
    assert 0.8 <= float(reached) < 0.82  # type: ignore[arg-type]


def test_a_mean_is_compared_as_by_a_paired_test() -> None:
    """R: power.t.test(delta=1, sd=2, sig.level=.05, power=.9, type="one.sample") gives 43.99548."""
    pytest.importorskip("statsmodels", reason="the extra protocolkit[stats] is not installed")
    test = {"alpha": 0.05, "sided": 2}
    found = required("one_mean_t", delta=1, sd=2, power=0.9, **test)
    assert found["n_total_real"] == pytest.approx(43.9955, abs=1e-3)
    assert power("one_mean_t", delta=1, sd=2, n_total=44, **test)["power"] == pytest.approx(0.9, abs=1e-3)


# Simon (1989), Control Clin Trials 10:1, tables 1 and 2, alpha 0.05: r1/n1 and r/n of both kinds.
SIMON = [
    (0.05, 0.25, 0.8, (0, 9, 2, 17), (0, 12, 2, 16)),
    (0.10, 0.30, 0.8, (1, 10, 5, 29), (1, 15, 5, 25)),
    (0.20, 0.40, 0.8, (3, 13, 12, 43), (4, 18, 10, 33)),
    (0.30, 0.50, 0.9, (8, 24, 24, 63), (7, 24, 21, 53)),
    (0.20, 0.35, 0.8, (5, 22, 19, 72), (6, 31, 15, 53)),
    (0.10, 0.25, 0.9, (2, 21, 10, 66), (3, 31, 9, 55)),
    (0.40, 0.55, 0.9, (19, 45, 49, 104), (24, 62, 45, 94)),
]


@pytest.mark.parametrize(("p0", "p1", "wanted", "optimal", "minimax"), SIMON)
def test_designs_of_two_stages_are_those_of_simons_tables(
    p0: float, p1: float, wanted: float, optimal: tuple[int, ...], minimax: tuple[int, ...]
) -> None:
    """Both kinds; the largest has 104 participants."""
    for kind, design in (("optimal", optimal), ("minimax", minimax)):
        found = required("simon_two_stage", p0=p0, p1=p1, power=wanted, optimality=kind, **ONE_SIDED)
        assert tuple(found[name] for name in ("r1", "n1", "r", "n_total")) == design


def test_the_search_does_not_end_with_the_largest_design_that_is_tried() -> None:
    """More participants in all can mean fewer expected: 132.88 with 229."""
    found: Any = required("simon_two_stage", p0=0.3, p1=0.4, power=0.9, optimality="optimal", **ONE_SIDED)
    assert tuple(found[name] for name in ("r1", "n1", "r", "n_total")) == (29, 91, 79, 229)
    assert found["expected_n"] == pytest.approx(132.884, abs=1e-3)
    assert _operates(29, 91, 79, 229, 0.3) <= 0.05
    assert _operates(29, 91, 79, 229, 0.4) >= 0.9


def _operates(r1: int, n1: int, r: int, n: int, share: float) -> float:
    """Return how probable it is that a design goes on and ends above its limit, by every pair of counts."""
    return sum(
        _binomial(n1, first, share) * _binomial(n - n1, later, share)
        for first in range(r1 + 1, n1 + 1)
        for later in range(n - n1 + 1)
        if first + later > r
    )


@pytest.mark.parametrize(("p0", "p1"), [(0.05, 0.3), (0.2, 0.5), (0.5, 0.8)])
def test_no_other_design_expects_fewer_or_has_fewer(p0: float, p1: float) -> None:
    """Every design of up to four participants more is tried, and the quantities are those of the whole sums."""
    wanted = 0.8
    best: Any = required("simon_two_stage", p0=p0, p1=p1, power=wanted, optimality="optimal", **ONE_SIDED)
    least: Any = required("simon_two_stage", p0=p0, p1=p1, power=wanted, optimality="minimax", **ONE_SIDED)
    fit = [
        (n1 + (n - n1) * (1 - sum(_binomial(n1, x, p0) for x in range(r1 + 1))), n, (r1, n1, r, n))
        for n in range(2, best["n_total"] + 5)
        for n1 in range(1, n)
        for r1 in range(n1)
        if _at_least(n1, r1 + 1, p1) >= wanted
        for r in range(r1, n)
        if _at_least(n, r + 1, p1) >= wanted
        and _operates(r1, n1, r, n, p1) >= wanted
        and _operates(r1, n1, r, n, p0) <= 0.05
    ]
    assert best["expected_n"] == pytest.approx(min(fit)[0])
    assert (least["n_total"], least["expected_n"]) == pytest.approx(min((n, expected) for expected, n, _ in fit))
    design = tuple(best[name] for name in ("r1", "n1", "r", "n_total"))
    assert best["exact_alpha"] == pytest.approx(_operates(*design, p0))
    assert best["achieved_power"] == pytest.approx(_operates(*design, p1))
    assert best["stop_early"] == pytest.approx(sum(_binomial(best["n1"], x, p0) for x in range(best["r1"] + 1)))


def _poisson_most(events: int, mean: float) -> float:
    term = total = exp(-mean)
    for each in range(1, events + 1):
        term *= mean / each
        total += term
    return total


RATE: dict[str, Any] = {"mean_followup": 0.7, "alpha": 0.05, "sided": 2, "power": 0.8}


@pytest.mark.parametrize(("null", "true"), [(0.04, 0.02), (0.02, 0.04), (1.5, 1.0), (0.3, 0.1)])
def test_an_exact_test_of_one_rate_is_the_least_of_all_numbers(null: float, true: float) -> None:
    """Every number of participants is tried with sums of the Poisson distribution."""
    found: Any = required("one_rate_poisson", rate_null=null, rate_trt=true, test_by="exact", **RATE)

    def reached(size: int) -> float:
        at_null, at_true = size * 0.7 * null, size * 0.7 * true
        if true < null:
            shown = [each for each in range(200) if _poisson_most(each, at_null) <= 0.025]
            return _poisson_most(max(shown), at_true) if shown else 0.0
        least = next(each for each in range(1, 400) if 1 - _poisson_most(each - 1, at_null) <= 0.025)
        return 1 - _poisson_most(least - 1, at_true)

    sizes = range(1, found["n_total"] + 1)
    assert found["n_total"] == next(size for size in sizes if reached(size) >= 0.8)
    assert found["achieved_power"] == pytest.approx(reached(found["n_total"]), abs=1e-9)
    assert found["exact_alpha"] <= 0.025
    assert found["person_time"] == pytest.approx(found["n_total"] * 0.7)
    test = {name: value for name, value in RATE.items() if name != "power"}
    again = power("one_rate_poisson", n_total=max(4, found["n_total"] - 3), rate_null=null, rate_trt=true,
                  test_by="exact", **test)  # fmt: skip
    assert again["power"] == pytest.approx(reached(max(4, found["n_total"] - 3)), abs=1e-9)


def test_a_rate_by_the_normal_approximation_is_near_the_exact_one() -> None:
    """(1.96 sqrt(0.04) + 0.842 sqrt(0.02))^2 / 0.02^2 = 652.4 person-years, in participants of 0.7 years."""
    found: Any = required("one_rate_poisson", rate_null=0.04, rate_trt=0.02, test_by="normal", **RATE)
    by_hand = ((1.959964 * 0.2 + 0.8416212 * sqrt(0.02)) / 0.02) ** 2 / 0.7
    assert found["n_total_real"] == pytest.approx(by_hand, abs=1e-2)
    exact: Any = required("one_rate_poisson", rate_null=0.04, rate_trt=0.02, test_by="exact", **RATE)
    assert abs(found["n_total_ceil"] - exact["n_total"]) < 60
    test = {name: value for name, value in RATE.items() if name != "power"}
    reached = power("one_rate_poisson", n_total=found["n_total_ceil"], rate_null=0.04, rate_trt=0.02,
                    test_by="normal", **test)["power"]  # fmt: skip
    assert reached == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.8])
@pytest.mark.parametrize("width", [0.03, 0.1])
def test_limits_of_a_proportion_are_those_of_statsmodels(share: float, width: float) -> None:
    """At the number found, half the distance of the limits is the width that was wanted."""
    proportion = pytest.importorskip("statsmodels.stats.proportion", reason="needs the extra protocolkit[stats]")
    for kind, name in (("wald", "normal"), ("wilson", "wilson"), ("exact", "beta")):
        found: Any = required("ci_width_one_prop", p1=share, half_width=width, alpha=0.05, interval_by=kind)
        size = found["n_total_real"]
        low, high = proportion.proportion_confint(size * share, size, alpha=0.05, method=name)
        if kind == "wald" and not 0 < share - width < share + width < 1:
            continue  # statsmodels cuts limits off at 0 and 1
        assert (high - low) / 2 == pytest.approx(width, rel=1e-6)


def test_textbook_widths_of_one_proportion() -> None:
    """1.96^2 x 0.25 / 0.05^2 = 384.1, rounded up; the exact interval needs some more, Wilson's fewer."""
    sizes = {
        kind: required("ci_width_one_prop", p1=0.5, half_width=0.05, alpha=0.05, interval_by=kind)["n_total_ceil"]
        for kind in ("wald", "wilson", "exact")
    }
    assert sizes == {"wald": 385, "wilson": 381, "exact": 402}


def test_the_interval_of_a_rate_is_garwoods() -> None:
    """Ten events have the limits 4.795 and 18.390; a Pearl Index is one rate per 100 woman-years."""
    half = (18.390356 - 4.795389) / 2
    found: Any = required(
        "ci_width_one_rate_poisson", rate_trt=0.02, half_width=half / 500, mean_followup=1, alpha=0.05,
        interval_by="exact",
    )  # fmt: skip
    assert found["n_total_real"] == pytest.approx(500, rel=1e-5)
    assert found["expected_events"] == pytest.approx(10, abs=0.05)
    wald: Any = required(
        "ci_width_one_rate_poisson", rate_trt=0.02, half_width=0.01, mean_followup=0.5, alpha=0.05, interval_by="wald"
    )
    assert wald["n_total_real"] == pytest.approx(1.959964**2 * 0.02 / 0.01**2 / 0.5, rel=1e-5)


@pytest.mark.parametrize(
    ("method", "params", "parameter"),
    [
        ("one_prop_exact", {"p0": 0.3, "p1": 0.3, "power": 0.8, **ONE_SIDED}, "p1"),
        ("one_prop_exact", {"p0": 0.3, "p1": 0.301, "power": 0.8, **ONE_SIDED}, "p1"),
        ("one_prop_z", {"p0": 0.3, "p1": 0.3, "power": 0.8, **ONE_SIDED}, "p1"),
        ("simon_two_stage", {"p0": 0.4, "p1": 0.2, "power": 0.8, "optimality": "optimal", **ONE_SIDED}, "p1"),
        ("simon_two_stage", {"p0": 0.4, "p1": 0.45, "power": 0.8, "optimality": "optimal", **ONE_SIDED}, "p1"),
        ("simon_two_stage", {"p0": 0.4, "p1": 0.45, "power": 0.8, "optimality": "minimax", **ONE_SIDED}, "p1"),
        ("simon_two_stage", {"p0": 0.2, "p1": 0.4, "power": 0.8, "optimality": "best", **ONE_SIDED}, "optimality"),
        ("one_rate_poisson", {"rate_null": 1, "rate_trt": 1, "test_by": "exact", **RATE}, "rate_trt"),
        ("one_rate_poisson", {"rate_null": 1, "rate_trt": 1.001, "test_by": "exact", **RATE}, "rate_trt"),
        ("one_rate_poisson", {"rate_null": 1, "rate_trt": 2, "test_by": "wald", **RATE}, "test_by"),
        ("ci_width_one_prop", {"p1": 0.3, "half_width": 0.6, "alpha": 0.05, "interval_by": "exact"}, "half_width"),
        ("ci_width_one_rate_poisson",
         {"rate_trt": 1, "half_width": 0.6, "mean_followup": 1, "alpha": 0.05, "interval_by": "wilson"}, "interval_by"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_apart_is_refused(method: str, params: dict[str, Any], parameter: str) -> None:
    """In words, with the parameter that is at fault."""
    with pytest.raises(ParameterError) as raised:
        required(method, **params)
    assert raised.value.parameter == parameter


def test_two_stages_have_no_power_for_numbers_in_all() -> None:
    """The number in all does not tell the limits of a design."""
    with pytest.raises(ParameterError, match="gives no participants"):
        power("simon_two_stage", n_total=43, p0=0.2, p1=0.4, optimality="optimal", **ONE_SIDED)
