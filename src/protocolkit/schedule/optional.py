"""What only some participants enter, such as an extension of their choice: its epochs, and the days that it takes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.document import once
from protocolkit.dosing.alternatives import is_taper, of_arm
from protocolkit.dosing.times import administered, cycles, first_day, is_as_needed, last_day, span
from protocolkit.schedule.days import days
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node


class Stretch(NamedTuple):
    """The days of an optional epoch, counted from the first dose: its first, and the first after it (None: no end)."""

    begin: Decimal
    end: Decimal | None

    def takes(self, day: Decimal, course: Sequence[Decimal]) -> bool:
        """Say whether a day of a course of doses lies in it.

        A course that comes to its end on the day on which the epoch begins belongs to the epoch before.
        """
        closes = course[0] < self.begin == course[-1]
        return self.begin <= day and (self.end is None or day < self.end) and not closes


@once
def optional_epochs(root: Node) -> frozenset[str]:
    """Return the ids of the epochs that only some participants enter, as they say, or as all visits of one do."""
    said = {epoch["id"].text for epoch in root["design"]["epochs"] if epoch["optional"].value is True}
    extensions = {epoch["id"].text for epoch in root["design"]["epochs"] if epoch["type"].text == "extension"}
    visits = [visit for visit in root["schedule"]["visits"] if _of_participant(visit)]
    for epoch in extensions:
        own = [visit["condition"] for visit in visits if epoch in _epochs(visit)]
        if own and all(own):
            said.add(epoch)
    return frozenset(said)


def _of_participant(visit: Node) -> bool:
    return (visit["kind"].text or "scheduled") == "scheduled" and visit["level"].text != "cluster"


def _epochs(visit: Node) -> list[str]:
    return [node.text for node in ([*visit["epochs"]] or [visit["epoch"]])]


@once
def optional_days(root: Node) -> tuple[Stretch, ...]:
    """Return the days of the optional epochs, as the durations of the epochs before them tell; none where they do not.

    The first dose is on the first day of the first epoch in which arms are treated.
    """
    return tuple(_stretches(root))


def _stretches(root: Node) -> Iterator[Stretch]:
    optional, clock = optional_epochs(root), None
    first = _first_treated(root) if optional else ""
    for epoch in root["design"]["epochs"]:
        clock = Decimal(0) if epoch["id"].text == first else clock
        if clock is None:
            continue
        lasts = None if epoch["repeats"] else days(epoch["duration"].value)
        if epoch["id"].text in optional:
            yield Stretch(clock, None if lasts is None else clock + lasts)
        if lasts is None:
            return
        clock += lasts


def _first_treated(root: Node) -> str:
    """Return the id of the first epoch in which an arm is given something; by its type, where no arm names epochs."""
    named = {part["epoch"].text for arm in root["arms"] for part in arm["epochs"] if part["interventions"]}
    epochs = [epoch for epoch in root["design"]["epochs"] if epoch["id"].text]
    given = [epoch for epoch in epochs if epoch["id"].text in named]
    treated = given or [epoch for epoch in epochs if epoch["type"].text == "treatment"]
    return treated[0]["id"].text if treated else ""


@once
def given_outside(regimen: Node, arm: str | None, starts: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Return the days on which a regimen is given outside the optional epochs, counted from the first dose, in order.

    `starts` are the days that the regimen counts from; `arm` leaves out the steps of other arms. Raises NotComputable
    where an input is missing or the end depends on an event.
    """
    stretches = optional_days(regimen.document.root)
    courses = [[start + day for day in given] for start in starts for given in _courses(regimen, arm) if given]
    kept = {day for course in courses for day in course if not any(each.takes(day, course) for each in stretches)}
    return tuple(sorted(kept))


def _courses(regimen: Node, arm: str | None) -> Iterator[list[Decimal]]:
    """Yield the days on which each step is given, over all cycles, in order."""
    span(regimen, arm)  # where it cannot be worked out, this tells why
    turns = cycles(regimen)
    starts = [turns.every * turn for turn in range(turns.number or 1)] if turns else [Decimal(0)]
    for step in of_arm(regimen, arm):
        own = starts[:1] if is_taper(step) else starts
        yield sorted({day + start for day in _given(step, regimen) for start in own})


def _given(step: Node, regimen: Node) -> set[Decimal]:
    """Return the days of a step in a cycle: what is given as needed may be given on every day of its course."""
    if not step["interval_adjustment"] and not is_as_needed(step):
        return set(administered(step, regimen))
    first, last = first_day(step, regimen), last_day(step, regimen)
    return {first + day for day in range(int(last - first) + 1)}
