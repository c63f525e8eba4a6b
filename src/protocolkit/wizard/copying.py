"""The structure of an example as the start of a new protocol: every clinical value emptied, comments kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.editing import Edit, spliced
from protocolkit.errors import UsageError
from protocolkit.resources import folder
from protocolkit.schema.bundled import Schema, below, bundled, resolved
from protocolkit.sources import parse
from protocolkit.values import NamedTuple
from protocolkit.wizard.blank import SCHEMA_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protocolkit.document import Document
    from protocolkit.document import Path as Steps

_SUFFIX = ".protocol.yaml"
_FICTIONAL = re.compile(r"^fictional:.*\n", re.MULTILINE)
# A comment is dropped where it speaks of the fictional trial or tells a number with a unit.
_DROPPED = r"(?:fictional|[0-9] ?(?:[mu]?g|kg|m?L|h|d|wk|min|mo|a|days?|weeks?|hours?)\b)"
_COMMENT = re.compile(rf"[ \t]+#[^\n]*{_DROPPED}[^\n]*", re.IGNORECASE)
_LINE_COMMENT = re.compile(rf"^[ \t]*#[^\n]*{_DROPPED}[^\n]*\n", re.IGNORECASE | re.MULTILINE)


class Example(NamedTuple):
    """A bundled example: its name, the title of its trial, and where it is."""

    name: str
    title: str
    path: str


def examples() -> list[Example]:
    """Return the bundled examples, by name."""
    return [_example(path) for path in sorted(folder("examples").glob(f"*{_SUFFIX}"))]


def _example(path: Path) -> Example:
    title = parse(path.read_bytes(), path.name).root["trial"]["full_title"].text
    return Example(path.name.removesuffix(_SUFFIX), title, str(path))


def emptied(name: str) -> str:
    """Return an example's text with every clinical value emptied.

    Ids, references, kinds and comments stay, so that the new protocol has the example's structure; what it says about
    doses, thresholds, dates, names and numbers becomes a gap. Raises UsageError for an unknown example.
    """
    known = {row.name: row for row in examples()}
    if name not in known:
        raise UsageError(f"there is no example {name!r}; there are {', '.join(known)}")
    with open(known[name].path, "rb") as stream:  # noqa: PTH123 - a name that is already known
        document = parse(stream.read(), known[name].path)
    text = spliced(document.text, _edits(document))
    return _FICTIONAL.sub("", _opened(text, name))


def _opened(text: str, name: str) -> str:
    """Put a header of its own in place of the example's, and drop comments that speak of the fictional trial."""
    first = re.search(r"^[a-z]", text, re.MULTILINE)
    body = text[first.start() :] if first else text
    body = _COMMENT.sub("", _LINE_COMMENT.sub("", body))
    return (
        f"{SCHEMA_LINE}"
        f"# The structure of the example {name}, every clinical value emptied.\n"
        "# Fill in what is empty; `protocolkit validate` says what is missing and where.\n"
        f"{body}"
    )


def _edits(document: Document) -> Iterator[Edit]:
    return _emptying(document, document.data, (), resolved(bundled("protocol"), bundled("protocol")))


def _emptying(document: Document, value: Any, path: Steps, part: Schema) -> Iterator[Edit]:
    if part.get("x-clinical") or "x-quantity" in part or _tells_a_number(value, part):
        if edit := _gap(document, value, path):
            yield edit
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _emptying(document, item, (*path, key), resolved(below(part, key), bundled("protocol")))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _emptying(document, item, (*path, index), resolved(below(part, index), bundled("protocol")))


def _tells_a_number(value: Any, part: Schema) -> bool:
    """Say whether a free text tells a number, as a dose or a time in a sentence would."""
    free = not {"enum", "pattern", "x-ref"}.intersection(part)
    return free and isinstance(value, str) and any(map(str.isdigit, value))


def _gap(document: Document, value: Any, path: Steps) -> Edit | None:
    span = document.positions.value(path)
    if span is None or value is None:
        return None
    start, end = span.start.index, span.end.index
    if isinstance(value, list):
        return Edit(start, end, "[]") if document.text[start] == "[" else _block_list(document, path, start, end)
    if isinstance(value, dict):
        return Edit(start, end, "{}") if document.text[start] == "{" else _block_list(document, path, start, end)
    before = document.text[:start].rstrip(" ")
    flow = _in_flow(document, path)
    return Edit(start, end, "null") if flow else Edit(len(before), end, "" if before.endswith(":") else " null")


def _block_list(document: Document, path: Steps, start: int, end: int) -> Edit:
    """Empty a block list or mapping: from behind its key to its end."""
    key = document.positions.key(path)
    behind = document.text.index(":", key.end.index) + 1 if key else start
    return Edit(behind, end, "")


def _in_flow(document: Document, path: Steps) -> bool:
    for depth in range(len(path)):
        span = document.positions.value(path[:depth])
        if span and document.text[span.start.index] in "{[":
            return True
    return False
