"""In how many tablets or millilitres a medicine and its likeness are given, where both follow from the steps."""

from __future__ import annotations

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
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.dosing.alternatives import Choice

_COUNTED = frozenset({"tablet", "capsule", "patch", "suppository", "lozenge"})
_NUMBER = Pattern(r"\bnumber\b")
_OF_PIECES = Pattern(r"tablet|capsul|piece|number|dumm|unit|count|patch")
_VOLUME = Pattern(r"\bvolumes?\b")
_OF_VOLUMES = Pattern(r"volume|millilitre|\bml\b|syringe|dilut|dumm")
_HALVES = 2  # a tablet is halved and not cut further


class Counted(NamedTuple):
    """A day on which a medicine and its likeness are given in different numbers, of what, and where each says so."""

    what: str
    day: Decimal
    number: Decimal
    others: Decimal
    dose: Node
    other: Node
    steps: tuple[Node, Node]
    unit: str = ""

    @property
    def words(self) -> str:
        """How to tell it."""
        numbers = f"{plain(self.number)}{self.unit} and {plain(self.others)}{self.unit}"
        steps = " and ".join(step["id"].text for step in self.steps)
        return f"{numbers} from {in_days(self.day)} on (steps {steps})"


def unlike_counts(one: Node, other: Node, choices: Sequence[Choice]) -> Counted | None:
    """Return the first day from which on two medicines are given in different numbers of pieces, or of these per size.

    None where the numbers agree, where either has several strengths or none or a note says what masks it, or where more
    than one step of either covers the day: what is added up there may be made of other pieces.
    """
    if _is_masked(one, other, _NUMBER, _OF_PIECES):
        return None
    for day, own, others in _beside(one, other, choices):
        if scale(own) != scale(others):
            continue
        first, second = _pieces(own, one["product"]), _pieces(others, other["product"])
        if first is not None and second is not None and first != second:
            per = f" per {scale(own)}" if scale(own) else ""
            return Counted("the number of pieces", day, first, second, own["dose"], others["dose"], (own, others), per)
    return None


def unlike_stated_volumes(one: Node, other: Node, choices: Sequence[Choice]) -> Counted | None:
    """Return the first day from which on the steps of two medicines state different volumes of an administration.

    None where the volumes agree, where a note says what masks it, or where more than one step of either covers the day.
    """
    if _is_masked(one, other, _VOLUME, _OF_VOLUMES):
        return None
    for day, *steps in _beside(one, other, choices):
        own, others = (step["volume"] or step["dose"] for step in steps)
        first, second = _millilitres(own), _millilitres(others)
        open_ = any(step[key] for step in steps for key in ("dose_range", "titrated"))
        if first is not None and second is not None and first != second and not open_:
            return Counted(
                "the volume of an administration", day, first, second, own, others, (steps[0], steps[1]), " mL"
            )
    return None


def _beside(one: Node, other: Node, choices: Sequence[Choice]) -> Iterator[tuple[Decimal, Node, Node]]:
    """Yield each day on which steps begin with the one step of each of two medicines that covers it.

    Nothing where several do or the two are not given equally often, and where for whom the steps are stays open.
    """
    try:
        pair = [chosen(each["regimen"], choice) for each, choice in zip((one, other), choices, strict=True)]
    except NotComputable:  # the steps are for arms, cohorts or ages that nobody tells here
        return
    starts = [[day for step in steps if (day := _first(step)) is not None] for steps in pair]
    if any(len(days) != len(steps) for days, steps in zip(starts, pair, strict=True)):
        return
    for day in sorted({*starts[0], *starts[1]}):
        own, others = ([step for step in steps if _covers(step, day)] for steps in pair)
        if len(own) == 1 and len(others) == 1 and per_day(own[0]) == per_day(others[0]):
            yield day, own[0], others[0]


def _is_masked(one: Node, other: Node, alike: Pattern, speaks: Pattern) -> bool:
    """Say whether a note masks what is unlike; of two that are said to be alike in it, one that speaks of it."""
    pair = (one["matching"], other["matching"])
    said = any(alike.search(node.text) for each in pair for node in each["in"])
    return any(speaks.search(each["note"].text) if said else each["note"] for each in pair)


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


def _millilitres(node: Node) -> Decimal | None:
    """Return a volume in mL; None for what is no volume."""
    found = quantity(node)
    return in_unit(found.value, found.unit.code, "mL") if found is not None else None
