"""Where evidence is looked for: JSON pointers with `*` for any entry, filters, and `./` for one instance of many."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.document import is_absent
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Node

_ANY = re.compile(r"\*(?:\[(?P<key>[A-Za-z_|]+)(?P<kind>[!~]?)=(?P<values>[^\]]+)\])?")


STATED = frozenset({"*"})


class _Any(NamedTuple):
    """Any entry, or those whose key has (`!`: has not, `~`: speaks of) one of some values; `*` is any value at all."""

    key: str = ""
    values: frozenset[str] = frozenset()
    kind: str = ""

    def takes(self, node: Node) -> bool:
        if not self.key:
            return True
        if self.kind == "~":
            told = " ".join(_texts(node[key]) for key in self.key.split("|"))
            return speaks(told, self.values)
        own = node[self.key]
        return (bool(own) if self.values == STATED else own.text in self.values) is not bool(self.kind)


Step = str | _Any


@cache
def steps(pointer: str) -> tuple[Step, ...]:
    """Return the steps of a pointer, without the `.` of one that is relative.

    Raises ValueError for a text that is no pointer.
    """
    if not pointer.startswith(("/", "./")):
        raise ValueError(f"{pointer!r} is no pointer; it begins with / or ./")
    return tuple(_step(text) for text in pointer.removeprefix(".").split("/")[1:])


def _step(text: str) -> Step:
    if not text.startswith("*"):
        return text.replace("~1", "/").replace("~0", "~")
    match = _ANY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no step of a pointer; a filter is written *[key=value]")
    if not match["key"]:
        return _Any()
    return _Any(match["key"], frozenset(match["values"].split("|")), match["kind"])


def _texts(node: Node) -> str:
    return node.text or " ".join(item.text for item in node)


def speaks(text: str, words: Iterable[str]) -> bool:
    """Say whether a text holds any of some words, in any case; `*` at the end of a word is any ending.

    Looked for by hand: an audit with all checklists would compile fifty patterns, each for a text or two.
    """
    folded = f" {text.casefold()} "
    return any(_stands(word, folded) for word in words)


def _stands(word: str, folded: str) -> bool:
    stem = word.rstrip("*").casefold()
    begin = folded.find(stem)
    while begin > 0:
        end = begin + len(stem)
        if not _in_word(folded[begin - 1]) and (word.endswith("*") or not _in_word(folded[end])):
            return True
        begin = folded.find(stem, begin + 1)
    return False


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def plain(pointer: str) -> list[str | int]:
    """Return a pointer as a path into the schema, any entry as the first one."""
    return [0 if isinstance(step, _Any) else step for step in steps(pointer)]


def filters(pointer: str) -> Iterator[tuple[list[str | int], str, frozenset[str]]]:
    """Yield the filters of a pointer: the path of the entries, the key, the values that it must have (not words)."""
    path: list[str | int] = []
    for step in steps(pointer):
        if isinstance(step, _Any) and step.key:
            for key in step.key.split("|"):
                yield [*path, 0], key, frozenset[str]() if step.kind == "~" else step.values
        path.append(0 if isinstance(step, _Any) else step)


class Places(NamedTuple):
    """Where a pointer leads: the places that hold something, and those that lack it."""

    held: tuple[Node, ...]
    lacking: tuple[Node, ...]


def places(pointer: str, root: Node, instance: Node | None = None) -> Places:
    """Follow a pointer from the root, or from an instance where it is relative.

    A stated none (`none_reason`) on the way is where the pointer ends: the declaration is what is held there.
    """
    start = instance if pointer.startswith(".") and instance is not None else root
    kept, key = start.document.known, (places, pointer, start.path)  # many rows look at the same places
    if key not in kept:
        held: list[Node] = []
        lacking: list[Node] = []
        _follow(start, steps(pointer), held, lacking)
        kept[key] = Places(tuple(held), tuple(lacking))
    found: Places = kept[key]
    return found


def _follow(node: Node, rest: tuple[Step, ...], held: list[Node], lacking: list[Node]) -> None:
    for index, step in enumerate(rest):
        if _is_none(node.value):
            break
        if isinstance(step, _Any):
            entries = [entry for entry in _entries(node) if step.takes(entry)]
            for entry in entries:
                _follow(entry, rest[index + 1 :], held, lacking)
            if not entries:
                lacking.append(node)
            return
        node = node[step]
    if _is_none(node.value):
        held.append(node["none_reason"])
    else:
        (held if node else lacking).append(node)


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
