"""The rules that the shape of a protocol decides: checked by the schema (`x-rule`, `x-covered`), documented here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


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


RULES: tuple[Rule, ...] = (scaling,)
