"""The trial schema shows from which arms others are entered, and what all are given before their arms begin."""

from __future__ import annotations

import pytest
from figurecase import box, case, figure, leads


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


def test_an_arm_that_participants_change_to_begins_after_the_one_that_they_leave() -> None:
    """It states no epochs of its own: nobody is randomised to it, and it is entered from its source."""
    arms = [{"id": name, "name": name, "type": "experimental", "interventions": [name]} for name in ("CUT", "PILL")]
    change = {"id": "LATER", "name": "LATER", "type": "experimental", "interventions": ["CUT"], "enters_from": ["PILL"]}
    epochs = [{"id": name, "name": name, "type": "treatment", "duration": "90 d"} for name in ("BLANK", "EVAL")]
    drawn = figure(
        {
            "protocolkit": 1,
            "design": {"epochs": epochs, "randomisations": [{"id": "R1", "arms": ["CUT", "PILL"], "to": "arms"}]},
            "arms": [*arms, change],
            "interventions": [{"id": name, "name": f"the {name}", "kind": "procedure"} for name in ("CUT", "PILL")],
        }
    )
    later, pill = (next(each for each in drawn.boxes if each.lines[0] == name) for name in ("LATER", "PILL"))
    assert [arrow for arrow in drawn.arrows if leads(arrow, box(drawn, "Randomisation"), later)] == []
    assert [arrow for arrow in drawn.arrows if leads(arrow, pill, later)]
