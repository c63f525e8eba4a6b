"""Rule on the time of endpoints: intervals that run forwards, have measurements, and changes that have a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import after_start, day_of, in_days, length
from protocolkit.rules.trial import CHANGES, named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_NEAR = 7  # days: an interval "to week 12" need not end on the day of the visit


@rule("OUT15", Severity.ERROR, reads=("/objectives", "/schedule", "/design/model"))
def readable(trial: Trial) -> Iterator[Found]:
    """The time of an endpoint runs forwards and has measurements in it; a change is read after its baseline.

    Why: an endpoint over weeks 5 to 57 has no data for the half in which nobody measures it, and a change from baseline
    at the baseline visit is nought for everybody.

    Applies: an endpoint has an interval, or is a change at a visit. Outcomes that are not measured at dated visits
    alone are not placed, nor are adverse events, which are reported when they happen. An interval that goes on for more
    than a week after the last measurement is a warning.

    Basis:
        SPIRIT 2025, 16 and 18 (H)
        SPIRIT-Outcomes 2022, 12.2 (M)

    Fails::

        objectives:
          - id: O1
            endpoints:
              - {id: E1, outcome: BP, interval: {from: {anchor: V0, offset: 12 wk}, to: {anchor: V0, offset: 2 wk}}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: CUFF, serves: [BP]}]
          visits: [{id: V0, anchor: first_dose, offset: 0 d, activities: [CUFF]}]

    Passes::

        objectives:
          - id: O1
            endpoints:
              - {id: E1, outcome: BP, interval: {from: {anchor: V0, offset: 2 wk}, to: {anchor: V0, offset: 12 wk}}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: CUFF, serves: [BP]}]
          visits:
            - {id: V0, anchor: first_dose, offset: 0 d, activities: [CUFF]}
            - {id: V12, anchor: first_dose, offset: 12 wk, activities: [CUFF]}
    """
    endpoints = [each for objective in trial.root["objectives"] for each in objective["endpoints"]]
    spans = [each for each in endpoints if each["interval"]["from"] and each["interval"]["to"]]
    harms = trial.safety_purposes
    changes = [each for each in endpoints if each["metric"].text in CHANGES and each["visit"]]
    if not spans and not changes:
        raise NotApplicable("no endpoint has an interval or is a change at a visit")
    for endpoint in spans:
        yield from _interval(trial, endpoint, reported=endpoint["outcome"].text in harms)
    if trial.at("/design/model").text != "crossover":
        for endpoint in changes:
            yield from _at_baseline(trial, endpoint)


def _interval(trial: Trial, endpoint: Node, *, reported: bool) -> Iterator[Found]:
    interval = endpoint["interval"]
    begin, end = day_of(trial, interval["from"]), day_of(trial, interval["to"])
    if begin is None or end is None:
        return
    if end < begin:
        message = f"the interval of {endpoint['id'].text} ends {in_days(begin - end)} before it begins"
        yield Found(interval["to"], message, "correct one of both", ((interval["from"], "where it begins"),))
        return
    stops = tuple(stop for stop in trial.measured.get(endpoint["outcome"].text, ()) if stop.scheduled)
    if reported or not stops or any(not stop.moments or not trial.anchors.ends(stop.visit) for stop in stops):
        return  # measured at dates that the file does not tell, or never: SOA01 tells that
    yield from _unmeasured(trial, endpoint, stops, (begin, end))


def _unmeasured(
    trial: Trial, endpoint: Node, stops: tuple[Stop, ...], interval: tuple[Decimal, Decimal]
) -> Iterator[Found]:
    begin, end = interval
    dates = [(day, stop) for stop in stops for day in trial.anchors.recurring(stop.visit)]
    outcome = endpoint["outcome"].text
    if not any(begin - _before(stop) <= day <= end + _after(stop) for day, stop in dates):
        message = f"{endpoint['id'].text}: {outcome} is measured at no visit within the interval"
        hint = f"add an activity that serves {outcome} to a visit in it, or correct the interval"
        yield Found(endpoint["interval"], message, hint, ((stops[0].visit, "measured here"),))
        return
    day, last = max(dates, key=lambda row: row[0] + _after(row[1]))
    if end > day + _after(last) + _NEAR:
        message = (
            f"{endpoint['id'].text} goes on for {in_days(end - day)} after {outcome} is last measured, at "
            f"{named(last.visit)}"
        )
        hint = "end the interval with the last measurement, or measure until it ends"
        at = endpoint["interval"]["to"]
        yield Found(at, message, hint, ((last.visit, "the last measurement"),), severity=Severity.WARNING)


def _before(stop: Stop) -> Decimal | int:
    return length(stop.visit["window"]["before"]) or 0


def _after(stop: Stop) -> Decimal | int:
    return length(stop.visit["window"]["after"]) or 0


def _at_baseline(trial: Trial, endpoint: Node) -> Iterator[Found]:
    stop = trial.timetable.stop(endpoint["visit"].text)
    stops = trial.measured.get(endpoint["outcome"].text, ())
    if stop is None or stop not in stops or not (when := after_start(trial, stop)) or len(when) > 1 or when[0] > 0:
        return
    message = f"{endpoint['id'].text} is a change from baseline, and {named(stop.visit)} is the baseline"
    yield Found(endpoint["visit"], message, "name the visit at which the change is read", ((stop.visit, "the visit"),))


RULES: tuple[Rule, ...] = (readable,)
