"""Reports: what was found, for people, for programs and for continuous integration."""

from __future__ import annotations

from protocolkit.report.model import THRESHOLDS, FileReport, Report

__all__ = ["THRESHOLDS", "FileReport", "Report"]
