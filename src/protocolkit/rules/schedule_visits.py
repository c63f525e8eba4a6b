"""Rules on visits in time: overlapping windows, supervised doses, what is known at randomisation."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.times import administered
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days
from protocolkit.rules.trial import CHANGES, named
from protocolkit.rules.words import folded, listed
from protocolkit.schedule import overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Overlap, Stop

_REMOTE = frozenset({"remote", "telephone", "video"})
_WORD = Pattern(r"[^\W_]{3,}", exact=True)
_STEM = 5
_FEW = 20  # doses under supervision at which monitoring can be expected
_SHOWN = 6
Words = dict[str, set[str]]


@rule("SOA02", Severity.WARNING, reads=("/schedule/visits", "/schedule/overlap", "/schedule/anchors"))
def overlapping(trial: Trial) -> Iterator[Found]:
    """Windows of scheduled visits do not overlap, or a rule says which visit a contact counts for.

    Why: a contact on a day that two windows share is week 4 for one site and week 6 for another.

    Applies: two scheduled visits that count from one anchor and do the same thing share a day. Early-termination,
    unscheduled and remote visits are left out, and so are visits planned for one day.

    Basis:
        internal consistency of the protocol, schedule (H)

    Fails::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: BP, name: blood pressure, serves: [safety]}]
          visits:
            - {id: V4, anchor: first_dose, offset: 28 d, window: {before: 20 d, after: 20 d}, activities: [BP]}
            - {id: V6, anchor: first_dose, offset: 42 d, window: {before: 20 d, after: 20 d}, activities: [BP]}
        outcomes: []

    Passes::

        schedule:
          overlap: nearest target
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: BP, name: blood pressure, serves: [safety]}]
          visits:
            - {id: V4, anchor: first_dose, offset: 28 d, window: {before: 20 d, after: 20 d}, activities: [BP]}
            - {id: V6, anchor: first_dose, offset: 42 d, window: {before: 20 d, after: 20 d}, activities: [BP]}
        outcomes: []
    """
    if trial.at("/schedule/overlap"):
        return
    if not any(stop.moments for stop in trial.timetable.stops):
        raise NotApplicable("no scheduled visit has a day")
    told: set[tuple[str, str]] = set()
    for overlap in overlaps(trial.timetable):
        pair = overlap.first.visit.pointer, overlap.second.visit.pointer
        if pair not in told and _mistakable(overlap):
            told.add(pair)
            one, other = overlap.first, overlap.second
            message = (
                f"the windows of {named(one.visit)} ({in_days(one.earliest)} to {in_days(one.latest)}) and "
                f"{named(other.visit)} ({in_days(other.earliest)} to {in_days(other.latest)}) overlap, and no rule "
                "says which a contact counts for"
            )
            hint = "narrow the windows, or state schedule.overlap, such as nearest target"
            yield Found(other.visit["window"], message, hint, ((one.visit["window"], "the other window"),))


def _mistakable(overlap: Overlap) -> bool:
    one, other = overlap.first, overlap.second
    remote = _REMOTE & {one.visit["mode"].text, other.visit["mode"].text}
    if one.visit["anchor"].text != other.visit["anchor"].text or one.moment.day == other.moment.day or remote:
        return False
    return bool(_measured(one.visit) & _measured(other.visit))


def _measured(visit: Node) -> set[str]:
    return {node.text or node["id"].text for node in visit["activities"]}


@rule(
    "SOA05", Severity.ERROR,
    reads=("/interventions/*/regimen/steps", "/interventions/*/pharmacology/monitoring", "/schedule"),
    tags=("drug",),
)  # fmt: skip
def supervised(trial: Trial) -> Iterator[Found]:
    """Each day with a supervised dose has a visit, and the visit has the monitoring that is stated.

    Why: a dose under supervision needs somebody there that day, with the means to watch what must be watched.
    Monitoring is recognised by its words, so that what is missing at one of the visits is a warning.

    Applies: a step is given under supervision. Where that is daily for weeks, monitoring has visits of its own, and so
    has a laboratory test that is done at no visit with a dose.

    Basis:
        internal consistency of the protocol, regimen and schedule (H)

    Fails::

        interventions:
          - id: KET
            kind: drug
            regimen: {steps: [{id: S, when: days, supervised: true, days: [0 d, 1 d, 2 d]}]}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: INFUSION, serves: [KET]}]
          visits: [{id: INF1, anchor: first_dose, offset: 0 d, activities: [INFUSION]}]

    Passes::

        interventions:
          - id: KET
            kind: drug
            regimen: {steps: [{id: S, when: days, supervised: true, days: [0 d, 1 d, 2 d]}]}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: INFUSION, serves: [KET]}]
          visits: [{id: INF, anchor: first_dose, offsets: [0 d, 1 d, 2 d], activities: [INFUSION]}]
    """
    steps = ((each, step) for each in trial.drugs for step in each["regimen"]["steps"])
    given = [(each, step) for each, step in steps if step["supervised"].value is True]
    if not given or not any(stop.moments for stop in trial.timetable.stops):
        raise NotApplicable("no step is given under supervision, or no visit has a day")
    held = _by_day(trial)
    words = {activity["id"].text: _words(activity) for activity in trial.root["schedule"]["activities"]}
    warned: set[tuple[str, str]] = set()
    for intervention, step in given:
        days = _dose_days(trial, intervention, step)
        if missing := [day for day in days if day not in held]:
            more = ["others"] if missing[_SHOWN:] else []
            shown = listed([*(in_days(Decimal(day)) for day in missing[:_SHOWN]), *more])
            message = f"step {step['id'].text} of intervention {intervention['id'].text} is given under supervision at"
            told = f"{message} {shown}, where there is no visit"
            yield Found(step["days"] or step, told, "plan a visit for each dose")
        seen = {each.visit.path: each for day in days for each in held.get(day, ())} if len(days) <= _FEW else {}
        watching = _watching(trial, words, [*seen.values()])
        for stop in seen.values():
            yield from _unwatched(intervention, stop, watching, warned)


def _by_day(trial: Trial) -> dict[int, list[Stop]]:
    found: dict[int, list[Stop]] = {}
    for stop in (stop for stop in trial.timetable.of_participants if stop.scheduled):
        for offset in trial.anchors.recurring(stop.visit):
            found.setdefault(_floor(offset), []).append(stop)
    return found


def _floor(offset: Decimal) -> int:
    return int(offset.to_integral_value(rounding=ROUND_FLOOR))


def _dose_days(trial: Trial, intervention: Node, step: Node) -> list[int]:
    """Return the days of a step's doses in its first cycle from the first day on; none where they do not follow."""
    regimen = intervention["regimen"]
    try:
        days = dict.fromkeys(_floor(day) for day in administered(step, regimen))
    except NotComputable:
        return []
    return sorted({_floor(start) + day for start in trial.anchors.starts(regimen) for day in days})


