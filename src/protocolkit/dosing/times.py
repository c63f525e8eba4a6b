"""On which days a step of a regimen is given, counted from the regimen's anchor or from the start of its cycle."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from protocolkit.document import once
from protocolkit.dosing.alternatives import is_taper, of_arm
from protocolkit.dosing.amounts import NotComputable, needed
from protocolkit.dosing.infusions import beyond
from protocolkit.dosing.intervals import Interval
from protocolkit.library import terms
from protocolkit.quantities import convert
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from protocolkit.document import Node

_MOST = 100_000
_DEEPEST = 50
FIRST_DOSE = "first_dose"


class Cycles(NamedTuple):
    """How a regimen repeats: the length of a cycle in days, how many there are, and the event that ends them.

    `number` is None where only the event decides; `name` is what one turn is called.
    """

    every: Decimal
    number: int | None
    until: str
    name: str


def cycles(regimen: Node) -> Cycles | None:
    """Return how a regimen repeats, None where it does not.

    Raises NotComputable where the length of a cycle is not stated.
    """
    stated = regimen["repeats"]
    if not stated:
        return None
    every = length(stated["every"], "the length of the cycle")
    if every <= 0:
        raise NotComputable("a cycle has no length", stated["every"].pointer)
    number = stated["times"].value
    bounded = isinstance(number, int) and not isinstance(number, bool) and number > 0
    until = stated["until"]["event"].text or stated["until"].text
    return Cycles(every, number if bounded else None, until, stated["name"].text or "cycle")


def rate(step: Node) -> Fraction | None:
    """Return the administrations per day of a step's frequency; None where it states none.

    Raises NotComputable for a frequency such as PRN.
    """
    if not step["frequency"]:
        return None
    known = terms.get("frequency")
    value = step["frequency"].value
    found = known.term(value).per_day if value in known else None
    if found is None:
        message = f"{step['frequency'].text} does not say how many administrations there are in a day"
        raise NotComputable(message, step["frequency"].pointer)
    return found


def shared_by(step: Node) -> int | None:
    """Return among how many administrations a daily dose is parted; None where that is no whole number.

    Raises NotComputable where the times of day and the frequency do not agree.
    """
    if step["interval_adjustment"]:
        return None
    found, clock = rate(step), len(tuple(step["times"]))
    if found is None or found < 1:
        if clock > 1 and found is not None:
            raise NotComputable("more times of day are stated than the frequency has", step["times"].pointer)
        return clock or 1
    if clock and clock != found:
        message = f"{clock} times of day are stated, but {step['frequency'].text} is {found} a day"
        raise NotComputable(message, step["times"].pointer)
    return int(found) if found.denominator == 1 else None


def administered(
    step: Node, regimen: Node, *, fewest: bool = False, event_on: Decimal | None = None
) -> Iterator[Decimal]:
    """Yield the day of each administration of a step in its first cycle; several on a day are yielded one by one.

    Where the interval is fitted to the participant, they are the most that there can be, or the fewest; `event_on` is
    the day to take for an event that ends the step. Raises NotComputable where an input is missing or the end depends
    on an event without such a day.
    """
    for count, day in enumerate(_days(step, regimen, fewest=fewest, event_on=event_on)):
        if count >= _MOST:
            raise NotComputable(f"there are more than {_MOST:,} administrations", step.pointer)
        yield day


def _days(step: Node, regimen: Node, *, fewest: bool, event_on: Decimal | None) -> Iterable[Decimal]:
    if step["interval_adjustment"]:
        return _fitted(step, regimen, fewest=fewest)
    often = rate(step)
    on_a_day = shared_by(step) or 1
    if step["days"]:
        return [day for node in step["days"] for day in [offset(node, regimen)] * on_a_day]
    if step["when"].value == "once" or (often is None and not step["to"] and not step["until"]):
        return [offset(step["from"], regimen) if step["from"] else Decimal(0)] * on_a_day
    if often is None:
        raise NotComputable("the frequency is not stated", step.pointer)
    ends_with_event = event_on is not None and step["until"] and not step["to"]
    end = event_on if event_on is not None and ends_with_event else _end(step, regimen)
    return _through(offset(step["from"], regimen), end, often)


def _end(step: Node, regimen: Node) -> Decimal:
    if step["to"]:
        return offset(step["to"], regimen)
    if step["until"]:
        event = step["until"]["event"].text or step["until"].text
        raise NotComputable(f"the number of administrations depends on {event or 'an event'}", step["until"].pointer)
    raise NotComputable("the last day of the course is not stated", step.pointer)


def _fitted(step: Node, regimen: Node, *, fewest: bool) -> Iterator[Decimal]:
    """Return the days of a course whose interval is fitted; what is given as needed may never be."""
    adjusted, first, last = step["interval_adjustment"], offset(step["from"], regimen), _end(step, regimen)
    shortest = length(adjusted["shortest"], "the shortest interval")
    if shortest <= 0:
        raise NotComputable("the shortest interval is nought", adjusted["shortest"].pointer)
    if fewest and is_as_needed(step):
        return iter(())
    longest = length(adjusted["longest"], "the longest interval") if adjusted["longest"] else None
    start, usual = (offset(adjusted["not_before"], regimen), _usual(step)) if adjusted["not_before"] else (first, None)
    interval = Interval(shortest, longest, start, usual)
    return interval.fewest(first, last) if fewest else interval.most(first, last)


def _usual(step: Node) -> Decimal:
    """Return the interval in days before it may be adjusted."""
    often = rate(step)
    if not often:
        raise NotComputable("the frequency before the first adjustment is not stated", step.pointer)
    return Decimal(often.denominator) / often.numerator


def is_as_needed(step: Node) -> bool:
    """Say whether a step is given as needed."""
    return step["frequency"].text == "PRN"


def _through(first: Decimal, last: Decimal, often: Fraction) -> Iterator[Decimal]:
    """Yield the days of a course from the first to the last: the same of each week, or spread evenly."""
    count, in_week = 0, _days_of_week(often)
    while (day := first + _day(count, often, in_week)) <= last:
        yield day
        count += 1


def _days_of_week(often: Fraction) -> Sequence[int]:
    """Return the days, from the first one of a week, for a frequency of so many times a week; none for another.

    Two and three are spread over the week; four and more follow one another, as treatment on working days does.
    """
    times = often * 7
    if times.denominator != 1 or not 1 < times < 7:  # noqa: PLR2004 - days of a week
        return ()
    return {2: (0, 3), 3: (0, 2, 4)}.get(int(times), range(int(times)))


def _day(count: int, often: Fraction, in_week: Sequence[int]) -> int:
    """Return the day of an administration by its number, both from 0 on."""
    if in_week:
        weeks, place = divmod(count, len(in_week))
        return 7 * weeks + in_week[place]
    return count * often.denominator // often.numerator


def last_day(step: Node, regimen: Node) -> Decimal:
    """Return the day of a step's last administration in a cycle, without counting the others.

    Raises NotComputable where an input is missing or the end depends on an event.
    """
    if step["days"]:
        return max(_days_named(step, regimen))
    if step["when"].value == "once" or not (step["to"] or step["until"] or step["frequency"]):
        return (offset(step["from"], regimen) if step["from"] else Decimal(0)) + beyond(step)
    end = _end(step, regimen)
    try:
        often = None if step["interval_adjustment"] else rate(step)
    except NotComputable:
        return end  # as needed: it may be given on the last day, as at an interval that is fitted
    first = offset(step["from"], regimen)
    if often is None or often >= 1 or end < first:
        return end
    if in_week := _days_of_week(often):
        weeks, rest = divmod(int(end - first), 7)
        return first + 7 * weeks + max(day for day in in_week if day <= rest)
    return first + Decimal(int(Fraction(int(Fraction(end - first) * often)) / often))


def offset(node: Node, regimen: Node) -> Decimal:
    """Read a time of a regimen in days from its anchor; another anchor counts from there by its expected time.

    Raises NotComputable for a time that counts from an anchor without such a time, or from an event.
    """
    if node["event"]:
        raise NotComputable(f"the time depends on {node['event'].text}", node.pointer)
    anchors = node.document.root["schedule"]["anchors"]
    if isinstance(node.value, dict):
        start = _apart(node["anchor"].text, regimen, node) if node["anchor"] else Decimal(0)
        return start + length(node["offset"], "the day") if node["offset"] else start
    return _apart(node.text, regimen, node) if anchors.find(node.text) else length(node, "the day")


def _apart(name: str, regimen: Node, node: Node) -> Decimal:
    """Return the days from a regimen's anchor to another, which an expected time places there.

    Raises NotComputable where none does.
    """
    root = regimen.document.root
    starts = {regimen["anchor"].text} if regimen["anchor"] else _first_doses(root)
    after, named = Decimal(0), name
    for _ in range(_DEEPEST):
        if named in starts:
            return after
        expected = root["schedule"]["anchors"].find(named)["expected"]
        after += length(expected["offset"], "the day") if expected["offset"] else 0
        named = expected.text or expected["anchor"].text
    reason = f"the time counts from {anchor_words(root, name)}, whose day does not follow from the start of the regimen"
    raise NotComputable(reason, node.pointer)


def _first_doses(root: Node) -> set[str]:
    """Return the ids of the first dose, from which a regimen counts that names no anchor."""
    anchors = root["schedule"]["anchors"]
    return {FIRST_DOSE, *(each["id"].text for each in anchors if each["kind"].text == FIRST_DOSE)}


def anchor_words(root: Node, name: str) -> str:
    """Return what to call an anchor in a sentence: its text, else its id."""
    return root["schedule"]["anchors"].find(name)["text"].text or name


def length(node: Node, what: str) -> Decimal:
    """Read a length of time at a node, in days.

    Raises NotComputable where there is none, or one such as a month that does not fall on a day.
    """
    found = needed(node, what)
    if found.unit.group != "time":
        raise NotComputable(f"{found.text} does not fall on a day", node.pointer)
    return convert(found, "d").value


@once
def span(regimen: Node, arm: str | None = None, cohort: str | None = None) -> tuple[Decimal, Decimal]:
    """Return the days of the first and the last administration of a regimen, over all its cycles and alternatives.

    `arm` and `cohort` leave out the steps of others. Raises NotComputable where an input is missing or the end depends
    on an event.
    """
    steps = of_arm(regimen, arm, cohort)
    if not steps:
        raise NotComputable("no step of the regimen is stated", regimen.pointer)
    first = min(first_day(step, regimen) for step in steps)
    turns = cycles(regimen)
    if turns and turns.number is None:
        raise NotComputable(f"the last dose depends on {turns.until or 'an event'}", regimen["repeats"].pointer)
    before_last = turns.every * (turns.number - 1) if turns and turns.number else Decimal(0)
    return first, max(last_day(step, regimen) + (0 if is_taper(step) else before_last) for step in steps)


def first_day(step: Node, regimen: Node) -> Decimal:
    """Return the day of a step's first administration in a cycle.

    Raises NotComputable where it is not stated or depends on an event.
    """
    if not step["days"]:
        return offset(step["from"], regimen) if step["from"] else Decimal(0)
    return min(_days_named(step, regimen))


def _days_named(step: Node, regimen: Node) -> list[Decimal]:
    """Return the days that a step names; NotComputable where something else than a list of days stands there."""
    days = [offset(node, regimen) for node in step["days"]]
    if not days:
        raise NotComputable("the days of a step are no list", step["days"].pointer)
    return days
