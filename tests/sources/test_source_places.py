"""Where values and keys stand: exact spans in code points, for YAML and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from protocolkit.document import pointer
from protocolkit.findings import Target
from protocolkit.sources import parse

if TYPE_CHECKING:
    from protocolkit.document import Document, Path
    from protocolkit.findings import Span

TEXT = """# a comment
trial:
  title: "A 😀 title"   # comment
  version: 6.10
  é: &name 'it''s'
list:
- one

- two words
# behind the list

flow: {a: [1, 2], b: *name}
block: |
  first
  second

empty:
anchored: &m
  x: 1
again: *m
last: 1
"""

SPANS = [
    (("trial", "title"), '"A 😀 title"', "title"),
    (("trial", "version"), "6.10", "version"),
    (("trial", "é"), "'it''s'", "é"),
    (("trial",), "title: \"A 😀 title\"   # comment\n  version: 6.10\n  é: &name 'it''s'", "trial"),
    (("list",), "- one\n\n- two words", "list"),
    (("list", 1), "two words", None),
    (("flow",), "{a: [1, 2], b: *name}", "flow"),
    (("flow", "a"), "[1, 2]", "a"),
    (("flow", "a", 1), "2", None),
    (("flow", "b"), "*name", "b"),
    (("block",), "|\n  first\n  second", "block"),
    (("empty",), "", "empty"),
    (("anchored",), "x: 1", "anchored"),
    (("anchored", "x"), "1", "x"),
    (("again",), "*m", "again"),
    (("again", "x"), "1", "x"),
    (("last",), "1", "last"),
]


def _cut(document: Document, span: Span | None) -> str | None:
    return document.text[span.start.index : span.end.index] if span else None


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(("path", "source", "key"), SPANS, ids=[pointer(row[0]) for row in SPANS])
def test_spans_cut_out_exactly_the_value_and_the_key(
    path: Path, source: str, key: str | None, mark: bytes, line_end: str
) -> None:
    """Quotes and brackets belong to the value, comments and blank lines behind it do not."""
    document = parse(mark + TEXT.replace("\n", line_end).encode(), "a.yaml")
    assert document.findings == ()
    assert _cut(document, document.positions.value(path)) == source.replace("\n", line_end)
    assert _cut(document, document.positions.key(path)) == key


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_code_points_from_one(line_end: str) -> None:
    """A character beyond the basic plane is one column; an index leads back to line and column."""
    document = parse(TEXT.replace("\n", line_end).encode(), "a.yaml")
    span = document.span("/trial/title")
    assert (span.start[:2], span.end[:2]) == ((3, 10), (3, 21))
    assert document.span("/again/x").start.line == 19
    assert document.span("/list/1").start[:2] == (9, 3)
    assert document.span("/trial/version", Target.KEY).start[:2] == (4, 3)
    assert document.span("/trial/missing").start[:2] == (2, 1)


@pytest.mark.parametrize(
    ("path", "token"),
    [
        (("trial", "version"), "6.10"),
        (("trial", "title"), None),
        (("list", 0), "one"),
        (("flow",), None),
        (("block",), None),
    ],
)
def test_the_token_of_an_unquoted_scalar_is_kept(path: Path, token: str | None) -> None:
    """`6.10` is never told as 6.1."""
    assert parse(TEXT.encode(), "a.yaml").positions.token(path) == token


def test_the_token_of_an_alias_is_that_of_what_it_names() -> None:
    """An alias of a number prints as the number was written."""
    document = parse(b"a: &v 6.10\nb: *v\n", "a.yaml")
    assert (document.positions.token(("a",)), document.positions.token(("b",))) == ("6.10", "6.10")
    assert document.root["b"].text == "6.10"


@pytest.mark.parametrize("path", [("x",), ("trial", "x"), ("trial", 0), ("list", 9), ("list", "x"), ("last", "x", 1)])
def test_a_path_that_leads_nowhere_has_no_place(path: Path) -> None:
    """No value, no key, no token, no crash."""
    positions = parse(TEXT.encode(), "a.yaml").positions
    assert (positions.value(path), positions.key(path), positions.token(path)) == (None, None, None)


def test_json_has_the_same_places() -> None:
    """Values with their quotes and brackets, keys with their quotes, tabs as one column."""
    document = parse('{\n\t"a😀": {"b": [1.50, "x"]},\n\t"c": true\n}\n'.encode(), "a.json")
    paths: list[Path] = [("a😀",), ("a😀", "b", 1), ("c",), ()]
    texts = [_cut(document, document.positions.value(path)) for path in paths]
    assert texts == [
        '{"b": [1.50, "x"]}',
        '"x"',
        "true",
        document.text.strip(),
    ]
    assert document.span("/c", Target.KEY).start[:2] == (3, 2)
    assert document.positions.token(("a😀", "b", 0)) == "1.50"
