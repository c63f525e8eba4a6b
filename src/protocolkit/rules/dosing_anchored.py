"""The days of a regimen whose steps count from an anchor without a day of its own, such as a randomisation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocolkit.rules.dosing import per_day
from protocolkit.rules.times import anchor_of, length
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node

_MOST = 10_000  # days


class Anchored(NamedTuple):
    """How often something is given on each day, counted from an anchor."""

    anchor: str
    times: Counter[int]


def anchored(steps: Iterable[Node]) -> Anchored | None:
    """Return how often steps are given on each day from their one anchor on; None where they have several, or none.

    Only courses that are given every day, and single doses, are counted; their times are anchors with offsets.
    """
    times: Counter[int] = Counter()
    names = set()
    for step in steps:
        end = step["to"] or step["from"]
        begin, last, often = length(step["from"]["offset"]), length(end["offset"]), per_day(step)
        if begin is None or last is None or not often or last - begin > _MOST or step["days"]:
            return None
        names |= {anchor_of(step["from"]), anchor_of(end)}
        days = [int(begin // 1)] if step["when"].text == "once" else range(int(begin // 1), int(last // 1) + 1)
        times.update(dict.fromkeys(days, often))
    return Anchored(names.pop(), times) if len(names) == 1 and "" not in names else None
