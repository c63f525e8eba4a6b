"""How computed amounts are written, and whom they are for."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from protocolkit.render.times import length
from protocolkit.render.words import flat, joined, readable, run, upper_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.quantities import Quantity
    from protocolkit.render.view import View

OF_COHORT, _OF_ARM = "cohort ", "arm "
_DECIMALS, _SIGNIFICANT = 3, 4  # decimals of an amount that is rounded; of a small one, its first digits
_AGE = re.compile(r"[0-9.]+ (?:a|mo|wk|d)\b")


def cohort_of(at: str) -> str:
    """Return the id of the cohort that a row is for; empty where it is for all."""
    return _named(at, OF_COHORT)


def arm_of(at: str) -> str:
    """Return the id of the arm that a row is for; empty where it is for all."""
    return _named(at, _OF_ARM)


def _named(at: str, kind: str) -> str:
    return next((part.removeprefix(kind) for part in at.split(", ") if part.startswith(kind)), "")


def whom(item: View, at: str, alike: Sequence[str]) -> str:
    """Write whom a row holds for: ids of cohorts by their names, quantities as prose."""
    named = flat(joined([run(_part(item, f"{OF_COHORT}{cohort}")) for cohort in alike]))
    parts = [named if part.startswith(OF_COHORT) else _part(item, part) for part in at.split(", ") if part]
    return flat(upper_first(run(", ".join(parts))))


def _part(item: View, part: str) -> str:
    kind, _, identifier = part.partition(" ")
    named = item.values.names.find(identifier, f"{kind}s") if kind in ("cohort", "arm") else None
    if kind == "age":
        return f"age {' '.join(_AGE.sub(lambda match: length(match[0]), identifier).split())}"
    if named is None:
        return part if kind in ("cohort", "arm") else readable(length(part))
    return named["name"].text or part


def said(quantity: Quantity) -> str:
    """Write an amount; one with more decimals than anybody measures is rounded, and says so."""
    if not is_rounded(quantity):
        return length(quantity.text)
    rounded = quantity.value.quantize(Decimal(1).scaleb(-_places(quantity)), ROUND_HALF_UP)
    return f"about {length(f'{_trimmed(rounded)} {quantity.unit.code}')}"


def _places(quantity: Quantity) -> int:
    """Return to how many decimals an amount is rounded: a small one keeps its first digits."""
    return max(_DECIMALS, _SIGNIFICANT - 1 - quantity.value.adjusted())


def is_rounded(quantity: Quantity) -> bool:
    """Say whether an amount is written shorter than it is."""
    return -int(quantity.value.as_tuple().exponent) > _places(quantity) + 1


def _trimmed(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".")
