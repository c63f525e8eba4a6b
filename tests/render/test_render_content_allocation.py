"""The draft says who is randomised by which randomisation, and from whom the assignment is kept."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest

ARMS = [{"id": name, "name": f"Arm {name}", "type": "experimental"} for name in "ABCD"]
ONE = {"id": "R1", "unit": "participant", "ratio": "1:1", "restriction": "blocked", "enrolled_by": "nurse"}


def section(number: str, **design: Any) -> str:
    """Return one section of the draft of a trial with some design."""
    return "\n".join(contentcase.section(contentcase.of({"protocolkit": 1, "arms": ARMS, "design": design}), number))


TWO = [{**ONE, "arms": ["A", "B"]}, {**ONE, "id": "R2", "arms": ["C", "D"]}]
DOMAIN = {"domains": [{"name": "early feeding", "arms": ["A", "B"]}]}


@pytest.mark.parametrize("number", ["6.7.1", "6.7.2"])
def test_each_of_several_randomisations_begins_with_what_it_assigns(number: str) -> None:
    """Its domain where it has one, else its arms, else its number; a single one needs none."""
    told = section(number, randomisations=TWO, master_protocol=DOMAIN).splitlines()
    assert [line.partition(":")[0] for line in told] == ["Early feeding", "Arm C and Arm D"]
    bare = section(number, randomisations=[ONE, {**ONE, "id": "R2"}]).splitlines()
    assert [line.partition(":")[0] for line in bare] == ["Randomisation 1", "Randomisation 2"]
    assert section(number, randomisations=[ONE]).startswith("The ")


def test_the_arms_of_a_randomisation_are_named() -> None:
    """They are what its units are assigned to."""
    assert "Participants are assigned to Arm C or Arm D." in section("6.7.1", randomisations=TWO)


UNITS = [
    ("ward", "Enrolment is done by the nurse.", "Those who enrol have"),
    ("participant", "Participants are enrolled by the nurse.", "Those who enrol participants have"),
    ("the pair of eyes", "Participants are enrolled by the nurse.", "Those who enrol participants have"),
]


@pytest.mark.parametrize(("unit", "words", "whose"), UNITS)
def test_who_is_enrolled_is_told_of_participants_alone(unit: str, words: str, whose: str) -> None:
    """Where wards are randomised, those who enrol may enrol wards or participants; others are no word to count by."""
    told = section("6.7.1", randomisations=[{**ONE, "unit": unit, "enrollers_have_access": False}])
    assert words in told
    assert f"{whose} no access to the allocation sequence." in told


OPEN = {"schema": "open_label", "open_label_reason": "a talk cannot be hidden"}
KEPT: list[tuple[dict[str, Any], str]] = [
    ({"roles": ["outcomes_assessor"]}, "The following are not made aware of the allocation: outcomes assessor."),
    ({"efficacy_raters": "Two nurses judge redacted records."}, "Raters of efficacy: Two nurses judge redacted"),
    (
        {"maintenance": "no results by arm are shown"},
        "Bias is limited as follows: no results by arm",
    ),
]


@pytest.mark.parametrize(("stated", "words"), KEPT)
def test_an_open_label_trial_says_from_whom_the_assignment_is_kept(stated: dict[str, Any], words: str) -> None:
    """It is open, and yet some do not know; nothing of it is left over for another section."""
    told = section("6.7.3", blinding={**OPEN, **stated})
    assert told.startswith("The trial is open-label. Reason for open label: a talk cannot be hidden.")
    assert words in told
    assert "Not applicable" not in told
    assert "Blinding," not in section("4.1", blinding={**OPEN, **stated})


def test_an_open_label_trial_without_more_has_nothing_to_keep() -> None:
    """The section does not apply, and the reason is printed."""
    told = section("6.7.3", blinding=OPEN)
    assert told == "Not applicable: the trial is open label.\nReason for open label: a talk cannot be hidden."
