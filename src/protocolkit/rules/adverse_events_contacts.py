"""Contacts beside the windows of collection: those of one arm alone, and those that ask when windows have closed."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.contacts import COLLECTED
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import anchor_kind, anchor_of, day_of, ends_after_last_dose, in_days, leeway, length
from protocolkit.rules.trial import named
from protocolkit.schedule import Placed, exposures
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Planned, Stop

_SERIOUS = Pattern(r"\bserious\b|\bSAEs?\b")
_GRAVE = Pattern(r"\bserious|\bSAEs?\b|hospital")
_NOT_SERIOUS = ("medically_attended", "device_related")  # windows of events that a question about all asks for too
_FOR_SOME = ("note", "by_arm", "by_cohort", "after_each_dose")
_NEAR = 7  # days: a window of 30 d beside a contact at 4 weeks
_SHARE = Decimal("0.03")  # of a long time


def asked_after(trial: Trial) -> Iterator[Found]:
    """Find visits at which events are asked for after the window of these has closed: serious ones, or all."""
    yield from _serious_asked_after(trial)
    yield from _all_asked_after(trial)


def _serious_asked_after(trial: Trial) -> Iterator[Found]:
    """Find visits at which an activity asks for serious events alone, after the window of these has closed."""
    windows = trial.at("/adverse_events/windows")
    end = windows["SAE"]["end"]
    others = (windows[kind]["end"] for kind in COLLECTED if windows[kind]["end"])
    days = [day_of(trial, each) for each in others]
    if not end or windows["SAE"]["note"] or windows["SAE"]["by_arm"] or windows["SAE"]["by_cohort"] or None in days:
        return
    last = max(day for day in days if day is not None)
    asked = {node.text for node in trial.each("/adverse_events/ascertainment/*/activity")}
    listed_ones = {node.text for node in trial.each("/adverse_events/ascertainment/*/visits/*")}
    late = visits_after(trial, last, lambda planned: _asks_for_serious(planned, asked))
    late = [stop for stop in late if stop.visit["id"].text not in listed_ones]
    if late:
        visits = listed([named(stop.visit) for stop in late])
        message = f"serious adverse events are asked for at {visits}, after the window of collection has closed"
        hint = "collect them as long as they are asked for, or remove the activity from the visits"
        yield Found(end, message, hint, ((late[0].visit, "the first such visit"),))


def _all_asked_after(trial: Trial) -> Iterator[Found]:
    """Find visits at which an open question asks for events of every kind while serious ones alone are collected."""
    windows = trial.at("/adverse_events/windows")
    end, longer = (day_of(trial, node) if node else None for node in (windows["AE"]["end"], windows["SAE"]["end"]))
    if end is None or longer is None or _kept_open(trial, windows, end):
        return
    if (ends_after_last_dose(trial, windows["AE"]["end"]) or 0) <= 0:
        return  # AE06 tells it
    for row in trial.at("/adverse_events/ascertainment"):
        wanted = {node.text for node in row["visits"]} if _asks_for_all(row) else set()
        late = [stop for stop in visits_after(trial, end, partial(_is_asked, row)) if begins(stop) <= longer]
        late = [stop for stop in late if stop.visit["id"].text in wanted]
        if late:
            visits = listed([named(stop.visit) for stop in late])
            message = f"events of every kind are asked for at {visits}, and the window of AE has closed by then"
            hint = "collect them as long, or say in the condition of the activity that serious ones alone are asked for"
            related = ((windows["AE"]["end"], "the end of the window"),)
            yield Found(row["visits"], message, hint, related, severity=Severity.INFO)
            return


def _kept_open(trial: Trial, windows: Node, end: Decimal) -> bool:
    """Say whether the window of all events is longer for some, or one that holds others than serious events is."""
    others = [node for kind in _NOT_SERIOUS if (node := windows[kind]["end"])]
    days = [day_of(trial, node) for node in others]
    return any(windows["AE"][key] for key in _FOR_SOME) or any(day is None or day > end for day in days)


def _asks_for_all(row: Node) -> bool:
    """Say whether a row of ascertainment is an open question about any event, and not about those that are serious."""
    return row["event"].text == "any" and row["mode"].text == "open_question" and not _GRAVE.search(row["wording"].text)


def _is_asked(row: Node, planned: Planned) -> bool:
    said = f"{planned.entry['condition'].text} {planned.activity['condition'].text} {planned.activity['name'].text}"
    return planned.activity["id"].text == row["activity"].text and not _SERIOUS.search(said)


def visits_after(trial: Trial, closed: Decimal, seeks: Callable[[Planned], bool]) -> list[Stop]:
    """Return the planned visits that begin after a window has closed and have an activity that looks for something."""
    planned = (stop for stop in trial.timetable.of_participants if stop.scheduled and stop.moments)
    return [stop for stop in planned if begins(stop) > closed and any(map(seeks, stop.planned))]


def begins(stop: Stop) -> Decimal:
    """Return the first day on which a visit with a day may be."""
    return stop.moments[0].offset - leeway(stop.visit, "before")


def _asks_for_serious(planned: Planned, asked: set[str]) -> bool:
    said = f"{planned.entry['condition'].text} {planned.activity['condition'].text}"
    return planned.activity["id"].text in asked and bool(_SERIOUS.search(said))


def unasked_in_an_arm(trial: Trial, window: Node, contacts: list[Stop], called: str) -> Iterator[Found]:
    """Find a window that stays open in an arm after its people are last asked, where all its contacts have a day.

    That of another arm may hang on an event. A window after the last dose counts from that of the arm.
    """
    apart = {each["arm"].text for each in window["by_arm"]}
    for each in exposures(trial.root):
        name = each.arm["id"].text
        own = [
            stop for stop in contacts if not stop.visit["arms"] or name in {node.text for node in stop.visit["arms"]}
        ]
        end = _end(trial, window["end"], each.last.days if isinstance(each.last, Placed) else None)
        if end is None or name in apart or not own or any(not _is_dated(trial, stop) for stop in own):
            continue
        last = max(own, key=lambda stop: _latest(trial, stop))
        if (gap := end - _latest(trial, last)) > max(Decimal(_NEAR), end * _SHARE):
            message = f"{called} are collected {in_days(gap)} longer than anybody is asked in arm {name}, at "
            hint = "plan a contact at which events are asked for when the window closes, or end it with the last one"
            yield Found(window["end"], f"{message}{named(last.visit)}", hint, ((last.visit, "the last contact"),))
            return


def _end(trial: Trial, end: Node, last_dose: Decimal | None) -> Decimal | None:
    if anchor_kind(trial, anchor_of(end)) != "last_dose":
        return day_of(trial, end)
    after = length(end["offset"])
    return None if last_dose is None or after is None else last_dose + after


def _is_dated(trial: Trial, stop: Stop) -> bool:
    """Say whether the last day of a visit is known and is the same whenever the arms have their last dose."""
    counts = anchor_kind(trial, stop.visit["anchor"].text)
    return bool(stop.moments) and trial.anchors.ends(stop.visit) and counts != "last_dose"


def _latest(trial: Trial, stop: Stop) -> Decimal:
    return trial.anchors.recurring(stop.visit)[-1] + leeway(stop.visit, "after")
