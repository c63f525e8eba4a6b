"""Weights and body surfaces that may enter, held against the range of a dose beyond which nobody is eligible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.dosing.weights import entry_surfaces, entry_weights
from protocolkit.rules.dosing_bands import of_weight
from protocolkit.rules.model import Found
from protocolkit.rules.trial import named
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


class _LetIn(NamedTuple):
    """A limit of entry that lies beyond the end of a range."""

    intervention: Node
    limit: Node
    side: str
    end: Node


def not_eligible(trial: Trial, interventions: Iterable[Node]) -> Iterator[Found]:
    """Find what may enter and a dose calls not eligible: once for all medicines whose ranges end alike."""
    alike: dict[tuple[str, str], list[_LetIn]] = {}
    for intervention in interventions:
        row = next(_let_in(trial, intervention), None)
        if row is not None:
            alike.setdefault((row.limit.pointer, row.end.text), []).append(row)
    for rows in alike.values():
        first, *others = rows
        way, ends = ("from", "at least") if first.side == "above" else ("to", "at most")
        whose = "their doses are" if others else "its dose is"
        message = (
            f"{listed([named(row.intervention) for row in rows])}: people {way} {first.limit.text} may enter, and "
            f"{whose} for {ends} {first.end.text}; others are not eligible"
        )
        hint = "let the criteria and the range of the dose agree, or say what others are given"
        related = ((first.limit, "the limit of entry"), *((row.end, "here as well") for row in others))
        yield Found(first.end, message, hint, related)


def _let_in(trial: Trial, intervention: Node) -> Iterator[_LetIn]:
    population = trial.root["population"]
    for step in intervention["regimen"]["steps"]:
        scaling = step["scaling"]
        if scaling["outside"].text != "not_eligible":
            continue
        weight = of_weight(scaling["range"])
        low, high = (weight.low, weight.high) if weight else _surfaces(scaling["range"])
        for limit, at, side in (entry_weights if weight else entry_surfaces)(population):
            end = low if side == "above" else high
            if end is not None and (limit < end if side == "above" else limit > end):
                yield _LetIn(intervention, at, side, scaling["range"]["min" if side == "above" else "max"])


def _surfaces(band: Node) -> tuple[Decimal | None, Decimal | None]:
    low, high = (found.value if (found := quantity(band[key])) else None for key in ("min", "max"))
    return low, high
