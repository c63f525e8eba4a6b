"""Rules on follow-up: windows of time points, stopping treatment, early termination, retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import DOSING_DAYS, length, on_several_days, several_doses
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_LEAVES = Pattern(r"withdraw|\bleaves?\b|\bexits?\b|off[- ](?:study|trial)|\bend of (?:trial|study)\b")
_STAYS = Pattern(r"\bstays?\b|\bremains?\b|\bcontinues?\b|follow")
_SERIES = ("/schedule/activities/*/timepoints", "/schedule/visits/*/activities/*/timepoints")


@rule("FU02", Severity.ERROR, reads=("/schedule/activities", "/schedule/visits"))
def windows(trial: Trial) -> Iterator[Found]:
    """A visit, and a time point within a visit, has a window on both sides; zero is a window.

    Why: a sample "at 60 min" is taken at 45 min by one site and at 90 min by another, and neither deviates. (A visit
    without a window is an error that the shape of the file tells; a time point without one is a warning.)

    Applies: an activity has time points within a visit.

    Basis:
        ICH M11 Step 4, 1.3 (H)
        reproducibility, own requirement (H)

    Fails::

        schedule:
          activities: [{id: PK, serves: [safety], timepoints: [{relative_to: dose_start, offset: 60 min}]}]
        outcomes: []

    Passes::

        schedule:
          activities:
            - {id: PK, serves: [safety],
               timepoints: [{relative_to: dose_start, offset: 60 min, window: {before: 5 min, after: 5 min}}]}
        outcomes: []
    """
    series = [points for place in _SERIES for points in trial.each(place)]
    if not series:
        raise NotApplicable("no activity has time points within a visit")
    for points in series:
        open_ones = [] if _at_the_visit(points) else [point["offset"].text for point in points if not point["window"]]
        if open_ones:
            activity = points.document.root.at(points.pointer.rpartition("/")[0])["id"].text
            message = f"time points of {activity} without a window: {listed(open_ones)}"
            yield Found(
                points, message, "state window {before, after} for each; 0 min is a window", severity=Severity.WARNING
            )


def _at_the_visit(points: Node) -> bool:
    """Say whether one measurement at the time of a visit stands in place of the series of its activity."""
    stated = [*points]
    if len(stated) != 1:
        return False
    (point,) = stated
    activity = points.document.root.at(points.pointer.rpartition("/")[0])
    series = points.document.root["schedule"]["activities"].find(activity["id"].text)["timepoints"]
    offset = length(point["offset"])
    own = series and "visits" in points.path
    return bool(own and point["relative_to"].text == "visit" and offset == 0)


@rule(
    "FU07", Severity.WARNING,
    reads=("/discontinuation/treatment", *below("/objectives/*", "endpoints", "estimands", "kind", "level"),
           *DOSING_DAYS),
)  # fmt: skip
def staying(trial: Trial) -> Iterator[Found]:
    """Who stops the trial intervention stays in follow-up for the primary endpoint.

    Why: those who stop differ from those who go on; without their outcomes the arms are no longer those that chance
    made. Under a treatment-policy strategy the estimand cannot be estimated without them: it is an error there.

    Applies: participants can stop the trial intervention before the primary endpoint.

    Basis:
        ICH E9(R1), treatment policy needs data after the event (H)
        ICH M11 Step 4, 7.1 and 7.2 (H)
        SPIRIT 2025, 25b (H)

    Fails::

        discontinuation: {treatment: {then: withdraw_from_trial}}

    Passes::

        discontinuation: {treatment: {then: stay_in_follow_up, exception: withdrawal of consent to follow-up}}
    """
    treatment = trial.at("/discontinuation/treatment")
    if trial.drugs and not any(several_doses(each) for each in trial.drugs):
        raise NotApplicable("nothing is given more than once")
    if not treatment["then"]:
        raise NotApplicable("what follows a stop of the intervention is not stated")
    if _leaves(treatment["then"].text):
        yield _leaving(trial, treatment["then"])
        return
    collected = {node.text for node in treatment["outcomes_collected"]}
    wanted = dict.fromkeys(endpoint["outcome"].text for endpoint in trial.primary if not _of_harm(endpoint))
    lacking = [outcome for outcome in wanted if outcome and outcome not in collected] if collected else []
    if lacking:
        several = len(lacking) > 1
        told = f"the primary outcome{'s' if several else ''} {listed(lacking)} {'are' if several else 'is'}"
        message = f"after a stop of the intervention, {told} not among the outcomes collected"
        yield Found(treatment["outcomes_collected"], message, f"add {listed(lacking)}")


def _of_harm(endpoint: Node) -> bool:
    """Say whether an endpoint is one of harm: harm after the last dose is told by the windows of adverse events."""
    objective = endpoint.document.root.at(endpoint.pointer.rpartition("/endpoints/")[0])
    return objective["kind"].text == "harm"


def _leaves(text: str) -> bool:
    if text == "stay_in_follow_up" or _STAYS.search(text.replace("_", " ")):
        return False
    return bool(_LEAVES.search(text.replace("_", " ")))


def _leaving(trial: Trial, then: Node) -> Found:
    strategies = [
        (estimand, event)
        for estimand in trial.each("/objectives/*/estimands/*")
        for event in estimand["intercurrent_events"]
        if event["event"].value == "treatment_discontinuation" and event["strategy"].value == "treatment_policy"
    ]
    message = "participants who stop the intervention leave the trial"
    hint = "write stay_in_follow_up, with withdrawal of consent to follow-up as the exception"
    if not strategies:
        return Found(then, message, hint)
    estimand, event = strategies[0]
    message += f", but estimand {estimand['id'].text} has a treatment-policy strategy for stopping"
    return Found(then, message, hint, ((event["strategy"], "treatment policy"),), severity=Severity.ERROR)


@rule("FU08", Severity.WARNING, reads=("/schedule/visits", *DOSING_DAYS))
def early_termination(trial: Trial) -> Iterator[Found]:
    """There is an early-termination visit with its activities.

    Why: whoever stops early is seen once more soon after the stop; without a planned visit the reason, the harm and the
    outcome at that time are lost.

    Applies: a medicine other than a vaccine is given on more than one day. Where all who stop stay in follow-up
    (discontinuation.treatment.then), its visits see them, and no other is needed.

    Basis:
        SPIRIT 2025, 25b (M)
        ICH M11 Step 4, 7.1 (M)

    Fails::

        schedule: {visits: [{id: V12, anchor: first_dose, offset: 12 wk}]}
        interventions: [{id: A, kind: drug, regimen: {steps: [{id: S, when: course, from: 0 d, to: 83 d}]}}]

    Passes::

        interventions: [{id: A, kind: drug, regimen: {steps: [{id: S, when: course, from: 0 d, to: 83 d}]}}]
        schedule:
          visits:
            - {id: ET, kind: early_termination, anchor: end_of_treatment, offset: 7 d,
               window: {before: 7 d, after: 7 d}, activities: [NRS, AE_CHECK]}
    """
    medicines = [each for each in trial.tested if each["kind"].text in ("drug", "biologic")]
    if not any(on_several_days(each) for each in medicines):
        raise NotApplicable("no medicine is given on more than one day, so that nobody can stop early")
    visits = trial.at("/schedule/visits")
    if visits and not trial.timetable.of_participants:
        raise NotApplicable("participants have no visits")
    early = [visit for visit in visits if visit["kind"].value == "early_termination"]
    if not early and trial.at("/discontinuation/treatment/then").text != "stay_in_follow_up":
        hint = "add a visit of kind early_termination with anchor end_of_treatment, offset, window and activities"
        yield Found(visits, "there is no early-termination visit", hint)
    for visit in early:
        if not visit["activities"]:
            yield Found(
                visit, f"early-termination visit {visit['id'].text} has no activities", "list them under activities"
            )


@rule(
    "FU09", Severity.WARNING,
    reads=("/discontinuation/retention",),
)  # fmt: skip
def retention(trial: Trial) -> Iterator[Found]:
    """Retention is planned, and so is the share of primary data that will be missing.

    Why: the sample size rests on how many stay; a plan without a number cannot be checked against it.

    Applies: participants are followed at visits.

    Basis:
        SPIRIT 2025, 25b (H)

    Fails::

        schedule: {visits: [{id: V1}]}
        discontinuation: {retention: {plan: telephone reminders}}

    Passes::

        schedule: {visits: [{id: V1}]}
        discontinuation: {retention: {plan: telephone reminders, planned_missing_primary: 15 %}}
    """
    if not trial.timetable.of_participants:
        raise NotApplicable("no visit is planned")
    plan = trial.at("/discontinuation/retention")
    missing = [key for key in ("plan", "planned_missing_primary") if not plan[key]]
    if missing:
        hint = "state discontinuation.retention.plan and planned_missing_primary (a percentage)"
        yield Found(plan, f"retention states no {' and no '.join(missing)}", hint)


RULES: tuple[Rule, ...] = (windows, staying, early_termination, retention)
