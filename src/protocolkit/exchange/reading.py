"""From bytes to the documents of another format: one JSON text, or one to a line, each with its positions."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from protocolkit.document import Document, NoPositions
from protocolkit.findings import Place
from protocolkit.sources.faults import found
from protocolkit.sources.json_reader import read_json
from protocolkit.sources.places import Lines, MarkedPositions

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 100 * 1024 * 1024
_UNHELD = "FILE08"


class _Below(Lines):
    """The lines of a text that stands below other lines of its file."""

    def __init__(self, text: str, above: int) -> None:
        super().__init__(text)
        self._above = above

    def place(self, index: int) -> Place:
        """Return the line and column of an index, the line counted in the file."""
        place = super().place(index)
        return Place(place.line + self._above, place.column, place.index)


def read(data: bytes, name: str) -> Iterator[Document]:
    """Yield the JSON documents of a source; what cannot be read gives a document with findings and without data."""
    if len(data) > MAX_BYTES:
        yield Document(name, None, findings=(found("FILE04", "the file is larger than 100 MiB", hint=_SMALLER),))
        return
    try:
        text = data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte 0x{data[error.start]:02X} at offset {error.start} is not UTF-8"
        yield Document(name, None, findings=(found("FILE02", message, hint=_JSON),))
        return
    if not text.strip():
        yield Document(name, None, findings=(found("FILE03", "the file is empty", hint=_JSON),))
        return
    yield from _documents(text, name)


_JSON = "name a JSON file: a record, a page of records, or one record to a line"
_SMALLER = "split it into several files"


def _documents(text: str, name: str) -> Iterator[Document]:
    """Yield one document, or one for each line where several lines are each a whole JSON text."""
    lines = text.split("\n") if _is_lines(text) else [text]
    for above, line in enumerate(lines):
        if line.strip():
            yield _document(line, name, above)


def _is_lines(text: str) -> bool:
    """Say whether the first two lines that hold something each look like a whole JSON object."""
    first = text.lstrip().split("\n", 1)
    if len(first) == 1 or not first[1].lstrip().startswith("{"):
        return False
    return first[0].rstrip().endswith("}") and _is_whole(first[0])


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return True  # the reader says what is wrong, line by line


def _document(text: str, name: str, above: int) -> Document:
    lines = _Below(text, above)
    value, mark, findings = read_json(text, lines)
    positions = NoPositions() if value is None else MarkedPositions(lines, mark)
    kept = tuple(finding for finding in findings if finding.code != _UNHELD)
    if value is None and not kept:
        kept = (found("FILE03", "the file holds no value", hint=_JSON),)
    return Document(name, value, text, positions, kept)
