"""The table of doses of a draft is computed from the regimen, and says why where it cannot be."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest


def told(*, product: dict[str, str] | None = None, **regimen: Any) -> str:
    """Return the draft of a trial with one medicine as text."""
    data = {"id": "D", "name": "Examplinib", "kind": "drug", "role": "experimental", "regimen": regimen}
    data |= {"product": product} if product else {}
    trial = {
        "protocolkit": 1,
        "interventions": [data],
        "population": {"cohorts": [{"id": "OLD", "name": "Older adults"}]},
    }
    return contentcase.text(contentcase.of(trial))


STEP = {"id": "S", "dose": "0.5 mg/kg", "when": "days", "days": ["0 d", "1 d"], "max_per_administration": "40 mg"}


def test_doses_are_computed_and_captioned_for_review() -> None:
    """A row for each reference weight; the caption says that nobody is to be dosed by it."""
    text = told(steps=[STEP])
    assert "| For | Administrations | Each | In a day, at most | In all | Last dose" in text
    assert "| 70 kg | 2 | 35 mg | 35 mg | 70 mg | Day 2" in text
    assert "| 100 kg | 2 | 40 mg | 40 mg | 80 mg | Day 2" in text
    assert "Computed for review from the regimen as stated. Not for administration." in text


def test_no_table_while_an_input_is_missing() -> None:
    """One step without a dose, and no row is printed for the others; the reason is."""
    text = told(steps=[STEP, {"id": "T", "when": "once", "from": "0 d"}])
    assert "Computed doses" not in text
    assert "No doses are computed for Examplinib: the dose is not stated." in text


AFTER = {"event": "seizure after the first dose"}
IN_VOLUME = {"quantity": "volume", "to": "0.1 mL", "method": "half_up"}


def test_one_administration_is_computed_where_an_event_decides_the_day() -> None:
    """The ward needs the amount and volume for each weight; days and totals do not follow, and the draft says why."""
    first = {"id": "FIRST", "dose": "40 mg/kg", "when": "once", "from": "0 d", "rounding": IN_VOLUME}
    second = {"id": "SECOND", "dose": "20 mg", "when": "once", "from": AFTER}
    text = told(steps=[first, second], product={"form": "SOLUTION", "final_concentration": "20 mg/mL"})
    assert "Computed amounts of one administration of Examplinib" in text
    assert "| Step | For | Each | Volume" in text
    assert "| FIRST | 70 kg | 2800 mg | 140 mL" in text
    assert "| SECOND | Everybody | 20 mg | 1 mL" in text
    assert "No days and totals: the time depends on seizure after the first dose." in text


@pytest.mark.parametrize("product", [{"form": "TABLET"}, {"strength": "100 mg/mL", "diluent": "saline"}])
def test_no_volume_is_told_of_what_is_no_solution_as_it_is_given(product: dict[str, str]) -> None:
    """The volume of a concentrate is not that of what is infused."""
    text = told(steps=[{"id": "S", "dose": "2 mg/kg", "when": "once", "from": AFTER}], product=product)
    assert "| Step | For | Each\n" in text
    assert "| S | 70 kg | 140 mg\n" in text


def test_a_placebo_that_mimics_another_follows_its_titration() -> None:
    """Its steps need no dose of their own, so that none is marked as missing."""
    text = told(steps=[{"id": "S", "when": "once", "from": "0 d"}], titration={"mimics": "D"})
    assert "| Follows the titration of Examplinib" in text
    assert "dose of one administration" not in text


def test_cycles_until_an_event_give_the_doses_of_one_cycle() -> None:
    """Nobody knows how many cycles there will be."""
    repeats = {"every": "21 d", "until": {"event": "progression"}}
    text = told(repeats=repeats, steps=[{"id": "S", "dose": "10 mg", "when": "days", "days": ["0 d", "7 d"]}])
    assert "| 2 | 10 mg | 10 mg | 20 mg | Day 8" in text
    assert "for one cycle. Not for administration." in text


def test_an_expected_dose_that_does_not_follow_is_told() -> None:
    """What the author expects is compared, never printed in place of the computed value."""
    steps = [{"id": "S", "dose": "10 mg", "when": "once", "from": "0 d", "cohorts": ["OLD"]}]
    assert "| Older adults | 1 | 10 mg | 10 mg | 10 mg | Day 1" in told(steps=steps)
    plain = [{"id": "S", "dose": "10 mg", "when": "once", "from": "0 d"}]
    text = told(steps=plain, derived=[{"cumulative": "12 mg", "capsules": 3, "dummy_capsules": 2}])
    assert "The file expects 12 mg (cumulative); 10 mg follows from the regimen." in text
    assert "Stated beside the computed doses: 3 capsules, 2 dummy capsules." in text


def test_a_titration_by_steps_of_different_sizes_names_its_doses() -> None:
    """They stand in the order in which they are gone through."""
    steps = [{"id": "S", "dose": "3 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "83 d"}]
    text = told(steps=steps, titration={"doses": ["3 mg", "6 mg", "12 mg", "20 mg"], "min_interval": "14 d"})
    assert "The dose is raised through 3 mg, 6 mg, 12 mg and 20 mg." in text


def test_doses_by_the_site_of_a_lesion_are_no_course() -> None:
    """The table of volumes says for which lesions each is; what the steps would add up to is nobody's total."""
    fractions = {"id": "FX", "dose": "18 Gy", "when": "days", "days": ["0 d", "2 d", "4 d"]}
    volume = {"name": "PTV_LUNG", "for": "lesions of the lung", "dose": "54 Gy", "fractions": 3}
    therapy = {
        "id": "RT", "name": "Radiotherapy", "kind": "radiation", "regimen": {"steps": [fractions]},
        "radiation": {"volumes": [volume], "between_fractions": "40 h"},
    }  # fmt: skip
    text = contentcase.text(contentcase.of({"protocolkit": 1, "interventions": [therapy]}))
    assert "| PTV_LUNG | Lesions of the lung | 54 Gy | 3" in text
    assert "From one fraction to the next, to one lesion, at least 40 hours pass." in text
    assert "No doses are computed for Radiotherapy: the site of a lesion decides dose and fractions" in text
    assert "| 3 | 18 Gy | 18 Gy | 54 Gy" not in text


def test_doses_after_which_people_are_watched_for_other_times_say_so() -> None:
    """Each dose of a step-up is watched for two days, those that follow for two hours."""
    first = {"id": "UP", "dose": "12 mg", "when": "once", "from": "0 d", "observation": "48 h"}
    rest = {"id": "FULL", "dose": "76 mg", "when": "days", "days": ["7 d", "14 d"]}
    data = {"id": "D", "name": "Examplimab", "kind": "biologic", "role": "experimental"}
    data |= {"regimen": {"steps": [first, rest]}, "discharge": {"observation": "2 h"}}
    text = contentcase.text(contentcase.of({"protocolkit": 1, "interventions": [data]}))
    assert "Observed for" in text
    assert "observed for 2 hours after the dose, unless the table of the regimen has another time." in text
    assert "| UP | 12 mg | Day 1, once | 48 hours" in text
