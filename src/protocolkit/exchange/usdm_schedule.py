"""USDM: the timelines as a schedule of visits, each at an offset from an anchor or another visit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocolkit.exchange import usdm_activities, usdm_times
from protocolkit.exchange.naming import Ids
from protocolkit.exchange.usdm_design import rules_of
from protocolkit.exchange.usdm_model import chain, coded, label, says_more, told
from protocolkit.exchange.usdm_words import entry

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_DECISION = "ScheduledDecisionInstance"
_EARLY = re.compile(r"early (?:termination|discontinuation|withdrawal)(?: visit| timeline)?", re.IGNORECASE)
_ANCHORS = (
    (re.compile(r"first (?:dose|administration|infusion|injection)"), "first_dose"),
    (re.compile(r"randomi[sz]ation|randomi[sz]ed"), "randomisation"),
    (re.compile(r"(?:informed )?consent"), "consent"),
)


@dataclass
class _Plan:
    """The visits of the timelines: their places by the ids of the instances, and the anchors."""

    times: usdm_times.Times
    visits: dict[str, Path] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    ids: Ids = field(default_factory=lambda: Ids("visit"))
    anchor_ids: Ids = field(default_factory=lambda: Ids("anchor"))


def schedule(s: Study) -> None:
    """Carry the activities, the main timeline as scheduled visits, and the timelines that start on an event."""
    places = usdm_activities.activities(s)
    rows = s.design["scheduleTimelines"].rows
    main = next((row for row in rows if row["mainTimeline"].value is True), None)
    plan = _Plan(usdm_times.times(main) if main is not None else usdm_times.Times({}, {}, {}))
    if main is not None:
        _main(s, main, plan)
    called = {row["timelineId"].text for row in s.design["activities"].rows}
    called |= {one["timelineId"].text for row in rows for one in row["instances"].rows}
    for row in rows:
        if (main is None or row.path != main.path) and row["id"].text not in called:
            _other(s, row, plan)
    usdm_activities.conditions(s, places, plan.visits)


def _main(s: Study, main: Cursor, plan: _Plan) -> None:
    for ident, timing in plan.times.anchors.items():
        _anchor(s, ident, timing, plan)
    rows = [row for row in chain(main["instances"].rows, "defaultConditionId") if not _decides(row)]
    names = _names(s, rows)
    for row in rows:
        _visit(s, row, names[row.path], plan, ("schedule", "visits", s.t.count(("schedule", "visits"))))
    for row in rows:
        if row["id"].text in plan.visits:
            _placed(s, row, plan)
    for row in main["instances"].rows:
        if _decides(row):
            _decision(s, row, plan)
    _spoken(s, main)


def _spoken(s: Study, main: Cursor) -> None:
    """Carry what the main timeline says of itself."""
    told_more = main["description"]
    if not says_more(told_more.text, label(main).text, "this is the main timeline for the study design trial"):
        told_more.aside("says no more than that it is the main timeline")
    if main["entryCondition"].text:
        s.add(("narrative", "1.3"), [main["entryCondition"]], f"The schedule begins with: "
              f"{s.words(main['entryCondition'])}.")  # fmt: skip
    if main["mainTimeline"]:
        main["mainTimeline"].aside("says which timeline is the schedule of the trial")
    label(main).aside("the name of the schedule of the trial")


def _decides(row: Cursor) -> bool:
    return row["instanceType"].text == _DECISION or bool(row["conditionAssignments"])


def _anchor(s: Study, ident: str, timing: Cursor, plan: _Plan) -> None:
    """Write the fixed point of the main timeline; its kind only where the words name one exactly."""
    instance = plan.times.instances.get(ident)
    if instance is None:
        s.find(timing["relativeFromScheduledInstanceId"])
        return
    at = ("schedule", "anchors", s.t.count(("schedule", "anchors")))
    name = s.words(label(timing)) or s.words(label(instance))
    plan.anchors[ident] = plan.anchor_ids.make(f"at {name}".lower())
    s.t.name((*at, "id"), plan.anchors[ident])
    said = [s.words(one[key]).lower() for one in (timing, instance) for key in ("label", "name", "description")]
    kinds = {kind for text in said for pattern, kind in _ANCHORS if pattern.fullmatch(text)}
    kind = kinds.pop() if len(kinds) == 1 else "event"
    s.put((*at, "kind"), [told(timing["type"])], kind)
    more = timing["description"]
    text = f"{name} ({s.words(more)})" if says_more(more.text, name, "timing") else name
    s.put((*at, "text"), [label(timing), more, *usdm_times.leaves(timing)], text)
    if kind == "event":
        s.t.keep_words(label(timing), (*at, "kind"), "the words name no kind of anchor, such as the first dose")
    if usdm_times.span(timing["value"].text) == "1 d" and s.t.get(("schedule", "day_one")) is None:
        s.put(("schedule", "day_one"), [timing["value"]], plan.anchors[ident], words=timing["value"].text)


def _names(s: Study, rows: list[Cursor]) -> dict[Path, tuple[str, list[Cursor]]]:
    """Return what each visit is called: as its encounter, or as its instance where several share an encounter."""
    found: dict[Path, tuple[str, list[Cursor]]] = {}
    used: set[str] = set()
    for row in rows:
        encounter = s.index.get(row["encounterId"].text)
        if encounter is not None and row["encounterId"].text not in used:
            used.add(row["encounterId"].text)
            found[row.path] = s.words(label(encounter)), [label(encounter), row["encounterId"]]
        else:
            found[row.path] = s.words(label(row)), [label(row), row["encounterId"]]
    return found


def _visit(s: Study, row: Cursor, named: tuple[str, list[Cursor]], plan: _Plan, at: Path) -> bool:
    name, parts = named
    if not name or not s.put((*at, "name"), parts, name):
        return False
    ident = plan.ids.make(name)
    plan.visits[row["id"].text] = at
    s.t.name((*at, "id"), ident)
    epoch = s.place(row["epochId"])
    if epoch:
        s.t.put((*at, "epoch"), row["epochId"], epoch)
    else:
        s.find(row["epochId"], "StudyEpoch")
    encounter = s.find(row["encounterId"], "Encounter")
    if encounter is not None:
        _encounter(s, encounter, name, at)
    if says_more(row["description"].text, name, label(row).text):
        s.add((*at, "description"), [row["description"]], s.read(row["description"]).text)
    if label(row).path not in s.t.source.taken:
        label(row).aside("another name of the same visit")
    for reference in row["activityIds"].rows:
        _done(s, reference, at)
    timeline = s.find(row["timelineId"], "ScheduleTimeline")
    if timeline is not None:
        usdm_activities.inner(s, timeline, row["timelineId"], (*at, "description"))
    return True


def _done(s: Study, reference: Cursor, at: Path) -> None:
    ident, to = s.place(reference), (*at, "activities")
    if not ident:
        s.find(reference, "Activity")
    elif ident in (s.t.get(to) or ()):
        reference.take(to)
    else:
        s.t.put((*to, s.t.count(to)), reference, ident)


def _encounter(s: Study, row: Cursor, name: str, at: Path) -> None:
    """Write how and where an encounter takes place, what it is for, and when it begins and ends."""
    if label(row).text != name:  # a second visit of the encounter: the first one has its words
        return
    more = row["description"]
    if says_more(more.text, name, "encounter visit"):
        s.add((*at, "description"), [more], s.read(more).text)
    elif more:
        more.aside("says no more than the name")
    leaves, text = rules_of(s, row)
    s.add((*at, "description"), leaves, text)
    modes = row["contactModes"].rows
    term = entry("visit_mode", coded(modes[0])["code"].text, told(modes[0]).text) if len(modes) == 1 else ""
    if term:
        s.t.put((*at, "mode"), told(modes[0]), term)
    elif modes:
        listed = ", ".join(told(one).text.lower() for one in modes)
        s.add((*at, "description"), [told(one) for one in modes], f"Contact: {listed}.")
        s.t.keep_words(told(modes[0]), (*at, "mode"), "the source names several ways of contact, or one without a term")
    places = [told(one) for one in row["environmentalSettings"].rows]
    s.put((*at, "place"), places, ", ".join(place.text for place in places))
    if told(row["type"]).text.lower() == "visit":
        told(row["type"]).aside("says that it is a visit")


def _placed(s: Study, row: Cursor, plan: _Plan) -> None:
    """Write when a visit takes place: an offset where it can be counted, else the words."""
    ident = row["id"].text
    at = plan.visits[ident]
    if ident in plan.anchors:
        s.t.name((*at, "anchor"), plan.anchors[ident])
        s.t.name((*at, "offset"), "0 d")
    for timing in plan.times.by_instance.get(ident, ()):
        found = usdm_times.offset(plan.times, timing)
        if found is None or s.t.get((*at, "offset")) is not None or not _counts(s, timing, found, plan, at):
            shown = usdm_times.shown(s, plan.times, timing)
            s.add((*at, "description"), usdm_times.leaves(timing), f"Time: {shown}.")
            s.t.keep_words(
                timing["value"], (*at, "description"), "the timing cannot be counted from an anchor or a visit"
            )


def _counts(s: Study, timing: Cursor, found: usdm_times.Offset, plan: _Plan, at: Path) -> bool:
    anchor = plan.anchors.get(found.target)
    if anchor is None and found.target in plan.visits:
        anchor = s.t.get((*plan.visits[found.target], "id"))
    if not anchor:
        return False
    s.put((*at, "anchor"), [timing["relativeToScheduledInstanceId"], timing["relativeFromScheduledInstanceId"]], anchor)
    words = " ".join(part.text for part in (timing["value"], told(timing["type"])) if part.text)
    parts = [timing["value"], timing["valueLabel"], told(timing["type"]), told(timing["relativeToFrom"])]
    s.put((*at, "offset"), parts, found.offset, words=words)
    sides = [timing[key] for key in ("windowLower", "windowUpper", "windowLabel") if timing[key]]
    limits = usdm_times.window(timing)
    if limits is not None:
        told_sides = " ".join(side.text for side in sides[:2])
        s.put((*at, "window", "before"), [sides[0], *sides[2:]], limits[0], words=told_sides)
        s.put((*at, "window", "after"), sides[1:], limits[1], words=told_sides)
    elif sides:
        s.add((*at, "description"), sides, f"Window: {'; '.join(s.words(side) for side in sides)}.")
        s.t.keep_words(sides[0], (*at, "window"), "a window needs both of its sides, as lengths of time")
    for key in ("label", "description"):
        if timing[key]:
            timing[key].aside("a name of the timing; the visit has its name")
    return True


def _decision(s: Study, row: Cursor, plan: _Plan) -> None:
    """Write the conditions of a decision at the visits that it leads to."""
    row["epochId"].aside("the epoch in which a decision falls; the visits have theirs")
    for one in row["conditionAssignments"].rows:
        at = plan.visits.get(one["conditionTargetId"].text)
        if at is None or not one["condition"].text:
            if at is None and one["conditionTargetId"].text not in s.index:
                s.find(one["conditionTargetId"])
            continue
        parts = [one["condition"], one["conditionTargetId"], label(row)]
        s.add((*at, "condition"), parts, f"{s.words(label(row))}: {s.words(one['condition'])}")
        s.t.keep_words(one["condition"], (*at, "condition"), "a decision of the timeline is kept in words")


def _other(s: Study, timeline: Cursor, plan: _Plan) -> None:
    """Write a timeline that starts on an event: visits without a place in time."""
    found = usdm_times.times(timeline)
    for row in chain(timeline["instances"].rows, "defaultConditionId"):
        if _decides(row):
            continue
        at = ("schedule", "visits", s.t.count(("schedule", "visits")))
        if not _visit(s, row, (s.words(label(row)), [label(row)]), plan, at):
            continue
        early = any(_EARLY.fullmatch(s.words(one)) for one in (label(row), label(timeline)))
        s.t.name((*at, "kind"), "early_termination" if early else "unscheduled")
        entry_condition = timeline["entryCondition"]
        parts = [label(timeline), entry_condition]
        text = f"{s.words(label(timeline))}: {s.words(entry_condition)}." if entry_condition.text else ""
        s.add((*at, "description"), parts, text)
        ident = row["id"].text
        for timing in found.by_instance.get(ident, ()):
            s.add((*at, "description"), usdm_times.leaves(timing), f"Time: {usdm_times.shown(s, found, timing)}.")
        if ident in found.anchors:
            for leaf in usdm_times.leaves(found.anchors[ident]):
                leaf.aside("the point that a timeline starts from")
    if not says_more(timeline["description"].text, label(timeline).text, "this is the processing"):
        timeline["description"].aside("says no more than the name of the timeline")
    elif timeline["instances"].rows and (first := plan.visits.get(timeline["instances"].rows[0]["id"].text)):
        s.add((*first, "description"), [timeline["description"]], s.read(timeline["description"]).text)
