"""Several comparisons: Dunnett's critical value and Bonferroni's level; and the numbers that loss makes necessary."""

from __future__ import annotations

from math import exp, pi, sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.libraries import module
from protocolkit.sample_size.means import two_means_t
from protocolkit.sample_size.normal import STANDARD, root
from protocolkit.sample_size.result import Value, whole

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_FAR = 9.0


def dunnett_crit(params: Params) -> dict[str, Value]:
    """Critical value of `k` comparisons with one control, equal arms, many degrees of freedom.

    Dunnett (1955), J Am Stat Assoc 50:1096: comparisons correlate 0.5, so that the joint probability is one integral.
    """
    quad = module("scipy.integrate").quad
    k, sided = params["k"], params["sided"]

    def held(critical: float) -> float:
        def part(shared: float) -> float:
            inside = STANDARD.cdf(critical * sqrt(2) - shared)
            below = STANDARD.cdf(-critical * sqrt(2) - shared) if sided == 2 else 0.0  # noqa: PLR2004 - sides of a test
            return float((inside - below) ** k * exp(-(shared**2) / 2) / sqrt(2 * pi))

        return float(quad(part, -_FAR, _FAR, epsabs=1e-11, epsrel=1e-11)[0])

    return {"critical_value": root(lambda critical: held(critical) - (1 - params["alpha"]), 0.0, _FAR)}


def bonferroni_alpha(params: Params) -> dict[str, Value]:
    """Level of each of `k` tests that together keep `alpha`, by Bonferroni's inequality."""
    each = params["alpha"] / params["k"]
    return {"alpha": each, "alpha_each": each}


def dropout_inflation(params: Params) -> dict[str, Value]:
    """Participants to randomise so that enough can be evaluated: N / (1 - dropout).

    Each arm is inflated and rounded up (`rounding: per_arm`), or the total is (`total`). The evaluable numbers are
    given (`n_per_arm_evaluable`) or come from a t test of two means.
    """
    ratio = params.get("ratio", 1.0)
    treatment, control = _evaluable(params, ratio)
    keeps = 1 - params["dropout"]
    inflated = whole(treatment / keeps), whole(control / keeps)
    total = sum(inflated) if params["rounding"] == "per_arm" else whole((treatment + control) / keeps)
    named: dict[str, Value] = {"n_per_arm_randomised": inflated[0]} if ratio == 1 else {
        "n_treatment_randomised": inflated[0], "n_control_randomised": inflated[1],
    }  # fmt: skip
    return {"n_total_randomised": total, **named, "n_total_evaluable": treatment + control}


def _evaluable(params: Params, ratio: float) -> tuple[int, int]:
    if "n_per_arm_evaluable" in params:
        return params["n_per_arm_evaluable"], params["n_per_arm_evaluable"]
    found = two_means_t({**params, "ratio": ratio})
    names = ("n_per_arm_ceil", "n_per_arm_ceil") if ratio == 1 else ("n_treatment_ceil", "n_control_ceil")
    return int(found[names[0]]), int(found[names[1]])  # type: ignore[arg-type]
