"""Administrations that take longer than a day, such as an infusion of 71 h."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.quantities import QuantityError, convert, parse

if TYPE_CHECKING:
    from protocolkit.document import Node


def infused_over(step: Node) -> Decimal:
    """Return the days that one administration takes where that is more than one; 0 elsewhere, or where it is unsaid."""
    text = step["duration"].text
    try:
        lasting = convert(parse(text), "d").value if text else Decimal(0)
    except QuantityError:
        return Decimal(0)
    return lasting if lasting > 1 else Decimal(0)


def beyond(step: Node) -> Decimal:
    """Return the days by which the one administration of a step ends after the day on which it begins."""
    return infused_over(step) if step["when"].value == "once" else Decimal(0)
