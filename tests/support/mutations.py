"""Every path of a document, and the document with one of them deleted or replaced: for property tests."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Path

WRONG: tuple[Any, ...] = (7, "", [], {}, "x", True, None, -1.5, ["x"], {"x": 1}, "5 mg/kg/hr", [None], "\u202e", 10**30)


def paths(value: Any, before: Path = ()) -> Iterator[Path]:
    """Yield the path of everything below a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in entries:
        yield (*before, step)
        yield from paths(item, (*before, step))


def deleted(data: Any, path: Path) -> Any:
    """Return a copy without what stands at a path."""
    whole = copy.deepcopy(data)
    del _parent(whole, path)[path[-1]]
    return whole


def replaced(data: Any, path: Path, value: Any) -> Any:
    """Return a copy with another value at a path."""
    whole = copy.deepcopy(data)
    _parent(whole, path)[path[-1]] = value
    return whole


def _parent(data: Any, path: Path) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def sample(items: list[Any], number: int, seed: int) -> list[Any]:
    """Return some of many, the same ones for the same seed; all of them where there are no more."""
    return items if len(items) <= number else random.Random(seed).sample(items, number)  # noqa: S311 - no secret
