"""The draft says who gets which dose, when and from which day on; and asks of each kind of trial what it can say."""

from __future__ import annotations

from typing import Any

import contentcase
import pytest

from protocolkit.render.blocks import Landscape, Table

COHORTS = [{"id": "OLD", "name": "Adults from 70 years"}, {"id": "YOUNG", "name": "Adults below 70 years"}]
ANCHORS = [
    {"id": "first_dose", "kind": "first_dose"},
    {"id": "switch", "kind": "event", "text": "the change of treatment"},
]
STEP = {"id": "S", "dose": "10 mg", "when": "course", "frequency": "QD", "from": "0 d", "to": "13 d"}
DRUG = {"id": "D", "name": "Examplinib", "kind": "drug", "role": "experimental", "imp_status": "IMP"}


def draft(*interventions: dict[str, Any], **more: Any) -> Any:
    """Return the draft of a trial with some interventions, all given in one arm."""
    given = [item["id"] for item in interventions]
    arms = [{"id": "A", "name": "All", "type": "experimental", "interventions": given}]
    trial = {"protocolkit": 1, "interventions": list(interventions), "arms": arms, "schedule": {"anchors": ANCHORS}}
    return contentcase.of({**trial, "population": {"cohorts": COHORTS}, **more})


def section(number: str, *interventions: dict[str, Any], **more: Any) -> str:
    """Return one section of such a draft as text."""
    return "\n".join(contentcase.section(draft(*interventions, **more), number))


