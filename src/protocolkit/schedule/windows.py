"""The windows of visits as stretches of time, and where two of them overlap for the same participant."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from protocolkit.schedule.days import days
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.schedule.timetable import Moment, Timetable


class Window(NamedTuple):
    """The time in which a planned date of a visit may fall, in days after the first day."""

    visit: Node
    moment: Moment
    earliest: Decimal
    latest: Decimal


class Overlap(NamedTuple):
    """Two windows that share days, and how many whole days they share."""

    first: Window
    second: Window
    days: int


def windows(table: Timetable) -> tuple[Window, ...]:
    """Return the windows of all planned dates in order of time; a visit without a window on both sides has none."""
    found = [window for stop in table.stops for window in _windows(stop.visit, stop.moments)]
    return tuple(sorted(found, key=lambda window: (window.earliest, window.latest)))


def _windows(visit: Node, moments: tuple[Moment, ...]) -> Iterator[Window]:
    before, after = (days(visit["window"][side].value) for side in ("before", "after"))
    if before is None or after is None:
        return
    for moment in moments:
        yield Window(visit, moment, moment.offset - before, moment.offset + after)


def overlaps(table: Timetable) -> tuple[Overlap, ...]:
    """Return the pairs of windows of different dates that share a day and that one participant or cluster can have."""
    found = []
    for first, second in combinations(windows(table), 2):
        shared = _day(min(first.latest, second.latest)) - _day(second.earliest) + 1
        if shared > 0 and first.moment != second.moment and together(first.visit, second.visit):
            found.append(Overlap(first, second, shared))
    return tuple(found)


def _day(offset: Decimal) -> int:
    return int(offset.to_integral_value(rounding=ROUND_FLOOR))


def together(one: Node, other: Node) -> bool:
    """Say whether one participant can have both visits, or one cluster: no level, arms or cohorts part them."""
    if (one["level"].text == "cluster") != (other["level"].text == "cluster"):
        return False
    for key in ("arms", "cohorts"):
        mine, theirs = ({node.text for node in visit[key]} for visit in (one, other))
        if mine and theirs and not mine & theirs:
            return False
    return True
