"""The end of the trial in words, held against its last visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import after_start, in_mean_days
from protocolkit.rules.told_times import read_times
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_LAST_VISIT = Pattern(r"\b(?:last|final)\b[^.;]*\b(?:visit|contact|follow-up)\b[^.;]*\b(?:at|in) ")
_OTHERWISE = Pattern(r"\bwhichever\b|\bearlier\b|\blater\b|\bafter\b|\bregist")


def end_told(trial: Trial) -> Node | None:
    """Return the end of the trial, where it is told as a last visit at a time; None where it is not."""
    text = trial.at("/design/end_of_trial")
    told = _LAST_VISIT.search(text.text) and not _OTHERWISE.search(text.text) and len(read_times(text.text)) == 1
    return text if told else None


def other_end(trial: Trial) -> Iterator[Found]:
    """Find an end of the trial at a time after which visits are still planned."""
    text = end_told(trial)
    if text is None:
        return
    said = read_times(text.text)[0]
    known = [(_last(trial, stop), stop.visit) for stop in trial.timetable.stops if stop.moments]
    if not known:
        return
    last, visit = max(known, key=lambda row: row[0])
    if said.days + said.near < last:
        message = f'"{said.words}" is said to be the end, and {named(visit)} is planned later'
        yield Found(text, message, "tell one end", ((visit, "the last visit"),))


def _last(trial: Trial, stop: Stop) -> float:
    """Return the time of the last date of a visit, in days: the earliest of those by which it can be called."""
    stated = [*stop.visit["offsets"]] or [stop.visit["offset"]]
    offset = in_mean_days(stated[-1])
    named = [told.days for told in read_times(stop.visit["name"].text)] if len(stop.moments) == 1 else []
    known = [*named, float(stop.moments[-1].offset), *map(float, after_start(trial, stop)[-1:])]
    return min(known if offset is None else [*known, offset])
