"""ClinicalTrials.gov: outcomes become outcomes, endpoints and objectives; time frames become visits where exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocolkit.exchange import words_time
from protocolkit.exchange.ctgov_design import prose
from protocolkit.exchange.ctgov_trial import RECORD
from protocolkit.exchange.naming import Ids
from protocolkit.quantities import parse

if TYPE_CHECKING:
    from decimal import Decimal

    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer

_LEVELS = (("primaryOutcomes", "primary"), ("secondaryOutcomes", "secondary"), ("otherOutcomes", "exploratory"))
_MINUTES = {"min": 1, "h": 60, "d": 1440, "wk": 10080}
_OPEN = "months, words and spans without a start cannot be placed on a day"
_SEVERAL = "an endpoint has one time point, and the words name several; each is a visit of the schedule"


@dataclass
class _Plan:
    """The visits and anchors that time frames name, gathered before they are written in the order of time."""

    visits: dict[tuple[str, words_time.Event | None], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    words: dict[str, Cursor] = field(default_factory=dict)
    served: dict[str, dict[str, None]] = field(default_factory=dict)
    ids: Ids = field(default_factory=lambda: Ids("visit"))
    anchors: dict[words_time.Event, str] = field(default_factory=dict)
    anchor_ids: Ids = field(default_factory=lambda: Ids("anchor"))

    def visit(self, point: words_time.Point, frame: Cursor) -> str:
        """Return the id of the visit at a point, a new one where there is none."""
        key = (point.offset, point.event)
        if key not in self.visits:
            self.visits[key] = ident = self.ids.make(point.name)
            self.names[ident], self.words[ident] = point.name, frame
        if point.event is not None:
            self.anchor(point.event)
        return self.visits[key]

    def anchor(self, event: words_time.Event) -> str:
        """Return the id of the anchor of an event, a new one where there is none."""
        if event not in self.anchors:
            self.anchors[event] = self.anchor_ids.make(f"at {event.words}".lower())
        return self.anchors[event]


def outcomes(t: Transfer, section: Cursor) -> None:
    """Make an outcome of each measure, and of each entry an endpoint of the objective of its level."""
    module, plan = section["outcomesModule"], _Plan()
    known: dict[tuple[str, str], tuple[str, int]] = {}
    ids, endpoints = Ids("outcome"), Ids("E")
    for key, level in _LEVELS:
        rows = [row for row in module[key].rows if row["measure"].text]
        if not rows:
            continue
        objective = ("objectives", t.count(("objectives",)))
        t.name((*objective, "id"), level.capitalize())
        t.name((*objective, "level"), level)
        for row in rows:
            _entry(t, row, level, objective, _outcome(t, row, known, ids), endpoints.numbered(), plan)
    _schedule(t, plan)


def _outcome(t: Transfer, row: Cursor, known: dict[tuple[str, str], tuple[str, int]], ids: Ids) -> str:
    """Write the outcome of an entry, or return the one that says the same word for word."""
    measure, told = row["measure"], row["description"]
    key = (measure.text, told.text)
    if key in known:
        ident, index = known[key]
        measure.take(("outcomes", index, "name"))
        if told.text:
            told.take(("outcomes", index, "measurement"))
        return ident
    at = ("outcomes", t.count(("outcomes",)))
    ident = ids.make(measure.text)
    known[key] = ident, at[1]
    t.name((*at, "id"), ident)
    t.put((*at, "name"), measure)
    t.put((*at, "measurement"), told, prose(t, told))
    return ident


def _entry(  # noqa: PLR0913, PLR0917 - what an entry of the registry is made from
    t: Transfer, row: Cursor, level: str, objective: Path, outcome: str, endpoint: str, plan: _Plan
) -> None:
    at = (*objective, "endpoints", t.count((*objective, "endpoints")))
    t.name((*at, "id"), endpoint)
    t.put((*at, "outcome"), row["measure"], outcome)
    frame = row["timeFrame"]
    _record(t, row, level)
    times = words_time.read(frame.text) if frame.text else None
    if times is not None:
        _placed(t, frame, at, outcome, times, plan)
    if frame.text and (times is None or not _has_place(t, at)):
        to = (*at, "time_frame")
        kept = t.put(to, frame)
        t.keep_words(frame, to if kept else (*RECORD, "outcomes"), _OPEN if times is None else _SEVERAL)


def _has_place(t: Transfer, at: Path) -> bool:
    return bool(t.get((*at, "visit")) or t.get((*at, "interval")))


def _record(t: Transfer, row: Cursor, level: str) -> None:
    """Keep the entry as the registry words it, so that the protocol can be compared with it later."""
    if not t.get(RECORD[:-1]):
        return
    words = f"{level}: {t.own(row['measure'])}" + (f" [{t.own(row['timeFrame'])}]" if row["timeFrame"].text else "")
    to = (*RECORD, "outcomes", t.count((*RECORD, "outcomes")))
    if t.put(to, row["measure"], words):
        row["timeFrame"].take(to)


def _placed(t: Transfer, frame: Cursor, at: Path, outcome: str, times: words_time.Times, plan: _Plan) -> None:
    """Write what a time frame names: an interval, or a visit; where it names several, each has the activity."""
    words = str(t.own(frame))
    if times.span:
        for side, point in zip(("from", "to"), times.points, strict=True):
            _edge(t, frame, (*at, "interval", side), point, plan)
        return
    visits = [plan.visit(point, frame) for point in times.points]
    for visit in visits:
        plan.served.setdefault(visit, {})[outcome] = None
    later = [visit for visit, point in zip(visits, times.points, strict=True) if not point.is_start]
    if len(later) == 1 or len(visits) == 1:
        t.put((*at, "visit"), frame, (later or visits)[0], words=words)


def _edge(t: Transfer, frame: Cursor, at: Path, point: words_time.Point, plan: _Plan) -> None:
    """Write an end of an interval: an offset from the event that the words name, else the words; never a visit."""
    words = str(t.own(frame))
    if point.event is None:
        t.put((*at, "event"), frame, point.name, words=words)
    elif point.is_start:
        t.put(at, frame, plan.anchor(point.event), words=words)
    else:
        t.put((*at, "anchor"), frame, plan.anchor(point.event), words=words)
        t.put((*at, "offset"), frame, point.offset, words=words)


def _schedule(t: Transfer, plan: _Plan) -> None:
    for index, (event, ident) in enumerate(plan.anchors.items()):
        at = ("schedule", "anchors", index)
        t.name((*at, "id"), ident)
        t.name((*at, "kind"), event.kind)
        t.name((*at, "text"), event.words)
    served = {outcome for outcomes in plan.served.values() for outcome in outcomes}
    names = {row["id"]: row["name"] for row in t.get(("outcomes",)) or [] if row["id"] in served}
    for index, (outcome, name) in enumerate(names.items()):
        at = ("schedule", "activities", index)
        t.name((*at, "id"), outcome)
        t.name((*at, "name"), name)
        t.name((*at, "serves", 0), outcome)
    visits = sorted(plan.visits.items(), key=lambda item: _minutes(item[0][0]))
    for index, ((offset, start), ident) in enumerate(visits):
        at = ("schedule", "visits", index)
        frame = plan.words[ident]
        t.name((*at, "id"), ident)
        t.put((*at, "name"), frame, plan.names[ident], words=str(t.own(frame)))
        if start is not None:
            t.name((*at, "anchor"), plan.anchors[start])
        t.put((*at, "offset"), frame, offset, words=str(t.own(frame)))
        for number, outcome in enumerate(plan.served.get(ident, ())):
            t.name((*at, "activities", number), outcome)


def _minutes(offset: str) -> Decimal:
    quantity = parse(offset)
    return quantity.value * _MINUTES[offset.split(" ")[1]]
