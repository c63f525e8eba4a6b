"""How fast a sponsor reports suspected unexpected serious adverse reactions, held against the law of the regions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.times import length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node

# Regulation (EU) 536/2014, Art 42(2); SI 2004/1031, regulation 33; 21 CFR 312.32(c).
_FATAL, _ALL = Decimal(7), Decimal(15)


def slow_sponsor(rows: Sequence[Node], laws: str) -> Iterator[Found]:
    """Find reports of the sponsor to authorities that come later than laws ask, or at one time for all of them.

    Fatal and life-threatening ones have a time of their own; a row whose scope says of what it is leaves that open.
    """
    own = (row for row in rows if row["event"].text == "SUSAR")
    stated = [(row, days) for row in own if (days := length(row["clock"])) is not None]
    for row, days in stated:
        if days > _ALL:
            message = f"SUSAR from the sponsor within {row['clock'].text}; by {laws} it is due within {_ALL} d"
            hint = f"state {_ALL} d, and {_FATAL} d for those that are fatal or life-threatening"
            yield Found(row["clock"], message, hint, severity=Severity.WARNING)
            return
    if stated and all(days > _FATAL and not row["scope"] for row, days in stated):
        first, _ = stated[0]
        message = (
            f"SUSAR from the sponsor within {first['clock'].text}; by {laws} fatal or life-threatening ones are due"
        )
        hint = f"add a row with that scope and clock: {_FATAL} d"
        yield Found(first["clock"], message, hint, severity=Severity.INFO)
