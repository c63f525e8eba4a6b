"""Values as large and as small as a file can hold: each method has finite quantities, or says what is wrong."""

from __future__ import annotations

from importlib import import_module
from math import isfinite
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.sample_size import ParameterError, again, power, required
from protocolkit.sample_size.parameters import read

if TYPE_CHECKING:
    from protocolkit.sample_size.methods import Method

KNOWN: dict[str, Method] = {each.name: each for each in import_module("protocolkit.sample_size.methods")._METHODS}
VALUES = (
    0, 1, 2, 5, 10**6, 10**12, 10**30, -1, 0.5, 0.05, 0.9, 1e-12, 1 - 1e-12, 1e-30, 1e-300, 1e12, 1e300, -0.5, -1e30,
    (0.5, 1), [0.2, 0.6, 1], (1, 0.5), "exact", "wald", "normal", "reference", "obf", "ldobf", "ar1", "per_arm",
    "failure", "optimal",
)  # fmt: skip
TRIED = 12  # sets of values of each method


def _may_be(name: str) -> list[Any]:
    """Return the values that a parameter may have for itself."""

    def holds(value: Any) -> bool:
        try:
            read(name, value)
        except ParameterError:
            return False
        return True

    return [value for value in VALUES if holds(value)]


@pytest.mark.filterwarnings("ignore::Warning")  # of the libraries, on what they integrate
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_extreme_values_have_a_finite_number_or_a_reason(name: str) -> None:
    """Nothing else is raised, so that no rule crashes on them."""
    method, chance = KNOWN[name], Random(name)  # noqa: S311 - no secret
    for _ in range(TRIED):
        params = {each: chance.choice(_may_be(each)) for each in sorted(chance.choice(method.alternatives))}
        try:
            found = again.required(name, **params)
        except ParameterError:
            continue
        numbers = [each for value in found.values() for each in (value if isinstance(value, tuple) else (value,))]
        assert all(map(isfinite, numbers)), params


@pytest.mark.parametrize("sd", [1e3, 1e5, 3e6])
def test_a_t_test_of_more_people_than_there_are_has_the_number_of_the_library(sd: float) -> None:
    """With many degrees of freedom the sums of the noncentral t are no longer exact, and its expansion is."""
    pytest.importorskip("statsmodels")
    params = {"delta": 1, "sd": sd, "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 1}
    assert again.required("two_means_t", **params)["n_total_real"] == pytest.approx(
        required("two_means_t", **params)["n_total_real"], rel=1e-9
    )


def test_a_level_far_below_what_a_number_tells_from_nothing_has_its_quantile() -> None:
    """A level of 1e-30 asks for z = 11.464; taken from 1 it was no level at all."""
    found = required("two_means_z", delta=1, sd=1, alpha=1e-30, sided=1, power=0.5, ratio=1)
    assert found["n_per_arm_real"] == pytest.approx(2 * 11.4640248**2)


@pytest.mark.parametrize(
    ("method", "params", "parameter"),
    [
        ("gsd_pocock", {"k": 10**12, "alpha": 0.05, "sided": 2}, "k"),
        ("mmrm_ar1_phi", {"J": 10**12, "rho_1J": 0.5, "retention_J": 0.8}, "J"),
        ("gsd_ldobf", {"info": [(look + 1) / 60 for look in range(60)], "alpha": 0.05, "sided": 2}, "info"),
        ("ci_width_one_prop", {"p1": 0.1, "half_width": 1e-9, "alpha": 0.05, "interval_by": "exact"}, "interval_by"),
        ("ci_width_one_rate_poisson",
         {"rate_trt": 2, "half_width": 1e-9, "alpha": 0.05, "interval_by": "exact", "mean_followup": 1}, "interval_by"),
        ("tost_parallel_exact", {"margin": 1, "true_diff": 0, "sd": 1e9, "alpha": 0.05, "power": 0.9}, "power"),
        ("tost_parallel_exact", {"margin": 1, "true_diff": 0, "sd": 1, "alpha": 0.6, "power": 0.9}, "alpha"),
        ("one_rate_poisson", {"rate_trt": 0.5, "rate_null": 2, "mean_followup": 1e12, "alpha": 0.05, "sided": 2,
                              "power": 0.9, "test_by": "exact"}, "mean_followup"),
        ("two_means_z", {"delta": 1e-300, "sd": 1, "alpha": 0.05, "sided": 2, "power": 0.9, "ratio": 1}, "parameters"),
    ],
)  # fmt: skip
def test_what_would_take_for_ever_is_refused_at_once(method: str, params: dict[str, Any], parameter: str) -> None:
    """The value that is too large is named."""
    with pytest.raises(ParameterError) as caught:
        required(method, **params)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("method", "params", "parameter"),
    [
        ("one_prop_exact", {"p0": 0.1, "p1": 0.2, "alpha": 0.05, "sided": 1, "n_total": 10**9}, "n_total"),
        ("one_rate_poisson", {"rate_trt": 1, "rate_null": 2, "mean_followup": 1, "alpha": 0.05, "sided": 1,
                              "test_by": "exact", "n_total": 10**9}, "test_by"),
        ("two_means_t", {"delta": 1, "sd": 1, "alpha": 0.05, "sided": 2, "n_treatment": 10**30, "n_control": 9},
         "n_treatment"),
    ],
)  # fmt: skip
def test_the_power_of_numbers_beyond_reach_is_refused_at_once(
    method: str, params: dict[str, Any], parameter: str
) -> None:
    """As many participants as nobody has, or as many steps as nobody waits for."""
    with pytest.raises(ParameterError) as caught:
        power(method, **params)
    assert caught.value.parameter == parameter
