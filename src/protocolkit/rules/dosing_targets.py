"""The target of a titration beside the dose that it starts from, and the doses that lead from one to the other."""

from __future__ import annotations

from decimal import ROUND_CEILING
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import amount_unit, expressed, quantity
from protocolkit.rules.dosing import in_a_day, per_day
from protocolkit.rules.model import Found
from protocolkit.rules.times import in_days, length
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node


class _Start(NamedTuple):
    """The one dose that all steps have: its amount and unit, and how often it is given in a day."""

    dose: Decimal
    unit: str
    times: int


def often_above(intervention: Node) -> Iterator[Found]:
    """Find a target of one administration that is given so often in a day that the highest daily dose is passed.

    It is one of an administration where, as one of a day, it would not be above what is given from the start.
    """
    regimen, start = intervention["regimen"], _started_at(intervention)
    target, limit = quantity(regimen["titration"]["target"]), regimen["max_per_day"]
    if start is None or target is None or target.unit.code != start.unit or regimen["titration"]["rules"]:
        return
    dose, unit, times = start
    most = expressed(limit, unit)
    if most is not None and dose < target.value <= dose * times and target.value * times > most:
        told = f"{target.text} {times} times a day is {plain(target.value * times)} {unit}"
        message = (
            f"intervention {intervention['id'].text}: the target of {told}, at most {limit.text} a day are allowed"
        )
        hint = "bring target and highest daily dose together, or state the target with /d"
        yield Found(regimen["titration"]["target"], message, hint, ((limit, "the highest daily dose"),))


def at_the_start(intervention: Node) -> Iterator[Found]:
    """Find a target that is the dose to start with, though a step and an interval lead up to it."""
    stated, start = intervention["regimen"]["titration"], _started_at(intervention)
    target = quantity(stated["target"])
    raised = (stated["step"] or stated["doses"]) and stated["min_interval"]
    if start is None or target is None or not raised or stated["rules"]:
        return
    dose, unit, times = start
    if (target.value, target.unit.code) in ((dose, unit), (dose * times, f"{unit}/d")):
        message = f"intervention {intervention['id'].text}: the target of {target.text} is the dose to start with"
        hint = "state the dose that titration rises to, or leave the titration out"
        yield Found(stated["target"], message, hint, ((intervention["regimen"]["steps"][0]["dose"], "the dose"),))


def unlike_doses(intervention: Node) -> Iterator[Found]:
    """Find listed doses that do not rise, that end at another dose than the target, or above the highest daily one."""
    regimen, stated = intervention["regimen"], intervention["regimen"]["titration"]
    listed = [(node, found) for node in stated["doses"] if (found := quantity(node)) is not None]
    name = f"intervention {intervention['id'].text}"
    for (_, before), (node, later) in pairwise(listed):
        if before.unit == later.unit and later.value <= before.value:
            message = f"{name}: {later.text} follows {before.text} in a titration that rises"
            yield Found(node, message, "list the doses from the first to the highest; stepping down stands in down")
            return
    if not listed:
        return
    node, last = listed[-1]
    target, limit = quantity(stated["target"]), quantity(regimen["max_per_day"])
    most = expressed(node, amount_unit(limit.unit.code)) if limit is not None else None
    if target is not None and target.unit == last.unit and target.value != last.value:
        message = f"{name}: the doses rise to {last.text}, and the target is {target.text}"
        yield Found(node, message, "bring target and doses together", ((stated["target"], "the target"),))
    if limit is not None and most is not None and most > limit.value:
        message = f"{name}: the doses rise to {last.text}, at most {limit.text} a day are allowed"
        yield Found(node, message, "bring both together", ((regimen["max_per_day"], "the highest daily dose"),))


def too_few_days(intervention: Node) -> Iterator[Found]:
    """Find a target that steps of the stated size, the shortest interval apart, do not reach in time."""
    regimen, stated = intervention["regimen"], intervention["regimen"]["titration"]
    interval, rises = length(stated["min_interval"]), _rises_to_the_target(regimen)
    lasts = length(stated["duration"]) if stated["duration"] else _days_of_course(regimen)
    if rises is None or interval is None or lasts is None or rises * interval <= lasts:
        return
    until = stated["duration"] or regimen["steps"][0]["to"]
    takes = f"{rises} steps at least {stated['min_interval'].text} apart take {in_days(rises * interval)}"
    whole = f"titration lasts {until.text}" if stated["duration"] else f"the course ends after {in_days(lasts)}"
    message = f"intervention {intervention['id'].text}: {takes} from the dose to start with to the target, {whole}"
    hint = "bring interval, size of a step, target and duration together"
    yield Found(stated["min_interval"], message, hint, ((until, "until when"),))


def _rises_to_the_target(regimen: Node) -> int | None:
    """Return by how many steps the one dose to start with is raised to the target; None where that does not follow."""
    stated, start = regimen["titration"], {in_a_day(step) for step in regimen["steps"]}
    first = next(iter(start), None)
    if len(start) != 1 or first is None or stated["per_cohort"]:
        return None
    dose, unit = first
    if stated["doses"]:
        listed = [expressed(node, unit) for node in stated["doses"]]
        above = [each for each in listed if each is not None and each > dose]
        return len(above) if None not in listed else None
    target, size = expressed(stated["target"], unit), expressed(stated["step"], unit)
    raised_by = {expressed(each["by"], unit) for each in stated["rules"] if each["action"].text == "raise"}
    if target is None or not size or target <= dose or raised_by - {size}:
        return None
    return int(((target - dose) / size).to_integral_value(ROUND_CEILING))


def _days_of_course(regimen: Node) -> Decimal | None:
    """Return the days between the first and the last dose of steps that all state both."""
    first, last = ([length(step[key]) for step in regimen["steps"]] for key in ("from", "to"))
    starts, ends = ([day for day in days if day is not None] for days in (first, last))
    known = len(starts) == len(first) and len(ends) == len(last)
    return max(ends) - min(starts) if known and starts else None


def _started_at(intervention: Node) -> _Start | None:
    steps = [*intervention["regimen"]["steps"]]
    doses, often = {step["dose"].text for step in steps}, {per_day(step) for step in steps}
    dose, times = quantity(steps[0]["dose"]) if len(doses) == 1 else None, next(iter(often), None)
    if dose is None or times is None or len(often) > 1 or "/" in dose.unit.code:
        return None
    return _Start(dose.value, dose.unit.code, times)
