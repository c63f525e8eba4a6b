"""The schemas as bundled, and how to find the part of a schema that speaks of a place in a document."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.resources import folder, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

Schema = dict[str, Any]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the bundled schemas, `protocol` first."""
    found = sorted(path.name.removesuffix(".schema.json") for path in folder("schemas").glob("*.schema.json"))
    return tuple(sorted(found, key=lambda name: name != "protocol"))


@cache
def bundled(name: str) -> Schema:
    """Return a bundled schema by its name, for example `protocol` or `report`.

    Raises FileNotFoundError for a name that is not bundled.
    """
    schema: Schema = json.loads(read_bytes("schemas", f"{name}.schema.json"))
    return schema


@cache
def checked_text() -> str:
    """Return the protocol schema without what only editors read, as JSON."""
    return read_text("schemas", "protocol.check.json")


@cache
def checked() -> Schema:
    """Return the protocol schema without what only editors read."""
    schema: Schema = json.loads(checked_text())
    return schema


@cache
def guide() -> Schema:
    """Return of the protocol schema what guides the walk over a document: keys, quantities, references, collections."""
    schema: Schema = json.loads(read_bytes("schemas", "protocol.walk.json"))
    return schema


def resolved(part: Any, root: Schema) -> Schema:
    """Return a schema with its local references followed; keywords beside a `$ref` win over what it names."""
    if not isinstance(part, dict):
        return {}
    whole: Schema = part
    while isinstance(reference := whole.get("$ref"), str):
        beside = {key: value for key, value in whole.items() if key != "$ref"}
        whole = {**_target(reference, root), **beside}
    return whole


def _target(reference: str, root: Schema) -> Schema:
    found: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found[step.replace("~1", "/").replace("~0", "~")]
    result: Schema = found
    return result


def at(path: Iterable[str | int], root: Schema) -> Schema:
    """Return the schema of the value at a path of a document; an empty one where the schema knows no such path."""
    part = resolved(root, root)
    for step in path:
        part = resolved(below(part, step), root)
    return part


def below(part: Schema, step: str | int) -> Any:
    """Return the unresolved schema of a child, None where there is none."""
    if isinstance(step, int):
        return part.get("items")
    named: Any = part.get("properties", {}).get(step)
    if named is not None:
        return named
    other = part.get("additionalProperties")
    return other if isinstance(other, dict) else None
