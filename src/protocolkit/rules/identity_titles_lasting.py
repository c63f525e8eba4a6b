"""How long a title says that the trial lasts, beside its epochs and the time of its primary endpoints."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import length
from protocolkit.rules.told_times import DAYS
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# A 52-week trial; a 12-week randomised, double-blind, placebo-controlled study; no week of an extension or a run-in.
_LASTING = Pattern(
    r"\b(?P<number>[0-9]{1,3})-(?P<unit>week|month),? (?:(?!extension|run-in|follow-up|open-label)[a-z-]+,? ){0,6}?"
    r"(?:trial|study)\b(?! (?:extension|drug|medication))"
)
_SHARE = 0.1  # of the length: twelve weeks are three months


def other_length(trial: Trial, title: Node) -> Iterator[Found]:
    """Find a length of the trial in a title that is none of epochs in a row, of a regimen or of a primary endpoint.

    That a visit lies there is no reason for it: a trial of 52 weeks has a visit at week 26, and is no 26-week trial.
    """
    match = _LASTING.search(title.text)
    known = _lengths(trial) if match else set()
    if match is None or not known:
        return
    unit = DAYS[match["unit"].casefold()]
    days = int(match["number"]) * unit
    # One that no visit has either is told as such.
    visited = any(abs(day - days) <= unit for day in _visited(trial))
    if visited and not any(abs(each - days) <= max(unit, each * _SHARE) for each in known):
        shown = listed([f"{each / unit:.3g}" for each in sorted(known)])
        message = f'the title says "{match[0]}"; epochs and primary endpoints make {shown} {match["unit"]}s'
        yield Found(title, message, "bring title, epochs and endpoints together", severity=Severity.WARNING)


def _visited(trial: Trial) -> set[float]:
    return {float(moment.offset) for stop in trial.timetable.stops for moment in stop.moments}


def _lengths(trial: Trial) -> set[float]:
    """Return how long epochs last, alone and in a row, regimens, and the time to primary endpoints; none if unsure."""
    epochs = [*trial.root["design"]["epochs"]]
    lasting = [float(span) for each in epochs if (span := length(each["duration"])) is not None]
    ends = [_ends(trial, endpoint) for endpoint in trial.primary]
    if not lasting or len(lasting) < len(epochs) or not ends or not all(ends):
        return set()
    rows = {span for first in range(len(lasting)) for span in accumulate(lasting[first:])}
    rows -= {span for each, span in zip(epochs, lasting, strict=True) if each["type"].text in ("screening", "run_in")}
    steps = [length(node) for node in trial.each("/interventions/*/regimen/steps/*/to")]
    visits = _visited(trial)
    whole = {max(visits) - min(visits), max(visits)} if visits else set()
    return {each for each in rows.union(*ends, (float(day) + 1 for day in steps if day is not None), whole) if each > 0}


def _ends(trial: Trial, endpoint: Node) -> set[float]:
    """Return the days of the visit of an endpoint, counted from its anchor and in the timetable; none where open."""
    stop = trial.timetable.stop(endpoint["visit"].text)
    if stop is None:
        return set()
    own = length(stop.visit["offset"])
    return {float(moment.offset) for moment in stop.moments} | ({float(own)} if own is not None else set())
