"""The power that given numbers of participants have: of a method itself, or by turning its numbers round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.sample_size import equivalence, means, one_group
from protocolkit.sample_size.normal import root

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.sample_size.methods import Method
    from protocolkit.sample_size.parameters import Params

_LEAST, _MOST = 1e-9, 1 - 1e-12

_DIRECT: dict[str, Callable[[list[float], Params], float]] = {
    "two_means_t": lambda n, p: means.t_power(n[0], n[1], abs(p["delta"]) / p["sd"], p),
    "ancova_t": lambda n, p: means.t_power(n[0], n[1], abs(p["delta"]) / (p["sd"] * (1 - p["rho"] ** 2) ** 0.5), p),
    "ni_means_t": lambda n, p: means.t_power(n[0], n[1], (p["true_diff"] + p["margin"]) / p["sd"], p),
    "crossover_2x2_t": lambda n, p: means.paired_power(n[0], abs(p["delta"]) / p["sd_diff"], p),
    "ni_paired_t": lambda n, p: means.paired_power(n[0], (p["true_diff"] + p["margin"]) / p["sd_diff"], p),
    "one_mean_t": lambda n, p: means.paired_power(n[0], abs(p["delta"]) / p["sd"], p),
    "one_prop_exact": lambda n, p: one_group.one_prop_exact_power(n[0], p),
    "one_rate_poisson": lambda n, p: one_group.one_rate_power(n[0], p),
    "tost_crossover_exact": lambda n, p: equivalence.crossover_power(int(n[0]), p),
    "tost_parallel_exact": lambda n, p: equivalence.parallel_power(n[0], n[1], p),
}


def reached(method: Method, numbers: list[float], params: dict[str, Any]) -> float:
    """Return the power that numbers of participants have: of each arm, or of all where they are one group."""
    direct = _DIRECT.get(method.name)
    return direct(numbers, params) if direct else _inverted(method, sum(numbers), params)


def _inverted(method: Method, total: float, params: dict[str, Any]) -> float:
    """Return the power at which a method asks for a number of participants."""

    def short(level: float) -> float:
        needed = method.compute({**params, "power": level})["n_total_real"]
        return float(needed) - total  # type: ignore[arg-type]  # a number by its name

    least = _least_power(params)
    return 0.0 if short(least) > 0 else root(short, least, _MOST)


def _least_power(params: dict[str, Any]) -> float:
    """Return the power of no participants at all: the level of one side, nothing for two one-sided tests."""
    return params["alpha"] / params["sided"] + _LEAST if "sided" in params else _LEAST
