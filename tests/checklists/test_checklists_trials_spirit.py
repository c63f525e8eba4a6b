"""Other kinds of trials against the packs around SPIRIT: what applies to them, and what a stated none meets."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.checklists import audit, named
from protocolkit.document import Document
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.checklists import Audited

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ketamine-crps.protocol.yaml"
SCHOOL = {
    "id": "KETAMINE",
    "name": "Pain school",
    "kind": "behaviour",
    "role": "experimental",
    "non_drug": {
        "why": "what is understood frightens less",
        "procedures": "eight sessions of talks and exercise",
        "provider": "physiotherapist",
        "experience": "two years in a pain clinic",
        "mode": "face to face in groups of eight",
        "tailoring": "exercises are chosen with the participant",
        "fidelity": "two sessions of each group are watched",
    },
    "regimen": {
        "anchor": "first_dose",
        "steps": [{"id": "S", "when": "days", "days": ["0 d", "7 d"], "duration": "2 h"}],
    },
    "administered_by": "physiotherapist",
    "place": "gym of the clinic",
    "materials": "Manual 1.0 on the website of the trial",
    "adherence": {"strategies": "reminders by text message", "monitoring": "sessions attended"},
    "modifications": {"none_reason": "the number of sessions is the same for everybody"},
}


def _rows(change: Callable[[dict[str, Any]], None], name: str = "spirit-2025") -> dict[str, Audited]:
    data = copy.deepcopy(read(EXAMPLE).data)
    change(data)
    return {row.item.id: row for row in audit(Document("a.protocol.yaml", data), named([name]))[0].items}


def _statuses(rows: dict[str, Audited], *identifiers: str) -> set[str]:
    return {str(rows[identifier].status) for identifier in identifiers}


def _school(data: dict[str, Any]) -> None:
    data["interventions"] = [copy.deepcopy(SCHOOL)]
    data["arms"][1] = {"id": "MID", "name": "Usual care", "type": "no_intervention", "description": "care as before"}
    data["design"]["blinding"] = {"schema": "open_label", "open_label_reason": "sessions cannot be hidden"}


def _nones(data: dict[str, Any]) -> None:
    reason = {"none_reason": "small trial of low risk; the ethics committee agreed"}
    data["oversight"]["committees"] = {"dmc": reason, "steering": reason, "adjudication": reason}
    data["oversight"].update(data_sharing=reason, monitoring=reason, ancillary_care=reason)
    data["statistics"].update(interim=reason, subgroups=reason, other=reason)
    data["design"].update(stopping_rules=reason, patient_involvement={"planned": False, **reason})
    data["trial"]["funders_none_reason"] = "the hospital pays for the trial as for its care"
    del data["trial"]["funders"]


def test_a_behavioural_trial_can_meet_what_concerns_it() -> None:
    """Nothing that belongs to medicines is asked of it, and the rows on blinding do not apply."""
    rows = _rows(_school)
    assert _statuses(rows, "15a", "15b", "15c", "24a") == {"met"}
    assert _statuses(rows, "24b", "24c") == {"not_applicable"}
    tidier = _rows(_school, "tidier")
    assert {identifier for identifier, row in tidier.items() if row.status != "met"} == {"10", "12"}


@pytest.mark.parametrize("key", ["procedures", "mode"])
def test_a_behavioural_intervention_is_told_in_full(key: str) -> None:
    """Without its procedures or its mode nobody could repeat it."""

    def change(data: dict[str, Any]) -> None:
        _school(data)
        del data["interventions"][0]["non_drug"][key]

    assert _statuses(_rows(change), "15a") == {"partial"}


def test_a_stated_none_meets_what_asks_for_it() -> None:
    """A reason for no committee, funder, sharing, monitoring, interim look or involvement is an answer."""
    rows = _rows(_nones)
    assert _statuses(rows, "3c", "3d", "6", "7a", "11", "27d", "28a", "28b", "29", "34") == {"met"}


def test_a_parallel_trial_that_is_silent_on_randomisation_fails() -> None:
    """Groups that are compared came about somehow; silence is no reason for the rows not to apply."""
    rows = _rows(lambda data: data["design"].pop("randomisations"))
    assert _statuses(rows, "21a", "21b", "22", "23") == {"unmet"}


def test_a_trial_of_one_arm_needs_no_allocation() -> None:
    """Where nobody is allocated by chance, the rows on it do not apply, nor does the choice of a comparator."""

    def change(data: dict[str, Any]) -> None:
        data["design"].update(model="single_group", control={"type": "none"})
        del data["design"]["randomisations"]
        del data["arms"][1]

    assert _statuses(_rows(change), "9b", "21a", "21b", "22", "23") == {"not_applicable"}


@pytest.mark.parametrize(("words", "status"), [("none", "met"), ("None.", "met"), ("TBD", "partial"), ("", "partial")])
def test_no_conflict_is_an_answer(words: str, status: str) -> None:
    """`none` says that there is no conflict; filler says nothing."""

    def change(data: dict[str, Any]) -> None:
        data["trial"]["conflicts"][0]["financial"] = words

    assert _statuses(_rows(change), "7b") == {status}


def test_reported_outcomes_are_asked_about_only_where_there_are_any() -> None:
    """Without an outcome that participants report, no row of SPIRIT-PRO applies."""

    def change(data: dict[str, Any]) -> None:
        for outcome in data["outcomes"]:
            outcome["assessor"] = "trial nurse"

    rows = _rows(change, "spirit-pro-2018")
    assert _statuses(rows, *rows) == {"not_applicable"}


def test_a_plain_event_needs_no_instrument_and_a_scale_does() -> None:
    """A diary of events has no range; what has a range or anchors has an instrument with a version."""

    def event(data: dict[str, Any]) -> None:
        for key in ("instrument", "range", "anchors", "recall", "direction"):
            del data["outcomes"][0][key]

    def unnamed(data: dict[str, Any]) -> None:
        del data["outcomes"][0]["instrument"]

    assert _statuses(_rows(event), "25a") == {"met"}
    assert _statuses(_rows(unnamed), "25a") == {"partial"}


@pytest.mark.parametrize("intervention", [0, 1])
def test_the_instance_that_fails_is_named(intervention: int) -> None:
    """A row that is judged for each intervention says which one lacks something."""

    def change(data: dict[str, Any]) -> None:
        del data["interventions"][intervention]["route"]

    row = _rows(change)["15a"]
    assert [str(each.status) for each in row.instances] == ["partial" if at == intervention else "met" for at in (0, 1)]
