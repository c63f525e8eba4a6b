"""Rules on dosing and visits that the shape of a protocol decides: checked by the schema, documented here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


@rule("DOSE01", Severity.ERROR, reads=("/interventions",))
def regimen(trial: Trial) -> Iterator[Found]:  # noqa: ARG001 - the schema decides; this is the place of its words
    """A medicine has a product, a route, and a regimen of steps with dose, schedule and end.

    Why: "standard infusion" cannot be repeated by another site, let alone by another trial.

    Applies: an intervention is a drug, biologic, vaccine, genetic or dietary, or radiation.

    Basis:
        SPIRIT 2025, 15a (H)
        TIDieR 2014, 8 (H)
        ICH M11 Step 4, 6.1 and 6.3 (H)

    Fails::

        interventions:
          - {id: KET, kind: drug, role: experimental, description: standard ketamine infusion}

    Passes::

        interventions:
          - id: KET
            kind: drug
            role: experimental
            route: INTRAVENOUS DRIP
            product: {form: 'INJECTION, SOLUTION', strength: 50 mg/mL}
            regimen:
              steps:
                - {id: S, dose: 35 mg, duration: 4 h, when: days, days: [0 d, 1 d]}
    """
    yield from ()


@rule("FU01", Severity.ERROR, reads=("/schedule/visits",))
def anchored(trial: Trial) -> Iterator[Found]:  # noqa: ARG001 - the schema decides; this is the place of its words
    """A visit names one anchor and an offset from it.

    Why: "week 4" of what? Three trials that count from randomisation, from the first and from the last dose cannot be
    pooled by the names of their visits.

    Applies: a visit is not unscheduled.

    Basis:
        SPIRIT 2025, 18 (H)
        ICH M11 Step 4, 1.3 (H)

    Fails::

        schedule: {visits: [{id: V4, name: Week 4}]}

    Passes::

        schedule:
          visits:
            - {id: V4, name: Week 4, epoch: TREATMENT, anchor: first_dose, offset: 4 wk,
               window: {before: 3 d, after: 3 d}}
    """
    yield from ()


RULES: tuple[Rule, ...] = (regimen, anchored)
