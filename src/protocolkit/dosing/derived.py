"""Compare the doses that an author expects (`regimen.derived`) with those that follow from the regimen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import Choice, alike, chosen, cohorts, kilograms
from protocolkit.dosing.amounts import Amount, Body, NotComputable, expressed, quantity
from protocolkit.dosing.course import course, days_given, single_doses
from protocolkit.dosing.products import product_of
from protocolkit.dosing.table import shown
from protocolkit.quantities import in_unit, units
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.dosing.course import Course

_ENDING = Decimal("0.0001")  # what has more decimals, as a third of a dose, nobody writes out
_COUNTED = {"tablet": "tablets", "capsule": "capsules", "patch": "patches", "vial": "vials"}
_DUMMIES = {"tablets": "dummy_tablets", "capsules": "dummy_capsules"}
_OF_DAYS = ("per_day", "cumulative", "last_dose", "administrations", *_COUNTED.values())  # what hangs on how many


class Difference(NamedTuple):
    """An expected value that does not follow from the regimen: where it stands, and what follows instead.

    `computed` is None where nothing can be computed; `reason` then says why.
    """

    at: Node
    computed: str | None
    reason: str = ""


def differences(intervention: Node) -> tuple[Difference, ...]:
    """Compare each expected dose of an intervention with the computed one."""
    return tuple(found for row in intervention["regimen"]["derived"] for found in _compared(row, intervention))


def _compared(row: Node, intervention: Node) -> Iterator[Difference]:
    """Compare a row; where it holds for several cohorts, a value that is right in one of them is no difference."""
    regimen = intervention["regimen"]
    whose: tuple[str | None, ...] = (alike(regimen, "cohorts"),)
    if whose == (None,):
        whose = tuple(cohorts(regimen)) or whose
    found = [tuple(_of_cohort(row, intervention, cohort)) for cohort in whose]
    for difference in found[0]:
        others = [{each.at.path: each for each in other} for other in found[1:]]
        if all(difference.at.path in other for other in others):
            yield difference


def _of_cohort(row: Node, intervention: Node, cohort: str | None) -> Iterator[Difference]:
    if not any(step["dose"] or step["dose_range"] for step in intervention["regimen"]["steps"]):
        yield from _without_dose(row, intervention["regimen"], cohort)
        return
    regimen, number = intervention["regimen"], row["cycles"].value
    try:
        cycles = number if isinstance(number, int) else None
        given = course(
            intervention, _body(row), row["level"].text or None, cohort=cohort,
            arm=row["arm"].text or alike(regimen, "arms"), number=cycles,
        )  # fmt: skip
    except NotComputable as reason:
        yield from _without_days(row, intervention, cohort, reason)
        return
    for key, value in _amounts(given).items():
        if row[key] and not _same(expressed(row[key], given.unit), value):
            yield Difference(row[key], shown(value, given.unit).text)
    yield from _none_of_several(row["per_administration"], given)
    if row["last_dose"] and expressed(row["last_dose"], "d") != given.last_day:
        yield Difference(row["last_dose"], shown(given.last_day, "d").text)
    yield from _counts(row, given, intervention)


def _without_days(row: Node, intervention: Node, cohort: str | None, why: NotComputable) -> Iterator[Difference]:
    """Compare the amount of one administration where the days of a step depend on an event; no more can be compared."""
    stated, regimen = row["per_administration"], intervention["regimen"]
    choice = Choice(row["level"].text or None, cohort, None, None, row["arm"].text or alike(regimen, "arms"))
    try:
        singles = single_doses(intervention, _body(row), choice)
    except NotComputable:
        singles = []
    if not singles or not stated or any(row[key] for key in _OF_DAYS):
        yield Difference(row, None, why.reason)
    amounts = [(expressed(stated, most.unit), least, most) for _, least, most in singles]
    if stated and amounts and not any(_lies_between(value, least, most) for value, least, most in amounts):
        told = dict.fromkeys(shown(most.value, most.unit).text for _, _, most in amounts)
        yield Difference(stated, listed([*told], "or"))


def _lies_between(stated: Decimal | None, least: Amount, most: Amount) -> bool:
    return _same(stated, most.value) or (stated is not None and least.value <= stated <= most.value)


def _without_dose(row: Node, regimen: Node, cohort: str | None) -> Iterator[Difference]:
    """Compare how often and until when something is given that has no dose, such as a device that is worn."""
    choice = Choice(row["level"].text or None, cohort, None, None, row["arm"].text or alike(regimen, "arms"))
    try:
        days = [day for step in chosen(regimen, choice) for day in days_given(step, regimen)]
    except NotComputable as reason:
        yield Difference(row, None, reason.reason)
        return
    if row["administrations"] and row["administrations"].value != len(days):
        yield Difference(row["administrations"], str(len(days)))
    if days and row["last_dose"] and expressed(row["last_dose"], "d") != max(days):
        yield Difference(row["last_dose"], shown(max(days), "d").text)


def _none_of_several(stated: Node, given: Course) -> Iterator[Difference]:
    """Find an expected amount that is none of those that the administrations of a course have, where they differ.

    Where a step has a range of doses, any within it may be meant.
    """
    amounts = {each.value for each in given.administrations}
    if not stated or len(amounts) == 1 or given.titrated or amounts != {each.value for each in given.sure}:
        return
    value = expressed(stated, given.unit)
    if not any(_same(value, amount) for amount in amounts):
        low, high = (shown(amount, given.unit).text for amount in (given.smallest, given.largest))
        yield Difference(stated, f"{low} to {high}")


def _same(stated: Decimal | None, value: Decimal) -> bool:
    """Say whether an expected amount is a computed one; one without an end is compared in the stated digits."""
    if stated is None or value == value.quantize(_ENDING):
        return stated == value
    digits = Decimal(1).scaleb(min(0, int(stated.as_tuple().exponent)))
    return stated == value.quantize(digits, ROUND_HALF_UP)


def _amounts(given: Course) -> dict[str, Decimal]:
    """Return what is compared; of a titrated course the doses after the first do not follow."""
    single = {"per_administration": given.largest} if given.largest == given.smallest else {}
    if given.titrated:
        return single
    return {**single, "per_day": given.per_day, "cumulative": given.cumulative}


def _body(row: Node) -> Body:
    size = quantity(row["weight"])
    if size is not None and size.unit.code == "m2":
        return Body(surface=size.value)
    return Body(weight=kilograms(row["weight"]))


def _counts(row: Node, given: Course, intervention: Node) -> Iterator[Difference]:
    if row["administrations"] and row["administrations"].value != given.number:
        yield Difference(row["administrations"], str(given.number))
    for key in () if given.titrated else _COUNTED.values():
        if not row[key]:
            continue
        dummies = row[_DUMMIES[key]].value if key in _DUMMIES else None
        found = _pieces(given, key, product_of(intervention))
        if found is None:
            yield Difference(
                row[key], None, "how many pieces an administration takes does not follow from the strengths"
            )
        elif (pieces := found + (dummies if isinstance(dummies, int) else 0)) != row[key].value:
            yield Difference(row[key], str(pieces))


def _pieces(given: Course, key: str, product: Node) -> Decimal | None:
    """Return how many pieces a course takes: one for an amount that is a strength, else multiples of the only strength.

    None where the strengths leave it open.
    """
    if _COUNTED.get(units()[given.unit].group) == key:
        return given.cumulative
    strengths = _strengths(product, given.unit)
    if strengths and all(each.value in strengths for each in given.administrations):
        return Decimal(given.number)
    if len(strengths) != 1 or any(each.value % strengths[0] for each in given.administrations):
        return None
    return given.cumulative / strengths[0]


def _strengths(product: Node, code: str) -> list[Decimal]:
    listed = [quantity(node) for node in ([*product["strengths"]] or [product["strength"]])]
    known = (in_unit(each.value, each.unit.code, code) for each in listed if each)
    return [value for value in known if value is not None]
