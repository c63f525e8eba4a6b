"""What a YAML text with faults gets: a code, a place, plain words, and as much of the data as can be trusted."""

from __future__ import annotations

from typing import Any

import pytest
from sourcecase import start

from protocolkit.sources import parse

SYNTAX = [
    ("tab", "a:\n\tb: 1\n", (2, 1), "tab"),
    ("no space after the colon", "a:b\nc: 1\n", (1, 2), "space is missing after this colon"),
    ("no space, nested", "trial:\n  name:x\n  date: 2\n", (2, 7), "space is missing after this colon"),
    ("single quote never closed", "a: 1\nb: 'x\n", (2, 4), "quotation mark opened here"),
    ("double quote never closed", 'b: "x\n', (1, 4), "quotation mark opened here"),
    ("square bracket never closed", "a: [1, 2\nb: 1\n", (1, 4), "bracket [ is never closed"),
    ("curly bracket never closed", "a: {b: 1\n", (1, 4), "bracket { is never closed"),
    ("unit with a bracket in a mapping", "a: {b: 90 mm[Hg] twice, c: 1}\n", (1, 13), "unquoted text between brackets"),
    ("unit with a brace in a list", "a: [200 ug/{dose}, 250 ug/{dose}]\n", (1, 12), "unquoted text between brackets"),
    ("count with a brace in a mapping", "a: {b: 1 {tablet}, c: 1}\n", (1, 10), "unquoted text between brackets"),
    ("comma missing between mappings", "a: [{b: 1} {c: 2}]\n", (1, 4), "a comma is missing"),
    ("bracket never opened", "a: ]\n", (1, 4), "never opened"),
    ("colon in unquoted text", "a: first: second\n", (1, 9), "unquoted text holds a colon"),
    ("too deep", "a: 1\n   b: 2\n", (2, 5), "indented below one that has a value"),
    ("not deep enough", "a:\n  b: 1\n c: 2\n", (3, 2), "wrong indentation"),
    ("text after a quotation", "a: 'b' c\n", (1, 8), "after a closed quotation mark"),
    ("reserved character", "a: @x\n", (1, 4), "cannot begin with this character"),
    ("key among items", "- 1\na: 2\n", (2, 1), "among the items of a list"),
    ("item on the key's line", "a: - b\n", (1, 4), "item of a list cannot begin"),
    ("line without a colon", "a: 1\nb\nc: 2\n", (2, 1), "line without `key:`"),
    ("unknown escape", 'a: "\\q"\n', (1, 5), "no escape that YAML knows"),
    ("surrogate escape", 'a: "\\ud800"\n', (1, 7), "escape cannot be read"),
    ("text on the line of a block scalar", "a: |x\n", (1, 5), "follow | or >"),
    ("version of YAML", "%YAML 3.0\n---\na: 1\n", (1, 1), "incompatible"),
]

RECOVERABLE = [
    ("duplicate key keeps the first", "a: 1\na: 2\nb: 3\n", "FILE06", (2, 1), {"a": 1, "b": 3}),
    ("duplicate key in a flow mapping", "b: {c: 1, 'c': [2]}\n", "FILE06", (1, 11), {"b": {"c": 1}}),
    ("tag", "a: !!str 12\n", "FILE07", (1, 4), {"a": "12"}),
    ("tag on a mapping", "a: !x {b: 1}\n", "FILE07", (1, 4), {"a": {"b": 1}}),
    ("merge key", "a: &x {b: 1}\nc: {<<: *x}\n", "FILE07", (2, 5), {"a": {"b": 1}, "c": {}}),
    ("mapping as key", "{a: 1}: 2\nb: 3\n", "FILE07", (1, 1), {"b": 3}),
    ("list as key, with a list as value", "? [a]\n: [1, 2]\nb: 3\n", "FILE07", (1, 3), {"b": 3}),
    ("alias as key", "a: &x b\n*x : 3\nc: 1\n", "FILE07", (2, 1), {"a": "b", "c": 1}),
    ("second document", "a: 1\n---\nb: 2\n", "FILE07", (2, 1), {"a": 1}),
    ("third document is told once", "a: 1\n---\nb: 2\n---\nc: 2\n", "FILE07", (2, 1), {"a": 1}),
    ("control character", "a: x\x01y\n", "FILE08", (1, 5), {"a": "x\N{REPLACEMENT CHARACTER}y"}),
    ("next line", "a: x\x85y\n", "FILE08", (1, 5), {"a": "x\N{REPLACEMENT CHARACTER}y"}),
    ("line separator", "a: x\u2028y\n", "FILE08", (1, 5), {"a": "x\N{REPLACEMENT CHARACTER}y"}),
    ("paragraph separator", "a: x\u2029y\n", "FILE08", (1, 5), {"a": "x\N{REPLACEMENT CHARACTER}y"}),
    ("no character", "a: x\uffffy\n", "FILE08", (1, 5), {"a": "x\N{REPLACEMENT CHARACTER}y"}),
    ("control character by escape", 'a: "\\x01"\n', "FILE08", (1, 4), {"a": "\x01"}),
    ("control character by escape in a key", '"\\x01": 1\n', "FILE08", (1, 1), {"\x01": 1}),
    ("infinite", "a: -.inf\n", "FILE09", (1, 4), {"a": None}),
    ("not a number", "a: .NaN\n", "FILE09", (1, 4), {"a": None}),
    ("too large", "a: 1e999\n", "FILE09", (1, 4), {"a": None}),
    ("too small", "a: 1e-999\n", "FILE09", (1, 4), {"a": None}),
    ("too many digits", f"a: {'9' * 4301}\n", "FILE09", (1, 4), {"a": None}),
    ("alias within what it names", "a: &x [1, *x]\n", "FILE10", (1, 11), {"a": [1, None]}),
    ("alias of nothing", "a: *x\n", "FILE05", (1, 4), {"a": None}),
]

