"""The administrations of a regimen in time: when each is given and how much it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from protocolkit.dosing.amounts import Amount, Body, NotComputable, amount, needed
from protocolkit.library import terms
from protocolkit.quantities import convert, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Node

_MOST = 100_000


class Administration(NamedTuple):
    """One administration: its day, counted from the anchor's day as 0, and its amount."""

    day: Decimal
    value: Decimal


@dataclass(frozen=True)
class Course:
    """All administrations of a regimen for one participant, in one unit."""

    unit: str
    administrations: tuple[Administration, ...]

    @cached_property
    def daily(self) -> dict[int, Decimal]:
        """The amount of each day on which something is given."""
        days: defaultdict[int, Decimal] = defaultdict(Decimal)
        for given in self.administrations:
            days[int(given.day // 1)] += given.value
        return dict(days)

    @property
    def number(self) -> int:
        """How many administrations there are."""
        return len(self.administrations)

    @property
    def smallest(self) -> Decimal:
        """The smallest single administration."""
        return min(given.value for given in self.administrations)

    @property
    def largest(self) -> Decimal:
        """The largest single administration."""
        return max(given.value for given in self.administrations)

    @property
    def per_day(self) -> Decimal:
        """The largest amount of a day."""
        return max(self.daily.values())

    @property
    def cumulative(self) -> Decimal:
        """The amount of the whole course."""
        return sum((given.value for given in self.administrations), Decimal())

    @property
    def last_day(self) -> Decimal:
        """The day of the last administration."""
        return max(given.day for given in self.administrations)


def course(intervention: Node, body: Body, level: str | None = None) -> Course:
    """Compute the course of an intervention for a body, at a dose level where the regimen has levels.

    Steps without a level are part of every level. Raises NotComputable where an input is missing, where the end
    depends on an event, or where nothing is given.
    """
    regimen = intervention["regimen"]
    given: list[Administration] = []
    unit = ""
    for step in _steps(regimen, level):
        found = tuple(_given(step, intervention, body))
        factor = _factor(found[0][1].unit, unit or found[0][1].unit, step) if found else Decimal(1)
        unit = unit or (found[0][1].unit if found else "")
        given += (Administration(day, each.value * factor) for day, each in found)
    if not given:
        raise NotComputable("no administration is stated", regimen.pointer)
    return Course(unit, tuple(sorted(given)))


def _steps(regimen: Node, level: str | None) -> Iterator[Node]:
    for step in regimen["steps"]:
        if not step["level"] or step["level"].value == level:
            yield step


def _factor(code: str, other: str, step: Node) -> Decimal:
    known = units()
    if known[code].group != known[other].group:
        raise NotComputable(f"one step is in {other} and another in {code}; they cannot be added", step.pointer)
    return known[code].factor / known[other].factor


def _given(step: Node, intervention: Node, body: Body) -> Iterator[tuple[Decimal, Amount]]:
    rate = _rate(step)
    times = len(tuple(step["times"])) or (int(rate) if rate and rate >= 1 and rate.denominator == 1 else 1)
    each = amount(step, intervention["product"], body, times if rate is None or rate >= 1 else 1)
    for count, day in enumerate(_days(step, intervention["regimen"], rate)):
        if count * times > _MOST:
            raise NotComputable(f"there are more than {_MOST:,} administrations", step.pointer)
        for _ in range(times):
            yield day, each


def _rate(step: Node) -> Fraction | None:
    """Return the administrations per day of a step's frequency; None where it states none."""
    if not step["frequency"]:
        return None
    known = terms.get("frequency")
    value = step["frequency"].value
    rate = known.term(value).per_day if value in known else None
    if rate is None:
        message = f"{step['frequency'].text} does not say how many administrations there are in a day"
        raise NotComputable(message, step["frequency"].pointer)
    return rate


def _days(step: Node, regimen: Node, rate: Fraction | None) -> Iterable[Decimal]:
    if step["days"]:
        return [_offset(day, regimen) for day in step["days"]]
    if step["when"].value == "once" or (rate is None and not step["to"] and not step["until"]):
        return [_offset(step["from"], regimen) if step["from"] else Decimal(0)]
    if rate is None:
        raise NotComputable("the frequency is not stated", step.pointer)
    return _through(_offset(step["from"], regimen), _end(step, regimen), rate)


def _end(step: Node, regimen: Node) -> Decimal:
    if step["to"]:
        return _offset(step["to"], regimen)
    if step["until"]:
        event = step["until"]["event"].text or step["until"].text
        raise NotComputable(f"the number of administrations depends on {event or 'an event'}", step["until"].pointer)
    raise NotComputable("the last day of the course is not stated", step.pointer)


def _through(first: Decimal, last: Decimal, rate: Fraction) -> Iterator[Decimal]:
    """Yield the days of a course, the last day included; a rate below one a day is spread evenly from the first day."""
    if rate >= 1:
        day = first
        while day <= last:
            yield day
            day += 1
        return
    count = 0
    while (day := first + _whole(Fraction(count) / rate)) <= last:
        yield day
        count += 1


def _whole(days: Fraction) -> Decimal:
    return Decimal(days.numerator // days.denominator)


def _offset(node: Node, regimen: Node) -> Decimal:
    """Read a time of a regimen in days from its anchor.

    Raises NotComputable for a time that counts from another anchor or from an event.
    """
    if isinstance(node.value, dict):
        anchor = node["anchor"].value
        if node["event"]:
            raise NotComputable(f"the time depends on {node['event'].text}", node.pointer)
        if anchor and anchor != (regimen["anchor"].value or "first_dose"):
            raise NotComputable(f"the time counts from {anchor}, not from the start of the regimen", node.pointer)
        node = node["offset"]
    found = needed(node, "the day")
    if found.unit.group != "time":
        raise NotComputable(f"{found.text} does not fall on a day", node.pointer)
    return convert(found, "d").value
