"""Without the extra, methods of closed form work and the others say what to install."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import pytest

from protocolkit.sample_size import NotComputable, required

T: dict[str, Any] = {"alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1, "delta": 1, "sd": 2}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the libraries of the extra away."""
    gone = ("statsmodels", "scipy", "gsdesign", "numpy")
    for name in [name for name in sys.modules if name.partition(".")[0] in gone]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] in gone:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    for name in gone:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("bare")
def test_closed_forms_need_no_library() -> None:
    """A z test is computed by Python alone, and the result says so."""
    found = required("two_means_z", **T)
    assert found["n_per_arm_ceil"] == 63
    assert "NormalDist" in found.library


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("method", "params"),
    [("two_means_t", T), ("gsd_pocock", {"k": 2, "alpha": 0.05, "sided": 2}),
     ("dunnett_crit", {"k": 2, "alpha": 0.05, "sided": 2})],
)  # fmt: skip
def test_the_others_name_what_to_install(method: str, params: dict[str, Any]) -> None:
    """A method whose library is absent is not computed, in words, and never answered with a guess."""
    with pytest.raises(NotComputable, match=r"protocolkit\[stats\]"):
        required(method, **params)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("one_prop_exact", {"p0": 0.2, "p1": 0.4}),
        ("simon_two_stage", {"p0": 0.2, "p1": 0.4, "optimality": "optimal"}),
        ("one_rate_poisson", {"rate_null": 4, "rate_trt": 2, "mean_followup": 1, "test_by": "exact"}),
    ],
)
def test_exact_tests_of_one_group_need_no_library(method: str, params: dict[str, Any]) -> None:
    """Their sums are done by Python, and the result says so."""
    found = required(method, alpha=0.05, sided=1, power=0.8, **params)
    assert found.library == "math of Python"
    assert isinstance(found["n_total_ceil"], int)
