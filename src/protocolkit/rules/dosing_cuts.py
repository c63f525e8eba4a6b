"""Weights and ages at which the amount of a placebo changes, where that of what it is made like does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import kilograms
from protocolkit.rules.dosing_bands import months
from protocolkit.rules.model import Found
from protocolkit.rules.trial import INERT_ROLES
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node

_AMOUNTS = ("dose", "volume")
_BANDS = (("band", "weight"), ("age", "age"))


def unlike_cuts(one: Node, other: Node) -> Iterator[Found]:
    """Find a cut between bands of weight or age of a placebo that its likeness does not have.

    Fewer cuts may be meant, since two doses can come in one volume. One that the other lacks gives people between the
    two cuts unlike amounts, or is a slip.
    """
    placebo, active = (one, other) if one["role"].text in INERT_ROLES else (other, one)
    masked = any(each["matching"][key] for each in (one, other) for key in ("dummy", "note"))
    if placebo["role"].text not in INERT_ROLES or active["role"].text in INERT_ROLES or masked:
        return
    for key, words in _BANDS:
        own, others = _cuts(placebo, key), _cuts(active, key)
        lacking = sorted(own.keys() - others.keys() - _ends(active, key))
        if lacking and others and _changes(placebo, key):
            message = (
                f"{placebo['id'].text} differs from {active['id'].text}, which it is made like, in its bands of "
                f"{words}: cut at {_listed(own)}, and at {_listed(others)}"
            )
            related = ((min(others.items())[1], "a cut of the other"),)
            hint = "cut both at the same values, or say why under matching.note"
            yield Found(own[lacking[0]], message, hint, related)


def _listed(cuts: dict[Decimal, Node]) -> str:
    return listed([cuts[value].text for value in sorted(cuts)])


def _changes(intervention: Node, key: str) -> bool:
    """Say whether the amount differs between bands."""
    banded = [step for step in intervention["regimen"]["steps"] if step[key]]
    return len({tuple(step[each].text for each in _AMOUNTS) for step in banded}) > 1


def _cuts(intervention: Node, key: str) -> dict[Decimal, Node]:
    """Return the values at which an upper band begins above a lower one, and where each stands."""
    bands = [step[key] for step in intervention["regimen"]["steps"] if step[key]]
    begins = {value: band["min"] for band in bands if (value := _value(band["min"], key)) is not None}
    lowest = None if any(not band["min"] for band in bands) else min(begins, default=None)
    return {value: node for value, node in begins.items() if value != lowest}


def _ends(intervention: Node, key: str) -> set[Decimal]:
    """Return the upper ends of bands: one that does not meet the next band is a gap of its own, which DOSE21 tells."""
    ends = (_value(step[key]["max"], key) for step in intervention["regimen"]["steps"])
    return {end for end in ends if end is not None}


def _value(node: Node, key: str) -> Decimal | None:
    return kilograms(node) if key == "band" else months(node)
