"""Rule on what participants took before the trial, and stop for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.exposure import needs_of
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.times import length
from protocolkit.rules.trial import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.exposure import Need
    from protocolkit.rules.trial import Trial


@rule(
    "FU15", Severity.WARNING,
    reads=("/population/washouts", *below("/interventions/*", "name", "substance", "names", "pharmacology")),
)  # fmt: skip
def own_medicines(trial: Trial) -> Iterator[Found]:
    """A medicine that is stopped before the trial stays away for five half-lives, or until its effect is over.

    Why: what is left of it changes the baseline and acts beside the first doses. A protocol that gives the medicine to
    some of its participants says itself how long it acts.

    Applies: participants stop a medicine of their own that is one of the protocol's too, with a half-life or a
    duration of effect there or in the library.

    Basis:
        internal consistency of the protocol, washouts and pharmacology (H)

    Fails::

        population: {washouts: [{drug: any earlier memantine, duration: 7 d, start: after consent}]}
        interventions:
          - {id: MEM, substance: memantine, kind: drug, role: experimental,
             pharmacology: {active_moieties: [{name: memantine, half_life: 80 h, source: label}]}}

    Passes::

        population: {washouts: [{drug: any earlier memantine, duration: 17 d, start: after consent}]}
        interventions:
          - {id: MEM, substance: memantine, kind: drug, role: experimental,
             pharmacology: {active_moieties: [{name: memantine, half_life: 80 h, source: label}]}}
    """
    stopped = [(row, days) for row in trial.at("/population/washouts") if (days := length(row["duration"])) is not None]
    if not stopped:
        raise NotApplicable("no own medicine is stopped for a stated time")
    for row, days in stopped:
        named = (medicine for medicine in trial.drugs if _names(row["drug"].text, medicine))
        needed = [need for medicine in named for need in needs_of(medicine)]
        if longest := max(needed, key=lambda need: (not need.confidence, need.days), default=None):
            yield from _too_short(row, days, longest)


def _names(text: str, medicine: Node) -> bool:
    """Say whether a text names a medicine by one of its names, as a word of its own."""
    called = {*names_of(medicine), *(moiety["name"].text for moiety in medicine["pharmacology"]["active_moieties"])}
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in called if name)


def _too_short(row: Node, days: Decimal, need: Need) -> Iterator[Found]:
    if days < need.days:
        message = f"{row['drug'].text} is stopped for {row['duration'].text}, shorter than {need.words}"
        hint = f"make it {need.whole_days} or longer, or waive FU15 with the reason why less is enough"
        yield Found(row["duration"], message, hint, ((need.at, need.what),), confidence=need.confidence)


RULES: tuple[Rule, ...] = (own_medicines,)
