"""How many tablets, capsules or patches a medicine and its likeness are given in, where both follow from the file."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import chosen
from protocolkit.dosing.amounts import quantity, scale, sized
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import is_solid, per_day
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days, length
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.dosing.alternatives import Choice

_COUNTED = frozenset({"tablet", "capsule", "patch", "suppository", "lozenge"})
_NUMBER = Pattern(r"\bnumber\b")
_OF_PIECES = Pattern(r"tablet|capsul|piece|number|dumm|unit|count|patch")
_HALVES = 2  # a tablet is halved and not cut further


class Counted(NamedTuple):
    """A day on which a medicine and its likeness are given in different numbers of pieces, and where each says so."""

    day: Decimal
    pieces: Decimal
    others: Decimal
    dose: Node
    other: Node
    per: str

    @property
    def words(self) -> str:
        """How to tell it."""
        each = f" per {self.per}" if self.per else ""
        return f"{plain(self.pieces)} and {plain(self.others)}{each} from {in_days(self.day)} on"


def unlike_counts(one: Node, other: Node, choices: Sequence[Choice]) -> Counted | None:
    """Return the first day from which on two medicines are given in different numbers of pieces, or of these per size.

    None where the numbers agree, where either has several strengths or none or a note says what masks it, or where more
    than one step of either covers the day: what is added up there may be made of other pieces.
    """
    if any(_is_masked(each["matching"], like["matching"]) for each, like in permutations((one, other))):
        return None
    try:
        pair = [chosen(each["regimen"], choice) for each, choice in zip((one, other), choices, strict=True)]
    except NotComputable:  # the steps are for arms, cohorts or ages that nobody tells here
        return None
    starts = [[day for step in steps if (day := _first(step)) is not None] for steps in pair]
    if any(len(days) != len(steps) for days, steps in zip(starts, pair, strict=True)):
        return None
    for day in sorted({*starts[0], *starts[1]}):
        own, others = ([step for step in steps if _covers(step, day)] for steps in pair)
        if len(own) != 1 or len(others) != 1 or per_day(own[0]) != per_day(others[0]):
            continue
        if scale(own[0]) != scale(others[0]):
            continue
        first, second = _pieces(own[0], one["product"]), _pieces(others[0], other["product"])
        if first is not None and second is not None and first != second:
            return Counted(day, first, second, own[0]["dose"], others[0]["dose"], scale(own[0]))
    return None


def _is_masked(stated: Node, other: Node) -> bool:
    """Say whether a note masks other numbers; of two that are said to be alike in number, one that speaks of pieces."""
    alike = any(_NUMBER.search(node.text) for node in (*stated["in"], *other["in"]))
    return bool(_OF_PIECES.search(stated["note"].text) if alike else stated["note"])


def _first(step: Node) -> Decimal | None:
    days = [length(node) for node in ([*step["days"]] or [step["from"]])]
    known = [day for day in days if day is not None]
    return min(known) if len(known) == len(days) else None


def _covers(step: Node, day: Decimal) -> bool:
    """Say whether a step is given on a day; a course that an event ends may be."""
    if step["days"]:
        return day in {length(node) for node in step["days"]}
    first, last = length(step["from"]), length(step["to"])
    if step["when"].text == "once":
        return first == day
    return first is not None and first <= day and (last is None or day <= last)


def _pieces(step: Node, product: Node) -> Decimal | None:
    """Return in how many pieces one administration is given, or so many per size of the body.

    None where that does not follow, or no cut makes it.
    """
    dose, strength = quantity(step["dose"]), quantity(product["strength"])
    capped_by_size = sized(step) != scale(step)
    if dose is None or not is_solid(product) or capped_by_size or step["dose_range"] or step["titrated"]:
        return None
    if dose.unit.group in _COUNTED:
        return dose.value
    per = scale(step)
    unit = dose.unit.code.removesuffix(f"/{per}") if per else dose.unit.code
    each = in_unit(strength.value, strength.unit.code.partition("/{")[0], unit) if strength else None
    if not each or product["strengths"] or product["components"]:
        return None
    number = dose.value / each
    return number if per or number * _HALVES % 1 == 0 else None
