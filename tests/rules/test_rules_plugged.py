"""Rules of other packages: found by entry point, named when they fail, checked as ours are; and the configuration."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from commandline import EXAMPLE, QUICK, Done, environment, protocolkit
from jsonschema import Draft202012Validator

from protocolkit import api, config, testing
from protocolkit.cli import run
from protocolkit.errors import ConfigError
from protocolkit.findings import Severity
from protocolkit.library import facts
from protocolkit.report import checking
from protocolkit.rules import RULES, Found, Rule, Trial, rule
from protocolkit.rules.plugged import every_rule, folders
from protocolkit.testing import problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOUND = '''
    from pathlib import Path

    from protocolkit.findings import Severity
    from protocolkit.rules import Found, rule

    @rule("ACME01", Severity.ERROR, reads=("/trial/sponsor/name",))
    def sponsor(trial):
        """The sponsor is Acme.

        Why: a protocol of another sponsor is not ours to run.

        Basis:
            Acme SOP 12, 3.1 (H)

        Fails::

            trial: {sponsor: {name: Fictional University Hospital}}

        Passes::

            trial: {sponsor: {name: Acme}}
        """
        name = trial.at("/trial/sponsor/name")
        if name and name.text != "Acme":
            yield Found(name, f"the sponsor is {name.text}, not Acme", "name Acme")

    RULES = (sponsor,)
    FOLDERS = (Path(__file__).with_name("rows"),)
'''


def _installed(folder: Path, code: str) -> Path:
    """Lay a package out as an installer does: its module, and the metadata that names its entry points."""
    site = folder / "site"
    about = site / "acme_rules-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "acme_rules.py").write_text(dedent(code), "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n", "utf-8")
    rows = {"key": "acmentine", "names": ["acmentine"], "source": "Acme IB 7", "confidence": "H",
            "reviewed_on": "2026-01-05", "data": {}}  # fmt: skip
    (site / "rows").mkdir()
    (site / "rows" / "substances.json").write_text(json.dumps({"about": "Acme's own.", "rows": [rows]}), "utf-8")
    points = "[protocolkit.rules]\nours = acme_rules:RULES\n[protocolkit.library]\nours = acme_rules:FOLDERS\n"
    (about / "entry_points.txt").write_text(points, "utf-8")
    return site


def _run(site: Path, *arguments: str | Path) -> Done:
    found = environment(PYTHONPATH=os.pathsep.join([environment()["PYTHONPATH"], str(site)]))
    return protocolkit(*arguments, cwd=site.parent, env=found)


def _project(folder: Path, text: str) -> None:
    (folder / "protocolkit.toml").write_text(text, "utf-8")


def test_a_sponsors_rule_runs_beside_ours(tmp_path: Path) -> None:
    """It finds, is listed, explained, selected, ignored and weighed like any other; unnamed, it is not looked for."""
    site = _installed(tmp_path, SOUND)
    _project(tmp_path, 'plugins = ["acme-rules"]\n')
    done = _run(site, "validate", QUICK, "--format", "json", "--select", "ACME")
    found = json.loads(done.out)["findings"]
    assert [(row["code"], row["pointer"], row["basis"][0]["clause"]) for row in found] == [
        ("ACME01", "/trial/sponsor/name", "3.1")
    ]
    assert done.code == 1
    assert "ACME01  error    The sponsor is Acme." in _run(site, "rules").out
    assert "Acme SOP 12, 3.1" in _run(site, "explain", "ACME01").out
    _project(tmp_path, 'plugins = ["acme-rules"]\nseverity = {ACME01 = "warning"}\n')
    weighed = _run(site, "validate", QUICK)
    assert (weighed.code, "warning ACME01" in weighed.out) == (0, True)
    assert "ACME01" not in _run(site, "validate", QUICK, "--isolated").out


@pytest.fixture
def packages() -> Iterator[None]:
    """Forget what was looked up, before and after."""
    for _ in range(2):
        every_rule.cache_clear()
        folders.cache_clear()
        sys.modules.pop("acme_rules", None)
        if _ == 0:
            yield


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import nothing_of_that_name", "fails to import acme_rules:RULES: ModuleNotFoundError"),
        ("RULES = (", "fails to import acme_rules:RULES: SyntaxError"),
        ("x = 1", "fails to import acme_rules:RULES: AttributeError"),
        ("x = nothing", "fails to import acme_rules:RULES: NameError"),
        ("raise SystemError('out of order')", "fails to import acme_rules:RULES: SystemError: out of order"),
        ("RULES = [1]", "must name a tuple of rules"),
        (SOUND.replace("ACME01", "DOSE01"), "there is a rule DOSE01 already"),
        (SOUND.replace("ACME01", "FORM77"), "keeps for itself"),
        (SOUND.replace("ACME01", "acme-1"), "is no code"),
        (SOUND.replace("Why: ", ""), "ACME01: the docstring has no Why"),
    ],
)
def test_a_package_that_cannot_be_used_is_an_error_that_names_it(
    code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never a check without its rules: the exit code is 2, and nothing passes."""
    monkeypatch.syspath_prepend(_installed(tmp_path, code))
    monkeypatch.chdir(tmp_path)
    _project(tmp_path, 'plugins = ["acme-rules"]\n')
    assert run(["validate", str(EXAMPLE)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "acme-rules" in printed.err
    assert words in printed.err


@pytest.mark.usefixtures("packages")
def test_a_package_brings_rows_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tuple of folders under the entry point protocolkit.library; they are open while its rules run, not after."""
    monkeypatch.syspath_prepend(_installed(tmp_path, SOUND))
    found: list[object] = []

    def looking(*_: object) -> tuple[()]:
        found.append(facts.find("substances", "acmentine"))
        return ()

    monkeypatch.setattr(checking, "run", looking)
    api.validate(api.load(EXAMPLE), plugins=["acme-rules"])
    api.validate(api.load(EXAMPLE))
    assert [row is not None for row in found] == [True, False]
    assert facts.find("substances", "acmentine") is None


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize(("name", "words"), [("acme-ruels", "is not installed"), ("click", "offers no entry point")])
def test_a_package_that_is_not_installed_or_offers_nothing_is_an_error(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt name is not passed over."""
    monkeypatch.chdir(tmp_path)
    _project(tmp_path, f'plugins = ["{name}"]\n')
    assert run(["validate", str(EXAMPLE)]) == 2
    assert words in capsys.readouterr().err


def _broken(trial: Trial) -> object:
    """Have every fault that a rule can have.

    Why: to see them told.

    Basis:
        nothing, 1 (H)

    Fails::

        trial: {sponsor: {name: Acme}}

    Passes::

        trial: {sponsor: {name: Other}}
    """
    if trial.at("/trial/sponsor/name").value == "Other":
        yield Found(trial.at("/trial"), "the wrong one")
    if trial.at("/arms/0"):
        raise ZeroDivisionError


def test_a_package_of_rules_is_checked_as_ours_are() -> None:
    """A code that is taken, an unknown place or tag, examples that do not hold and a crash are told."""
    made = rule("DOSE01", Severity.ERROR, reads=("/trial/nothing",), tags=("pain",))(_broken)  # type: ignore[arg-type]
    told = "\n".join(problems([made], changes=0))
    for words in (
        "there is a rule DOSE01 already", "it reads /trial/nothing", "there is no tag pain",
        "its failing example is passed", "its passing example is found", "it crashes on ",
    ):  # fmt: skip
        assert words in told
    undocumented: Rule = rule("ACME02", Severity.ERROR, reads=("/trial",))(lambda _: iter(()))
    assert "ACME02: the docstring has no Why" in "\n".join(problems([undocumented], changes=0))


def test_a_protocol_with_few_values_is_changed_in_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many changes are asked for; whole, and once for each value."""
    (tmp_path / "a.protocol.yaml").write_text("protocolkit: 1\ntrial: {sponsor: {name: Acme}}\n", "utf-8")
    monkeypatch.setattr(testing, "folder", lambda _: tmp_path)
    seen: list[object] = []

    def silent(trial: Trial) -> Iterator[Found]:
        seen.append(trial.document.data)
        return iter(())

    assert list(testing.crashes([rule("ACME03", Severity.ERROR, reads=("/trial",))(silent)], 10**6)) == []
    assert len(seen) == 1 + len(["protocolkit", "trial", "sponsor", "name"])


def test_our_own_rules_pass_what_others_are_asked_for() -> None:
    """Apart from their codes, which are taken: by themselves."""
    assert [told for told in problems(RULES, changes=5) if not told.startswith("there is a rule ")] == []


def test_a_sponsors_rows_stand_before_ours(tmp_path: Path) -> None:
    """A folder named in the configuration adds rows and replaces those of the same key; ours stay otherwise."""
    (tmp_path / "rows").mkdir()
    row = {"key": "memantine", "names": ["memantine", "acmentine"], "source": "Acme IB 7", "confidence": "H",
           "reviewed_on": "2026-01-05", "data": {}}  # fmt: skip
    (tmp_path / "rows" / "substances.json").write_text(json.dumps({"about": "Acme's own.", "rows": [row]}), "utf-8")
    before = facts.rows("substances")
    with facts.opened([str(tmp_path / "rows")]):
        found = facts.find("substances", "Acmentine")
        assert found is not None
        assert found.source == "Acme IB 7"
        assert facts.find("substances", "memantine") == found
        assert len(facts.rows("substances")) == len(before)
    assert facts.rows("substances") == before


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("drugs.json", "{}", "no kind 'drugs'"),
        ("substances.json", "{", "is not JSON"),
        ("substances.json", '{"about": "x", "rows": [{"key": "a"}]}', "$.rows[0]"),
    ],
)
def test_rows_that_cannot_be_used_are_an_error(name: str, text: str, words: str, tmp_path: Path) -> None:
    """With the file, and the place in it."""
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised, facts.opened([str(tmp_path)]):
        pass
    assert words in str(raised.value)
    assert name in str(raised.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing = 1", "the key 'nothing' is unknown"),
        ("baseline = 'x'", "does not read the key baseline"),
        ("profiles = [1]", "profiles is a list of texts"),
        ("fail-on = 'fatal'", "fail-on is one of"),
        ("severity = {DOSE04 = 'off'}", "severity is a table"),
        ("= 1", "is not TOML"),
    ],
)
def test_a_configuration_that_says_nothing_sensible_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """By file, key and what would be right; a missing file too."""
    _project(tmp_path, text)
    with pytest.raises(ConfigError, match=r"protocolkit\.toml") as raised:
        config.load(str(tmp_path / "protocolkit.toml"))
    assert words in str(raised.value)
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(str(tmp_path / "none.toml"))


CONFIGURATIONS = (
    "", "profiles = 'pilot'", "profiles = ['pilot', 'drug']", "select = []", "ignore = ['DOSE']", "plugins = 'acme'",
    "library = ['rows']", "fail-on = 'never'", "severity = {DOSE04 = 'info'}", "severity = {}",
    "nothing = 1", "baseline = 'x'", "profiles = 1", "ignore = [1]", "plugins = {a = 1}", "library = [[]]",
    "fail-on = 'fatal'", "fail-on = 1", "severity = {DOSE04 = 'off'}", "severity = ['DOSE04']", "select = false",
)  # fmt: skip


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_the_schema_of_a_configuration_takes_what_is_read(text: str, tmp_path: Path) -> None:
    """An editor that knows the schema and the command agree on every form."""
    _project(tmp_path, text)
    fits = Draft202012Validator(api.schema("config")).is_valid(tomllib.loads(text))
    try:
        config.load(str(tmp_path / "protocolkit.toml"))
    except ConfigError:
        assert not fits
    else:
        assert fits
    assert set(api.schema("config")["properties"]) == {field.replace("_", "-") for field in config.Config._fields}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tool = 1", "tool is no table"),
        ("[tool]\nprotocolkit = 'ketamine'", "tool.protocolkit is no table"),
        ("[[tool.protocolkit]]\nprofiles = 'pilot'", "tool.protocolkit is no table"),
    ],
)
def test_a_shared_file_holds_the_configuration_in_a_table(text: str, words: str, tmp_path: Path) -> None:
    """Anything else in its place is refused by the path of the file and the table that is meant."""
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: .*\[tool\.protocolkit\]") as raised:
        config.load(str(tmp_path / "pyproject.toml"))
    assert words in str(raised.value)


def test_the_nearest_configuration_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the working folder up to the root of its repository; pyproject.toml where it has a table for protocolkit."""
    inner = tmp_path / "repository" / "protocols"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    _project(tmp_path, "fail-on = 'info'")
    assert config.load().fail_on == "info"
    (tmp_path / "repository" / ".git").mkdir()
    assert config.load() == config.Config()
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    assert config.load() == config.Config()
    (inner / "pyproject.toml").write_text("[tool.protocolkit]\nprofiles = 'pilot'\nlibrary = ['rows']\n", "utf-8")
    assert config.load() == config.Config(profiles=("pilot",), library=(str(inner / "rows"),))
    assert config.load(isolated=True) == config.Config()
    assert sys.modules["tomllib"]


def test_another_tools_file_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pyproject.toml that never says protocolkit holds no configuration, whatever else it holds."""
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nx = = 1\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert config.load() == config.Config()
    (tmp_path / "pyproject.toml").write_text("[tool.protocolkit]\nx = = 1\n", "utf-8")
    with pytest.raises(ConfigError, match="is not TOML"):
        config.load()


def test_the_library_command_shows_a_sponsors_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the configuration names their folder; `--isolated` shows ours alone."""
    (tmp_path / "rows").mkdir()
    row = {"key": "acmentine", "names": ["acmentine"], "source": "Acme IB 7", "confidence": "H",
           "reviewed_on": "2026-01-05", "data": {}}  # fmt: skip
    (tmp_path / "rows" / "substances.json").write_text(json.dumps({"about": "Acme's own.", "rows": [row]}), "utf-8")
    _project(tmp_path, 'library = "rows"\n')
    monkeypatch.chdir(tmp_path)
    assert run(["library", "show", "substances", "Acmentine"]) == 0
    assert "Acme IB 7" in capsys.readouterr().out
    assert run(["library", "show", "substances", "Acmentine", "--isolated"]) == 2
