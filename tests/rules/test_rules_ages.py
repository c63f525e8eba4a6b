"""Ages of infants in words are those of the limits, in days, weeks, months or weeks of gestation."""

from __future__ import annotations

from typing import Any

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(CRITERIA,) = [rule for rule in RULES if rule.code == "ID11"]
AGE = {"min": "42 d", "max": "90 d"}


def outcome(text: str, age: dict[str, str], gestation: str = "34+0") -> list[str]:
    """Return what the rule says of a criterion beside limits of age."""
    population: dict[str, Any] = {"age": age, "inclusion": [{"id": "I1", "text": text}]}
    population["gestational_age"] = {"min": gestation}
    (ran,) = run([CRITERIA], Document("x", {"population": population}), (), frozenset({"vaccine"}))
    return [finding.message for finding in ran.findings]


ROWS = [
    ("the same days", "age of 42 to 90 days at enrolment", AGE, []),
    (
        "another highest age",
        "age of 42 to 120 days at enrolment",
        AGE,
        ['"age of 42 to 120 days" is said, population.age says 90 d'],
    ),
    ("completed weeks", "infants of 6 to 12 weeks of age", AGE, []),
    ("other weeks", "infants 8 to 12 weeks old", AGE, ['"8 to 12 weeks old" is said, population.age says 42 d']),
    ("months", "aged 6 to 23 months", {"min": "6 mo", "max": "23 mo"}, []),
    ("months and years", "age of 12 months to 15 years", {"min": "12 mo", "max": "15 a"}, []),
    (
        "another lowest age in months",
        "age of 12 months to 15 years",
        {"min": "9 mo", "max": "15 a"},
        ['"age of 12 months to 15 years" is said, population.age says 9 mo'],
    ),
    ("years in months", "age of 12 months to 15 years", {"min": "1 a", "max": "180 mo"}, []),
    ("months and days do not compare", "aged 2 to 3 months", AGE, []),
    ("of something else", "fever since 5 to 10 days of age", AGE, []),
    ("before birth", "a corrected age of 3 to 5 weeks", AGE, []),
    ("gestation", "gestational age of at least 34 weeks", AGE, []),
    (
        "another gestation",
        "born at 36 weeks or more of gestation",
        AGE,
        ['"36 weeks or more" is said, population.gestational_age says 34+0'],
    ),
    ("of an earlier birth", "previous birth at 36 weeks or more of gestation", AGE, []),
    ("several weeks of gestation", "gestation of at least 36 weeks, or 32 weeks with steroids", AGE, []),
]


@pytest.mark.parametrize(("text", "age", "told"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_age_in_words_is_that_of_the_limits(text: str, age: dict[str, str], told: list[str]) -> None:
    """Sites read the sentence, and the limits go into the data base."""
    assert outcome(text, age) == told


AGED = {"age": {"min": "3 a", "max": "49 a"}}
GROUPS = [{"id": "ADULT", "age": {"min": "18 a", "max": "49 a"}}, {"id": "CHILD", "age": {"min": "3 a", "max": "17 a"}}]


@pytest.mark.parametrize(
    ("description", "cohorts", "told"),
    [
        ("Adults of 18 to 49 years, adolescents of 12 to 17 and children of 3 to 11.", [], False),
        ("Adults of 18 to 49 years, and their children.", GROUPS, False),
        ("Adults of 18 to 49 years, and their children.", [], True),
        ("Adults of 18 to 49 years, adolescents of 12 to 17 and children of 5 to 11.", [], True),
        ("Adults of 18 to 59 years, and their children.", GROUPS, True),
    ],
)
def test_the_ages_of_groups_are_those_of_all_together(
    description: str, cohorts: list[dict[str, Any]], told: bool
) -> None:
    """A description may tell the ages of cohorts, or of groups which together span the limits."""
    population = {**AGED, "description": description, "cohorts": cohorts}
    (ran,) = run([CRITERIA], Document("x", {"population": population}), (), frozenset())
    assert bool(ran.findings) is told


@pytest.mark.parametrize(("text", "told"), [("adults of 18 to 64 years", False), ("adults of 18 to 59 years", True)])
def test_a_group_may_reach_to_the_cut_of_a_factor(text: str, told: bool) -> None:
    """Where randomisation is stratified at 65 years, adults up to 64 are one of two groups."""
    population = {"age": {"min": "18 a", "max": "85 a"}, "description": f"{text} and older people"}
    root = {"population": population, "design": {"randomisations": [{"id": "R1", "strata": [{"cut": "65 a"}]}]}}
    (ran,) = run([CRITERIA], Document("x", root), (), frozenset())
    assert bool(ran.findings) is told


def test_a_title_tells_the_age_in_months() -> None:
    """The age of the title is held against the limits in months as it is in years."""
    (titles,) = [rule for rule in RULES if rule.code == "ID01"]
    root = {"trial": {"full_title": "A trial of a vaccine in a district, in children aged 12 months to 15 years"}}
    root["population"] = {"age": {"min": "9 mo", "max": "15 a"}}
    (ran,) = run([titles], Document("x", root), (), frozenset())
    assert [finding.message for finding in ran.findings] == [
        '"aged 12 months to 15 years" is said, population.age says 9 mo'
    ]
