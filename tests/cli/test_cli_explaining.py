"""What can be looked up: codes with their reasons and examples, the rules of a profile, the rows of the library."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest
from commandline import ROOT

from protocolkit.cli import run
from protocolkit.library import facts
from protocolkit.report.checking import codes
from protocolkit.report.explaining import explained
from protocolkit.rules import RULES, SHAPE_RULES

if TYPE_CHECKING:
    from types import ModuleType

    Captured = pytest.CaptureFixture[str]


def _said(capsys: Captured, *arguments: str, code: int = 0) -> str:
    assert run(arguments) == code
    printed = capsys.readouterr()
    return printed.out if code == 0 else printed.err


def test_every_code_that_a_check_can_give_is_explained() -> None:
    """None is a dead end: each has a title, a reason, and who decides it."""
    for code in sorted(codes()):
        entry = explained(code)
        assert entry.title, code
        assert entry.why, code
        assert entry.decided_by in {"rule", "shape", "reader", "runner", "import"}, code


def test_a_rule_is_explained_with_clauses_and_both_examples(capsys: Captured) -> None:
    """In 80 columns: reason, who decides, clauses with how sure they are, what fails and what passes."""
    text = _said(capsys, "explain", "DOSE03")
    for head in ("Why", "Basis", "Fails", "Passes", "Decided by", "A waiver needs"):
        assert f"\n{head}\n" in text
    assert "SPIRIT 2025, 15a (read in a public source)" in text
    assert "the schema" in text.lower()
    assert max(map(len, text.partition("\nFails\n")[0].splitlines())) <= 80


def test_an_explanation_is_data_too(capsys: Captured) -> None:
    """Every key is always there; a fault of reading cannot be waived and says what to do."""
    entry = json.loads(_said(capsys, "explain", "FILE06", "--format", "json"))
    assert (entry["code"], entry["decided_by"], entry["waiver"]) == ("FILE06", "reader", "not possible")
    assert entry["hint"]
    rule = json.loads(_said(capsys, "explain", "AE05", "--format", "json"))
    assert rule.keys() == entry.keys()
    assert "name and role" in rule["waiver"]
    assert rule["sources"][0].keys() == {"standard", "clause", "url", "confidence"}


def test_a_code_may_stand_in_small_letters(capsys: Captured) -> None:
    """As it may be typed at a terminal; a rule and a fault alike."""
    for code in ("FU02", "FILE06"):
        assert _said(capsys, "explain", code.lower()) == _said(capsys, "explain", code)


@pytest.mark.parametrize(("code", "meant"), [("DOES03", "DOSE03"), ("does03", "DOSE03")])
def test_a_code_that_does_not_exist_gets_the_nearest(code: str, meant: str, capsys: Captured) -> None:
    """The exit code is 2, and the message names what was probably meant."""
    assert meant in _said(capsys, "explain", code, code=2)


def test_rules_are_listed_for_everyone_and_for_a_profile(capsys: Captured) -> None:
    """All rules in the order of their codes; with a profile those that apply, with what they weigh in it."""
    everything = json.loads(_said(capsys, "rules", "--format", "json"))
    named = [row["code"] for row in everything]
    assert named == sorted(rule.code for rule in (*RULES, *SHAPE_RULES))
    oncology = json.loads(_said(capsys, "rules", "--profile", "dose-escalation", "--format", "json"))
    assert {row["code"] for row in oncology} < set(named)
    assert not [row for row in oncology if row["tags"] == ["chronic-pain"]]
    weighed = {rule.code: rule for rule in RULES if "pilot" in rule.severity_by_tag}
    pilot = json.loads(_said(capsys, "rules", "--profile", "pilot", "--format", "json"))
    told = {row["code"]: row["severity"] for row in pilot if row["code"] in weighed}
    assert told == {code: weighed[code].severity_by_tag["pilot"].value for code in told}


def test_a_profile_that_does_not_exist_is_refused(capsys: Captured) -> None:
    """With the names of those that exist."""
    assert "chronic-pain" in _said(capsys, "rules", "--profile", "pain", code=2)


def test_the_library_shows_its_rows_with_source_and_confidence(capsys: Captured) -> None:
    """Kinds, the rows of a kind, one row by any of its names, and what it does not know."""
    listed = json.loads(_said(capsys, "library", "list", "--format", "json"))
    assert [row["kind"] for row in listed] == list(facts.kinds())
    assert all(row["rows"] and row["about"] for row in listed)
    assert "memantine" in _said(capsys, "library", "show", "substances")
    text = _said(capsys, "library", "show", "substances", "Memantine Hydrochloride")
    assert "confidence" in text
    assert "from: " in text
    assert "no kind 'drugs'" in _said(capsys, "library", "show", "drugs", code=2)
    assert "knows no 'aspirin'" in _said(capsys, "library", "show", "substances", "aspirin", code=2)


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_rules_page", ROOT / "tools" / "build_rules_page.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_page_is_what_the_rules_say() -> None:
    """Run `python tools/build_rules_page.py` after a change of a rule or its documentation."""
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == _tool().page()
