"""One group against a fixed value: a proportion, a mean and a Poisson rate."""

from __future__ import annotations

from itertools import count
from math import sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.distributions import binomial_tests, gamma, gamma_quantile
from protocolkit.sample_size.means import paired_number
from protocolkit.sample_size.normal import STANDARD, nonzero, one_side, upper
from protocolkit.sample_size.result import ParameterError, Value, whole

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_MOST = 5_000  # participants beyond which the normal approximation is as good
_MOST_EVENTS = 5_000
_MOST_EXACT = 100_000  # participants whose power is computed, by as many steps
_WELL_BELOW = 0.6  # of the critical number by the normal approximation, which the exact one is never so far below
_BEYOND = 100  # sizes after the last one without the power, after which none follows
_SAME = "no number of participants can tell a value from itself"


def one_prop_exact(params: Params) -> dict[str, Value]:
    """Participants of an exact binomial test of one proportion against a fixed one, on the side of `p1`.

    A'Hern (2001), Stat Med 20:859; Fleming (1982), Biometrics 38:143. The level of a two-sided test is halved, as where
    the exact interval of Clopper and Pearson must exclude `p0`. The power rises in a sawtooth: `n_total` is the least
    number that has it, though a larger one may not, and `n_total_steady` the least from which all larger ones do.
    `critical` is the number of events that shows it: at least so many where `p1` is above `p0`, at most where below.
    """
    nonzero(params["p1"] - params["p0"], "p1", _SAME)
    fewer, null, true = _fewer(params)
    least: dict[str, Value] = {}
    steady = 0
    for size, most, spent, reached in binomial_tests(null, true, one_side(params)):
        enough = reached >= params["power"]
        if enough and not least:
            critical = most if fewer else size - most
            least = {"n_total": size, "critical": critical, "exact_alpha": spent, "achieved_power": reached}
        steady = steady if enough else size + 1
        if least and size >= steady + _BEYOND:
            break
        if not least and size >= _MOST:
            raise ParameterError("p1", f"it is so near p0 that {_MOST:,} participants are too few for an exact test")
    return {**least, "n_total_ceil": least["n_total"], "n_total_steady": steady}


def _fewer(params: Params) -> tuple[bool, float, float]:
    """Say whether fewer events are to be shown, and return the shares of what there is to be less of."""
    null, true = params["p0"], params["p1"]
    return (True, null, true) if true < null else (False, 1 - null, 1 - true)


def one_prop_exact_power(total: float, params: Params) -> float:
    """Return the power of an exact binomial test with a number of participants."""
    if total > _MOST_EXACT:
        raise ParameterError("n_total", f"an exact test is computed for at most {_MOST_EXACT:,} participants")
    _, null, true = _fewer(params)
    tests = binomial_tests(null, true, one_side(params))
    return next(reached for size, _, _, reached in tests if size >= total)


def one_prop_z(params: Params) -> dict[str, Value]:
    """Participants of a test of one proportion against a fixed one by the normal approximation.

    Fleiss, Levin, Paik (2003), 2.7.3, without continuity correction: the variance at `p0` for the level and at `p1` for
    the power.
    """
    null, true = params["p0"], params["p1"]
    at_null, at_true = sqrt(null * (1 - null)), sqrt(true * (1 - true))
    z = upper(one_side(params)) * at_null + STANDARD.inv_cdf(params["power"]) * at_true
    return _total((z / nonzero(true - null, "p1", _SAME)) ** 2)


def one_mean_t(params: Params) -> dict[str, Value]:
    """Participants of a t test of one mean against a fixed value, from which it differs by `delta`.

    Cohen (1988), 2.3.4; noncentral t as in R's `power.t.test(type = "one.sample")`.
    """
    effect = abs(nonzero(params["delta"], "delta")) / params["sd"]
    return _total(paired_number(effect, params))


