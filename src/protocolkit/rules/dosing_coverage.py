"""Rules on who is given what: every cohort and weight has a dose, and every medicine an arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import is_taper, steps_of
from protocolkit.findings import Severity
from protocolkit.rules import dosing_bands, dosing_cohorts, dosing_entry
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.trial import DRUG_KINDS, named
from protocolkit.schedule.exposure import interventions_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# What goes to participants by need or to all of them, whether or not an arm names it.
_BESIDE = frozenset({
    "rescue_medicine", "background_treatment", "diagnostic", "challenge_agent", "additional_required_treatment",
})  # fmt: skip
_APART = ("age", "limits")  # what tells cohorts apart so that a range between them can be left out
_MOST = 3  # cohorts with steps beside which a single one without is more likely forgotten than meant
_PARTED = ("band", "age", "cohorts", "arms")


@rule(
    "DOSE21", Severity.ERROR,
    reads=("/interventions/*/regimen/steps", "/population/cohorts", "/population/inclusion", "/population/exclusion",
           "/population/age", "/arms"), tags=("drug",),
)  # fmt: skip
def covered(trial: Trial) -> Iterator[Found]:
    """Doses by arm, by cohort or by band of weight or age leave nobody out, and give nobody two.

    Why: a child of exactly 20 kg who stands in two bands gets the dose that the pharmacist happens to read first, and
    one who stands in none gets no dose at all.

    Applies: steps of a regimen are meant for arms, cohorts, or bands of body size or age, or a dose by weight leaves
    people out. Cohorts with doses of their own leave no age between them, nor a value by which their limits tell them
    apart; where their definitions alone say the limits, it is a warning. A cohort whose arms do not get the medicine,
    or whose members belong to other participants, needs no dose of it; nor does one beside the subset that a medicine
    is meant for, unless its arm has nothing else for it, or several cohorts by age or by limits, or all others, have
    doses: a warning where no age or limit tells who is left out. Weights that may enter are
    those of criteria with measure, above and below; ages are counted in completed months and years.

    Basis:
        internal consistency of the protocol, regimen (H)
        TIDieR 2014, 8 (M)

    Fails::

        interventions:
          - id: SYR
            kind: drug
            regimen:
              steps:
                - {id: LIGHT, dose: 4 mg, band: {max: 20 kg}}
                - {id: HEAVY, dose: 5 mg, band: {min: 20 kg}}

    Passes::

        interventions:
          - id: SYR
            kind: drug
            regimen:
              steps:
                - {id: LIGHT, dose: 4 mg, band: {max: 20 kg, max_inclusive: false}}
                - {id: HEAVY, dose: 5 mg, band: {min: 20 kg}}
    """
    parted = [each for each in trial.drugs if any(map(_is_parted, steps_of(each["regimen"])))]
    if not parted:
        raise NotApplicable("no step is meant for an arm, a cohort or a band of body size or age alone")
    for intervention in parted:
        yield from _arms_left_out(trial, intervention)
        for steps in (intervention["regimen"]["steps"], intervention["regimen"]["taper"]["steps"]):
            yield from _left_out(trial, intervention, steps)
        yield from dosing_bands.faults(trial, intervention)
    yield from dosing_entry.not_eligible(trial, parted)
    yield from dosing_bands.cohorts_apart(trial, parted)
    yield from dosing_cohorts.faults(trial, parted)


def _is_parted(step: Node) -> bool:
    """Say whether a step is not for everybody."""
    return any(step[key] for key in _PARTED) or step["scaling"]["outside"].text == "not_eligible"


def _arms_left_out(trial: Trial, intervention: Node) -> Iterator[Found]:
    """Find arms that get a medicine of which no step is meant for them, and steps for arms that do not get it."""
    steps = [*intervention["regimen"]["steps"]]
    getting = [arm for arm in trial.root["arms"] if _gets(arm, intervention)]
    meant = {node.text for step in steps for node in step["arms"]}
    for arm in getting:
        if all(step["arms"] for step in steps) and arm["id"].text not in meant:
            message = f"{named(intervention)}: no step is meant for arm {named(arm)}, which gets it"
            yield Found(intervention["regimen"]["steps"], message, "add a step for it", ((arm, "the arm"),))
    for node in (node for step in steps for node in step["arms"]):
        arm = trial.root["arms"].find(node.text)
        if arm and node.text not in {each["id"].text for each in getting}:
            message = f"{named(intervention)}: a step is meant for arm {named(arm)}, which does not get it"
            yield Found(node, message, "name the medicine in the arm, or leave the arm out", ((arm, "the arm"),))


def _gets(arm: Node, intervention: Node) -> bool:
    return intervention["id"].text in {each["id"].text for each in interventions_of(arm)}


def _left_out(trial: Trial, intervention: Node, steps: Node) -> Iterator[Found]:
    """Find cohorts for which no step is meant, where every step is meant for some cohort; and steps for partners."""
    for node in (node for step in steps for node in step["cohorts"]):
        cohort = trial.at("/population/cohorts").find(node.text)
        if cohort["belongs_to"]:
            message = f"{named(intervention)}: a step is meant for cohort {named(cohort)}, which gets no intervention"
            hint = "leave the cohort out, or remove belongs_to where it gets an intervention of its own"
            yield Found(node, message, hint, ((cohort["belongs_to"], "belongs to other participants"),))
    if not steps or not all(step["cohorts"] for step in steps):
        return
    whole = "the taper" if is_taper(steps) else "the regimen"
    arms = [arm for arm in trial.root["arms"] if _gets(arm, intervention)]
    asked = [each for each in trial.assigned_cohorts if _may_get(each, arms)]
    meant = _cohorts_of(steps)
    for cohort in (each for each in asked if each["id"].text not in meant):
        if not _another(arms, meant, cohort["id"].text) and _is_a_gap(trial, steps, cohort, asked):
            message = f"{named(intervention)}: no step of {whole} is meant for cohort {named(cohort)}"
            hint = "add a step for it, or say under arms of the cohort that it does not get this medicine"
            told = any(cohort[key] for key in _APART)
            weight = None if told else Severity.WARNING
            yield Found(steps, message, hint, ((cohort, "the cohort"),), severity=weight)


def _may_get(cohort: Node, arms: list[Node]) -> bool:
    """Say whether somebody of a cohort is in one of the arms, as far as the cohort says in which it is."""
    own = {node.text for node in cohort["arms"]}
    return not own or not arms or any(arm["id"].text in own for arm in arms)


def _cohorts_of(steps: Iterable[Node]) -> set[str]:
    return {node.text for step in steps for node in step["cohorts"]}


def _is_a_gap(trial: Trial, steps: Node, cohort: Node, asked: list[Node]) -> bool:
    """Say whether a cohort that no step is meant for is left out, and not one that does not get the medicine.

    It is left out where its arm gives it nothing else, where it gets the medicine and has no taper of it, where several
    cohorts that age or another limit tells apart have steps, or where it alone of four and more has none. A medicine
    for one subset, as a second vaccine for those in whom both are tried, leaves nobody out.
    """
    meant = _cohorts_of(steps)
    with_steps = [each for each in asked if each["id"].text in meant]
    apart = any(cohort[key] and sum(bool(each[key]) for each in with_steps) > 1 for key in _APART)
    alone = len(with_steps) >= _MOST and len(asked) - len(with_steps) == 1
    intervention = steps.document.root["interventions"][steps.path[1]]
    if is_taper(steps):
        return _is_meant(intervention, cohort)
    return apart or alone or _gets_nothing(trial, intervention, cohort)


def _gets_nothing(trial: Trial, intervention: Node, cohort: Node) -> bool:
    """Say whether some arm that gives a medicine has nothing else for a cohort."""
    those = [
        interventions_of(arm) for arm in trial.root["arms"] if _gets(arm, intervention) and _may_get(cohort, [arm])
    ]
    if not trial.root["arms"]:
        those = [[*trial.root["interventions"]]]
    return any(not any(_is_meant(each, cohort) for each in given) for given in those)


def _is_meant(intervention: Node, cohort: Node) -> bool:
    """Say whether an intervention is for a cohort, as far as its steps say for whom they are."""
    steps, name = [*intervention["regimen"]["steps"]], cohort["id"].text
    return not steps or any(not step["cohorts"] or name in {node.text for node in step["cohorts"]} for step in steps)


def _another(arms: list[Node], meant: set[str], cohort: str) -> bool:
    """Say whether, in every arm that gives a medicine to some cohorts, a cohort gets another one in its place.

    That is a medicine of which each step is meant for cohorts, for this one and for none that gets the first.
    """
    others = {
        each["id"].text
        for arm in arms
        for each in interventions_of(arm)
        if each["kind"].text in DRUG_KINDS
        and all(step["cohorts"] for step in each["regimen"]["steps"])
        and cohort in (own := {node.text for step in each["regimen"]["steps"] for node in step["cohorts"]})
        and not own & meant
    }
    return bool(arms) and all(others & {each["id"].text for each in interventions_of(arm)} for arm in arms)


@rule(
    "DOSE22",
    Severity.WARNING,
    reads=(
        "/interventions/*/id",
        "/interventions/*/role",
        "/interventions/*/device",
        "/arms",
        "/design/run_in",
        "/design/roll_in",
    ),
)
def assigned(trial: Trial) -> Iterator[Found]:
    """What the trial gives is given in an arm, and what an arm lets choose is its own.

    Why: a medicine that no arm names is bought, described and dosed, and nobody gets it; often the arm names another.

    Applies: arms name what they are given. Rescue, background treatment and the like need no arm, nor does what is used
    where a device fails.

    Basis:
        internal consistency of the protocol, arms and interventions (H)
        SPIRIT 2025, 15a (M)

    Fails::

        arms: [{id: SHORT, interventions: [D3]}, {id: LONG, interventions: [D3]}]
        interventions: [{id: D3, role: experimental}, {id: D14, role: active_comparator}]

    Passes::

        arms: [{id: SHORT, interventions: [D3]}, {id: LONG, interventions: [D14]}]
        interventions: [{id: D3, role: experimental}, {id: D14, role: active_comparator}]
    """
    given = {each["id"].text for arm in trial.root["arms"] for each in interventions_of(arm)}
    given |= {node.text for key in ("run_in", "roll_in") for node in trial.each(f"/design/{key}/interventions/*")}
    given |= {node.text for node in trial.each("/interventions/*/device/conversions/*/intervention")}
    if not given:
        raise NotApplicable("no arm names what it is given")
    left = [
        each
        for each in trial.root["interventions"]
        if each["id"] and each["id"].text not in given and each["role"].text not in _BESIDE
    ]
    for intervention in left:
        arms = listed([arm["id"].text for arm in trial.root["arms"]], "or")
        message = f"{named(intervention)} is given in no arm ({arms})"
        yield Found(intervention, message, "name it under interventions of an arm, or remove it")
    yield from _not_offered(trial)


def _not_offered(trial: Trial) -> Iterator[Found]:
    """Find what participants of an arm may get by choice and the arm does not name."""
    for arm in trial.root["arms"]:
        offered = {each["id"].text for each in interventions_of(arm)}
        lists = (each for choice in arm["choices"] for each in (choice, *choice["options"]))
        for node in (name for each in lists for name in each["interventions"]):
            if node.text not in offered:
                message = f"{node.text} is a choice in the arm {arm['id'].text}, which does not name it"
                yield Found(node, message, "name it under interventions of the arm, or leave it out of the choice")


RULES: tuple[Rule, ...] = (covered, assigned)
