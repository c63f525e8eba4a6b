"""Ages in a title are those of a cohort, or of several that follow one another."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(TITLES,) = [rule for rule in RULES if rule.code == "ID01"]
COHORTS = [
    {"id": "YOUNG", "age": {"min": "18 a", "max": "49 a"}},
    {"id": "MIDDLE", "age": {"min": "50 a", "max": "64 a"}},
    {"id": "OLD", "age": {"min": "65 a", "max": "84 a"}},
]


def told(title: str) -> list[str]:
    """Return what is said of a title of a trial in three cohorts."""
    root = {
        "trial": {"full_title": title},
        "population": {"age": {"min": "18 a", "max": "84 a"}, "cohorts": COHORTS},
    }
    (ran,) = run([TITLES], Document("x", root), (), frozenset())
    return [finding.message for finding in ran.findings]


@pytest.mark.parametrize("title", ["in adults aged 18 to 59 years", "in 65 to 85 years old and 18 to 49 years old"])
def test_an_age_at_which_no_cohort_ends_is_told(title: str) -> None:
    """Each end is looked for by itself, of every range of the title."""
    (message,) = told(f"A vaccine {title}")
    assert "no cohort and no limit of age ends at" in message


@pytest.mark.parametrize(
    "title",
    ["in adults aged 18 to 49 years and at two doses in adults aged 65 to 84 years", "in adults aged 18 to 64 years",
     "in adults aged 18 to 84 years", "for children aged 6 to 23 months",
     "found at a diagnosis at 20 to 30 years of age"],
)  # fmt: skip
def test_ages_of_cohorts_of_several_together_and_of_something_else_agree(title: str) -> None:
    """Months, and the age at a diagnosis, are no ages of those who take part."""
    assert told(f"A vaccine {title}") == []
