"""T tests by Python alone, as checks and drafts compute them: the distributions, and the numbers of the library."""

from __future__ import annotations

from itertools import product
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocolkit.sample_size import again, power, required
from protocolkit.sample_size.t_tests import noncentral, quantile

stats = pytest.importorskip("scipy.stats", reason="the extra protocolkit[stats] is not installed")
pytest.importorskip("statsmodels", reason="the extra protocolkit[stats] is not installed")

FREEDOM = (0.5, 1, 2.5, 4, 4.5, 7, 30, 98.7, 5000, 1e5, 1e6, 1e9, 5e14)
ABOVE = (0.7, 0.5, 0.2, 0.025, 1e-4, 1e-6)
TEST = {"alpha": 0.05, "sided": 2, "power": 0.9}
METHODS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("two_means_t", {"delta": 1, "sd": 2.2, "ratio": 2}),
    ("two_means_t", {"delta": 0.002, "sd": 1, "ratio": 1}),
    ("two_means_t", {"delta": 9, "sd": 1, "ratio": 1}),
    ("ancova_t", {"delta": 1, "sd": 2.2, "rho": 0.5, "ratio": 1}),
    ("ni_means_t", {"true_diff": 0, "margin": 0.5, "sd": 1.2, "ratio": 1}),
    ("ni_paired_t", {"true_diff": -0.1, "margin": 0.5, "sd_diff": 1.2}),
    ("crossover_2x2_t", {"delta": 1, "sd_diff": 2.2}),
    ("one_mean_t", {"delta": 0.5, "sd": 1}),
    ("dropout_inflation", {"delta": 1, "sd": 2.2, "ratio": 3, "dropout": 0.1, "rounding": "total"}),
)


@pytest.mark.parametrize(("freedom", "above"), list(product(FREEDOM, ABOVE)))
def test_the_distributions_are_those_of_scipy(freedom: float, above: float) -> None:
    """The quantile of Student's t, and the noncentral t there, over all that a test can meet."""
    critical = quantile(above, freedom)
    assert critical == pytest.approx(stats.t.isf(above, freedom), rel=1e-9, abs=1e-12)
    for shift in (-8, -0.3, 0.0, 0.1, 1, 2.8, 5, 20, 36):
        whole = stats.nct.cdf(critical, freedom, shift) if shift else 1 - above
        if critical >= 0 and isfinite(whole):  # SciPy's is not a number in some tails
            assert noncentral(critical, freedom, shift) == pytest.approx(whole, abs=1e-10 if freedom < 1e9 else 1e-9)
        assert noncentral(-critical, freedom, -shift) == pytest.approx(1 - noncentral(critical, freedom, shift))


@pytest.mark.parametrize(("method", "inputs"), METHODS)
@pytest.mark.parametrize("sided", [1, 2])
def test_every_t_test_has_the_numbers_of_the_library(method: str, inputs: dict[str, Any], sided: int) -> None:
    """What a check computes is what `required` gives, and says that no library did."""
    params = {**TEST, **inputs, "sided": sided}
    own, found = again.required(method, **params), required(method, **params)
    assert own == {name: pytest.approx(value, rel=1e-8) for name, value in found.items()}
    assert (own.library, found.library.split()[0]) == ("math of Python", "statsmodels")


@given(
    alpha=st.floats(1e-4, 0.9), sided=st.sampled_from([1, 2]), wanted=st.floats(0.02, 0.999),
    effect=st.floats(0.01, 12), ratio=st.sampled_from([0.5, 1.0, 2.0, 10.0]),
)  # fmt: skip
def test_any_inputs_give_the_number_of_the_library(
    alpha: float, sided: int, wanted: float, effect: float, ratio: float
) -> None:
    """Whatever the level, the power, the effect and the allocation, also where the fewest participants suffice."""
    params = {"alpha": alpha, "sided": sided, "power": wanted, "delta": effect, "sd": 1, "ratio": ratio}
    direct = required("two_means_t", **params)["n_total_real"]
    assert again.required("two_means_t", **params)["n_total_real"] == pytest.approx(direct, rel=1e-6)


@pytest.mark.parametrize(("alpha", "effect"), [(0.0072, 7), (0.00012, 5.6), (1e-5, 0.9), (6e-4, 3.3)])
def test_a_tail_that_the_library_cannot_compute_is_computed(alpha: float, effect: float) -> None:
    """SciPy's noncentral t is not a number there; the number of participants is one all the same."""
    params = {"alpha": alpha, "sided": 2, "power": 0.8, "delta": effect, "sd": 1, "ratio": 1}
    total = required("two_means_t", **params)["n_total_ceil"]
    assert isinstance(total, int)
    half = total // 2
    inputs = {name: params[name] for name in ("alpha", "sided", "delta", "sd")}
    assert power("two_means_t", n_treatment=half, n_control=half, **inputs)["power"] >= 0.8  # type: ignore[operator]
    fewer = power("two_means_t", n_treatment=half - 1, n_control=half - 1, **inputs)["power"]
    assert fewer < 0.8  # type: ignore[operator]  # a number by its name
