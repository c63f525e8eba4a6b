"""Read JSON with the place of every value, refusing what the standard reader takes silently."""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the scanner behind json.loads
from typing import TYPE_CHECKING, Any

from protocolkit.document import pointer
from protocolkit.sources.decoding import unheld
from protocolkit.sources.faults import MAX_LEVELS, MAX_NODES, Collected, Unreadable, found
from protocolkit.sources.scalars import NotFinite, number

if TYPE_CHECKING:
    from protocolkit.findings import Finding
    from protocolkit.sources.places import Lines, Mark

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![0-9A-Za-z_.+-])")
_WORD = re.compile(r"-?[A-Za-z0-9_.+-]+")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
_STRING_FAULTS = {
    "Unterminated string": ("the quotation mark opened here is never closed", 'close it with "'),
    "Invalid control character": ("a line break or control character stands in a text", r"write \n for a line break"),
    "Invalid \\": ("this is no escape that JSON knows", "write a backslash twice"),
}
_MISPLACED = {
    "'": ("JSON knows double quotation marks only", "write \" in place of '"),
    "/": ("JSON has no comments", "remove the comment, or write the protocol as YAML"),
    "#": ("JSON has no comments", "remove the comment, or write the protocol as YAML"),
    ",": ("a value is missing before this comma", "remove the comma, or write the value"),
    "]": ("a value is missing before this bracket", "remove the comma before it"),
    "}": ("a value is missing before this bracket", "remove the comma before it"),
    "": ("the text ends where a value is expected", "close what was opened"),
}

_Read = tuple[Any, "Mark"]


class _Reader:
    """Walks over a JSON text; what it can go on after is collected in `findings`."""

    def __init__(self, text: str, lines: Lines) -> None:
        self.text = text
        self.lines = lines
        self.findings = Collected()
        self.nodes = 0
        self.path: list[str | int] = []

    def skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def complain(self, code: str, message: str, start: int, end: int, hint: str = "") -> None:
        where = pointer(tuple(self.path[:-1]))
        self.findings.add(found(code, message, self.lines.span(start, end), hint=hint, pointer=where))

    def stop(self, at: int, message: str, hint: str, code: str = "FILE05") -> Unreadable:
        at = min(at, max(0, len(self.text.rstrip()) - 1))
        return Unreadable(found(code, message, self.lines.span(at, at + 1), hint=hint))

    def count(self, at: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.stop(at, f"the file holds more than {MAX_NODES:,} values", "", "FILE04")

    def value(self, at: int) -> _Read:
        """Read the value that begins at an index; its mark says where it ends."""
        self.count(at)
        character = self.text[at : at + 1]
        if character == '"':
            value, end = self.string(at)
            return value, (at, end, None)
        if character in ("{", "["):
            if len(self.path) >= MAX_LEVELS:
                raise self.stop(at, f"the file has more than {MAX_LEVELS} levels", "", "FILE04")
            return self.mapping(at) if character == "{" else self.sequence(at)
        return self.plain(at)

    def string(self, at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            message, hint = next(
                (words for start, words in _STRING_FAULTS.items() if error.msg.startswith(start)),
                ("this text cannot be read", "correct the escape"),
            )
            raise self.stop(error.pos, message, hint) from None
        if name := unheld(value):
            self.complain("FILE08", f"{name} cannot stand in a protocol", at, end)
        return value, end

    def plain(self, at: int) -> _Read:
        if match := _NUMBER.match(self.text, at):
            return self.number(match[0], at, match.end())
        word = _WORD.match(self.text, at)
        if word is None:
            message, hint = _MISPLACED.get(self.text[at : at + 1], ("a value is expected here", 'put a text in "'))
            raise self.stop(at, message, hint)
        mark: Mark = (at, word.end(), None)
        if word[0] in _WORDS:
            return _WORDS[word[0]], mark
        if word[0] in _NOT_FINITE:
            self.complain("FILE09", f"{word[0]} is not a finite number", at, word.end())
            return None, mark
        raise self.stop(at, f"{word[0][:40]} is neither a number nor true, false or null", 'put a text in "')

    def number(self, text: str, at: int, end: int) -> _Read:
        try:
            return number(text), (at, end, None)
        except NotFinite as error:
            self.complain("FILE09", str(error), at, end)
            return None, (at, end, None)

    def sequence(self, start: int) -> _Read:
        data: list[Any] = []
        marks: list[Mark] = []
        at = self.skip(start + 1)
        if self.text.startswith("]", at):
            return data, (start, at + 1, marks)
        while True:
            self.path.append(len(data))
            value, mark = self.value(at)
            self.path.pop()
            data.append(value)
            marks.append(mark)
            at, more = self.separator(mark[1], start, "]")
            if not more:
                return data, (start, at, marks)

    def mapping(self, start: int) -> _Read:
        data: dict[str, Any] = {}
        marks: dict[str, tuple[int, int, Mark]] = {}
        at = self.skip(start + 1)
        if self.text.startswith("}", at):
            return data, (start, at + 1, marks)
        while True:
            key, end, colon = self.name(at)
            self.path.append(key)
            value, mark = self.value(self.skip(colon + 1))
            self.path.pop()
            if key in data:
                self.twice(key, marks[key][0], at, end)
            else:
                data[key] = value
                marks[key] = (at, end, mark)
            at, more = self.separator(mark[1], start, "}")
            if not more:
                return data, (start, at, marks)

    def name(self, at: int) -> tuple[str, int, int]:
        """Read a key and find its colon."""
        self.count(at)
        if not self.text.startswith('"', at):
            message, hint = _MISPLACED.get(self.text[at : at + 1], ("a key is expected here", ""))
            raise self.stop(at, message, hint or 'write the key in "')
        key, end = self.string(at)
        colon = self.skip(end)
        if not self.text.startswith(":", colon):
            raise self.stop(colon, "a colon is missing after the key", 'write "key": value')
        return key, end, colon

    def twice(self, key: str, first: int, at: int, end: int) -> None:
        line = self.lines.place(first).line
        self.complain("FILE06", f'the key "{key[:60]}" stands here a second time; first on line {line}', at, end)

    def separator(self, at: int, start: int, closing: str) -> tuple[int, bool]:
        """Return the index after the next comma or closing bracket, and whether more follows."""
        at = self.skip(at)
        character = self.text[at : at + 1]
        if character == closing:
            return at + 1, False
        if character == ",":
            return self.skip(at + 1), True
        if not character:
            raise self.stop(start, "the bracket opened here is never closed", f"close it with {closing}")
        message, hint = _MISPLACED["/"] if character in "/#" else (f"a comma or {closing} is missing here", "write it")
        raise self.stop(at, message, hint)


def read_json(text: str, lines: Lines) -> tuple[Any, Mark, list[Finding]]:
    """Read a JSON text into data, marks and findings; the data is None where reading had to stop."""
    reader = _Reader(text, lines)
    try:
        value, mark = reader.value(reader.skip(0))
        rest = reader.skip(mark[1])
        if rest < len(text):
            raise reader.stop(rest, "something follows after the end of the protocol", "remove what follows")
    except Unreadable as error:
        return None, (0, 0, None), reader.findings.closed(error.finding)
    return value, mark, reader.findings.closed()