FATAL = [
    ("only comments", "# nothing\n", "FILE03"),
    ("null", "null\n", "FILE03"),
    ("list at the top", "- 1\n", "FILE11"),
    ("text at the top", "protocolkit:1\n", "FILE11"),
    ("brackets", "[" * 100_000, "FILE04"),
    ("brackets in a key", "a: " + "[" * 100_000, "FILE04"),
    ("dashes", "- " * 100_000, "FILE04"),
    ("curly brackets", "{a: " * 100_000, "FILE04"),
    ("101 levels", "a: " + "[" * 100 + "]" * 100, "FILE04"),
]


@pytest.mark.parametrize(("text", "place", "words"), [row[1:] for row in SYNTAX], ids=[row[0] for row in SYNTAX])
def test_a_fault_of_syntax_is_told_in_plain_words_at_its_place(text: str, place: tuple[int, int], words: str) -> None:
    """One FILE05 with line and column, the cause in words, and what to do; no data is offered."""
    document = parse(text.encode(), "a.yaml")
    (finding,) = document.findings
    assert (finding.code, start(finding)[:2], document.data) == ("FILE05", place, None)
    assert words in finding.message
    assert finding.hint


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "code", "place", "data"), [row[1:] for row in RECOVERABLE], ids=[row[0] for row in RECOVERABLE]
)
def test_reading_goes_on_after_a_fault_that_leaves_the_rest_clear(
    text: str, code: str, place: tuple[int, int], data: Any, line_end: str
) -> None:
    """The fault is one error at its place, the document is not readable, and the rest of the data is there."""
    document = parse(text.replace("\n", line_end).encode(), "a.yaml")
    (finding,) = document.findings
    assert (finding.code, start(finding)[:2], document.data) == (code, place, data)
    assert not document.readable


@pytest.mark.parametrize(("text", "code"), [row[1:] for row in FATAL], ids=[row[0] for row in FATAL])
def test_a_text_that_holds_no_protocol_gives_one_finding_and_no_data(text: str, code: str) -> None:
    """Empty, no mapping, too deep: never a crash, never data."""
    document = parse(text.encode(), "a.yaml")
    assert ([finding.code for finding in document.findings], document.data) == ([code], None)


def test_several_faults_come_in_order_of_position() -> None:
    """All faults of a file are told in one run."""
    text = "a: 1\na: 2\nb: .inf\nc: !x y\nd: \u2028\na: 3\n"
    document = parse(text.encode(), "a.yaml")
    assert [finding.code for finding in document.findings] == ["FILE06", "FILE09", "FILE07", "FILE08", "FILE06"]


def test_faults_before_a_fault_of_syntax_are_kept() -> None:
    """A duplicate key is not forgotten when the text breaks off later."""
    document = parse(b"a: 1\na: 2\nb: [\n", "a.yaml")
    assert [finding.code for finding in document.findings] == ["FILE06", "FILE05"]


def test_an_anchor_bomb_is_stopped_by_counting_what_aliases_repeat() -> None:
    """Nine lines that would grow to a thousand million values are one finding."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (finding,) = parse("\n".join(lines).encode(), "a.yaml").findings
    assert finding.code == "FILE04"
    assert "1,000,000" in finding.message


def test_levels_hidden_in_aliases_count() -> None:
    """An alias adds the levels of what it names."""
    text = "a: &a " + "[" * 60 + "]" * 60 + "\nb: " + "[" * 60 + "*a" + "]" * 60 + "\n"
    (finding,) = parse(text.encode(), "a.yaml").findings
    assert finding.code == "FILE04"


def test_a_hundred_levels_are_allowed() -> None:
    """The cap lets pass what it names."""
    assert parse(("a: " + "[" * 99 + "]" * 99).encode(), "a.yaml").readable


def test_a_duplicate_key_says_where_the_first_stands() -> None:
    """The pointer names the mapping, the message the first line."""
    (finding,) = parse(b"t:\n  - k: 1\n    x: 0\n    k: 2\n", "a.yaml").findings
    assert (finding.pointer, start(finding)[0]) == ("/t/0", 4)
    assert "first on line 2" in finding.message


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_of_faults_gives_a_list_that_can_be_read(name: str) -> None:
    """A hundred thousand duplicate keys are told by the first of them and their number."""
    text = "{" + ", ".join(['"a": 1'] * 100_000) + "}"
    findings = parse(text.encode(), name).findings
    assert len(findings) == 501
    assert "99499 more" in findings[-1].message


def test_many_refused_characters_are_summed_up() -> None:
    """A pasted binary stretch gives a short list, not thousands of findings."""
    findings = parse(("a: " + "\x01" * 5000 + "\n").encode(), "a.yaml").findings
    assert len(findings) == 21
    assert "4980 more" in findings[-1].message
