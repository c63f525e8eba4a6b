"""The table of computed doses of an intervention, for review: a row per reference weight, surface, level or cohort."""

from __future__ import annotations

from decimal import Context, Decimal
from itertools import product
from typing import TYPE_CHECKING

from protocolkit.document import once
from protocolkit.dosing.alternatives import Choice, NoStep, ages, arms, chosen, cohorts, levels, of_cohort, steps_of
from protocolkit.dosing.amounts import Body, NotComputable, dissolved, sized
from protocolkit.dosing.course import course, single_doses
from protocolkit.dosing.products import product_of
from protocolkit.dosing.times import cycles
from protocolkit.dosing.weights import reference_surfaces, reference_weights
from protocolkit.quantities import Quantity, parse, units
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.dosing.amounts import Amount
    from protocolkit.dosing.course import Course

_HEAVY = (Decimal(1000), Decimal(2000))  # kg: what is the same at both no longer rises
_SHOWN = Context(prec=12)


class DoseRow(NamedTuple):
    """One row: whom or which level it holds for, and what follows from the regimen.

    `per_administration` holds the smallest and the largest single administration, `per_day` the largest day. Where
    intervals are fitted to the participant, `administrations` and `cumulative` are the most that there can be,
    `last_dose` is the latest, and `fewest` and `least` are the fewest administrations and their amount; `least` is so
    too where a step has a range of doses. Where a step is `titrated`, its amounts are those of the first dose, and
    those of a day and in all do not follow.
    """

    at: str
    administrations: int
    per_administration: tuple[Quantity, Quantity]
    per_day: Quantity
    cumulative: Quantity
    last_dose: Quantity
    fewest: int
    least: Quantity
    titrated: bool = False


class DoseTable(NamedTuple):
    """The computed rows of an intervention, or what stands in the way of computing them.

    `span` says what the rows cover where that is not the whole course: `period`, or the name of a cycle whose number
    depends on an event. `expected` says that the course ends at a time that is only expected, as the common end of an
    event-driven trial is.
    """

    rows: tuple[DoseRow, ...] = ()
    missing: tuple[NotComputable, ...] = ()
    span: str = ""
    expected: bool = False


class SingleRow(NamedTuple):
    """One administration of a step, for a body: the least and the most that it can be, and the volume of the most.

    `at` is empty where the step gives everybody the same, `volume` None where no concentration is stated for what is
    given.
    """

    step: Node
    at: str
    least: Quantity
    most: Quantity
    volume: Quantity | None


class _Case(NamedTuple):
    label: str
    body: Body
    level: str | None
    cohort: str | None
    age: str | None
    arm: str | None


@once
def dose_table(intervention: Node) -> DoseTable:
    """Compute the doses of an intervention at reference weights, or say what is missing.

    While an input is missing no row is given: a table with holes would be read as if it were whole. A weight that no
    step is meant for has no row, for such people do not take part or have another product. Where an event
    ends the cycles, the rows are those of one cycle; in a crossover they are those of one period.
    """
    rows: list[DoseRow] = []
    missing: dict[tuple[str, str], NotComputable] = {}
    outside: list[NotComputable] = []
    try:
        number, span = _span(intervention)
        for case in _cases(intervention):
            try:
                given = course(
                    intervention, case.body, case.level, cohort=case.cohort, age=case.age, arm=case.arm, number=number
                )
                rows.append(_row(case.label, given))
            except NoStep as reason:
                outside.append(reason)
            except NotComputable as reason:
                missing.setdefault((reason.reason, reason.pointer), reason)
    except NotComputable as reason:
        return DoseTable((), (reason,))
    lacking = tuple(missing.values()) or (() if rows else tuple(outside))
    return DoseTable(() if missing else tuple(rows), lacking, span, _is_expected(intervention["regimen"]))


@once
def single_rows(intervention: Node) -> tuple[SingleRow, ...]:
    """Compute one administration of each step where the course does not follow, since its days depend on an event.

    None is given where the course follows, where an amount does not, and where no size of the body decides an amount:
    the steps say it then.
    """
    if not dose_table(intervention).missing or not any(map(sized, _steps(intervention))):
        return ()
    found: dict[Path, list[SingleRow]] = {}
    try:
        for case in _cases(intervention):
            for row in _singles(intervention, case):
                found.setdefault(row.step.path, []).append(row)
    except NotComputable:
        return ()
    return tuple(row for rows in found.values() for row in _in_one(rows))


def _singles(intervention: Node, case: _Case) -> Iterator[SingleRow]:
    choice = Choice(case.level, case.cohort, None, case.age, case.arm)
    try:
        given = single_doses(intervention, case.body, choice)
    except NoStep:
        return
    for step, least, most in given:
        low, high = shown(least.value, least.unit), shown(most.value, most.unit)
        yield SingleRow(step, case.label, low, high, _volume(most, product_of(intervention)))


def _in_one(rows: list[SingleRow]) -> list[SingleRow]:
    """Return one row for everybody where all get the same."""
    return [rows[0]._replace(at="")] if len({row[2:] for row in rows}) == 1 else rows


