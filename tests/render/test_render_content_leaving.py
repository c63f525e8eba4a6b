"""The draft invites to a last visit those whom it is for: who stops the intervention, or who leaves the trial."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest

ANCHORS = [
    {"id": "last_dose", "kind": "last_dose", "text": "last dose"},
    {"id": "study_end", "kind": "study_end", "text": "last contact"},
    {"id": "gone", "kind": "event", "text": "withdrawal from the trial"},
    {"id": "stopped", "kind": "event", "text": "withdrawal from trial treatment"},
]


def section(number: str, **visit: Any) -> str:
    """Return a section of the draft of a trial with one visit for an early end."""
    early = {"id": "ET", "name": "Early end", "kind": "early_termination", **visit}
    handled = {"treatment": {"then": "stay in follow-up"}, "participant": {"record": "date and reason"}}
    data = {"discontinuation": handled, "schedule": {"anchors": ANCHORS, "visits": [early]}}
    return "\n".join(contentcase.section(contentcase.of({"protocolkit": 1, **data}), number))


@pytest.mark.parametrize(
    "visit",
    [
        {"anchor": "gone", "condition": "participants who leave the trial"},
        {"anchor": "last_dose", "condition": "participants who leave the trial"},
        {"anchor": "gone"},
        {"anchor": "study_end"},
    ],
)
def test_a_visit_for_those_who_leave_the_trial_invites_nobody_who_stops(visit: dict[str, Any]) -> None:
    """Who stops the intervention stays in follow-up: the section on leaving the trial names the visit."""
    assert "Early end" not in section("7.1.1", **visit)
    assert "Who leaves the trial is invited to the visit “Early end”." in section("7.2", **visit)


@pytest.mark.parametrize(
    "visit",
    [
        {"anchor": "last_dose"},
        {"anchor": "stopped"},
        {"anchor": "gone", "condition": "participants who stop treatment or leave the trial"},
        {"anchor": "study_end", "condition": "participants who stop trial tablets for good"},
    ],
)
def test_a_visit_for_those_who_stop_invites_them(visit: dict[str, Any]) -> None:
    """Where it is for both, the section on stopping names it, as before."""
    assert "They are invited to the visit “Early end”." in section("7.1.1", **visit)
    assert "Early end" not in section("7.2", **visit)
