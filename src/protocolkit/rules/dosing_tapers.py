"""Rule on stopping a dose: what can do harm when stopped at once is tapered, and a taper falls."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import is_taper, steps_of, whom
from protocolkit.dosing.amounts import NotComputable
from protocolkit.dosing.times import cycles, first_day, last_day, rate
from protocolkit.findings import Severity
from protocolkit.rules.dosing import in_a_day, per_day
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.substances import require_known, row_of, substance
from protocolkit.rules.times import in_days, length, several_doses
from protocolkit.rules.trial import told_elsewhere
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WEEKS = 14  # days that a body takes at least to get used to what it is given
_NEARLY_DAILY = Fraction(1, 2)  # administrations a day: every other day
_LASTING = frozenset({"TRANSDERMAL"})  # routes by which one administration acts for days
_TRIED = frozenset({"", "experimental"})


@rule(
    "DOSE14", Severity.ERROR,
    reads=("/interventions/*/pharmacology", "/interventions/*/regimen"),
    tags=("drug",),
)  # fmt: skip
def tapers(trial: Trial) -> Iterator[Found]:
    """What can do harm when stopped at once is tapered, or the reason for an abrupt stop is stated.

    Why: withdrawal can harm participants, and a withdrawal effect in the weeks after the last dose is mistaken for an
    effect of treatment. A taper that overlaps the full dose, leaves a gap or rises is not what anybody meant.

    Applies: pharmacology.withdrawal_risk is true and more than one dose is given, or the library tells of harm on
    stopping what is taken daily or every other day for two weeks and longer. A substance that the library does not know
    is named as not checked where it is what is tried, and taken so.

    Basis:
        amantadine product label, warnings on abrupt stop (M)
        ICH M11 Step 4, 7.1 (M)

    Fails::

        interventions:
          - id: AMA
            kind: drug
            role: experimental
            pharmacology: {withdrawal_risk: true}
            regimen: {steps: [{id: S, when: course, from: 0 d, to: 83 d, frequency: BID, dose: 100 mg}]}

    Passes::

        interventions:
          - id: AMA
            kind: drug
            role: experimental
            pharmacology: {withdrawal_risk: true}
            regimen:
              steps: [{id: S, when: course, from: 0 d, to: 83 d, frequency: BID, dose: 100 mg}]
              taper: {steps: [{id: T, when: course, from: 84 d, to: 90 d, frequency: QD, dose: 100 mg}]}
    """
    repeated = [each for each in trial.tested if several_doses(each) and _can_matter(each)]
    if not repeated:
        raise NotApplicable("nothing is taken for weeks without a pause, and no risk of stopping is stated")
    found = [finding for each in repeated for finding in (*_abrupt(each), *_misplaced(each), *_rising(each))]
    yield from found
    if not found:
        require_known(filter(_is_unanswered, repeated), "state pharmacology.withdrawal_risk")


def _can_matter(intervention: Node) -> bool:
    stated = intervention["pharmacology"]["withdrawal_risk"].value is True or intervention["regimen"]["taper"]
    return bool(stated) or _is_taken_for_weeks(intervention)


def _is_unanswered(intervention: Node) -> bool:
    """Say whether nothing tells how a medicine that is tried may be stopped."""
    if intervention["kind"].text != "drug" or intervention["role"].text not in _TRIED:
        return False
    told = intervention["pharmacology"]["withdrawal_risk"] or intervention["regimen"]["taper"]
    return not told and not told_elsewhere(intervention)


def _is_taken_for_weeks(intervention: Node) -> bool:
    """Say whether steps follow one another for two weeks, each of them daily or nearly so.

    What is given at longer intervals, for a few days, or with pauses between cycles ends many times in every course.
    """
    regimen = intervention["regimen"]
    steps = [step for step in regimen["steps"] if _is_nearly_daily(step, intervention)]
    if not steps:
        return False
    try:
        turns = cycles(regimen)
        days = [day for step in steps for day in (first_day(step, regimen), last_day(step, regimen))]
    except NotComputable:  # an event ends it
        return not regimen["repeats"]
    lasts = max(days) - min(days) + 1
    if turns is None:
        return lasts >= _WEEKS
    return lasts >= turns.every and (turns.number is None or turns.every * turns.number >= _WEEKS)


def _is_nearly_daily(step: Node, intervention: Node) -> bool:
    if step["when"].text != "course":
        return False
    if step["frequency"].text == "CONTINUOUS" or (step["route"] or intervention["route"]).text in _LASTING:
        return True
    try:
        often = rate(step)
    except NotComputable:
        return False
    return often is not None and often >= _NEARLY_DAILY


def _abrupt(intervention: Node) -> Iterator[Found]:
    if intervention["regimen"]["taper"]:
        return
    name, stated = intervention["id"].text, intervention["pharmacology"]["withdrawal_risk"]
    hint = "state regimen.taper with steps, or taper.none_reason"
    if stated.value is True:
        message = f"intervention {name}: stopping at once can do harm, as stated, but there is no taper and no reason"
        yield Found(intervention["regimen"], message, hint, ((stated, "the risk is stated here"),))
        return
    row = row_of(intervention)
    if row is not None and (told := row.data.get("withdrawal")):
        message = (
            f"intervention {name}: the library tells of harm when {substance(intervention)} is stopped at once "
            f"({told['source']}, confidence {told['confidence']}), but there is no taper and no reason"
        )
        yield Found(intervention["regimen"], message, hint, confidence=told["confidence"])


def _misplaced(intervention: Node) -> Iterator[Found]:
    """Find a taper that overlaps a daily course, or begins later than the day after it."""
    regimen = intervention["regimen"]
    daily = [step for step in regimen["steps"] if per_day(step) and step["when"].value == "course"]
    lasts = [day + _before_the_last_cycle(regimen) for step in daily if (day := length(step["to"])) is not None]
    starts = [(day, step) for step in regimen["taper"]["steps"] if (day := length(step["from"])) is not None]
    if not lasts or not starts or len(lasts) < len([*regimen["steps"]]):
        return
    first, step = min(starts, key=lambda pair: pair[0])
    if (gap := first - max(lasts)) != Decimal(1):
        how = "overlaps the last full dose" if gap < 1 else "leaves days without a dose after the last full dose"
        message = (
            f"intervention {intervention['id'].text}: the taper starts at {in_days(first)} and {how}, "
            f"which is at {in_days(max(lasts))}"
        )
        yield Found(step["from"], message, f"start the taper at {in_days(max(lasts) + 1)}", severity=Severity.WARNING)


def _before_the_last_cycle(regimen: Node) -> Decimal:
    """Return the days of the cycles before the last one; none where they do not follow, or nothing repeats."""
    try:
        turns = cycles(regimen)
    except NotComputable:
        return Decimal(0)
    return turns.every * (turns.number - 1) if turns and turns.number else Decimal(0)


def _rising(intervention: Node) -> Iterator[Found]:
    """Find a step of a taper with which the amount of a day rises above that of the steps before it."""
    for unit, days in _by_first_day(intervention["regimen"]).items():
        for before, after in pairwise(sorted(days)):
            (least, earlier), (most, step) = days[before], days[after]
            if is_taper(step) and most > least:
                message = (
                    f"intervention {intervention['id'].text}: step {step['id'].text} of the taper gives "
                    f"{plain(most)} {unit[0]} a day, and {plain(least)} {unit[0]} a day came before it"
                )
                hint = "let the doses of a taper fall from step to step"
                related = ((earlier["dose"], "the step before"),)
                yield Found(step["dose"], message, hint, related, severity=Severity.WARNING)


def _by_first_day(regimen: Node) -> dict[tuple[str, ...], dict[Decimal, tuple[Decimal, Node]]]:
    """Return what is given in a day from each first day of a step on, for each unit and all whom steps are for."""
    found: defaultdict[tuple[str, ...], dict[Decimal, tuple[Decimal, Node]]] = defaultdict(dict)
    for step in steps_of(regimen):
        given, day = in_a_day(step), length(step["from"])
        if given is not None and day is not None:
            amount, unit = given
            own = found[(unit, *whom(step))]
            own[day] = (own[day][0] + amount if day in own else amount, step)
    return found


RULES: tuple[Rule, ...] = (tapers,)
