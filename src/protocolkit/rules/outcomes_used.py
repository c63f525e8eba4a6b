"""Rule on outcomes that are measured for nothing that the protocol names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_WORDS = Pattern(r"[\w-]+", exact=True)
_ITS_OWN = frozenset({"outcomes", "schedule", "abbreviations", "references"})  # parts that describe, and use nothing


@rule(
    "OUT17",
    Severity.INFO,
    reads=(
        *below("/outcomes/*", "components", "id", "name"),
        *below("/objectives/*", "endpoints", "kind"),
        "/population/severity_at_entry",
    ),
)
def used(trial: Trial) -> Iterator[Found]:
    """Each outcome is in an endpoint, or the protocol says what else it is for.

    Why: what is measured for no endpoint is a burden without a use, or a result that is told only when it pleases.

    Applies: endpoints are stated. Components of a composite, outcomes of harm, the measure of severity at entry, and
    what another part of the protocol names by its id or its name are used.

    Basis:
        SPIRIT 2025, 16 (M)
        Declaration of Helsinki 2024, paragraph 22 (L)

    Fails::

        outcomes: [{id: PAIN, name: pain}, {id: SLEEP, name: sleep}]
        objectives: [{id: O1, endpoints: [{id: E1, outcome: PAIN}]}]

    Passes::

        outcomes: [{id: PAIN, name: pain}, {id: SLEEP, name: sleep}]
        objectives: [{id: O1, endpoints: [{id: E1, outcome: PAIN}, {id: E2, outcome: SLEEP}]}]
    """
    read = {node.text for node in trial.each("/objectives/*/endpoints/*/outcome")}
    if not read:
        raise NotApplicable("no endpoint is stated")
    read |= {node.text for node in trial.each("/outcomes/*/components/*/outcome")}
    read |= {node.text for node in trial.each("/population/severity_at_entry/outcome")}
    read |= {node.text for node in trial.each("/population/severity_at_entry/*/outcome")}
    left = [each for each in trial.root["outcomes"] if each["id"] and each["id"].text not in read]
    texts = [text for path, text in trial.texts if path[0] not in _ITS_OWN] if left else []
    words, prose = {word for text in texts for word in _WORDS.findall(text)}, "\n".join(map(folded, texts))
    for outcome in left:
        own, name = outcome["id"].text, folded(outcome["name"].text)
        if own not in trial.safety_purposes | words and not (name and name in prose):
            message = f"{named(outcome)} is measured, and no endpoint is read from it"
            yield Found(
                outcome, message, "name it in an endpoint, of an exploratory objective if need be, or remove it"
            )


RULES: tuple[Rule, ...] = (used,)
