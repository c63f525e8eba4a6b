"""One group whose value is estimated: participants for a confidence interval of a wanted half-width."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.distributions import beta_quantile, gamma_quantile
from protocolkit.sample_size.normal import root_upwards, upper
from protocolkit.sample_size.result import ParameterError, Value, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.sample_size.parameters import Params

_LEAST = 1e-3
_MOST = 100_000  # participants or events


def ci_width_one_prop(params: Params) -> dict[str, Value]:
    """Participants for a confidence interval of one proportion of half-width `half_width`; level 1 - `alpha`.

    Newcombe (1998), Stat Med 17:857, with the proportion `p1` expected: `wald` (his method 1), `wilson` (3), or `exact`
    by Clopper and Pearson (5), whose half-width is half the distance of its limits.
    """
    widths = {"wald": _wald, "wilson": _wilson, "exact": _clopper_pearson}
    width = widths[params["interval_by"]]
    wanted = params["half_width"]
    if wanted >= 0.5:  # noqa: PLR2004 - half of what there is
        raise ParameterError("half_width", "half of an interval of a proportion is below 0.5")
    if params["interval_by"] == "exact" and _wald(_MOST, params) > wanted:
        told = f"an exact interval is computed for at most {_MOST:,} participants; use wilson"
        raise ParameterError("interval_by", told)
    return _wide(lambda size: wanted - width(size, params))


def _wald(size: float, params: Params) -> float:
    p = params["p1"]
    return float(upper(params["alpha"] / 2) * sqrt(p * (1 - p) / size))


def _wilson(size: float, params: Params) -> float:
    p, z = params["p1"], upper(params["alpha"] / 2)
    return float(z * sqrt(p * (1 - p) / size + z * z / (4 * size * size)) / (1 + z * z / size))


def _clopper_pearson(size: float, params: Params) -> float:
    events, tail = size * params["p1"], params["alpha"] / 2
    low = beta_quantile(tail, events, size - events + 1)
    high = beta_quantile(1 - tail, events + 1, size - events)
    return (high - low) / 2


def ci_width_one_rate_poisson(params: Params) -> dict[str, Value]:
    """Participants and their time for a confidence interval of one Poisson rate; level 1 - `alpha`.

    Garwood (1936), Biometrika 28:437, where `interval_by` is `exact`: half the distance of its limits with as many
    events as `rate_trt` leads to expect; `wald` is the normal approximation.
    """
    if params["interval_by"] == "wilson":
        raise ParameterError("interval_by", "wilson is an interval of proportions; a rate has exact or wald")
    most = max(_wanted_events(params), _LEAST * params["mean_followup"] * params["rate_trt"])
    if params["interval_by"] == "exact" and most > _MOST:
        told = f"an exact interval is computed for at most {_MOST:,} events; use wald"
        raise ParameterError("interval_by", told)
    width = _garwood if params["interval_by"] == "exact" else _root_of_events
    followed, rate, wanted = params["mean_followup"], params["rate_trt"], params["half_width"]

    found = _wide(lambda size: wanted - width(size * followed * rate, params["alpha"] / 2) / (size * followed))
    time = float(found["n_total_ceil"]) * followed  # type: ignore[arg-type]  # a number by its name
    return {**found, "person_time": time, "expected_events": time * rate}


def _wanted_events(params: Params) -> float:
    """Return the events that the normal approximation asks for."""
    wanted: float = upper(params["alpha"] / 2) * params["rate_trt"] / params["half_width"]
    return wanted * wanted


def _garwood(events: float, tail: float) -> float:
    return (gamma_quantile(1 - tail, events + 1) - gamma_quantile(tail, events)) / 2


def _root_of_events(events: float, tail: float) -> float:
    return upper(tail) * sqrt(events)


def _wide(spare: Callable[[float], float]) -> dict[str, Value]:
    real = root_upwards(spare, _LEAST)
    return {"n_total_real": real, "n_total_ceil": whole(real)}
