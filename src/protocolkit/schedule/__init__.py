"""When things happen in a trial: study days, offsets of anchors, visits in time, treatment, windows, washouts."""

from __future__ import annotations

from protocolkit.schedule.anchors import Anchors
from protocolkit.schedule.days import days, days_later, numbering, study_day
from protocolkit.schedule.exposure import Exposure, cohort_exposures, exposures, interventions_of, last_doses, shortened
from protocolkit.schedule.optional import optional_epochs
from protocolkit.schedule.participation import Occasion, Participation, occasions, participation
from protocolkit.schedule.places import NotPlaced, Place, Placed, Span
from protocolkit.schedule.reasons import why
from protocolkit.schedule.timetable import Moment, Planned, Stop, Timetable, timetable
from protocolkit.schedule.washouts import OwnWashout, PeriodWashout, own_washouts, period_washouts
from protocolkit.schedule.windows import Overlap, Window, overlaps, windows

__all__ = [
    "Anchors",
    "Exposure",
    "Moment",
    "NotPlaced",
    "Occasion",
    "Overlap",
    "OwnWashout",
    "Participation",
    "PeriodWashout",
    "Place",
    "Placed",
    "Planned",
    "Span",
    "Stop",
    "Timetable",
    "Window",
    "cohort_exposures",
    "days",
    "days_later",
    "exposures",
    "interventions_of",
    "last_doses",
    "numbering",
    "occasions",
    "optional_epochs",
    "overlaps",
    "own_washouts",
    "participation",
    "period_washouts",
    "shortened",
    "study_day",
    "timetable",
    "why",
    "windows",
]
