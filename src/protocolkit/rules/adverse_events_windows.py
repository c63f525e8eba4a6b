"""Rule on windows of collection that hold together: serious events, what is looked for, pregnancies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.adverse_events_contacts import asked_after, begins, unasked_in_an_arm, visits_after
from protocolkit.rules.adverse_events_crossover import in_washouts
from protocolkit.rules.adverse_events_each_dose import cut_short, with_each_dose
from protocolkit.rules.adverse_events_pregnancies import collected
from protocolkit.rules.contacts import COLLECTED, UNASKED, safety_contacts
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import DOSING_DAYS, anchor_kind, anchor_of, day_of, in_days, later, leeway, length
from protocolkit.rules.trial import named
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Planned, Stop

_BY_PERIOD = ("AE", "SAE", "AESI")
_CALLED = {
    "AE": "adverse events", "SAE": "serious adverse events", "AESI": "events of special interest",
    "device_related": "events related to the device", "device_deficiency": "deficiencies of the device",
}  # fmt: skip
_DEFICIENCY = Pattern(r"\bdevice (?:deficienc|malfunction)|(?:deficienc|malfunction)\w* of (?:the |a |any )?device")
_UNDER_TREATMENT = frozenset({"screening", "run_in", "treatment", "control", "transition", "extension"})
_NEAR = 7  # days: a window of 30 d beside a contact at 4 weeks
_MONTHS = 91  # days: three months


@rule(
    "AE18", Severity.WARNING,
    reads=("/adverse_events/windows", "/adverse_events/ascertainment", "/adverse_events/of_special_interest",
           "/adverse_events/pregnancy", "/population/contraception/until", *below("/population/inclusion/*", "text"),
           *below("/population/exclusion/*", "text"), "/schedule", "/design/washout", "/design/model", *DOSING_DAYS,
           *below("/outcomes/*", "domain", "id", "name")),
)  # fmt: skip
def hold_together(trial: Trial) -> Iterator[Found]:
    """Serious events are collected no shorter than others, and events as long as they are looked for, no less or more.

    Why: what is looked for at week 36 is found, and has no place to be recorded when the window closed at week 9. A
    window that stays open to week 16 holds little when people are last asked at week 9. A pregnancy that contraception
    was to prevent until day 90 is lost when pregnancies are collected to day 30. In a crossover, what happens in a
    washout after the window of its period has closed counts for no treatment. Deficiencies of a device that are looked
    for at discharge are not recorded when their window closed with the procedure. Half a year after each dose is half a
    year after the last one.

    Applies: windows are stated, and two of these times compare; one over some days after each dose is no longer than
    these. What criteria say of contraception that has no key, and what is told of pregnancies, is compared where it
    names a time after the last dose. A visit at which serious events alone are asked for, as a condition of the
    activity says, comes before all windows have closed. An open question about any event, at a visit after the window
    of all events and before that of serious ones has closed, is information. A note on the window of special interest
    may say what is looked for later. That people are last asked more than a week before a window of events closes is
    told where every contact, of all or of an arm, has a day or counts from where the window does, and neither
    spontaneous reports nor records are a way of finding events; of an event with a window of its own, where it is
    looked for at visits alone, and for the last time three months before it closes.

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
    yield from asked_after(trial)
    yield from _deficiencies(trial, windows["device_deficiency"]["end"])
    for kind in _BY_PERIOD:
        if found := [*_unasked(trial, windows[kind], kind)]:
            yield from found
            break
    yield from _long_open(trial)
    yield from cut_short(trial)
    yield from collected(trial, windows)
    yield from in_washouts(trial, windows)


def _serious(trial: Trial, windows: Node) -> Iterator[Found]:
    """Compare windows of which one holds the other: serious events are attended to, those of a device are events."""
    usual = "AE" if windows["AE"]["end"] else "AESI"
    for kind, other in (("SAE", usual), ("SAE", "medically_attended"), ("device_related", "AE")):
        own, end = windows[kind]["end"], windows[other]["end"]
        explained = (other != usual and windows[kind]["note"]) or with_each_dose(trial, windows, kind, other)
        by = later(trial, end, own) if end and own and not explained else None
        if by is not None and by > 0:
            message = f"{_CALLED[kind]} are collected {in_days(by)} shorter than others (window of {other})"
            yield Found(own, message, f"collect {_CALLED[kind]} at least as long", ((end, "the other window"),))
            return


