"""A window that counts from what the regimen counts from is compared with the last dose, on whatever day that is."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.findings import Finding, Severity
from protocolkit.rules import RULES, Outcome, run

(WINDOWS,) = [rule for rule in RULES if rule.code == "AE06"]
COURSE = {"id": "S", "when": "course", "from": "adm", "to": "6 d", "frequency": "QD", "dose": "10 mg"}


ANCHORS = [
    {"id": "randomisation", "kind": "randomisation"},
    {"id": "adm", "kind": "event", "text": "admission"},
    {"id": "surgery", "kind": "event", "text": "operation", "expected": {"anchor": "randomisation", "offset": "9 d"}},
]


def _ran(step: dict[str, Any], after: str, anchor: str = "adm") -> Any:
    """Run the rule over a medicine that is given from admission on, and a window that ends after it."""
    drug = {"id": "A", "kind": "drug", "role": "experimental", "regimen": {"anchor": "adm", "steps": [step]}}
    root = {
        "interventions": [drug],
        "schedule": {"anchors": ANCHORS, "day_one": "randomisation"},
        "adverse_events": {"windows": {"AE": {"start": "adm", "end": {"anchor": anchor, "offset": after}}}},
    }
    (ran,) = run([WINDOWS], Document("x", root), (), frozenset({"drug"}))
    return ran


@pytest.mark.parametrize(
    ("after", "outcome"), [("5 d", Outcome.FOUND), ("6 d", Outcome.FOUND), ("7 d", Outcome.PASSED)]
)
def test_a_window_and_a_regimen_from_one_anchor_are_compared(after: str, outcome: Outcome) -> None:
    """Seven days from admission on are treated: a window of five closes before the last dose."""
    assert _ran(COURSE, after).outcome is outcome


def test_what_cannot_be_compared_is_told_in_words() -> None:
    """The anchor whose day does not follow is called by its text, not by its id."""
    (finding,) = _ran(COURSE, "5 d", "surgery").findings
    assert "the day of admission does not follow" in finding.message


YEAR = {"id": "S", "when": "course", "from": "0 d", "to": "363 d", "frequency": "QD", "dose": "10 mg"}
TAKEN = {"id": "A", "kind": "drug", "role": "experimental", "regimen": {"anchor": "randomisation", "steps": [YEAR]}}


@pytest.mark.parametrize(
    ("fault", "told"),
    [("/adverse_events/windows/AE", "/adverse_events/windows/AE"), ("", "the top of the file"), ("/trial", None)],
)
def test_a_fault_of_the_shape_holds_up_the_rules_that_read_there(fault: str, told: str | None) -> None:
    """At a place, above it or at the top of the file, and it is said where; a fault elsewhere holds up nothing."""
    shape = [Finding("FORM03", Severity.ERROR, "wrong", fault)]
    (ran,) = run([WINDOWS], Document("x", {"adverse_events": {"windows": {}}}), shape, frozenset({"drug"}))
    assert (ran.outcome is Outcome.NOT_CHECKED) is (told is not None)
    assert told is None or ran.reason == f"the shape is at fault at {told}"


@pytest.mark.parametrize(("key", "held_up"), [("dose", False), ("frequency", True)])
def test_a_fault_in_an_amount_holds_up_no_rule_about_days(key: str, held_up: bool) -> None:
    """An unknown unit says nothing of when a medicine is given."""
    shape = [Finding("DOSE02", Severity.ERROR, "wrong", f"/interventions/0/regimen/steps/0/{key}")]
    (ran,) = run([WINDOWS], Document("x", {"adverse_events": {"windows": {}}}), shape, frozenset({"drug"}))
    assert (ran.outcome is Outcome.NOT_CHECKED) is held_up


@pytest.mark.parametrize(("value", "held_up"), [(None, False), ("90 d", True)])
def test_what_a_comma_cut_off_a_text_holds_up_nothing(value: str | None, held_up: bool) -> None:
    """A key without a value that the schema does not know is the rest of a text; one with a value may be misspelt."""
    shape = [Finding("FORM02", Severity.ERROR, "wrong", "/adverse_events/windows/and later")]
    document = Document("x", {"adverse_events": {"windows": {"and later": value}}})
    (ran,) = run([WINDOWS], document, shape, frozenset({"drug"}))
    assert (ran.outcome is Outcome.NOT_CHECKED) is held_up


LIFELONG = {
    "arms": [{"id": "X", "interventions": ["A"]}],
    "interventions": [TAKEN],
    "schedule": {
        "anchors": [*ANCHORS, {"id": "last_dose", "kind": "last_dose"}],
        "day_one": "randomisation",
        "visits": [{"id": "LAST", "anchor": "randomisation", "offset": "363 d"}],
    },
}


@pytest.mark.parametrize(
    ("more", "severities"),
    [({}, [Severity.WARNING]), ({"note": "the medicine is taken for life"}, [])],
)
def test_treatment_that_lasts_as_long_as_participation_needs_a_note(
    more: dict[str, Any], severities: list[Severity]
) -> None:
    """Where the last dose and the last visit fall together, no window can close later: a note says how it goes on."""
    window = {"start": "randomisation", "end": {"anchor": "randomisation", "offset": "363 d"}, **more}
    root = {**LIFELONG, "adverse_events": {"windows": {"AE": window}}}
    (ran,) = run([WINDOWS], Document("x", root), (), frozenset({"drug"}))
    assert [each.severity for each in ran.findings] == severities
