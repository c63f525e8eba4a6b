"""Repeated measures: the mixed model with correlated visits and participants who leave."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from protocolkit.sample_size.libraries import module
from protocolkit.sample_size.normal import both, nonzero
from protocolkit.sample_size.result import ParameterError, Value, arms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.sample_size.parameters import Params


def _inflation(correlation: Any, retention: Sequence[float]) -> float:
    """Return the variance at the last visit per participant, relative to that of complete data of that visit alone.

    Lu, Luo, Chen (2008), equation 1: the information of who leaves after each visit, weighted by how many do.
    """
    numpy = module("numpy")
    visits = len(retention)
    leaving = [*retention[1:], 0.0]
    information = numpy.zeros((visits, visits))
    for seen in range(1, visits + 1):
        share = retention[seen - 1] - leaving[seen - 1]
        information[:seen, :seen] += share * numpy.linalg.inv(correlation[:seen, :seen])
    return float(numpy.linalg.inv(information)[-1, -1])


def _correlation(kind: str, rho: float, visits: int) -> Any:
    numpy = module("numpy")
    if kind == "exchangeable":
        if visits > 1 and rho <= -1 / (visits - 1):
            raise ParameterError("rho", f"no {visits} visits can all correlate {rho} with each other")
        return numpy.full((visits, visits), rho) + (1 - rho) * numpy.eye(visits)
    steps = numpy.abs(numpy.subtract.outer(numpy.arange(visits), numpy.arange(visits)))
    return rho**steps


def mmrm_luo(params: Params) -> dict[str, Value]:
    """Participants of a mixed model for repeated measures, the difference at the last visit tested.

    Lu, Luo, Chen (2008), Int J Biostat 4:9; longpower's `power.mmrm`. `R` is the correlation of visits (`exchangeable`,
    or `ar1` with `rho` between neighbours), `retention` the share still in the trial at each visit, `sigma` the
    standard deviation at the last visit.
    """
    retention, ratio = params["retention"], params["ratio"]
    if len(retention) != params["visits"]:
        raise ParameterError("retention", f"one share for each of {params['visits']} visits is needed")
    phi = _inflation(_correlation(params["R"], params["rho"], params["visits"]), retention)
    size = (both(params) * params["sigma"] / nonzero(params["delta"], "delta")) ** 2
    treatment = phi * (1 + ratio) * size
    return {**arms(treatment, treatment / ratio, ratio), "phi": phi}


def mmrm_ar1_phi(params: Params) -> dict[str, Value]:
    """Inflation of the variance at the last of `J` visits for an autoregressive correlation and steady loss.

    Lu, Luo, Chen (2008), table 2: `rho_1J` between first and last visit, `retention_J` still there at the last, the
    same number lost between all neighbouring visits.
    """
    visits, last = params["J"], params["retention_J"]
    if params["rho_1J"] < 0:
        raise ParameterError("rho_1J", "the correlation of first and last visit must be at least 0")
    rho = params["rho_1J"] ** (1 / (visits - 1))
    retention = [1 - (1 - last) * visit / (visits - 1) for visit in range(visits)]
    phi = _inflation(_correlation("ar1", rho, visits), retention)
    return {"phi": phi, "rho_neighbours": rho, "sd_factor": sqrt(phi)}