def _watching(trial: Trial, words: Words, stops: list[Stop]) -> Words:
    """Return the words of activities that watch over a dose: a laboratory test only where it is done at one."""
    here = {planned.activity["id"].text for stop in stops for planned in stop.planned}
    tests = {each["id"].text for each in trial.root["schedule"]["activities"] if each["kind"].text == "laboratory"}
    return {name: own for name, own in words.items() if name in here or name not in tests}


def _unwatched(intervention: Node, stop: Stop, words: Words, warned: set[tuple[str, str]]) -> Iterator[Found]:
    if not any(planned.activity["kind"].text == "dose" for planned in stop.planned):
        return
    here = [words.get(planned.activity["id"].text, set()) for planned in stop.planned]
    for parameter, part in _parameters(intervention):
        wanted, key = _stems(part), (stop.visit["id"].text, part)
        if not wanted or key in warned or any(wanted <= each for each in here):
            continue
        if any(wanted <= each for each in words.values()):
            warned.add(key)
            message = f"{part} is to be monitored, and {named(stop.visit)} with a supervised dose does not have it"
            at = stop.visit["activities"] or stop.visit
            related = ((parameter, "stated here"),)
            yield Found(at, message, "name the activity at the visit", related, severity=Severity.WARNING)


def _parameters(intervention: Node) -> Iterator[tuple[Node, str]]:
    """Yield what is to be monitored, each part of a list in one text by itself."""
    for node in intervention["pharmacology"]["monitoring"]:
        for part in node.text.split(","):
            if part.strip():
                yield node, part.strip()


def _words(activity: Node) -> set[str]:
    return _stems(" ".join((activity["id"].text, activity["name"].text, *(item.text for item in activity["items"]))))


def _stems(text: str) -> set[str]:
    return {word[:_STEM].casefold() for word in _WORD.findall(text)}


