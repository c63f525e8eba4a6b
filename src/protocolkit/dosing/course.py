"""The administrations of a regimen in time: when each is given and how much it is."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from protocolkit.dosing.alternatives import Choice, chosen, is_taper
from protocolkit.dosing.amounts import Amount, Body, NotComputable, amount, require_planned
from protocolkit.dosing.infusions import beyond, infused_over
from protocolkit.dosing.products import product_of
from protocolkit.dosing.times import administered, cycles, last_day, shared_by
from protocolkit.quantities import in_unit
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_MOST = 100_000
ANYBODY = Body(Decimal(70), Decimal("1.75"))  # for what does not hang on whom a dose is computed for: days, equality


class Administration(NamedTuple):
    """One administration: its day, counted from the anchor's day as 0, its amount, and the days that it takes.

    `lasting` is 0 for what takes no more than a day: it counts for the day on which it begins.
    """

    day: Decimal
    value: Decimal
    lasting: Decimal = Decimal(0)

    def by_day(self) -> Iterator[tuple[int, Decimal]]:
        """Yield the days on which it is given, each with its share of the amount."""
        first, end = int(self.day // 1), self.day + self.lasting
        if not self.lasting:
            yield first, self.value
            return
        for day in range(first, int(end.to_integral_value(ROUND_CEILING))):
            share = min(end, Decimal(day + 1)) - max(self.day, Decimal(day))
            yield day, self.value * share / self.lasting


class Course:
    """All administrations of a regimen for one participant, in one unit.

    Where intervals are fitted to the participant, or a step has a range of doses, these are the most that there can
    be; `sure` are the fewest and smallest, and `last_day` is the latest. Where the course is `titrated`, the amounts
    are those of doses to start with, and those of a day and of the whole course do not follow.
    """

    def __init__(
        self, unit: str, administrations: tuple[Administration, ...], sure: tuple[Administration, ...],
        latest: Decimal, *, titrated: bool = False,
    ) -> None:  # fmt: skip
        self.unit: Final = unit
        self.administrations: Final = administrations
        self.sure: Final = sure
        self.last_day: Final = latest
        self.titrated: Final = titrated

    @cached_property
    def daily(self) -> dict[int, Decimal]:
        """The amount of each day on which something is given."""
        days: defaultdict[int, Decimal] = defaultdict(Decimal)
        for given in self.administrations:
            for day, value in given.by_day():
                days[day] += value
        return dict(days)

    @property
    def number(self) -> int:
        """How many administrations there are."""
        return len(self.administrations)

    @property
    def smallest(self) -> Decimal:
        """The smallest single administration."""
        return min(given.value for given in (*self.administrations, *self.sure))

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
    def fewest(self) -> int:
        """How many administrations there are at least."""
        return len(self.sure)

    @property
    def least(self) -> Decimal:
        """The amount of the fewest administrations, each the smallest that there can be."""
        return sum((given.value for given in self.sure), Decimal())


def course(  # noqa: PLR0913 - each way in which steps can differ, by its name
    intervention: Node, body: Body, level: str | None = None, *, cohort: str | None = None, age: str | None = None,
    arm: str | None = None, number: int | None = None,
) -> Course:  # fmt: skip
    """Compute the course of an intervention for a body, at a level, for an arm, a cohort and an age where it has those.

    Steps without a level are part of every level, steps without arms of every arm, and so with cohorts and ages.
    `number` is how many cycles are computed; all of them where it is None. Raises NotComputable where an input is
    missing, where the end depends on an event, or where nothing is given.
    """
    choice = Choice(level, cohort, body.weight, age, arm)
    known, key = intervention.document.known, (course, intervention.path, body, choice, number)
    if key not in known:
        known[key] = _course(intervention, body, choice, number)
    found: Course = known[key]
    return found


class _Given(NamedTuple):
    """What a step gives: the most and the least of one administration, the days at the most and the fewest, the end."""

    each: Amount
    least: Amount
    days: list[Decimal]
    fewest: list[Decimal]
    latest: Decimal


def _course(intervention: Node, body: Body, choice: Choice, number: int | None) -> Course:
    regimen = intervention["regimen"]
    given: list[Administration] = []
    sure: list[Administration] = []
    latest: list[Decimal] = []
    unit = ""
    steps = list(chosen(regimen, choice))
    for step in steps:
        found = _given(step, intervention, body, number)
        if found.days:
            unit = unit or found.each.unit
            value, least = (amount.value * _ratio(amount.unit, unit, step) for amount in (found.each, found.least))
            lasting = infused_over(step)
            given += [Administration(day, value, lasting) for day in found.days]
            sure += [Administration(day, least, lasting) for day in found.fewest]
            latest.append(found.latest)
    if not given:
        raise NotComputable("no administration is stated", regimen.pointer)
    titrated = any(step["titrated"].value is True for step in steps)
    return Course(unit, tuple(sorted(given)), tuple(sorted(sure)), max(latest), titrated=titrated)


def single_doses(intervention: Node, body: Body, choice: Choice) -> list[tuple[Node, Amount, Amount]]:
    """Return each step that holds for a choice with the least and the most of one administration, whenever it is given.

    It is for regimens whose days depend on an event. Raises NotComputable where an amount does not follow.
    """
    product = product_of(intervention)
    found: list[tuple[Node, Amount, Amount]] = []
    for step in chosen(intervention["regimen"], choice._replace(weight=body.weight)):
        require_planned(step)
        least, most = (amount(step, product, body, shared_by(step), lowest=low) for low in (True, False))
        found.append((step, least, most))
    return found


def days_given(step: Node, regimen: Node, event_on: Decimal | None = None) -> list[Decimal]:
    """Return the day of each administration of a step over all cycles, whatever its amount; a taper comes once.

    `event_on` is the day to take for an event that ends the step or the cycles. Raises NotComputable as `course` does.
    """
    days = tuple(administered(step, regimen, event_on=event_on))
    turns = cycles(regimen) if event_on is not None else None
    number = int(event_on // turns.every) + 1 if event_on is not None and turns and turns.number is None else None
    return [start + day for start in _starts(regimen, days, step, number) for day in days]


def _ratio(code: str, other: str, step: Node) -> Decimal:
    ratio = in_unit(Decimal(1), code, other)
    if ratio is None:
        raise NotComputable(f"one step is in {other} and another in {code}; they cannot be added", step.pointer)
    return ratio


def _given(step: Node, intervention: Node, body: Body, number: int | None) -> _Given:
    require_planned(step)
    regimen, product = intervention["regimen"], product_of(intervention)
    each, least = (amount(step, product, body, shared_by(step), lowest=low) for low in (False, True))
    days = tuple(administered(step, regimen))
    starts = _starts(regimen, days, step, number)
    most = [start + day for start in starts for day in days]
    if not step["interval_adjustment"]:
        return _Given(each, least, most, most, max(most, default=Decimal(0)) + beyond(step))
    fewest = tuple(administered(step, regimen, fewest=True))
    sure = [start + day for start in starts for day in fewest]
    return _Given(each, least, most, sure, starts[-1] + last_day(step, regimen))


def _starts(regimen: Node, days: tuple[Decimal, ...], step: Node, number: int | None) -> list[Decimal]:
    """Return the days on which the cycles begin; one, the first day, where the regimen does not repeat."""
    turns = None if is_taper(step) else cycles(regimen)
    if turns is None:
        return [Decimal(0)]
    if days and max(days) >= turns.every:
        raise NotComputable(f"day {max(days):f} lies beyond the {turns.name} of {turns.every:f} d", step.pointer)
    count = number or turns.number
    if count is None:
        reason = f"the number of cycles depends on {turns.until or 'an event'}"
        raise NotComputable(reason, regimen["repeats"].pointer)
    if count * max(len(days), 1) > _MOST:
        raise NotComputable(f"there are more than {_MOST:,} administrations", step.pointer)
    return [turns.every * turn for turn in range(count)]
