"""Where evidence is looked for: JSON pointers with `*` for any entry, filters, and `./` for one instance of many."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.checklists.wording import speaks
from protocolkit.document import is_absent
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocolkit.document import Node, Path

_FILTER = re.compile(r"\[(?P<keys>[A-Za-z_|]+)(?P<other>!?)(?P<kind>=|~=|->)(?P<values>.+)", re.DOTALL)
_MARKS = re.compile(r"[][/]")
STATED = frozenset({"*"})
_OF_PRODUCT = frozenset({"preparation", "pharmacology"})  # what is said once of one product that stands in two places
_RELATIVE = "->./"  # a filter whose target counts from the instance


class Filter(NamedTuple):
    """What an entry of a step must be like: its key is one of some values, speaks of a word, or names an entry.

    Of several keys the first one that the entry states counts. `other` asks for the entries that are not like this.
    """

    keys: tuple[str, ...]
    kind: str
    values: frozenset[str]
    target: str
    other: bool

    def takes(self, node: Node, instance: Node | None) -> bool:
        """Say whether an entry is one that the filter lets through; a target may count from an instance."""
        for key in self.keys:
            if own := node[key]:
                break
        else:
            own = node[self.keys[0]]
        return _KINDS[self.kind](self, own, instance) is not self.other


_KINDS: dict[str, Callable[[Filter, Node, Node | None], bool]] = {
    "=": lambda wanted, own, _: bool(own) if wanted.values == STATED else not wanted.values.isdisjoint(_texts(own)),
    "~=": lambda wanted, own, _: speaks(" ".join(_texts(own)), wanted.values),
    "->": lambda wanted, own, instance: not _named(wanted.target, own, instance).isdisjoint(_texts(own)),
}


class _Any(NamedTuple):
    """Any entry, or those that every filter lets through."""

    filters: tuple[Filter, ...] = ()

    def takes(self, node: Node, instance: Node | None) -> bool:
        return all(each.takes(node, instance) for each in self.filters)


_EVERY = _Any()
Step = str | _Any


@cache
def steps(pointer: str) -> tuple[Step, ...]:
    """Return the steps of a pointer, without the `.` of one that is relative.

    Raises ValueError for a text that is no pointer.
    """
    if not pointer.startswith(("/", "./")):
        raise ValueError(f"{pointer!r} is no pointer; it begins with / or ./")
    return tuple([_step(text) for text in _cut(pointer.removeprefix("."), "/")[1:]])


def _cut(text: str, mark: str) -> list[str]:
    """Cut a text at each mark that stands outside of brackets; a filter may hold a pointer with filters of its own."""
    if "[" not in text:
        return text.split(mark)
    parts, depth, begun = [], 0, 0
    for match in _MARKS.finditer(text):
        depth += (match[0] == "[") - (match[0] == "]")
        if match[0] == mark and depth == 0:
            parts.append(text[begun : match.start()])
            begun = match.end()
    return [*parts, text[begun:]]


def _step(text: str) -> Step:
    if not text.startswith("*"):
        return text.replace("~1", "/").replace("~0", "~") if "~" in text else text
    if text == "*":
        return _EVERY
    *filters, rest = _cut(text.removeprefix("*"), "]")
    found = [_FILTER.fullmatch(each) for each in filters]
    if rest or not all(found):
        raise ValueError(f"{text!r} is no step of a pointer; a filter is written *[key=value]")
    return _Any(tuple(_filter(match) for match in found if match))


def _filter(match: re.Match[str]) -> Filter:
    kind, values, target = match["kind"], frozenset(match["values"].split("|")), ""
    if kind == "->":
        values, target = frozenset(), match["values"]
        steps(target)
    return Filter(tuple(match["keys"].split("|")), kind, values, target, bool(match["other"]))


def _texts(node: Node) -> list[str]:
    """Return the text of a value; of a list, the text or the id of each entry."""
    return [node.text] if node.text else [item.text or item["id"].text for item in node]


def _named(pointer: str, node: Node, instance: Node | None) -> frozenset[str]:
    """Return the ids of the entries that a pointer names, or the texts that stand there."""
    held = places(pointer, node.document.root, instance).held
    return frozenset(text for entry in held for text in (entry.text or entry["id"].text,) if text)


def plain(pointer: str) -> list[str | int]:
    """Return a pointer as a path into the schema, any entry as the first one."""
    return [0 if isinstance(step, _Any) else step for step in steps(pointer)]


def filters(pointer: str) -> Iterator[tuple[Path, Filter]]:
    """Yield the filters of a pointer, each with the path of the entries that it chooses from."""
    path: list[str | int] = []
    for step in steps(pointer):
        path.append(0 if isinstance(step, _Any) else step)
        for each in step.filters if isinstance(step, _Any) else ():
            yield tuple(path), each


def _owner(instance: Node, found: tuple[Step, ...]) -> Node:
    """Return where a pointer starts: at another intervention that is the same product, for what that alone says."""
    other = instance.document.root["interventions"].find(instance["same_product_as"].text)
    key = found[0] if found and isinstance(found[0], str) else ""
    return other if key in _OF_PRODUCT and other and not instance[key] else instance


class Places(NamedTuple):
    """Where a pointer leads: the places that hold something, and those that lack it."""

    held: tuple[Node, ...]
    lacking: tuple[Node, ...]


def places(pointer: str, root: Node, instance: Node | None = None) -> Places:
    """Follow a pointer from the root, or from an instance where it is relative.

    A stated none (`none_reason`) on the way is where the pointer ends: the declaration is what is held there.
    """
    start = _owner(instance, steps(pointer)) if pointer.startswith(".") and instance is not None else root
    of = instance.path if instance is not None and _RELATIVE in pointer else start.path
    kept, key = start.document.known, (places, pointer, of)  # many rows look at the same places
    if key not in kept:
        walk = _Walk(instance)
        walk.follow(start, steps(pointer))
        kept[key] = Places(tuple(walk.held), tuple(walk.lacking or (walk.passed if not walk.held else ())))
    found: Places = kept[key]
    return found


class _Walk:
    """What a pointer came upon: what is held, what lacks, and what a filter passed over.

    What was passed over lacks where nothing is held.
    """

    def __init__(self, instance: Node | None) -> None:
        self.held: list[Node] = []
        self.lacking: list[Node] = []
        self.passed: list[Node] = []
        self._instance = instance

    def follow(self, node: Node, rest: tuple[Step, ...]) -> None:
        """Go from a place along some steps."""
        for index, step in enumerate(rest):
            if _is_none(node.value):
                break
            if isinstance(step, _Any):
                entries = _entries(node)
                if step.filters:
                    entries = [entry for entry in entries if step.takes(entry, self._instance)]
                for entry in entries:
                    self.follow(entry, rest[index + 1 :])
                if not entries:
                    (self.passed if step.filters else self.lacking).append(node)
                return
            node = node[step]
        if _is_none(node.value):
            self.held.append(node["none_reason"])
        else:
            (self.held if node else self.lacking).append(node)


def _is_none(value: Any) -> bool:
    """Say whether a thing is declared not to exist."""
    return isinstance(value, dict) and "none_reason" in value and not is_absent(value["none_reason"])


def _entries(node: Node) -> list[Node]:
    if isinstance(node.value, dict):
        return [node[key] for key in node.keys()]  # noqa: SIM118 - a node is no mapping
    return list(node)


def entries(pointer: str, root: Node, instance: Node | None = None) -> tuple[Node, ...]:
    """Return the entries that a pointer names, such as the instances of `per`; a declared none has no entries."""
    return tuple(node for node in places(pointer, root, instance).held if node.path[-1:] != ("none_reason",))


def at_fault(node: Node, fault: str) -> bool:
    """Say whether the pointer of a finding is at a place: there, below it, or at a value beside a sentence."""
    if f"{fault}/".startswith(f"{node.pointer}/"):
        return True
    return node.path[-1:] == ("text",) and fault.rpartition("/")[0] == node.pointer.rpartition("/")[0]
