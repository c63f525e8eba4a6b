"""Records are read after the events that they hold; whoever is asked has to be asked while events are collected."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(WINDOWS,) = [rule for rule in RULES if rule.code == "AE18"]


@pytest.mark.parametrize(
    ("mode", "outcome"), [("registry", "passed"), ("record_review", "passed"), ("interview", "found")]
)
def test_records_are_read_after_the_window(mode: str, outcome: str) -> None:
    """An extraction at one year tells of the 30 days after the first dose; an interview then asks too late."""
    root = {
        "schedule": {
            "day_one": "first_dose",
            "anchors": [{"id": "first_dose", "kind": "first_dose"}],
            "activities": [{"id": "READ", "name": "Reading", "serves": ["safety"]}],
            "visits": [{"id": "V1", "anchor": "first_dose", "offset": "365 d", "activities": ["READ"]}],
        },
        "adverse_events": {
            "windows": {"AE": {"start": "first_dose", "end": {"anchor": "first_dose", "offset": "30 d"}}},
            "ascertainment": [{"event": "any", "mode": mode, "visits": ["V1"]}],
        },
    }
    (ran,) = run([WINDOWS], Document("x", root), (), frozenset({"drug"}))
    assert ran.outcome.value == outcome
