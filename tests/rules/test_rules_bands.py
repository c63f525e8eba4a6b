"""Bands of age of a step for a cohort are held against the ages of that cohort, where it has its own."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(COVERED,) = [rule for rule in RULES if rule.code == "DOSE21"]


@pytest.mark.parametrize(
    ("youngest", "told"),
    [("12 mo", []), ("6 mo", ["people from 6 mo may enter, the youngest band begins at 12 mo"])],
)
def test_a_band_for_a_cohort_begins_where_the_cohort_does(youngest: str, told: list[str]) -> None:
    """The trial takes infants of six months, and the cohort that gets the dose begins at a year, or as early."""
    step = {"id": "S", "cohorts": ["OLD"], "age": {"min": "12 mo", "max": "4 a"}, "when": "once", "dose": "5 mg"}
    root = {
        "population": {
            "age": {"min": "6 mo", "max": "59 mo"},
            "cohorts": [{"id": "OLD", "name": "Older", "age": {"min": youngest}}],
        },
        "interventions": [{"id": "A", "kind": "drug", "role": "experimental", "regimen": {"steps": [step]}}],
    }
    (ran,) = run([COVERED], Document("x", root), (), frozenset({"drug"}))
    assert [each.message.partition(": ")[2] for each in ran.findings] == told


def test_one_limit_of_entry_beyond_the_range_of_two_medicines_is_told_once() -> None:
    """Both medicines are for 2 kg and more, and 1.8 kg may enter: the second stands beside the first."""
    scaling = {"weight": "actual", "range": {"min": "2.0 kg", "max": "5.0 kg"}, "outside": "not_eligible"}
    step = {"id": "S", "when": "once", "dose": "20 mg/kg", "scaling": scaling}
    root = {
        "population": {"inclusion": [{"id": "I1", "measure": "body weight", "above": "1.8 kg", "inclusive": True}]},
        "interventions": [
            {"id": name, "kind": "drug", "role": "experimental", "regimen": {"steps": [step]}} for name in ("A", "B")
        ],
    }
    (ran,) = run([COVERED], Document("x", root), (), frozenset({"drug"}))
    (finding,) = ran.findings
    assert finding.message == (
        "A and B: people from 1.8 kg may enter, and their doses are for at least 2.0 kg; others are not eligible"
    )
    assert [words for _, words in finding.related] == ["the limit of entry", "here as well"]
