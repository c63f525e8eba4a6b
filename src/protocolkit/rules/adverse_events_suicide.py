"""Rule on suicidal thoughts: who reads answers about them, how soon, what follows, and what has to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.rules.trial import Trial

_SECTION = "8.4.6"
_OF_IT = Pattern(
    r"suicid|self[- ]?(?:harm|injur)|\bc-?ssrs|columbia|depress|\bmood\b|\bPHQ|\bBDI|MADRS|\bHAM-?D|HDRS|mental"
    r"|psychiatr|psycholog|ideation"
)


@rule(
    "AE13",
    Severity.WARNING,
    reads=(*below("/outcomes/*", "alerts", "id", "instrument", "name"), "/schedule/activities"),
)
def suicidal_thoughts(trial: Trial) -> Iterator[Found]:
    """An instrument that asks about suicidal thoughts comes with who reads the answer, how soon, and what follows.

    Why: a participant who ticks "nearly every day" expects somebody to read it before the database is locked.

    Applies: the library knows the instrument of an outcome or an activity as one with such an item. An activity that is
    put under 8.4.6, suicidality, has words of it in its name, its items or what it serves; the document says of it that
    it monitors suicidal ideation.

    Basis:
        ICH M11 Step 4, 8.4.6 (M)
        SPIRIT-PRO 2018, PRO alerts (M)

    Fails::

        outcomes: [{id: PHQ9, instrument: {name: PHQ-9}}]

    Passes::

        outcomes:
          - id: PHQ9
            instrument: {name: PHQ-9}
            alerts: [{item: '9', threshold: above 0, action: clinician calls within 24 h}]
    """
    asking = [*_asking(trial)]
    put_there = [each for each in trial.at("/schedule/activities") if each["section"].text == _SECTION]
    if not asking and not put_there:
        raise NotApplicable("no instrument with an item on suicidal thoughts is used, and nothing stands under 8.4.6")
    known_to = {node.pointer for nodes, _ in asking for node in nodes}
    for activity in put_there:
        if activity.pointer not in known_to and not _OF_IT.search(_words(trial, activity)):
            message = f"{named(activity)} is put under {_SECTION}, suicidality, and no word of it tells of that"
            yield Found(activity["section"], message, "correct the section, or leave it out")
    answered = {row.key for nodes, row in asking for node in nodes if any(alert["action"] for alert in node["alerts"])}
    for nodes, row in asking:
        if row.key not in answered:
            answered.add(row.key)
            known = row.data["suicidal_thoughts"]
            item = "" if known["item"] == "any" else f" (item {known['item']})"
            message = f"{named(nodes[0])} asks about suicidal thoughts{item}, and nothing says who reads the answer"
            hint = "state alerts with item, threshold and action: who is told, within what time, and what follows"
            yield Found(nodes[0], message, hint, confidence=known["confidence"])


def _words(trial: Trial, activity: Node) -> str:
    """Return what an activity is called and asks, and what it serves."""
    served = [node.text for node in activity["serves"]]
    told = [activity[key].text for key in ("id", "name", "description")]
    told += [*(item.text for item in activity["items"]), *served]
    for name in served:
        outcome = trial.root["outcomes"].find(name)
        event = trial.at("/adverse_events/of_special_interest").find(name)
        told += [outcome["name"].text, outcome["instrument"]["name"].text, event["name"].text, event["definition"].text]
    return " ; ".join(told)


def _asking(trial: Trial) -> Iterator[tuple[list[Node], Row]]:
    """Yield the outcomes and activities with an instrument that asks about suicidal thoughts, outcomes first.

    Each comes with the nodes whose alerts count for it: the activities that serve an outcome, the outcomes that an
    activity serves.
    """
    from protocolkit.library import facts  # noqa: PLC0415 - on call: only where outcomes or activities are stated

    outcomes, activities = trial.root["outcomes"], trial.root["schedule"]["activities"]
    beside: dict[str, list[Node]] = {}
    for activity in activities:
        for served in activity["serves"]:
            if outcome := outcomes.find(served.text):
                beside.setdefault(outcome.pointer, []).append(activity)
                beside.setdefault(activity.pointer, []).append(outcome)
    for node in (*outcomes, *activities):
        names = (node["instrument"]["name"].text, node["id"].text, node["name"].text)
        row = next((row for name in names if name and (row := facts.find("instruments", name))), None)
        if row and "suicidal_thoughts" in row.data:
            yield [node, *beside.get(node.pointer, ())], row


RULES: tuple[Rule, ...] = (suicidal_thoughts,)
