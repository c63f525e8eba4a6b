"""Rule on the places of visits in time: the order in which they stand, and the time that a name tells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.quantities import MEAN_DAYS
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.schedule_cycles import CYCLES, of_cycles
from protocolkit.rules.times import anchor_kind, in_days, length
from protocolkit.rules.trial import named
from protocolkit.words import folded

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Path
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_REMOTE = frozenset({"remote", "telephone", "video"})
# A name that is a time and nothing else that counts: `Week 12`, `Visit 4, month 6 (end of treatment)`.
_NAMED = Pattern(
    r"(?:visit \w{1,3}[ ,:(-]+)?(?:at )?(?P<unit>day|week|month|year)s?[ -](?P<number>[0-9]{1,3})\)?(?:[ ,:(][^0-9]*)?"
)
# A name that ends with a time: `Telephone call at 6 months`.
_ENDS_AT = Pattern(r"[a-z][a-z -]*\bat (?P<number>[0-9]{1,3}) (?P<unit>day|week|month|year)s?")
# `Safety visit 90 days after the last dose`: counted from what the visit counts from.
_AFTER = Pattern(
    r"\b(?P<number>[0-9]{1,3}) (?P<unit>day|week|month|year)s? after (?:the )?(?P<start>first|last|final) "
    r"(?:dose|administration|infusion|injection|vaccination|treatment)\b"
)
# `30 days after surgery`, where the visit counts from the surgery.
_SINCE = Pattern(
    r"\b(?P<number>[0-9]{1,3}) (?P<unit>day|week|month|year)s? after (?:the |an? )?(?P<event>[a-z]{4,40})\b"
)
# `Day 3 after vaccination`: no day of the trial, where the visit counts from something else.
_FROM = Pattern(
    r"(?:visit \w{1,3}[ ,:(-]+)?(?:at )?(?P<unit>day|week|month|year)s?[ -](?P<number>[0-9]{1,3}),? "
    r"(?:after|since|from|following|post|before) (?:the |an? )?(?P<event>[a-z]{4,40})\b.*"
)
_KINDS = {"first": "first_dose", "last": "last_dose", "final": "last_dose"}
# Days of one, and how far the time may lie from it. Those who plan visits call four weeks or thirty days a month.
_DAYS = {
    "day": (1.0,),
    "week": (7.0,),
    "month": (float(MEAN_DAYS["mo"]), 28.0, 30.0),
    "year": (float(MEAN_DAYS["a"]), 360.0),
}
_NEAR = {"day": 1.0, "week": 3.0, "month": 16.0, "year": 16.0}
_WITHIN = {"week": 6.0}  # a day of a week is in it
_SHARE = 0.03  # of a long time


@rule("SOA14", Severity.WARNING, reads=("/schedule/visits", "/schedule/anchors", "/schedule/day_one", *CYCLES))
def in_order(trial: Trial) -> Iterator[Found]:
    """Visits stand in the order of time, and one that is named by a time is planned at that time.

    Why: the schedule is read in the order of the visits, and who reads "week 8" there, in an endpoint or in the plan of
    analysis means the eighth week. A visit of that name on day 98, before one on day 91, has the wrong place, time or
    name, and a site follows one or the other.

    Applies: scheduled visits with one day. Two follow each other among those of the same epoch, arms, cohorts and
    condition; contacts by telephone are a list of their own, and so is what counts from an event whose time is only
    expected. A name is a time (`Week 12`, `Day 29`, `Visit 4, month 6`) that may be counted from any anchor whose day
    is known and from the first visit of the epoch, or a time after the dose or the event that the visit counts from;
    day 29 and day 28 are one, week 1 may be the first or the second, and months of four weeks and of thirty days are
    months. A name may be a day of a cycle (`Cycle 4 day 1`) where the file states one length of cycles and more visits
    of later cycles keep to it than do not.

    Basis:
        ICH M11 Step 4, 1.3 (H)
        internal consistency of the protocol, schedule (H)

    Fails::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: W8, name: Week 8, anchor: first_dose, offset: 98 d}]

    Passes::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: V1, name: Baseline, anchor: first_dose, offset: 0 d}
            - {id: W8, name: Week 8, anchor: first_dose, offset: 56 d}
            - {id: M3, name: Month 3, anchor: first_dose, offset: 91 d}
    """
    stops = [*_dated(trial)]
    if not stops:
        raise NotApplicable("no scheduled visit has one day")
    told: set[Path] = set()
    for stop, found in (*_each_misnamed(trial, stops), *of_cycles(trial, stops)):
        told.add(stop.visit.path)
        yield found
    yield from _misplaced([stop for stop in stops if stop.visit.path not in told])


def _each_misnamed(trial: Trial, stops: list[Stop]) -> Iterator[tuple[Stop, Found]]:
    yield from ((stop, found) for stop in stops for found in _misnamed(trial, stop, stops))


def _misnamed(trial: Trial, stop: Stop, stops: list[Stop]) -> Iterator[Found]:
    """Find a visit at another time than its name says."""
    name = stop.visit["name"].text.strip()
    match = _told(name) or _after(trial, stop, name)
    if match is None:
        return
    unit, number = match["unit"].casefold(), int(match["number"])
    exact = _meant(match)
    first = [(number - 1) * _DAYS[unit][0]] if unit in ("day", "week") else []  # day 29 is 28 days after day 1
    if _is_near(unit, _own(stop), [*exact, *first]) or _is_near(unit, _counted(trial, stop, stops), exact):
        return
    at, anchor = stop.visit["offset"], stop.visit["anchor"].text
    message = f"{named(stop.visit)} is planned {at.text} from {anchor}, which is not {unit} {number}"
    yield Found(at or stop.visit, message, "correct the offset or the name", ((stop.visit["name"], "the name"),))


def _told(name: str) -> re.Match[str] | None:
    """Return the time that the name of a visit is, or ends with."""
    return None if _FROM.fullmatch(name) else _NAMED.fullmatch(name) or _ENDS_AT.fullmatch(name)


def _meant(match: re.Match[str]) -> list[float]:
    """Return the days that a name may mean."""
    return [int(match["number"]) * days for days in _DAYS[match["unit"].casefold()]]


def misnamed(trial: Trial) -> Iterator[float]:
    """Yield the days that visits are named by and not planned at: this rule tells that the visit is not there."""
    stops = [*_dated(trial)]
    for stop in stops:
        match = _told(stop.visit["name"].text.strip())
        if match is not None and any(_misnamed(trial, stop, stops)):
            yield _meant(match)[0]


def _after(trial: Trial, stop: Stop, name: str) -> re.Match[str] | None:
    """Return a time after a dose or an event that a name tells, where the visit counts from that."""
    anchor = stop.visit["anchor"].text
    if (match := _AFTER.search(name)) is not None:
        return match if anchor_kind(trial, anchor) == _KINDS[match["start"].casefold()] else None
    match = _FROM.fullmatch(name) or _SINCE.search(name)
    known = trial.at("/schedule/anchors").find(anchor)
    called = {*folded(f"{known['id'].text} {known['text'].text}").split()}
    return match if match is not None and folded(match["event"]) in called else None


def _misplaced(stops: list[Stop]) -> Iterator[Found]:
    """Find visits that stand after later ones."""
    alike: dict[tuple[object, ...], list[Stop]] = {}
    for stop in stops:
        alike.setdefault(_whose(stop), []).append(stop)
    for one, other in (pair for row in alike.values() for pair in pairwise(row)):
        day, before = other.moments[0].offset, one.moments[0].offset
        if day < before:
            message = f"{named(other.visit)} at {in_days(day)} stands after {named(one.visit)} at {in_days(before)}"
            hint = "correct the offset of one of them, or list them in the order of time"
            yield Found(other.visit["offset"] or other.visit, message, hint, ((one.visit, "the visit before it"),))


def _dated(trial: Trial) -> Iterator[Stop]:
    """Yield the scheduled visits that participants have on one day, in the order of the file."""
    known = {stop.visit.path: stop for stop in trial.timetable.of_participants}
    for visit in trial.at("/schedule/visits"):
        stop = known.get(visit.path)
        if stop is not None and stop.scheduled and len(stop.moments) == 1 and not visit["repeats"]:
            yield stop


def _whose(stop: Stop) -> tuple[object, ...]:
    """Tell whom a visit is for and in which part of the trial it lies, so that visits alike in both can be compared."""
    visit = stop.visit
    groups = tuple(tuple(sorted(node.text for node in visit[key])) for key in ("arms", "cohorts"))
    return stop.epochs, *groups, visit["condition"].text, visit["mode"].text in _REMOTE, stop.expected


def _is_near(unit: str, known: Iterable[float], meant: list[float]) -> bool:
    share = _SHARE if unit in ("month", "year") else 0.0
    pairs = [(day - time, max(_NEAR[unit], share * time)) for day in known for time in meant]
    return any(-near <= by <= max(near, _WITHIN.get(unit, 0.0)) for by, near in pairs)


def _own(stop: Stop) -> Iterator[float]:
    """Yield the day of a visit, and its days from its anchor."""
    yield float(stop.moments[0].offset)
    if (own := length(stop.visit["offset"])) is not None:
        yield float(own)


def _counted(trial: Trial, stop: Stop, stops: list[Stop]) -> Iterator[float]:
    """Yield the days of a visit as counted from every other anchor, and from the start of its epoch."""
    day = float(stop.moments[0].offset)
    for anchor in trial.at("/schedule/anchors"):
        yield from (day - float(start) for start in trial.anchors.offsets(anchor["id"].text))
    beside = [float(other.moments[0].offset) for other in stops if set(other.epochs) & set(stop.epochs)]
    yield day - min(beside, default=day)


RULES: tuple[Rule, ...] = (in_order,)
