"""From a name to a document: files that cannot be opened, that are no text, and standard input."""

from __future__ import annotations

import io
import os
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sourcecase import start

from protocolkit.sources import parse, read, yaml_reader
from protocolkit.sources.faults import FAULTS

if TYPE_CHECKING:
    import pathlib


NOT_TEXT = [
    ("pdf", b"%PDF-1.7 ...", "FILE02", "PDF"),
    ("docx", b"PK\x03\x04....", "FILE02", "ZIP"),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "FILE02", "old Word"),
    ("rtf", b"{\\rtf1 x}", "FILE02", "rich text"),
    ("utf-16 with a mark", "a: 1\n".encode("utf-16"), "FILE02", "UTF-16"),
    ("utf-16 without a mark", "a: 1\n".encode("utf-16-le"), "FILE02", "UTF-16"),
    ("utf-32", "a: 1\n".encode("utf-32-be"), "FILE02", "UTF-32"),
    ("binary", b"a\0\1\2\3\4\5\6\7", "FILE02", "binary"),
    ("latin-1", "a: é\n".encode("latin-1"), "FILE02", "0xE9"),
    ("surrogate in utf-8", b"a: \xed\xa0\x80\n", "FILE02", "0xED"),
    ("nothing", b"", "FILE03", "empty"),
    ("only a byte order mark", b"\xef\xbb\xbf", "FILE03", "empty"),
    ("only white space", b" \n\r\n", "FILE03", "empty"),
    ("fifty megabytes", b"a" * (50 * 1024 * 1024), "FILE04", "10 MiB"),
]


@pytest.mark.parametrize(("data", "code", "words"), [row[1:] for row in NOT_TEXT], ids=[row[0] for row in NOT_TEXT])
@pytest.mark.parametrize("name", ["a.yaml", "a.json", "-"])
def test_what_is_no_protocol_text_is_named(data: bytes, code: str, words: str, name: str) -> None:
    """Whatever the suffix says, the content decides, and the finding says what the file is."""
    document = parse(data, name)
    (finding,) = document.findings
    assert (finding.code, document.data, document.readable) == (code, None, False)
    assert words in finding.message


def test_the_first_bad_byte_has_its_place() -> None:
    """Line and column count characters, not bytes."""
    (finding,) = parse("a: 1\nbé: ".encode() + b"\xe9\n", "a.yaml").findings
    assert start(finding) == (2, 5, 9)


