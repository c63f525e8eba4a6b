"""Times to an event: events by Schoenfeld and Freedman, against a margin too, participants by accrual and loss."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

from protocolkit.sample_size.means import equivalence_z
from protocolkit.sample_size.normal import STANDARD, both, nonzero, one_side, upper
from protocolkit.sample_size.result import ParameterError, Value, arms, even, whole

if TYPE_CHECKING:
    from protocolkit.sample_size.parameters import Params

_NO_EFFECT = "no number of events can show a hazard ratio of 1"


def _schoenfeld(hr: float, params: Params) -> float:
    ratio = params["ratio"]
    return float(both(params) ** 2 * (1 + ratio) ** 2 / (ratio * nonzero(log(hr), "hr", _NO_EFFECT) ** 2))


def _events(real: float) -> dict[str, Value]:
    return {"events_real": real, "events_ceil": whole(real), "events_ceil_even": even(real)}


def survival_schoenfeld_events(params: Params) -> dict[str, Value]:
    """Events of a log-rank test; `hr` is treatment over control.

    Schoenfeld (1981), Biometrika 68:316; rpact, gsDesign's `nEvents`.
    """
    return _events(_schoenfeld(params["hr"], params))


def survival_freedman_events(params: Params) -> dict[str, Value]:
    """Events of a log-rank test by Freedman.

    Freedman (1982), Stat Med 1:121; rpact's `typeOfComputation = "Freedman"`.
    """
    ratio, hr = params["ratio"], params["hr"]
    nonzero(1 - hr, "hr", _NO_EFFECT)
    return _events(both(params) ** 2 * (1 + ratio * hr) ** 2 / (ratio * (1 - hr) ** 2))


def survival_events_ph(params: Params) -> dict[str, Value]:
    """Events from the survival of each arm at one time, proportional hazards assumed.

    Therneau, Grambsch (2000), Modeling survival data, page 63; epiR's `epi.sscomps`.
    """
    hr = log(params["surv_trt"]) / log(params["surv_ctl"])
    return {**_events(_schoenfeld(hr, params)), "hr": hr}


def _probability(hazard: float, loss: float, accrual: float, followup: float) -> float:
    """Return the probability of an observed event with uniform accrual and exponential times to event and to loss."""
    total = hazard + loss
    unseen = (exp(-total * followup) - exp(-total * (accrual + followup))) / (total * accrual)
    return hazard / total * (1 - unseen)


def _by_times(events: float, params: Params) -> dict[str, Value]:
    """Name the events and the participants among whom they occur, by exponential times to event and to loss."""
    control = log(2) / params["median_control"]
    times = params["dropout_hazard"], params["accrual"], params["followup"]
    seen = _probability(control * params["hr"], *times), _probability(control, *times)
    return {**_enrolled(events, seen, params["ratio"]), **_events(events)}


def survival_schoenfeld_n(params: Params) -> dict[str, Value]:
    """Participants of a log-rank test: Schoenfeld's events over the mean probability of an event.

    Schoenfeld (1983), Biometrics 39:499, exponential times; rpact's `getSampleSizeSurvival`. Times and `dropout_hazard`
    (per unit of time) are in the unit of `median_control`.
    """
    return _by_times(_schoenfeld(params["hr"], params), params)


def _enrolled(events: float, seen: tuple[float, float], ratio: float) -> dict[str, Value]:
    control = events / (ratio * seen[0] + seen[1])
    return arms(ratio * control, control, ratio)


def _to_margin(quantiles: float, distance: float, ratio: float) -> float:
    if distance <= 0:
        raise ParameterError("hr", "the assumed hazard ratio must lie inside the margin")
    return quantiles**2 * (1 + ratio) ** 2 / (ratio * distance**2)


def _not_inferior(params: Params) -> float:
    bound = nonzero(log(params["margin"]), "margin", "a margin of 1 leaves nothing between it and no effect")
    distance = bound - log(params["hr"]) if bound > 0 else log(params["hr"]) - bound
    return _to_margin(both(params), distance, params["ratio"])


def _equivalent(params: Params) -> float:
    distance = abs(log(params["margin"])) - abs(log(params["hr"]))
    return _to_margin(equivalence_z(params), distance, params["ratio"])


def ni_survival_schoenfeld_events(params: Params) -> dict[str, Value]:
    """Events of a non-inferiority test of a hazard ratio.

    Chow, Shao, Wang, 7.3.2, by Schoenfeld's variance; TrialSize's `Cox.NIS`. `hr` is the ratio assumed to be true and
    `margin` the ratio to rule out, treatment over control: above 1 where an event is bad, below 1 where it is good.
    """
    return _events(_not_inferior(params))


def ni_survival_schoenfeld_n(params: Params) -> dict[str, Value]:
    """Participants of a non-inferiority test of a hazard ratio.

    The events of `ni_survival_schoenfeld_events` over the mean probability of an event, as in `survival_schoenfeld_n`.
    """
    return _by_times(_not_inferior(params), params)


def equiv_survival_schoenfeld_events(params: Params) -> dict[str, Value]:
    """Events of an equivalence test of a hazard ratio (two one-sided tests at `alpha`).

    Chow, Shao, Wang, 7.3.3; TrialSize's `Cox.Equivalence`. The ratio lies between 1 / `margin` and `margin`.
    """
    return _events(_equivalent(params))


def equiv_survival_schoenfeld_n(params: Params) -> dict[str, Value]:
    """Participants of an equivalence test of a hazard ratio.

    The events of `equiv_survival_schoenfeld_events` over the mean probability of an event, as in
    `survival_schoenfeld_n`.
    """
    return _by_times(_equivalent(params), params)


def survival_lachin_foulkes_logrr(params: Params) -> dict[str, Value]:
    """Participants and events of a test of the log hazard ratio of exponential times.

    Lachin, Foulkes (1986), Biometrics 42:507, on the log scale; gsDesign's `nSurvival(type = "rr")`. `T` is
    the length of the trial, of which `accrual` is the first part; all times in one unit.
    """
    control, treatment = _hazards(params)
    followup = params["T"] - params["accrual"]
    if followup < 0:
        raise ParameterError("accrual", "the accrual is longer than the trial")
    ratio = params["ratio"]
    shares = ratio / (1 + ratio), 1 / (1 + ratio)
    mean = shares[0] * treatment + shares[1] * control
    times = params["dropout_hazard"], params["accrual"], followup
    seen = _probability(treatment, *times), _probability(control, *times)
    at_null = sqrt((1 / shares[0] + 1 / shares[1]) / _probability(mean, *times))
    at_true = sqrt(1 / (shares[0] * seen[0]) + 1 / (shares[1] * seen[1]))
    z = upper(one_side(params)) * at_null + STANDARD.inv_cdf(params["power"]) * at_true
    total = (z / nonzero(log(treatment / control), "hr", _NO_EFFECT)) ** 2
    found = arms(total * shares[0], total * shares[1], ratio)
    return {**found, **_events(total * (shares[0] * seen[0] + shares[1] * seen[1]))}


def _hazards(params: Params) -> tuple[float, float]:
    if "lambda_ctl" in params:
        return params["lambda_ctl"], params["lambda_trt"]
    control = log(2) / params["median_ctl"]
    return control, control * params["hr"]
