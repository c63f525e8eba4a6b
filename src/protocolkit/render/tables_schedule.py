"""The schedule of activities: visits in order of time across, activities down, with days, windows and footnotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Align, Cell, Landscape, Mark, Paragraph, Row, Table, Text
from protocolkit.render.facts import cluster_unit, visit_level
from protocolkit.render.lexicon import spelt
from protocolkit.render.names import name_of
from protocolkit.render.tables import HEADING, TEXT, Column, lines, listing, missing
from protocolkit.render.tables_paged import paged
from protocolkit.render.timepoints import points_told, timepoint_words
from protocolkit.render.visit_times import (
    anchor_words,
    coming_back,
    offset_words,
    signed,
    some_arms,
    study_days,
    whom,
    window_of,
)
from protocolkit.render.words import MINUS, ended, flat, glued, run, upper_first
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.view import View
    from protocolkit.schedule import Planned, Stop

_WIDEST = 12
_RAISED = frozenset({Mark.SUPERSCRIPT})
_MARK = "X"
# Relative widths: the column of activities, the least column of a visit, and what a letter of a name asks for.
_FIRST, _LEAST, _LETTER = 40, 18, 2


@dataclass
class _Notes:
    """The footnotes of one table, each distinct text once, lettered in order of first use."""

    words: list[str] = field(default_factory=list)

    def letter(self, text: str) -> str:
        if text not in self.words:
            self.words.append(text)
        return _letter(self.words.index(text))

    def all(self) -> tuple[tuple[str, Inlines], ...]:
        return tuple((_letter(index), run(text)) for index, text in enumerate(self.words))


def _letter(index: int) -> str:
    return chr(ord("a") + index) if index < 26 else f"{_letter(index // 26 - 1)}{_letter(index % 26)}"  # noqa: PLR2004


def schedule_of_activities(view: View) -> Blocks:
    """Return the schedule on landscape pages, in several tables where it has many visits.

    In a trial of groups, visits to the group as a whole stand in a table of their own: they are no days of a
    participant.
    """
    stops = view.values.timetable.stops
    if not stops:
        return (missing(view, "/schedule/visits", "visits, each with its day, window and activities"),)
    apart = tuple(stop for stop in stops if stop.visit["level"].text == "cluster")
    own = tuple(stop for stop in stops if stop not in apart)
    unit = cluster_unit(view) or "cluster"
    tables = [*_tables(view, own, _Kind("", "tab:soa", days=True)), *_tables(view, apart, _Kind(unit, "tab:soa-unit"))]
    return (Landscape(tuple(paged(tables))),)


class _Kind(NamedTuple):
    """Whose visits a table shows: participants', or those of a unit by its name; study days are participants' alone."""

    unit: str
    bookmark: str
    days: bool = False

    @property
    def caption(self) -> str:
        """The words above the table."""
        return "Schedule of activities" + (f" of the {self.unit}" if self.unit else "")


def _tables(view: View, stops: tuple[Stop, ...], kind: _Kind) -> list[Block]:
    if not stops:
        return []
    done = {item.activity["id"].text for stop in stops for item in stop.planned}
    elsewhere = {item.activity["id"].text for stop in view.values.timetable.stops for item in stop.planned} - done
    listed = [node for node in view.at("/schedule/activities") if node["id"].text]
    activities = [
        node for node in listed if node["id"].text in done or (kind.days and node["id"].text not in elsewhere)
    ]
    many = -(-len(stops) // _WIDEST)
    size = -(-len(stops) // many)
    parts = [stops[start : start + size] for start in range(0, len(stops), size)]
    return [_table(view, part, activities, kind, (number, many)) for number, part in enumerate(parts, 1)]


def _table(view: View, stops: tuple[Stop, ...], activities: list[Node], kind: _Kind, place: tuple[int, int]) -> Block:
    notes = _Notes()
    number, many = place
    head = [
        _epochs(view, stops),
        _names(view, stops, notes),
        *((_head("Study day", [_centred(study_days(view, stop)) for stop in stops]),) if kind.days else ()),
        _offsets(view, stops),
        _head("Window", [_centred(window_of(view.values, stop.visit)) for stop in stops]),
    ]
    planned = [_by_activity(view, stop) for stop in stops]
    body = [_row(view, activity, planned, notes) for activity in activities]
    return Table(
        (*head, *body),
        (_FIRST, *(_width(stop.visit) for stop in stops)),
        run(kind.caption + (f" ({number} of {many})" if many > 1 else "")),
        kind.bookmark if number == 1 else f"{kind.bookmark}-{number}",
        "Activities in rows, visits in columns; an X marks an activity that is done at a visit.",
        notes.all(),
        small=True,
    )


def _width(visit: Node) -> int:
    """Return a relative width that the longest word of a visit's name fits into."""
    longest = max(map(len, (name_of(visit) or "").split()), default=0)
    return max(_LEAST, min(_LETTER * longest, 2 * _LEAST))


