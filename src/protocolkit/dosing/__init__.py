"""Doses computed from a regimen: per administration, per day and over the course, at reference weights."""

from __future__ import annotations

from protocolkit.dosing.amounts import Body, NotComputable
from protocolkit.dosing.course import Administration, Course, course
from protocolkit.dosing.derived import Difference, differences
from protocolkit.dosing.surface import body_surface
from protocolkit.dosing.table import DoseRow, DoseTable, SingleRow, capped_rows, dose_table, single_rows
from protocolkit.dosing.times import Cycles, cycles
from protocolkit.dosing.weights import reference_surfaces, reference_weights

__all__ = [
    "Administration",
    "Body",
    "Course",
    "Cycles",
    "Difference",
    "DoseRow",
    "DoseTable",
    "NotComputable",
    "SingleRow",
    "body_surface",
    "capped_rows",
    "course",
    "cycles",
    "differences",
    "dose_table",
    "reference_surfaces",
    "reference_weights",
    "single_rows",
]
