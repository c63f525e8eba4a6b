"""An analysis adjusts for the factors that differ between those whom it compares, and for no others."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

BY_CODE = {rule.code: rule for rule in RULES}
COHORTS = [
    {"id": "YOUNG", "age": {"min": "9 a", "max": "12 a"}},
    {"id": "OLD", "age": {"min": "13 a", "max": "14 a"}},
    {"id": "SICK"},
]
CUT = {"factor": "age at entry", "cut": "13 a"}


def told(code: str, strata: list[dict[str, Any]], cohorts: list[str], **treatment: Any) -> list[str]:
    """Return what a rule says of an analysis without covariates, in some cohorts."""
    endpoint = {"id": "E1", "metric": "change_from_baseline", "aggregation": "mean", "cohorts": cohorts}
    estimand = {"id": "S1", "variable": "E1", "treatment": {"arms": ["A", "B"], **treatment}}
    root = {
        "design": {"randomisations": [{"id": "R1", "strata": strata}]},
        "population": {"cohorts": COHORTS},
        "arms": [{"id": "A"}, {"id": "B"}],
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [endpoint], "estimands": [estimand]}],
        "statistics": {"analyses": [{"endpoint": "E1", "estimand": "S1", "role": "main", "model": "t test"}]},
    }
    (ran,) = run([BY_CODE[code]], Document("x", root), (), frozenset())
    return [finding.message.partition("adjust for ")[2] for finding in ran.findings]


@pytest.mark.parametrize("code", ["STAT08", "STAT09"])
def test_a_group_outside_the_trial_has_neither_factors_nor_a_baseline(code: str) -> None:
    """What is set against women of an earlier trial is not adjusted for the strata of this one."""
    assert told(code, [CUT], [], arms=["A"], against="EARLIER") == []
    assert len(told(code, [CUT], [])) == 1


@pytest.mark.parametrize(
    ("stratum", "cohorts", "asked"),
    [
        (CUT, ["OLD"], []),
        (CUT, ["YOUNG"], []),
        (CUT, ["YOUNG", "OLD"], ["age at entry"]),
        (CUT, [], ["age at entry"]),
        (CUT, ["SICK"], ["age at entry"]),
        ({**CUT, "cut": "10 a"}, ["YOUNG"], ["age at entry"]),
        ({"factor": "age (9 to 12 or 13 to 14 years)"}, ["OLD"], []),
        ({"factor": "cohort"}, ["SICK"], []),
        ({"factor": "stage of disease"}, ["OLD"], ["stage of disease"]),
    ],
)
def test_a_factor_that_is_the_same_in_all_is_no_covariate(
    stratum: dict[str, Any], cohorts: list[str], asked: list[str]
) -> None:
    """A stratum by age is asked of an endpoint whose cohorts lie on both sides of its cut, or on no one side."""
    assert told("STAT08", [stratum], cohorts) == asked


AGED = [{"id": "ADULT", "age": {"min": "18 a", "max": "49 a"}}, {"id": "CHILD", "age": {"min": "3 a", "max": "11 a"}}]


@pytest.mark.parametrize(
    ("model", "cohorts", "asked"),
    [
        ("analysis of covariance by cohort", AGED, []),
        ("analysis of covariance within each cohort", AGED, []),
        ("analysis of covariance", AGED, ["age group (18 to 49, 3 to 11 years)"]),
        ("analysis of covariance by cohort", [{"id": "A"}, {"id": "B"}], ["age group (18 to 49, 3 to 11 years)"]),
    ],
)
def test_the_groups_of_age_may_be_told_as_the_cohorts(
    model: str, cohorts: list[dict[str, Any]], asked: list[str]
) -> None:
    """Where each cohort is a group of age, an analysis by cohort is one by the stratum of age."""
    root = {
        "design": {"randomisations": [{"id": "R1", "strata": [{"factor": "age group (18 to 49, 3 to 11 years)"}]}]},
        "population": {"cohorts": cohorts},
        "arms": [{"id": "A"}, {"id": "B"}],
        "objectives": [{"id": "O1", "level": "primary", "endpoints": [{"id": "E1"}]}],
        "statistics": {"analyses": [{"endpoint": "E1", "role": "main", "model": model}]},
    }
    (ran,) = run([BY_CODE["STAT08"]], Document("x", root), (), frozenset())
    assert [finding.message.partition("adjust for ")[2] for finding in ran.findings] == asked
