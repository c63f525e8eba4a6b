"""The rules that the shape of a protocol decides: checked by the schema (`x-rule`, `x-covered`), documented here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


@rule("DOSE01", Severity.ERROR, reads=("/interventions",))
def regimen(trial: Trial) -> Iterator[Found]:
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
def anchored(trial: Trial) -> Iterator[Found]:
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


@rule("AE01", Severity.ERROR, reads=("/adverse_events",))
def stated(trial: Trial) -> Iterator[Found]:
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


@rule("EST04", Severity.ERROR, reads=("/objectives/*/estimands",))
def strategy_details(trial: Trial) -> Iterator[Found]:
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
def end_and_after(trial: Trial) -> Iterator[Found]:
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


@rule("DOSE03", Severity.ERROR, reads=("/interventions/*/regimen/steps",))
def scaling(trial: Trial) -> Iterator[Found]:
    """A dose by weight or surface says which weight, from which visit, and when it is measured again.

    Why: "0.5 mg/kg" leaves open whether the actual or the ideal weight counts and what happens when it changes; two
    trials with the same sentence can give doses that differ by a third.

    Applies: a step has a dose per kg or per m2.

    Basis:
        TIDieR 2014, 8 (H)
        SPIRIT 2025, 15a (H)

    Fails::

        interventions:
          - id: DRUG
            kind: drug
            role: experimental
            regimen:
              steps: [{id: S, when: once, from: 0 d, dose: 0.5 mg/kg, duration: 4 h}]

    Passes::

        interventions:
          - id: DRUG
            kind: drug
            role: experimental
            regimen:
              steps:
                - {id: S, when: once, from: 0 d, dose: 0.5 mg/kg, duration: 4 h,
                   scaling: {weight: actual, visit: BL, reweigh: never}}
    """
    yield from ()


RULES: tuple[Rule, ...] = (regimen, anchored, stated, strategy_details, end_and_after, scaling)
