"""Lengths of time that a protocol tells twice: run-in, periods, washout and their epochs, recruitment and follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.pairs import Pair
from protocolkit.rules.times import in_months, length
from protocolkit.schedule import Placed, period_washouts
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ALIKE = 0.05  # of a length: 24 months are told as 104 weeks
_ROUGHLY = 0.1  # of the whole trial, which a run-in before entry or the time to close lengthens


def lengths(trial: Trial) -> Iterator[Pair]:
    """Yield every length of time that stands twice, with what the other place says."""
    epochs = [*trial.at("/design/epochs")]
    run_ins = [each for each in epochs if each["type"].text == "run_in"]
    stated = trial.at("/design/run_in/duration")
    if len(run_ins) == 1:
        for pair in _length(stated, run_ins[0], "the run-in"):
            within = (length(stated) or 0) <= (length(run_ins[0]["duration"]) or 0)
            yield pair._replace(weight=Severity.WARNING if within else None)
    yield from _washouts(trial, epochs)
    for period in trial.at("/design/periods"):
        own = next((each for each in epochs if each["id"].text == period["id"].text), None)
        if own is not None:
            yield from _length(period["duration"], own, f"period {period['id'].text}")
    yield from _enriched(trial, epochs)
    yield from _planned(trial)


def _enriched(trial: Trial, epochs: list[Node]) -> Iterator[Pair]:
    """The open run-in and the withdrawal of an enriched trial are as long as one of its epochs each."""
    told = listed([f"{epoch['id'].text} {epoch['duration'].text}" for epoch in epochs if epoch["duration"]])
    known = [months for epoch in epochs if (months := in_months(epoch["duration"])) is not None]
    for key, what in (("run_in", "the open run-in"), ("withdrawal_period", "the withdrawal")):
        stated = trial.at(f"/design/enrichment/{key}")
        own = in_months(stated)
        if own is not None and known:
            alike = any(abs(own - each) <= _ALIKE * own for each in known)
            yield Pair(stated, f"length of {what}", f"the epochs are {told}", alike, Severity.WARNING)


def _planned(trial: Trial) -> Iterator[Pair]:
    """Recruitment and follow-up are those of the sample size, and together the whole trial.

    What the timeline and recruitment state in days or weeks ID06 compares, to the day; here are months and years.
    """
    timeline, recruiting = trial.at("/trial/timeline"), trial.at("/population/recruitment/accrual")
    stated = [timeline[key] for key in ("accrual", "follow_up", "trial_duration")]
    accrual, follow_up, whole = map(in_months, stated)
    told = f"the timeline says {stated[0].text}"
    others = [
        *([] if _in_days(stated[0], recruiting) else [recruiting]),
        *trial.each("/statistics/sample_size/*/accrual"),
    ]
    for node in others:
        if accrual and (other := in_months(node)):
            yield Pair(node, "length of recruitment", told, abs(other - accrual) <= _ALIKE * accrual, Severity.WARNING)
    for node in trial.each("/statistics/sample_size/*/followup"):
        if follow_up and (least := in_months(node)):
            known = f"after the last entry the timeline plans {stated[1].text}"
            yield Pair(node, "follow-up", known, follow_up >= least * (1 - _ALIKE), Severity.WARNING)
    for node in trial.each("/statistics/sample_size/*/mean_followup"):
        if whole and (mean := in_months(node)):
            known = f"the timeline plans {stated[2].text} for the whole trial"
            yield Pair(node, "mean follow-up", known, mean <= whole * (1 + _ALIKE), Severity.WARNING)
    if accrual and follow_up and whole and not _in_days(*stated):
        parts = f"recruitment of {stated[0].text} and follow-up of {stated[1].text} make it"
        alike = abs(whole - accrual - follow_up) <= _ROUGHLY * whole
        yield Pair(stated[2], "length of the trial", parts, alike, Severity.WARNING)


def _in_days(*stated: Node) -> bool:
    return all(length(node) is not None for node in stated)


def _washouts(trial: Trial, epochs: list[Node]) -> Iterator[Pair]:
    """A washout is as long as its epoch; one between two treatments lasts no longer either, which is a warning."""
    washout, most = trial.at("/design/washout/duration"), length(trial.at("/design/washout/at_most"))
    free = [each.free for each in period_washouts(trial.root)]
    compared = bool(free) and all(isinstance(each, Placed) for each in free)  # with the doses: FU10 tells it
    treated = [place for place, epoch in enumerate(epochs) if epoch["type"].text == "treatment"]
    longer = []
    for place, epoch in enumerate(epochs):
        needed, lasts = length(washout), length(epoch["duration"])
        if epoch["type"].text != "washout" or needed is None or lasts is None:
            continue
        if treated and treated[0] < place < treated[-1] and lasts > max(needed, most or needed):
            longer.append(_lasting(epoch))
        else:
            yield Pair(washout, "length of the washout", _lasting(epoch), lasts >= needed or compared)
    if longer:
        yield Pair(washout, "length of the washout", listed(longer), alike=False, weight=Severity.WARNING)


def _lasting(epoch: Node) -> str:
    return f"its epoch {epoch['id'].text} is {epoch['duration'].text}"


def _length(stated: Node, epoch: Node, what: str) -> Iterator[Pair]:
    one, other = length(stated), length(epoch["duration"])
    told = _lasting(epoch)
    if one is not None and other is not None:
        yield Pair(stated, f"length of {what}", told, one == other)
        return
    first, second = quantity(stated), quantity(epoch["duration"])  # months, which have no fixed number of days
    if first is not None and second is not None and first.unit.code == second.unit.code:
        yield Pair(stated, f"length of {what}", told, first.value == second.value)
