"""Doses in the words of an arm or of a rationale that the steps do not give: another number, or another amount."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable, course, dose_table
from protocolkit.dosing.amounts import quantity
from protocolkit.dosing.course import ANYBODY
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days
from protocolkit.rules.told_times import number_of
from protocolkit.rules.trial import INERT_ROLES, names_of
from protocolkit.schedule import Placed, interventions_of
from protocolkit.words import folded

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_GIVEN = Pattern(
    r"(?:^|[.;] )(?P<count>[a-z]+|[0-9]{1,2}) (?:single )?(?:doses?|injections?|infusions?) of "
    r"(?:(?P<amount>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>mg|g|ug|mL)\b(?!/)(?! ?per)(?: of (?P<product>[\w-]+))?"
    r"|(?P<name>[\w-]+))(?P<rest>[^,.;]*)"
)
_IN_ALL = Pattern(
    r"(?:^|[.;] )(?P<count>[a-z]+|[0-9]{1,3}) (?:doses|injections|infusions|administrations) "
    r"(?:by (?:the )?label|in all|in total|altogether)\b"
)
_THEN = Pattern(r"\bfor (?P<count>[a-z]+|[0-9]{1,3}) (?P<unit>day|week)s?,? (?:and )?then (?:matching )?placebo\b")
_DAYS = {"day": 1, "week": 7}
_OPEN = Pattern(
    r"\b(?:more|further|another|additional|extra|boosters?|up to|until|at least|or|optional|again|repeat\w*)\b"
)
_OFTEN = Pattern(r"\b(?:daily|weekly|monthly|a|an|per|each|every|twice|times)\b")  # a dose that comes again


def unlike_words(trial: Trial) -> Iterator[Found]:
    """Find words of an arm or a rationale that give another number of doses, or another dose, than the steps."""
    yield from _unlike_rationales(trial)
    known = trial.root["interventions"]
    for arm in trial.root["arms"]:
        yield from _unlike(arm["description"], arm, interventions_of(arm))
        yield from _unlike_turn(trial, arm["description"], arm, interventions_of(arm))
        for entry in arm["epochs"]:
            given = [known.find(node.text) for node in entry["interventions"]]
            once = [each for each in given if each and _entries(arm, each) == 1]
            yield from _unlike(entry["description"], arm, once)
            yield from _unlike_turn(trial, entry["description"], arm, [each for each in given if each])


def _unlike_rationales(trial: Trial) -> Iterator[Found]:
    """Find a regimen whose rationale says how many doses there are in all, and whose steps give another number."""
    for intervention in trial.drugs:
        text = intervention["regimen"]["rationale"]
        told = [*_IN_ALL.finditer(text.text)]
        count = number_of(told[0]["count"]) if len(told) == 1 else None
        table = dose_table(intervention) if count is not None else None
        if count is None or table is None or table.missing or table.span or table.expected:
            continue
        numbers = {row.administrations for row in table.rows if row.administrations == row.fewest}
        if len(numbers) == 1 and not any(row.titrated for row in table.rows) and not numbers & {count, 1}:
            said = told[0][0].lstrip(".; ")
            message = f'the rationale of {intervention["id"].text} says "{said}", and its steps give {max(numbers)}'
            related = ((intervention["regimen"]["steps"], "the steps"),)
            hint = "bring the words and the steps together"
            yield Found(text, message, hint, related, severity=Severity.WARNING)


def _entries(arm: Node, intervention: Node) -> int:
    name = intervention["id"].text
    return sum(name in {node.text for node in each["interventions"]} for each in (arm, *arm["epochs"]))


def _unlike(text: Node, arm: Node, given: Sequence[Node]) -> Iterator[Found]:
    told = [*_GIVEN.finditer(text.text)]
    if len(told) != 1 or _OPEN.search(text.text):
        return
    match = told[0]
    if _OFTEN.search(match["rest"]):
        return
    count = number_of(match["count"])
    meant = _meant(given, match["name"] or match["product"] or "")
    if count is None or meant is None:
        return
    numbers = _numbers(meant, arm)
    said = f'the words of arm {arm["id"].text} say "{_said(match)}", and {meant["id"].text}'
    hint = "bring the words and the steps together"
    if numbers and count not in numbers and not match["amount"]:
        message = f"{said} is given {max(numbers)} time{'' if max(numbers) == 1 else 's'}"
        yield Found(text, message, hint, ((meant["regimen"], "the regimen"),), severity=Severity.WARNING)
    elif count in numbers and match["amount"]:
        dose = _other_dose(meant, Decimal(match["amount"]), match["unit"])
        if dose is not None:
            related = ((dose, "the dose"),)
            yield Found(text, f"{said} is dosed {dose.text}", hint, related, severity=Severity.WARNING)


def _unlike_turn(trial: Trial, text: Node, arm: Node, given: Sequence[Node]) -> Iterator[Found]:
    """Find words such as `for 2 weeks, then placebo` where the placebo begins after another time."""
    told = [*_THEN.finditer(text.text)]
    count = number_of(told[0]["count"]) if len(told) == 1 else None
    acting = [each for each in given if each["role"].text not in INERT_ROLES]
    inert = [each for each in given if each["role"].text in INERT_ROLES]
    if count is None or len(acting) != 1 or len(inert) != 1:
        return
    name = arm["id"].text
    start, turn = (trial.anchors.span(each["regimen"], arm=name).first for each in (acting[0], inert[0]))
    if not isinstance(start, Placed) or not isinstance(turn, Placed):
        return
    after = turn.days - start.days
    if after > 0 and abs(after - count * _DAYS[told[0]["unit"]]) > 1:
        message = f'the words of arm {name} say "{told[0][0]}", and {inert[0]["id"].text} begins after {in_days(after)}'
        related = ((inert[0]["regimen"], "the regimen"),)
        yield Found(text, message, "bring the words and the steps together", related, severity=Severity.WARNING)


def _said(match: re.Match[str]) -> str:
    return match[0].removesuffix(match["rest"]).lstrip(".; ")


def _meant(given: Sequence[Node], name: str) -> Node | None:
    """Return the one medicine that a name means, or the only one that acts where none is named."""
    if name:
        said = folded(name)
        found = [each for each in given if said in names_of(each) | {folded(each["id"].text)}]
    else:
        found = [each for each in given if each["role"].text not in INERT_ROLES]
    return found[0] if len(found) == 1 else None


def _numbers(intervention: Node, arm: Node) -> set[int]:
    """Return how many administrations are planned, and on how many days; none where that does not follow."""
    try:
        found = course(intervention, ANYBODY, arm=arm["id"].text)
    except NotComputable:
        return set()
    return {found.number, len(found.daily)} if found.number == found.fewest and not found.titrated else set()


def _other_dose(intervention: Node, amount: Decimal, unit: str) -> Node | None:
    """Return the dose of the only step, where it is another amount in that unit."""
    steps = [*intervention["regimen"]["steps"]]
    if len(steps) != 1 or any(steps[0][key] for key in ("titrated", "scaling", "dose_range", "band")):
        return None
    dose = quantity(steps[0]["dose"])
    value = in_unit(dose.value, dose.unit.code, unit) if dose is not None else None
    return steps[0]["dose"] if value is not None and value != amount else None
