"""The commented skeleton of a protocol: every key of the format in order, with what to write beside it."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from protocolkit.schema import FORMAT
from protocolkit.schema.bundled import Schema, bundled, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA_LINE = "# yaml-language-server: $schema=./protocol.schema.json\n"  # true on every machine of a team
_WIDTH = 110
_HEADER = """\
# A protocol for protocolkit, format {format}. Fill in what stands empty; `protocolkit validate` says what is missing.
# A line that begins with # and a key (no space between) is optional: remove the # to use it.
# A quantity is a number, one space and a unit: 0.5 mg/kg, 4 h, 12 wk. A list repeats its "-" entry.
# Within braces and square brackets a text with a comma stands in quotes: {{name: 'blood pressure, pulse and weight'}}.
"""


def skeleton() -> str:
    """Return the text of a blank protocol file, made from the schema."""
    root = bundled("protocol")
    body = "\n".join(_Skeleton().keys(resolved(root, root), "", 0, optional=False))
    return f"{SCHEMA_LINE}{_HEADER.format(format=FORMAT)}{body}\n"


class _Skeleton:
    """Writes the keys of a schema; a shape that is used again is written out once and named afterwards."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[str, bool]] = {}

    def keys(self, part: Schema, indent: str, depth: int, *, optional: bool) -> Iterator[str]:
        """Yield the lines of the keys of an object."""
        needed = set(part.get("required", ()))
        for key, inner in part.get("properties", {}).items():
            yield from self._key(key, inner, indent, depth, optional=optional or key not in needed)

    def _key(self, key: str, raw: Schema, indent: str, depth: int, *, optional: bool) -> Iterator[str]:
        part = resolved(raw, bundled("protocol"))
        if depth == 0:
            yield ""
        again = self._again(raw, key)
        yield from _comment(part, indent, again)
        if key == "protocolkit":
            yield f"{key}: {FORMAT}"
            return
        yield f"{'#' if optional else ''}{indent}{key}:"
        if not again:
            yield from self._below(part, indent, depth + 1, optional=optional)

    def _below(self, part: Schema, indent: str, depth: int, *, optional: bool) -> Iterator[str]:
        item = resolved(part.get("items"), bundled("protocol"))
        if "properties" in item:
            yield from _entry(self.keys(item, f"{indent}    ", depth, optional=optional), f"{indent}  - ")
        elif "properties" in part:
            yield from self.keys(part, f"{indent}  ", depth, optional=optional)

    def _again(self, raw: Schema, key: str) -> str:
        """Return the key under which a shape was written out already, an empty text the first time."""
        shape = raw.get("$ref") or raw.get("items", {}).get("$ref")
        target = resolved(raw.get("items") or raw, bundled("protocol"))
        if not shape or "properties" not in target:
            return ""
        first, listed = self._written.setdefault(shape, (key, "items" in raw))
        if first is key:
            return ""
        return f"an entry of {first}" if listed and "items" not in raw else first


def _entry(lines: Iterator[str], lead: str) -> Iterator[str]:
    """Begin a list entry: the first key line takes the dash."""
    begun = False
    for line in lines:
        bare = line.removeprefix("#")
        if not begun and bare.strip() and not bare.lstrip().startswith("# "):
            begun = True
            yield line[: len(line) - len(bare)] + lead + bare.strip()
        else:
            yield line


def _comment(part: Schema, indent: str, again: str) -> Iterator[str]:
    title = part.get("title", "")
    told = " ".join(text for text in (f"{title[:1].upper()}{title[1:]}.", part.get("description", "")) if text != ".")
    item = resolved(part.get("items"), bundled("protocol"))
    if terms := part.get("enum") or item.get("enum"):
        few = ", ".join(map(str, terms[:20])) + (" ..." if len(terms) > 20 else "")  # noqa: PLR2004 - some lines
        told += f" {'One of' if part.get('enum') else 'Each is one of'}: {few}."
    elif samples := part.get("examples"):
        told += f" Example: {_sample(samples[0])}"
    if again:
        told += f" Its keys are those of {again} above."
    for line in textwrap.wrap(told, _WIDTH - len(indent), break_on_hyphens=False):
        yield f"{indent}# {line}"


def _sample(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
