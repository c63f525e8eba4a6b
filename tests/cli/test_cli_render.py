"""What `render` tells of the draft that it has written: the places marked as missing, and the findings that count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from commandline import EXAMPLE
from mutations import deleted, replaced

from protocolkit import api
from protocolkit.cli import run

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = api.load(EXAMPLE).data
LACKING = deleted(SOURCE, ("discontinuation", "retention", "planned_missing_primary"))
WAIVER = {"rule": "FU09", "reason": "the plan stands in the manual of operations"}
LISTED = "`protocolkit validate` lists them"


def _told(data: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Write the draft of a file and return what is told after its name."""
    file = folder / "a.protocol.json"
    file.write_text(json.dumps(data), "utf-8")
    assert run(["render", str(file), "-o", str(folder / "a.docx")]) == 0
    return capsys.readouterr().err.strip().partition("draft written; ")[2]


UNTITLED = deleted(SOURCE, ("trial", "full_title"))
LATE = {**WAIVER, "until": "2020-01-31"}  # a finding of its own


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (SOURCE, "no findings"),
        (LACKING, f"1 finding, 0 of them errors; {LISTED}"),
        (replaced(LACKING, ("waivers",), [WAIVER]), "no findings"),
        (replaced(LACKING, ("waivers",), [LATE]), f"2 findings, 0 of them errors; {LISTED}"),
        (replaced(LACKING, ("waivers",), [WAIVER, LATE]), f"1 finding, 0 of them errors; {LISTED}"),
        (
            UNTITLED,
            f"1 place marked as missing (its section is named on page 2); 1 finding, 1 of them errors; {LISTED}",
        ),
        (
            deleted(UNTITLED, ("trial", "version")),
            f"2 places marked as missing (their sections are named on page 2); 2 findings, 2 of them errors; {LISTED}",
        ),
    ],
    ids=["clean", "one_finding", "waived", "waived_until_then", "waived_of_two", "one_place", "two_places"],
)
def test_what_is_missing_and_what_is_found_is_counted(
    data: Any, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finding that a waiver accepts does not count, and a draft without gaps says nothing of places."""
    assert _told(data, tmp_path, capsys) == told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("ignore = ['FU']", "no findings"),
        ("select = ['DOSE']", "no findings"),
        ("severity = {FU09 = 'error'}", f"1 finding, 1 of them errors; {LISTED}"),
    ],
)
def test_findings_are_counted_as_validate_lists_them_here(
    settings: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The configuration that is found from the working folder decides what counts, and what it weighs."""
    (tmp_path / "protocolkit.toml").write_text(settings, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert _told(LACKING, tmp_path, capsys) == told


def test_a_configuration_that_is_wrong_stops_a_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stops a check, and before anything is written."""
    (tmp_path / "protocolkit.toml").write_text("ignore = ['NOTHING']", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["render", str(EXAMPLE), "-o", "a.docx"]) == 2
    assert not (tmp_path / "a.docx").exists()
