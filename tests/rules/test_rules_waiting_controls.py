"""Controls who may change to what the others got: their usual care has no last dose, and their visits overlap."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

RULE = {rule.code: rule for rule in RULES}


def told(code: str, root: dict[str, Any]) -> list[str]:
    """Return what a rule says of a device trial."""
    (ran,) = run([RULE[code]], Document("x", root), (), frozenset({"device"}))
    return [finding.message for finding in ran.findings]


def trial(care: str) -> dict[str, Any]:
    """Write a trial of an implant against a year of care, whose controls may get the implant on day 210."""
    year = {"id": "S", "when": "course", "frequency": "CONTINUOUS", "from": "0 d", "to": "365 d"}
    once = {"id": "P", "when": "once", "from": "0 d"}
    window = {
        "start": "rand",
        "end": {"anchor": "rand", "offset": "365 d"},
        "by_arm": [{"arm": "LATE", "start": "cross", "end": {"anchor": "cross", "offset": "182 d"}}],
    }
    return {
        "design": {"epochs": [{"id": "MAIN", "duration": "365 d"}, {"id": "CROSS", "duration": "182 d"}]},
        "arms": [
            {"id": "NOW", "interventions": ["VALVE", "CARE"]},
            {"id": "CONTROL", "interventions": ["CARE"]},
            {"id": "LATE", "enters_from": ["CONTROL"], "interventions": ["VALVE", "CARE"]},
        ],
        "interventions": [
            {"id": "VALVE", "kind": "device", "role": "experimental", "regimen": {"anchor": "rand", "steps": [once]}},
            {"id": "CARE", "kind": "behaviour", "role": care, "regimen": {"anchor": "rand", "steps": [year]}},
        ],
        "schedule": {
            "day_one": "rand",
            "anchors": [
                {"id": "rand", "kind": "randomisation"},
                {"id": "cross", "kind": "event", "expected": {"anchor": "rand", "offset": "210 d"}},
            ],
            "activities": [{"id": "CHECK", "serves": ["safety"]}],
            "visits": [
                {"id": "D0", "epoch": "MAIN", "anchor": "rand", "offset": "0 d"},
                {"id": "X0", "epoch": "CROSS", "anchor": "cross", "offset": "0 d", "arms": ["LATE"]},
                {"id": "M12", "epoch": "MAIN", "anchor": "rand", "offset": "365 d"},
            ],
        },
        "adverse_events": {"windows": {"AE": window}},
    }


@pytest.mark.parametrize(("care", "messages"), [("background_treatment", 0), ("active_comparator", 1)])
def test_usual_care_ends_no_treatment(care: str, messages: int) -> None:
    """The window ends with a year of care; only where the care is what is compared, that is the last dose."""
    assert len(told("AE06", trial(care))) == messages


@pytest.mark.parametrize(("arms", "messages"), [(["LATE"], 0), ([], 1)])
def test_who_did_not_change_still_has_the_later_visit(arms: list[str], messages: int) -> None:
    """Month 12 is for everybody, and the earlier visit of the next epoch for those alone who changed."""
    root = trial("background_treatment")
    root["schedule"]["visits"][1]["arms"] = arms
    assert len(told("SOA09", root)) == messages
