"""One walk over a document, guided by the schema: the quantities and the references that stand in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from protocolkit.schema.bundled import below, checked, resolved

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.schema.bundled import Schema


class Reference(NamedTuple):
    """A place that names another thing by its id."""

    path: Path
    value: str
    to: tuple[str, ...]
    words: tuple[str, ...]


class Measured(NamedTuple):
    """A place that asks for a quantity of some kind."""

    path: Path
    value: Any
    kind: str


class Walked(NamedTuple):
    """What the walk met, in the order of the document."""

    quantities: list[Measured]
    references: list[Reference]


class _Plan:
    """What the walk does with a value: read from the schema once, its children on first use."""

    __slots__ = ("_below", "_part", "kind", "takes_objects", "to", "words")

    def __init__(self, part: Schema) -> None:
        self._part = part
        self._below: dict[str | int, _Plan | None] = {}
        reference = part.get("x-ref", {})
        self.kind: str = part.get("x-quantity", "")
        self.takes_objects = "object" in part.get("type", ()) or "array" in part.get("type", ())
        self.to = tuple(reference.get("to", ()))
        self.words = tuple(reference.get("words", ()))

    def below(self, step: str | int) -> _Plan | None:
        step = 0 if isinstance(step, int) else step
        if step not in self._below:
            part = below(self._part, step)
            self._below[step] = _Plan(resolved(part, checked())) if isinstance(part, dict) else None
        return self._below[step]


@cache
def _root() -> _Plan:
    return _Plan(resolved(checked(), checked()))


def walk(content: Any) -> Walked:
    """Collect the quantities and references of a document's content."""
    walked = Walked([], [])
    _visit(content, (), _root(), walked)
    return walked


def _visit(value: Any, path: Path, plan: _Plan, walked: Walked) -> None:
    if plan.kind and not (plan.takes_objects and isinstance(value, dict | list)):
        walked.quantities.append(Measured(path, value, plan.kind))
    if plan.to and isinstance(value, str):
        walked.references.append(Reference(path, value, plan.to, plan.words))
    if isinstance(value, dict):
        for key, item in value.items():
            if inner := plan.below(key):
                _visit(item, (*path, key), inner, walked)
    elif isinstance(value, list) and (inner := plan.below(0)):
        for index, item in enumerate(value):
            _visit(item, (*path, index), inner, walked)
