"""Rules on what a protocol tells twice: durations and visits, dates in their order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import MEAN_DAYS
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days, in_months, in_weeks, length, start_of
from protocolkit.rules.trial import named
from protocolkit.schedule import NotPlaced, optional_epochs, participation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_HERE = Pattern(r"\bthis (?:protocol|trial|study)\b")
_THEN = Pattern(
    r"\bthen\b|\bafterwards\b|\banother\b|\bregist(?:ry|ries|er)\b|\buntil\b|\bto (?:year|month|week)\b|\broll"
)
_NEARLY = 0.95
_DATE = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", exact=True)


@rule(
    "ID06", Severity.ERROR,
    reads=("/trial/timeline", "/schedule/visits", "/schedule/anchors", "/population/recruitment/accrual",
           "/design/long_term_follow_up"),
)  # fmt: skip
def durations(trial: Trial) -> Iterator[Found]:
    """The time of a participant is that of the visits, and the time of the trial is accrual and follow-up together.

    Why: durations are told in the synopsis, in consent forms and to registries; one that the visits contradict is told
    wrongly to everybody.

    Applies: durations are stated. Those in weeks agree within a week, those in days within a day, dates within a month;
    a length in months is not compared with days. The time of a participant may count optional epochs, or leave them.
    What comes back until an event is over at a last visit with a day of its own.
    A long-term follow-up in this protocol that its visits do not reach is a warning.

    Basis:
        internal consistency of the protocol, durations (H)

    Fails::

        trial: {timeline: {participant_duration: 12 wk}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: BL, anchor: first_dose, offset: 0 d}
            - {id: V16, anchor: first_dose, offset: 16 wk}

    Passes::

        trial: {timeline: {participant_duration: 16 wk}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: BL, anchor: first_dose, offset: 0 d}
            - {id: V16, anchor: first_dose, offset: 16 wk}
    """
    timeline, long_term = trial.at("/trial/timeline"), trial.at("/design/long_term_follow_up/duration")
    keys = ("participant_duration", "trial_duration", "accrual")
    if not long_term and not any(length(timeline[key]) is not None for key in keys):
        raise NotApplicable("no durations are stated in days or weeks")
    found = [*_of_participant(trial, timeline["participant_duration"]), *_of_trial(trial, timeline)]
    found += _of_long_term(trial, long_term)
    yield from found
    if not found and (reason := _open(trial, timeline["participant_duration"])):
        stated = timeline["participant_duration"]
        raise NotChecked(f"participant_duration cannot be compared with the visits: {reason}", stated, counted=True)


def _of_trial(trial: Trial, timeline: Node) -> Iterator[Found]:
    accrual, follow_up, whole = (timeline[key] for key in ("accrual", "follow_up", "trial_duration"))
    participation_stated, recruited = timeline["participant_duration"], length(accrual)
    # From the first who is screened, it is the whole time of the last participant that follows accrual.
    sums = [
        [*_unlike(whole, recruited + each, f"{accrual.text} of accrual and {after.text} of {words}")]
        for after, words in ((follow_up, "follow-up"), (participation_stated, "participation"))
        if recruited is not None and (each := length(after)) is not None
    ]
    yield from (sums[0] if sums and all(sums) else _calendar(timeline))
    recruiting = trial.at("/population/recruitment/accrual")
    if (other := length(recruiting)) is not None:
        yield from _unlike(accrual, other, "population.recruitment.accrual")


def _open(trial: Trial, stated: Node) -> str:
    """Return why the time of a participant cannot be compared; an empty text where it can, or need not be."""
    if length(stated) is None or not any(stop.moments for stop in trial.timetable.of_participants):
        return ""
    planned = participation(trial.root)
    return planned.reason if isinstance(planned, NotPlaced) else ""


def _of_participant(trial: Trial, stated: Node) -> Iterator[Found]:
    if length(stated) is None or not any(stop.moments for stop in trial.timetable.of_participants):
        return
    found = [*_beside_visits(trial, stated, entered=False)]
    if not found or not optional_epochs(trial.root) or [*_beside_visits(trial, stated, entered=True)]:
        yield from found


def _beside_visits(trial: Trial, stated: Node, *, entered: bool) -> Iterator[Found]:
    """Find a time of the participant that the visits contradict, with those of optional epochs or without."""
    planned = participation(trial.root, entered=entered)
    if isinstance(planned, NotPlaced):
        yield from _too_short(trial, stated)
        return
    if planned.first.path == planned.last.path:
        return
    own, least, most = length(stated), planned.least, planned.most
    if own is not None and least is not None and most is not None and least <= own <= most:
        return  # as the windows of the first and the last visit allow
    told = f"the visits from {planned.first['id'].text} to {planned.last['id'].text}{_expected(trial, planned.last)}"
    yield from _unlike(stated, planned.days, told)


def _expected(trial: Trial, visit: Node) -> str:
    return ", as expected," if trial.anchors.expected(visit["id"].text) else ""


def _too_short(trial: Trial, stated: Node) -> Iterator[Found]:
    """Find a time of the participant that ends before the visits that have a day, whatever the others have."""
    placed = [stop for stop in trial.timetable.of_participants if stop.scheduled and stop.moments]
    first = min(placed, key=lambda stop: stop.moments[0].offset)
    last = max(placed, key=lambda stop: stop.moments[-1].offset)
    planned, own = last.moments[-1].offset - first.moments[0].offset, length(stated)
    if own is not None and own < planned:
        told = f"the visits from {first.visit['id'].text} to {last.visit['id'].text}, which have a day of their own,"
        yield from _unlike(stated, planned, told)


def _of_long_term(trial: Trial, stated: Node) -> Iterator[Found]:
    """Find a long-term follow-up in this protocol that goes on for longer, by a twentieth, than the visits do."""
    wanted, where = in_months(stated), trial.at("/design/long_term_follow_up/where").text
    visits = [stop.visit for stop in trial.timetable.of_participants if stop.scheduled]
    ends = [trial.anchors.recurring(visit)[-1:] for visit in visits]
    if wanted is None or not _HERE.search(where) or _THEN.search(where) or not ends or not all(ends):
        return
    if not all(trial.anchors.ends(visit) for visit in visits):
        return
    _, start = start_of(trial) or ("", Decimal(0))
    (last,), visit = max(zip(ends, visits, strict=True), key=lambda pair: pair[0])
    reached = last + (length(visit["window"]["after"]) or 0) - start
    if float(reached / MEAN_DAYS["mo"]) < wanted * _NEARLY:
        message = (
            f"long-term follow-up in this protocol: stated {stated.text}, the last visit, {named(visit)}, is "
            f"{in_weeks(last - start)} after the start"
        )
        hint = "plan visits to its end, or say where they are"
        yield Found(stated, message, hint, ((visit, "the last visit"),), severity=Severity.WARNING)


def _calendar(timeline: Node) -> Iterator[Found]:
    """Find a time of the trial that is a month, or a twentieth of it, other than its dates say."""
    first, last, whole = _day(timeline["first_enrolment"]), _day(timeline["completion"]), timeline["trial_duration"]
    stated = length(whole)
    if first is None or last is None or stated is None or last < first:
        return
    days = (last - first).days
    if abs(days - float(stated)) > max(31.0, float(stated) / 20):
        message = f"trial_duration: stated {whole.text}, from first enrolment to completion are {days} d"
        yield Found(whole, message, "bring both together", ((timeline["completion"], "completion"),))


def _day(node: Node) -> date | None:
    try:
        return date.fromisoformat(node.text) if _DATE.fullmatch(node.text) else None
    except ValueError:
        return None


def _unlike(stated: Node, derived: Decimal, told: str) -> Iterator[Found]:
    own, found = length(stated), quantity(stated)
    if own is None or found is None:
        return
    within = 7 if found.unit.code == "wk" else 1
    if abs(own - derived) > within:
        message = f"{stated.path[-1]}: stated {stated.text}, {told} are {in_days(derived)}"
        yield Found(stated, message, "bring both together")


@rule(
    "ID08", Severity.ERROR,
    reads=("/trial/date", "/trial/approval", "/trial/timeline", "/trial/identifiers/*/date", "/amendments/*/date"),
)  # fmt: skip
def dates(trial: Trial) -> Iterator[Found]:
    """Dates are in their order: text, approval, registration, first enrolment, completion; amendments too.

    Why: a version that is approved before it is written, or a trial that ends before it begins, has a date that is
    wrong; a registration after the first enrolment is late.

    Applies: two of the dates are stated. An approval or registration out of order is a warning.

    Basis:
        internal consistency of the protocol, dates (H)
        Declaration of Helsinki 2024, paragraph 35 (M)

    Fails::

        trial: {timeline: {first_enrolment: '2026-04-01', completion: '2025-10-03'}}
        outcomes: []

    Passes::

        trial: {timeline: {first_enrolment: '2026-04-01', completion: '2028-10-03'}}
        outcomes: []
    """
    own = trial.at("/trial")
    start, end = own["timeline"]["first_enrolment"], own["timeline"]["completion"]
    hint = "correct one of the dates"
    if _after(start, end):
        message = f"the first enrolment ({start.text}) is later than the completion ({end.text})"
        yield Found(end, message, hint, ((start, "first enrolment"),))
    approved = own["approval"]["date"]
    if _after(own["date"], approved):
        message = f"the text of {own['date'].text} is approved before, on {approved.text}"
        yield Found(approved, message, hint, ((own["date"], "date of the text"),), severity=Severity.WARNING)
    if own["original_protocol"].value is True and _after(own["date"], start):
        message = f"the original protocol is of {own['date'].text}, after the first enrolment ({start.text})"
        yield Found(own["date"], message, hint, ((start, "first enrolment"),), severity=Severity.WARNING)
    if _after(approved, start) and not trial.root["amendments"]:
        message = f"the first enrolment ({start.text}) is before the approval ({approved.text})"
        yield Found(start, message, hint, ((approved, "approval"),), severity=Severity.WARNING)
    for each in own["identifiers"]:
        if each["status"].text == "registered" and _after(each["date"], start):
            message = f"{each['registry'].text} has the trial since {each['date'].text}, after the first enrolment"
            advice = "register before the first enrolment"
            yield Found(each["date"], message, advice, ((start, "first enrolment"),), severity=Severity.WARNING)
    yield from _amended(trial)


def _amended(trial: Trial) -> Iterator[Found]:
    """Find amendments that are not one after another, in either order."""
    listed = [each["date"] for each in trial.root["amendments"] if _DATE.fullmatch(each["date"].text)]
    told = [node.text for node in listed]
    if told not in (sorted(told), sorted(told, reverse=True)):
        before = next(number for number in range(1, len(told)) if told[number] < told[number - 1])
        message = f"amendments are not in order: {told[before]} after {told[before - 1]}"
        yield Found(listed[before], message, "list them from the first to the last")


def _after(one: Node, other: Node) -> bool:
    """Say whether a date is later than another; not where one of them is no date."""
    return bool(_DATE.fullmatch(one.text) and _DATE.fullmatch(other.text)) and one.text > other.text


RULES: tuple[Rule, ...] = (durations, dates)
