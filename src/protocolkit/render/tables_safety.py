"""Adverse events: those of special interest, solicited reactions, and how each event is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Paragraph
from protocolkit.render.facts import blinding_words
from protocolkit.render.tables import Column, listing, missing
from protocolkit.render.words import flat, glued, joined, run, upper_first

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_BASE = "/adverse_events"
_WITHOUT_VISITS = ("registry", "record_review", "spontaneous")


def special_interest(view: View) -> Blocks:
    """Return the events of special interest with definition and terms."""
    columns = (
        Column("Event", lambda item: upper_first(run(item.values.name(item.node))), 3, required=True),
        Column("Definition", "{definition}", 6, required=True),
        Column("Terms", "{terms}", 4),
    )
    for item in view.each(f"{_BASE}/of_special_interest"):
        item.values.mark(item.at("name"))
    return listing(view.each(f"{_BASE}/of_special_interest"), columns, "Adverse events of special interest", "tab:aesi")


def solicited(view: View) -> Blocks:
    """Return how solicited reactions are recorded, and the table of them: the local ones, then the systemic ones."""
    base = f"{_BASE}/solicited"
    if not view.has(base):
        return ()
    lead = glued(
        "Reactions are solicited for ", view.f(f"{base}/period", "size"),
        _after_doses(view.at(f"{base}/after_doses"), view), ", the day of the dose included",
        view.say(f", by this activity: {{{base}/activity}}"), ".",
        view.say(f" After the period: {{{base}/after}}."),
    )  # fmt: skip
    items = sorted(view.each(f"{base}/reactions"), key=lambda item: item.at("kind").text)
    columns = (
        Column("Kind", "{kind:cap}", 2, required=True),
        Column("Reaction", "{name:cap}", 4, required=True),
        Column("Grades", lambda item: upper_first(item.say("{grades}")), 6),
    )
    return (Paragraph(lead), *listing(items, columns, "Solicited reactions", "tab:solicited"))


def _after_doses(doses: Node, view: View) -> str:
    """Say after which doses reactions are solicited: ` after each dose`, ` after doses 1 and 2`."""
    numbers = [run(node.text) for node in doses]
    view.values.mark(doses)
    return f" after dose{'s' if len(numbers) > 1 else ''} {flat(joined(numbers))}" if numbers else " after each dose"


def ascertainment(view: View) -> Blocks:
    """Return how, by whom and when each event is looked for."""
    columns = (
        Column("Event", _event, 3, required=True),
        Column("How it is looked for", _mode, 4, required=True),
        Column("Visits", _visits, 5, required=True),
        Column("In whom", "{cohorts}", 3),
        Column("Assessed by", lambda i: glued(upper_first(i.say("{assessor}")), _blinded(i)), 3),
        Column("Wording", "{wording}", 4),
    )
    made = listing(view.each(f"{_BASE}/ascertainment"), columns, "Ascertainment of adverse events", "tab:ascertainment")
    return made or (
        missing(view, f"{_BASE}/ascertainment", "how each event is ascertained, with the activity and the visits"),
    )


def _visits(item: View) -> Inlines:
    """Print the visits at which an event is looked for; registries and records have none."""
    return item.f("visits") if item.has("visits") or not item.equals("mode", *_WITHOUT_VISITS) else ()


def _event(item: View) -> Inlines:
    if item.equals("event", "any"):
        return run("Any adverse event")
    return upper_first(item.f("event"))


def _mode(item: View) -> Inlines:
    return glued(upper_first(item.f("mode")), item.say(": {activity}"))


def _blinded(item: View) -> Inlines:
    told = blinding_words(item)
    return (run(f", {told}") if item.has("assessor") else upper_first(run(told))) if told else ()
