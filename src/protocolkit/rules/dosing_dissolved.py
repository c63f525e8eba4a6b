"""The volume of a dose: whether the product can hold the dose in it, and whether one dose has one volume."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.model import Found
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_TOLERANCE = Decimal("0.02")
_APART = ("arms", "level", "age", "band")  # people for whom one dose may be in a volume of its own


def otherwise_dissolved(step: Node, product: Node, name: str) -> Iterator[Found]:
    """Find a volume that holds another dose than the one stated, by all concentrations of the product.

    What is diluted, to a concentration that is not stated, is in no less than the volume of the product.
    """
    dose, millilitres = quantity(step["dose"]), _millilitres(step["volume"])
    strengths = _strengths(product)
    if dose is None or not millilitres:
        return
    stated = [found for node in strengths if (found := quantity(node)) is not None]
    each = [in_unit(found.value, found.unit.code, f"{dose.unit.code}/mL") for found in stated]
    known = [one * millilitres for one in each if one is not None]
    if not known or len(known) != len(strengths):
        return
    slack = dose.value * _TOLERANCE
    if product["diluent"] and not product["final_concentration"]:
        fits = max(known) >= dose.value - slack
    else:
        fits = any(abs(holds - dose.value) <= slack for holds in known)
    if not fits:
        shown = listed([f"{plain(holds)} {dose.unit.code}" for holds in known], "or")
        of = listed([node.text for node in strengths], "or")
        message = f"{name}: {step['volume'].text} of {of} holds {shown}, not {dose.text}"
        related = ((strengths[0], "the concentration"),)
        yield Found(step["volume"], message, "correct volume, dose or concentration", related)


def one_volume_for_all(step: Node, product: Node, name: str) -> Iterator[Found]:
    """Find one volume of a dose by weight, whose concentration makes it another dose at an end of the range."""
    dose, millilitres = quantity(step["dose"]), _millilitres(step["volume"])
    strength = product["final_concentration"] or product["strength"]
    concentration = quantity(strength)
    diluted = product["diluent"] and not product["final_concentration"]
    if dose is None or not millilitres or concentration is None or diluted or not dose.unit.code.endswith("/kg"):
        return
    unit = dose.unit.code.removesuffix("/kg")
    in_a_millilitre = in_unit(concentration.value, concentration.unit.code, f"{unit}/mL")
    needed = [*_at_the_ends(step, dose.value, unit)]
    if in_a_millilitre is None:
        return
    holds = in_a_millilitre * millilitres
    if any(abs(amount - holds) > amount * _TOLERANCE for _, amount in needed):
        at = listed([f"{plain(amount)} {unit} at {end.text}" for end, amount in needed])
        message = (
            f"{name}: {step['volume'].text} of {strength.text} holds {plain(holds)} {unit} at any weight, and "
            f"{step['dose'].text} is {at}"
        )
        hint = "leave the volume out, which follows from dose and concentration, or state one dose for all"
        yield Found(step["volume"], message, hint, ((strength, "the concentration"),))


def _at_the_ends(step: Node, dose: Decimal, unit: str) -> Iterator[tuple[Node, Decimal]]:
    """Yield the ends of the range of weight of a step, each with the amount of a dose there."""
    most = quantity(step["max_per_administration"])
    highest = None if most is None else in_unit(most.value, most.unit.code, unit)
    for key in ("min", "max"):
        end = step["scaling"]["range"][key]
        weight = quantity(end)
        kilograms = None if weight is None else in_unit(weight.value, weight.unit.code, "kg")
        if kilograms is not None:
            amount = dose * kilograms
            yield end, amount if highest is None else min(amount, highest)


def two_volumes(intervention: Node) -> Iterator[Found]:
    """Find one dose that a regimen gives the same people in two volumes, where nothing tells them apart (warning)."""
    steps = [step for step in intervention["regimen"]["steps"] if step["volume"] and not any(step[k] for k in _APART)]
    often = Counter(step["volume"].text for step in steps)
    for one, other in combinations(steps, 2):
        volumes = _millilitres(one["volume"]), _millilitres(other["volume"])
        alike = all(one[key].text == other[key].text for key in ("dose", "route", "duration", "rate"))
        if alike and _of_the_same(one, other) and volumes[0] != volumes[1] and all(volumes):
            here, there = sorted((one, other), key=lambda step: often[step["volume"].text])
            message = (
                f"intervention {intervention['id'].text}: {here['dose'].text} is in {here['volume'].text} at step "
                f"{here['id'].text}, and in {there['volume'].text} at step {there['id'].text}"
            )
            related = ((there["volume"], "the other volume"),)
            yield Found(here["volume"], message, "state one volume", related, severity=Severity.WARNING)
            return


def _of_the_same(one: Node, other: Node) -> bool:
    """Say whether two steps may be given to one participant: they share a cohort, or one is for all."""
    cohorts = [{node.text for node in step["cohorts"]} for step in (one, other)]
    return not all(cohorts) or bool(cohorts[0] & cohorts[1])


def _strengths(product: Node) -> list[Node]:
    """Return what a volume is drawn up from: the final concentration, else the strength or each of several."""
    single = product["final_concentration"] or product["strength"]
    return [single] if single else [*product["strengths"]]


def _millilitres(node: Node) -> Decimal | None:
    found = quantity(node)
    return None if found is None else in_unit(found.value, found.unit.code, "mL")