@rule("SOA06", Severity.ERROR, reads=("/design/randomisations", "/objectives", "/schedule"))
def known_at_randomisation(trial: Trial) -> Iterator[Found]:
    """Stratification factors, and the baseline of the primary outcome, are measured no later than randomisation.

    Why: chance cannot be stratified by what is not yet known, and a baseline taken after assignment is an effect.

    Applies: participants are randomised at a visit with a day. In a crossover each period has its own baseline.

    Basis:
        SPIRIT 2025, 18 and 21b (M)
        internal consistency of the protocol, schedule (H)

    Fails::

        design: {randomisations: [{id: R1, at: BL, unit: participant, strata: [{factor: HbA1c}]}]}
        schedule:
          anchors: [{id: randomisation, kind: randomisation}]
          activities: [{id: HBA1C, name: HbA1c, serves: [safety]}]
          visits:
            - {id: BL, anchor: randomisation, offset: 0 d}
            - {id: V4, anchor: randomisation, offset: 4 wk, activities: [HBA1C]}

    Passes::

        design: {randomisations: [{id: R1, at: BL, unit: participant, strata: [{factor: HbA1c, activity: HBA1C}]}]}
        schedule:
          anchors: [{id: randomisation, kind: randomisation}]
          activities: [{id: HBA1C, name: HbA1c, serves: [safety]}]
          visits:
            - {id: SCR, anchor: randomisation, offset: -28 d, activities: [HBA1C]}
            - {id: BL, anchor: randomisation, offset: 0 d}
    """
    assigned = [(each, day) for each in trial.at("/design/randomisations") if (day := _day_of(trial, each)) is not None]
    if not assigned:
        raise NotApplicable("nobody is randomised at a visit with a day")
    for randomisation, day in assigned:
        for stratum in randomisation["strata"]:
            for activity in _measuring(trial, stratum):
                stops = [stop for stop in trial.timetable.stops if stop.activity(activity) is not None]
                if (first := _later(stops, day)) is not None:
                    message = f"{stratum['factor'].text} is first measured at {_when(first, day)}"
                    yield Found(
                        stratum, message, "measure it at or before randomisation", ((first.visit, "measured here"),)
                    )
    yield from _late_baselines(trial, assigned[0])


def _day_of(trial: Trial, randomisation: Node) -> Decimal | None:
    stop = trial.timetable.stop(randomisation["at"].text)
    if stop is None:
        stop = next(iter(trial.measured.get(randomisation["id"].text, ())), None)
    return stop.moments[0].offset if stop and stop.moments else None


def _measuring(trial: Trial, stratum: Node) -> list[str]:
    """Return the activities that measure a factor: the one that is named, else those that its words name."""
    if stratum["activity"]:
        return [stratum["activity"].text]
    words = f" {folded(stratum['factor'].text)} "
    return [
        activity["id"].text
        for activity in trial.root["schedule"]["activities"]
        if any(name and f" {name} " in words for name in (folded(activity["id"].text), folded(activity["name"].text)))
    ]


def _later(stops: list[Stop], day: Decimal) -> Stop | None:
    """Return the first visit where all with a day lie after a day; None where one does not, or has no day."""
    scheduled = [stop for stop in stops if stop.scheduled]
    if not scheduled or any(not stop.moments or stop.moments[0].offset <= day for stop in scheduled):
        return None
    return min(scheduled, key=lambda stop: stop.moments[0].offset)


def _when(stop: Stop, day: Decimal) -> str:
    return f"{named(stop.visit)}, {in_days(stop.moments[0].offset - day)} after randomisation"


def _late_baselines(trial: Trial, assigned: tuple[Node, Decimal]) -> Iterator[Found]:
    randomisation, day = assigned
    if trial.root["design"]["model"].text == "crossover" or randomisation["unit"].text not in ("", "participant"):
        return
    for endpoint in trial.primary:
        stops = list(trial.measured.get(endpoint["outcome"].text, ()))
        first = _later(stops, day) if endpoint["metric"].text in CHANGES else None
        if first is not None:
            message = f"{endpoint['id'].text} is a change, but {endpoint['outcome'].text} is first measured at"
            hint = "measure the baseline at or before randomisation"
            yield Found(endpoint["metric"], f"{message} {_when(first, day)}", hint, ((first.visit, "measured here"),))


RULES: tuple[Rule, ...] = (overlapping, supervised, known_at_randomisation)
