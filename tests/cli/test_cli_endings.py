"""How a command ends when the machine, or protocolkit itself, fails: a message, a code, and no half-written file."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commandline import EXAMPLE, QUICK, ROOT, environment
from jsonschema import Draft202012Validator

from protocolkit.cli import run
from protocolkit.cli import validate as command
from protocolkit.findings import Severity
from protocolkit.report import checking
from protocolkit.rules import Found, Trial, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = json.loads((ROOT / "schemas" / "report.schema.json").read_text("utf-8"))
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from protocolkit.cli import run
sys.exit(run(sys.argv[1:]))
"""


def _limited(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that can write no more than 4 KiB to a file."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, arguments)],
        capture_output=True, text=True, check=False, env=environment(PYTHONDONTWRITEBYTECODE="1"), timeout=120,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a matter of POSIX")
@pytest.mark.parametrize("before", [None, b"what stood there"], ids=["new", "replaced"])
def test_a_disk_that_fills_up_leaves_what_was_there(before: bytes | None, tmp_path: Path) -> None:
    """A document that does not fit is no document: the old one stays, nothing is left beside it, the exit code is 2."""
    target = tmp_path / "draft.docx"
    if before is not None:
        target.write_bytes(before)
    done = _limited("render", EXAMPLE, "-o", target, "--force")
    assert done.returncode == 2
    assert "draft.docx cannot be written: file too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ([] if before is None else ["draft.docx"])
    assert before is None or target.read_bytes() == before


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "no space left on device"), (errno.EROFS, "read-only file system"), (errno.EDQUOT, "quota")],
)
def test_what_the_system_refuses_is_told_in_its_words(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full or read-only disk, found out only when the data is written, ends with 2 and leaves nothing behind."""

    def refused(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refused)
    assert run(["validate", str(EXAMPLE), "--format", f"json:{tmp_path / 'report.json'}"]) == 2
    assert words in capsys.readouterr().err.lower()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder in which not even root can write")
def test_a_folder_in_which_nothing_can_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the output and why; the exit code is 2."""
    assert run(["validate", str(EXAMPLE), "--format", "json:/sys/kernel/report.json"]) == 2
    told = capsys.readouterr().err
    assert "/sys/kernel/report.json cannot be written: " in told
    assert "there is no folder" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_standard_output_on_a_full_disk_is_told(tmp_path: Path) -> None:
    """Results that cannot be printed end with 2, not with the code of what was found."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "protocolkit", "validate", str(QUICK)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment(), cwd=tmp_path, timeout=120,
        )  # fmt: skip
    assert done.returncode == 2
    assert "no space left" in done.stderr.lower()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("asked", [["--format", "json"], ["--format=json"]])
def test_a_crash_still_prints_one_json_document(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that reads standard output gets a report that says that the command crashed, and the exit code is 3."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of our own")

    monkeypatch.setattr(command, "expanded", broken)
    assert run(["validate", str(EXAMPLE), *asked]) == 3
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    Draft202012Validator(REPORT).validate(report)
    assert (report["exit_code"], report["summary"]["crashed"]) == (3, 1)
    assert "a fault of our own" in printed.err
    assert "Traceback" not in printed.err


def test_a_crash_shows_its_traceback_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The traceback is for those who ask for it; standard output stays empty."""
    monkeypatch.setattr(command, "expanded", lambda *_: 1 / 0)
    assert run(["validate", str(EXAMPLE), "--debug"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" in printed.err


@pytest.mark.parametrize("asked", [["validate", "--debug"], ["--debug", "validate"]])
def test_a_crashed_rule_shows_its_traceback_when_asked(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever --debug stands; the report names the rule either way, and the exit code is 3."""

    def broken(_: Trial) -> Iterator[Found]:
        raise ZeroDivisionError("a fault of our own")

    crashing = rule("ACME01", Severity.ERROR, reads=("/trial",))(broken)
    monkeypatch.setattr(checking, "every_rule", lambda _: (crashing,))
    assert run([*asked, str(QUICK)]) == 3
    printed = capsys.readouterr()
    assert "the rule ACME01 crashed: ZeroDivisionError: a fault of our own" in printed.out
    assert "Traceback" in printed.err
    assert run(["validate", str(QUICK)]) == 3
    assert "Traceback" not in capsys.readouterr().err
    monkeypatch.setattr(checking, "_require_codes", lambda *_: None)
    assert run(["validate", str(QUICK), "--ignore", "RULE"]) == 3
    assert "RULE01" in capsys.readouterr().out
    assert run(["validate", str(QUICK), "--ignore", "ACME01"]) == 0


def test_what_breaks_off_is_a_crash_and_no_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A module or file that ends too early is a fault; only a person interrupts."""

    def broken(*_: object) -> None:
        raise EOFError("marshal data too short")

    monkeypatch.setattr(command, "expanded", broken)
    assert run(["validate", str(EXAMPLE)]) == 3
    assert "marshal data too short" in capsys.readouterr().err
