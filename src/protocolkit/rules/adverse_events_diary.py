"""Solicited reactions: counted, asked for, and told of as long as one period after a dose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import anchor_of, dose_days, in_days, later, leeway, length
from protocolkit.rules.told_times import number_of
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SOLICITED = Pattern(r"\bsolicited\b")
_AFTER_A_DOSE = Pattern(
    r"\b([0-9]{1,3}|[a-z]+) days (?:after|following) \w+ (?:dose|vaccination|injection|administration)"
)
# `solicited reactions for 14 days and serious adverse events for 84 days`: the first time is theirs.
_FOR_DAYS = Pattern(
    r"(?<!un)\bsolicited(?: [a-z]+(?: and [a-z]+)?){0,2} (?:reactions?|events?|symptoms?|reactogenicity)"
    r" (?:for|over|within|during|in|up to|to)(?: the)?(?: first)? ([0-9]{1,3}|[a-z]+) days\b"
)


def after_the_diary(trial: Trial, endpoint: Node) -> Iterator[Found]:
    """Find an endpoint of solicited reactions that counts them longer after a dose than they are asked for."""
    asked = trial.at("/adverse_events/solicited/period")
    period, interval = length(asked), endpoint["interval"]
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    words = " ".join(part.text for part in (outcome["name"], endpoint["threshold"], outcome["measurement"]))
    if not _SOLICITED.search(words):
        return
    one_dose = anchor_of(interval["from"]) == anchor_of(interval["to"])
    lasts = later(trial, interval["to"], interval["from"]) if one_dose else length(interval["to"]["offset"])
    yield from _said_otherwise(outcome["measurement"], asked)
    if period is not None and lasts is not None and lasts > period:
        message = f"{endpoint['id'].text} counts solicited reactions for {in_days(lasts)}, and they are asked for over"
        hint = "count them as long as they are asked for, the day of the dose included"
        yield Found(interval["to"], f"{message} {asked.text} after a dose", hint, ((asked, "asked for"),))


def diary_over(trial: Trial) -> Iterator[Found]:
    """Find solicited reactions that are asked for after the diary is last seen: what it holds by then is lost."""
    solicited = trial.at("/adverse_events/solicited")
    period, doses = length(solicited["period"]), {day for each in trial.drugs for day in dose_days(trial, each)}
    seen = [
        (stop.moments[-1].offset, stop)
        for stop in trial.timetable.of_participants
        if stop.scheduled and stop.moments and stop.activity(solicited["activity"].text) is not None
    ]
    day, last = max(seen, key=lambda pair: pair[0], default=(None, None))
    before = [dose for dose in doses if day is not None and dose <= day]
    if period is None or day is None or last is None or not before or not trial.anchors.ends(last.visit):
        return
    after = day - max(before)
    if after + leeway(last.visit, "after") < period - 1:
        message = (
            f"solicited reactions are asked for over {solicited['period'].text} after a dose, and what asks for them "
            f"({solicited['activity'].text}) is last planned {in_days(after)} after one, at {named(last.visit)}"
        )
        hint = "plan it when the period is over, or shorten the period"
        yield Found(solicited["period"], message, hint, ((last.visit, "the last time"),))


def _said_otherwise(told: Node, asked: Node) -> Iterator[Found]:
    """Find a number of days after each dose, in words, that is not the period over which reactions are asked for."""
    said, period = [number_of(match[1]) for match in _AFTER_A_DOSE.finditer(told.text)], length(asked)
    if period is not None and said and None not in said and period not in said:
        message = f'"{told.text[:80]}" is said, and solicited reactions are asked for over {asked.text}'
        yield Found(told, message, "tell one period", ((asked, "asked for"),))


def told_period(trial: Trial) -> Iterator[Found]:
    """Find an objective that speaks of solicited reactions over other days than they are asked for.

    The day of the dose may be counted or not.
    """
    asked = trial.at("/adverse_events/solicited/period")
    period = length(asked)
    for objective in trial.root["objectives"] if period is not None else ():
        told = objective["text"]
        said = [number_of(match[1]) for match in _FOR_DAYS.finditer(told.text)]
        if len(said) == 1 and said[0] is not None and period is not None and abs(said[0] - period) > 1:
            message = f"solicited reactions over {said[0]} days are told, and they are asked for over {asked.text}"
            yield Found(told, message, "tell one period", ((asked, "asked for"),))
