"""What is given, beside the epochs in which arms give it: for how long, and whether a dose falls into each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days, length, start_of
from protocolkit.rules.trial import named
from protocolkit.schedule import Placed, interventions_of, optional_epochs, study_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_TOGETHER = frozenset({"crossover", "factorial"})
_ALONG = frozenset({"background_treatment", "additional_required_treatment", "rescue_medicine"})
_BEFORE = frozenset({"screening", "run_in"})
_WITHOUT = frozenset({"screening", "run_in", "washout", "follow_up"})  # epochs in which arms are given nothing

_WEEK = Decimal(7)
_OPENS = Pattern(r"\bday ([0-9]{1,4})\b")


def lasting(epoch: Node) -> Decimal | None:
    """Return how many days an epoch lasts; None for one that comes back, such as a cycle."""
    return None if epoch["repeats"] else length(epoch["duration"])


def outlasting(trial: Trial, epochs: list[Node]) -> Iterator[Found]:
    """Find what is given for longer than the epochs last in which arms name it."""
    if trial.at("/design/model").text in _TOGETHER:
        return
    for intervention in trial.root["interventions"]:
        if intervention["role"].text in _ALONG:
            continue
        name = intervention["id"].text
        given = _epochs_of(trial, name, epochs)
        held = _from_first_to_last(epochs, given)
        lengths = [lasting(epoch) for epoch in held]
        span = trial.anchors.span(intervention["regimen"])
        if not lengths or None in lengths or not isinstance(span.first, Placed) or not isinstance(span.last, Placed):
            continue
        room: Decimal = sum(each for each in lengths if each is not None)  # type: ignore[assignment]  # not empty
        over = span.last.days - max(span.first.days, _assigned_by(trial, epochs, held[0]) or span.first.days)
        if over > room:
            message = (
                f"{named(intervention)} is given over {in_days(over)}, and from the first to the last epoch in which "
                f"arms get it there are {in_days(room)}"
            )
            yield Found(intervention["regimen"], message, "correct the regimen, the epochs or the arms")


def _assigned_by(trial: Trial, epochs: list[Node], epoch: Node) -> Decimal | None:
    """Return the day of the randomisation before an epoch or in it: what is given until then is given to all.

    None where nobody is randomised by then, or the day does not follow.
    """
    until = {each["id"].text for each in epochs[: epochs.index(epoch) + 1]}
    visits = [trial.timetable.stop(each["at"].text) for each in trial.at("/design/randomisations")]
    days = [stop.moments[0].offset for stop in visits if stop and stop.moments and until.issuperset(stop.epochs)]
    return min(days, default=None)


def going_on(trial: Trial, epochs: list[Node]) -> Iterator[Found]:
    """Find a visit of a follow-up, or the last repeat of a visit, that lies after the end of its epoch.

    A week, or the window of the visit, is let pass.
    """
    number = trial.timetable.rule
    for epoch, end in _ends(trial, epochs):
        for stop in trial.timetable.of_participants:
            day = _last_day(trial, stop) if stop.epochs == (epoch["id"].text,) else None
            if day is None or not (stop.visit["repeats"] or epoch["type"].text == "follow_up"):
                continue
            if day > end + max(length(stop.visit["window"]["after"]) or _WEEK, _WEEK):
                last = "comes back until" if stop.visit["repeats"] else "is on"
                message = (
                    f"{named(stop.visit)} {last} study day {study_day(day, number)}, and {named(epoch)} ends on study "
                    f"day {study_day(end, number)}"
                )
                related = ((epoch["duration"], "how long the epoch lasts"),)
                at = stop.visit["repeats"] or stop.visit["offset"] or stop.visit
                yield Found(at, message, "correct the epochs, their lengths or the offset", related)


def _last_day(trial: Trial, stop: Stop) -> Decimal | None:
    """Return the day of a scheduled visit, or of its last repeat; None where it does not follow."""
    if not stop.scheduled or stop.expected or not stop.moments or not trial.anchors.ends(stop.visit):
        return None
    return trial.anchors.recurring(stop.visit)[-1]


def _ends(trial: Trial, epochs: list[Node]) -> Iterator[tuple[Node, Decimal]]:
    """Yield the epochs from the first dose on with the day on which each ends, as far as their lengths are known."""
    start = start_of(trial)
    passed = None if start is None else start[1]
    for epoch in (each for each in epochs if each["type"].text not in _BEFORE):
        lasts = lasting(epoch)
        if passed is None or lasts is None:
            return
        passed += lasts
        yield epoch, passed


def _from_first_to_last(epochs: list[Node], given: set[str]) -> list[Node]:
    """Return the epochs in which something is given, with those between: it may be taken up again after a pause."""
    places = [number for number, epoch in enumerate(epochs) if epoch["id"].text in given]
    return epochs[places[0] : places[-1] + 1] if places else []


def _epochs_of(trial: Trial, name: str, epochs: list[Node]) -> set[str]:
    """Return the epochs in which arms get an intervention: those that they name, or all with treatment for none named.

    None where some arms name epochs and others get it without.
    """
    arms = [*trial.root["arms"]]
    if any(name in {node.text for node in arm["interventions"]} for arm in arms):
        named_ones = any(arm["epochs"] for arm in arms)
        return set() if named_ones else {each["id"].text for each in epochs if each["type"].text not in _WITHOUT}
    entries = [entry for arm in arms for entry in arm["epochs"]]
    return {entry["epoch"].text for entry in entries if name in {node.text for node in entry["interventions"]}}


def unreached(trial: Trial, epochs: list[Node]) -> Iterator[Found]:
    """Find what an arm names for an epoch, and whose last dose lies before it.

    An epoch begins when those before it are over, or at its first visit where that comes sooner, as in an epoch that
    runs beside another; a single visit may be anywhere in it. Those before it that only some enter take no time.
    """
    if trial.at("/design/model").text in _TOGETHER or trial.at("/design/sequences"):
        return
    known = {epoch["id"].text: epoch for epoch in epochs}
    for arm in trial.root["arms"]:
        start = _first_dose(trial, arm)
        for entry in arm["epochs"]:
            epoch = known.get(entry["epoch"].text)
            days = _days_of_visits(trial, entry["epoch"].text)
            if start is not None and days and (start <= days[0] or len(days) > 1):
                yield from _given_before(trial, arm, entry, min(start, days[0]))
            start = _after(start, entry, epoch)


def unopened(trial: Trial) -> Iterator[Found]:
    """Find an arm that is entered from another from a day on, and has a dose or a visit of its own before that day."""
    number = trial.timetable.rule
    for arm in trial.root["arms"]:
        told = _OPENS.search(arm["opens"].text) if arm["enters_from"] else None
        if told is None:
            continue
        first = _first_dose(trial, arm)
        begun = [] if first is None else [(first, "its first dose")]
        begun += [(stop.moments[0].offset, named(stop.visit)) for stop in _own_visits(trial, arm)]
        day, what = min(((study_day(each, number), what) for each, what in begun), default=(int(told[1]), ""))
        if day + _WEEK < int(told[1]):
            message = f'{named(arm)} opens on "{told[0]}" of those who enter it, and {what} is on study day {day}'
            hint = "count from the day on which they enter it, a regimen by arm_anchors, or correct opens"
            yield Found(arm["opens"], message, hint, severity=Severity.WARNING)


def _own_visits(trial: Trial, arm: Node) -> list[Stop]:
    """Return the planned visits that are for one arm alone."""
    planned = (stop for stop in trial.timetable.of_participants if stop.scheduled and stop.moments)
    return [stop for stop in planned if [node.text for node in stop.visit["arms"]] == [arm["id"].text]]


def _first_dose(trial: Trial, arm: Node) -> Decimal | None:
    spans = [trial.anchors.span(each["regimen"], arm=arm["id"].text) for each in interventions_of(arm)]
    return min((span.first.days for span in spans if isinstance(span.first, Placed)), default=None)


def _after(start: Decimal | None, entry: Node, epoch: Node | None) -> Decimal | None:
    """Return the first day on which an arm may be through with an epoch; None where it does not follow."""
    if start is None or epoch is None:
        return None
    if epoch["type"].text in _BEFORE or epoch["id"].text in optional_epochs(epoch.document.root):
        return start
    lasts = length(entry["duration"]) if entry["duration"] else lasting(epoch)
    return None if lasts is None else start + lasts


def _days_of_visits(trial: Trial, epoch: str) -> list[Decimal]:
    """Return the different days of the planned visits of an epoch, in order."""
    planned = (stop for stop in trial.timetable.of_participants if stop.scheduled and stop.epochs == (epoch,))
    return sorted({moment.offset for stop in planned for moment in stop.moments})


def _given_before(trial: Trial, arm: Node, entry: Node, start: Decimal) -> Iterator[Found]:
    for node in entry["interventions"]:
        intervention = trial.root["interventions"].find(node.text)
        last = trial.anchors.span(intervention["regimen"], arm=arm["id"].text).last
        if isinstance(last, Placed) and last.days < start:
            message = (
                f"{named(arm)} names {named(intervention)} for {entry['epoch'].text}, which begins on "
                f"study day {study_day(start, trial.timetable.rule)}; its last dose is on study day "
                f"{study_day(last.days, trial.timetable.rule)}"
            )
            hint = "correct the regimen, or leave it out of the epoch"
            yield Found(node, message, hint, ((intervention["regimen"], "the regimen"),))
