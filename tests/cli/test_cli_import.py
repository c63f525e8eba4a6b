"""`protocolkit import`: what is written where, what is said, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commandline import ROOT, protocolkit
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from pathlib import Path

CASES = ROOT / "tests" / "cases" / "exchange"
SMALL = (CASES / "small.ctgov.json").read_bytes()
FULL = (CASES / "full.ctgov.json").read_bytes()
STUDY = (CASES / "full.usdm.json").read_bytes()
OBSERVATIONAL = (CASES / "observational.ctgov.json").read_bytes()


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_record_becomes_a_file_beside_its_source(tmp_path: Path) -> None:
    """`import a.json` writes a.protocol.yaml, says what became of the values, and does not replace it unasked."""
    (tmp_path / "a.json").write_bytes(FULL)
    done = protocolkit("import", "a.json", cwd=tmp_path)
    assert done.code == 0
    assert done.out == ""
    assert "a.protocol.yaml: imported; 124 values mapped" in done.err
    assert _names(tmp_path) == ["a.json", "a.protocol.yaml"]
    again = protocolkit("import", "a.json", cwd=tmp_path)
    assert again.code == 2
    assert "exists" in again.err
    assert protocolkit("import", "a.json", "--force", "-q", cwd=tmp_path) == (0, "", "")
    checked = protocolkit("validate", "a.protocol.yaml", "--format", "json", cwd=tmp_path)
    assert checked.code == 1
    assert json.loads(checked.out)["files"][0]["readable"]
    assert protocolkit("render", "a.protocol.yaml", cwd=tmp_path).code == 0


def test_several_records_go_into_a_folder(tmp_path: Path) -> None:
    """Files are called by the number of the record, `-2` where two have one; the refused one makes the code 1."""
    page = {"studies": [json.loads(SMALL), json.loads(SMALL), json.loads(OBSERVATIONAL)]}
    (tmp_path / "page.json").write_text(json.dumps(page), "utf-8")
    (tmp_path / "b.json").write_bytes(FULL)
    without = protocolkit("import", "page.json", "b.json", cwd=tmp_path)
    assert without.code == 2
    assert "name the folder" in without.err
    done = protocolkit("import", "page.json", "b.json", "-o", "new/", cwd=tmp_path)
    assert done.code == 1
    assert _names(tmp_path / "new") == [
        "NCT99999901.protocol.yaml", "NCT99999902-2.protocol.yaml", "NCT99999902.protocol.yaml",
    ]  # fmt: skip
    assert "LOSS05 NCT99999903 not imported: an observational study" in done.err
    assert "3 of 4 records imported" in done.err
    assert protocolkit("import", "page.json", "b.json", "-o", "b.json", cwd=tmp_path).code == 2


def test_a_record_without_a_number_is_called_by_its_content(tmp_path: Path) -> None:
    """Without a registry number the sponsor's number names the file, and without that a hash; never a path."""
    data = json.loads(SMALL)
    module = data["protocolSection"]["identificationModule"]
    module["nctId"] = "../../etc/passwd"
    (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
    assert protocolkit("import", "a.json", "-o", "out/", cwd=tmp_path).code == 0
    (name,) = _names(tmp_path / "out")
    assert len(name) == 12 + len(".protocol.yaml")
    module["orgStudyIdInfo"] = {"id": "EX-7"}
    (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
    assert protocolkit("import", "a.json", "-o", "out2/", cwd=tmp_path).code == 0
    assert _names(tmp_path / "out2") == ["EX-7.protocol.yaml"]


def test_standard_input_goes_to_standard_output() -> None:
    """`-` reads a record and prints the file, and nothing else."""
    done = protocolkit("import", "-", stdin=SMALL)
    assert done.code == 0
    assert done.out.startswith("# Imported from ClinicalTrials.gov API v2: NCT99999902.\n")
    assert protocolkit("validate", "-", stdin=done.out.encode()).code == 1


def test_losses_are_a_report(tmp_path: Path) -> None:
    """--losses writes the report document; --strict ends with 1 where anything is lost, words kept are no loss."""
    (tmp_path / "a.json").write_bytes(FULL)
    done = protocolkit("import", "a.json", "--losses", "l.json", "--strict", cwd=tmp_path)
    assert done.code == 1
    report = json.loads((tmp_path / "l.json").read_text("utf-8"))
    Draft202012Validator(json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))).validate(report)
    assert report["command"] == "import"
    assert {row["code"] for row in report["findings"]} == {"LOSS01", "LOSS02"}
    assert all(row["related"] for row in report["findings"])
    (tmp_path / "s.json").write_bytes(SMALL)
    assert protocolkit("import", "s.json", "--strict", cwd=tmp_path).code == 0
    assert protocolkit("import", "a.json", "--losses", "l.json", "--force", cwd=tmp_path).code == 0
    assert protocolkit("import", "a.json", "-o", "b.yaml", "--losses", "l.json", cwd=tmp_path).code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("no.json",), 1, "cannot be opened"),
        ((".",), 1, "cannot be opened"),
        (("a.json", "--from", "usdm"), 1, "not known"),
        (("old.json",), 1, "only version 4"),
        (("study.json", "--from", "usdm"), 0, "imported"),
        (("a.json", "--from", "word"), 2, "no format"),
        (("a.json", "-o", "no/such/a.yaml", "--from", "ctgov"), 0, "imported"),
        (("other.json",), 1, "FHIR"),
        (("broken.json",), 1, "FILE05"),
    ],
)
def test_ends_as_contracted(arguments: tuple[str, ...], code: int, told: str, tmp_path: Path) -> None:
    """A source that cannot be read or is refused is 1, a wrong option 2; there is never a traceback."""
    (tmp_path / "a.json").write_bytes(SMALL)
    (tmp_path / "other.json").write_text('{"resourceType": "Bundle"}', "utf-8")
    (tmp_path / "old.json").write_text('{"usdmVersion": "3.6.0", "study": {"versions": [{}]}}', "utf-8")
    (tmp_path / "study.json").write_bytes(STUDY)
    (tmp_path / "broken.json").write_text('{"protocolSection": {', "utf-8")
    done = protocolkit("import", *arguments, cwd=tmp_path)
    assert done.code == code, done.err
    assert told in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_help_offers_what_there_is() -> None:
    """Help names the formats that work, and no other."""
    shown = protocolkit("import", "--help").out
    assert "ctgov or usdm" in shown
    assert "fhir" not in shown.lower()