@pytest.mark.parametrize(
    ("name", "words"),
    [("nothing.yaml", "no such file"), ("folder", "a folder"), ("a.yaml/b.yaml", "is a file, not a folder")],
)
def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: pathlib.Path, name: str, words: str) -> None:
    """Missing, a folder, below a file: FILE01 on that name."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.yaml").write_text("a: 1\n")
    document = read(tmp_path / name)
    (finding,) = document.findings
    assert (finding.code, document.name, document.data) == ("FILE01", str(tmp_path / name), None)
    assert words in finding.message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_a_finding(tmp_path: pathlib.Path) -> None:
    """No permission: FILE01."""
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")
    path.chmod(0)
    assert [finding.code for finding in read(path).findings] == ["FILE01"]


def test_a_denied_file_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """The words for a refusal do not depend on who runs the tests."""

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    (finding,) = read(tmp_path / "a.yaml").findings
    assert (finding.code, finding.message) == ("FILE01", "there is no permission to read this file")


def test_an_impossible_name_is_a_finding() -> None:
    """A name with a null character cannot be a file."""
    assert [finding.code for finding in read("a\0b").findings] == ["FILE01"]


@pytest.mark.parametrize(("data", "content"), [(b"a: 1\n", {"a": 1}), (b'{\t"a": 1}', {"a": 1}), (b"{a: 1}", None)])
def test_standard_input_is_read_by_its_first_character(data: bytes, content: Any) -> None:
    """A dash reads the given stream; brackets at the start mean JSON."""
    document = read("-", stdin=io.BytesIO(data))
    assert (document.name, document.data) == ("-", content)


def test_the_suffix_decides_where_it_is_known(tmp_path: pathlib.Path) -> None:
    """A flow mapping in a YAML file is YAML; a YAML text in a JSON file is a fault."""
    assert parse(b"{a: 1}", "a.yml").data == {"a": 1}
    assert parse(b"a: 1", "a.protocol.json").data is None
    path = tmp_path / "a.protocol.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\nb: 2\r\n")
    document = read(path)
    assert (document.data, document.readable, document.text[0]) == ({"a": "é", "b": 2}, True, "a")


PLAIN = [
    *[(word, True) for word in ("true", "True", "TRUE")],
    *[(word, False) for word in ("false", "False", "FALSE")],
    *[(word, None) for word in ("", "~", "null", "Null", "NULL")],
    *[
        (word, word)
        for word in ("NO", "yes", "On", "tRue", "08:30", "2026-01-05", "1_000", "0b1", "1:30", "+", ".", "-x")
    ],
    *[("010", 10), ("0o17", 15), ("0x1F", 31), ("+12", 12), ("-0", 0), ("6.10", 6.1), (".5", 0.5), ("5.", 5.0)],
    *[("1e3", 1000.0), ("-1.5E-2", -0.015), ("1e", "1e"), ("0o8", "0o8"), ("10 mg", "10 mg"), ("1.2.3", "1.2.3")],
]


@pytest.mark.parametrize(("written", "value"), PLAIN)
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(written: str, value: Any) -> None:
    """Words of YAML 1.1 stay text, `010` is ten; quoted, everything is text."""
    document = parse(f"a: {written}\nb: '{written}'\n".encode(), "a.yaml")
    assert (document.data, document.findings) == ({"a": value, "b": written}, ())
    assert type(document.data["a"]) is type(value)


def test_keys_are_always_text() -> None:
    """A number, a truth value or nothing as key is its own text."""
    assert parse(b"1: a\ntrue: b\nnull: c\n1.50: d\n? \n: e\n", "a.yaml").data == {
        "1": "a", "true": "b", "null": "c", "1.50": "d", "": "e",
    }  # fmt: skip


def test_the_parser_without_libyaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was built without libyaml, data, places and codes are the same."""
    import yaml  # noqa: PLC0415 - only this test needs the other parser

    text = "# c\na: &x [1, 'é', {b: 2.50}]\r\nc: *x\r\nd: |\r\n  text\r\n\r\ne:\r\n- 1\r\na: 3\r\n".encode()
    fast = parse(text, "a.yaml")
    monkeypatch.setattr(yaml_reader, "Parser", yaml.Loader)
    slow = parse(text, "a.yaml")
    assert (slow.data, slow.findings) == (fast.data, fast.findings)
    for path in [("a",), ("a", 1), ("a", 2, "b"), ("c",), ("d",), ("e",), ("e", 0), ()]:
        assert slow.positions.value(path) == fast.positions.value(path)
        assert slow.positions.key(path) == fast.positions.key(path)


def test_yaml_in_python_works_beside_ours() -> None:
    """Its patterns, which are not compiled when we import it, say the same when somebody asks them."""
    import yaml  # noqa: PLC0415 - as a plug-in would

    assert type(re.compile("a")) is re.Pattern
    assert yaml.safe_load("[2026-01-05, 0x1f, 1_000, on]") == [date(2026, 1, 5), 31, 1000, True]
    with pytest.raises(yaml.reader.ReaderError):
        yaml.safe_load("a: \x01")


def test_every_code_has_title_reason_and_remedy() -> None:
    """The table is complete and in order."""
    assert list(FAULTS) == [f"FILE{n:02}" for n in range(1, 13)]
    assert all(all(row) for row in FAULTS.values())