def _head(label: str, cells: Iterator[Cell] | list[Cell]) -> Row:
    first = Cell((Paragraph(run(label), HEADING),), header=True, shaded=True)
    return Row((first, *cells), header=True)


def _centred(content: Inlines | str, *, header: bool = True, span: int = 1) -> Cell:
    words = run(content) if isinstance(content, str) else content
    style = HEADING if header else TEXT
    return Cell((Paragraph(words, style),), span=span, header=header, align=Align.CENTRE, shaded=header)


def _epochs(view: View, stops: tuple[Stop, ...]) -> Row:
    groups = ((key, len(list(group))) for key, group in groupby(stops, key=lambda stop: _group(view, stop)))
    return _head("Epoch", [_centred(key, span=size) for key, size in groups])


def _group(view: View, stop: Stop) -> str:
    for key in ("epoch", "epochs"):
        view.values.mark(stop.visit[key])
    if not stop.scheduled:
        return "Other visits"
    found = [view.values.names.find(epoch, "epochs", "periods") for epoch in stop.epochs]
    names = [name_of(epoch) for epoch in found if epoch is not None]
    if len(names) > 2:  # noqa: PLR2004 - two are written out
        return f"{names[0]} to {names[-1]}"
    return " and ".join(names) or MINUS


def _names(view: View, stops: tuple[Stop, ...], notes: _Notes) -> Row:
    return _head("Visit", [_centred(_visit(view, stop.visit, notes)) for stop in stops])


def _visit(view: View, visit: Node, notes: _Notes) -> Inlines:
    shown = run(name_of(visit) or visit.locator)
    for key in ("name", "id"):
        view.values.mark(visit[key])
    extra = _about(view, visit)
    return (*shown, Text(notes.letter(extra), _RAISED)) if extra else shown


def _about(view: View, visit: Node) -> str:
    parts = []
    if visit["mode"].text and visit["mode"].text != "on_site":
        parts.append(
            f"by {spelt(visit['mode'].text)}"
            if visit["mode"].text in ("telephone", "video")
            else spelt(visit["mode"].text)
        )
    parts.append(whom(view.values, visit))
    for key in ("mode", "arms", "cohorts", "condition", "kind", "level"):
        view.values.mark(visit[key])
    return _sentence("; ".join(part for part in parts if part))


def _sentence(text: str) -> str:
    return flat(ended(upper_first(run(text))))


def _offsets(view: View, stops: tuple[Stop, ...]) -> Row:
    """Print offsets from the anchor that most visits have; a time from any other anchor is written out."""
    anchors = [anchor_words(view, stop.visit) for stop in stops]
    main = max(anchors, key=anchors.count)
    cells = [_centred(_short(view, stop, own=anchor == main)) for stop, anchor in zip(stops, anchors, strict=True)]
    mixed = any(anchor not in ("", main) for anchor in anchors)
    return _head(f"Time from {main}{', unless stated' if mixed else ''}" if main else "Planned time", cells)