def _volume(given: Amount, product: Node) -> Quantity | None:
    """Return the volume of an amount, of the preparation that is given: of a concentrate no volume is told."""
    if units()[given.unit].group == "volume" or (product["diluent"] and not product["final_concentration"]):
        return None
    try:
        return shown(_SHOWN.divide(given.value, dissolved(Decimal(1), product, given.unit)), "mL")
    except NotComputable:
        return None


def _is_expected(regimen: Node) -> bool:
    """Say whether a step ends at an anchor whose day is only expected: administrations and last dose rest on it."""
    anchors = regimen.document.root["schedule"]["anchors"]
    ends = (step["to"]["anchor"].text or step["to"].text for step in steps_of(regimen))
    return any(name != regimen["anchor"].text and bool(anchors.find(name)["expected"]) for name in ends if name)


@once
def capped_rows(intervention: Node) -> tuple[DoseRow, ...]:
    """Compute the doses of whoever is so heavy that they no longer rise with weight.

    None is given where some dose has no cap, where weights are limited, for the reference weights hold the limit then,
    or where an input is missing.
    """
    if dose_table(intervention).missing or not any(sized(step) == "kg" for step in _steps(intervention)):
        return ()
    number, _ = _span(intervention)
    rows: list[DoseRow] = []
    for case in _cases(intervention):
        if case.body.weight is not None:
            most, beyond = (_given(intervention, case, weight, number) for weight in _HEAVY)
            if most and beyond and (most.cumulative, most.per_day) == (beyond.cumulative, beyond.per_day):
                rows.append(_row("weights above all caps", most))
    return tuple(dict.fromkeys(rows))


def _given(intervention: Node, case: _Case, weight: Decimal, number: int | None) -> Course | None:
    try:
        return course(
            intervention, Body(weight), case.level, cohort=case.cohort, age=case.age, arm=case.arm, number=number
        )
    except NotComputable:
        return None


def _steps(intervention: Node) -> list[Node]:
    return steps_of(intervention["regimen"])


def _span(intervention: Node) -> tuple[int | None, str]:
    """Return how many cycles are computed, and what the rows cover where that is less than the course."""
    turns = cycles(intervention["regimen"])
    if turns and turns.number is None:
        return 1, turns.name
    anchor = intervention.document.root["schedule"]["anchors"].find(intervention["regimen"]["anchor"].text)
    return None, "period" if anchor["kind"].value == "period_start" else ""


def _cases(intervention: Node) -> Iterator[_Case]:
    regimen, told = intervention["regimen"], set[str]()
    for choice in _choices(regimen):
        named = (("arm", choice.arm), ("level", choice.level), ("cohort", choice.cohort), ("age", choice.age))
        parts = [f"{what} {name}" for what, name in named if name]
        for size, body in _bodies(intervention, choice.cohort):
            case = _Case("", body, choice.level, choice.cohort, choice.age, choice.arm)
            own = parts[:-1] if choice.age and _is_for_all_ages(regimen, case) else parts
            label = ", ".join((*own, size)) if size else ", ".join(own)
            if label not in told:
                told.add(label)
                yield case._replace(label=label)


def _choices(regimen: Node) -> Iterator[Choice]:
    """Yield each arm, cohort and age for which steps differ, with each of its levels; one that follows is not named."""
    parted = (arms(regimen), cohorts(regimen), ages(regimen))
    everybody = (None,)
    for arm, cohort, age in product(*(each or everybody for each in parted)):
        choice = Choice(cohort=cohort, age=age, arm=arm)
        own = levels(regimen, choice)
        follows = len(own) == 1 and any((arm, cohort, age))
        for level in everybody if follows else own or everybody:
            yield choice._replace(level=level)


def _is_for_all_ages(regimen: Node, case: _Case) -> bool:
    """Say whether no step for a body weight is for certain ages, as where the heavier bands are for everybody."""
    choice = Choice(level=case.level, cohort=case.cohort, weight=case.body.weight, age=case.age, arm=case.arm)
    try:
        here = chosen(regimen, choice)
    except NotComputable:
        return False
    return bool(here) and not any(step["age"] for step in here)


def _bodies(intervention: Node, cohort: str | None) -> list[tuple[str, Body]]:
    steps = of_cohort(intervention["regimen"], cohort)
    scales = {sized(step) for step in steps} | {"kg" for step in steps if step["band"]}
    if "m2" in scales and "kg" not in scales:
        return [(f"{surface:f} m2", Body(surface=surface)) for surface in reference_surfaces(intervention, cohort)]
    if "kg" in scales:
        return [(f"{weight:f} kg", Body(weight=weight)) for weight in reference_weights(intervention, cohort)]
    return [("", Body())]


def _row(label: str, given: Course) -> DoseRow:
    return DoseRow(
        label, given.number, (shown(given.smallest, given.unit), shown(given.largest, given.unit)),
        shown(given.per_day, given.unit), shown(given.cumulative, given.unit), shown(given.last_day, "d"),
        given.fewest, shown(given.least, given.unit), given.titrated,
    )  # fmt: skip


def shown(value: Decimal, unit: str) -> Quantity:
    """Write an exact value without trailing zeros; 12 significant digits are more than any dose is measured to."""
    text = f"{_SHOWN.plus(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return parse(f"{text} {unit}")
