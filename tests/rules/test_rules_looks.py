"""Looks at the data of event-driven trials: the events of each test, its level, and who sees the results."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}
GRAPH = {
    "alpha": 0.05, "sided": 2, "hypotheses": [
        {"id": "H1", "endpoint": "PFS", "weight": 0.2}, {"id": "H2", "endpoint": "OS", "weight": 0.8}],
    "transitions": [{"from": "H1", "to": "H2", "weight": 1}, {"from": "H2", "to": "H1", "weight": 1}],
}  # fmt: skip
FIRST = {"endpoint": "PFS", "final": True, "events": 294, "alpha": 0.01}
OVERALL = {"endpoint": "OS", "events": 208, "information": "70 %"}
LAST = {"endpoint": "OS", "final": True, "events": 297}


def _found(code: str, looks: list[dict[str, Any]], **more: Any) -> list[str]:
    """Run a rule over a trial of two times to an event, the first with a target and both with a sample size."""
    common = {"purpose": "efficacy", "spending": "O'Brien-Fleming type", "seen_by": "data monitoring committee"}
    root = {
        "design": {"event_driven": {"endpoint": "PFS", "target": 294}, "blinding": {"schema": "open_label"},
                   **more.get("design", {})},
        "objectives": [
            {"id": "O1", "level": "primary", "endpoints": [{"id": "PFS", "metric": "time_to_event"}]},
            {"id": "O2", "level": "secondary", "endpoints": [{"id": "OS", "metric": "time_to_event"}]},
        ],
        "statistics": {
            "interim": [{"id": f"IA{number}", **common, **look} for number, look in enumerate(looks, 1)],
            "sample_size": [
                {"objective": "O1", "events": 294, "alpha": 0.01, "sided": 2},
                {"objective": "O2", "events": 297, "alpha": 0.04, "sided": 2},
            ],
            "testing_graph": GRAPH,
        },
    }  # fmt: skip
    (ran,) = run([BY_CODE[code]], Document("x", root), (), frozenset({"drug"}))
    return [each.message for each in ran.findings]


@pytest.mark.parametrize(
    ("looks", "words"),
    [
        ([{"tests": [FIRST, OVERALL]}, {"tests": [LAST]}], ""),
        ([{"tests": [{**FIRST, "events": 200}, OVERALL]}, {"tests": [LAST]}],
         "the last test of PFS is at 200 events, and the trial goes on to 294"),
        ([{"tests": [FIRST, OVERALL]}, {"tests": [{**LAST, "events": 250}]}],
         "the last test of OS is at 250 events, and the trial goes on to 297"),
        ([{"tests": [FIRST, OVERALL]}, {"tests": [{"endpoint": "OS", "events": 150}]}, {"tests": [LAST]}],
         "IA2 is at 150 events, after a look at 208"),
        ([{"tests": [FIRST, {"endpoint": "OS", "events": 297}]}],
         "IA1 is at 297 of 297 events, which is the end"),
        ([{"purpose": "survival at the final analysis of progression", "tests": [FIRST, {**LAST, "final": False}]}],
         "IA1 is at 297 of 297 events, which is the end"),
        ([{"tests": [FIRST]}, {"purpose": "final analysis", "tests": [{"endpoint": "OS", "events": 297}]}], ""),
        ([{"tests": [FIRST, {**OVERALL, "events": 310}]}], "IA1 is at 310 events, and the trial ends at 297"),
        ([{"endpoints": ["PFS"], "events": 150}, {"endpoints": ["OS"], "events": 120}], ""),
    ],
)  # fmt: skip
def test_the_events_of_tests_rise_to_those_that_the_endpoint_is_sized_for(
    looks: list[dict[str, Any]], words: str
) -> None:
    """Each endpoint has its own: the target where one is stated, else the events of its objective."""
    assert _found("STAT11", looks) == ([words] if words else [])


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (0.01, ""),
        (0.03, "a look tests PFS at 0.03, and it starts with 0.01"),
        (0.06, "a look tests PFS at 0.06, and all tests together have 0.05"),
    ],
)
def test_the_level_of_a_look_is_no_more_than_the_share_of_its_hypothesis(alpha: float, words: str) -> None:
    """Of 5 %, a fifth is that of progression-free survival."""
    found = _found("STAT26", [{"tests": [{**FIRST, "alpha": alpha}]}])
    assert found == ([words] if words else [])


BLIND = {"blinding": {"schema": "double_blind", "roles": ["participant", "investigator"]}}


def test_a_look_that_is_the_last_of_one_endpoint_alone_is_an_interim_look() -> None:
    """The chief investigator would see the first results of survival at the last ones of progression."""
    seen_by = "data monitoring committee and chief investigator"
    look = {"tests": [FIRST, OVERALL], "seen_by": seen_by, "purpose": "survival at the final analysis of progression"}
    assert [seen_by in message for message in _found("STAT11", [look])] == [True]


@pytest.mark.parametrize(
    ("seen_by", "purpose", "design", "found"),
    [
        ("data monitoring committee", "efficacy", BLIND, False),
        ("data monitoring committee and unblinded statistician", "efficacy", BLIND, False),
        ("data monitoring committee and the investigators", "efficacy", BLIND, True),
        ("data monitoring committee, sponsor", "efficacy", BLIND, True),
        ("data monitoring committee and sponsor", "efficacy", {}, False),
        ("independent data monitoring committee and chief investigator", "efficacy", {}, True),
        ("chief investigator", "final analysis of overall survival", {}, False),
        ("data monitoring committee, sponsor only after the final analysis", "efficacy", BLIND, False),
    ],
)
def test_those_who_run_a_trial_do_not_see_it_half_way(
    seen_by: str, purpose: str, design: dict[str, Any], found: bool
) -> None:
    """Beside a committee, too; a chief investigator in an open trial as well."""
    told = _found(
        "STAT11", [{"endpoints": ["PFS"], "events": 150, "seen_by": seen_by, "purpose": purpose}], design=design
    )
    assert any(seen_by in message for message in told) is found


@pytest.mark.parametrize(
    ("name", "ratio", "kind", "words"),
    [
        ("overall survival", 1.61, "superiority", "hr 1.61 means more events under treatment"),
        ("overall survival", 0.62, "superiority", ""),
        ("time to recovery", 1.61, "superiority", ""),
        ("time to recovery", 0.62, "superiority", "hr 0.62 means fewer events under treatment"),
        ("time to recovery or death", 1.61, "superiority", ""),
        ("time to first use", 1.61, "superiority", ""),
        ("overall survival", 1.61, "non_inferiority", ""),
    ],
)
def test_a_ratio_counts_on_what_the_trial_is_to_show(name: str, ratio: float, kind: str, words: str) -> None:
    """Fewer bad events or more good ones; where the words do not tell which an event is, nothing is said."""
    root = {
        "design": {"framework": {"kind": kind}},
        "objectives": [{"id": "O1", "level": "primary", "kind": "benefit",
                        "endpoints": [{"id": "E1", "outcome": "X", "metric": "time_to_event"}]}],
        "outcomes": [{"id": "X", "name": name}],
        "statistics": {"sample_size": [{"objective": "O1", "method": "survival_schoenfeld_events", "hr": ratio}]},
    }  # fmt: skip
    (ran,) = run([BY_CODE["STAT21"]], Document("x", root), (), frozenset({"drug"}))
    found = [each.message for each in ran.findings]
    assert (found[0].startswith(words) and len(found) == 1) if words else found == []
