"""When each period of a crossover starts, by the lengths of its epochs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.schedule.days import days

if TYPE_CHECKING:
    from protocolkit.document import Node


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
