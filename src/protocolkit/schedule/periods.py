"""When periods of a crossover and cycles start, by the lengths of epochs, and in which of them a visit is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.schedule.days import days

if TYPE_CHECKING:
    from protocolkit.document import Node

_CYCLES = 1000  # no trial has more
_OF_PERIODS = ("period_start", "period_end")


def period_starts(root: Node, anchor: Node) -> tuple[Decimal, ...]:
    """Return the start of each period that an anchor repeats for, from the durations of the epochs."""
    wanted = [node.text for node in anchor["repeats"]]
    starts: list[Decimal] = []
    clock: Decimal | None = None
    for epoch in root["design"]["epochs"]:
        if clock is None and epoch["id"].text in wanted[:1]:
            clock = Decimal(0)
        if clock is not None and epoch["id"].text in wanted:
            starts.append(clock)
        length = days(epoch["duration"].value)
        if clock is not None and length is None:
            break
        clock = None if clock is None or length is None else clock + length
    return tuple(starts)


def cycle_start(anchor: Node) -> tuple[Decimal, ...]:
    """Return the start of the first cycle that an anchor stands for; none where it does not follow."""
    every = days(anchor["repeats"]["every"].value)
    first = anchor["repeats"]["from_cycle"].value
    if every is None or not isinstance(first, int) or not 1 <= first < _CYCLES:
        return ()
    return (every * (first - 1),)


def in_periods(root: Node, visit: Node, bases: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Return those days of the anchor of a visit that are in the periods of its epochs, where it comes back for these.

    An epoch between two periods, as a washout, counts from the period before it, and one before all of them from the
    first. A visit that names no epoch is in each period.
    """
    anchor = root["schedule"]["anchors"].find(visit["anchor"].text)
    order = [epoch["id"].text for epoch in root["design"]["epochs"]]
    wanted = {node.text for node in anchor["repeats"]} if anchor["kind"].text in _OF_PERIODS else ()
    periods = [place for place, epoch in enumerate(order) if epoch in wanted]
    named = [order.index(node.text) for node in ([*visit["epochs"]] or [visit["epoch"]]) if node.text in order]
    if not named or len(periods) != len(bases):
        return bases
    chosen = {max(0, sum(period <= place for period in periods) - 1) for place in named}
    return tuple(base for number, base in enumerate(bases) if number in chosen)
