"""Doses by age: whether bands of age leave nobody out and give nobody two doses."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.rules.model import Found
from protocolkit.rules.trial import named
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# Ages are counted in completed months and years, so that 11 months end where 12 months begin.
_MONTHS = {"mo": Decimal(1), "a": Decimal(12)}


class _Ages(NamedTuple):
    """A band of ages in months: where it begins, and where the next one may; None is an open end."""

    low: Decimal | None
    next: Decimal | None
    at: Node


def bands_of_age(trial: Trial, intervention: Node) -> Iterator[Found]:
    """Find ages between two bands, in two bands, and ages of entry without a band; months and years are compared."""
    for group, ages in _grouped(intervention):
        for younger, older in pairwise(ages):
            if fault := _fault(younger, older):
                message = f"{named(intervention)}: {fault}"
                hint = "let each band begin where the one below ends"
                yield Found(older.at, message, hint, ((younger.at, "the band below"),))
        if not group:
            yield from _at_entry(trial, intervention, ages)


def _grouped(intervention: Node) -> Iterator[tuple[tuple[str, ...], list[_Ages]]]:
    """Yield the different bands of the steps that are meant for the same arms or cohorts, from the youngest on."""
    groups: dict[tuple[str, ...], dict[tuple[object, ...], _Ages]] = {}
    for step in intervention["regimen"]["steps"]:
        if step["age"] and (read := _read(step["age"])) is not None:
            group = tuple(node.text for key in ("arms", "cohorts") for node in step[key])
            groups.setdefault(group, {}).setdefault(read[:2], read)
    for group, found in groups.items():
        yield group, sorted(found.values(), key=lambda each: (each.low is not None, each.low or 0))


def _read(age: Node) -> _Ages | None:
    low, high = _months(age["min"]), _months(age["max"])
    if (age["min"] and low is None) or (age["max"] and high is None):
        return None
    behind = None
    if high is not None:
        whole = _MONTHS[quantity(age["max"]).unit.code]  # type: ignore[union-attr]  # read above
        behind = high if age["max_inclusive"].value is False else high + whole
    return _Ages(low, behind, age)


def _months(node: Node) -> Decimal | None:
    found = quantity(node)
    return found.value * _MONTHS[found.unit.code] if found is not None and found.unit.code in _MONTHS else None


def _fault(younger: _Ages, older: _Ages) -> str:
    if younger.next is None or older.low is None or younger.next > older.low:
        return f"two bands of age hold for {_shown(older.low)}"
    return (
        f"no band of age holds from {_shown(younger.next)} to {_shown(older.low)}" if younger.next < older.low else ""
    )


def _at_entry(trial: Trial, intervention: Node, ages: list[_Ages]) -> Iterator[Found]:
    """Find ages that may enter below the youngest band or above the oldest."""
    entry = trial.at("/population/age")
    least, youngest = _months(entry["min"]), ages[0]
    if least is not None and youngest.low is not None and least < youngest.low:
        message = f"people from {_shown(least)} may enter, the youngest band begins at {_shown(youngest.low)}"
        yield _unserved(intervention, message, youngest, entry["min"])
    most, oldest = _months(entry["max"]), max(ages, key=lambda each: (each.next is None, each.next or 0))
    if most is not None and oldest.next is not None and most >= oldest.next:
        message = f"people to {entry['max'].text} may enter, the oldest band ends at {oldest.at['max'].text}"
        yield _unserved(intervention, message, oldest, entry["max"])


def _unserved(intervention: Node, message: str, band: _Ages, limit: Node) -> Found:
    return Found(band.at, f"{named(intervention)}: {message}", "state a dose for them", ((limit, "the age of entry"),))


def _shown(months: Decimal | None) -> str:
    if months is None:
        return "the same age"
    whole, rest = divmod(months, 12)
    return f"{whole:f} years" if whole > 1 and not rest else f"{months.normalize():f} months"
