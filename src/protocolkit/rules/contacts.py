"""Contacts at which harm is asked about or looked for, and ways of finding it without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

UNASKED = frozenset({"spontaneous", "record_review", "registry"})  # ways of finding events without a contact
COLLECTED = ("AE", "SAE", "AESI", "medically_attended", "device_related")  # windows of events, by their keys


def ways_of_finding(trial: Trial) -> frozenset[str]:
    """Return the ways in which adverse events are found, such as open questions or records."""
    return frozenset(row["mode"].text for row in trial.at("/adverse_events/ascertainment"))


def safety_contacts(trial: Trial) -> list[Stop]:
    """Return the visits of participants, scheduled or not, at which harm is asked about or looked for."""
    asked = {node.text for node in trial.each("/adverse_events/ascertainment/*/activity")}
    visited = {node.text for node in trial.each("/adverse_events/ascertainment/*/visits/*")}
    contacts = trial.timetable.of_participants
    return [stop for stop in contacts if stop.visit["id"].text in visited or _asks(trial, stop, asked)]


def _asks(trial: Trial, stop: Stop, asked: set[str]) -> bool:
    return any(
        planned.activity["id"].text in asked
        or trial.safety_purposes & {node.text for node in planned.activity["serves"]}
        for planned in stop.planned
    )
