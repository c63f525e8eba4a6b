"""Rules on the protection of participants: withheld care, going home after a dose, blinding and its end, rescue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.blinding_parts import BLINDED
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import length, years
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WITHHELD = frozenset({"no_intervention", "placebo_comparator", "sham_comparator"})
_LEAVING = (("criteria", "the criteria"), ("escort", "an escort"), ("no_driving", "a time without driving"))
_STAYING = Pattern(
    r"\bward\b|\bin-?patient|\bhospital (?:stay|bed|admission)|\bintensive care|\bICU\b|\bhigh dependency"
)
_SAME_DAY = Pattern(r"\bday[ -](?:ward|hospital|unit|clinic|case|care)|\bout-?patient|\bambulator|\bclinic\b")
_NIGHT = 1  # days: an infusion of as long has nobody go home on its day
_DRIVING = 16  # years: nobody younger drives a car, and children are fetched
_FREE = Pattern(r"\bnot\b|\bno(?:ne)?\b|\bnever\b|\bwithout\b|\bunnecessary\b|\bindependent")
_ANY_HOUR = Pattern(
    r"\bany\b|\b24\b|\ball\b|\balways\b|round the clock|day and night|\bat once\b|immediate|\b7/7\b|\bevery hour\b"
)
_PLACEBO = frozenset({"placebo_comparator", "sham_comparator", "no_intervention"})


@rule("ETH01", Severity.ERROR, reads=("/design/control", "/arms/*/type"))
def justified(trial: Trial) -> Iterator[Found]:
    """Placebo, sham or no treatment is justified: what proven care is withheld, and why that is acceptable.

    Why: a placebo where something helps costs its participants that help; it takes a reason of method and no serious
    harm. (That a placebo control has a justification, the shape of the file tells.)

    Applies: an arm gets placebo, sham or no intervention.

    Basis:
        Declaration of Helsinki 2024, paragraph 33 (H)

    Fails::

        design: {control: {type: none}}
        arms: [{id: ACT, type: experimental}, {id: WAIT, type: no_intervention}]

    Passes::

        design: {control: {type: none, justification: nothing helps as yet; usual care goes on in both arms}}
        arms: [{id: ACT, type: experimental}, {id: WAIT, type: no_intervention}]
    """
    arms = [arm for arm in trial.root["arms"] if arm["type"].text in _WITHHELD]
    control = trial.at("/design/control")
    if not arms:
        raise NotApplicable("no arm gets placebo, sham or no intervention")
    if not control["justification"] and not control["standard_of_care"]:
        names = listed([f"{arm['id'].text} ({arm['type'].text})" for arm in arms])
        message = f"{names} without a justification"
        hint = "state design.control.justification: what proven care is withheld, and why this is acceptable"
        yield Found(control["justification"], message, hint, ((arms[0]["type"], "the arm"),))


@rule(
    "ETH02",
    Severity.WARNING,
    reads=(
        "/interventions/*/pharmacology/impairs",
        "/interventions/*/discharge",
        "/interventions/*/place",
        "/interventions/*/regimen/steps/*/duration",
        "/population/age",
    ),
    tags=("drug",),
)
def going_home(trial: Trial) -> Iterator[Found]:
    """After a dose that impairs driving or consciousness, it is stated when and with whom a participant may go home.

    Why: a participant who feels well can still be unfit to drive home.

    Applies: what an intervention impairs is stated, and a step is given under supervision where participants go home on
    the day of a dose: neither on a ward for the sick, nor for a day and longer. Of children, who are fetched, only
    criteria are asked.

    Basis:
        product label of esketamine nasal spray, observation for two hours (M)

    Fails::

        interventions:
          - {id: KET, kind: drug, role: experimental, pharmacology: {impairs: [driving]},
             regimen: {steps: [{id: S, supervised: true}]}}
        outcomes: []

    Passes::

        interventions:
          - {id: KET, kind: drug, role: experimental, pharmacology: {impairs: [driving]},
             regimen: {steps: [{id: S, supervised: true}]},
             discharge: {criteria: 'awake, walks unaided', escort: required, no_driving: until next morning}}
        outcomes: []
    """
    impairing = [
        each
        for each in trial.drugs
        if each["pharmacology"]["impairs"] and any(_leaves_after(each, step) for step in each["regimen"]["steps"])
    ]
    if not impairing:
        raise NotApplicable("nobody is stated to go home after a supervised dose that impairs something")
    oldest = years(trial.at("/population/age/max"))
    asked = _LEAVING[:1] if oldest is not None and oldest < _DRIVING else _LEAVING
    for each in impairing:
        missing = [words for key, words in asked if not each["discharge"][key]]
        if missing:
            impairs = listed([node.text for node in each["pharmacology"]["impairs"]])
            verb = "are" if missing[1:] or "criteria" in missing[0] else "is"
            message = f"{each['id'].text} impairs {impairs}, and {listed(missing)} for going home {verb} not stated"
            related = ((each["pharmacology"]["impairs"], "stated here"),)
            yield Found(each["discharge"], message, "state discharge {criteria, escort, no_driving}", related)


def _leaves_after(intervention: Node, step: Node) -> bool:
    """Say whether a dose is given under supervision, and those who get it may go home on its day."""
    place, lasts = intervention["place"].text, length(step["duration"])
    stays = _STAYING.search(place) and not _SAME_DAY.search(place)
    return step["supervised"].value is True and not stays and (lasts is None or lasts < _NIGHT)


@rule("ETH03", Severity.ERROR, reads=("/design/blinding/emergency_unblinding",))
def emergency(trial: Trial) -> Iterator[Found]:
    """Who breaks the blind in an emergency can do so at any hour, without leave of the sponsor.

    Why: the treatment of an emergency can depend on what a participant got, at night as by day. (Who may do it, how,
    and what is recorded must be there, which the shape of the file tells.)

    Applies: someone is blinded. Where a single-blind trial hides the assignment from neither participants (or their
    representatives) nor those who treat them, such as one with blinded assessors, there is nothing to break.

    Basis:
        SPIRIT 2025, 24c (H)
        ICH M11 Step 4, 6.7.4 (H)
        ICH E6(R3), 4.1.4 (H)
        ICH E6(R3), 2.11 (M)

    Fails::

        design:
          blinding:
            schema: double_blind
            emergency_unblinding: {hours: office hours, sponsor_permission: needed}
        outcomes: []

    Passes::

        design:
          blinding:
            schema: double_blind
            emergency_unblinding: {hours: any, sponsor_permission: not needed}
        outcomes: []
    """
    breaking = trial.at("/design/blinding/emergency_unblinding")
    if not breaking:
        raise NotApplicable("nobody is blinded")
    hours, leave = breaking["hours"], breaking["sponsor_permission"]
    if hours and not _ANY_HOUR.search(hours.text):
        yield Found(hours, f"the blind can be broken {hours.text} only", "make it possible at any hour")
    if leave and not _FREE.search(leave.text):
        message = f"the permission of the sponsor to break the blind: {leave.text}"
        yield Found(leave, message, "let the treating physician decide, without the sponsor's permission")


@rule(
    "ETH04",
    Severity.WARNING,
    reads=("/design/blinding",),
)
def unblinded(trial: Trial) -> Iterator[Found]:
    """Each role that is not blinded is named, with the reason and how it is kept apart from those who are.

    Why: someone packs, prepares or monitors what others must not know; how the knowledge stays there decides whether
    the blind holds.

    Applies: someone is blinded by a schema.

    Basis:
        SPIRIT 2025, 24a and 24b (H)
        ICH M11 Step 4, 6.7.3 (H)

    Fails::

        design: {blinding: {schema: double_blind, roles: [participant, investigator]}}

    Passes::

        design:
          blinding:
            schema: double_blind
            roles: [participant, investigator]
            unblinded_roles: [{role: pharmacist, why: prepares infusions, kept_apart_by: separate room and records}]
    """
    blinding = trial.at("/design/blinding")
    if blinding["schema"].text not in BLINDED:
        raise NotApplicable("nobody is blinded by a schema")
    roles = [*blinding["unblinded_roles"]]
    if not roles:
        message = f"the trial is {blinding['schema'].text.replace('_', ' ')}, and who is not blinded is not stated"
        hint = "name each unblinded role, why it must know, and how it is kept apart"
        yield Found(blinding["unblinded_roles"], message, hint)
    blind = {folded(node.text): node for node in blinding["roles"]}
    for each in roles:
        if (other := blind.get(folded(each["role"].text))) is not None:
            message = f"{each['role'].text} is listed as blinded and as unblinded"
            yield Found(each["role"], message, "tell one of both", ((other, "blinded"),))


@rule(
    "ETH05", Severity.WARNING, reads=("/concomitant/rescue", "/arms/*/type", "/discontinuation"), tags=("chronic-pain",)
)
def rescue(trial: Trial) -> Iterator[Found]:
    """A rescue or escape rule is stated, or why there is none.

    Why: people in pain who get placebo need a way out; without one they leave the trial, or take what nobody records.

    Applies: an arm gets placebo, sham or nothing.

    Basis:
        IMMPACT recommendations, rescue (M)

    Fails::

        arms: [{id: ACT, type: experimental}, {id: PBO, type: placebo_comparator}]
        concomitant: {recording: diary}

    Passes::

        arms: [{id: ACT, type: experimental}, {id: PBO, type: placebo_comparator}]
        concomitant: {rescue: [{substance: paracetamol, dose: 1 g, max_per_day: 3 g}]}
    """
    if not any(arm["type"].text in _PLACEBO for arm in trial.root["arms"]):
        raise NotApplicable("no arm gets placebo, sham or nothing")
    if not trial.at("/concomitant/rescue"):
        hint = "state concomitant.rescue, or none_reason"
        yield Found(trial.at("/concomitant/rescue"), "no rescue medicine and no reason for none", hint)


RULES: tuple[Rule, ...] = (justified, going_home, emergency, unblinded, rescue)
