"""Doses under supervision: a visit of the people who get the step, for radiation as for medicines."""

from __future__ import annotations

from typing import Any

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(SUPERVISED,) = [rule for rule in RULES if rule.code == "SOA05"]


def told(intervention: dict[str, Any], *visits: dict[str, Any], **more: Any) -> list[str]:
    """Return what the rule says of one intervention, given by an activity, at some visits from the first dose."""
    root = {
        "arms": [{"id": "A", "interventions": ["X"]}],
        "interventions": [{"id": "X", **intervention}],
        "schedule": {
            "anchors": [{"id": "first", "kind": "first_dose"}],
            "activities": [{"id": "GIVE", "kind": "dose", "serves": ["X"]}, {"id": "ASK", "serves": ["safety"]}],
            "visits": [{"anchor": "first", "activities": ["GIVE"], **visit} for visit in visits],
        },
        **more,
    }
    (ran,) = run([SUPERVISED], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


def steps(kind: str, *days: str, **more: Any) -> dict[str, Any]:
    """Return an intervention of a kind with one step under supervision."""
    step = {"id": "S", "when": "days", "days": [*days], "supervised": True, **more}
    return {"kind": kind, "regimen": {"steps": [step]}}


FRACTIONS = {"id": "FX", "offsets": ["0 d", "2 d", "4 d"]}


def test_a_fraction_of_radiation_needs_a_visit() -> None:
    """Radiation is given by people who are there that day, as a supervised dose is."""
    assert told(steps("radiation", "0 d", "2 d", "4 d"), FRACTIONS) == []
    (message,) = told(steps("radiation", "0 d", "2 d", "7 d"), FRACTIONS)
    assert message.endswith("under supervision at 7 d, where there is no visit")


def test_the_visit_of_the_cohort_is_named() -> None:
    """Where two cohorts have visits on one day, the one without the dose is that of those who get it."""
    adults = {"id": "D29", "offset": "28 d", "cohorts": ["ADULT"], "activities": ["ASK"]}
    children = {"id": "D29C", "offset": "28 d", "cohorts": ["CHILD"]}
    given = steps("vaccine", "0 d", "28 d", cohorts=["CHILD"])
    assert told(given, {"id": "D1", "offset": "0 d"}, adults, children) == []
    (message,) = told(given, {"id": "D1", "offset": "0 d"}, adults, {**children, "activities": ["ASK"]})
    assert message.startswith("D29C is on a day with a supervised dose of X")
    (message,) = told(given, {"id": "D1", "offset": "0 d"}, adults)
    assert message.endswith("at 28 d, where there is no visit")


def test_what_is_monitored_is_asked_of_the_visit_that_gives_it() -> None:
    """Another treatment on the same day brings no monitoring of this one with it."""
    injected = {**steps("drug", "0 d", "28 d"), "pharmacology": {"monitoring": ["testosterone"]}}
    schedule = {
        "anchors": [{"id": "first", "kind": "first_dose"}],
        "activities": [
            {"id": "GIVE", "kind": "dose", "serves": ["X"]}, {"id": "BEAM", "kind": "dose", "serves": ["RT"]},
            {"id": "TESTO", "name": "testosterone", "kind": "laboratory", "serves": ["safety"]},
        ],
        "visits": [
            {"id": "D1", "anchor": "first", "offset": "0 d", "activities": ["GIVE", "TESTO"]},
            {"id": "D29", "anchor": "first", "offset": "28 d", "activities": ["GIVE", "TESTO"]},
            {"id": "FX", "anchor": "first", "offset": "28 d", "activities": ["BEAM"]},
        ],
    }  # fmt: skip
    assert told(injected, schedule=schedule) == []
