"""Rules on intervals: those that are fitted to each participant, and those shorter than one administration."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.times import administered, cycles, rate, shared_by
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import DOSING_DAYS, in_days, length
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


class _Reach(NamedTuple):
    """How far the interval of a step reaches, in days and as it is written; the longest is None where there is none."""

    words: str
    adjusted: Node
    shortest: Fraction
    longest: Fraction | None

    @property
    def stated(self) -> str:
        """The limits as they are written."""
        longest = self.adjusted["longest"].text
        return (
            f"{self.adjusted['shortest'].text} to {longest}" if longest else f"{self.adjusted['shortest'].text} or more"
        )


@rule("DOSE25", Severity.ERROR, reads=DOSING_DAYS)
def fitted_intervals(trial: Trial) -> Iterator[Found]:
    """An interval that is fitted to the participant keeps to its limits: the first one, and each change.

    Why: a first interval outside the limits, or a change that is larger than the way from one limit to the other,
    cannot be carried out, and each site will settle it in its own way.

    Applies: a step of a regimen has an interval that is fitted to the participant.

    Basis:
        TIDieR 2014, 9 (H)
        internal consistency of the protocol, regimen (H)

    Fails::

        interventions:
          - id: EX
            kind: biologic
            regimen:
              steps:
                - {id: TAE, dose: 0.5 mg, when: course, from: 12 wk, to: 72 wk,
                   interval_adjustment: {shortest: 12 wk, longest: 4 wk}}

    Passes::

        interventions:
          - id: EX
            kind: biologic
            regimen:
              steps:
                - {id: TAE, dose: 0.5 mg, when: course, from: 12 wk, to: 72 wk,
                   interval_adjustment: {shortest: 4 wk, longest: 12 wk, extend_by: 4 wk, shorten_by: 4 wk}}
    """
    fitted = [
        (intervention, step)
        for intervention in trial.root["interventions"]
        for step in steps_of(intervention["regimen"])
        if step["interval_adjustment"]
    ]
    if not fitted:
        raise NotApplicable("no interval is fitted to the participant")
    for intervention, step in fitted:
        reach = _reach(intervention, step)
        if reach and reach.longest is not None and reach.longest < reach.shortest:
            message = f"{reach.words}: the longest interval is shorter than the shortest, {reach.stated}"
            yield Found(reach.adjusted["longest"], message, "exchange the two or correct one")
        elif reach:
            yield from _first(step, reach)
            yield from _changes(reach)


def _reach(intervention: Node, step: Node) -> _Reach | None:
    adjusted = step["interval_adjustment"]
    shortest, longest = length(adjusted["shortest"]), length(adjusted["longest"])
    if shortest is None or (adjusted["longest"] and longest is None):
        return None
    words = f"step {step['id'].text} of intervention {intervention['id'].text}"
    return _Reach(words, adjusted, Fraction(shortest), None if longest is None else Fraction(longest))


def _first(step: Node, reach: _Reach) -> Iterator[Found]:
    """Find a first interval that lies outside the limits."""
    try:
        often = rate(step)
    except NotComputable:
        return  # as needed
    if not often:
        return
    first = 1 / often
    if first < reach.shortest or (reach.longest is not None and first > reach.longest):
        message = f"{reach.words}: {step['frequency'].text} is outside the limits of the interval, {reach.stated}"
        yield Found(step["frequency"], message, "correct the frequency before the first adjustment, or the limits")


def _changes(reach: _Reach) -> Iterator[Found]:
    """Find a change that is larger than the way from one limit to the other."""
    if reach.longest is None:
        return
    for key, what in (("extend_by", "extended"), ("shorten_by", "shortened")):
        change = length(reach.adjusted[key])
        if change is not None and change > reach.longest - reach.shortest:
            message = f"{reach.words}: the interval is {what} by {reach.adjusted[key].text}, but it reaches from "
            yield Found(reach.adjusted[key], f"{message}{reach.stated} only", "correct the change or the limits")


@rule("DOSE31", Severity.ERROR, reads=(*DOSING_DAYS, "/interventions/*/regimen/steps/*/duration"))
def ends_in_time(trial: Trial) -> Iterator[Found]:
    """An administration ends before the next one of its step begins.

    Why: an infusion of 30 h each day, or a ring worn for 35 d in a cycle of 28 d, cannot be given; one of both numbers
    is not what is planned, and the dose that a participant gets is unknown.

    Applies: a step states the duration of an administration, and its days follow from the regimen.

    Basis:
        ICH M11 Step 4, 6.4 (M)
        internal consistency of the protocol, regimen (H)

    Fails::

        interventions:
          - id: EX
            regimen:
              steps: [{id: MAIN, dose: 30 mg, when: course, from: 0 d, to: 4 d, frequency: QD, duration: 30 h}]

    Passes::

        interventions:
          - id: EX
            regimen:
              steps: [{id: MAIN, dose: 30 mg, when: course, from: 0 d, to: 4 d, frequency: QD, duration: 4 h}]
    """
    timed = [
        (intervention, step, duration)
        for intervention in trial.root["interventions"]
        for step in steps_of(intervention["regimen"])
        if (duration := length(step["duration"])) is not None
    ]
    if not timed:
        raise NotApplicable("no administration states its duration")
    for intervention, step, duration in timed:
        interval = _interval(step, intervention["regimen"])
        if interval is not None and duration > interval:
            message = f"step {step['id'].text} of intervention {intervention['id'].text}: an administration lasts "
            later = in_days(interval) if interval >= 1 else f"{interval * 24:.3g} h"
            message += f"{step['duration'].text}, and the next one begins after {later}"
            yield Found(step["duration"], message, "correct the duration, or how often it is given")


def _interval(step: Node, regimen: Node) -> Decimal | None:
    """Return the days from one administration to the next at their closest; None where they do not follow."""
    try:
        days, on_a_day, repeated = sorted({*administered(step, regimen)}), shared_by(step) or 1, cycles(regimen)
    except NotComputable:
        return None
    if on_a_day > 1:
        return Decimal(1) / on_a_day
    if days and repeated is not None and repeated.number != 1:
        days.append(days[0] + repeated.every)
    return min((later - day for day, later in pairwise(days)), default=None)


RULES: tuple[Rule, ...] = (fitted_intervals, ends_in_time)
