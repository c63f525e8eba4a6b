"""When an item or a need applies: a closed set of conditions on the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.checklists.pointers import entries
from protocolkit.checklists.wording import speaks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocolkit.document import Node

    Condition = Mapping[str, Any]


class Situation:
    """The protocol that a condition speaks of, and the instance that `./` stands for."""

    def __init__(self, root: Node, tags: frozenset[str], instance: Node | None = None) -> None:
        self.root = root
        self.tags = tags
        self.instance = instance

    def at(self, pointer: str) -> tuple[Node, ...]:
        """Return the places that hold something there; a declared none is nothing."""
        return entries(pointer, self.root, self.instance)

    def of(self, instance: Node) -> Situation:
        """Return the same protocol, with `./` standing for an instance."""
        return Situation(self.root, self.tags, instance)


def holds(condition: Condition | None, situation: Situation) -> bool:
    """Say whether a condition holds; none always does."""
    if condition is None:
        return True
    (word, argument), *_ = condition.items()
    return _CONDITIONS[word](argument, situation)


def _is(argument: Mapping[str, Any], situation: Situation) -> bool:
    return all(
        any(node.value in wanted(values) for node in situation.at(pointer)) for pointer, values in argument.items()
    )


def _mentions(argument: Mapping[str, list[str]], situation: Situation) -> bool:
    return all(any(speaks(node.text, words) for node in situation.at(pointer)) for pointer, words in argument.items())


def wanted(values: Any) -> list[Any]:
    """Return one value or several as a list."""
    return values if isinstance(values, list) else [values]


def _inside(pointer: str, situation: Situation) -> bool:
    """Say whether the instance lies at or below a place that a pointer names."""
    own = situation.instance.path if situation.instance is not None else ()
    return any(own[: len(node.path)] == node.path for node in situation.at(pointer))


_CONDITIONS: dict[str, Callable[[Any, Situation], bool]] = {
    "has": lambda pointer, situation: bool(situation.at(pointer)),
    "lacks": lambda pointer, situation: not situation.at(pointer),
    "several": lambda pointer, situation: len(situation.at(pointer)) > 1,
    "is": _is,
    "mentions": _mentions,
    "inside": _inside,
    "tag": lambda tag, situation: tag in situation.tags,
    "all": lambda parts, situation: all(holds(part, situation) for part in parts),
    "any": lambda parts, situation: any(holds(part, situation) for part in parts),
    "not": lambda part, situation: not holds(part, situation),
}
