"""Rule on the time of endpoints: intervals that run forwards and have measurements, and what treatment comes before."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.outcomes_early import before_treatment, in_early_epochs
from protocolkit.rules.outcomes_vaccines import before_vaccine
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import after_start, days_of, in_days, leeway
from protocolkit.rules.trial import CHANGES, named
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop
    from protocolkit.schedule.timetable import Planned

    Dates = list[tuple[Decimal, Stop]]

_OF_EVENTS = "symptoms_and_adverse_events"
_EVENTS = Pattern(r"adverse|\bS?AEs?\b|reaction|reactogenic|toxicit|side[- ]effect|\bsafety\b|\bevents?\b|complication")
_NEAR = Decimal(7)  # days: an interval "to week 12" need not end on the day of the visit
_SHORT = 4  # a quarter of an interval that is shorter than four times that


@rule(
    "OUT15", Severity.ERROR,
    reads=(*below("/objectives/*", "endpoints", "framework", "kind", "level"), "/schedule", "/design/model",
           "/design/framework", "/design/primary_purpose", "/design/epochs", "/design/run_in",
           "/design/randomisations", "/arms", "/interventions/*/kind", "/interventions/*/role",
           "/interventions/*/regimen/anchor", "/interventions/*/regimen/steps/*/supervised", "/interventions/*/vaccine",
           "/interventions/*/regimen/steps/*/duration", "/interventions/*/regimen/steps/*/rate"),
)  # fmt: skip
def readable(trial: Trial) -> Iterator[Found]:
    """The time of an endpoint runs forwards, has measurements in it, and lies after the start of the intervention.

    Why: an endpoint over weeks 5 to 57 has no data for the half in which nobody measures it. What is measured before
    anything is given tells nothing of it, and a change from baseline at the baseline visit is nought for everybody.

    Applies: an endpoint has an interval or a visit. Outcomes that are not measured at dated visits alone are not
    placed, nor are adverse events, which are reported when they happen; other outcomes of harm are. An interval
    that goes on for more than a week (a quarter of a short one), and longer than the window allows, after the last
    measurement is a warning; where an anchor comes back, as in a crossover, each period is looked at. A change
    within a visit that has several time points, or by the timepoint of the endpoint, is none from baseline. What
    precedes the trial intervention is told for benefit and harm in trials with arms that are not about screening or
    diagnosis: a visit on an earlier day, one of an epoch before treatment, or the visit of randomisation where
    medicines are taken after it. Where arms are to be equivalent or not inferior, a titre against an antigen of one
    vaccine that is read after it in some arms, and that day before it in another, is a warning.

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
    reported = _reported(trial)
    if not spans and not any(each["visit"] for each in endpoints):
        raise NotApplicable("no endpoint has an interval or a visit")
    late = []
    for endpoint in spans:
        for found in _interval(trial, endpoint, reported=endpoint["outcome"].text in reported):
            if isinstance(found, _Late):
                late.append(found)
            else:
                yield found
    yield from _going_on(late)
    told = set()
    if trial.at("/design/model").text != "crossover":
        for found in (each for endpoint in endpoints for each in _at_baseline(trial, endpoint)):
            told.add(found.at.path)
            yield found
    early = [found for found in before_treatment(trial) if found.at.path not in told]
    yield from early
    told |= {found.at.path for found in early}
    yield from (found for found in before_vaccine(trial) if found.at.path not in told)


def _reported(trial: Trial) -> set[str]:
    """Return the outcomes that are reported when they happen: adverse events, by their domain, their id or name."""
    events = {event["id"].text for event in trial.at("/adverse_events/of_special_interest")}
    harms = trial.safety_purposes
    return events | {
        each["id"].text
        for each in trial.root["outcomes"]
        if each["domain"].text == _OF_EVENTS or (each["id"].text in harms and _EVENTS.search(each["name"].text))
    }


class _Late(NamedTuple):
    """An endpoint whose interval goes on after its outcome is last measured: for how many days, and at which visit."""

    endpoint: Node
    by: Decimal
    last: Stop


