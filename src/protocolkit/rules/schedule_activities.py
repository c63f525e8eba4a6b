"""Rules on what is done when: activities and outcomes at visits, endpoints where they are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WEIGHTY = frozenset({"primary", "secondary"})


@rule(
    "SOA01",
    Severity.ERROR,
    reads=(
        "/schedule",
        *below("/outcomes/*", "components", "domain", "id", "name"),
        *below("/objectives/*", "endpoints", "kind", "level"),
        "/adverse_events/ascertainment",
    ),
)
def done(trial: Trial) -> Iterator[Found]:
    """Every activity is done at a visit, and every outcome and ascertainment is served by an activity at a visit.

    Why: an outcome that is measured at no visit has no data, and an activity that nobody does burdens the reader. (An
    activity that serves nothing is told by the shape of the file.)

    Applies: visits are planned. Outcomes of adverse events are measured by their ascertainment, a composite by its
    components where each names an outcome; endpoints with a time frame in words only are not placed. For outcomes of no
    primary or secondary endpoint it is a warning.

    Basis:
        SPIRIT 2025, 18 (H)
        ICH M11 Step 4, 1.3 (H)

    Fails::

        schedule:
          activities: [{id: CADSS, name: dissociation scale, serves: [psy]}]
          visits: [{id: INF1, activities: [VITALS]}]
        outcomes: []

    Passes::

        schedule:
          activities: [{id: CADSS, name: dissociation scale, serves: [psy]}]
          visits: [{id: INF1, activities: [CADSS]}]
        outcomes: []
    """
    if not any(visit["activities"] for visit in trial.at("/schedule/visits")):
        raise NotApplicable("no visit has activities")
    used = {planned.activity["id"].text for stop in trial.timetable.stops for planned in stop.planned}
    for activity in trial.at("/schedule/activities"):
        if activity["id"] and activity["id"].text not in used:
            yield Found(activity, f"activity {named(activity)} is done at no visit", "name it at a visit, or remove it")
    yield from _unmeasured(trial)
    yield from _unascertained(trial)


def _unmeasured(trial: Trial) -> Iterator[Found]:
    serving = {node.text for node in trial.each("/schedule/activities/*/serves/*")}
    for outcome in trial.root["outcomes"]:
        name = outcome["id"].text
        endpoints = [(objective, each) for objective, each in _endpoints(trial) if name in _read(trial, each)]
        if _of_parts(outcome) or name in trial.measured or name in serving or _elsewise(trial, outcome, endpoints):
            continue
        told = f" ({', '.join(each['id'].text for _, each in endpoints)})" if endpoints else ""
        weighty = any(objective["level"].text in _WEIGHTY for objective, _ in endpoints)
        message = f"outcome {named(outcome)} is measured at no visit{told}"
        hint = "name it under serves of an activity that is done at a visit"
        yield Found(outcome, message, hint, severity=None if weighty else Severity.WARNING)


def _read(trial: Trial, endpoint: Node) -> list[str]:
    """Return the ids of the outcomes that an endpoint is read from: its own, and those of its components."""
    components = trial.root["outcomes"].find(endpoint["outcome"].text)["components"]
    parts = (part["outcome"].text for part in components)
    return list(dict.fromkeys(name for name in (endpoint["outcome"].text, *parts) if name))


def _of_parts(outcome: Node) -> bool:
    """Say whether an outcome follows from its components, each an outcome of its own."""
    own, parts = outcome["id"].text, [part["outcome"].text for part in outcome["components"]]
    return bool(parts) and all(parts) and own not in parts


def _endpoints(trial: Trial) -> Iterator[tuple[Node, Node]]:
    for objective in trial.root["objectives"]:
        for endpoint in objective["endpoints"]:
            yield objective, endpoint


def _elsewise(trial: Trial, outcome: Node, endpoints: list[tuple[Node, Node]]) -> bool:
    """Say whether an outcome is found by the ascertainment of adverse events, or has a time frame in words only."""
    harm = all(objective["kind"].text == "harm" for objective, _ in endpoints) if endpoints else False
    if (harm or outcome["domain"].text == "symptoms_and_adverse_events") and trial.at("/adverse_events/ascertainment"):
        return True
    placed = ("visit", "interval")
    return bool(endpoints) and all(each["time_frame"] and not any(each[key] for key in placed) for _, each in endpoints)


def _unascertained(trial: Trial) -> Iterator[Found]:
    """Find an ascertainment that names a visit at which its activity is not done."""
    for row in trial.at("/adverse_events/ascertainment"):
        activity = row["activity"].text
        for visit in row["visits"] if activity else ():
            stop = trial.timetable.stop(visit.text)
            if stop is not None and stop.activity(activity) is None:
                message = f"{row['event'].text or 'adverse events'}: {activity} is not done at {named(stop.visit)}"
                hint = "name the activity at the visit, or remove the visit here"
                yield Found(visit, message, hint, ((stop.visit, "the visit"),))


@rule("SOA03", Severity.ERROR, reads=("/objectives/*/endpoints", "/schedule"))
def endpoints_measured(trial: Trial) -> Iterator[Found]:
    """An endpoint's outcome, and each component of a composite, is measured at the visit that the endpoint names.

    Why: the analysis at week 12 needs a measurement at week 12.

    Applies: an endpoint names a visit, and its outcome is measured at some visit (else SOA01 tells it). Components of a
    composite are followed where they name an outcome.

    Basis:
        SPIRIT 2025, 16 and 18 (H)

    Fails::

        objectives: [{id: O2, endpoints: [{id: E2, outcome: PHQ9, visit: V12}]}]
        schedule:
          activities: [{id: NRS, serves: [NRS]}, {id: PHQ9, serves: [PHQ9]}]
          visits: [{id: BL, activities: [NRS, PHQ9]}, {id: V12, activities: [NRS]}]

    Passes::

        objectives: [{id: O2, endpoints: [{id: E2, outcome: PHQ9, visit: V12}]}]
        schedule:
          activities: [{id: NRS, serves: [NRS]}, {id: PHQ9, serves: [PHQ9]}]
          visits: [{id: BL, activities: [NRS, PHQ9]}, {id: V12, activities: [NRS, PHQ9]}]
    """
    placed = [
        (endpoint, visit, name, stop)
        for _, endpoint in _endpoints(trial)
        for visit in (endpoint["visit"], *(each["visit"] for each in endpoint["arm_visits"]))
        if (stop := trial.timetable.stop(visit.text))
        for name in _read(trial, endpoint)
        if name in trial.measured
    ]
    if not placed:
        raise NotApplicable("no endpoint names a visit")
    for endpoint, visit, name, stop in placed:
        if stop.visit.path not in {each.visit.path for each in trial.measured[name]}:
            others = ", ".join(each.visit["id"].text for each in trial.measured[name])
            composite = endpoint["outcome"].text
            told = name if name == composite else f"{name}, a component of {composite},"
            message = f"{endpoint['id'].text}: {told} is not measured at {named(stop.visit)}, but at {others}"
            hint = f"add an activity that serves {name} to the visit, or name another visit"
            yield Found(visit, message, hint, ((stop.visit, "the visit"),))


RULES: tuple[Rule, ...] = (done, endpoints_measured)
