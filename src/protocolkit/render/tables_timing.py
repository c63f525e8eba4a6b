"""The table of the standard on timing: from when to when each kind of event is collected, and how it is reported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Row, Table
from protocolkit.render.lexicon import from_id
from protocolkit.render.sections import registry
from protocolkit.render.tables import filled, headings, lines, missing
from protocolkit.render.words import ended, glued, keys_of, run, upper_first
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.render.blocks import Block, Blocks, Inlines, Paragraph
    from protocolkit.render.view import View

    _Cells = tuple[Inlines | tuple[Paragraph, ...], ...]

_BASE = "/adverse_events"
_SPECIAL = "AESI"
# A scope that leaves no event of a kind out.
_ALL = re.compile(
    r"(?:all|any|every)(?: of them| (?:serious )?(?:adverse )?events?)?"
    r"(?:,? (?:related or not|whatever the cause|regardless of caus\w+))?",
    re.IGNORECASE,
)
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
    "device_related": "Event Related to the Device or Its Procedure",
    "device_deficiency": "Device Deficiency",
    "overdose": "Overdose",
    "medication_error": "Medication Error",
    "misuse": "Misuse",
    "other": "Other Event",
}


class _Kind(NamedTuple):
    """A kind of event in the table: what it is called, its window and where that stands, and how it is reported."""

    words: Inlines
    owner: View
    window: str
    reports: tuple[View, ...]
    scoped: bool = True  # whether the way of reporting is its own, and so the scope


def timing(view: View) -> Blocks:
    """Return the table of timing and procedures for collecting and reporting, with the columns of the standard."""
    labels = next(section.labels for section in registry() if section.number == "9.2")
    rows = [row for kind in _kinds(view) for row in _rows(kind)]
    if not rows:
        return () if view.has(f"{_BASE}/windows") else (_no_windows(view),)
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


def _kinds(view: View) -> Iterator[_Kind]:
    """Yield the kinds of events that are collected or reported; those of special interest once each.

    An event of special interest with a window or a way of reporting of its own is a kind by itself, for which the rest
    holds as it does for the others of special interest.
    """
    reported: dict[str, tuple[View, ...]] = {}
    for row in view.each(f"{_BASE}/reporting"):
        reported[row.at("event").text] = (*reported.get(row.at("event").text, ()), row)
        row.values.mark(row.at("event"))
    events = {item.at("id").text: item for item in view.each(f"{_BASE}/of_special_interest")}
    apart = [name for name, item in events.items() if item.has("window") or name in reported]
    alike = len(apart) < len(events) or not events or _SPECIAL in reported
    named = [key for key in keys_of(view.at(f"{_BASE}/windows")) if not _is_none(view, key)]
    for key in dict.fromkeys((*named, *filter(None, reported))):
        if key not in apart and (key != _SPECIAL or alike):
            yield _Kind(run(event_type(view, key)), view, f"{_BASE}/windows/{key}", reported.get(key, ()))
    for name in apart:
        own = (events[name], "window") if events[name].has("window") else (view, f"{_BASE}/windows/{_SPECIAL}")
        reports = reported.get(name, reported.get(_SPECIAL, ()))
        yield _Kind(run(event_type(view, name)), *own, reports, scoped=name in reported)


def _is_none(view: View, key: str) -> bool:
    """Say whether a kind of event is stated not to be collected; Section 9.2.1 says why."""
    return view.has(f"{_BASE}/windows/{key}/none_reason")


def _rows(kind: _Kind) -> Iterator[_Cells]:
    """Yield the rows of one kind: one for each way of reporting it, and one for each arm or cohort with a window."""
    for row in kind.reports or (None,):
        yield _row(kind, row)
        if row is None or not row.has("period"):
            for which in ("arm", "cohort"):
                yield from (
                    _row_of_some(kind, row, item, which) for item in kind.owner.each(f"{kind.window}/by_{which}")
                )


def _row(kind: _Kind, row: View | None) -> _Cells:
    own = row is not None and row.has("period")
    told = () if own else attributed(kind.owner, kind.window)
    return (
        upper_first(kind.words),
        lines(_scope(kind, row), upper_first(told)),
        upper_first(_side(kind, row, "start")),
        lines(upper_first(_side(kind, row, "end")), () if own else _noted(kind.owner, f"{kind.window}/note")),
        *_reporting(row),
    )


def _scope(kind: _Kind, row: View | None) -> Inlines:
    """Print which events of a kind are reported so; what a scope shared with others names may be those."""
    holds = row is not None and (kind.scoped or leaves_none_out(row.at("scope").text))
    return upper_first(row.say("{scope}")) if row and holds else ()


def _noted(owner: View, place: str) -> Inlines:
    """Print a note on a window with its period, which it is about; in the column of scope it would read as a limit."""
    return ended(glued("Note: ", upper_first(owner.f(place)))) if owner.has(place) else ()


def _row_of_some(kind: _Kind, row: View | None, item: View, which: str) -> _Cells:
    """Return the row of an arm or a cohort that has a window of its own."""
    return (
        upper_first(kind.words),
        lines(
            glued(f"In the {which} ", item.f(which)), _scope(kind, row),
        ),
        upper_first(item.f("start", "time")),
        lines(upper_first(glued(item.f("end", "time"), ends_earlier(item))), _noted(item, "note")),
        *_reporting(row),
    )  # fmt: skip


def _reporting(row: View | None) -> _Cells:
    """Return how soon, to whom and by which means an event is reported."""
    if row is None:
        return (), (), ()
    route = glued(row.say(", from {from:the}"), row.say(" to {to:the}"))
    return (
        upper_first(glued("within ", row.f("clock"), route)), upper_first(row.say("{method}")),
        upper_first(row.say("{backup}")),
    )  # fmt: skip


def leaves_none_out(scope: str) -> bool:
    """Say whether the scope of a way of reporting, in words, is all events of the kind; where none is told, it is."""
    return not scope or _ALL.fullmatch(scope.strip()) is not None


def attributed(view: View, window: str) -> Inlines:
    """Say what the events of a window are attributed to, or that they are attributed as others are."""
    to = "" if view.at(f"{window}/attributed_to").text.startswith("as ") else "to "
    return view.say(f"attributed {to}{{{window}/attributed_to}}.")


def _side(kind: _Kind, row: View | None, key: str) -> Inlines:
    """Print one end of the period in which an event is to be reported."""
    if row and row.has(f"period/{key}"):
        return row.f(f"period/{key}", "time")
    owner, window = kind.owner, kind.window
    if not owner.has(window) or owner.has(f"{window}/none_reason"):
        return ()
    each = owner.say(f"; {{{window}/after_each_dose}} after each dose") if key == "end" else ()
    return glued(owner.f(f"{window}/{key}", "time"), ends_earlier(owner, f"{window}/") if key == "end" else "", each)


def ends_earlier(view: View, window: str = "") -> Inlines:
    """Say what ends a collection before its end: `, or until a new therapy where that comes first`."""
    base = f"{window}ends_earlier"
    comes = view.say(f", or until {{{base}/event}} where that comes first")
    return glued(comes, view.say(f", but not before {{{base}/not_before:time}}"))


def event_type(view: View, key: str) -> str:
    """Return how the standard calls a type of event; an event of the trial by its own name."""
    owner = view.values.names.find(key, "events", "outcomes")
    return _TYPES.get(key) or (view.values.name(owner) if owner is not None else from_id(key))
