"""Rule on doses under supervision: a visit for each, with the monitoring that is stated."""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import is_taper
from protocolkit.dosing.times import administered, cycles
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days
from protocolkit.rules.trial import DRUG_KINDS, named
from protocolkit.schedule import study_day
from protocolkit.schedule.exposure import interventions_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_ATTENDED = DRUG_KINDS | {"radiation"}
_WORD = Pattern(r"[^\W_]{3,}", exact=True)
_STEM, _OF_ENZYMES = 5, 9
_FEW = 20  # doses under supervision at which monitoring can be expected
_SHOWN = 6
_FRESH = 35  # days
_LOOKED_AT = 3  # cycles, where nobody knows how many there will be
_MOST = 100
Words = dict[str, set[str]]


@rule(
    "SOA05", Severity.ERROR,
    reads=("/interventions/*/regimen/steps", "/interventions/*/pharmacology/monitoring", "/schedule"),
)  # fmt: skip
def supervised(trial: Trial) -> Iterator[Found]:
    """Each day with a supervised dose has a visit, and the visit has the dose and the monitoring that is stated.

    Why: a dose under supervision needs somebody there that day, with the means to watch what must be watched.
    Monitoring is recognised by its words, so that what is missing at one of the visits is a warning.

    Applies: a step of a medicine or of radiation is given under supervision; of cycles that an event ends, the first
    three are looked at. Where that is daily for weeks, monitoring has visits of its own, and so has a laboratory test
    that is done at no visit with a dose; at the first dose those of the five weeks before it count. A visit that lacks
    the activity of kind dose that others have for it is a warning. The visits are those of the arms and cohorts that
    the step is for.

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
    attended = [each for each in trial.root["interventions"] if each["kind"].text in _ATTENDED]
    steps = ((each, step) for each in attended for step in each["regimen"]["steps"])
    given = [(each, step) for each, step in steps if step["supervised"].value is True]
    if not given or not any(stop.moments for stop in trial.timetable.stops):
        raise NotApplicable("no step is given under supervision, or no visit has a day")
    by_day = _by_day(trial)
    words = {activity["id"].text: _words(activity) for activity in trial.root["schedule"]["activities"]}
    warned: set[tuple[str, str]] = set()
    for intervention, step in given:
        held = _of_its_people(trial, intervention, step, by_day)
        first = _dose_days(trial, intervention, step)
        days = [start + day for start in _cycles(intervention["regimen"], step) for day in first]
        if missing := [day for day in days if day not in held]:
            more = ["others"] if missing[_SHOWN:] else []
            shown = listed([*(in_days(Decimal(day)) for day in missing[:_SHOWN]), *more])
            message = f"step {step['id'].text} of intervention {intervention['id'].text} is given under supervision at"
            told = f"{message} {shown}, where there is no visit"
            yield Found(step["days"] or step, told, "plan a visit for each dose")
        yield from _not_given(trial, intervention, [held[day] for day in days if day in held], warned)
        seen = {each.visit.path: each for day in first for each in held.get(day, ())} if len(first) <= _FEW else {}
        watching = _watching(trial, words, [*seen.values()])
        at_first = {stop.visit.path for stop in held.get(first[0], ())} if first else set()
        before = [words[name] for name in _shortly_before(by_day, first[0])] if first else []
        giving = _giving(trial, intervention)
        for stop in (each for each in seen.values() if not giving or any(map(each.activity, giving))):
            recent = before if stop.visit.path in at_first else []
            yield from _unwatched(intervention, stop, recent, watching, warned)


def _not_given(
    trial: Trial, intervention: Node, planned: list[list[Stop]], warned: set[tuple[str, str]]
) -> Iterator[Found]:
    """Find days of a supervised dose whose visits have no activity that gives it, where those of other days have."""
    giving = _giving(trial, intervention)
    without = [stops for stops in planned if not any(stop.activity(each) for stop in stops for each in giving)]
    anchor = intervention["regimen"]["anchor"].text
    for stops in without if len(without) < len(planned) else ():
        visit = min(stops, key=lambda stop: (stop.visit["anchor"].text != anchor, not stop.visit["cohorts"])).visit
        key = visit["id"].text, ""
        if key not in warned:
            warned.add(key)
            message = (
                f"{named(visit)} is on a day with a supervised dose of {named(intervention)}, and does not have it"
            )
            hint = "name the activity that gives it"
            yield Found(visit["activities"] or visit, message, hint, severity=Severity.WARNING)


def _giving(trial: Trial, intervention: Node) -> list[str]:
    """Return the activities of kind dose that give an intervention."""
    return [
        activity["id"].text
        for activity in trial.root["schedule"]["activities"]
        if activity["kind"].text == "dose" and intervention["id"].text in {node.text for node in activity["serves"]}
    ]


def _by_day(trial: Trial) -> dict[int, list[Stop]]:
    found: dict[int, list[Stop]] = {}
    for stop in (stop for stop in trial.timetable.of_participants if stop.scheduled):
        for offset in trial.anchors.recurring(stop.visit):
            found.setdefault(_whole(offset), []).append(stop)
    return found


def _of_its_people(
    trial: Trial, intervention: Node, step: Node, by_day: dict[int, list[Stop]]
) -> dict[int, list[Stop]]:
    """Return the visits by day without those of arms or cohorts that do not get a step of an intervention."""
    getting = {
        arm["id"].text
        for arm in trial.root["arms"]
        if any(each.path == intervention.path for each in interventions_of(arm))
    }
    arms, cohorts = ({node.text for node in step[key]} for key in ("arms", "cohorts"))
    wanted = {"arms": (getting & arms) or arms or getting, "cohorts": cohorts}
    own = {
        day: [stop for stop in stops if all(_is_for(stop, key, whom) for key, whom in wanted.items())]
        for day, stops in by_day.items()
    }
    return {day: stops for day, stops in own.items() if stops}


def _is_for(stop: Stop, key: str, whom: set[str]) -> bool:
    """Say whether some of the arms or cohorts have a visit; none stands for all of them."""
    having = {node.text for node in stop.visit[key]}
    return not whom or not having or bool(whom & having)


def _whole(offset: Decimal) -> int:
    return study_day(offset, "zero")


def _dose_days(trial: Trial, intervention: Node, step: Node) -> list[int]:
    """Return the days of a step's doses in its first cycle from the first day on; none where they do not follow.

    Of doses at intervals that are fitted to the participant, only those that everybody has on the same day.
    """
    regimen = intervention["regimen"]
    try:
        days = dict.fromkeys(_whole(day) for day in _for_everybody(step, regimen))
    except NotComputable:
        return []
    return sorted({_whole(start) + day for start in trial.anchors.starts(regimen) for day in days})


def _cycles(regimen: Node, step: Node) -> list[int]:
    """Return the days on which the cycles of a regimen begin, counted from the first; some where an event ends them."""
    try:
        turns = None if is_taper(step) else cycles(regimen)
    except NotComputable:
        return [0]
    number = 1 if turns is None else min(turns.number or _LOOKED_AT, _MOST)
    return [_whole(turns.every * turn) if turns else 0 for turn in range(number)]


def _for_everybody(step: Node, regimen: Node) -> list[Decimal]:
    pairs = zip(administered(step, regimen), administered(step, regimen, fewest=True), strict=False)
    return [day for day, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]


def _watching(trial: Trial, words: Words, stops: list[Stop]) -> Words:
    """Return the words of activities that watch over a dose: a laboratory test only where it is done at one."""
    here = {planned.activity["id"].text for stop in stops for planned in stop.planned}
    tests = {each["id"].text for each in trial.root["schedule"]["activities"] if each["kind"].text == "laboratory"}
    return {name: own for name, own in words.items() if name in here or name not in tests}


def _unwatched(
    intervention: Node, stop: Stop, recent: list[set[str]], words: Words, warned: set[tuple[str, str]]
) -> Iterator[Found]:
    """Find what other visits with a dose have, and this one has not, nor the screening shortly before the first."""
    if not any(planned.activity["kind"].text == "dose" for planned in stop.planned):
        return
    here = [*recent, *(words.get(planned.activity["id"].text, set()) for planned in stop.planned)]
    lacking: dict[str, Node] = {}
    for parameter, part in _parameters(intervention):
        wanted, key = _stems(part), (stop.visit["id"].text, part)
        if not wanted or key in warned or any(wanted <= each for each in here):
            continue
        if any(wanted <= each for each in words.values()):
            warned.add(key)
            lacking[part] = parameter
    if lacking:
        verb, it = ("is", "it") if len(lacking) == 1 else ("are", "them")
        told = f"{listed([*lacking])} {verb} to be monitored"
        message = f"{told}, and {named(stop.visit)} with a supervised dose does not have {it}"
        related = tuple((parameter, "stated here") for parameter in dict.fromkeys(lacking.values()))
        at = stop.visit["activities"] or stop.visit
        yield Found(at, message, "name the activity at the visit", related, severity=Severity.WARNING)


def _shortly_before(by_day: dict[int, list[Stop]], day: int) -> set[str]:
    """Return the laboratory tests of the first day and the five weeks before it, whose results hold at the dose."""
    stops = (stop for each, found in by_day.items() if day - _FRESH <= each <= day for stop in found)
    tests = (each.activity for stop in stops for each in stop.planned if each.activity["kind"].text == "laboratory")
    return {test["id"].text for test in tests}


def _parameters(intervention: Node) -> Iterator[tuple[Node, str]]:
    """Yield what is to be monitored, each part of a list in one text by itself."""
    for node in intervention["pharmacology"]["monitoring"]:
        for part in node.text.split(","):
            if part.strip():
                yield node, part.strip()


def _words(activity: Node) -> set[str]:
    return _stems(" ".join((activity["id"].text, activity["name"].text, *(item.text for item in activity["items"]))))


def _stems(text: str) -> set[str]:
    return {_stem(word.casefold()) for word in _WORD.findall(text)}


def _stem(word: str) -> str:
    """Return the beginning by which a word is known; an enzyme is another thing than what it acts on: phosphatase."""
    return word[:_OF_ENZYMES] if word.removesuffix("s").endswith("ase") else word[:_STEM]


RULES: tuple[Rule, ...] = (supervised,)
