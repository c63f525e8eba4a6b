"""Find windows of collection by period of a crossover that close before its washout has ended."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.times import anchor_kind, anchor_of, in_days, length
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_BY_PERIOD = ("AE", "SAE", "AESI")


def in_washouts(trial: Trial, windows: Node) -> Iterator[Found]:
    """Find windows by period of a crossover that close before the washout after the period has ended."""
    stated = trial.at("/design/washout")
    washout = stated["at_most"] or stated["duration"]
    lasts = length(washout) if trial.at("/design/model").text == "crossover" else None
    closing: dict[Decimal, list[str]] = {}
    for kind in _BY_PERIOD if lasts is not None else ():
        end = windows[kind]["end"]
        after = length(end["offset"]) if end["offset"] else Decimal(0)
        by_period = anchor_kind(trial, anchor_of(end)) == "period_end"
        if by_period and not windows[kind]["note"] and lasts is not None and after is not None and 0 < after < lasts:
            closing.setdefault(after, []).append(kind)
    for after, kinds in closing.items():
        message = (
            f"window of {listed(kinds)}: it ends {in_days(after)} after the last dose of a period, and the washout "
            f"lasts {washout.text}; what happens in the rest of it belongs to no period"
        )
        hint = "collect events to the end of the washout, or say in note what they count for"
        yield Found(windows[kinds[0]]["end"], message, hint, ((washout, "the washout"),))
