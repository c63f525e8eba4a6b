"""Facts of platform, event-driven, stepped-wedge and paediatric trials stand where readers look for them."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest

PLATFORM = contentcase.ROOT / "tests" / "cases" / "fit" / "platform-outcome.protocol.yaml"
WEDGE = contentcase.ROOT / "tests" / "cases" / "fit" / "stepped-wedge-service.protocol.yaml"
OF_THE_PLATFORM = [
    ("3.1.2", "For this objective, the framework is non-inferiority, with a margin of 1.3 (hazard ratio). Once "),
    ("3.1.1", "independent endpoint (each answers a question of its own)"),
    ("4.1", "The framework differs for these objectives: non-inferiority for the primary objective 2."),
    ("4.1", "it goes on until 400 events have occurred, counted for relapse or death (endpoint E1)"),
    ("4.1", "The common end follows 60 days after the declaration."),
    ("4.1", "No arm has a share below 20 % or above 80 %."),
    ("4.1", "Section 6 describes it: Examplide in the run-in."),
    (
        "4.1",
        "| Duration | Long course and Short course | Primary objective 2 | Different dose or regimen: The long course",
    ),
    ("4.4", "The trial ends at 400 events; Section 4.1 says how these are counted."),
    ("5.2", "To enter the domain duration of the platform, an individual must meet the following criteria as well:"),
    ("5.3", "is excluded from the domain combination of the platform alone:"),
    (
        "6",
        "| examplol 5 mg (as base) and examplide 2.5 mg | 1 tablet (age 4 to 11 years) and 2 tablets (age of at least",
    ),
    ("6", "| Oral or nasogastric |"),
    ("6.3", "| CHILD | Age 4 to 11 years / Age is judged at Randomisation. / Age is judged again: never. | 1 tablet"),
    ("6.3", "below 40 kg / Weight is measured at Randomisation. / Weight is measured again: never."),
    ("6.3", "The dose is raised under this condition: systolic pressure of at least 100 mm Hg."),
    ("6.3", "By cohort: Participants with lower kidney function in steps of 1 tablet up to 1 tablet and"),
    (
        "6.4",
        "| Systolic pressure | At most 90 mmHg. | Interrupt | At half the dose | Fluids by mouth and another reading",
    ),
    ("6.4", "| eGFR | Fall by more than 30 % from the last visit. | Reduce to half the dose"),
    ("6.4", "| Hypotension | \N{EN DASH} | Interrupt |"),
    ("6.7.1", "told at Week 1, to participants who still take examplic acid."),
    ("6.9.2", "- Examplone at relapse; given when: relapse;"),
    ("8.3", "Reported by: clinician and parent or proxy. / Mode: record review."),
    ("10.9", "| IA1: efficacy | Relapse or death (E1) | 60 % / 240 events |"),
    ("10.10", "each only after success of the one before: E1, time to relapse or death"),
    ("11.3", "- Germany: consent beforehand; given by both parents and the child from 7 years."),
]
OF_THE_WEDGE = [
    ("4.1", "The cluster autocorrelation is taken to be 0.8 (source: routine data of the same wards over two years)."),
    ("4.1", "There are 5 periods. Each ward is expected to have 120 participants in one period."),
    ("8.1", "| To the ward, remote"),
    ("8.3", "Counted per 1,000 occupied bed-days."),
    ("11.3", "- United Kingdom: consent unless refused; given by the patient. A notice hangs in each ward."),
]


def told(path: Any, number: str) -> str:
    """Return one section of the draft of a file."""
    return "\n".join(contentcase.section(contentcase.drafted(path), number))


@pytest.mark.parametrize(("number", "words"), OF_THE_PLATFORM)
def test_a_platform_tells_each_fact_in_its_section(number: str, words: str) -> None:
    """And not in the list of what is left."""
    assert words in told(PLATFORM, number)


@pytest.mark.parametrize(("number", "words"), OF_THE_WEDGE)
def test_a_stepped_wedge_tells_each_fact_in_its_section(number: str, words: str) -> None:
    """Of its periods, its visits to wards and its rates."""
    assert words in told(WEDGE, number)


@pytest.mark.parametrize("path", [PLATFORM, WEDGE], ids=["platform", "wedge"])
@pytest.mark.parametrize("number", ["3.3", "4.1", "5.1", "6", "6.1", "6.9", "7.3", "8.1", "8.3", "9", "10.1"])
def test_nothing_is_left_for_the_list_of_titles(path: Any, number: str) -> None:
    """The list prints a title, a comma and a title; sentences and tables do not."""
    left = [line for line in told(path, number).splitlines() if line.startswith("- ") and _is_titles(line)]
    assert left == []


def _is_titles(line: str) -> bool:
    lead = line.removeprefix("- ").partition(": ")[0]
    return ", " in lead


def test_a_criterion_of_a_domain_does_not_stand_among_those_for_all() -> None:
    """Who takes part in one domain need not meet the criteria of the other."""
    lines = contentcase.section(contentcase.drafted(PLATFORM), "5.2")
    lead = next(index for index, line in enumerate(lines) if line.startswith("To enter the domain"))
    assert [line[:5] for line in lines[1:lead]] == ["- I1:", "- I2:", "- I3:"]
    assert lines[lead + 1].startswith("- I4:")


LIMITS = [
    ({"above": "15 kg", "inclusive": True}, "Heavy enough (body weight at least 15 kg)."),
    ({"below": "15 kg", "inclusive": True}, "Heavy enough (body weight at most 15 kg)."),
    ({"above": "15 kg"}, "Heavy enough (body weight above 15 kg)."),
]


@pytest.mark.parametrize(("limit", "words"), LIMITS)
def test_a_limit_that_includes_its_value_says_so(limit: dict[str, Any], words: str) -> None:
    """At least and at most are not above and below."""
    item = {"id": "I1", "text": "Heavy enough", "measure": "body weight", **limit}
    made = contentcase.of({"protocolkit": 1, "population": {"inclusion": [item]}})
    assert f"- I1: {words}" in contentcase.section(made, "5.2")


def test_a_dose_by_area_under_the_curve_says_how_the_amount_follows() -> None:
    """Formula, estimate of clearance, its cap and when it is measured."""
    clearance = {
        "formula": "the formula",
        "method": "the estimate",
        "cap": "125 mL/min",
        "visit": "V1",
        "again": "never",
    }
    step = {"id": "S", "dose": "5 mg.min/mL", "when": "once", "from": "0 d", "clearance": clearance}
    data = {
        "interventions": [{"id": "X", "name": "Example", "regimen": {"steps": [step]}}],
        "schedule": {"visits": [{"id": "V1", "name": "Baseline"}]},
    }
    lines = " ".join(contentcase.section(contentcase.of({"protocolkit": 1, **data}), "6.3"))
    assert (
        "Amount: the formula. / Clearance: the estimate, at Baseline. / Clearance is taken as 125 mL/min at most."
        in (lines)
    )
    assert "Clearance is measured again: never." in lines


def test_an_event_expected_from_another_says_when() -> None:
    """An operation has no fixed day, but an expected one."""
    anchors = [
        {"id": "first", "kind": "first_dose"},
        {"id": "surgery", "kind": "event", "text": "the operation", "expected": {"anchor": "first", "offset": "15 wk"}},
    ]
    made = contentcase.of({"protocolkit": 1, "schedule": {"anchors": anchors}})
    assert "- The operation; expected 15 weeks after the first dose." in contentcase.section(made, "1.3")


def test_what_is_found_in_records_is_asked_no_visits() -> None:
    """A registry and a review of records have none; an open question has."""
    rows = [{"event": "any", "mode": mode} for mode in ("registry", "open_question")]
    lines = contentcase.section(contentcase.of({"protocolkit": 1, "adverse_events": {"ascertainment": rows}}), "9.2.2")
    assert "| Any adverse event | Registry | \N{EN DASH}" in lines
    assert "| Any adverse event | Open question | visits: ids of the visits at which it is looked for" in lines


def test_what_is_no_medicine_is_on_trial_whatever_its_status() -> None:
    """The status of a medicinal product says nothing of a service."""
    item = {"id": "X", "name": "Round", "kind": "behaviour", "role": "experimental", "imp_status": "NIMP"}
    made = contentcase.of({"protocolkit": 1, "interventions": [item]})
    assert "@ Round" in contentcase.section(made, "6.1")
    assert "Not applicable: no medicine or device is given." in contentcase.section(made, "6.2")
