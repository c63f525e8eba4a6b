"""Rule on outcomes that are events: who adjudicates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


@rule("OUT14", Severity.WARNING, reads=("/outcomes", "/oversight/committees/adjudication"))
def adjudicated(trial: Trial) -> Iterator[Found]:
    """Outcomes that are adjudicated have a committee that adjudicates.

    Why: an event that "a committee confirms" is counted by each site when there is no such committee.

    Applies: an outcome is adjudicated, as a whole or in a component.

    Basis:
        SPIRIT 2025, 3d (H)
        FDA guidance on clinical trial data monitoring committees 2006, 4.3 endpoint assessment committees (M)

    Fails::

        outcomes: [{id: MACE, name: major events, adjudicated: true}]
        oversight: {committees: {adjudication: {none_reason: none is needed}}}

    Passes::

        outcomes: [{id: MACE, name: major events, adjudicated: true}]
        oversight: {committees: {adjudication: {members: 3, role: adjudicates every event without knowing the arm}}}
    """
    asked = [
        outcome
        for outcome in trial.root["outcomes"]
        if any(part["adjudicated"].value is True for part in (outcome, *outcome["components"]))
    ]
    if not asked:
        raise NotApplicable("no outcome is adjudicated")
    committee = trial.at("/oversight/committees/adjudication")
    if not committee or committee["none_reason"]:
        told = listed([named(outcome) for outcome in asked])
        message = f"{told} {'are' if len(asked) > 1 else 'is'} adjudicated, and no adjudication committee is planned"
        related = ((committee["none_reason"], "the reason for none"),) if committee else ()
        yield Found(asked[0], message, "describe it under oversight.committees.adjudication", related)


RULES: tuple[Rule, ...] = (adjudicated,)
