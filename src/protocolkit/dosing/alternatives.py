"""Which steps of a regimen hold for a participant: by arm, dose level, cohort, age, weight and measured value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import NotComputable, quantity
from protocolkit.dosing.readings import is_due
from protocolkit.quantities import in_unit
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.dosing.readings import Reading


class NoStep(NotComputable):
    """No step is meant for somebody of a size: it is not the regimen that leaves something open."""


class Choice(NamedTuple):
    """For whom: dose level, cohort and arm by their ids, ages in words, where steps differ by these; weight in kg.

    `readings` are values of what decides whether a step is given; where a measure has none, its steps may be.
    """

    level: str | None = None
    cohort: str | None = None
    weight: Decimal | None = None
    age: str | None = None
    arm: str | None = None
    readings: tuple[Reading, ...] = ()


def steps_of(regimen: Node) -> list[Node]:
    """Return the steps of a regimen and those of its taper, which are doses like the others."""
    return [*regimen["steps"], *regimen["taper"]["steps"]]


def is_taper(step: Node) -> bool:
    """Say whether a step belongs to a taper, which comes once, after the cycles where there are any."""
    return "taper" in step.path


def is_by_site(intervention: Node) -> bool:
    """Say whether the site of a lesion decides dose and fractions, so that the steps are not the course of each."""
    return any(volume["for"] for volume in intervention["radiation"]["volumes"])


def whom(step: Node) -> tuple[str, ...]:
    """Say for whom a step is, so that steps of the same people can be told from those of others."""
    of_all = (step["band"]["min"].text, step["band"]["max"].text, step["level"].text, ages_of(step))
    return (*of_all, *(node.text for key in ("arms", "cohorts") for node in step[key]))


def chosen(regimen: Node, choice: Choice) -> list[Node]:
    """Return the steps that hold for a choice; a step without a level, arms, cohorts, ages or a band holds for all.

    Where no level is chosen it may follow from the arm, cohort or age. Raises NotComputable where the choice leaves
    open which steps hold, or where bands overlap or miss a weight; of steps that a value makes due, bands may.
    """
    steps = _of_whom(regimen, choice)
    if choice.level is None and len(own := _levels_of(steps)) != 1:
        steps = [step for step in steps if step["level"].text not in own]
    banded = [step for step in steps if step["band"]]
    holding = [step for step in banded if _in_band(step["band"], choice.weight)]
    if banded and not holding and not all(step["give_when"] for step in banded):
        raise NoStep(f"no step is meant for {choice.weight:f} kg", regimen["steps"].pointer)
    if len({(step["band"]["min"].text, step["band"]["max"].text) for step in holding}) > 1:
        reason = f"steps of different bands hold for {choice.weight:f} kg; one end of a band must be left out"
        raise NotComputable(reason, regimen["steps"].pointer)
    return [step for step in steps if not step["band"] or step in holding]


def levels(regimen: Node, choice: Choice) -> list[str]:
    """Return the ids of the levels that steps for an arm, a cohort and an age are for, in order."""
    return _levels_of(_of_whom(regimen, choice._replace(level=None)))


def arms(regimen: Node) -> list[str]:
    """Return the ids of the arms that steps are for, in order."""
    return _distinct(node.text for step in steps_of(regimen) for node in step["arms"])


def anchor_of(regimen: Node, arm: str | None) -> Node:
    """Return where the anchor of a regimen stands: that of an arm where it has one of its own."""
    own = (each["anchor"] for each in regimen["arm_anchors"] if arm and arm in {node.text for node in each["arms"]})
    return next(own, regimen["anchor"])


def of_arm(regimen: Node, arm: str | None, cohort: str | None = None) -> list[Node]:
    """Return the steps that an arm, or a cohort in it, is given; all of them where neither is named."""
    steps = of_cohort(regimen, cohort)
    return [step for step in steps if arm is None or not step["arms"] or arm in _ids(step["arms"])]


def cohorts(regimen: Node) -> list[str]:
    """Return the ids of the cohorts that steps are for, in order."""
    return _distinct(node.text for step in steps_of(regimen) for node in step["cohorts"])


def of_cohort(regimen: Node, cohort: str | None) -> list[Node]:
    """Return the steps that a cohort is given; all of them where no cohort is named."""
    return [step for step in steps_of(regimen) if not cohort or not step["cohorts"] or cohort in _ids(step["cohorts"])]


def alike(regimen: Node, key: str) -> str | None:
    """Return one of the cohorts or arms where all steps are for the same of them; None where steps differ by these."""
    named = {tuple(node.text for node in step[key]) for step in regimen["steps"]}
    return next(iter(named.pop()), None) if len(named) == 1 else None


def ages(regimen: Node) -> list[str]:
    """Return the ages that steps are for, in words and in order."""
    return _distinct(ages_of(step) for step in steps_of(regimen))


def ages_of(step: Node) -> str:
    """Return in words the ages that a step is for, such as `4 a to 8 a`; an empty text where it is for all."""
    low, high = step["age"]["min"].text, step["age"]["max"].text
    return f"{low} to {high}" if low and high else (low and f"from {low}") or (high and f"to {high}")


def band_weights(steps: Iterable[Node]) -> set[Decimal]:
    """Return the ends of bands in kg that belong to their band, as weights to compute a dose at."""
    ends = [(step["band"], side) for step in steps for side in ("min", "max")]
    kept = [kilograms(band[side]) for band, side in ends if band[f"{side}_inclusive"].value is not False]
    return {weight for weight in kept if weight is not None}


def kilograms(node: Node) -> Decimal | None:
    """Read a body weight in kilograms; None where there is none."""
    found = quantity(node)
    return None if found is None else in_unit(found.value, found.unit.code, "kg")


def _of_whom(regimen: Node, choice: Choice) -> list[Node]:
    """Return the steps that hold for the arm, cohort, age and level of a choice; of all levels where none is chosen."""
    here = [step for step in steps_of(regimen) if _of_level(step, choice) and _of_arm(step, choice)]
    here = [step for step in here if is_due(step, choice.readings)]
    return [step for step in here if _of_cohort(step, choice) and _of_age(step, choice)]


def _levels_of(steps: Iterable[Node]) -> list[str]:
    return _distinct(step["level"].text for step in steps)


def _of_level(step: Node, choice: Choice) -> bool:
    return choice.level is None or not step["level"] or step["level"].value == choice.level


def _of_arm(step: Node, choice: Choice) -> bool:
    if not step["arms"]:
        return True
    if choice.arm is None:
        raise NotComputable("the step depends on the arm", step["arms"].pointer)
    return choice.arm in _ids(step["arms"])


def _ids(nodes: Node) -> list[object]:
    return [node.value for node in nodes]


def _of_cohort(step: Node, choice: Choice) -> bool:
    if not step["cohorts"]:
        return True
    if choice.cohort is None:
        raise NotComputable("the step depends on the cohort", step["cohorts"].pointer)
    return choice.cohort in _ids(step["cohorts"])


def _of_age(step: Node, choice: Choice) -> bool:
    if not step["age"]:
        return True
    if choice.age is None:
        raise NotComputable("the step depends on the age", step["age"].pointer)
    return choice.age == ages_of(step)


def _in_band(band: Node, weight: Decimal | None) -> bool:
    if weight is None:
        raise NotComputable("the weight is not known", band.pointer)
    low, high = kilograms(band["min"]), kilograms(band["max"])
    if weight == low:
        return band["min_inclusive"].value is not False
    if weight == high:
        return band["max_inclusive"].value is not False
    return (low is None or weight > low) and (high is None or weight < high)


def _distinct(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in found if text))
