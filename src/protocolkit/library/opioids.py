"""Daily doses of opioids as morphine milligram equivalents, for analysis: by a named table, or not at all.

The factors never serve to change one opioid to another in a patient.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.library import facts
from protocolkit.quantities import QuantityError, convert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.library.facts import Row
    from protocolkit.quantities import Quantity

TABLE = "CDC 2022"


class NoFactor(LookupError):  # noqa: N818 - said to people, not only raised
    """An opioid, or a dose of it, that the table has no factor for; none is guessed."""


def row_of(name: str) -> Row | None:
    """Return what the library knows of an opioid; None for what is no opioid that it knows."""
    return facts.find("opioids", name)


def has_factor(row: Row) -> bool:
    """Say whether the table has a factor for an opioid."""
    return "factor" in row.data and "unit" in row.data


def equivalents(doses: Iterable[tuple[str, Quantity]]) -> Decimal:
    """Return daily doses (of a patch: the rate) as mg of oral morphine per day, by the table of CDC 2022.

    Raises NoFactor for an opioid that the table does not cover and for a dose in a unit that its factor is not for.
    """
    return sum((_one(name, dose) for name, dose in doses), Decimal(0))


def _one(name: str, dose: Quantity) -> Decimal:
    row = row_of(name)
    if row is None or not has_factor(row):
        raise NoFactor(f"the table {TABLE} has no factor for {name}")
    message = f"the factor of {name} is for a dose in {row.data['unit']}, not in {dose.unit.code}"
    if dose.unit.code.rpartition("/")[2] != row.data["unit"].rpartition("/")[2]:  # a rate is an infusion or a patch
        raise NoFactor(message)
    try:
        return convert(dose, row.data["unit"]).value * Decimal(row.data["factor"])
    except QuantityError:
        raise NoFactor(message) from None
