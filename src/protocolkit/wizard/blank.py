"""The commented skeleton of a protocol: every key of the format in order, with what to write beside it."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from protocolkit.resources import folder
from protocolkit.schema import FORMAT
from protocolkit.schema.bundled import Schema, bundled, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 110
_DEEPEST = 6
_HEADER = """\
# A protocol for protocolkit, format {format}. Fill in what stands empty; `protocolkit validate` says what is missing.
# A line that begins with # and a key (no space between) is optional: remove the # to use it.
# A quantity is a number, one space and a unit: 0.5 mg/kg, 4 h, 12 wk. A list repeats its "-" entry.
"""


def skeleton() -> str:
    """Return the text of a blank protocol file, made from the schema."""
    root = bundled("protocol")
    schema = folder("schemas") / "protocol.schema.json"
    body = "\n".join(_keys(resolved(root, root), "", 0, optional=False))
    return f"# yaml-language-server: $schema={schema.as_uri()}\n{_HEADER.format(format=FORMAT)}\n{body}\n"


def _keys(part: Schema, indent: str, depth: int, *, optional: bool) -> Iterator[str]:
    needed = set(part.get("required", ()))
    for key, inner in part.get("properties", {}).items():
        inner = resolved(inner, bundled("protocol"))  # noqa: PLW2901 - the same, its references followed
        yield from _key(key, inner, indent, depth, optional=optional or key not in needed)


def _key(key: str, part: Schema, indent: str, depth: int, *, optional: bool) -> Iterator[str]:
    if depth == 0:
        yield ""
    yield from _comment(part, indent)
    mark = "#" if optional else ""
    if key == "protocolkit":
        yield f"{key}: {FORMAT}"
        return
    yield f"{mark}{indent}{key}:"
    if depth >= _DEEPEST:
        return
    if "properties" in part:
        yield from _keys(part, f"{indent}  ", depth + 1, optional=optional)
    elif "properties" in (item := resolved(part.get("items"), bundled("protocol"))):
        yield from _entry(_keys(item, f"{indent}    ", depth + 1, optional=optional), f"{indent}  - ")


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


def _comment(part: Schema, indent: str) -> Iterator[str]:
    title = part.get("title", "")
    told = " ".join(text for text in (f"{title[:1].upper()}{title[1:]}.", part.get("description", "")) if text != ".")
    if terms := part.get("enum"):
        few = ", ".join(map(str, terms[:20])) + (" ..." if len(terms) > 20 else "")  # noqa: PLR2004 - some lines
        told += f" One of: {few}."
    elif samples := part.get("examples"):
        told += f" Example: {_sample(samples[0])}"
    for line in textwrap.wrap(told, _WIDTH - len(indent), break_on_hyphens=False):
        yield f"{indent}# {line}"


def _sample(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
