"""Say in plain words, and at the right place, what the YAML parser could not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.sources.faults import found
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.findings import Finding
    from protocolkit.sources.places import Lines

_NO_SPACE = r"^[ ]*(?:- +)*[A-Za-z_][A-Za-z0-9_-]*(:)[^\s:/]"
_IN_TEXT = r"[^\s,:\[\]{}'\"][ ]*$"
_SECOND_COLON = r"^[ ]*(?:- +)*[^\s#'\"\[{][^:#]*:[ ]+[^ '\"\[{|>].*:(?:[ ]|$)"


class _Row(NamedTuple):
    """A message of the parser (context, problem, characters at the place) and our words for it."""

    context: str
    problem: str
    characters: str
    message: str
    hint: str
    at_context: bool = False


_ROWS = (
    _Row("", "", "\t", "a tab stands where the indentation is read", "indent with spaces; tabs are not allowed there"),
    _Row(
        "quoted scalar",
        "end of stream",
        "",
        "the quotation mark opened here is never closed",
        "close it",
        at_context=True,
    ),
    _Row(
        "quoted scalar",
        "document indicator",
        "",
        "the quotation mark opened here is never closed",
        "close it",
        at_context=True,
    ),
    _Row(
        "quoted scalar",
        "unknown escape",
        "",
        "this is no escape that YAML knows",
        "write a backslash twice, or use single quotes",
    ),
    _Row("quoted scalar", "", "", "this escape cannot be read", "write the character itself in place of the escape"),
    _Row(
        "flow sequence",
        "expected ',' or ']'",
        "",
        "a comma is missing, or the bracket [ is never closed",
        "close the list with ]",
        at_context=True,
    ),
    _Row(
        "flow mapping",
        "expected ',' or '}'",
        "",
        "a comma is missing, or the bracket { is never closed",
        "close the mapping with }",
        at_context=True,
    ),
    _Row("", "cannot start any token", "@`%", "a text cannot begin with this character", "put the text in quotes"),
    _Row("", "expected node content", "]}", "this bracket was never opened", "remove it, or put the text in quotes"),
    _Row(
        "",
        "expected node content",
        ",",
        "a value is missing before this comma",
        "write the value, or put the text in quotes",
    ),
    _Row(
        "block mapping",
        "expected key",
        "'\"",
        "a quotation mark stands where a key is expected",
        "put the whole text in quotes; double the ' inside single quotes",
    ),
    _Row(
        "block mapping",
        "expected key",
        "-",
        "an item of a list stands among keys",
        "indent the list below its key, in line with its other items",
    ),
    _Row(
        "block mapping",
        "expected key",
        "",
        "wrong indentation, or text after a closed quotation mark",
        "align the line with its neighbours, or put the whole text in quotes",
    ),
    _Row(
        "block collection",
        "expected '-'",
        "",
        "a key stands among the items of a list",
        "begin the item with - or indent the key as its neighbours",
    ),
    _Row(
        "",
        "expected ':'",
        "",
        "a line without `key:` stands where a key is expected",
        "write `key: value`; indent a text that goes on over several lines",
        at_context=True,
    ),
    _Row(
        "",
        "mapping values are not allowed",
        "",
        "this key is indented below one that has a value already",
        "align it with its neighbours",
    ),
    _Row(
        "",
        "sequence entries are not allowed",
        "",
        "an item of a list cannot begin on the line of its key",
        "begin the list on a new line",
    ),
    _Row("", "undefined tag handle", "", "a text cannot begin with !", "put the text in quotes"),
    _Row("alias", "", "", "a text cannot begin with *", "put the text in quotes"),
    _Row("anchor", "", "", "a text cannot begin with &", "put the text in quotes"),
    _Row("tag", "", "", "a text cannot begin with !", "put the text in quotes"),
    _Row(
        "block scalar",
        "",
        "",
        "nothing but a comment can follow | or > on its line",
        "begin the text on the next line, indented",
    ),
    _Row("directive", "", "%", "a text cannot begin with %", "put the text in quotes"),
)


def explained(error: Any, lines: Lines) -> Finding:
    """Make the finding of an error that the YAML parser raised."""
    context, problem = getattr(error, "context", None) or "", getattr(error, "problem", None) or ""
    index = _index(getattr(error, "problem_mark", None), lines)
    if "nesting depth" in problem:
        return found("FILE04", "the file has more than 100 levels", lines.span(index, index))
    if "mapping values are not allowed" in problem and (special := _colon(lines, index)):
        return special
    if "expected ',' or" in problem and (bracket := _bracket(lines, index)):
        return bracket
    character = lines.text[index : index + 1]
    row = next((row for row in _ROWS if _fits(row, context, problem, character)), None)
    if row is None:
        message = f"the text cannot be read here: {problem or 'the YAML parser stopped'}"
        return found("FILE05", message, lines.span(index, index))
    if row.at_context and getattr(error, "context_mark", None):
        index = _index(error.context_mark, lines)
    return found("FILE05", row.message, lines.span(index, index + 1), hint=row.hint)


def _index(mark: Any, lines: Lines) -> int:
    return min(mark.index, max(0, len(lines.text.rstrip()) - 1)) if mark else 0


def _fits(row: _Row, context: str, problem: str, character: str) -> bool:
    known = row.context in context and row.problem in problem
    return known and (not row.characters or (character != "" and character in row.characters))


def _bracket(lines: Lines, index: int) -> Finding | None:
    """Explain a bracket that opens within an unquoted text, as those of units do: `90 mm[Hg]`, `250 ug/{dose}`."""
    character, first = lines.text[index], index - lines.place(index).column + 1
    if character not in "[{" or not re.search(_IN_TEXT, lines.text[first:index]):
        return None
    message = f"an unquoted text between brackets holds the bracket {character}"
    return found("FILE05", message, lines.span(index, index + 1), hint="put the whole text in quotes, with its unit")


def _colon(lines: Lines, index: int) -> Finding | None:
    """Explain a colon where none may stand: an unquoted text with a colon, or a missing space on a line above."""
    starts = lines.place(index)
    first = index - starts.column + 1
    if re.match(_SECOND_COLON, lines.text[first : index + 2].split("\n")[0]):
        hint = "put the whole text in quotes"
        return found("FILE05", "an unquoted text holds a colon and a space", lines.span(index, index + 1), hint=hint)
    above = lines.text[:first].rstrip()
    begins = max(above.rfind("\n"), above.rfind("\r")) + 1
    if match := re.match(_NO_SPACE, above[begins:]):
        at = begins + match.start(1)
        return found("FILE05", "a space is missing after this colon", lines.span(at, at + 1), hint="write `key: value`")
    return None
