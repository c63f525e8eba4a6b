"""Strata and subgroups that nobody can be in, since their cut lies outside what may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.matching import measurement
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.population_limits import entry_limits
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

_AT_ENTRY = Pattern(
    r"\([^()]*\)|\b(?:at|on) (?:entry|baseline|screening|randomi[sz]ation|inclusion|enrolment)\b"
    r"|\b(?:baseline|screening)\b"
)
_IN_STEPS = Pattern(r"^1$|^\{|%")
# Levels of which the lower one holds the cut itself.
_AT_MOST = Pattern(
    r"\bor (?:less|lower|below|fewer|under|younger)\b|\bat most\b|\bup to\b|\babove\b|\bmore than\b|\bover [0-9]"
    r"|<=|>(?!=)"
)
_LIMIT = "the limit of entry"
_YEAR = 1  # those of 65 years are 65 until their next birthday


class _End(NamedTuple):
    """An end of what may enter: where it is stated, its value and unit, and whether what lies below it is barred."""

    at: Node
    value: Decimal
    unit: str
    below: bool


def beyond_entry(trial: Trial) -> Iterator[Found]:
    """Find cuts of strata and subgroups beyond the limits of entry, on one side of which nobody is: once per limit."""
    ends = _ends(trial)
    told: dict[Path, Found] = {}
    for what, group in (("stratum", "/design/randomisations/*/strata/*"), ("subgroup", "/statistics/subgroups/*")):
        for each in trial.each(group):
            name = each["factor"] or each["variable"]
            beyond = [end for end in ends.get(_measured(name.text), ()) if _is_beyond(each["cut"], end, name.text)]
            for end in beyond[:1]:
                side = "below" if end.below else "above"
                message = f"{name.text} is cut at {each['cut'].text}, and nobody {side} {end.at.text} may enter: one"
                new = Found(each["cut"], f"{message} {what} is empty", "correct one of both", ((end.at, _LIMIT),))
                first = told.get(end.at.path)
                related = (*first.related, (each["cut"], "cut here too")) if first else new.related
                told[end.at.path] = (first or new)._replace(related=related, severity=Severity.WARNING)
    yield from told.values()


def _measured(text: str) -> str:
    return measurement(_AT_ENTRY.sub(" ", text))


def _ends(trial: Trial) -> dict[str, list[_End]]:
    """Return the ends of what may enter, by what is measured: those of criteria for all, and those of age."""
    found: dict[str, list[_End]] = {}
    for criterion, limit in entry_limits(trial):
        if not criterion["domains"]:
            end = _End(limit.at, limit.value.value, limit.value.unit.code, limit.side == "below")
            found.setdefault(_measured(criterion["measure"].text), []).append(end)
    for key in ("min", "max"):
        node = trial.at(f"/population/age/{key}")
        age = quantity(node)
        if age is not None:
            value = age.value if key == "min" else age.value + _YEAR
            found.setdefault("age", []).append(_End(node, value, age.unit.code, key == "min"))
    return found


def _is_beyond(cut: Node, end: _End, text: str) -> bool:
    """Say whether a cut leaves one side empty: it lies beyond an end, or at the lower one, where levels begin at it.

    Of what is counted in steps, such as a score, many are at the limit itself, and which side they are on is not told.
    """
    stated = quantity(cut)
    value = in_unit(stated.value, stated.unit.code, end.unit) if stated is not None else None
    if value is None:
        return False
    at_it = value == end.value and not _IN_STEPS.search(end.unit) and not _AT_MOST.search(text)
    return value < end.value or at_it if end.below else value > end.value