def _looked_for(trial: Trial, windows: Node) -> Iterator[Found]:
    """Find what is looked for at visits after its window has closed: one finding for windows that close on one day."""
    late: dict[Decimal, list[_Late]] = {}
    for row in trial.at("/adverse_events/ascertainment"):
        found = _late(trial, windows, row)
        if found is not None:
            late.setdefault(found.last, []).append(found)
    for rows in late.values():
        told = listed(list(dict.fromkeys(row.event for row in rows)))
        visits = listed(list(dict.fromkeys(named(stop.visit) for row in rows for stop in row.stops)))
        message = f"{told}: looked for at {visits}, after the window of collection has closed"
        hint = "collect events as long as they are looked for, or remove the visits"
        ends = {row.end.path: row.end for row in rows}.values()
        yield Found(rows[0].row["visits"], message, hint, tuple((end, "the end of the window") for end in ends))


def _deficiencies(trial: Trial, end: Node) -> Iterator[Found]:
    """Find a window of device deficiencies that closes before a planned visit at which an activity looks for them."""
    last = day_of(trial, end) if end else None
    if last is None:
        return
    special = trial.at("/adverse_events/of_special_interest")
    served = {each["id"].text for each in (*trial.root["outcomes"], *special) if _of_deficiency(each)} - {""}
    after = visits_after(trial, last, lambda planned: _seeks(planned, served))
    if after:
        visits = listed([named(stop.visit) for stop in after])
        message = f"device deficiencies: looked for at {visits}, after the window of collection has closed"
        hint = "collect them as long as they are looked for, or remove the activity from the visits"
        yield Found(end, message, hint, ((after[0].visit, "the first such visit"),))


def _of_deficiency(thing: Node) -> bool:
    return bool(_DEFICIENCY.search(thing["name"].text))


def _seeks(planned: Planned, served: set[str]) -> bool:
    """Say whether an activity looks for deficiencies of a device: by its name, or by what it serves."""
    activity = planned.activity
    return _of_deficiency(activity) or not served.isdisjoint(node.text for node in activity["serves"])


class _Late(NamedTuple):
    """A way of ascertainment with visits after the window: the event in words, the visits, the window's end and day."""

    row: Node
    event: str
    stops: tuple[Stop, ...]
    end: Node
    last: Decimal


def _late(trial: Trial, windows: Node, row: Node) -> _Late | None:
    special = trial.at("/adverse_events/of_special_interest").find(row["event"].text)
    kinds = ("AESI",) if special and windows["AESI"]["end"] else COLLECTED
    open_ones = [special["window"]] if special["window"]["end"] else [windows[kind] for kind in kinds]
    stated = [end for window in open_ones for end in _ends(window, row)]
    ends = [(day, end) for end in stated if (day := day_of(trial, end)) is not None]
    if not ends or len(ends) < len(stated) or row["mode"].text in UNASKED:
        return None  # a window stays open until an event, or records are read later
    if special and any(window["note"] for window in open_ones):
        return None  # what is said of the window in words may say it
    last, end = max(ends, key=lambda pair: pair[0])
    stops = [stop for node in row["visits"] if (stop := trial.timetable.stop(node.text)) and stop.moments]
    after = tuple(stop for stop in stops if begins(stop) > last)
    event = (special["name"].text or row["event"].text) if special else "adverse events"
    return _Late(row, event, after, end, last) if after else None


def _ends(window: Node, row: Node) -> list[Node]:
    """Return where a window ends for those in whom something is looked for: arms and cohorts may have their own."""
    of_cohorts = [each["end"] for each in window["by_cohort"] if _among(row, each["cohort"].text)]
    return [end for end in (window["end"], *of_cohorts, *(each["end"] for each in window["by_arm"])) if end]


def _among(row: Node, cohort: str) -> bool:
    return not row["cohorts"] or cohort in {node.text for node in row["cohorts"]}


