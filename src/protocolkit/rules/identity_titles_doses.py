"""Rule on the doses, and the intervals between them, that a title names."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.amounts import amount_unit, ends, quantity
from protocolkit.dosing.course import days_given
from protocolkit.dosing.times import rate
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import per_day
from protocolkit.rules.identity_titles import TITLES
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_mean_days
from protocolkit.rules.told_times import DAYS, number_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_AMOUNT = Pattern(r"(?<![\w.,/])([0-9]+(?:\.[0-9]+)?) ?(ug|mg|g|Gy|MBq)(/kg|/m2)?(?![\w/])")
_EVERY = Pattern(
    r"\bevery (?P<count>[0-9]{1,2}|[a-z]+) (?P<unit>day|week|month)s?\b"
    r"|\b(?P<often>once|twice)(?: |-)(?P<per>daily|weekly|monthly)\b"
)
_OFTEN = {"daily": 1.0, "weekly": 7.0, "monthly": DAYS["month"]}
_NEAR = {"month": 8.0, "monthly": 4.0}  # days by which an interval may differ: 12 weeks are three months
_EXACTLY = 0.01


@rule(
    "ID18", Severity.WARNING,
    reads=(*TITLES, "/interventions/*/regimen", "/interventions/*/product", "/concomitant/background",
           "/design/dose_escalation/levels", "/schedule/anchors"),
)  # fmt: skip
def doses(trial: Trial) -> Iterator[Found]:
    """The dose that a title names, and how often it is given, are those of the interventions.

    Why: registers and letters take the title over, and nobody looks at the regimen again.

    Applies: a title names an amount, or an interval such as `every 12 weeks` or `once daily`, and interventions have
    doses or intervals. Amounts of a day, strengths, maxima and background therapy count as well, and so do the days of
    steps and cycles.

    Basis:
        SPIRIT 2025, 1a (H)
        internal consistency of the protocol, title and regimens (H)

    Fails::

        trial: {full_title: Examplinib 50 mg every 4 weeks versus placebo}
        interventions:
          - id: X
            kind: drug
            regimen: {steps: [{id: S, dose: 25 mg, when: course, frequency: EVERY 12 WEEKS, from: 0 d, to: 24 wk}]}

    Passes::

        trial: {full_title: Examplinib 25 mg every 12 weeks versus placebo}
        interventions:
          - id: X
            kind: drug
            regimen: {steps: [{id: S, dose: 25 mg, when: course, frequency: EVERY 12 WEEKS, from: 0 d, to: 24 wk}]}
    """
    told = [
        node for place in TITLES if (node := trial.at(place)) and any(p.search(node.text) for p in (_AMOUNT, _EVERY))
    ]
    if not told:
        raise NotApplicable("no title names a dose or how often it is given")
    for title in told:
        yield from _amounts(trial, title)
        yield from _intervals(trial, title)


def _amounts(trial: Trial, title: Node) -> Iterator[Found]:
    matches = [*_AMOUNT.finditer(title.text)]
    doses = [*_doses(trial)] if matches else []
    for match in matches:
        unit = match[2] + (match[3] or "")
        every = [in_unit(dose.value, amount_unit(dose.unit.code), unit) for dose, _ in doses]
        known = [(each, often) for each, (_, often) in zip(every, doses, strict=True) if each is not None]
        if known and not any(Decimal(match[1]) in (each, each * often) for each, often in known):
            message = f'the title says "{match[0]}", and no dose of the interventions is that'
            yield Found(title, message, "bring title and regimens together", severity=Severity.WARNING)


def _doses(trial: Trial) -> Iterator[tuple[Quantity, int]]:
    """Yield the amounts that a trial gives or lets be taken, each with how often it is given on a day."""
    stated = [(node, often) for each in trial.root["interventions"] for node, often in _amounts_of(each)]
    places = ("/concomitant/background/*/dose", "/design/dose_escalation/levels/*/dose")
    for node, often in (*stated, *((node, 1) for place in places for node in trial.each(place))):
        if (found := quantity(node)) is not None:
            yield found, often


def _amounts_of(intervention: Node) -> Iterator[tuple[Node, int]]:
    regimen, product = intervention["regimen"], intervention["product"]
    titration = regimen["titration"]
    yield from ((node, per_day(step) or 1) for step in steps_of(regimen) for node in ends(step))
    others = (product["strength"], *product["strengths"], regimen["max_per_day"], regimen["max_cumulative"])
    others += (titration["target"], titration["step"], *titration["doses"])
    others += tuple(part["strength"] for part in product["components"])
    others += tuple(row[key] for row in regimen["derived"] for key in ("per_administration", "per_day", "cumulative"))
    yield from ((node, 1) for node in others)


def _intervals(trial: Trial, title: Node) -> Iterator[Found]:
    for match in _EVERY.finditer(title.text):
        told = _told(match)
        known = {gap for each in trial.root["interventions"] for gap in _gaps(each["regimen"])} if told else set()
        near = _NEAR.get(match["unit"] or match["per"], _EXACTLY)
        if told and known and not any(abs(gap - told) <= near for gap in known):
            message = f'the title says "{match[0]}", and nothing is given that often'
            yield Found(title, message, "bring title and regimens together", severity=Severity.WARNING)


def _told(match: re.Match[str]) -> float | None:
    if match["per"]:
        return _OFTEN[match["per"]] / (2 if match["often"] == "twice" else 1)
    number = number_of(match["count"])
    return None if number is None else number * DAYS[match["unit"]]


def _gaps(regimen: Node) -> Iterator[float]:
    """Yield the days from one administration to the next, as frequency, cycle and days of the steps tell them."""
    if (cycle := in_mean_days(regimen["repeats"]["every"])) is not None:
        yield cycle
    for step in steps_of(regimen):
        yield from _often(step)
        try:
            days = [*days_given(step, regimen)]
        except NotComputable:
            continue
        yield from (float(later - earlier) for earlier, later in pairwise(days))


def _often(step: Node) -> Iterator[float]:
    try:
        often = rate(step)
    except NotComputable:
        return
    if often:
        yield float(1 / often)


RULES: tuple[Rule, ...] = (doses,)
