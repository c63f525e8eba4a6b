"""When things happen in a trial: study days, the offsets of anchors, and visits placed in time."""

from __future__ import annotations

from protocolkit.schedule.anchors import Anchors
from protocolkit.schedule.days import days, numbering, study_day
from protocolkit.schedule.timetable import Moment, Planned, Stop, Timetable, timetable

__all__ = ["Anchors", "Moment", "Planned", "Stop", "Timetable", "days", "numbering", "study_day", "timetable"]
