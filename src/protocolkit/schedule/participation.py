"""How long a participant takes part, and on which days each activity is done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.schedule.anchors import anchors_of
from protocolkit.schedule.days import days
from protocolkit.schedule.optional import optional_epochs
from protocolkit.schedule.places import NotPlaced
from protocolkit.schedule.reasons import why
from protocolkit.schedule.timetable import timetable
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.schedule.anchors import Anchors
    from protocolkit.schedule.timetable import Moment, Planned, Stop, Timetable

# The names of the visit at which a trial ends for a participant.
_LAST = re.compile(
    r"\bend of (?:the )?(?:trial|study|follow-?up|participation)\b|\b(?:last|final|closing) visit\b", re.IGNORECASE
)


class Participation(NamedTuple):
    """The time from the first to the last planned visit in days: as planned, and within the windows.

    `least` and `most` are None where a window of the first or the last visit is not stated.
    """

    first: Node
    last: Node
    days: Decimal
    least: Decimal | None
    most: Decimal | None


def participation(root: Node, arm: str | None = None, *, entered: bool = False) -> Participation | NotPlaced:
    """Return how long a participant takes part, in one arm or in any; the reason where a visit has no planned day.

    What only some enter, such as an extension of their choice, is left out unless `entered`: neither its visits count,
    nor its doses where a visit is planned from the last one.
    """
    optional = frozenset[str]() if entered else optional_epochs(root)
    own = {"entered": False} if optional else {}
    table, anchors = timetable(root, **own), anchors_of(root, **own)
    stops = [stop for stop in table.of_participants if stop.scheduled and _has(stop, arm)]
    stops = [stop for stop in stops if not stop.epochs or not optional.issuperset(stop.epochs)]
    ending = _ending(stops, anchors)
    for stop in stops:
        if not stop.moments:
            missing = why(stop.visit, anchors)
            return NotPlaced(f"{stop.visit['id'].text} is not placed: {missing.reason}", missing.pointer)
        endless = _endless(stop.visit, anchors)
        if endless and not (ending and _is_over(stop, ending)):
            return endless
    if not stops:
        return NotPlaced("no visit is scheduled", root["schedule"]["visits"].pointer)
    first = min(stops, key=lambda stop: stop.moments[0].offset)
    last = max(stops, key=lambda stop: stop.moments[-1].offset)
    ends = [stop for stop in stops if not _endless(stop.visit, anchors)]
    repeated = max(ends, key=lambda stop: anchors.recurring(stop.visit)[-1])
    end = anchors.recurring(repeated.visit)[-1]
    if end > last.moments[-1].offset:
        return _between(first, repeated, end)
    return _between(first, last, last.moments[-1].offset)


def _ending(stops: list[Stop], anchors: Anchors) -> Stop | None:
    """Return the visit that ends the participation of everybody: the last one listed, where none has a later day."""
    if not stops or not all(stop.moments for stop in stops):
        return None
    last, latest = stops[-1], max(stop.moments[-1].offset for stop in stops)
    of_some = last.visit["arms"] or last.visit["cohorts"]
    ends = last.moments[-1].offset == latest and not of_some and not _endless(last.visit, anchors)
    return last if ends else None


def _is_over(stop: Stop, ending: Stop) -> bool:
    """Say whether what comes back until an event is over when a participant's last visit is: in an epoch before it.

    In the same epoch it is where that visit is called the last one.
    """
    apart = bool(stop.epochs and ending.epochs) and not {*stop.epochs} & {*ending.epochs}
    return apart or bool(_LAST.search(f"{ending.visit['id'].text} {ending.visit['name'].text}"))


def _has(stop: Stop, arm: str | None) -> bool:
    return arm is None or not stop.visit["arms"] or arm in [node.value for node in stop.visit["arms"]]


def _endless(visit: Node, anchors: Anchors) -> NotPlaced | None:
    """Return the reason where a visit comes back until an event."""
    own = visit["repeats"] if not anchors.ends(visit) else None
    for repeats in (own, anchors.repeats(visit["anchor"].value)):
        if repeats and repeats["every"]:
            event = repeats["until"]["event"].text or repeats["until"].text or "an event"
            return NotPlaced(f"{visit['id'].text} comes back until {event}", repeats.pointer)
    return None


def _between(first: Stop, last: Stop, end: Decimal) -> Participation:
    """Return the time from the first date of a visit to a date of another, which may be one of its repeats."""
    planned = end - first.moments[0].offset
    start_before, start_after = _sides(first.visit)
    end_before, end_after = _sides(last.visit)
    if start_before is None or start_after is None or end_before is None or end_after is None:
        return Participation(first.visit, last.visit, planned, None, None)
    least, most = planned - start_after - end_before, planned + start_before + end_after
    return Participation(first.visit, last.visit, planned, least, most)


def _sides(visit: Node) -> tuple[Decimal | None, Decimal | None]:
    """Return how many days before and after its date a visit may be."""
    return days(visit["window"]["before"].value), days(visit["window"]["after"].value)


class Occasion(NamedTuple):
    """An activity at one planned date of a visit, or at a visit without a date (`moment` is None)."""

    visit: Node
    moment: Moment | None
    planned: Planned


def occasions(table: Timetable, activity: str, *, arm: str = "", cohort: str = "") -> tuple[Occasion, ...]:
    """Return when an activity is done, in order of time; visits without a day of their own stand last.

    `arm` and `cohort` leave out what is not done in them: visits of others, and entries that name others.
    """
    found = [
        Occasion(stop.visit, moment, planned)
        for stop in table.stops
        if not arm or _has(stop, arm)
        if not cohort or not stop.visit["cohorts"] or cohort in [node.text for node in stop.visit["cohorts"]]
        for planned in stop.planned
        if planned.activity["id"].text == activity and planned.concerns(arm=arm, cohort=cohort)
        for moment in (stop.moments or (None,))
    ]
    return tuple(sorted(found, key=lambda each: (each.moment is None, each.moment.offset if each.moment else 0)))