def regimen(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a medicine with a regimen."""
    return {**DRUG, "regimen": {"steps": [{**STEP, **step} for step in steps], **more}}


WHOM: list[tuple[dict[str, Any], str]] = [
    ({"cohorts": ["OLD"]}, "Adults from 70 years"),
    ({"cohorts": ["OLD", "YOUNG"]}, "Adults from 70 years and Adults below 70 years"),
    ({"band": {"max": "20 kg", "max_inclusive": False}}, "Body weight below 20 kg"),
    ({"band": {"max": "20 kg"}}, "Body weight of at most 20 kg"),
    ({"band": {"min": "20 kg", "min_inclusive": False}}, "Body weight above 20 kg"),
    (
        {"band": {"min": "20 kg", "max": "40 kg", "max_inclusive": False}},
        "Body weight of at least 20 kg and below 40 kg",
    ),
    ({"band": {"min": "1.2 m2"}}, "Body surface of at least 1.2 m²"),
    (
        {"cohorts": ["OLD"], "band": {"max": "50 kg"}},
        "Adults from 70 years and body weight of at most 50 kg",
    ),
]


@pytest.mark.parametrize(("step", "words"), WHOM)
def test_each_step_says_for_whom_it_is(step: dict[str, Any], words: str) -> None:
    """In the table of the regimen and in that of the arms; an end that is not included is above or below."""
    medicine = regimen(step, {"id": "T", "dose": "20 mg"})
    assert f"| S | {words} | 10 mg" in section("6.3", medicine)
    assert "| T | \N{EN DASH} | 20 mg" in section("6.3", medicine)
    assert (
        f"| 10 mg ({words[:1].lower() if words.startswith('Body') else words[:1]}{words[1:]}) and 20 mg |"
        in section("6", medicine)
    )


@pytest.mark.parametrize(
    ("dose", "ends", "words"),
    [
        ("10 mg/m2", {"min": "0.40 m2", "max": "2.2 m2"}, "Body surfaces from 0.40 to 2.2 m²"),
        ("10 mg/kg", {"min": "45 kg"}, "Weights: at least 45 kg."),
    ],
)
def test_a_dose_says_within_which_sizes_it_is_meant(dose: str, ends: dict[str, str], words: str) -> None:
    """A range is one of body surfaces where the dose is by surface."""
    assert words in section("6.3", regimen({"dose": dose, "scaling": {"range": ends}}))


def test_whom_a_dose_is_for_stands_where_no_dose_can_be_computed() -> None:
    """Nobody knows the last day, and yet the reader sees who starts lower."""
    last = {"to": None, "until": {"event": "closure of the trial"}}
    told = section("6.3", regimen({"cohorts": ["OLD"], **last}, {"cohorts": ["YOUNG"], "dose": "20 mg", **last}))
    assert "No doses are computed" in told
    assert "| S | Adults from 70 years | 10 mg" in told
    assert "| S | Adults below 70 years | 20 mg" in told


def test_levels_are_named_beside_their_doses() -> None:
    """In the table of the arms; the table of the regimen names them with the step."""
    levels = {"dose_escalation": {"levels": [{"id": "L1", "dose": "10 mg"}]}}
    assert "| 10 mg (level L1) |" in section("6", regimen({"level": "L1"}), design=levels)


WHEN: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, "Once daily (QD), Days 1 to 14 |"),
    ({"until": {"event": "discharge"}}, {}, "Once daily (QD), Days 1 to 14, or until discharge |"),
    ({"frequency": "EVERY EVENING"}, {}, "Every evening, Days 1 to 14 |"),
    ({"frequency": "CONTINUOUS"}, {}, "Continuously, Days 1 to 14 |"),
    ({}, {"anchor": "first_dose"}, "Days 1 to 14 |"),
    ({}, {"anchor": "switch"}, "Days 1 to 14 (days counted from the change of treatment) |"),
]


@pytest.mark.parametrize(("step", "more", "words"), WHEN)
def test_each_step_says_when_it_is_given(step: dict[str, Any], more: dict[str, Any], words: str) -> None:
    """How often in plain words, from which day to which, what may end it, and what the days count from."""
    assert words in section("6", regimen(step, **more))


def test_times_are_told_apart_where_they_differ_by_cohort() -> None:
    """And stand once where all follow the same."""
    steps = ({"cohorts": ["OLD"]}, {"cohorts": ["YOUNG"], "frequency": "BID"})
    told = section("6", regimen(*steps))
    assert "Once daily (QD), Days 1 to 14 (Adults from 70 years)" in told
    assert "twice daily (BID), Days 1 to 14 (Adults below 70 years)" in told


def test_an_arm_without_an_intervention_has_a_row_with_what_it_gets() -> None:
    """Usual care is a row of the table; columns that no row fills are left out."""
    care = {"id": "U", "name": "Usual care", "type": "no_intervention", "description": "what the ward does anyhow"}
    arms = [{"id": "A", "name": "Talks", "type": "experimental", "interventions": ["T"]}, care]
    told = section("6", TALK, arms=arms)
    assert "| Arm Name | Arm Type | Intervention Name | Intervention Type | Use\n" in told
    assert "| Usual care | No Intervention Arm | What the ward does anyhow | \N{EN DASH} | \N{EN DASH}" in told
    assert "arm type" not in told


def test_an_epoch_in_words_stands_in_the_table_of_the_epochs() -> None:
    """In place of interventions that it has not."""
    parts = [{"epoch": "E", "interventions": ["D"]}, {"epoch": "F", "description": "observation"}]
    arms = [{"id": "A", "name": "All", "type": "experimental", "epochs": parts}]
    told = section("6", regimen({}), arms=arms, design={"epochs": [{"id": "E"}, {"id": "F"}]})
    assert "| All | E | Examplinib" in told
    assert "| All | F | Observation" in told


def test_a_column_is_as_wide_as_its_longest_word() -> None:
    """No word of a name is broken: the other columns give way."""
    long = {**regimen({}), "name": "Pseudoexemplarisone acetate"}
    made = [draft(item).blocks for item in (regimen({}), long)]
    short, wide = (
        next(part for block in blocks for part in getattr(block, "blocks", [block]) if is_arms(part)).widths
        for blocks in made
    )
    assert wide[2] > short[2]


def is_arms(block: Any) -> bool:
    """Say whether a block is the table of the arms."""
    return isinstance(block, Table) and block.bookmark == "tab:arms"


@pytest.mark.parametrize(("kind", "wide"), [("drug", True), ("behaviour", False)])
def test_the_table_of_the_arms_lies_on_a_landscape_page_where_it_needs_the_width(kind: str, wide: bool) -> None:
    """A table of five columns stands in the text."""
    drug = {**regimen({}), "route": "ORAL", "product": {"form": "TABLET", "strength": "10 mg"}}
    made = draft(drug if kind == "drug" else TALK)
    turned = [block for block in made.blocks if isinstance(block, Landscape) and any(map(is_arms, block.blocks))]
    assert (bool(turned), any(map(is_arms, made.blocks))) == (wide, not wide)


TALK = {"id": "T", "name": "Talks", "kind": "behaviour", "role": "experimental", "non_drug": {"why": "they help"}}
STIMULATOR = {"id": "V", "name": "Stimulator", "kind": "device", "role": "experimental", "device": {"model": "Two"}}
OF_MEDICINES = ("6.2", "6.4", "6.5", "6.6.1", "6.6.2", "6.6.3", "7.1.2", "7.1.3", "9.1.3", "9.4")


@pytest.mark.parametrize("number", OF_MEDICINES)
def test_what_is_asked_of_medicines_does_not_apply_to_a_trial_without_one(number: str) -> None:
    """The heading stays, with the reason; a trial with a medicine, or of an unknown kind, is asked as ever."""
    assert section(number, TALK) == "Not applicable: no medicine or device is given."
    for asked in (section(number, DRUG), section(number, DRUG, TALK), section(number, {"id": "X"})):
        assert "Not applicable" not in asked
        assert asked


DEVICE = [
    ("6.2", "[[why these settings and this regimen of the device were chosen]]"),
    ("6.5", "Not applicable: no medicine is given."),
    ("6.6.1", "[[who prepares the device, how, and where the instructions for use are]]"),
    ("6.6.2", "[[how the device is stored and handled]]"),
    ("6.6.3", "[[how the device is distributed, kept, logged, traced and returned]]"),
    ("7.1.3", "Not applicable: no medicine is given."),
    ("9.1.3", "Not applicable: no medicine is given; Section 9.1.3.1 defines the deficiencies of the device."),
    ("9.1.3.1", "[[what a device complaint is in this trial]]"),
    ("9.4", "[[situations to be reported that are no events: use errors, misuse and the like]]"),
]


@pytest.mark.parametrize(("number", "words"), DEVICE)
def test_a_trial_of_a_device_is_asked_in_the_words_of_devices(number: str, words: str) -> None:
    """Not about overdoses and rechallenge."""
    assert section(number, STIMULATOR) == words


def test_what_the_file_states_is_printed_for_any_kind() -> None:
    """A behaviour may well have a rationale of its regimen or a rule on temporary stops."""
    stated = {**TALK, "regimen": {"rationale": "weekly talks are usual"}}
    assert "Weekly talks are usual." in section("6.2", stated).replace("weekly", "Weekly")
    rule = {"treatment": {"temporary": "holidays are made up for", "rechallenge": "as often as wished"}}
    assert "holidays are made up for" in section("7.1.2", TALK, discontinuation=rule)
    assert "as often as wished" in section("7.1.3", TALK, discontinuation=rule)


def test_no_investigational_status_is_asked_of_what_is_no_medicine() -> None:
    """It belongs to medicinal products."""
    assert "IMP" not in section("6", TALK)
    assert "investigational status" in section("6", {**DRUG, "imp_status": None})


AUXILIARY = [
    ("rescue_medicine", "6.9.2"),
    ("background_treatment", "6.9.1"),
    ("challenge_agent", "6.9.3"),
]


@pytest.mark.parametrize(("role", "number"), AUXILIARY)
def test_an_auxiliary_medicine_is_described_with_its_product(role: str, number: str) -> None:
    """Under the heading of its role: form, strength, labelling."""
    product = {"form": "SOLUTION", "strength": "5 mg/mL"}
    aid = {"id": "R", "name": "Aid", "kind": "drug", "role": role, "imp_status": "auxiliary", "product": product}
    told = section(number, DRUG, {**aid, "labelling": "commercial label"})
    assert "It is supplied as solution. Strength: 5 mg/mL." in told
    assert "Labelling: commercial label." in told
    assert "Not applicable" not in told
    assert "@ Aid" not in section("6.1", DRUG, aid)
    assert "@ Examplinib" in section("6.1", DRUG, aid)


SUBSTANCES = [
    ("examplinib", "The substance is examplinib."),
    ("examplinib (as maleate)", "The substance is examplinib (as maleate)."),
    ("maleate", "The substance is examplinib, as maleate."),
]


@pytest.mark.parametrize(("basis", "words"), SUBSTANCES)
def test_the_substance_is_named_once(basis: str, words: str) -> None:
    """Where what the dose is stated as names it again."""
    assert words in section("6.1", {**DRUG, "substance": "examplinib", "basis": basis})


STORED = [
    ({"max": "25 Cel"}, "It is stored at 25 °C or below."),
    ({"min": "2 Cel"}, "It is stored at 2 °C or above."),
    ({"min": "2 Cel", "max": "8 Cel"}, "It is stored at 2 to 8 °C."),
]


@pytest.mark.parametrize(("conditions", "words"), STORED)
def test_storage_says_its_temperatures(conditions: dict[str, Any], words: str) -> None:
    """With one limit or two."""
    assert words in section("6.6.2", {**DRUG, "storage": {"conditions": conditions}})


LIMITS = [
    ({"trigger": "potassium", "threshold": ">= 6.0 mmol/L"}, "| Potassium: >= 6.0 mmol/L |"),
    ({"trigger": "potassium too high"}, "| Potassium too high / Potassium above 6.0 mmol/L. |"),
    ({"trigger": "a value of 16.0"}, "| A value of 16.0 / Potassium above 6.0 mmol/L. |"),
    ({"trigger": "a value of 6.0"}, "| A value of 6.0 / Potassium above 6.0 mmol/L. |"),
]


@pytest.mark.parametrize(("words", "shown"), LIMITS)
def test_a_limit_is_printed_once(words: dict[str, Any], shown: str) -> None:
    """Not a second time where the author's words tell what is measured and its number."""
    rule = {"event": "HYPER", "measure": "potassium", "above": "6.0 mmol/L", "action": "interrupt", **words}
    assert shown in section("6.4", {**DRUG, "modifications": [rule]})


def test_observation_after_a_dose_is_printed() -> None:
    """With the other conditions of leaving."""
    told = section("6.3", {**DRUG, "discharge": {"observation": "30 min"}})
    assert "Participants are observed for 30 minutes after the dose." in told


MEASURES = [
    ({"trigger": "ALT above 5 times the limit"}, "| HYPER | ALT above 5 times the limit | Interrupt"),
    ({"trigger": "5 times the limit"}, "| HYPER (ALT) | 5 times the limit | Interrupt"),
    ({"change": {"rise": "30 %"}}, "| HYPER (ALT) | Rise by more than 30 %. | Interrupt"),
    ({}, "| HYPER (ALT) | \N{EN DASH} | Interrupt"),
]


@pytest.mark.parametrize(("words", "shown"), MEASURES)
def test_a_measure_without_a_limit_stands_beside_its_event(words: dict[str, Any], shown: str) -> None:
    """It is neither lost nor left over for a list of its own."""
    item = {**DRUG, "modifications": [{"event": "HYPER", "measure": "ALT", "action": "interrupt", **words}]}
    assert shown in section("6.4", item)
    assert "Dose modifications" not in section("6.1", item)
