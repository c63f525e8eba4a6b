"""Rules on doses by weight or body surface: their cap and their rounding."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, reference_weights
from protocolkit.dosing.amounts import amount, quantity, scale
from protocolkit.dosing.products import product_of
from protocolkit.dosing.weights import entry_weights
from protocolkit.findings import Severity
from protocolkit.rules.dosing import Step, is_solid, steps
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SURFACE, _ADULT = Decimal(2), Decimal(18)
_OF_CARE = frozenset({"NIMP", "auxiliary"})  # prepared as everybody else's at the site


@rule(
    "DOSE04", Severity.INFO,
    reads=("/interventions/*/regimen/steps", "/concomitant/premedication", "/population"),
    severity_by_tag={"chronic-pain": Severity.WARNING},
)  # fmt: skip
def caps(trial: Trial) -> Iterator[Found]:
    """A dose by weight or surface has a highest amount, or a reason for none.

    Why: without a cap the heaviest participant gets a dose that nobody has looked at, and two trials with the same dose
    per kilogram differ in what people receive.

    Applies: a step has a dose per kg or per m2, or a premedication has one where minors may enter. A range of weights
    with what happens outside it is a cap. All steps without one are told together.

    Basis:
        TIDieR 2014, 8 (H)
        Schwartzman 2009 (rate capped at 25 mg/h), abstract (H)

    Fails::

        interventions:
          - id: KET
            kind: drug
            regimen: {steps: [{id: S, dose: 0.5 mg/kg, duration: 4 h, when: once, from: 0 d}]}

    Passes::

        interventions:
          - id: KET
            kind: drug
            regimen:
              steps: [{id: S, dose: 0.5 mg/kg, duration: 4 h, when: once, from: 0 d, max_per_administration: 50 mg}]
    """
    before = [*_before_the_dose(trial)]
    for each in before:
        if not each["max_per_administration"]:
            message = f"the premedication {each['substance'].text} has no cap; {_heaviest(trial, each['dose'])}"
            yield Found(each["dose"], message, "state max_per_administration", severity=Severity.INFO)
    scaled = () if before and not any(scale(step.node) for step in steps(trial)) else _scaled(trial)
    if lacking := [step for step in scaled if not _bounded(step.node)]:
        hint = "state max_per_administration, max_rate, scaling.cap, or no_cap_reason"
        yield _together(lacking, ("has no cap", "have no cap"), hint)


def _together(lacking: list[Step], told: tuple[str, str], hint: str, severity: Severity | None = None) -> Found:
    """Tell once of all steps that lack the same: one policy is the answer to all of them."""
    first, *more = lacking
    if not more:
        return Found(first.node, f"{first.words} {told[0]}; {_largest(first)}", hint, severity=severity)
    message = f"{listed([f'{step.words} ({_largest(step)})' for step in lacking])} {told[1]}"
    return Found(first.node, message, hint, tuple((step.node, "as here") for step in more), severity=severity)


def _heaviest(trial: Trial, dose: Node) -> str:
    """Say what a dose by weight gives in the heaviest who may enter, or that nothing limits it."""
    limits = [limit for limit, _, enters in entry_weights(trial.root["population"]) if enters == "below"]
    stated = quantity(dose)
    if not limits or stated is None:
        return f"{dose.text} grows without limit"
    largest, unit = stated.value * min(limits), stated.unit.code.replace("/kg", "", 1)
    return f"{dose.text} gives {plain(largest)} {unit} at {min(limits):f} kg, the most with which people may enter"


def _before_the_dose(trial: Trial) -> Iterator[Node]:
    """Yield what is given by weight before a dose, where children take part: they may weigh as much as adults."""
    youngest = quantity(trial.at("/population/age/min"))
    if youngest is not None and (youngest.unit.code != "a" or youngest.value < _ADULT):
        for each in trial.at("/concomitant/premedication"):
            found = quantity(each["dose"])
            if found is not None and "/kg" in found.unit.code:
                yield each


def _scaled(trial: Trial) -> list[Step]:
    found = [step for step in steps(trial) if scale(step.node)]
    if not found:
        raise NotApplicable("no dose is per kg or per m2")
    return found


def _bounded(step: Node) -> bool:
    scaling = step["scaling"]
    stated = (
        step["max_per_administration"],
        step["max_rate"],
        step["no_cap_reason"],
        scaling["cap"],
        step["band"]["max"],
    )
    return any(stated) or bool(scaling["range"]["max"] and scaling["outside"])


def _largest(step: Step) -> str:
    """Say what a dose gives at the heaviest weight of the table of doses, or the dose alone."""
    heavy = reference_weights(step.intervention)[-1:] or [Decimal(100)]
    body, at = (
        (Body(surface=_SURFACE), "2.0 m2") if scale(step.node) == "m2" else (Body(weight=heavy[0]), f"{heavy[0]:f} kg")
    )
    try:
        found = amount(step.node, product_of(step.intervention), body, 1)
    except NotComputable:
        return f"{step.node['dose'].text} grows without limit"
    return f"{step.node['dose'].text} at {at} gives {plain(found.value)} {found.unit}"


@rule(
    "DOSE09", Severity.ERROR,
    reads=("/interventions/*/regimen/steps", "/interventions/*/product", "/interventions/*/imp_status"), tags=("drug",),
)  # fmt: skip
def rounding(trial: Trial) -> Iterator[Found]:
    """A computed dose says what is rounded, to which step and how; or that nothing is rounded.

    Why: 0.35 mg/kg/h at 71 kg is 24.85 mg/h; one pharmacy sets 24.8, another 24.9 and a third 25. For tablets the dose
    cannot be given at all until somebody rounds it, so that it is an error there and a warning elsewhere.

    Applies: a step has a dose per kg or per m2. A medicine that is not investigated (imp_status NIMP or auxiliary) is
    prepared as in routine care, and is information. All steps of one weight are told together.

    Basis:
        TIDieR 2014, 8 (M)
        reproducibility of the dose, own requirement (H)

    Fails::

        interventions:
          - id: DRUG
            kind: drug
            product: {form: TABLET, strengths: [50 mg]}
            regimen: {steps: [{id: S, dose: 5 mg/kg, when: once, from: 0 d}]}

    Passes::

        interventions:
          - id: DRUG
            kind: drug
            product: {form: TABLET, strengths: [50 mg]}
            regimen:
              steps:
                - {id: S, dose: 5 mg/kg, when: once, from: 0 d,
                   rounding: {quantity: dose, to: 50 mg, method: half_up}}
    """
    lacking: dict[Severity, list[Step]] = {}
    for step in _scaled(trial):
        if not step.node["rounding"]:
            lacking.setdefault(_weight(step.intervention), []).append(step)
    for weight, alike in lacking.items():
        hint = "state rounding {quantity, to, method}, or rounding.none_reason"
        told = ("does not say how the dose is rounded", "do not say how the dose is rounded")
        yield _together(alike, told, hint, weight)


def _weight(intervention: Node) -> Severity:
    """Return what a dose that nobody rounds weighs: tablets cannot be given, routine care has its own policy."""
    if intervention["imp_status"].text in _OF_CARE:
        return Severity.INFO
    return Severity.ERROR if is_solid(intervention["product"]) else Severity.WARNING


RULES: tuple[Rule, ...] = (caps, rounding)
