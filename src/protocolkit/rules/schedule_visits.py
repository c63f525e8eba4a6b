"""Rules on visits in time: overlapping windows, what is known at randomisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import stems
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import after_start, day_of, in_days, length
from protocolkit.rules.trial import CHANGES, named
from protocolkit.schedule import overlaps
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Overlap, Stop

_REMOTE = frozenset({"remote", "telephone", "video"})
_SHARED = 2  # days on which a contact could be of either visit
_WEEK = 7
_SHOWN = 3
# What does not change, so that it may be read at any time.
_INBORN = Pattern(
    r"geno|\bgene|allele|haplotyp|\bsex\b|mutation|blood group|\bCYP[0-9]|UGT1A1|TPMT|NAT2|G6PD|\bHLA|metaboli[sz]er"
)
_BEFORE = Pattern(r"\bhistory\b|\bprevious|\bprior\b|\bpre-?existing|\bearlier\b|\bpast\b")


@rule(
    "SOA02", Severity.WARNING,
    reads=("/schedule/visits", "/schedule/overlap", "/schedule/anchors", "/schedule/activities",
           "/interventions/*/regimen/steps/*/supervised"),
)  # fmt: skip
def overlapping(trial: Trial) -> Iterator[Found]:
    """Windows of scheduled visits do not overlap, or a rule says which visit a contact counts for.

    Why: a contact on a day that two windows share is week 4 for one site and week 6 for another.

    Applies: two scheduled visits that count from one anchor and do the same thing share two days or more; windows that
    touch on one day confuse nobody. Early-termination, unscheduled and remote visits are left out, and so are visits
    planned for one day, those with different conditions, those that both give a dose under supervision, which
    tells them apart, and the days of one visit that lie less than a week apart, which a delay moves together. One
    finding names all pairs. The visit of the event from which another one counts is moved with it.

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
    giving = _giving(trial)
    pairs: dict[tuple[Path, Path], Overlap] = {}
    for overlap in overlaps(trial.timetable):
        if _mistakable(overlap, giving):
            pairs.setdefault((overlap.first.visit.path, overlap.second.visit.path), overlap)
    if pairs:
        yield _confused([*pairs.values()])


def _confused(pairs: list[Overlap]) -> Found:
    """Tell all pairs of windows at once: one rule mends them."""
    first, second = pairs[0].first, pairs[0].second
    one, other = (
        f"{named(each.visit)} ({in_days(each.earliest)} to {in_days(each.latest)})" for each in (first, second)
    )
    more = f", as do {len(pairs) - 1} other pairs" if pairs[2:] else ", as does another pair" if pairs[1:] else ""
    message = f"the windows of {one} and {other} overlap{more}, and no rule says which a contact counts for"
    hint = "narrow the windows, or state schedule.overlap, such as nearest target"
    visits = {each.visit.path: each.visit for pair in pairs[1 : _SHOWN + 1] for each in (pair.first, pair.second)}
    others = tuple((visit["window"], "in another pair") for visit in visits.values())
    return Found(second.visit["window"], message, hint, ((first.visit["window"], "the other window"), *others))


def _giving(trial: Trial) -> set[str]:
    """Return the activities that give a dose under supervision: whoever has a visit with one knows which dose it is."""
    watched = {
        each["id"].text
        for each in trial.root["interventions"]
        if any(step["supervised"].value is True for step in each["regimen"]["steps"])
    }
    doses = (each for each in trial.root["schedule"]["activities"] if each["kind"].text == "dose")
    return {each["id"].text for each in doses if watched & {node.text for node in each["serves"]}}


def _mistakable(overlap: Overlap, giving: set[str]) -> bool:
    one, other = overlap.first, overlap.second
    remote = _REMOTE & {one.visit["mode"].text, other.visit["mode"].text}
    apart = one.visit["anchor"].text != other.visit["anchor"].text or _parted(one.visit, other.visit)
    apart = apart or any(length(each.visit["offset"]) == 0 for each in (one, other))  # the event that the other follows
    if apart or one.moment.day == other.moment.day or remote or overlap.days < _SHARED:
        return False
    if one.visit.path == other.visit.path and other.moment.day - one.moment.day < _WEEK:
        return False
    each = _measured(one.visit), _measured(other.visit)
    return bool(each[0] & each[1]) and not all(giving & done for done in each)


def _parted(one: Node, other: Node) -> bool:
    """Say whether two visits have conditions, and not the same."""
    conditions = {visit["condition"].text.casefold() for visit in (one, other)}
    return len(conditions) > 1 and "" not in conditions


def _measured(visit: Node) -> set[str]:
    return {node.text or node["id"].text for node in visit["activities"]}


