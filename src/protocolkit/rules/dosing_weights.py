"""Rule on the weight or surface by which a dose is worked out: it is measured where it is taken from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WEIGHT = Pattern(r"weigh|\bBMI\b|body mass|anthropom|body (?:size|surface)|\bBSA\b")
_NEVER = Pattern(r"never\b")
_MAYBE = Pattern(r"vital|physical|examin|nursing|admission")  # what commonly takes in the weight without saying so


@rule("DOSE23", Severity.WARNING, reads=("/interventions/*/regimen/steps", "/schedule"), tags=("drug",))
def weighed(trial: Trial) -> Iterator[Found]:
    """The weight or surface by which a dose is worked out is measured at the visit that it is taken from.

    Why: a dose per kilogram needs a weight of that day; where none is planned, each site takes one from a record, of
    last year or as the participant says. A dose that is calculated again when the weight changes needs one later, too.

    Applies: a step is scaled, by another weight than one that is estimated, or is for a band of weight, and visits have
    activities. Activities are
    recognised by their words; vital signs and physical examinations are taken to include the weight. That a dose is
    calculated again by a weight that is never measured again is told of every step.

    Basis:
        internal consistency of the protocol, dosing and schedule (H)

    Fails::

        interventions:
          - {id: A, kind: drug, regimen: {steps: [{id: S, dose: 1 mg/kg, scaling: {weight: actual, visit: BL}}]}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: LAB, name: blood count, serves: [safety]}, {id: WT, name: body weight, serves: [safety]}]
          visits:
            - {id: BL, anchor: first_dose, offset: 0 d, activities: [LAB]}
            - {id: V4, anchor: first_dose, offset: 4 wk, activities: [LAB, WT]}
        outcomes: []

    Passes::

        interventions:
          - {id: A, kind: drug, regimen: {steps: [{id: S, dose: 1 mg/kg, scaling: {weight: actual, visit: BL}}]}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: LAB, name: blood count, serves: [safety]}, {id: WT, name: body weight, serves: [safety]}]
          visits:
            - {id: BL, anchor: first_dose, offset: 0 d, activities: [LAB, WT]}
            - {id: V4, anchor: first_dose, offset: 4 wk, activities: [LAB]}
        outcomes: []
    """
    steps = [step for each in trial.drugs for step in each["regimen"]["steps"]]
    scaled = [step for step in steps if step["scaling"]["weight"].text not in ("", "estimated") or step["band"]]
    unmoved = [step for step in steps if step["scaling"]["recalculate_at"] and _NEVER.match(_again(step).text)]
    planned = scaled and any(stop.planned for stop in trial.timetable.stops)
    if not planned and not unmoved:
        raise NotApplicable("no dose is worked out by weight or surface, or no visit has activities")
    for step in unmoved:
        message = f"step {step['id'].text} is calculated again at a change of what is never measured again"
        hint = "leave recalculate_at out, or state when it is measured again"
        yield Found(step["scaling"]["recalculate_at"], message, hint, ((_again(step), "measured again"),))
    if planned:
        yield from _unmeasured(trial, scaled)


def _again(step: Node) -> Node:
    return step["scaling"]["reweigh"]


def _unmeasured(trial: Trial, scaled: list[Node]) -> Iterator[Found]:
    """Find doses by a weight that no activity measures, or none at the visit that it is taken from."""
    measuring = [activity for activity in trial.at("/schedule/activities") if _says(activity, _WEIGHT, _MAYBE)]
    if not measuring:
        message = "doses are worked out by weight or surface, and no activity measures it"
        hint = "name it in an activity, such as body weight"
        yield Found(scaled[0]["scaling"] or scaled[0]["band"], message, hint)
        return
    told: set[str] = set()
    for step in scaled:
        visit = step["scaling"]["visit"] or step["band"]["visit"]
        stop = trial.timetable.stop(visit.text)
        here = {planned.activity.path for planned in stop.planned} if stop else set()
        if stop is None or visit.text in told or any(activity.path in here for activity in measuring):
            continue
        told.add(visit.text)
        message = f"step {step['id'].text}: the weight is taken from {named(stop.visit)}, which does not measure it"
        hint = "name the activity at that visit, or take the weight from another"
        yield Found(visit, message, hint, ((stop.visit, "the visit"),))


def _says(activity: Node, *patterns: Pattern) -> bool:
    own = (activity["id"], activity["name"], activity["description"], activity["kind"], *activity["items"])
    words = " ".join(node.text for node in own).replace("_", " ")
    return any(pattern.search(words) for pattern in patterns)


RULES: tuple[Rule, ...] = (weighed,)
