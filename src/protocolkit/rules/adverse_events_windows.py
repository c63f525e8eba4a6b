"""Rule on windows of collection that hold together: serious events, what is looked for, pregnancies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import day_of, in_days, later, length
from protocolkit.rules.trial import named
from protocolkit.rules.words import listed
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop


@rule(
    "AE18", Severity.WARNING,
    reads=("/adverse_events/windows", "/adverse_events/ascertainment", "/adverse_events/of_special_interest",
           "/population/contraception/until", "/schedule"),
)  # fmt: skip
def hold_together(trial: Trial) -> Iterator[Found]:
    """Serious events are collected no shorter than others, events as long as they are looked for, and so pregnancies.

    Why: what is looked for at week 36 is found, and has no place to be recorded when the window closed at week 9. A
    pregnancy that contraception was to prevent until day 90 is lost when they are collected to day 30.

    Applies: windows are stated, and two of these times compare. A note on the window of special interest may say what
    is looked for later.

    Basis:
        ICH M11 Step 4, 9.2.1 and 9.3.1 (H)
        SPIRIT 2025, 17 (H)

    Fails::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: CHECK, serves: [fall]}]
          visits: [{id: W36, anchor: first_dose, offset: 36 wk, activities: [CHECK]}]
        adverse_events:
          of_special_interest: [{id: fall, name: falls}]
          windows: {AESI: {start: first_dose, end: {anchor: first_dose, offset: 9 wk}}}
          ascertainment: [{event: fall, mode: checklist, activity: CHECK, visits: [W36]}]

    Passes::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: CHECK, serves: [fall]}]
          visits: [{id: W36, anchor: first_dose, offset: 36 wk, activities: [CHECK]}]
        adverse_events:
          of_special_interest: [{id: fall, name: falls}]
          windows: {AESI: {start: first_dose, end: {anchor: first_dose, offset: 36 wk}}}
          ascertainment: [{event: fall, mode: checklist, activity: CHECK, visits: [W36]}]
    """
    windows = trial.at("/adverse_events/windows")
    if not any(windows[kind]["end"] for kind in windows.keys()):  # noqa: SIM118 - a node is no mapping
        raise NotApplicable("no window of collection is stated")
    yield from _serious(trial, windows)
    yield from _looked_for(trial, windows)
    yield from _pregnancies(trial, windows)


def _serious(trial: Trial, windows: Node) -> Iterator[Found]:
    """Compare the window of serious events with that of all others; where there is none, with special interest."""
    other = "AE" if windows["AE"]["end"] else "AESI"
    end, serious = windows[other]["end"], windows["SAE"]["end"]
    by = later(trial, end, serious) if end and serious else None
    if by is not None and by > 0:
        message = f"serious events are collected {in_days(by)} shorter than others (window of {other})"
        yield Found(serious, message, "collect serious events at least as long as others", ((end, "the other window"),))


def _looked_for(trial: Trial, windows: Node) -> Iterator[Found]:
    """Find what is looked for at visits after its window has closed: one finding for each window."""
    late: dict[Path, list[_Late]] = {}
    for row in trial.at("/adverse_events/ascertainment"):
        found = _late(trial, windows, row)
        if found is not None:
            late.setdefault(found.end.path, []).append(found)
    for rows in late.values():
        told = listed(list(dict.fromkeys(row.event for row in rows)))
        visits = listed(list(dict.fromkeys(named(stop.visit) for row in rows for stop in row.stops)))
        message = f"{told}: looked for at {visits}, after the window of collection has closed"
        hint = "collect events as long as they are looked for, or remove the visits"
        yield Found(rows[0].row["visits"], message, hint, ((rows[0].end, "the end of the window"),))


class _Late(NamedTuple):
    """A way of ascertainment with visits after the window: the event in words, the visits, the end of the window."""

    row: Node
    event: str
    stops: tuple[Stop, ...]
    end: Node


def _late(trial: Trial, windows: Node, row: Node) -> _Late | None:
    special = trial.at("/adverse_events/of_special_interest").find(row["event"].text)
    kinds = ("AESI",) if special and windows["AESI"]["end"] else ("AE", "SAE", "AESI", "medically_attended")
    ends = [(day, windows[kind]["end"]) for kind in kinds if (day := day_of(trial, windows[kind]["end"])) is not None]
    if not ends or len(ends) < sum(bool(windows[kind]["end"]) for kind in kinds):
        return None  # a window stays open until an event
    if special and any(windows[kind]["note"] for kind in kinds):
        return None  # what is said of the window in words may say it
    last, end = max(ends, key=lambda pair: pair[0])
    stops = [stop for node in row["visits"] if (stop := trial.timetable.stop(node.text)) and stop.moments]
    after = tuple(stop for stop in stops if _begins(stop) > last)
    event = (special["name"].text or row["event"].text) if special else "adverse events"
    return _Late(row, event, after, end) if after else None


def _begins(stop: Stop) -> Decimal:
    """Return the first day on which a visit may take place."""
    return stop.moments[0].offset - (length(stop.visit["window"]["before"]) or 0)


def _pregnancies(trial: Trial, windows: Node) -> Iterator[Found]:
    until, end = trial.at("/population/contraception/until"), windows["pregnancy"]["end"]
    by = later(trial, until, end) if until and end else None
    if by is not None and by > 0:
        message = f"pregnancies are collected {in_days(by)} shorter than contraception is asked for"
        yield Found(end, message, "collect them at least as long", ((until, "how long contraception is asked for"),))


RULES: tuple[Rule, ...] = (hold_together,)
