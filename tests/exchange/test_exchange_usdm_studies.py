"""The public studies of CDISC USDM v4: imported or refused with a reason, and no value unaccounted for."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from exchangecase import STUDIES, unaccounted, wrong

from protocolkit import api
from protocolkit.exchange.importing import load

if TYPE_CHECKING:
    from protocolkit.exchange.result import Imported

PILOT = "CDISC_Pilot_Study"
TRIALS = pytest.mark.parametrize("name", [PILOT, "devices"])


@cache
def _row(name: str) -> Imported:
    path = STUDIES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the public study is not at {path}")
    (row,) = load(path.read_bytes(), path.name)
    return row


def _content() -> Any:
    document = _row(PILOT).document
    assert document is not None
    return document.content


@TRIALS
def test_every_leaf_of_a_public_study_is_accounted_for(name: str) -> None:
    """Each leaf is taken to a place that the protocol has, set aside for a reason, or below a finding of a loss."""
    row = _row(name)
    assert unaccounted(row) == []
    assert not set(row.taken) & set(row.aside)
    assert row.count.lost < 40


@TRIALS
def test_a_public_study_has_missing_keys_and_no_other_fault(name: str) -> None:
    """What is written is valid, and can be checked and rendered at once."""
    row = _row(name)
    assert row.document is not None
    assert wrong(row.document) == []
    assert api.validate(row.document).findings
    assert api.render(row.document)[:2] == b"PK"


def test_the_observational_study_is_refused() -> None:
    """It assigns nobody to an intervention."""
    row = _row("observational")
    assert row.document is None
    assert [finding.code for finding in row.findings] == ["LOSS05"]
    assert row.findings[0].pointer == "/study/versions/0/studyDesigns/0/studyType"


def test_every_criterion_of_the_pilot_is_kept() -> None:
    """All 31 stand in the file under their own numbers, with their tags resolved."""
    found = _content()["population"]
    assert [row["id"] for row in found["inclusion"]] == [f"I0{number}" for number in range(1, 9)]
    assert len(found["exclusion"]) == 23
    assert found["inclusion"][0]["text"] == "Males and postmenopausal females at least 50 years of age."
    assert found["inclusion"][2]["text"] == "MMSE score of 10 to 23."
    assert not any("usdm:" in row["text"] or "<p>" in row["text"] for row in found["exclusion"])


def test_the_schedule_of_the_pilot_is_that_of_its_timelines() -> None:
    """Each instance is a visit with the offset, window and activities of the source."""
    source = _row(PILOT).source.data["study"]["versions"][0]["studyDesigns"][0]
    schedule = _content()["schedule"]
    main = source["scheduleTimelines"][0]
    visits = schedule["visits"]
    assert len(visits) == len(main["instances"]) + 1
    for visit, instance in zip(visits, main["instances"], strict=False):
        assert len(visit["activities"]) == len(instance["activityIds"])
    weeks = {visit["name"]: (visit["offset"], visit.get("window")) for visit in visits[:-1]}
    assert weeks["Screening 2"] == ("-2 d", {"before": "4 h", "after": "0 h"})
    assert weeks["Week 12"] == ("12 wk", {"before": "4 d", "after": "4 d"})
    assert weeks["Week 12 NPI"] == ("2 wk", None)
    assert visits[8]["anchor"] == "Week_12" or visits[9]["anchor"] == "Week_12"
    assert len(schedule["activities"]) == 36


def test_the_pilot_is_recognisably_the_trial_of_the_example() -> None:
    """Titles, arms, epochs and numbers are those of the same trial as it was written by hand."""
    found = _content()
    assert found["trial"]["acronym"] == "LZZT"
    assert [arm["name"] for arm in found["arms"]] == ["Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"]
    assert [epoch["type"] for epoch in found["design"]["epochs"]] == [
        "screening", "treatment", "treatment", "treatment", "follow_up",
    ]  # fmt: skip
    assert found["population"]["participants"] == {"enrolled": 300, "completed": 300}
    middle = found["arms"][2]["epochs"][2]["description"]
    assert "50 cm2, 54 mg + 25 cm2, 27 mg" in middle


def test_no_word_of_a_narrative_is_dropped() -> None:
    """The words of each text that is carried stand in the file."""
    row = _row(PILOT)
    shown = json.dumps(_content(), ensure_ascii=False)
    for title in ("Yellow Fever", "biohazardous waste", "DynaCirc", "Enas and Offen", "permutation"):
        known = title in json.dumps(row.source.data, ensure_ascii=False)
        assert (title in shown) == known
