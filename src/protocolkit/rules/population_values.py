"""Contraindications that are values, such as a clearance below 30 mL/min, held against the limits of entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.quantities import Quantity, QuantityError, in_unit, parse
from protocolkit.rules.matching import measurement
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.population_limits import entry_limits
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.population_limits import Limit
    from protocolkit.rules.trial import Trial

_VALUE = Pattern(
    r"(?P<measure>\D+?) (?:of )?(?:(?P<below>below|under|less than|<)|above|over|more than|greater than|>) ?"
    r"(?P<value>[0-9.]+ [^\s,;]+)\.?"
)


def valued(trial: Trial) -> Iterator[tuple[Node, Node]]:
    """Yield the contraindications that may be values, each with its intervention before it."""
    for intervention in trial.root["interventions"]:
        for node in intervention["pharmacology"]["contraindications"]:
            if _VALUE.fullmatch(node.text):
                yield intervention, node


def let_in_by_value(trial: Trial) -> Iterator[Found]:
    """Find contraindications of which a criterion on the same measurement keeps out a part only."""
    limits = [(measurement(criterion["measure"].text), limit) for criterion, limit in entry_limits(trial)]
    for intervention, node in valued(trial):
        match = _VALUE.fullmatch(node.text)
        value = _read(match["value"]) if match else None
        if match is None or value is None:
            continue
        side = "below" if match["below"] else "above"
        own = [limit for what, limit in limits if what == measurement(match["measure"]) and limit.side == side]
        if own and all(_lets_in(limit, value) for limit in own):
            message = f"{named(intervention)}: {node.text} is a contraindication, and entry is barred {side} "
            hint = "bar entry from that value on, or correct the contraindication"
            yield Found(node, message + own[0].at.text, hint, ((own[0].at, "the limit of entry"),))


def _lets_in(limit: Limit, value: Quantity) -> bool:
    """Say whether a limit of entry lets in a part of what lies beyond a value; not where they do not compare."""
    wanted = in_unit(value.value, value.unit.code, limit.value.unit.code)
    if wanted is None:
        return False
    return limit.value.value < wanted if limit.side == "below" else limit.value.value > wanted


def _read(text: str) -> Quantity | None:
    try:
        return parse(text)
    except QuantityError:
        return None
