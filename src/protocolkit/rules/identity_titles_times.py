"""Weeks and months that a title names, beside the visits, epochs and times of the trial."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.quantities import MEAN_DAYS
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_mean_days, length
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# Weeks of a pregnancy or of an age are none of the trial.
_WEEKS = Pattern(r"\b([0-9]{1,3})[- ]weeks?\b(?! (?:of age|old|postmenstrual))(?!.{0,20}\b(?:gestation|pregnan))")
# Months as a length of the trial; those of an age, or at least some, are none.
_MONTHS = Pattern(
    r"\b(?:for|over|during) (?P<span>[0-9]{1,2}) months?\b(?! (?:of age|old|or|to|and|after|since|before))"
    r"|\b(?P<long>[0-9]{1,2})-months?[- ](?!old\b|of\b|corrected|age)"
)
_MONTH = float(MEAN_DAYS["mo"])
_MOST = 5


def other_times(trial: Trial, title: Node) -> Iterator[Found]:
    """Find numbers of weeks and months in a title that are none of the trial."""
    yield from _weeks(trial, title)
    yield from _months(trial, title)


def _weeks(trial: Trial, title: Node) -> Iterator[Found]:
    """Find a number of weeks that no visit, epoch, regimen or time of the trial knows."""
    known = _spans(trial)
    for match in islice(_WEEKS.finditer(title.text), _MOST) if known else ():
        days = int(match[1]) * 7
        if not any(abs(span - days) <= 7 for span in known):  # noqa: PLR2004 - within a week
            shown = listed([f"{span / 7:g} wk" for span in sorted(known)[-3:]])
            message = f'the title says "{match[0]}", no visit, epoch or time does (the longest are {shown})'
            yield Found(title, message, "bring title and schedule together")


def _months(trial: Trial, title: Node) -> Iterator[Found]:
    """Find a number of months that no visit, epoch, regimen or time of the trial knows, by a tenth or half a month."""
    known = {*_spans(trial), *_regimens(trial)} if _MONTHS.search(title.text) else set()
    for match in islice(_MONTHS.finditer(title.text), _MOST) if known else ():
        days = float(match["span"] or match["long"]) * _MONTH
        if not any(abs(span - days) <= max(_MONTH / 2, days / 10) for span in known):
            shown = listed([f"{span / _MONTH:.1f} mo" for span in sorted(known)[-3:]])
            message = f'the title says "{match[0].strip(" -")}", no visit, epoch or time does (the longest are {shown})'
            yield Found(title, message, "bring title and schedule together", severity=Severity.WARNING)


def _regimens(trial: Trial) -> Iterator[float]:
    """Yield the lengths of the epochs and of the times of the trial, also where these are told in months."""
    for place in ("/design/epochs/*/duration", "/trial/timeline/*"):
        yield from (span for node in trial.each(place) if (span := in_mean_days(node)))


def _spans(trial: Trial) -> set[int]:
    days = [moment.offset for stop in trial.timetable.stops for moment in stop.moments]
    if not days:
        return set()
    places = ("/design/epochs/*/duration", "/design/periods/*/duration", "/trial/timeline/*")
    found = {*days, *(span for place in places for node in trial.each(place) if (span := length(node)) is not None)}
    treated = [each for node in trial.each("/design/epochs/*/duration") if (each := length(node)) is not None]
    return {int(each) for each in (*found, max(days) - min(days), sum(treated)) if each > 0}
