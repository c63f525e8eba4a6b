"""Adverse events: the timing table of the standard, events of special interest, ascertainment, reporting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Paragraph, Row, Table
from protocolkit.render.facts import blinding_words
from protocolkit.render.lexicon import from_id
from protocolkit.render.sections import registry
from protocolkit.render.tables import Column, filled, headings, lines, listing, missing
from protocolkit.render.words import flat, glued, joined, keys_of, run, upper_first

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.view import View

_BASE = "/adverse_events"
_TYPES = {
    "AE": "Adverse Event",
    "SAE": "Serious Adverse Event",
    "AESI": "Reportable Adverse Event of Special Interest",
    "pregnancy": "Pregnancy Event",
    "lactation": "Lactation Event",
    "product_complaint": "Trial Intervention Complaint",
    "post_partum": "Post-Partum Event",
    "SUSAR": "Suspected Unexpected Serious Adverse Reaction",
    "ADE": "Adverse Device Effect",
    "SADE": "Serious Adverse Device Effect",
    "USADE": "Unanticipated Serious Adverse Device Effect",
    "UADE": "Unanticipated Adverse Device Effect",
    "device_deficiency": "Device Deficiency",
    "overdose": "Overdose",
    "medication_error": "Medication Error",
    "misuse": "Misuse",
    "other": "Other Event",
}


_WITHOUT_VISITS = ("registry", "record_review", "spontaneous")


def timing(view: View) -> Blocks:
    """Return the table of timing and procedures for collecting and reporting, with the columns of the standard."""
    labels = next(section.labels for section in registry() if section.number == "9.2")
    keys = [key for key in keys_of(view.at(f"{_BASE}/windows")) if not _is_none(view, key)]
    reports = view.each(f"{_BASE}/reporting")
    keys += [key for key in dict.fromkeys(row.at("event").text for row in reports) if key and key not in keys]
    if not keys:
        return () if view.has(f"{_BASE}/windows") else (_no_windows(view),)
    rows = [row for key in keys for row in _timings(view, key, reports)]
    kept = [place for place in range(len(labels)) if any(row[place] for row in rows)]
    body = [Row(tuple(filled(row[place]) for place in kept)) for row in rows]
    table = Table(
        (headings(labels[place] for place in kept), *body), tuple(4 for _ in kept),
        run("Timing and procedures for collecting and reporting events"), "tab:ae-timing",
        "A row for each type of event, and for each scope that has a time of its own.", small=True,
    )  # fmt: skip
    return (table,)


def _no_windows(view: View) -> Block:
    return missing(view, f"{_BASE}/windows", "collection windows of adverse events, each with start and end")


def _is_none(view: View, key: str) -> bool:
    """Say whether a kind of event is stated not to be collected; Section 9.2.1 says why."""
    return view.has(f"{_BASE}/windows/{key}/none_reason")


def _timings(view: View, key: str, reports: list[View]) -> list[tuple[Inlines | tuple[Paragraph, ...], ...]]:
    """Return the rows of one type of event: one for each way of reporting it, since each has its scope and clock."""
    mine = [row for row in reports if row.equals("event", key)]
    return [_timing(view, key, row) for row in mine] or [_timing(view, key, None)]


def _timing(view: View, key: str, row: View | None) -> tuple[Inlines | tuple[Paragraph, ...], ...]:
    window = f"{_BASE}/windows/{key}"
    own = row is not None and row.has("period")
    return (
        upper_first(run(event_type(view, key))),
        lines(
            upper_first(row.say("{scope}")) if row else (),
            *(() if own else (upper_first(view.say(f"{{{window}/note}}")), upper_first(attributed(view, window)))),
        ),
        upper_first(_side(view, row, window, "start")),
        upper_first(_side(view, row, window, "end")),
        upper_first(glued("within ", row.f("clock"), _route(row))) if row else (),
        upper_first(row.say("{method}")) if row else (),
        upper_first(row.say("{backup}")) if row else (),
    )


def attributed(view: View, window: str) -> Inlines:
    """Say what the events of a window are attributed to, or that they are attributed as others are."""
    to = "" if view.at(f"{window}/attributed_to").text.startswith("as ") else "to "
    return view.say(f"attributed {to}{{{window}/attributed_to}}.")


def _side(view: View, row: View | None, window: str, key: str) -> Inlines:
    """Print one end of the period in which an event is to be reported."""
    if row and row.has(f"period/{key}"):
        return row.f(f"period/{key}", "time")
    if not view.has(window) or view.has(f"{window}/none_reason"):
        return ()
    return glued(view.f(f"{window}/{key}", "time"), ends_earlier(view, f"{window}/") if key == "end" else "")


def ends_earlier(view: View, window: str = "") -> Inlines:
    """Say what ends a collection before its end: `, or until a new therapy where that comes first`."""
    base = f"{window}ends_earlier"
    comes = view.say(f", or until {{{base}/event}} where that comes first")
    return glued(comes, view.say(f", but not before {{{base}/not_before:time}}"))


def _route(row: View) -> Inlines:
    return glued(row.say(", from the {from}"), row.say(" to the {to}"))


def event_type(view: View, key: str) -> str:
    """Return how the standard calls a type of event; an event of the trial by its own name."""
    owner = view.values.names.find(key, "events", "outcomes")
    return _TYPES.get(key) or (view.values.name(owner) if owner is not None else from_id(key))


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
