"""Rule on what is an intercurrent event, and what is missing data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.estimands import intercurrent_events
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_MISSING = Pattern(
    r"\bdrop[- ]?outs?\b|\bloss[- ]to[- ]follow|\blost to follow|\bmissing\b|\bmissingness\b|\bmissed\b"
    r"|\bwithdraw\w* (?:of consent|from (?:the )?(?:trial|study)|consent)"
)

# What is not given, unlike a visit or a value, changes what the value means.
_GIVEN = (
    r"(?:dos(?:e|es|ing)|inject|infus|administ|tablet|capsule|pill|patch|treatment|vaccin|booster|session|fraction|cycle"
    r"|course|therapy|medication|drug)"
)
_NOT_GIVEN = Pattern(
    rf"\bmiss(?:ed|ing) (?:\w+ ){{0,2}}{_GIVEN}|\b{_GIVEN}\w*(?: (?!data|values?|outcomes?)\w+){{0,2}} miss(?:ed|ing)\b"
)


@rule("EST05", Severity.WARNING, reads=("/objectives/*/estimands",))
def missing_is_no_event(trial: Trial) -> Iterator[Found]:
    """Loss to follow-up, drop-out and missed visits are missing data, not intercurrent events.

    Why: an intercurrent event changes what a value means; drop-out hides a value that would have meant the same. The
    one needs a strategy, the other an assumption.

    Applies: an estimand lists intercurrent events. A dose that is missed is one.

    Basis:
        ICH E9(R1), A.3.1 intercurrent events and missing data are apart (H)

    Fails::

        objectives:
          - {id: O1, estimands: [{id: S1, intercurrent_events: [{event: dropout, strategy: hypothetical}]}]}

    Passes::

        objectives:
          - id: O1
            estimands:
              - id: S1
                intercurrent_events: [{event: treatment_discontinuation, strategy: treatment_policy}]
                missing_data: {assumption: missing at random}
    """
    events = intercurrent_events(trial)
    if not events:
        raise NotApplicable("no estimand lists intercurrent events")
    for estimand, event in events:
        told = event["event"].text.replace("_", " ")
        if match := _MISSING.search(_NOT_GIVEN.sub("", told)):
            message = f"estimand {estimand['id'].text}: {match[0]} is missing data, not an intercurrent event"
            yield Found(event["event"], message, "move it to missing_data of the estimand")


RULES: tuple[Rule, ...] = (missing_is_no_event,)