def _unasked(trial: Trial, window: Node, kind: str) -> Iterator[Found]:
    """Find a window that stays open after people are last asked or looked at."""
    end, ways = window["end"], _ways(trial, kind)
    contacts = _after_treatment(trial, end, [stop for stop in safety_contacts(trial) if stop.scheduled])
    gaps = [_gap(trial, end, stop) for stop in contacts]
    known = [gap for gap in gaps if gap is not None]
    if not end or window["note"] or not ways or ways & UNASKED or not gaps:
        return
    if len(known) < len(gaps):
        yield from unasked_in_an_arm(trial, window, contacts, _CALLED[kind])
        return
    least = min(known)
    if least > _NEAR:
        last = contacts[gaps.index(least)]
        message = f"{_CALLED[kind]} are collected {in_days(least)} longer than anybody is asked, at {named(last.visit)}"
        hint = "plan a contact at which events are asked for when the window closes, or end it with the last one"
        yield Found(end, message, hint, ((last.visit, "the last contact"),))


def _ways(trial: Trial, kind: str) -> set[str]:
    """Return the ways of finding the events of a window: how one special event is found says nothing of others."""
    special = trial.at("/adverse_events/of_special_interest")
    rows = trial.at("/adverse_events/ascertainment")
    return {row["mode"].text for row in rows if kind == "AESI" or not special.find(row["event"].text)}


def _after_treatment(trial: Trial, end: Node, contacts: list[Stop]) -> list[Stop]:
    """Return the contacts by which a window can be judged.

    Where it closes after the last dose and contacts are planned for that time, those of treatment are over by then.
    """
    if anchor_kind(trial, anchor_of(end)) != "last_dose":
        return contacts
    later_ones = [stop for stop in contacts if not _of_treatment(trial, stop)]
    return later_ones if any(_counts_from_last_dose(trial, stop) for stop in later_ones) else contacts


def _of_treatment(trial: Trial, stop: Stop) -> bool:
    types = [trial.at("/design/epochs").find(name)["type"].text for name in stop.epochs]
    return bool(types) and all(type_ in _UNDER_TREATMENT for type_ in types)


def _counts_from_last_dose(trial: Trial, stop: Stop) -> bool:
    after = length(stop.visit["offset"])
    return anchor_kind(trial, stop.visit["anchor"].text) == "last_dose" and after is not None and after > 0


def _long_open(trial: Trial) -> Iterator[Found]:
    """Find an event whose own window stays open for months after the last visit at which it is looked for."""
    for event in trial.at("/adverse_events/of_special_interest"):
        end = event["window"]["end"]
        rows = [each for each in trial.at("/adverse_events/ascertainment") if each["event"].text == event["id"].text]
        if not end or event["window"]["note"] or any(row["mode"].text in UNASKED for row in rows):
            continue
        stops = [stop for row in rows for node in row["visits"] if (stop := trial.timetable.stop(node.text))]
        gaps = [_gap(trial, end, stop) for stop in stops]
        known = [gap for gap in gaps if gap is not None]
        if stops and len(known) == len(gaps) and min(known) > _MONTHS:
            last = stops[gaps.index(min(known))]
            message = f"{named(event)} is collected {in_days(min(known))} longer than it is looked for, at "
            hint = "look for it until the window closes, or end the window with the last visit"
            yield Found(end, f"{message}{named(last.visit)}", hint, ((last.visit, "the last visit"),))


def _gap(trial: Trial, end: Node, stop: Stop) -> Decimal | None:
    """Return the days from the last time of a visit to an end; None where it comes back until nobody knows when."""
    if stop.moments and trial.anchors.ends(stop.visit):
        day = day_of(trial, end)
        return None if day is None else day - _latest(trial, stop)
    repeated = stop.visit["repeats"] or len([*stop.visit["offsets"]]) > 1
    gap = None if repeated else later(trial, end, stop.visit)
    return None if gap is None else gap - leeway(stop.visit, "after")


def _latest(trial: Trial, stop: Stop) -> Decimal:
    """Return the last day on which a visit may take place."""
    return trial.anchors.recurring(stop.visit)[-1] + leeway(stop.visit, "after")


RULES: tuple[Rule, ...] = (hold_together,)
