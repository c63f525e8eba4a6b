"""Rule on adverse events that the shape of a protocol decides: checked by the schema, told here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


@rule("AE01", Severity.ERROR, reads=("/adverse_events",))
def stated(trial: Trial) -> Iterator[Found]:  # noqa: ARG001 - the schema decides; this is the place of its words
    """Adverse events come with windows, ways of ascertainment, a scale of severity, a dictionary and a causality scale.

    Why: "safety will be monitored" lets each site decide what an event is, when it counts and how bad it was.

    Basis:
        SPIRIT 2025, 17 (H)
        ICH M11 Step 4, 9.2.1 and 9.2.2 (H)

    Fails::

        adverse_events: {follow_up: until resolved}

    Passes::

        adverse_events:
          windows:
            AE: {start: first_dose, end: {anchor: last_dose, offset: 30 d}}
            SAE: {start: consent, end: {anchor: last_dose, offset: 30 d}}
            pregnancy: {none_reason: only people who cannot become pregnant take part}
          ascertainment: [{event: any, mode: open_question, visits: [V4, V12]}]
          grading: {scale: 'mild, moderate, severe'}
          coding: {dictionary: MedDRA, version_policy: current_at_database_lock}
          causality: {scale: related or not related}
    """
    yield from ()


RULES: tuple[Rule, ...] = (stated,)
