"""One walk over a document, guided by the schema: the quantities and the references that stand in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.document import is_absent
from protocolkit.schema.bundled import below, guide, resolved
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.schema.bundled import Schema


_NUMERIC = frozenset("0123456789-+.")


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
    """What the walk met, in order; `empty` are keys without a value that the schema does not know."""

    quantities: list[Measured]
    references: list[Reference]
    empty: list[Path]


class _Plan:
    """What the walk does with a value: read from the schema once, its children on first use."""

    __slots__ = ("_part", "children", "closed", "kind", "text_only", "to", "words")

    def __init__(self, part: Schema) -> None:
        self._part = part
        self.children: dict[str | int, _Plan | None] = {}
        reference = part.get("x-ref", {})
        self.closed = part.get("additionalProperties") is False
        self.kind: str = part.get("x-quantity", "")
        self.text_only = part.get("type", "string") == "string"
        self.to = tuple(reference.get("to", ()))
        self.words = tuple(reference.get("words", ()))

    def measures(self, value: Any) -> bool:
        """Say whether a value stands where a quantity is asked; beside other types only a text is meant as one."""
        if not self.kind or not (self.text_only or isinstance(value, str)):
            return False
        return not self.to or not isinstance(value, str) or value[:1] in _NUMERIC

    def refers(self, value: Any) -> bool:
        """Say whether a value names another thing; where a quantity may stand too, a number begins one."""
        return bool(self.to) and isinstance(value, str) and not (self.kind and value[:1] in _NUMERIC)

    def below(self, step: str | int) -> _Plan | None:
        """Return what to do with a child, None where the schema knows no such child."""
        step = 0 if isinstance(step, int) else step
        if step not in self.children:
            part = below(self._part, step)
            self.children[step] = _planned(part) if isinstance(part, dict) else None
        return self.children[step]


def _planned(part: Schema) -> _Plan:
    """Return the plan of a part of the schema; one and the same wherever it only refers to a definition."""
    return _referred(part["$ref"]) if [*part] == ["$ref"] else _Plan(resolved(part, guide()))


@cache
def _referred(reference: str) -> _Plan:
    return _Plan(resolved({"$ref": reference}, guide()))


@cache
def _root() -> _Plan:
    return _Plan(resolved(guide(), guide()))


def walk(data: Any) -> Walked:
    """Collect the quantities and references of a document's data; what counts as absent is passed over."""
    walked = Walked([], [], [])
    _visit(data, (), _root(), walked)
    return walked


def _visit(value: Any, path: Path, plan: _Plan, walked: Walked) -> None:
    if plan.kind and plan.measures(value):
        walked.quantities.append(Measured(path, value, plan.kind))
    if plan.to and plan.refers(value):
        walked.references.append(Reference(path, value, plan.to, plan.words))
    if isinstance(value, dict):
        _visit_keys(value, path, plan, walked)
    elif isinstance(value, list) and (inner := plan.below(0)):
        for index, item in enumerate(value):
            _visit(item, (*path, index), inner, walked)


def _visit_keys(value: dict[str, Any], path: Path, plan: _Plan, walked: Walked) -> None:
    for key, item in value.items():
        inner = plan.children[key] if key in plan.children else plan.below(key)
        absent = is_absent(item)
        if inner is not None and not absent:
            _visit(item, (*path, key), inner, walked)
        elif inner is None and absent and plan.closed:
            walked.empty.append((*path, key))
