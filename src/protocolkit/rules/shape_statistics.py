"""Rules on statistics, estimands and the end of a trial that the shape of a protocol decides; documented here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


@rule("EST04", Severity.ERROR, reads=("/objectives/*/estimands",))
def strategy_details(trial: Trial) -> Iterator[Found]:  # noqa: ARG001 - the schema decides; this is the place of its words
    """A composite strategy states the value assigned, a hypothetical one its scenario, while on treatment its end.

    Why: "composite" without the value that the event brings, and "hypothetical" without what would have happened, leave
    the analysis open.

    Applies: an intercurrent event has the strategy composite, hypothetical or while_on_treatment.

    Basis:
        ICH E9(R1), A.3.2 strategies (H)

    Fails::

        objectives:
          - id: O1
            level: exploratory
            text: to explore
            endpoints: [{id: E1, outcome: NRS}]
            estimands:
              - {id: S1, variable: E1, intercurrent_events: [{event: death, strategy: composite}]}

    Passes::

        objectives:
          - id: O1
            level: exploratory
            text: to explore
            endpoints: [{id: E1, outcome: NRS}]
            estimands:
              - id: S1
                variable: E1
                intercurrent_events:
                  - {event: death, strategy: composite, value_if_composite: worst score of the scale}
    """
    yield from ()


@rule("REG04", Severity.ERROR, reads=("/design", "/oversight"))
def end_and_after(trial: Trial) -> Iterator[Found]:  # noqa: ARG001 - the schema decides; this is the place of its words
    """The end of the trial, who closes a site on what grounds, and access after the trial or why there is none, stand.

    Why: participants and sites must know when duties end, who may end them early, and what becomes of a treatment that
    helped.

    Basis:
        ICH M11 Step 4, 4.4, 4.5 and 11.11 (H)
        Declaration of Helsinki 2024, paragraph 34 (H)

    Fails::

        design: {model: parallel}
        oversight: {site_closure: {decided_by: sponsor}}

    Passes::

        design:
          model: parallel
          end_of_trial: last visit of the last participant
          post_trial_access: {none_reason: the medicine is available on prescription}
        oversight: {site_closure: {decided_by: sponsor, grounds: 'safety, no recruitment'}}
    """
    yield from ()


RULES: tuple[Rule, ...] = (strategy_details, end_and_after)
