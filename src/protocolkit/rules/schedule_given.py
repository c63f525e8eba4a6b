"""Rule on visits at which an intervention is given or handed out: it is still given then."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import is_by_site
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import DOSING_DAYS, length
from protocolkit.rules.trial import named
from protocolkit.schedule import Placed, interventions_of, study_day
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Planned, Stop

_WEEK = 7
_TAKEN_BACK = Pattern(r"\bcount|\breturn|\bcollect|\baccountab|\bremov|\bretriev|\btaken back")


@rule("SOA12", Severity.WARNING, reads=(*DOSING_DAYS, "/schedule", "/arms", "/design/sequences"))
def given_still(trial: Trial) -> Iterator[Found]:
    """An intervention is given or handed out at visits from its first dose up to its last one, and not after it.

    Why: tablets that are handed out when the regimen has ended are taken, or the regimen is shorter than was meant; and
    nobody can take on the first day what is handed out four weeks later.

    Applies: a visit with a day has an activity of kind dose without a condition, which takes nothing back. It is told
    where the last dose of all that the activity serves lies more than a week before the window of the visit, in every
    arm that has the visit; and where the window of the first such visit of an intervention opens more than a week
    after its first dose. Nothing is said of a crossover, nor of the last fraction where the site of a lesion decides
    how many it gets.

    Basis:
        internal consistency of the protocol, regimen and schedule (H)

    Fails::

        arms: [{id: A, interventions: [X]}]
        interventions: [{id: X, regimen: {steps: [{id: S, when: course, frequency: QD, from: 0 d, to: 83 d}]}}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: KIT, kind: dose, serves: [X]}]
          visits:
            - {id: V0, anchor: first_dose, offset: 0 d, window: {before: 0 d, after: 0 d}, activities: [KIT]}
            - {id: V16, anchor: first_dose, offset: 16 wk, window: {before: 3 d, after: 3 d}, activities: [KIT]}
        outcomes: []

    Passes::

        arms: [{id: A, interventions: [X]}]
        interventions: [{id: X, regimen: {steps: [{id: S, when: course, frequency: QD, from: 0 d, to: 139 d}]}}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: KIT, kind: dose, serves: [X]}]
          visits:
            - {id: V0, anchor: first_dose, offset: 0 d, window: {before: 0 d, after: 0 d}, activities: [KIT]}
            - {id: V16, anchor: first_dose, offset: 16 wk, window: {before: 3 d, after: 3 d}, activities: [KIT]}
        outcomes: []
    """
    giving = [
        (stop, planned)
        for stop in trial.timetable.of_participants
        for planned in (stop.planned if stop.scheduled and stop.moments else ())
        if planned.activity["kind"].text == "dose" and planned.activity["serves"] and not _left_open(stop, planned)
    ]
    if not giving or trial.at("/design/sequences"):
        raise NotApplicable("no visit with a day gives or hands out an intervention, or it is a crossover")
    for stop, planned in giving:
        held = [each for arm in trial.root["arms"] if (each := _held(trial, stop, planned, arm))]
        if held and all(each.over for each in held):
            yield _found(trial, stop, planned, held)
    yield from _late(trial)


def _late(trial: Trial) -> Iterator[Found]:
    """Find interventions that are first given or handed out after their first dose: one finding for each."""
    told: set[str] = set()
    for arm in trial.root["arms"]:
        for intervention in interventions_of(arm):
            name, first = intervention["id"].text, trial.anchors.span(intervention["regimen"], arm=arm["id"].text).first
            stops = [*_giving(trial, name, arm["id"].text)]
            if name in told or not isinstance(first, Placed) or not stops or not all(stop.moments for stop in stops):
                continue
            stop = min(stops, key=_opens)
            if _opens(stop) > first.days + _WEEK:
                told.add(name)
                rule = trial.timetable.rule
                message = (
                    f"{named(intervention)} is first given or handed out at {named(stop.visit)}, on study day "
                    f"{study_day(stop.moments[0].offset, rule)}; its first dose is on study day "
                    f"{study_day(first.days, rule)}"
                )
                hint = "give or hand it out in time, or correct the regimen"
                yield Found(stop.visit, message, hint, ((intervention["regimen"], "the regimen"),))


def _giving(trial: Trial, name: str, arm: str) -> Iterator[Stop]:
    """Yield the visits of an arm at which an intervention is given or handed out, with or without a condition."""
    for stop in trial.timetable.of_participants:
        served = (
            planned
            for planned in stop.planned
            if planned.activity["kind"].text == "dose" and planned.concerns(arm=arm)
            and name in {node.text for node in planned.activity["serves"]}
        )  # fmt: skip
        if any(served) and (not stop.visit["arms"] or arm in {node.text for node in stop.visit["arms"]}):
            yield stop


def _opens(stop: Stop) -> Decimal:
    """Return the first day on which a visit may take place."""
    return stop.moments[0].offset - (length(stop.visit["window"]["before"]) or 0)


def _left_open(stop: Stop, planned: Planned) -> bool:
    """Say whether a condition tells for whom it is done, or the activity takes back as well as hands out."""
    conditions = any(node["condition"] for node in (stop.visit, planned.activity, planned.entry))
    return conditions or bool(_TAKEN_BACK.search(planned.activity["name"].text))


class _Held(NamedTuple):
    """What an activity serves in an arm that has a visit, and the day of the last dose there; `over` where it ended."""

    served: list[Node]
    last: Decimal
    over: bool


def _held(trial: Trial, stop: Stop, planned: Planned, arm: Node) -> _Held | None:
    """Return what an activity serves at a visit in an arm; None where that is nothing."""
    name, served = arm["id"].text, {node.text for node in planned.activity["serves"]}
    own = [each for each in interventions_of(arm) if each["id"].text in served]
    here = not stop.visit["arms"] or name in {node.text for node in stop.visit["arms"]}
    if not own or not here or not planned.concerns(arm=name):
        return None
    lasts = [trial.anchors.span(each["regimen"], arm=name).last for each in own]
    days = [last.days for last in lasts if isinstance(last, Placed)]
    if len(days) < len(lasts) or any(is_by_site(each) for each in own):
        return _Held(own, Decimal(0), over=False)
    earliest = stop.moments[-1].offset - (length(stop.visit["window"]["before"]) or 0)
    return _Held(own, max(days), over=max(days) + _WEEK < earliest)


def _found(trial: Trial, stop: Stop, planned: Planned, held: list[_Held]) -> Found:
    number = trial.timetable.rule
    names = listed([*dict.fromkeys(named(served) for each in held for served in each.served)])
    message = (
        f"{named(planned.activity)} is at {named(stop.visit)}, on study day "
        f"{study_day(stop.moments[-1].offset, number)}; the last dose of {names} is on study day "
        f"{study_day(max(each.last for each in held), number)}"
    )
    hint = "correct the regimen, or leave the activity out of the visit"
    return Found(planned.entry, message, hint, ((held[0].served[0]["regimen"], "the regimen"),))


RULES: tuple[Rule, ...] = (given_still,)
