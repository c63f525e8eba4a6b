"""What a JSON text with faults gets; the standard reader takes several of these silently."""

from __future__ import annotations

from typing import Any

import pytest
from sourcecase import start

from protocolkit.sources import parse

SYNTAX = [
    ("comma before the end", '{"a": 1,}', 9, "before this bracket"),
    ("comma before the end of a list", '{"a": [1,]}', 10, "before this bracket"),
    ("two commas", '{"a": [1,,2]}', 10, "before this comma"),
    ("no colon", '{"a" 1}', 6, "colon is missing"),
    ("no comma", '{"a":1 "b":2}', 8, "comma or } is missing"),
    ("single quotes", "{'a': 1}", 2, "double quotation marks"),
    ("key without quotes", "{a: 1}", 2, "key is expected"),
    ("leading zero", '{"a": 01}', 7, "neither a number"),
    ("misspelt word", '{"a": tru}', 7, "neither a number"),
    ("comment", '{"a": 1 // c\n}', 9, "no comments"),
    ("line break in a text", '{"a": "x\ny"}', 9, "line break"),
    ("unknown escape", '{"a": "\\q"}', 8, "no escape that JSON knows"),
    ("bad unicode escape", '{"a": "\\uzzzz"}', 9, "no escape that JSON knows"),
    ("wrong bracket", '{"a": [1}', 9, "comma or ] is missing"),
    ("text never closed", '{"a": "x', 7, "never closed"),
    ("list never closed", '{"a": [1, 2', 7, "never closed"),
    ("breaks off", '{"a":', 5, "ends where a value"),
    ("something behind", '{"a": 1} x', 10, "after the end"),
]

RECOVERABLE = [
    ("duplicate key", '{"a": 1, "a": [2], "b": 3}', "FILE06", 10, {"a": 1, "b": 3}),
    ("not a number", '{"a": NaN}', "FILE09", 7, {"a": None}),
    ("infinite", '{"a": [-Infinity, 1]}', "FILE09", 8, {"a": [None, 1]}),
    ("too large", '{"a": 1e999}', "FILE09", 7, {"a": None}),
    ("too many digits", '{"a": ' + "9" * 4301 + "}", "FILE09", 7, {"a": None}),
    ("half a surrogate pair", '{"a": "\\ud800"}', "FILE08", 7, {"a": "\ud800"}),
    ("null character", '{"a": "\\u0000"}', "FILE08", 7, {"a": "\0"}),
    ("line separator", '{"a": "x\u2028"}', "FILE08", 9, {"a": "x\N{REPLACEMENT CHARACTER}"}),
]


@pytest.mark.parametrize(("text", "column", "words"), [row[1:] for row in SYNTAX], ids=[row[0] for row in SYNTAX])
def test_a_fault_of_syntax_is_told_in_plain_words_at_its_place(text: str, column: int, words: str) -> None:
    """One FILE05 with its column, the cause in words, and what to do; no data is offered."""
    document = parse(text.encode(), "a.json")
    (finding,) = document.findings
    assert (finding.code, start(finding)[1], document.data) == ("FILE05", column, None)
    assert words in finding.message
    assert finding.hint


@pytest.mark.parametrize(
    ("text", "code", "column", "data"), [row[1:] for row in RECOVERABLE], ids=[row[0] for row in RECOVERABLE]
)
def test_reading_goes_on_after_a_fault_that_leaves_the_rest_clear(text: str, code: str, column: int, data: Any) -> None:
    """What the standard reader would take silently is an error at its place."""
    document = parse(text.encode(), "a.json")
    (finding,) = document.findings
    assert (finding.code, start(finding)[1], document.data) == (code, column, data)


@pytest.mark.parametrize(
    ("text", "code"),
    [("[" * 100_000, "FILE04"), ('{"a":' * 100_000, "FILE04"), ("[]", "FILE11"), ('"x"', "FILE11"), ("null", "FILE03")],
    ids=["brackets", "curly brackets", "list", "text", "null"],
)
def test_a_text_that_holds_no_protocol_gives_one_finding_and_no_data(text: str, code: str) -> None:
    """Too deep or no mapping: never a crash, never data."""
    document = parse(text.encode(), "a.json")
    assert ([finding.code for finding in document.findings], document.data) == ([code], None)


def test_a_hundred_levels_are_allowed() -> None:
    """The cap lets pass what it names, and no more."""
    assert parse(('{"a":' + "[" * 99 + "]" * 99 + "}").encode(), "a.json").readable
    assert not parse(('{"a":' + "[" * 100 + "]" * 100 + "}").encode(), "a.json").readable


def test_json_indented_with_tabs_is_read_without_a_suffix() -> None:
    """Tabs are no indentation in YAML, so a text that begins with a bracket is read as JSON first."""
    assert parse(b'\n{\n\t"a": 1\n}', "-").data == {"a": 1}


def test_a_pair_of_surrogate_escapes_is_one_character() -> None:
    """JSON writes characters beyond the basic plane as two escapes."""
    assert parse(b'{"a": "\\ud83d\\ude00"}', "a.json").data == {"a": "\N{GRINNING FACE}"}
