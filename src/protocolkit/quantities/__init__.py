"""Numbers with units: read, say what is wrong, convert within a dimension, print as written."""

from __future__ import annotations

from protocolkit.quantities.calendar import MEAN_DAYS, in_mean
from protocolkit.quantities.printing import convert, in_unit, plain
from protocolkit.quantities.reading import Quantity, QuantityError, QuantityFault, fault, parse
from protocolkit.quantities.units import HUNDREDTHS, Kind, Unit, kinds, pattern, units

__all__ = [
    "HUNDREDTHS",
    "MEAN_DAYS",
    "Kind",
    "Quantity",
    "QuantityError",
    "QuantityFault",
    "Unit",
    "convert",
    "fault",
    "in_mean",
    "in_unit",
    "kinds",
    "parse",
    "pattern",
    "plain",
    "units",
]
