"""USDM: activities with their procedures, measurements, conditions and timelines of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.exchange import usdm_times
from protocolkit.exchange.naming import Ids
from protocolkit.exchange.usdm_model import chain, label, says_more, told

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_INSIDE = "a timeline within an activity has no keys of its own"


def activities(s: Study) -> dict[str, Path]:
    """Carry the activities in their order; return their places by their ids in the source."""
    ids, places = Ids("activity"), dict[str, "Path"]()
    for row in chain(s.design["activities"].rows):
        at = ("schedule", "activities", s.t.count(("schedule", "activities")))
        name = s.words(label(row))
        if not s.put((*at, "name"), [label(row)], name):
            continue
        s.places[row["id"].text] = ids.make(name)
        s.t.name((*at, "id"), s.places[row["id"].text])
        places[row["id"].text] = at
    for row in s.design["activities"].rows:
        if place := places.get(row["id"].text):
            _content(s, row, place, places)
    named = {one.text for row in s.design["activities"].rows for one in row["biomedicalConceptIds"].rows}
    for row in s.version["biomedicalConcepts"].rows:
        if row["id"].text not in named:
            s.t.lose("LOSS01", row, f'the measurement "{s.words(label(row))[:60]}" is named by no activity')
    return places


def _content(s: Study, row: Cursor, at: Path, places: dict[str, Path]) -> None:
    name = s.words(label(row))
    if says_more(row["description"].text, name):
        s.add((*at, "description"), [row["description"]], s.read(row["description"]).text)
    elif row["description"]:
        row["description"].aside("says no more than the name")
    for procedure in row["definedProcedures"].rows:
        _procedure(s, procedure, at, name)
    _items(s, row, at)
    for reference in row["childIds"].rows:
        child = places.get(reference.text)
        if child is not None:
            s.add((*child, "description"), [reference], f"Part of: {name}.")
    timeline = s.find(row["timelineId"], "ScheduleTimeline")
    if timeline is not None:
        inner(s, timeline, row["timelineId"], (*at, "description"))


def _items(s: Study, row: Cursor, at: Path) -> None:
    """Write what is measured or asked, by the names of the concepts."""
    for key, kind in (("biomedicalConceptIds", "BiomedicalConcept"), ("bcSurrogateIds", "BiomedicalConceptSurrogate"),
                      ("bcCategoryIds", "BiomedicalConceptCategory")):  # fmt: skip
        for reference in row[key].rows:
            concept = s.find(reference, kind)
            if concept is not None:
                _item(s, [label(concept), reference], s.words(label(concept)), at)


def _procedure(s: Study, row: Cursor, at: Path, name: str) -> None:
    """Write a procedure by the words of its code, with its other words where they say more."""
    code, kind, more = told(row["code"]), row["procedureType"], row["description"]
    parts, text = [code], s.words(code)
    for part in (label(row) if row["label"].text else code, kind, more):
        if says_more(part.text, text, name):
            text = f"{text}; {s.words(part)}" if text else s.words(part)
            parts.append(part)
        elif part and part is not code and part.path != code.path:
            part.aside("says no more than the words of the code and of the activity")
    if text:
        _item(s, parts, text, at)
    given = s.place(row["studyInterventionId"])
    if given:
        s.t.put((*at, "serves", s.t.count((*at, "serves"))), row["studyInterventionId"], given)
    else:
        s.find(row["studyInterventionId"], "StudyIntervention")


def _item(s: Study, parts: list[Cursor], text: str, at: Path) -> None:
    to: Path = (*at, "items")
    if text in (s.t.get(to) or ()):
        for part in parts:
            part.take(to)
    else:
        s.put((*to, s.t.count(to)), parts, text)


def inner(s: Study, timeline: Cursor, reference: Cursor, to: Path) -> None:
    """Write a timeline that runs within an activity or a visit in words, step by step."""
    found = usdm_times.times(timeline)
    entry, more = timeline["entryCondition"], timeline["description"]
    parts, head = [label(timeline), reference], s.words(label(timeline))
    if entry.text:
        parts, head = [*parts, entry], f"{head} ({s.words(entry)})"
    if says_more(more.text, head, "this is the timeline"):
        parts, head = [*parts, more], f"{head}. {s.words(more)}"
    steps = []
    for row in chain(timeline["instances"].rows, "defaultConditionId"):
        leaves, text = _instance(s, row, found)
        parts += leaves
        steps.append(text)
    if s.add(to, parts, f"{head}: {'; '.join(step for step in steps if step)}."):
        s.t.keep_words(label(timeline), to, _INSIDE)


def _instance(s: Study, row: Cursor, found: usdm_times.Times) -> tuple[list[Cursor], str]:
    """Return one step of a timeline in words: what it is called, what is done, and when."""
    ident = row["id"].text
    done = [(one, s.find(one, "Activity")) for one in row["activityIds"].rows]
    names = ", ".join(s.words(label(thing)) for _, thing in done if thing is not None)
    parts, text = [label(row), *(one for one, _ in done)], s.words(label(row))
    if names and says_more(names, text):
        text = f"{text} ({names})"
    timings = [*found.by_instance.get(ident, ()), *([found.anchors[ident]] if ident in found.anchors else [])]
    for timing in timings:
        parts += usdm_times.leaves(timing)
        when = usdm_times.shown(s, found, timing)
        if when:
            text = f"{text}, {when}"
    return parts, text


def conditions(s: Study, places: dict[str, Path], visits: dict[str, Path]) -> None:
    """Write conditions at the activities and visits that they hold for."""
    for row in s.version["conditions"].rows:
        found = s.read(row["text"], row)
        text, parts = " ".join(found.text.split()), [row["text"]]
        if says_more(row["description"].text, text, row["label"].text):
            text, parts = f"{text} ({s.words(row['description'])})", [*parts, row["description"]]
        where = [(one, visits.get(one.text)) for one in row["contextIds"].rows]
        names = [s.t.get((*at, "name")) for _, at in where if at is not None]
        at_visits = f"At {', '.join(names)}: {text}" if names else text
        for reference in row["appliesToIds"].rows:
            to = places.get(reference.text) or visits.get(reference.text)
            if to is not None:
                contexts = [one for one, at in where if at is not None]
                s.add((*to, "condition"), [*parts, reference, *contexts], at_visits)
            elif reference.text not in s.index:
                s.find(reference)
