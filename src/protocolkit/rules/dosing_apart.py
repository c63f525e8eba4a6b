"""How far doses are apart in words of an intervention or an arm, held against the days of the steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import Choice, arms, chosen
from protocolkit.dosing.course import days_given
from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days
from protocolkit.rules.told_times import DAYS, number_of
from protocolkit.schedule import interventions_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_APART = Pattern(
    r"\b(?:two|three|four|doses|injections|infusions|vaccinations)(?: of [\w -]{1,30})?,? (?:given )?(?:"
    r"(?P<apart>[a-z]+|[0-9]{1,3}) (?P<unit>day|week|month)s? apart\b(?! from)"
    r"|(?:at an interval of|separated by) (?P<between>[a-z]+|[0-9]{1,3}) (?P<spanned>day|week|month)s?\b)"
)
_NEAR = {"day": 0.5, "week": 1.0, "month": 3.0}  # days by which an interval in words may differ from that of the steps


def unlike_intervals(trial: Trial) -> Iterator[Found]:
    """Find words such as `two doses 4 weeks apart` where the steps give no two doses that far apart."""
    for intervention in trial.drugs:
        name, whose = intervention["id"].text, arms(intervention["regimen"]) or (None,)
        yield from _unlike(intervention["description"], f"intervention {name}", [intervention], whose)
    for arm in trial.root["arms"]:
        name = arm["id"].text
        yield from _unlike(arm["description"], f"arm {name}", interventions_of(arm), [name])


def _unlike(text: Node, owner: str, given: Sequence[Node], whose: Sequence[str | None]) -> Iterator[Found]:
    told = [*_APART.finditer(text.text)]
    intervals = _intervals(given, whose) if told else None
    for match in told if intervals else ():
        unit = match["unit"] or match["spanned"]
        count = number_of(match["apart"] or match["between"])
        if count is None or any(abs(float(each) - count * DAYS[unit]) <= _NEAR[unit] for each in intervals or ()):
            continue
        apart = listed([in_days(each) for each in sorted(intervals or ())])
        message = f'the words of {owner} say "{match[0]}", and the steps give doses {apart} apart'
        related = ((given[0]["regimen"], "the regimen"),)
        yield Found(text, message, "bring the words and the steps together", related, severity=Severity.WARNING)


def _intervals(given: Sequence[Node], whose: Sequence[str | None]) -> set[Decimal] | None:
    """Return all times from one dose to the next, of each product and of all together; None where one is open."""
    if len({each["regimen"]["anchor"].text for each in given}) > 1:
        return None
    found: set[Decimal] = set()
    for arm in whose:
        try:
            each = [_days(one, arm) for one in given if one["regimen"]]
        except NotComputable:
            return None
        for days in (*each, sorted({day for one in each for day in one})):
            found |= {second - first for first, second in pairwise(days)}
    return found


def _days(intervention: Node, arm: str | None) -> list[Decimal]:
    regimen = intervention["regimen"]
    return sorted({day for step in chosen(regimen, Choice(arm=arm)) for day in days_given(step, regimen)})