def _short(view: View, stop: Stop, *, own: bool) -> Inlines:
    """Write the offset of a visit; a visit without a study day says here that it comes back, any other at its days."""
    whole, words = offset_words(view, stop.visit), signed(stop.visit)
    told = words if words and own else upper_first(run(whole))
    return told if stop.moments else glued(told, coming_back(view, stop))


def _by_activity(view: View, stop: Stop) -> dict[str, list[Planned]]:
    """Return what a visit plans by activity; several entries of one where arms have it at other time points."""
    found: dict[str, list[Planned]] = {}
    for item in stop.planned:
        told = item._replace(timepoints=tuple(points_told(item, stop, view.values.root)))
        found.setdefault(item.activity["id"].text, []).append(told)
    return found


def _row(view: View, activity: Node, planned: list[dict[str, list[Planned]]], notes: _Notes) -> Row:
    label = _label(view, activity, notes)
    return Row((label, *(_mark(view, found.get(activity["id"].text, []), notes) for found in planned)))


def _label(view: View, activity: Node, notes: _Notes) -> Cell:
    """Name an activity; a note says for whom or when it is done, where that is not always."""
    named = upper_first(view.values.field(activity["name"]))
    condition = _sentence(flat(view.values.content(activity["condition"])))
    view.values.mark(activity["condition"])
    raised = (Text(notes.letter(condition), _RAISED),) if condition else ()
    return Cell((Paragraph((*named, *raised), TEXT),), header=True)


def _mark(view: View, planned: list[Planned], notes: _Notes) -> Cell:
    """Mark what is done at a visit; notes say when, and for whom where not for all who have the visit."""
    if not planned:
        return _centred("", header=False)
    told = [text for text in (_when_and_for_whom(view, item) for item in planned) if text]
    letters = [Text(", ".join(dict.fromkeys(notes.letter(text) for text in told)), _RAISED)] if told else []
    return _centred((Text(_MARK), *letters), header=False)


def _when_and_for_whom(view: View, planned: Planned) -> str:
    parts = (whom(view.values, planned.entry), timepoint_words(planned.timepoints, view.values))
    view.values.mark(planned.entry)
    return _sentence("; ".join(part for part in parts if part))


def visits(view: View) -> Blocks:
    """Return the visits with how they are held, for the body of the protocol."""
    stops = view.values.timetable.stops
    items = [item for stop in stops for item in view.each("/schedule/visits") if item.node.path == stop.visit.path]
    columns = (
        Column("Visit", "{name}", 3, required=True),
        Column("Epoch", lambda item: item.say("{epoch}") or item.say("{epochs}"), 3),
        Column("Planned time", lambda item: upper_first(run(offset_words(view, item.node))), 4, required=True),
        Column("Window", lambda item: glued(window_of(view.values, item.node)), 3, required=True),
        Column("How it is held", _about_visit, 4),
    )
    return listing(items, columns, "Visits", "tab:visits")


def _about_visit(item: View) -> tuple[Paragraph, ...]:
    return lines(upper_first(_held(item)), upper_first(item.say("{description}")))


def _held(item: View) -> Inlines:
    parts = (
        run(visit_level(item, item.node)),
        item.say("{mode}"),
        item.say("{place}"),
        item.say("by {provider}"),
        _again(item),
        run(f"only for {arms}") if (arms := some_arms(item.values, item.node)) else (),
        item.say("only for {cohorts}"),
        item.say("{condition}"),
    )
    kept = [part for part in parts if part]
    return glued(*(piece for index, part in enumerate(kept) for piece in ((", " if index else ""), part)))


def _again(item: View) -> Inlines:
    """Say how a visit comes back; what one turn is called only where it is more than the name of the visit."""
    turn = item.at("repeats/name").text.casefold()
    known = turn in ("visit", "contact") or turn in item.at("name").text.casefold()
    named = () if known else item.say(" ({repeats/name})")
    item.values.mark(item.at("repeats/name"))
    if isinstance(item.at("repeats").value, list):
        return item.say("once in each of {repeats}")
    return glued(item.say("repeated every {repeats/every:each}"), named, item.say(" until {repeats/until:moment}"))
