"""The command line as a newcomer meets it: help, schemas, examples, new protocols, reports and where they go."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from commandline import QUICK, ROOT, environment, protocolkit
from jsonschema import Draft202012Validator

from protocolkit import api
from protocolkit.cli import protocolkit as group
from protocolkit.schema.bundled import names

PROBE = """
import runpy, sys
sys.argv = ["protocolkit", *{}]
sys.setprofile(lambda *_: None)  # a process that is watched goes on to its own end
try:
    runpy.run_module("protocolkit", run_name="__main__")
except SystemExit:
    pass
print(sorted(name for name in ("click", "docx", "jinja2", "yaml", "jsonschema") if name in sys.modules))
"""
REPORT = json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))


def test_help_is_what_the_commands_say() -> None:
    """The text of --help that is printed before any import is the text that the commands give."""
    shown = CliRunner().invoke(group, ["--help"], prog_name="protocolkit", terminal_width=80).output
    assert protocolkit("--help").out == shown
    for name in ("validate", "render", "new", "schema", "examples"):
        done = protocolkit(name, "--help")
        assert done.code == 0
        assert "Usage: protocolkit" in done.out


def test_help_imports_neither_click_nor_word() -> None:
    """Help is printed before anything heavy is imported; checking a file never loads Word or templates."""
    for arguments, loaded in ((["--help"], []), (["validate", "-q", str(QUICK)], ["click", "yaml"])):
        done = subprocess.run(
            [sys.executable, "-c", PROBE.format(arguments)],
            capture_output=True,
            text=True,
            check=True,
            env=environment(),
        )
        assert done.stdout.splitlines()[-1] == str(loaded)


def test_the_json_report_is_what_its_schema_says() -> None:
    """A report is valid against its schema, clean or not, and is the only thing on standard output."""
    for data in (
        QUICK.read_bytes(),
        b"protocolkit: 1\n",
        b"\xff",
        QUICK.read_bytes().replace(b"phase: Phase 1", b"phase: Phase I"),
    ):
        done = protocolkit("validate", "-", "--format", "json", stdin=data)
        report = json.loads(done.out)
        Draft202012Validator(REPORT).validate(report)
        assert report["exit_code"] == done.code == (0 if data == QUICK.read_bytes() else 1)
        assert report["files"][0]["path"] == "-"


def test_reports_go_where_they_are_sent(tmp_path: Path) -> None:
    """Several forms in one run, each to its own place; an existing file is replaced only by force."""
    target = tmp_path / "report.json"
    first = protocolkit("validate", QUICK, "--format", f"json:{target}", "--format", "text")
    assert first.code == 0
    assert "no findings" in first.out
    assert json.loads(target.read_text("utf-8"))["summary"]["errors"] == 0
    assert protocolkit("validate", QUICK, "--format", "json", "-o", target).code == 2
    assert protocolkit("validate", QUICK, "--format", "json", "-o", target, "--force").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_folder_is_searched_and_files_are_checked_in_processes(tmp_path: Path) -> None:
    """A folder gives its protocol files in order; two processes give the report that one gives."""
    for index in range(5):
        (tmp_path / f"{index}.protocol.yaml").write_bytes(QUICK.read_bytes())
    (tmp_path / "notes.yaml").write_text("a: 1", "utf-8")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "bad.protocol.json").write_text('{"protocolkit": 1}', "utf-8")
    one = protocolkit("validate", ".", "--format", "json", "--jobs", "1", cwd=tmp_path)
    two = protocolkit("validate", ".", "--format", "json", "--jobs", "2", cwd=tmp_path)
    assert one == two
    assert [row["path"] for row in json.loads(one.out)["files"]] == [
        *(f"{index}.protocol.yaml" for index in range(5)), "below/bad.protocol.json",
    ]  # fmt: skip


def test_a_file_is_checked_once_however_it_is_written(tmp_path: Path) -> None:
    """Under the name by which it is first given; one that a folder holds too, and a link is a file of its own."""
    file, link = tmp_path / "a.protocol.yaml", tmp_path / "b.protocol.yaml"
    file.write_bytes(QUICK.read_bytes())
    (tmp_path / "below").mkdir()
    for given in (("a.protocol.yaml", "./a.protocol.yaml", "below/../a.protocol.yaml", str(file), "."), (".", file)):
        done = protocolkit("validate", *given, "--format", "json", cwd=tmp_path)
        assert [row["path"] for row in json.loads(done.out)["files"]] == ["a.protocol.yaml"]
    link.symlink_to(file.name)
    done = protocolkit("validate", "-", link, file, "--format", "json", cwd=tmp_path, stdin=QUICK.read_bytes())
    assert [row["path"] for row in json.loads(done.out)["files"]] == ["-", str(link), str(file)]


def test_codes_can_be_selected_and_ignored_but_what_cannot_be_read_is_always_told(tmp_path: Path) -> None:
    """--select and --ignore take codes and families; an unreadable file fails whatever is ignored."""
    broken = tmp_path / "a.protocol.yaml"
    broken.write_bytes(QUICK.read_bytes().replace(b"dose: 20 mg,", b"dose: 20 mgs,").replace(b"phase: ", b"phase: x"))
    codes = {row["code"] for row in json.loads(protocolkit("validate", broken, "--format", "json").out)["findings"]}
    assert codes == {"FORM04", "DOSE02"}
    only = json.loads(protocolkit("validate", broken, "--format", "json", "--select", "FORM04").out)
    assert [row["code"] for row in only["findings"]] == ["FORM04"]
    assert "; 1 more of codes that were not asked for" in protocolkit("validate", broken, "--select", "FORM04").out
    assert protocolkit("validate", broken, "--ignore", "FORM04,DOSE").code == 0
    assert protocolkit("validate", broken, "--fail-on", "never").code == 0
    broken.write_bytes(b"\xff")
    assert protocolkit("validate", broken, "--ignore", "FILE", "--fail-on", "never").code == 1


def test_schema_is_printed_and_found(tmp_path: Path) -> None:
    """`schema` prints one self-contained document; --path says where an editor finds it."""
    shown = json.loads(protocolkit("schema").out)
    assert shown == api.schema()
    where = Path(protocolkit("schema", "--path", cwd=tmp_path).out.strip())
    assert json.loads(where.read_text("utf-8")) == shown
    assert json.loads(protocolkit("schema", "report").out) == REPORT


def test_every_schema_is_named_where_one_looks_for_it() -> None:
    """In the help of the command and in the documentation of the function."""
    told, shown = api.schema.__doc__ or "", protocolkit("schema", "--help").out
    assert [name for name in names() if f"`{name}`" not in told or name not in shown] == []


def test_the_text_form_is_safe_for_a_terminal(tmp_path: Path) -> None:
    """Nothing that a terminal would obey comes from the file, and colour only where it is asked for."""
    file = tmp_path / "a.protocol.yaml"
    file.write_bytes(b'protocolkit: 1\ntrial: {phase: "\\e[31mred\\u202e", "\\e]0;x\\a": 1}\n')
    done = protocolkit("validate", file)
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "\x1b[31;1m" in protocolkit("validate", file, "--color", "always").out


def test_rules_that_could_not_be_checked_are_told_in_a_line(tmp_path: Path) -> None:
    """Eight of them by their codes, and how many more; and the first place at fault, with the number of the others."""
    file = tmp_path / "a.protocol.yaml"
    file.write_bytes(b"protocolkit: 1\nprofiles: [drug]\ntrial: 3\noversight: 4\n")
    (line,) = [line for line in protocolkit("validate", file).out.splitlines() if "not checked, since" in line]
    report = json.loads(protocolkit("validate", file, "--format", "json").out)
    held = report["files"][0]["rules"]["not_checked"]
    told, _, codes = line.partition("since the shape is at fault at ")
    assert told == f"{file}: not checked, "
    assert codes.startswith("/")
    assert " more place" in codes.partition(": ")[0]
    assert codes.partition(": ")[2].count(",") == 7
    assert line.endswith(f" and {held - 8} more rules")


def test_a_closed_pipe_ends_without_a_traceback() -> None:
    """A reader that goes away is no crash."""
    command = f"{sys.executable} -m protocolkit schema | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=environment())
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("arguments", [["schema"], ["validate", "-q", str(QUICK)], ["--help"]], ids=" ".join)
def test_a_pipe_that_nobody_reads_is_told(arguments: list[str]) -> None:
    """The exit code is 2 and one line says why, not the 1 of findings without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "protocolkit", *arguments],
            stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=environment(), timeout=120,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert done.returncode == 2
    assert done.stderr == "protocolkit: standard output cannot be written: broken pipe\n"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupt_ends_with_130_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Ctrl-C while a protocol is read from standard input."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
    running = subprocess.Popen(
        [sys.executable, "-m", "protocolkit", "render", "-", "-o", str(tmp_path / "a.docx")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    signal.signal(signal.SIGINT, before)
    time.sleep(1.5)
    running.send_signal(signal.SIGINT)
    assert running.stdin is not None
    _, told = running.communicate(timeout=30)
    assert running.returncode == 130, told
    assert "Traceback" not in told
    assert not list(tmp_path.iterdir())
