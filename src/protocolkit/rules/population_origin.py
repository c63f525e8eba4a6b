"""Rule on where participants come from: cohorts that belong to others, and arms that are entered from others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


@rule("POP14", Severity.ERROR, reads=("/population/cohorts", "/arms"))
def origin(trial: Trial) -> Iterator[Found]:
    """People who belong to other participants, or change to an arm, lead back to some who are enrolled themselves.

    Why: infants who belong to infants belong to nobody, and an arm that is entered only from itself is never entered.
    Their numbers, doses and visits are then counted beside nothing.

    Applies: a cohort belongs to another, or an arm is entered from others.

    Basis:
        internal consistency of the protocol, participants (H)

    Fails::

        population: {cohorts: [{id: MOTHERS, name: Mothers}, {id: INFANTS, name: Infants, belongs_to: INFANTS}]}

    Passes::

        population: {cohorts: [{id: MOTHERS, name: Mothers}, {id: INFANTS, name: Infants, belongs_to: MOTHERS}]}
    """
    cohorts, arms = trial.at("/population/cohorts"), trial.at("/arms")
    belonging = [cohort for cohort in cohorts if cohort["belongs_to"]]
    entered = [arm for arm in arms if arm["enters_from"]]
    if not belonging and not entered:
        raise NotApplicable("no cohort belongs to another, and no arm is entered from another")
    for cohort in belonging:
        if not _enrolled(cohorts, cohort, "belongs_to"):
            others = cohort["belongs_to"]
            message = f"{named(cohort)} belongs to {' and '.join(_named_by(others))}, and so to nobody but itself"
            yield Found(cohort["belongs_to"], message, "name the cohort of those who are assigned")
    for arm in entered:
        if not _enrolled(arms, arm, "enters_from"):
            message = f"{named(arm)} is entered only from arms that lead back to itself"
            yield Found(arm["enters_from"], message, "name an arm that participants are assigned to before")


def _named_by(node: Node) -> list[str]:
    """Return the ids that a key names: one alone, or a list."""
    return [each.text for each in node] or [node.text]


def _enrolled(others: Node, start: Node, key: str) -> bool:
    """Say whether following a key from one thing to the next comes to one that does not have it."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        current = ahead.pop()
        if not current[key]:
            return True
        names = _named_by(current[key])
        ahead += [others.find(name) for name in names if name not in seen]
        seen.update(names)
    return False


RULES: tuple[Rule, ...] = (origin,)
