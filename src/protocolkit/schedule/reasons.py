"""Why a visit or an anchor has no planned day, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.times import anchor_words, span
from protocolkit.schedule.days import days
from protocolkit.schedule.places import NotPlaced
from protocolkit.schedule.studied import studied

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.schedule.anchors import Anchors

_BY_KIND = {
    "event": "is an event without a planned day",
    "end_of_treatment": "depends on when a participant stops",
    "first_dose": "has no stated distance from the first day",
    "consent": "follows from no visit with an activity that serves consent",
    "randomisation": "follows from no visit at which participants are randomised",
    "period_start": "needs the durations of the epochs before it",
    "period_end": "needs the regimens and the durations of the epochs before it",
    "cycle_start": "needs the length of the cycle",
}


def why(visit: Node, anchors: Anchors) -> NotPlaced:
    """Say why a visit has no planned day; of several reasons the first."""
    if (visit["kind"].text or "scheduled") != "scheduled":
        return NotPlaced(f"it is {visit['kind'].text.replace('_', ' ')}", visit["kind"].pointer)
    stated = [*visit["offsets"]] or [visit["offset"]]
    for node in stated:
        if days(node.value) is None:
            return NotPlaced(_unmeasured(node), node.pointer)
    if not visit["anchor"]:
        return NotPlaced("no anchor is stated", visit.pointer)
    return _of_anchor(visit["anchor"], anchors, frozenset({visit["id"].text}))


def _unmeasured(node: Node) -> str:
    if not node:
        return "no offset is stated"
    return f"{node.text} has no fixed number of days"


def _of_anchor(named: Node, anchors: Anchors, passed: frozenset[str]) -> NotPlaced:
    schedule = named.document.root["schedule"]
    name = named.text
    if name in passed:
        return NotPlaced(f"{name} counts from itself", named.pointer)
    visit = schedule["visits"].find(name)
    if visit:
        inner = _of_anchor(visit["anchor"], anchors, passed | {name}) if visit["anchor"] else why(visit, anchors)
        return NotPlaced(f"{name} is not placed: {inner.reason}", inner.pointer)
    anchor = schedule["anchors"].find(name)
    if not anchor:
        return NotPlaced(f"there is no anchor {name}", named.pointer)
    kind = anchor["kind"].text or name
    if kind == "last_dose":
        return _of_last_dose(anchor)
    told = anchor_words(named.document.root, name)
    if _at_itself(anchor, kind) and anchors.day_one not in ("", name):
        first = anchor_words(named.document.root, anchors.day_one)
        missing = f"nothing says how many days lie between {told} and {first} (day 1); state it as expected of {name}"
        return NotPlaced(missing, anchor.pointer)
    return NotPlaced(f"{told} {_of_kind(anchor, kind)}", anchor.pointer)


def _of_kind(anchor: Node, kind: str) -> str:
    """Return why an anchor of a kind has no day; a period comes back at its epochs, and not every so often."""
    if kind == "period_start" and not isinstance(anchor["repeats"].value, list):
        return "needs the epochs at which it comes back: state repeats as a list of them"
    return _BY_KIND.get(kind, "has no planned day")


def _at_itself(anchor: Node, kind: str) -> bool:
    """Say whether participants are randomised, or consent, at a visit that itself counts from that."""
    root, visits = anchor.document.root, anchor.document.root["schedule"]["visits"]
    randomisations = [*root["design"]["randomisations"]] if kind == "randomisation" else []
    served = {each["id"].text for each in randomisations} or ({"consent"} if kind == "consent" else set())
    activities = root["schedule"]["activities"]
    serving = {each["id"].text for each in activities if served & {node.text for node in each["serves"]}}
    there = [visits.find(each["at"].text) for each in randomisations]
    there += [visit for visit in visits if serving & {node.text or node["id"].text for node in visit["activities"]}]
    return any(visit and anchor["id"].text in _bases(visit) for visit in there)


def _bases(visit: Node) -> set[str]:
    """Return the ids of what a visit counts from: its anchor, and where that is a visit, the anchor of it."""
    visits, found = visit.document.root["schedule"]["visits"], set[str]()
    while visit and (name := visit["anchor"].text) and name not in found:
        found.add(name)
        visit = visits.find(name)
    return found


def _of_last_dose(anchor: Node) -> NotPlaced:
    for intervention in studied(anchor.document.root["interventions"]):
        try:
            span(intervention["regimen"])
        except NotComputable as reason:
            return NotPlaced(reason.reason, reason.pointer)
    return NotPlaced("no regimen says when the last dose is given", anchor.pointer)
