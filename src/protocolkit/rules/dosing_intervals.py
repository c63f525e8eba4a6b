"""Rule on intervals that are fitted to each participant: their limits, the first interval, and what one change is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.times import rate
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import length
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


@rule("DOSE25", Severity.ERROR, reads=("/interventions/*/regimen",))
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


RULES: tuple[Rule, ...] = (fitted_intervals,)