def _interval(trial: Trial, endpoint: Node, *, reported: bool) -> Iterator[Found | _Late]:
    interval = endpoint["interval"]
    begins, ends = days_of(trial, interval["from"]), days_of(trial, interval["to"])
    if not begins or len(begins) != len(ends):
        return
    if ends[0] < begins[0]:
        message = f"the interval of {endpoint['id'].text} ends {in_days(begins[0] - ends[0])} before it begins"
        yield Found(interval["to"], message, "correct one of both", ((interval["from"], "where it begins"),))
        return
    measured = (stop for stop in trial.measured.get(endpoint["outcome"].text, ()) if stop.scheduled)
    stops = [stop for stop in measured if stop.moments or not in_early_epochs(trial, stop)]
    if reported or not stops or any(not stop.moments or not trial.anchors.ends(stop.visit) for stop in stops):
        return  # measured at dates that the file does not tell, or never: SOA01 tells that
    dates = [(day, stop) for stop in stops for day in trial.anchors.recurring(stop.visit)]
    following = (*begins[1:], None)  # where an anchor comes back, what is measured in one period is not of another
    faults = (_unmeasured(endpoint, dates, span) for span in zip(begins, ends, following, strict=True))
    yield from [fault for fault in faults if fault][:1]


def _unmeasured(endpoint: Node, dates: Dates, span: tuple[Decimal, Decimal, Decimal | None]) -> Found | _Late | None:
    """Find an interval without a measurement, or with none at its end, from the next of its kind on left out."""
    begin, end, following = span
    outcome = endpoint["outcome"].text
    if not any(begin - leeway(stop.visit, "after") <= day <= end + leeway(stop.visit, "before") for day, stop in dates):
        message = f"{endpoint['id'].text}: {outcome} is measured at no visit within the interval"
        hint = f"add an activity that serves {outcome} to a visit in it, or correct the interval"
        return Found(endpoint["interval"], message, hint, ((dates[0][1].visit, "measured here"),))
    own = [row for row in dates if following is None or row[0] < following]
    day, last = max(own, key=lambda row: row[0] + leeway(row[1].visit, "after"), default=dates[0])
    near = min(_NEAR, (end - begin) / _SHORT)
    return _Late(endpoint, end - day, last) if end > day + max(leeway(last.visit, "after"), near) else None


def _going_on(late: list[_Late]) -> Iterator[Found]:
    """Tell of the endpoints that go on after one last visit together."""
    groups: dict[tuple[Path, Decimal], list[_Late]] = {}
    for each in late:
        groups.setdefault((each.last.visit.path, each.by), []).append(each)
    for (_, by), rows in groups.items():
        outcomes = list(dict.fromkeys(row.endpoint["outcome"].text for row in rows))
        goes, is_ = ("goes" if len(rows) == 1 else "go"), ("is" if len(outcomes) == 1 else "are")
        message = (
            f"{listed([row.endpoint['id'].text for row in rows])} {goes} on for {in_days(by)} after "
            f"{listed(outcomes)} {is_} last measured, at {named(rows[0].last.visit)}"
        )
        hint = "end the interval with the last measurement, or measure until it ends"
        at, related = rows[0].endpoint["interval"]["to"], ((rows[0].last.visit, "the last measurement"),)
        yield Found(at, message, hint, related, severity=Severity.WARNING)


def _at_baseline(trial: Trial, endpoint: Node) -> Iterator[Found]:
    if endpoint["metric"].text not in CHANGES or endpoint["timepoint"]["baseline"]:
        return  # no change from baseline, or one within the visit
    stop = trial.timetable.stop(endpoint["visit"].text)
    stops = trial.measured.get(endpoint["outcome"].text, ())
    if stop is None or stop not in stops or not (when := after_start(trial, stop)) or len(when) > 1 or when[0] > 0:
        return
    if any(len(planned.timepoints) > 1 for planned in _measuring(stop, endpoint["outcome"].text)):
        return  # before and after what is given at the visit
    message = f"{endpoint['id'].text} is a change from baseline, and {named(stop.visit)} is the baseline"
    yield Found(endpoint["visit"], message, "name the visit at which the change is read", ((stop.visit, "the visit"),))


def _measuring(stop: Stop, outcome: str) -> list[Planned]:
    """Return what a visit plans that measures an outcome."""
    return [each for each in stop.planned if outcome in [node.text for node in each.activity["serves"]]]


RULES: tuple[Rule, ...] = (readable,)
