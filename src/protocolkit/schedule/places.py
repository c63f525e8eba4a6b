"""A day that follows from the protocol, or the reason why none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal


class Placed(NamedTuple):
    """A day: how many days it lies after the first day, or how long a time is in days."""

    days: Decimal


class NotPlaced(NamedTuple):
    """Why no day follows, in words that go on after `not placed, because`, and the place that leaves it open."""

    reason: str
    pointer: str


Place = Placed | NotPlaced


class Span(NamedTuple):
    """The first and the last planned day of a treatment."""

    first: Place
    last: Place
