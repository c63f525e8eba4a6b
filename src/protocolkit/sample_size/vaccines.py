"""Vaccine efficacy from the cases of both groups, by the exact test that conditions on their number."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from protocolkit.sample_size.distributions import binomial_tests
from protocolkit.sample_size.normal import one_side
from protocolkit.sample_size.result import ParameterError, Value, arms

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_MOST = 5_000  # cases beyond which nobody plans a trial


def ve_exact_events(params: Params) -> dict[str, Value]:
    """Cases for an exact conditional test of vaccine efficacy, those of both groups together.

    Chan, Bohidar (1998), Commun Stat Theory Methods 27:1305; Nauta (2020), Statistics in clinical and observational
    vaccine studies, chapter 5. `ve` is the efficacy assumed to be true (1 minus the ratio of rates), `ve_null` the one
    to rule out. Given all cases, those of the vaccine are binomial; the number is the smallest whose power is reached,
    which rises in steps. `critical_cases` are the most in the vaccine group that show the efficacy.
    """
    cases, critical, reached = _solved(params)
    return {"events_ceil": cases, "critical_cases": critical, "power": reached}


def ve_exact_n(params: Params) -> dict[str, Value]:
    """Participants for an exact conditional test of vaccine efficacy, and the cases that they are to have.

    The cases of `ve_exact_events` over the attack rate of both groups; `p_ctl` is that of the control.
    """
    cases, critical, reached = _solved(params)
    control = cases / (params["p_ctl"] * (1 + params["ratio"] * (1 - params["ve"])))
    return {
        **arms(params["ratio"] * control, control, params["ratio"]),
        "events_ceil": cases, "critical_cases": critical, "power": reached,
    }  # fmt: skip


def _solved(params: Params) -> tuple[int, int, float]:
    if params["ve"] <= params["ve_null"]:
        raise ParameterError("ve", "the assumed efficacy must be above the one to rule out")
    null, true = (_share(params[name], params["ratio"]) for name in ("ve_null", "ve"))
    tests = binomial_tests(null, true, one_side(params))
    for cases, critical, _, reached in islice(tests, _MOST - 1):
        if reached >= params["power"]:
            return cases, critical, reached
    raise ParameterError("ve", f"the assumed efficacy is so near the one to rule out that {_MOST} cases are too few")


def _share(efficacy: float, ratio: float) -> float:
    """Return the share of the cases that falls to the vaccine, vaccine to control being allotted by `ratio`."""
    rate = ratio * (1 - efficacy)
    return rate / (1 + rate)
