"""Doses computed from a regimen: per administration, per day and over the course, at reference weights."""

from __future__ import annotations

from protocolkit.dosing.amounts import Body, NotComputable, body_surface
from protocolkit.dosing.course import Administration, Course, course
from protocolkit.dosing.table import DoseRow, DoseTable, dose_table, reference_weights

__all__ = [
    "Administration",
    "Body",
    "Course",
    "DoseRow",
    "DoseTable",
    "NotComputable",
    "body_surface",
    "course",
    "dose_table",
    "reference_weights",
]
