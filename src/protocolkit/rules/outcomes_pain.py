"""Rules on the outcomes that trials of chronic pain share: domains, mood, opioids, responders, lasting effects."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.amounts import quantity
from protocolkit.dosing.times import administered
from protocolkit.findings import Severity
from protocolkit.rules.instruments import domains, measures, omitted
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.morphine import is_opioid
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import DOSING_DAYS, in_days
from protocolkit.rules.trial import named
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_EMOTIONAL = "emotional_functioning"
_IMMPACT = (
    "pain", "physical_functioning", _EMOTIONAL, "participant_ratings_of_improvement_and_satisfaction",
    "symptoms_and_adverse_events", "participant_disposition",
)  # fmt: skip
# Domains that other parts of a protocol hold: how harm is found, and why participants stop.
_ELSEWHERE = {
    "symptoms_and_adverse_events": "/adverse_events/ascertainment",
    "participant_disposition": "/discontinuation/reasons",
}
_MODERATE, _SUBSTANTIAL = Decimal(30), Decimal(50)
_ACUTE = Pattern(r"\b(acute|immediate|immediately|short[- ]term|within .{0,12}(hours?|h|min)|onset|rapid)\b")
_ONE_DAY = Decimal(1)


@rule(
    "OUT03", Severity.WARNING,
    reads=(*below("/outcomes/*", "domain", "id", "instrument"), "/objectives/*/omitted_domains",
           "/adverse_events/ascertainment", "/discontinuation/reasons"),
    tags=("chronic-pain",),
)  # fmt: skip
def core_domains(trial: Trial) -> Iterator[Found]:
    """Each of the six core domains of chronic pain has an outcome, or the reason for none.

    Why: reviews can only combine what trials measure; the six domains were agreed so that each trial gives them all.
    (Emotional functioning without any measure of depressive symptoms is told by OUT04.)

    Applies: outcomes are stated. Harms and disposition may be told by the sections on adverse events and on stopping.

    Basis:
        IMMPACT 2003 and 2005, core domains (H)

    Fails::

        outcomes: [{id: NRS, domain: pain}, {id: PHQ9, domain: emotional_functioning, construct: depressive_symptoms}]

    Passes::

        outcomes:
          - {id: NRS, domain: pain}
          - {id: BPI, domain: physical_functioning}
          - {id: PHQ9, domain: emotional_functioning, construct: depressive_symptoms}
          - {id: PGIC, domain: participant_ratings_of_improvement_and_satisfaction}
        adverse_events: {ascertainment: [{event: any, mode: open_question, visits: [V4]}]}
        discontinuation: {reasons: [adverse_event, lack_of_effect]}
    """
    outcomes = [*trial.root["outcomes"]]
    if not outcomes:
        raise NotApplicable("no outcome is stated")
    held = {domain for outcome in outcomes for domain in domains(outcome)}
    held |= {domain for domain, place in _ELSEWHERE.items() if trial.at(place)}
    missing = [domain for domain in _IMMPACT if domain not in held and not omitted(trial, domain)]
    if _EMOTIONAL in missing and not _mood(trial):
        missing.remove(_EMOTIONAL)
    if missing:
        told = listed([domain.replace("_", " ") for domain in missing])
        message = f"no outcome and no reason for {told}"
        hint = "add an outcome with this domain, or say under omitted_domains of an objective why it is not measured"
        yield Found(trial.root["outcomes"], message, hint)


def _mood(trial: Trial) -> bool:
    return any(measures(outcome, "depressive_symptoms") for outcome in trial.root["outcomes"])


@rule(
    "OUT04",
    Severity.ERROR,
    reads=(*below("/outcomes/*", "construct", "id", "instrument"), "/objectives/*/omitted_domains"),
    tags=("chronic-pain",),
)
def depressive_symptoms(trial: Trial) -> Iterator[Found]:
    """Depressive symptoms are measured, or the reason for not measuring them is given.

    Why: the Cochrane review of 67 trials found no usable data on depressive symptoms, which pain and its treatments
    change; a trial that does not measure them cannot answer, for ever.

    Applies: outcomes are stated.

    Basis:
        IMMPACT 2003 and 2005, emotional functioning (H)

    Fails::

        outcomes: [{id: NRS, domain: pain}]

    Passes::

        outcomes: [{id: PHQ9, domain: emotional_functioning, construct: depressive_symptoms}]
    """
    if not trial.root["outcomes"]:
        raise NotApplicable("no outcome is stated")
    if not _mood(trial) and not omitted(trial, "depressive_symptoms", "depression", _EMOTIONAL):
        message = "no outcome measures depressive symptoms, and no reason is given"
        hint = "add an outcome with construct: depressive_symptoms, or a reason under omitted_domains of an objective"
        yield Found(trial.root["outcomes"], message, hint)


@rule(
    "OUT05",
    Severity.ERROR,
    reads=(*below("/outcomes/*", "construct", "id", "instrument"), "/objectives/*/omitted_domains", "/concomitant"),
    tags=("chronic-pain",),
)
def opioid_use(trial: Trial) -> Iterator[Found]:
    """The use of opioids is measured, or the reason for not measuring it is given.

    Why: pain that is equal in both arms while one takes half the opioids is a benefit that nobody sees; the Cochrane
    review found no trial that reported it.

    Applies: opioids are permitted, or nothing says that they are not.

    Basis:
        IMMPACT 2003 and 2005, use of rescue and concomitant analgesics (M)

    Fails::

        concomitant: {permitted: [{class: opioid, limit: 60 mg/d}]}
        outcomes: [{id: NRS, domain: pain}]

    Passes::

        concomitant: {permitted: [{class: opioid, limit: 60 mg/d}]}
        outcomes: [{id: MME, construct: opioid_use, table: CDC 2022}]
    """
    if not trial.root["outcomes"]:
        raise NotApplicable("no outcome is stated")
    allowed = [
        row
        for key in ("permitted", "rescue", "background")
        for row in trial.at(f"/concomitant/{key}")
        if is_opioid(row)
    ]
    if not allowed and any(is_opioid(row) for row in trial.at("/concomitant/prohibited")):
        raise NotApplicable("opioids are prohibited")
    measured = any(measures(outcome, "opioid_use") for outcome in trial.root["outcomes"])
    if measured or omitted(trial, "opioid_use", "opioids", "opioid consumption"):
        return
    status = "permitted" if allowed else "not mentioned under concomitant therapy"
    message = f"opioids are {status}, and no outcome measures their use"
    hint = "add an outcome with construct: opioid_use, prohibit opioids, or give a reason under omitted_domains"
    related = ((allowed[0], "permitted here"),) if allowed else ()
    yield Found(trial.root["outcomes"], message, hint, related)


@rule(
    "OUT06",
    Severity.WARNING,
    reads=("/objectives/*/endpoints", *below("/outcomes/*", "domain", "id", "instrument")),
    tags=("chronic-pain",),
    tags_off=("pilot",),
)
def responders(trial: Trial) -> Iterator[Found]:
    """Responders in pain are reported at 30 % and at 50 %.

    Why: 30 % is moderate and 50 % substantial relief; trials that report one of the two cannot be pooled with the
    others.

    Applies: an endpoint counts responders in pain by a percentage.

    Basis:
        IMMPACT 2008, responder thresholds (H)

    Fails::

        outcomes: [{id: NRS, domain: pain}]
        objectives: [{id: O2, endpoints: [{id: E2, outcome: NRS, metric: responder, threshold: 30 %, visit: V12}]}]

    Passes::

        outcomes: [{id: NRS, domain: pain}]
        objectives:
          - id: O2
            endpoints:
              - {id: E2, outcome: NRS, metric: responder, threshold: 30 %, visit: V12}
              - {id: E3, outcome: NRS, metric: responder, threshold: 50 %, visit: V12}
    """
    painful = {outcome["id"].text for outcome in trial.root["outcomes"] if "pain" in domains(outcome)}
    counted = [
        (endpoint, found)
        for endpoint in trial.each("/objectives/*/endpoints/*")
        if endpoint["metric"].text == "responder" and endpoint["outcome"].text in painful
        if (found := quantity(endpoint["threshold"])) is not None and found.unit.code == "%"
    ]
    if not counted:
        raise NotApplicable("no endpoint counts responders in pain by a percentage")
    for outcome in dict.fromkeys(endpoint["outcome"].text for endpoint, _ in counted):
        own = [(endpoint, found.value) for endpoint, found in counted if endpoint["outcome"].text == outcome]
        missing = [each for each in (_MODERATE, _SUBSTANTIAL) if each not in {value for _, value in own}]
        if missing:
            told = listed([f"{plain(value)} %" for value in sorted({value for _, value in own})])
            message = f"responders of {outcome} are counted at {told} only"
            add = listed([f"{plain(each)} %" for each in missing])
            yield Found(own[0][0]["threshold"], message, f"add an endpoint with threshold {add}")


@rule(
    "OUT11",
    Severity.WARNING,
    reads=(*below("/objectives/*", "endpoints", "level", "text"), "/schedule", *DOSING_DAYS),
    tags=("chronic-pain",),
)
def lasting(trial: Trial) -> Iterator[Found]:
    """A primary endpoint within a day of a dose belongs to an objective about an acute effect.

    Why: pain during or right after an infusion tells of the infusion; reviews keep such results apart from those of
    weeks later.

    Applies: a primary endpoint is measured at a visit with a day, and doses are given once or on single days.

    Basis:
        Cochrane CD015373 (Ferraro 2025), the immediate term is kept apart from the short and medium term (M)
        EMA/CHMP/970057/2011, endpoints (L)

    Fails::

        interventions:
          - {id: KET, kind: drug, role: experimental, regimen: {steps: [{id: S, when: days, days: [0 d, 7 d]}]}}
        objectives: [{id: O1, level: primary, text: long-term relief, endpoints: [{id: E1, outcome: NRS, visit: V2}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: V2, name: Second infusion, anchor: first_dose, offset: 7 d}]

    Passes::

        interventions:
          - {id: KET, kind: drug, role: experimental, regimen: {steps: [{id: S, when: days, days: [0 d, 7 d]}]}}
        objectives: [{id: O1, level: primary, text: relief, endpoints: [{id: E1, outcome: NRS, visit: V12}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: V12, name: Week 12, anchor: first_dose, offset: 84 d}]
    """
    single = [*_single_days(trial)]
    placed = [
        (objective, endpoint, stop)
        for objective in trial.root["objectives"]
        if objective["level"].text == "primary"
        for endpoint in objective["endpoints"]
        if (stop := trial.timetable.stop(endpoint["visit"].text)) and stop.moments
    ]
    if not single or not placed:
        raise NotApplicable("no dose is given on single days, or no primary endpoint is at a visit with a day")
    for objective, endpoint, stop in placed:
        after = [stop.moments[0].offset - day for day in single if 0 <= stop.moments[0].offset - day <= _ONE_DAY]
        if after and not _ACUTE.search(objective["text"].text):
            when = "on the day of a dose" if min(after) < 1 else f"{in_days(min(after))} after a dose"
            message = f"primary endpoint {endpoint['id'].text} at {named(stop.visit)} is {when}, in a chronic condition"
            hint = "measure it when the dose has worn off, or say in the objective that an acute effect is meant"
            yield Found(endpoint["visit"], message, hint, ((stop.visit, "the visit"),))


def _single_days(trial: Trial) -> Iterator[Decimal]:
    """Yield the days of doses that are given once or on certain days, from the first day on."""
    for intervention in trial.tested:
        regimen = intervention["regimen"]
        starts = trial.anchors.starts(regimen)
        for step in regimen["steps"]:
            if step["when"].text in ("once", "days"):
                yield from (start + day for start in starts for day in _given(step, regimen))


def _given(step: Node, regimen: Node) -> list[Decimal]:
    try:
        return list(dict.fromkeys(administered(step, regimen)))
    except NotComputable:
        return []


RULES: tuple[Rule, ...] = (core_domains, depressive_symptoms, opioid_use, responders, lasting)
