"""What bad input gets: a clear message with place and remedy, the contracted exit code, no traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commandline import protocolkit

if TYPE_CHECKING:
    from pathlib import Path

BAD: list[tuple[str, bytes, str, str]] = [
    ("latin-1", "protocolkit: 1\ntrial: {full_title: Étude}\n".encode("latin-1"), "FILE02", "not UTF-8"),
    ("utf-16", "protocolkit: 1\n".encode("utf-16"), "FILE02", "UTF-16"),
    ("empty", b"", "FILE03", "empty"),
    ("blank", b" \n\t\n", "FILE03", "empty"),
    ("comments", b"# nothing\n", "FILE03", "nothing but comments"),
    ("binary", bytes(range(256)) * 4, "FILE02", "binary"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\n", "FILE02", "PDF"),
    ("word", b"PK\x03\x04rest", "FILE02", "ZIP archive"),
    ("tabs", b"protocolkit: 1\ntrial:\n\tphase: Phase 2\n", "FILE05", "tab"),
    ("twice", b"protocolkit: 1\ntrial: {}\ntrial: {}\n", "FILE06", "second time"),
    ("deep", b"protocolkit: " + b"[" * 100_000, "FILE04", "100 levels"),
    ("bomb", b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(9)), "FILE04",
        "values"),
    ("large", b"# " + b"x" * (50 * 1024 * 1024), "FILE04", "10 MiB"),
    ("nan", b"protocolkit: 1\nx: .nan\n", "FILE09", "not a finite number"),
    ("control", b"protocolkit: 1\nx: a\x0bb\n", "FILE08", "U+000B"),
    ("separator", "protocolkit: 1\nx: a\u2028b\n".encode(), "FILE08", "U+2028"),
    ("version", b"protocolkit: 2\n", "FILE12", "format 1, not 2"),
    ("no version", b"trial: {}\n", "FILE12", "does not say"),
    ("text version", b"protocolkit: '1'\n", "FILE12", "not 1"),
    ("list", b"- protocolkit: 1\n", "FILE11", "no keys"),
    ("tag", b"protocolkit: 1\nx: !!python/object:os.system {}\n", "FILE07", "tags"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_an_unreadable_file_is_a_finding_and_never_a_pass(data: bytes, code: str, words: str, tmp_path: Path) -> None:
    """The finding has its code, its words, a place and a hint; the exit code is 1 and nothing crashes."""
    file = tmp_path / "bad.protocol.yaml"
    file.write_bytes(data)
    done = protocolkit("validate", "bad.protocol.yaml", "--format", "json", cwd=tmp_path)
    assert done.code == 1, done.err
    findings = [row for row in json.loads(done.out)["findings"] if row["code"] == code]
    assert findings, done.out
    assert words.lower() in findings[0]["message"].lower()
    assert findings[0]["hint"]
    assert findings[0]["line"] >= 1
    assert "Traceback" not in done.err


def test_json_refuses_what_the_json_module_takes_silently(tmp_path: Path) -> None:
    """NaN and a key that stands twice are findings with their places."""
    file = tmp_path / "bad.protocol.json"
    file.write_text('{"protocolkit": 1,\n "x": NaN,\n "y": 1, "y": 2}', "utf-8")
    found = json.loads(protocolkit("validate", file, "--format", "json").out)["findings"]
    assert [(row["code"], row["line"]) for row in found if row["code"].startswith("FILE")] == [
        ("FILE09", 2),
        ("FILE06", 3),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["validate", "nope.protocol.yaml"], 1, "there is no such file"),
        (["render", "nope.protocol.yaml"], 1, "there is no such file"),
        (["render", "."], 1, ".:1:1: error FILE01 this is a folder"),
        (["validate", ""], 1, "'':1:1: error FILE01 there is no such file"),
        (["render", ""], 1, "'':1:1: error FILE01 there is no such file"),
        (["audit", ""], 1, "'': could not be read"),
        (["import", ""], 1, "'':1:1: error FILE01"),
        (["sample-size", "--file", ""], 2, "'': there is no such file"),
        (["validate", "*.nothing"], 2, "no file matches"),
        (["validate", "."], 2, "no protocol file"),
        (["validate"], 2, "Missing argument"),
        (["validate", "a", "--format", "pdf"], 2, "no format 'pdf'"),
        (["validate", "a", "--format", "json", "--format", "text"], 2, "same place"),
        (["validate", "a", "--select", "DOSE99"], 2, "no code or family 'DOSE99'"),
        (["validate", "a", "--fail-on", "never", "--jobs", "0"], 2, "--jobs"),
        (["validate", "a", "--engine", "magic"], 2, "magic"),
        (["nothing"], 2, "No such command"),
        (["schema", "nothing"], 2, "no schema 'nothing'"),
        (["new", "x.protocol.yaml"], 2, "--blank"),
        (["new", "x.protocol.yaml", "--from", "nothing"], 2, "no example 'nothing'"),
        (["render", "-"], 2, "-o"),
        (["render", "a.protocol.yaml", "-o", "a.pdf"], 2, "suffix"),
    ],
)
def test_wrong_invocations_end_with_what_to_do(arguments: list[str], code: int, words: str, tmp_path: Path) -> None:
    """Wrong options end with 2, a file that does not exist with 1; both say what is wrong."""
    done = protocolkit(*arguments, cwd=tmp_path)
    assert done.code == code, done.err
    assert words in done.out + done.err
    assert "Traceback" not in done.err
