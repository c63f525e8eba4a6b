"""The table of computed doses of an intervention, for review: a row per reference weight, surface or dose level."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import Body, NotComputable, quantity
from protocolkit.dosing.course import course
from protocolkit.quantities import Quantity, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.dosing.course import Course

# Weights to read a table by, not typical of anyone; the protocol's own limits stand beside them.
_ADULTS = ("50", "70", "100")
_CHILDREN = ("10", "20", "30")
_SURFACES = ("1.5", "1.75", "2.0")
_ADULT_AGE = Decimal(18)
_SHOWN = Context(prec=12)


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One row: whom or which level it holds for, and what follows from the regimen.

    `per_administration` holds the smallest and the largest single administration, `per_day` the largest day.
    """

    at: str
    administrations: int
    per_administration: tuple[Quantity, Quantity]
    per_day: Quantity
    cumulative: Quantity
    last_dose: Quantity


@dataclass(frozen=True, slots=True)
class DoseTable:
    """The computed rows of an intervention, or what stands in the way of computing them."""

    rows: tuple[DoseRow, ...] = ()
    missing: tuple[NotComputable, ...] = ()


def dose_table(intervention: Node) -> DoseTable:
    """Compute the doses of an intervention at reference weights, or say what is missing.

    While an input is missing no row is given: a table with holes would be read as if it were whole.
    """
    rows: list[DoseRow] = []
    missing: dict[tuple[str, str], NotComputable] = {}
    for label, body, level in _cases(intervention):
        try:
            rows.append(_row(label, course(intervention, body, level)))
        except NotComputable as reason:
            missing.setdefault((reason.reason, reason.pointer), reason)
    return DoseTable(() if missing else tuple(rows), tuple(missing.values()))


def _cases(intervention: Node) -> Iterator[tuple[str, Body, str | None]]:
    levels = list(dict.fromkeys(step["level"].text for step in intervention["regimen"]["steps"] if step["level"]))
    for level in levels or [""]:
        for size, body in _bodies(intervention):
            yield ", ".join(part for part in (level and f"level {level}", size) if part), body, level or None


def _bodies(intervention: Node) -> list[tuple[str, Body]]:
    scales = {_scale(step["dose"]) for step in intervention["regimen"]["steps"]}
    if "m2" in scales and "kg" not in scales:
        return [(f"{surface} m2", Body(surface=Decimal(surface))) for surface in _SURFACES]
    if "kg" in scales:
        return [(f"{weight:f} kg", Body(weight=weight)) for weight in reference_weights(intervention)]
    return [("", Body())]


def _scale(dose: Node) -> str:
    found = quantity(dose)
    parts = found.unit.code.split("/")[1:] if found else []
    return next((part for part in parts if part in ("kg", "m2")), "")


def reference_weights(intervention: Node) -> list[Decimal]:
    """Return the weights (kg) that a table of doses is computed at, in order, within the limits of the protocol."""
    youngest = quantity(intervention.document.root["population"]["age"]["min"])
    children = youngest is not None and (youngest.unit.code != "a" or youngest.value < _ADULT_AGE)
    weights = {Decimal(weight) for weight in (*(_CHILDREN if children else ()), *_ADULTS)}
    low, high = _limits(intervention)
    weights |= {limit for limit in (low, high) if limit is not None}
    return sorted(w for w in weights if (low is None or w >= low) and (high is None or w <= high))


def _limits(intervention: Node) -> tuple[Decimal | None, Decimal | None]:
    ends: dict[str, list[Decimal]] = {"min": [], "max": []}
    for step in intervention["regimen"]["steps"]:
        for end, values in ends.items():
            found = quantity(step["scaling"]["range"][end])
            if found and found.unit.code == "kg":
                values.append(found.value)
    return (max(ends["min"]) if ends["min"] else None), (min(ends["max"]) if ends["max"] else None)


def _row(label: str, given: Course) -> DoseRow:
    return DoseRow(
        label, given.number, (_shown(given.smallest, given.unit), _shown(given.largest, given.unit)),
        _shown(given.per_day, given.unit), _shown(given.cumulative, given.unit), _shown(given.last_day, "d"),
    )  # fmt: skip


def _shown(value: Decimal, unit: str) -> Quantity:
    """Write an exact value without trailing zeros; 12 significant digits are more than any dose is measured to."""
    text = f"{_SHOWN.plus(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return parse(f"{text} {unit}")
