"""The trial schema shows from which arms others are entered, and what all are given before their arms begin."""

from __future__ import annotations

import pytest
from figurecase import box, case, leads


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("Vaccine", "Randomisation 2", True),
        ("Placebo", "Randomisation 2", False),
        ("Placebo", "Never", True),
        ("Vaccine", "Never", False),
    ],
)
def test_a_second_randomisation_is_of_those_that_its_arms_are_entered_from(
    one: str, other: str, *, wanted: bool
) -> None:
    """Whoever had the vaccine is randomised again; whoever had placebo goes on without it, and past that box."""
    drawn = case("seasons")
    assert any(leads(arrow, box(drawn, one), box(drawn, other)) for arrow in drawn.arrows) is wanted
    assert box(drawn, "Never").y < box(drawn, "Again").y


def test_what_some_participants_get_is_drawn_with_their_cohort() -> None:
    """A vaccine for a subset is not given to everybody of the arm."""
    assert "Examplivax and Influenza vaccine (Subset)" in box(case("seasons"), "Vaccine").lines


def test_what_all_get_before_randomisation_has_a_box() -> None:
    """Who gets the first cycle has not been assigned."""
    assert box(case("first-cycle-for-all"), "All participants").lines == ("All participants", "cisplatin")
