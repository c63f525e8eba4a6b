"""Count days: how many days an offset is, and which study day it falls on."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from protocolkit.quantities import QuantityError, convert, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_HALF = Decimal("0.5")  # of a day
_LIMIT = Decimal(1_000_000)
_MOST = 1000  # repeats that are looked at


def days(value: object) -> Decimal | None:
    """Return an offset such as `12 wk` or `-30 min` in days; None for what is no length of time in days.

    Months and years have no fixed number of days, so they give None.
    """
    if not isinstance(value, str):
        return None
    return _read(value)


@lru_cache(maxsize=2048)  # the same few lengths of time stand at every visit
def _read(text: str) -> Decimal | None:
    try:
        found = convert(parse(text.strip()), "d").value
    except QuantityError:
        return None
    return found if abs(found) < _LIMIT else None


def study_day(offset: Decimal, rule: str = "CDISC") -> int:
    """Return the study day that lies so many days after the anchor.

    CDISC: the anchor's day is Day 1, the day before it Day -1, and there is no Day 0 (SDTM IG 4.4.4), so that 12 weeks
    after the first dose is Day 85. `zero` counts the anchor's day as Day 0. What lies less than twelve hours before a
    day, as half an hour before the dose, is on that day; the evening before, twelve hours and more, is on the last.
    """
    whole = int(_day(offset))
    return whole if rule == "zero" or whole < 0 else whole + 1


def days_later(base: Decimal, offset: Decimal) -> Decimal:
    """Return where an offset from a day leads, in days after the first day.

    Whole days are counted from the day of the base, whatever its hour; hours and minutes from the base itself. So 42
    days after a birth is on Day 43, also where the first dose, on Day 1, follows the birth by ten minutes.
    """
    counts_days = bool(offset) and offset == offset.to_integral_value()
    return (_day(base) if counts_days else base) + offset


def _day(offset: Decimal) -> Decimal:
    """Return the whole days of an offset: begun days after the anchor, before it from twelve hours on."""
    if offset >= 0:
        return offset.to_integral_value(rounding=ROUND_FLOOR)
    return (offset - _HALF).to_integral_value(rounding=ROUND_CEILING)


def coming_back(start: Decimal, every: Decimal, end: Decimal | None) -> Iterator[Decimal]:
    """Yield the days on which something comes back after its first day, to a last one; where there is none, many."""
    count = _MOST if end is None else max(0, min(_MOST, int((end - start) // every)))
    yield from (start + every * turn for turn in range(1, count + 1))


def numbering(root: Node) -> str:
    """Return how the protocol numbers its days: `CDISC`, or `zero` where it says so."""
    return "zero" if root["schedule"]["day_numbering"].value == "zero" else "CDISC"
