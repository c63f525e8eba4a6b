"""Rules on outcomes that are events: who adjudicates them, and how often they are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import day_of
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_COUNTING = frozenset({"count", "event", "time_to_event"})
_KEPT_IN_MIND = Pattern(r"\bdeath|\bdied\b|mortal|surviv|\bbirth|\bborn\b")
_WEEKS = 8 * 7


@rule(
    "OUT14",
    Severity.WARNING,
    reads=(*below("/outcomes/*", "adjudicated", "components", "id", "name"), "/oversight/committees/adjudication"),
)
def adjudicated(trial: Trial) -> Iterator[Found]:
    """Outcomes that are adjudicated have a committee that adjudicates.

    Why: an event that "a committee confirms" is counted by each site when there is no such committee.

    Applies: an outcome is adjudicated, as a whole or in a component.

    Basis:
        SPIRIT 2025, 3d (H)
        FDA guidance on clinical trial data monitoring committees 2006, 4.3 endpoint assessment committees (M)

    Fails::

        outcomes: [{id: MACE, name: major events, adjudicated: true}]
        oversight: {committees: {adjudication: {none_reason: none is needed}}}

    Passes::

        outcomes: [{id: MACE, name: major events, adjudicated: true}]
        oversight: {committees: {adjudication: {members: 3, role: adjudicates every event without knowing the arm}}}
    """
    asked = [
        outcome
        for outcome in trial.root["outcomes"]
        if any(part["adjudicated"].value is True for part in (outcome, *outcome["components"]))
    ]
    if not asked:
        raise NotApplicable("no outcome is adjudicated")
    committee = trial.at("/oversight/committees/adjudication")
    if not committee or committee["none_reason"]:
        told = listed([named(outcome) for outcome in asked])
        message = f"{told} {'are' if len(asked) > 1 else 'is'} adjudicated, and no adjudication committee is planned"
        related = ((committee["none_reason"], "the reason for none"),) if committee else ()
        yield Found(asked[0], message, "describe it under oversight.committees.adjudication", related)


@rule(
    "OUT18",
    Severity.WARNING,
    reads=("/objectives/*/endpoints", *below("/outcomes/*", "id", "mode", "name"), "/schedule"),
)
def asked_once(trial: Trial) -> Iterator[Found]:
    """Events over weeks are asked for more than once.

    Why: who is asked after a year about falls or attacks has forgotten most of them.

    Applies: an endpoint counts events over an interval of eight weeks or more, and its outcome comes from an interview.
    Told where one scheduled visit alone has it, and no unscheduled one. Deaths and births are not forgotten.

    Basis:
        Cochrane RoB 2, 4.1: method of measuring the outcome (M)

    Fails::

        objectives:
          - id: O1
            endpoints:
              - {id: E1, outcome: FALLS, metric: count, interval: {from: first_dose, to: V52}}
        outcomes: [{id: FALLS, name: falls, mode: interview}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: ASK, serves: [FALLS]}]
          visits: [{id: V52, anchor: first_dose, offset: 52 wk, activities: [ASK]}]

    Passes::

        objectives:
          - id: O1
            endpoints:
              - {id: E1, outcome: FALLS, metric: count, interval: {from: first_dose, to: V52}}
        outcomes: [{id: FALLS, name: falls, mode: interview}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: ASK, serves: [FALLS]}]
          visits:
            - {id: V26, anchor: first_dose, offset: 26 wk, activities: [ASK]}
            - {id: V52, anchor: first_dose, offset: 52 wk, activities: [ASK]}
    """
    counted = [each for each in trial.each("/objectives/*/endpoints/*") if _counts(trial, each)]
    if not counted:
        raise NotApplicable("no endpoint counts events over weeks that are asked for in an interview")
    for endpoint in counted:
        outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
        if (visit := _only_visit(trial, endpoint["outcome"].text)) is not None:
            message = (
                f"{endpoint['id'].text} counts events over weeks, and {named(outcome)} is asked for at {named(visit)} "
                "alone"
            )
            hint = "ask at visits in between, or say from which record the events come"
            yield Found(endpoint["interval"], message, hint, ((visit, "the only visit"),))


def _counts(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint counts events over weeks that people are asked for."""
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    asked = outcome["mode"].text == "interview" and not _KEPT_IN_MIND.search(outcome["name"].text)
    if endpoint["metric"].text not in _COUNTING or not asked:
        return False
    begin, end = (day_of(trial, endpoint["interval"][key]) for key in ("from", "to"))
    return begin is not None and end is not None and end - begin >= _WEEKS


def _only_visit(trial: Trial, outcome: str) -> Node | None:
    """Return the one visit, on one day, at which an outcome is looked for; None where there are more."""
    stops = trial.measured.get(outcome, ())
    planned = [stop for stop in stops if stop.scheduled]
    if len(planned) != 1 or len(planned[0].moments) != 1 or planned[0].visit["repeats"]:
        return None
    whenever = any(stop.visit["kind"].text == "unscheduled" for stop in stops)
    return None if whenever or trial.anchors.repeats(planned[0].visit["anchor"].text) else planned[0].visit


RULES: tuple[Rule, ...] = (adjudicated, asked_once)
