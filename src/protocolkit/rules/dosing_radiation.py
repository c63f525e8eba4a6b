"""Rule on radiotherapy: its volumes add up, and agree with the days and doses of the regimen."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, course
from protocolkit.dosing.amounts import expressed, quantity
from protocolkit.findings import Severity
from protocolkit.quantities import units
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import in_days, length
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.dosing import Course
    from protocolkit.rules.trial import Trial

_WEEK = 7


@rule("DOSE26", Severity.ERROR, reads=("/interventions/*/radiation", "/interventions/*/regimen"))
def radiation(trial: Trial) -> Iterator[Found]:
    """The dose of a volume is its fractions times the dose of one, and the highest agrees with the regimen.

    Why: two numbers for one prescription make every plan a deviation from one of them.

    Applies: radiation is described with volumes, fractions per week, an overall time or a time between fractions. A
    dose per fraction is taken as rounded where it is written. Volumes of phases that follow one another may add up to
    the regimen. Volumes for lesions of a site (for) are alternatives and not held against it, nor is a regimen whose
    dose is a range. The time between fractions is held against a regimen that is the course of one volume.

    Basis:
        internal consistency of the protocol, radiation and regimen (H)
        TIDieR 2014, 8 (H)

    Fails::

        interventions:
          - id: RT
            kind: radiation
            radiation: {volumes: [{name: PTV, dose: 55 Gy, fractions: 20, dose_per_fraction: 2.5 Gy}]}

    Passes::

        interventions:
          - id: RT
            kind: radiation
            radiation: {volumes: [{name: PTV, dose: 55 Gy, fractions: 20, dose_per_fraction: 2.75 Gy}]}
    """
    described = [each for each in trial.root["interventions"] if any(each["radiation"][key] for key in _READ)]
    if not described:
        raise NotApplicable("no radiation is described with volumes, fractions, an overall time or one between them")
    for intervention in described:
        yield from _products(intervention)
        for arm in _arms(intervention):
            if given := _given(intervention, arm):
                yield from _highest(intervention, arm, given)
                yield from _weekly(intervention, given)
                yield from _longer(intervention, given)
                yield from _closer(intervention, arm, given)


_READ = ("volumes", "fractions_per_week", "overall_time", "between_fractions")


def _products(intervention: Node) -> Iterator[Found]:
    """Find a volume whose dose is not that of its fractions together."""
    for volume in intervention["radiation"]["volumes"]:
        each, number = quantity(volume["dose_per_fraction"]), _number(volume["fractions"])
        dose = expressed(volume["dose"], each.unit.code) if each else None
        if dose is None or each is None or number is None:
            continue
        if abs(dose - each.value * number) > number * _half_of_last_digit(each.value):
            name = f"volume {volume['name'].text} of intervention {intervention['id'].text}"
            gives = f"{number} fractions of {each.text} are {plain(each.value * number)} {each.unit.code}"
            hint = "make dose, fractions and dose per fraction agree"
            yield Found(volume["dose"], f"{name}: {gives}, not {volume['dose'].text}", hint)


def _half_of_last_digit(value: Decimal) -> Decimal:
    """Return how far a number may be off that was rounded to the decimals with which it is written; a whole one not."""
    exponent = value.as_tuple().exponent
    return Decimal("0.5").scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(0)


def _number(node: Node) -> int | None:
    return node.value if isinstance(node.value, int) and not isinstance(node.value, bool) else None


def _arms(intervention: Node) -> list[str | None]:
    """Return the arms whose steps or volumes differ; one that stands for all where none do."""
    parted = [*intervention["regimen"]["steps"], *intervention["radiation"]["volumes"]]
    return [*dict.fromkeys(arm.text for part in parted for arm in part["arms"])] or [None]


def _given(intervention: Node, arm: str | None) -> Course | None:
    """Return what the regimen gives in an arm; None where it does not follow, or is no dose of radiation."""
    try:
        given = course(intervention, Body(), arm=arm)
    except NotComputable:
        return None
    return given if units()[given.unit].group == "radiation" else None


def _highest(intervention: Node, arm: str | None, given: Course) -> Iterator[Found]:
    """Find that the volume with the highest dose gets another dose, or other fractions, than the regimen gives."""
    if any(step["dose_range"] and not step["dose"] for step in intervention["regimen"]["steps"]):
        return
    volumes = [each for each in _volumes(intervention, arm) if not each["for"]]
    doses = {each.path: dose for each in volumes if (dose := expressed(each["dose"], given.unit)) is not None}
    numbers = {each.path: number for each in volumes if (number := _number(each["fractions"])) is not None}
    if not volumes or len(doses) < len(volumes) or len(numbers) < len(volumes):
        return
    if (given.cumulative, given.number) == (sum(doses.values()), sum(numbers.values())):
        return  # phases that follow one another
    highest = max(volumes, key=lambda each: doses[each.path])
    dose, number = doses[highest.path], numbers[highest.path]
    if abs(dose - given.cumulative) > _rounded(highest, given) or number != given.number:
        where = f" in arm {arm}" if arm else ""
        message = (
            f"intervention {intervention['id'].text}: the volume with the highest dose, {highest['name'].text}, gets "
            f"{highest['dose'].text} in {number} fractions{where}, the regimen gives {plain(given.cumulative)} "
            f"{given.unit} in {given.number}"
        )
        yield Found(highest["dose"], message, "correct the volume or the steps of the regimen")


def _volumes(intervention: Node, arm: str | None) -> list[Node]:
    return [each for each in intervention["radiation"]["volumes"] if _is_of(each, arm)]


def _is_of(volume: Node, arm: str | None) -> bool:
    return arm is None or not volume["arms"] or arm in {node.text for node in volume["arms"]}


def _rounded(volume: Node, given: Course) -> Decimal:
    """Return how far the total of a regimen may be off because the dose of one fraction is written rounded."""
    each = quantity(volume["dose_per_fraction"])
    return given.number * _half_of_last_digit(each.value) if each and each.unit.code == given.unit else Decimal(0)


def _weekly(intervention: Node, given: Course) -> Iterator[Found]:
    """Find a week with more fractions than are stated, or a long course that never has as many."""
    stated = _number(intervention["radiation"]["fractions_per_week"])
    if stated is None:
        return
    days = sorted(each.day for each in given.administrations)
    most = max(bisect_left(days, day + _WEEK) - place for place, day in enumerate(days))
    if most > stated or (most < stated and given.number > 2 * stated):
        message = (
            f"intervention {intervention['id'].text}: {stated} fractions per week are stated, the regimen gives {most}"
        )
        yield Found(intervention["radiation"]["fractions_per_week"], message, "correct the number or the steps")


def _longer(intervention: Node, given: Course) -> Iterator[Found]:
    """Find a regimen that lasts longer than the longest time from the first to the last fraction."""
    stated = intervention["radiation"]["overall_time"]
    longest = length(stated)
    lasts = given.last_day - min(each.day for each in given.administrations)
    if longest is not None and lasts > longest:
        message = (
            f"intervention {intervention['id'].text}: the overall time is at most {stated.text}, but the regimen "
            f"takes {in_days(lasts)} from the first to the last fraction"
        )
        yield Found(stated, message, "correct the overall time or the steps")


def _closer(intervention: Node, arm: str | None, given: Course) -> Iterator[Found]:
    """Find days of fractions that lie closer than the shortest time between two; of one lesion, where that is sure."""
    stated = intervention["radiation"]["between_fractions"]
    shortest = length(stated)
    if shortest is None or not _is_one_course(_volumes(intervention, arm), given):
        return
    days = sorted({each.day for each in given.administrations})
    first, second = min(pairwise(days), key=lambda pair: pair[1] - pair[0], default=(None, None))
    if first is not None and second is not None and second - first < shortest:
        message = (
            f"intervention {intervention['id'].text}: fractions are at least {stated.text} apart, the regimen gives "
            f"them on day {plain(first)} and day {plain(second)}, {plain(24 * (second - first))} h apart"
        )
        yield Found(stated, message, "correct the time between fractions or the days of the steps")


def _is_one_course(volumes: list[Node], given: Course) -> bool:
    """Say whether a regimen is the fractions of one volume; of several lesions, its days may be those of all."""
    courses = [(expressed(each["dose"], given.unit), _number(each["fractions"])) for each in volumes]
    return not volumes or any(
        number == given.number and dose is not None and abs(dose - given.cumulative) <= _rounded(volume, given)
        for volume, (dose, number) in zip(volumes, courses, strict=True)
    )


RULES: tuple[Rule, ...] = (radiation,)