def one_rate_poisson(params: Params) -> dict[str, Value]:
    """Participants and their time under observation for a test of one Poisson rate against a fixed one.

    `rate_trt` is the rate assumed, `rate_null` the one to rule out. With `test_by: exact` the limit is that of the
    Poisson distribution (Gu, Ng, Tang, Schucany (2008), Biom J 50:283, with one group), the number the least that has
    the power; `critical` is the number of events that shows it, on the side of `rate_trt`. With `normal` the variance
    is taken at `rate_null` for the level and at `rate_trt` for the power.
    """
    nonzero(params["rate_trt"] - params["rate_null"], "rate_trt", _SAME)
    found = _exact_rate(params) if params["test_by"] == "exact" else _total(_normal_rate(params))
    time = float(found["n_total_ceil"]) * params["mean_followup"]  # type: ignore[arg-type]  # a number by its name
    return {**found, "person_time": time, "expected_events": time * params["rate_trt"]}


def _normal_rate(params: Params) -> float:
    null, true = params["rate_null"], params["rate_trt"]
    z = upper(one_side(params)) * sqrt(null) + STANDARD.inv_cdf(params["power"]) * sqrt(true)
    return float((z / (true - null)) ** 2 / params["mean_followup"])


def _exact_rate(params: Params) -> dict[str, Value]:
    """Find the least number of participants: for each number of events, the times that keep the level and the power.

    Raises ParameterError where the time of one participant is more than any of them.
    """
    followed, first = params["mean_followup"], _too_few(params)
    last = first + _MOST_EVENTS
    for events in range(first, last) if followed <= _times(last, params)[1] else ():
        low, high = _times(events, params)
        total = max(1, whole(low / followed))
        if total * followed <= high:
            return {"n_total": total, "n_total_ceil": total, "critical": events, **_reached(total, events, params)}
    raise ParameterError("mean_followup", "one participant is followed for so long that no number has the level")


def _times(events: int, params: Params) -> tuple[float, float]:
    """Return the least and the longest time for a critical number of events.

    Where fewer events are to be shown, the time must be long enough for the level and short enough for the power, and
    the other way round where more are.
    """
    level, power = one_side(params), params["power"]
    if params["rate_trt"] < params["rate_null"]:
        low = gamma_quantile(1 - level, events + 1) / params["rate_null"]
        return low, gamma_quantile(1 - power, events + 1) / params["rate_trt"]
    return gamma_quantile(power, events) / params["rate_trt"], gamma_quantile(level, events) / params["rate_null"]


def _too_few(params: Params) -> int:
    """Return a number of events well below the critical one, by the normal approximation, to begin with.

    Raises ParameterError where it is beyond what anybody plans.
    """
    fewer = params["rate_trt"] < params["rate_null"]
    expected = _normal_rate(params) * params["mean_followup"] * params["rate_null"]
    critical = expected + (-1 if fewer else 1) * upper(one_side(params)) * sqrt(expected)
    if critical > _MOST_EVENTS:
        raise ParameterError("rate_trt", f"it is so near rate_null that {_MOST_EVENTS:,} events are too few")
    return max(0 if fewer else 1, int(_WELL_BELOW * critical))


def _reached(total: int, events: int, params: Params) -> dict[str, Value]:
    """Return the level that a number of events spends and the power that it has."""
    fewer, time = params["rate_trt"] < params["rate_null"], total * params["mean_followup"]
    crossed = [
        1 - gamma(time * rate, events + 1) if fewer else gamma(time * rate, events)
        for rate in (params["rate_null"], params["rate_trt"])
    ]
    return {"exact_alpha": crossed[0], "achieved_power": crossed[1]}


def one_rate_power(total: float, params: Params) -> float:
    """Return the power of a test of one Poisson rate with a number of participants."""
    time, null, true = total * params["mean_followup"], params["rate_null"], params["rate_trt"]
    if params["test_by"] == "normal":
        spread = abs(true - null) * sqrt(time) - upper(one_side(params)) * sqrt(null)
        return STANDARD.cdf(spread / sqrt(true))
    if time * max(null, true) > 2 * _MOST_EVENTS:
        raise ParameterError("test_by", f"an exact test is computed for at most {2 * _MOST_EVENTS:,} expected events")
    level = one_side(params)
    if true < null:
        events = next(each for each in count() if 1 - gamma(time * null, each + 2) > level)
        return 1 - gamma(time * true, events + 1) if 1 - gamma(time * null, events + 1) <= level else 0.0
    events = next(each for each in count(1) if gamma(time * null, each) <= level)
    return gamma(time * true, events)


def _total(real: float) -> dict[str, Value]:
    return {"n_total_real": real, "n_total_ceil": whole(real)}
