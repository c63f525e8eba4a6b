"""Doses in the name of an arm, or behind a highest amount, that the steps of the arm do not give."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable, course
from protocolkit.dosing.alternatives import of_arm
from protocolkit.dosing.amounts import amount_unit, quantity
from protocolkit.dosing.course import ANYBODY
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import in_a_day
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import DRUG_KINDS, INERT_ROLES, named, names_of
from protocolkit.schedule import interventions_of
from protocolkit.words import first_of, folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_DOSE = Pattern(r"(?<![\w.,/-])([0-9]+(?:\.[0-9]+)?) ?((?:mg|ug|g)(?:/kg|/m2)?)(?![\w/%-]| ?(?:per|x|to|or|equiv))")
_NUMBER = Pattern(r"[0-9]+(?:\.[0-9]+)? ?(?:mg|ug|mcg|g|mL|IU|U|Gy)\b")
_BOUND = Pattern(
    r"[<>\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}]"
    r"|\b(?:up to|at most|at least|max\w*|min\w*|less|more|below|above|under|over|without|stop\w*|instead)\b"
)  # words with which an amount is no dose of the arm
# A dose by weight or surface that is given each time, and words with which one is given otherwise.
_BY_SIZE = Pattern(
    r"(?<![\w.,/-])([0-9]+(?:\.[0-9]+)?) ?((?:mg|ug|g)/(?:kg|m2))"
    r"(?![\w/%-]| ?(?:per|x|to|or|equiv|a day|daily|in all|total))"
)
_NEXT = Pattern(r",? ?(?:and )?(?:then )?")
_OTHERWISE = Pattern(
    r"\b(?:total|cumulative|reduc\w*|escalat\w*|increas\w*|titrat\w*|rais\w*|lower\w*|levels?|divided|range|from)\b"
)
_SENTENCE = Pattern(r"[.;] ")
_SHOWN = 4  # doses of a medicine in a message
_SCALED = ("mg/kg", "ug/kg", "g/kg", "mg/m2", "ug/m2", "g/m2")


def unlike_doses(trial: Trial) -> Iterator[Found]:
    """Find arms whose name has another dose than their steps, and highest amounts that belong to another dose.

    What the name of an arm tells is not told again of its highest amount.
    """
    told: set[str] = set()
    for arm in trial.root["arms"]:
        for found in _unlike_name(arm):
            told.add(arm["id"].text)
            yield found
        yield from _unlike_words(arm)
    for intervention in trial.drugs:
        for step in intervention["regimen"]["steps"]:
            own = {node.text for node in step["arms"]}
            if own and not step["level"] and not own & told:
                yield from _unlike_cap(intervention, step)


def _unlike_name(arm: Node) -> Iterator[Found]:
    """Find one dose in a name that nothing is given in which the arm gives: alone, in a day or in all."""
    told = [*_DOSE.finditer(arm["name"].text)]
    if len(told) != 1 or len([*_NUMBER.finditer(arm["name"].text)]) != 1 or _BOUND.search(arm["name"].text):
        return
    value, unit = Decimal(told[0][1]), told[0][2]
    given = [each for each in interventions_of(arm) if each["kind"].text in DRUG_KINDS]
    amounts = {each.path: {*_amounts(each, arm, unit)} for each in given}
    if any(value in those for those in amounts.values()):
        return
    meant = _meant(arm, [each for each in given if amounts[each.path]])
    if meant is not None and _is_plain(meant, arm):
        dose = of_arm(meant["regimen"], arm["id"].text)[0]["dose"]
        message = f'the name of arm {arm["id"].text} says "{told[0][0]}", and {named(meant)} is dosed {dose.text}'
        hint = "bring the name and the steps together"
        yield Found(arm["name"], message, hint, ((dose, "the dose"),), severity=Severity.WARNING)


def _unlike_words(arm: Node) -> Iterator[Found]:
    """Find doses by weight or surface, in words of an arm behind the name of a medicine, that no step of it gives."""
    given = [each for each in interventions_of(arm) if each["kind"].text in DRUG_KINDS and _is_plain(each, arm)]
    for text in (arm["description"], *(entry["description"] for entry in arm["epochs"])):
        for sentence in _SENTENCE.split(text.text):
            for medicine, said, value, unit in _in_a_row(sentence, given):
                amounts = {*_amounts(medicine, arm, unit)}
                if amounts and value not in amounts:
                    steps = of_arm(medicine["regimen"], arm["id"].text)
                    doses = first_of([*dict.fromkeys(step["dose"].text for step in steps)], _SHOWN)
                    message = f'the words of arm {arm["id"].text} say "{said}", and {named(medicine)} is dosed {doses}'
                    hint, related = "bring the words and the steps together", ((steps[0]["dose"], "the dose"),)
                    yield Found(text, message, hint, related, severity=Severity.WARNING)


def _in_a_row(sentence: str, given: Sequence[Node]) -> Iterator[tuple[Node, str, Decimal, str]]:
    """Yield the doses behind the name of one medicine, one after the other: `examplin 40 mg/kg, then 20 mg/kg`."""
    if _BOUND.search(sentence) or _OTHERWISE.search(sentence):
        return
    told = [*_BY_SIZE.finditer(sentence)]
    before = folded(sentence[: told[0].start()]).rstrip() if told else ""
    meant = [each for each in given if any(before.endswith(name) for name in names_of(each))] if before else []
    for last, match in zip([None, *told], told, strict=False):
        if len(meant) != 1 or (last and not _NEXT.fullmatch(sentence[last.end() : match.start()])):
            return
        yield meant[0], match[0], Decimal(match[1]), match[2]


def _is_plain(intervention: Node, arm: Node) -> bool:
    """Say whether doses can be held against a name: of one substance, not adapted to each participant."""
    steps = of_arm(intervention["regimen"], arm["id"].text)
    adapted = any(step[key] for step in steps for key in ("titrated", "dose_range", "at_discretion", "clearance"))
    return not adapted and not intervention["product"]["components"]


def _meant(arm: Node, given: Sequence[Node]) -> Node | None:
    """Return the medicine that the name of an arm means: the one that it names, or the only one that acts."""
    acting = [each for each in given if each["role"].text not in INERT_ROLES]
    said = folded(arm["name"].text)
    by_name = [each for each in acting if any(name in said for name in names_of(each))]
    found = by_name or acting
    return found[0] if len(found) == 1 else None


def _amounts(intervention: Node, arm: Node, unit: str) -> Iterator[Decimal]:
    """Yield what an arm gives of a medicine, in a unit: each time, in a day, in all, and what it aims at."""
    regimen = intervention["regimen"]
    steps = of_arm(regimen, arm["id"].text)
    for step in steps:
        found = _in(quantity(step["dose"]), unit)
        a_day = in_a_day(step)
        if found is None or a_day is None:
            continue
        yield found
        scaled = in_unit(a_day[0], a_day[1], unit)
        if scaled is not None:
            yield scaled
    for node in (regimen["titration"]["target"], regimen["max_per_day"], regimen["max_cumulative"]):
        if steps and (aimed := _in(quantity(node), unit)) is not None:
            yield aimed
    if unit not in _SCALED:
        yield from _in_all(intervention, arm, unit)


def _in_all(intervention: Node, arm: Node, unit: str) -> Iterator[Decimal]:
    try:
        found = course(intervention, ANYBODY, arm=arm["id"].text)
    except NotComputable:
        return
    for value in (found.cumulative, found.per_day):
        if (known := in_unit(value, found.unit, unit)) is not None:
            yield known


def _in(found: Quantity | None, unit: str) -> Decimal | None:
    return in_unit(found.value, amount_unit(found.unit.code), unit) if found is not None else None


def _unlike_cap(intervention: Node, step: Node) -> Iterator[Found]:
    """Find a highest amount of an arm that is its highest weight times another dose of the medicine."""
    stated = step["max_per_administration"]
    most, weight, dose = (quantity(node) for node in (stated, step["scaling"]["cap"], step["dose"]))
    if most is None or weight is None or dose is None or dose.unit.code != f"{most.unit.code}/{weight.unit.code}":
        return
    other = most.value / weight.value
    if other != dose.value and other in {*_doses(intervention, dose.unit.code)}:
        amount = f"{weight.text} x {dose.text} = {plain(weight.value * dose.value)} {most.unit.code}"
        message = (
            f"step {step['id'].text} of {named(intervention)}: at most {most.text} is {weight.text} x "
            f"{plain(other)} {dose.unit.code}, another dose of it; {amount}"
        )
        hint, related = "correct the dose or the highest amount", ((step["dose"], "the dose"),)
        yield Found(stated, message, hint, related, severity=Severity.WARNING)


def _doses(intervention: Node, code: str) -> Iterator[Decimal]:
    """Yield every dose of a medicine in a unit, the ends of a range too."""
    for step in intervention["regimen"]["steps"]:
        for node in (step["dose"], step["dose_range"]["min"], step["dose_range"]["max"]):
            if (found := quantity(node)) is not None and found.unit.code == code:
                yield found.value
