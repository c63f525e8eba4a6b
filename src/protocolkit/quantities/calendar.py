"""Times in the mean year of UCUM: to compare plans and ages in unlike units, never to place a visit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.quantities.printing import in_unit

if TYPE_CHECKING:
    from protocolkit.quantities.reading import Quantity

# Days of a unit. `a` of UCUM is the Julian year and `mo` a twelfth of it (UCUM, section 4.2, a_j and mo_j).
MEAN_DAYS = {"d": Decimal(1), "wk": Decimal(7), "mo": Decimal("30.4375"), "a": Decimal("365.25")}


def in_mean(time: Quantity, code: str) -> Decimal | None:
    """Return a time in days, weeks, months or years of mean length; None for what is no time."""
    mean = MEAN_DAYS.get(time.unit.code)
    days = in_unit(time.value, time.unit.code, "d") if mean is None else time.value * mean
    return None if days is None else days / MEAN_DAYS[code]
