"""Place the visits of a protocol in time, with what is done at each."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from protocolkit.document import once
from protocolkit.schedule.anchors import Anchors, Offsets, anchors_of
from protocolkit.schedule.days import days, numbering, study_day
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_SCHEDULED = "scheduled"
_LAST = 10_000
_FAR = Decimal(1_000_000)


class Moment(NamedTuple):
    """One planned date of a visit: days after the first day, and the study day."""

    offset: Decimal
    day: int


class Planned(NamedTuple):
    """An activity of a visit with its time points there; `entry` is where the visit names it, and says for whom."""

    activity: Node
    timepoints: tuple[Node, ...]
    entry: Node

    @property
    def for_all(self) -> bool:
        """Whether everybody who has the visit has it there."""
        return not any(self.entry[key] for key in ("arms", "cohorts", "condition"))

    def concerns(self, *, arm: str = "", cohort: str = "") -> bool:
        """Say whether it is done there in an arm and a cohort; a condition in words leaves that open."""
        wanted = (("arms", arm), ("cohorts", cohort))
        return all(
            not name or not self.entry[key] or name in [node.text for node in self.entry[key]] for key, name in wanted
        )


class Stop(NamedTuple):
    """A visit in the timetable: its planned dates (none where it has no day of its own), and its activities.

    `expected` says that its dates rest on the expected time of an event.
    """

    visit: Node
    moments: tuple[Moment, ...]
    epochs: tuple[str, ...]
    planned: tuple[Planned, ...]
    scheduled: bool
    expected: bool

    @property
    def of_unit(self) -> bool:
        """Whether the visit is to a cluster, such as a ward, and takes no time of a participant."""
        return self.visit["level"].text == "cluster"

    def activity(self, identifier: str) -> Planned | None:
        """Return the activity with an id as planned for this visit, None where it is not done here."""
        return next((planned for planned in self.planned if planned.activity["id"].value == identifier), None)


class Timetable(NamedTuple):
    """The visits in order of time; those without a day of their own stand after the visit before them in the file."""

    stops: tuple[Stop, ...]
    day_one: str
    rule: str

    @property
    def of_participants(self) -> tuple[Stop, ...]:
        """The visits that participants have; in a cluster trial some are to the cluster."""
        return tuple(stop for stop in self.stops if not stop.of_unit)

    def stop(self, identifier: str) -> Stop | None:
        """Return the visit with an id."""
        return next((stop for stop in self.stops if stop.visit["id"].value == identifier), None)


@once
def timetable(root: Node, *, entered: bool = True) -> Timetable:
    """Place the visits of a protocol in time.

    Visits stand in the order of their epochs and, within these, of their dates. A visit whose date does not follow from
    the file (it counts from a discharge, or from a common end date) keeps its place in the file, after the visit before
    it: its offset says nothing about the dates of the others. Only neighbours that count from the same event are put in
    order. Visits that are not scheduled (early termination) stand last, in file order.

    `entered` false gives the dates of those who enter no optional epoch: what counts from the last dose is earlier.
    """
    anchors, rule = anchors_of(root, entered=entered), numbering(root)
    epochs = {epoch["id"].text: position for position, epoch in enumerate(root["design"]["epochs"])}
    activities = {activity["id"].text: activity for activity in root["schedule"]["activities"]}
    stops = [_stop(visit, anchors, rule, activities) for visit in root["schedule"]["visits"]]
    return Timetable(tuple(_ordered(stops, epochs)), anchors.day_one, rule)


def _ordered(stops: list[Stop], epochs: dict[str, int]) -> Iterator[Stop]:
    planned = [stop for stop in stops if stop.scheduled]
    groups: dict[int, list[Stop]] = {}
    before = -1
    for stop in planned:
        before = _epoch(stop, epochs, before)
        groups.setdefault(before, []).append(stop)
    for position in sorted(groups):
        yield from _by_date(groups[position])
    yield from (stop for stop in stops if not stop.scheduled)


def _epoch(stop: Stop, epochs: dict[str, int], before: int) -> int:
    """Return the position of a visit's epoch: the first, or without a date the one that the file has reached."""
    positions = sorted(epochs.get(epoch, _LAST) for epoch in stop.epochs) or [_LAST]
    reached = [position for position in positions if position <= before]
    return reached[-1] if reached and not stop.moments else positions[0]


def _by_date(stops: list[Stop]) -> list[Stop]:
    """Sort visits by date; one without a date follows the visit that the file has before it."""
    dates: list[Decimal] = []
    listed = [stop for _, beside in groupby(stops, key=_event) for stop in sorted(beside, key=_offset)]
    for stop in listed:
        dates.append(stop.moments[0].offset if stop.moments else dates[-1] if dates else -_FAR)
    return [stop for _, stop in sorted(zip(dates, listed, strict=True), key=lambda pair: pair[0])]


def _event(stop: Stop) -> str:
    """Return the event that a visit without a date counts from."""
    return "" if stop.moments else stop.visit["anchor"].text


def _offset(stop: Stop) -> Decimal:
    offset = None if stop.moments else days(([*stop.visit["offsets"]] or [stop.visit["offset"]])[0].value)
    return Decimal(0) if offset is None else offset


def _stop(visit: Node, anchors: Anchors, rule: str, activities: dict[str, Node]) -> Stop:
    scheduled = (visit["kind"].value or _SCHEDULED) == _SCHEDULED
    offsets: Offsets = anchors.visit(visit) if scheduled else ()
    moments = tuple(Moment(offset, study_day(offset, rule)) for offset in offsets)
    epochs = tuple(node.text for node in ([*visit["epochs"]] or [visit["epoch"]]) if node.text)
    expected = bool(moments) and anchors.expected(visit["anchor"].text)
    return Stop(visit, moments, epochs, tuple(_planned(visit, activities)), scheduled, expected)


def _planned(visit: Node, activities: dict[str, Node]) -> Iterator[Planned]:
    for node in visit["activities"]:
        activity = activities.get(node.text or node["id"].text)
        if activity is not None:
            yield Planned(activity, tuple(node["timepoints"]) or tuple(activity["timepoints"]), node)
