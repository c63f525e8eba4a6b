"""Washouts: the time without a dose between the periods of a crossover, and before the first dose."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.schedule.anchors import anchors_of
from protocolkit.schedule.days import days
from protocolkit.schedule.exposure import exposures
from protocolkit.schedule.places import NotPlaced, Placed
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.schedule.exposure import Exposure
    from protocolkit.schedule.places import Place


class PeriodWashout(NamedTuple):
    """The time between two periods of a sequence: whole days without a dose, and the length that is stated."""

    sequence: str
    after: str
    before: str
    free: Place
    stated: Decimal | None


class OwnWashout(NamedTuple):
    """A medicine that a participant stops: for how long, from which day, and the days from consent to the first dose.

    `enough` is None where one of the two does not follow.
    """

    drug: Node
    needed: Place
    stops: Place
    room: Place

    @property
    def enough(self) -> bool | None:
        """Whether the medicine can be stopped after consent and stay away as long as is stated."""
        if isinstance(self.needed, Placed) and isinstance(self.room, Placed):
            return self.room.days >= self.needed.days
        return None


def period_washouts(root: Node) -> tuple[PeriodWashout, ...]:
    """Return the washouts between the periods of each sequence of a crossover."""
    stated = days(root["design"]["washout"]["duration"].value)
    by_sequence: dict[str, list[Exposure]] = {}
    for exposure in exposures(root):
        if exposure.sequence:
            by_sequence.setdefault(exposure.sequence, []).append(exposure)
    return tuple(
        PeriodWashout(name, one.period, other.period, _free(one, other), stated)
        for name, periods in by_sequence.items()
        for one, other in pairwise(periods)
    )


def _free(one: Exposure, other: Exposure) -> Place:
    if isinstance(one.last, NotPlaced):
        return one.last
    if isinstance(other.first, NotPlaced):
        return other.first
    return Placed(other.first.days - one.last.days - 1)


def own_washouts(root: Node) -> tuple[OwnWashout, ...]:
    """Return how long each own medicine is stopped before the first dose, and whether consent comes early enough.

    A length in months gives no day: months have no fixed number of days.
    """
    return tuple(_own(root))


def _own(root: Node) -> Iterator[OwnWashout]:
    room = _room(root)
    for row in root["population"]["washouts"]:
        length = days(row["duration"].value)
        if length is None:
            text = row["duration"].text
            missing = NotPlaced(
                f"{text} has no fixed number of days" if text else "no duration is stated", row["duration"].pointer
            )
            yield OwnWashout(row["drug"], missing, missing, room)
        else:
            yield OwnWashout(row["drug"], Placed(length), Placed(-length), room)


def _room(root: Node) -> Place:
    anchors = anchors_of(root)
    consents = [anchor["id"].text for anchor in root["schedule"]["anchors"] if anchor["kind"].value == "consent"]
    found = [day for name in consents for day in anchors.offsets(name)]
    if not found:
        return NotPlaced("the day of consent follows from no visit", root["schedule"]["anchors"].pointer)
    return Placed(-min(found))
