"""Ask the schema, before a value is written: does it know the place, and does the value fit there."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.quantities import fault
from protocolkit.schema.bundled import Schema, at, checked

if TYPE_CHECKING:
    from protocolkit.document import Path

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
}  # fmt: skip


def known(path: Path) -> bool:
    """Say whether the schema has a place for a value at a path."""
    return bool(_part(_generic(path)))


def misfit(path: Path, value: Any) -> str:
    """Say why a scalar does not fit at a path that the schema knows; an empty text where it fits."""
    part = _part(_generic(path))
    kinds = part.get("type", ["string"] if isinstance(value, str) else [])
    if kinds and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return "it is of another type than the format asks for"
    if "enum" in part and value not in part["enum"]:
        return "it is no term of the format's closed list"
    if isinstance(value, str) and "pattern" in part and not re.search(part["pattern"], value):
        return "it is not written in the form that the format asks for"
    if part.get("x-quantity") and (wrong := fault(value, part["x-quantity"])):
        return wrong.message
    if "minimum" in part and isinstance(value, int | float) and value < part["minimum"]:
        return f"it is below {part['minimum']}"
    return ""


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _generic(path: Path) -> Path:
    return tuple(0 if isinstance(step, int) else step for step in path)


@cache
def _part(path: Path) -> Schema:
    return at(path, checked())


@cache
def order(path: Path) -> dict[str, int]:
    """Return the keys of the object at a path in the order of the schema."""
    return {key: index for index, key in enumerate(_part(path).get("properties", {}))}


def ordered(value: Any, path: Path = ()) -> Any:
    """Put the keys of everything below a value into the order of the schema."""
    if isinstance(value, list):
        return [ordered(item, (*path, 0)) for item in value]
    if not isinstance(value, dict):
        return value
    places = order(path)
    keys = sorted(value, key=lambda key: places.get(key, len(places)))
    return {key: ordered(value[key], (*path, key)) for key in keys}