@rule(
    "SOA06", Severity.ERROR,
    reads=("/design/randomisations", *below("/objectives/*", "endpoints", "level"), "/schedule",
           "/statistics/subgroups", "/outcomes/*/name"),
)  # fmt: skip
def known_at_randomisation(trial: Trial) -> Iterator[Found]:
    """Stratification factors, subgroups and the baselines of changes are measured no later than randomisation.

    Why: chance cannot be stratified by what is not yet known, and a baseline taken after assignment is an effect. So is
    what parts subgroups by what treatment has changed.

    Applies: participants are randomised at a visit with a day. In a crossover each period has its own baseline. That of
    an endpoint that is not primary is a warning, and taken in time up to the day of the first dose; so is that of a
    primary one where participants are blinded. One that an endpoint states for itself, as before a booster, is where it
    says. A subgroup is a warning; genes do not change, and may be read later, and what happened before is known by
    asking.

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
    yield from _late_subgroups(trial, assigned[0][1])
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
    return _named_in(trial, stratum["factor"].text)


def _named_in(trial: Trial, text: str) -> list[str]:
    """Return the activities whose id or name stands in a text; one that gives a dose measures nothing."""
    words = f" {folded(text)} "
    return [
        activity["id"].text
        for activity in trial.root["schedule"]["activities"]
        if activity["kind"].text != "dose"
        and any(name and f" {name} " in words for name in (folded(activity["id"].text), folded(activity["name"].text)))
    ]


def _late_subgroups(trial: Trial, day: Decimal) -> Iterator[Found]:
    """Find subgroups by what is first measured after randomisation: an activity, or an outcome, that they name."""
    for subgroup in trial.at("/statistics/subgroups"):
        variable = subgroup["variable"]
        words = f" {folded(variable.text)} "
        outcomes = [each for each in _values(trial) if f" {folded(each['name'].text) or '?'} " in words]
        served = [stop for each in outcomes for stop in trial.measured.get(each["id"].text, ())]
        doing = _named_in(trial, variable.text)
        stops = [stop for stop in trial.timetable.stops if any(stop.activity(each) is not None for each in doing)]
        known = _INBORN.search(variable.text) or _BEFORE.search(variable.text) or _stratified(trial, variable.text)
        first = None if known else _later([*stops, *served], day)
        if first is not None and not _before_blinded_dose(trial, first):
            message = f"subgroups are parted by {variable.text}, which is first measured at {_when(first, day)}"
            hint = "part them by what is known at randomisation, or measure it by then"
            related = ((first.visit, "measured here"),)
            yield Found(variable, message, hint, related, severity=Severity.WARNING)


def _stratified(trial: Trial, text: str) -> bool:
    """Say whether a text is a factor of stratification that names what measures it: this decides when it is known."""
    strata = trial.each("/design/randomisations/*/strata/*")
    own = stems(text)
    return bool(own) and any(each["activity"] and own <= stems(each["factor"].text) for each in strata)


def _values(trial: Trial) -> list[Node]:
    """Return the outcomes that have a value at each time: an event that happened before is asked for, not measured."""
    return [each for each in trial.root["outcomes"] if any(each[key] for key in ("unit", "range", "instrument"))]


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
    primary = {each.path for each in trial.primary}
    for endpoint in (each for objective in trial.root["objectives"] for each in objective["endpoints"]):
        stops = list(trial.measured.get(endpoint["outcome"].text, ()))
        first = _later(stops, day) if endpoint["metric"].text in CHANGES else None
        if first is None or _own_baseline(trial, endpoint, first):
            continue
        if not (_before_dose(trial, first) if endpoint.path not in primary else _before_blinded_dose(trial, first)):
            message = f"{endpoint['id'].text} is a change, but {endpoint['outcome'].text} is first measured at"
            hint = "measure the baseline at or before randomisation"
            weight = None if endpoint.path in primary else Severity.WARNING
            related = ((first.visit, "measured here"),)
            yield Found(endpoint["metric"], f"{message} {_when(first, day)}", hint, related, severity=weight)


def _before_blinded_dose(trial: Trial, stop: Stop) -> bool:
    """Say whether a visit is one of the day of the first dose or before, while those who take part are blinded."""
    return trial.blinds_participants and _before_dose(trial, stop)


def _before_dose(trial: Trial, stop: Stop) -> bool:
    return any(days <= 0 for days in after_start(trial, stop))


def _own_baseline(trial: Trial, endpoint: Node, first: Stop) -> bool:
    """Say whether a change is read against a baseline of its own that does not end before the first measurement."""
    end = endpoint["baseline"]["to"]
    day = day_of(trial, end)
    return bool(end) and (day is None or any(moment.offset <= day for moment in first.moments))


RULES: tuple[Rule, ...] = (overlapping, known_at_randomisation)
