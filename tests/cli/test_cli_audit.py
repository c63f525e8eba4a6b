"""The audit as a command: its forms, its gate, what cannot be read, and what can be looked up."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from commandline import EXAMPLE, ROOT
from docxtools import invariants, text
from jsonschema import Draft202012Validator

from protocolkit.checklists import names
from protocolkit.cli import run
from protocolkit.rules import RULES
from protocolkit.rules.plugged import every_rule

if TYPE_CHECKING:
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]

SOP = """checklist: acme-sop
title: Acme SOP 12 <b>
version: '3'
source: https://acme.example/sop
items:
  - id: '1'
    topic: Sponsor
    text: The sponsor is named.
    section: '1.1.2, 5'
    critical: true
    needs: [{what: the name of the sponsor, present: /trial/sponsor/name}]
  - id: '2'
    topic: Lay title
    text: A title that people without training understand is given.
    needs: [{what: the lay title, present: /trial/short_title}, {what: the sponsor, present: /trial/sponsor/name}]
  - {id: '3', topic: Title, text: The title is judged., needs: [{what: the title, person: /trial/full_title}]}
  - id: '4'
    topic: Cluster
    text: The clusters are described.
    when: {has: /design/cluster}
    otherwise: no groups are randomised
    needs: [{what: the clusters, present: /design/cluster}]
"""
FILE = """protocolkit: 1
trial:
  protocol_id: P-1 & Co
  sponsor: {name: "Acme <script>alert(1)</script>"}
  full_title: "A trial of [x](y) | *z*"
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Return a protocol and a checklist of the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.protocol.yaml").write_text(FILE, "utf-8")
    (tmp_path / "sop.yaml").write_text(SOP, "utf-8")
    return "a.protocol.yaml", "sop.yaml"


def _audit(capsys: Captured, files: tuple[str, str], *more: str, code: int = 0) -> str:
    assert run(["audit", files[0], "--checklist", files[1], *more]) == code
    printed = capsys.readouterr()
    return printed.err if code == 2 else printed.out


def test_the_json_document_is_what_its_schema_says(files: tuple[str, str], capsys: Captured) -> None:
    """Statuses, evidence with line and column, what is missing and where; counts add up to the rows."""
    report = json.loads(_audit(capsys, files, "--format", "json"))
    schema = json.loads((ROOT / "schemas" / "audit.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(report)
    audit = report["audits"][0]
    assert audit["summary"] == {
        "met": 1, "partial": 1, "unmet": 0, "not_applicable": 1, "needs_person": 1, "rows": 4,
    }  # fmt: skip
    sponsor, lay, _, cluster = audit["items"]
    assert (sponsor["critical"], sponsor["section"], sponsor["page"]) == (True, "1.1.2, 5", None)
    assert {key: sponsor["evidence"][0][key] for key in ("pointer", "line", "column")} == {
        "pointer": "/trial/sponsor/name", "line": 4, "column": 19,
    }  # fmt: skip
    assert lay["missing"] == [{"pointer": "/trial/short_title", "what": "the lay title"}]
    assert cluster["reason"] == "no groups are randomised"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0), (["--fail-on", "partial"], 1), (["--fail-on", "never"], 0), (["--require", "2"], 1),
        (["--require", "acme-sop/1,acme-sop/4"], 0), (["--require", "acme-sop/3"], 1),
        (["--fail-on", "never", "--require", "2"], 1),
    ],
)  # fmt: skip
def test_the_gate(options: list[str], code: int, files: tuple[str, str], capsys: Captured) -> None:
    """A threshold over all items, and items that must be met; what does not apply is no failure."""
    assert run(["audit", files[0], "--checklist", files[1], *options]) == code
    assert ("this fails the gate" in capsys.readouterr().out) is bool(code)


def test_places_that_differ_in_the_entry_alone_stand_in_one_line(tmp_path: Path, capsys: Captured) -> None:
    """The names of all contributors are told together, with their number; a place of its own has its locator."""
    file = tmp_path / "a.protocol.yaml"
    people = "".join(f"\n    - {{name: P. {name}, role: nurse}}" for name in ("One", "Two", "One"))
    file.write_text(f"protocolkit: 1\ntrial:\n  sponsor: {{name: Acme}}\n  contributors:{people}\n", "utf-8")
    sop = tmp_path / "sop.yaml"
    asked = "[/trial/sponsor/name, /trial/contributors/*/name]"
    sop.write_text(
        "checklist: sop\ntitle: SOP\nversion: '1'\nitems:\n  - id: '1'\n    topic: People\n    text: They are named.\n"
        f"    needs: [{{what: names, present: {asked}}}]\n",
        "utf-8",
    )
    told = _audit(capsys, (str(file), str(sop)))
    assert '"Acme" (/trial/sponsor/name)' in told
    assert '"P. One", "P. Two" (3 at /trial/contributors/*/name)' in told


def test_a_waived_item_does_not_fail_the_gate(files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    """Until its day."""
    waivers = 'waivers: [{item: acme-sop/2, reason: Written later., until: "2026-06-30"}]\n'
    (tmp_path / "a.protocol.yaml").write_text(FILE + waivers, "utf-8")
    told = _audit(capsys, files, "--fail-on", "partial", "--today", "2026-06-30")
    assert "waived: Written later., until 2026-06-30" in told
    _audit(capsys, files, "--fail-on", "partial", "--today", "2026-07-01", code=1)


def test_what_cannot_be_read_never_passes(tmp_path: Path, files: tuple[str, str], capsys: Captured) -> None:
    """Beside files that can; it is named with the reason."""
    bad = tmp_path / "b.protocol.yaml"
    bad.write_bytes(b"\xff\xfe")
    for form in ("text", "json", "markdown", "html", "sarif", "junit"):
        assert run(["audit", files[0], bad.name, "--checklist", files[1], "--format", form]) == 1
        assert "b.protocol.yaml" in capsys.readouterr().out


def test_a_crashed_rule_is_never_a_pass(
    files: tuple[str, str], tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What rests on it is not judged, in words; the exit code is 3, whatever the gate asks for."""
    (tmp_path / "sop.yaml").write_text(
        SOP + "  - {id: '5', topic: Doses, text: Doses are whole., needs: [{what: whole doses, rule: STAT16}]}\n",
        "utf-8",
    )

    def broken(_: object) -> None:
        raise ZeroDivisionError

    crashing = tuple(rule._replace(check=broken) if rule.code == "STAT16" else rule for rule in RULES)
    monkeypatch.setattr("protocolkit.rules.plugged.RULES", crashing)
    every_rule.cache_clear()
    try:
        told = _audit(capsys, files, "--fail-on", "never", code=3)
        assert "the rule STAT16 crashed" in told
        assert json.loads(_audit(capsys, files, "--format", "json", code=3))["exit_code"] == 3
    finally:
        every_rule.cache_clear()


def test_waivers_and_reviews_at_fault_are_told(files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    """One that names no row of the checklist, and one that has expired."""
    waivers = (
        'waivers: [{item: acme-sop/99, reason: x}, {item: acme-sop/2, reason: x, until: "2026-06-30"}]\n'
        "reviews: [{item: acme-sop/77, decision: agrees}]\n"
    )
    (tmp_path / "a.protocol.yaml").write_text(FILE + waivers, "utf-8")
    told = _audit(capsys, files, "--today", "2026-07-01")
    for words in ("acme-sop/99 is no row", "acme-sop/77 is no row", "the waiver of acme-sop/2 expired on 2026-06-30"):
        assert words in told
    for form in ("json", "markdown", "html", "sarif"):
        assert "/99 is no row of this checklist" in _audit(capsys, files, "--format", form).replace("\\", "")


def test_the_configuration_of_a_project_counts(files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    """Its profiles are added to those of every protocol; an unknown one is refused."""
    row = "{id: '5', topic: T, text: t, when: {tag: pilot}, otherwise: no pilot, needs: [{what: x, present: /arms}]}"
    sop = f"{SOP}  - {row}\n"
    (tmp_path / "sop.yaml").write_text(sop, "utf-8")
    assert "no pilot" in _audit(capsys, files)
    (tmp_path / "protocolkit.toml").write_text('profiles = ["pilot"]\n', "utf-8")
    assert "no pilot" not in _audit(capsys, files, code=1)
    assert "no pilot" in _audit(capsys, files, "--isolated")
    (tmp_path / "protocolkit.toml").write_text('profiles = ["pliot"]\n', "utf-8")
    assert "there is no profile 'pliot'" in _audit(capsys, files, code=2)


def test_text_is_eighty_columns_without_colour_or_score(files: tuple[str, str], capsys: Captured) -> None:
    """Grouped by topic, the critical rows marked and named as our choice; counts, and no percentage."""
    told = _audit(capsys, files)
    assert max(map(len, told.splitlines())) <= 80
    assert "\x1b[" not in told
    assert "%" not in told
    assert re.search(r"^ \*1 +met", told, re.MULTILINE)
    assert "4 rows: 1 met, 1 partly met, 1 does not apply, 1 needs a person" in told
    assert "\x1b[" in _audit(capsys, files, "--color", "always")
    assert "Sponsor" not in _audit(capsys, files, "--quiet")


def test_hostile_words_stay_words(files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    """Markup of a protocol or checklist is printed, never obeyed: HTML, Markdown, XML."""
    page = _audit(capsys, files, "--format", "html")
    assert "<script>alert" not in page
    assert "Acme &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>" not in page
    assert "http" not in re.sub(r"https://acme\.example/sop", "", page).replace("http-equiv", "")
    table = _audit(capsys, files, "--format", "markdown")
    assert r"A trial of \[x\](y) \| \*z\*" in table
    ET.fromstring(_audit(capsys, files, "--format", "junit"))  # noqa: S314 - our own output
    assert run(["audit", *files[:1], "--checklist", files[1], "--format", f"docx:{tmp_path / 'a.docx'}"]) == 0
    data = (tmp_path / "a.docx").read_bytes()
    assert invariants(data) == []
    assert "Acme <script>alert(1)</script>" in text(data)


def test_sarif_and_junit_name_items_places_and_failures(files: tuple[str, str], capsys: Captured) -> None:
    """A result for each item that is not met, at its line; a case for each item, failures as the gate has them."""
    log = json.loads(_audit(capsys, files, "--format", "sarif"))
    results = {row["ruleId"]: row for row in log["runs"][0]["results"]}
    assert results.keys() == {"acme-sop/2", "acme-sop/3"}
    region = results["acme-sop/2"]["locations"][0]["physicalLocation"]["region"]
    assert (results["acme-sop/2"]["level"], region["startLine"]) == ("warning", 2)
    suite = ET.fromstring(_audit(capsys, files, "--format", "junit", "--fail-on", "partial", code=1))[0]  # noqa: S314
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped")} == {
        "tests": "4", "failures": "1", "skipped": "2",
    }  # fmt: skip


def test_sarif_names_a_file_by_a_uri(files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    """A path with spaces, a hash and letters beyond ASCII is encoded; the slashes stay."""
    (tmp_path / "below").mkdir()
    name = "below/my trial #1 \N{LATIN SMALL LETTER E WITH ACUTE}.protocol.yaml"
    (tmp_path / files[0]).rename(tmp_path / name)
    log = json.loads(_audit(capsys, (name, files[1]), "--format", "sarif"))
    places = {row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for row in log["runs"][0]["results"]}
    assert places == {"below/my%20trial%20%231%20%C3%A9.protocol.yaml"}


def test_several_files_give_a_matrix(files: tuple[str, str], capsys: Captured) -> None:
    """One line a file and checklist, in the order of the command line."""
    assert run(["audit", files[0], str(EXAMPLE), "--checklist", files[1], "--fail-on", "never"]) == 0
    told = capsys.readouterr().out
    assert len(re.findall(r"^  acme-sop +\d+", told, re.MULTILINE)) == 2


def test_the_same_input_gives_the_same_bytes(files: tuple[str, str], tmp_path: Path) -> None:
    """In every form."""
    for form in ("text", "json", "markdown", "html", "docx", "sarif", "junit"):
        for name in ("one", "two"):
            where = f"{form}:{tmp_path / name}"
            assert run(["audit", files[0], "--checklist", files[1], "--format", where, "--force"]) == 0
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes(), form


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--checklist", "spirit-2052"], "there is no checklist 'spirit-2052'"),
        (["--checklist", "nothing.yaml"], "nothing.yaml:1:1: there is no such file"),
        (["--require", "acme-sop/9", "--checklist", "SOP"], "there is no item 'acme-sop/9'"),
        (["--format", "pdf"], "there is no format 'pdf'"),
    ],
)
def test_a_wrong_invocation(arguments: list[str], words: str, files: tuple[str, str], capsys: Captured) -> None:
    """Ends with 2, a message, and nothing on standard output."""
    assert run(["audit", files[0], *(files[1] if word == "SOP" else word for word in arguments)]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("name", names())
def test_every_row_of_every_checklist_is_explained(name: str, capsys: Captured) -> None:
    """In words and as data, whatever it asks for."""
    assert run(["checklists", "show", name, "--format", "json"]) == 0
    for row in json.loads(capsys.readouterr().out)["items"]:
        assert run(["checklists", "show", name, row["id"]]) == 0
        told = capsys.readouterr().out
        assert all(re.sub(r"\W", "", need["what"]) in re.sub(r"\W", "", told) for need in row["needs"])
        assert run(["checklists", "show", name, row["id"], "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == row


def test_an_item_is_explained_with_what_meets_it(files: tuple[str, str], capsys: Captured) -> None:
    """What it asks for, where that stands in the file, and an example."""
    assert run(["checklists", "show", files[1], "2"]) == 0
    told = capsys.readouterr().out
    assert "- the lay title" in told
    assert "/trial/sponsor/name" in told
    assert "for example" in told
    assert run(["checklists", "show", files[1], "4", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["when"] == {"has": "/design/cluster"}
    assert run(["checklists", "show", files[1]]) == 0
    assert "The sponsor is named." in capsys.readouterr().out
    assert run(["checklists", "show", files[1], "9"]) == 2
