"""Data that knows where it came from: a document, its pointers and locators, and a node for safe walking."""

from __future__ import annotations

import json
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Protocol, TypeVar
from weakref import ReferenceType, ref

from protocolkit.findings import Finding, Place, Severity, Span, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple[str | int, ...]
Result = TypeVar("Result")
Rest = ParamSpec("Rest")

_COLLECTIONS = (dict, list)
_NUMBERS = (int, float)

_START = Place(1, 1, 0)
NOWHERE = Span(_START, _START)


class Positions(Protocol):
    """Where the nodes of a document stand in its text; a reader supplies it."""

    def value(self, path: Path) -> Span | None:
        """Return the span of the value at a path, None where the document has no such path."""

    def key(self, path: Path) -> Span | None:
        """Return the span of the mapping key that leads to a path, None for list items and the root."""

    def token(self, path: Path) -> str | None:
        """Return the source text of a plain scalar, such as `6.10`; None for anything else."""


class NoPositions:
    """The positions of data that was never a text."""

    def value(self, path: Path) -> Span | None:  # noqa: ARG002 - the protocol's signature
        """Return None: there is no text."""
        return None

    key = value

    def token(self, path: Path) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Return None: there is no text."""
        return None


def pointer(path: Path) -> str:
    """Write a path as an RFC 6901 JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def is_absent(value: Any) -> bool:
    """Say whether a value counts as absent: null, empty, or only white space."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (not value and isinstance(value, _COLLECTIONS))


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if not is_absent(item)}
    if isinstance(value, list):
        return [_pruned(item) for item in value]
    return value


class Document:
    """A protocol file as read: its data, its text, and the findings of the reader.

    `data` is plain Python (dict with text keys, list, str, int, float, bool, None), and is not to be changed: what is
    worked out of it is kept. Other data is another document. A document that could not be read has `data` None and at
    least one finding of severity error.
    """

    def __init__(
        self, name: str, data: Any, text: str = "", positions: Positions | None = None,
        findings: tuple[Finding, ...] = (),
    ) -> None:  # fmt: skip
        self.name: Final = name
        self.data: Final = data
        self.text: Final = text
        self.positions: Final = positions or NoPositions()
        self.findings: Final = findings
        self.known: Final[dict[object, Any]] = {}  # what was worked out of the content; see `once`
        self._root: ReferenceType[Node] | None = None  # weak: nodes hold the document

    def named(self, name: str) -> Document:
        """Return the same document under another name."""
        return Document(name, self.data, self.text, self.positions, self.findings)

    @property
    def readable(self) -> bool:
        """Whether the file gave a mapping that can be checked and rendered."""
        return isinstance(self.data, dict) and not any(f.severity is Severity.ERROR for f in self.findings)

    @cached_property
    def content(self) -> Any:
        """The data without the keys that count as absent; list positions stay as they are."""
        return _pruned(self.data)

    @property
    def root(self) -> Node:
        """The node to start walking from; the same one as long as somebody holds it."""
        held = self._root() if self._root else None
        if held is None:
            held = Node(self, (), self.content)
            self._root = ref(held)
        return held

    def path(self, place: str) -> Path | None:
        """Resolve a JSON pointer or a locator to a path; None where it leads nowhere.

        `/arms/1/name` and `/arms/id=MID/name` name the same place when the second arm's id is MID.
        """
        if place == "":
            return ()
        if not place.startswith("/"):
            return None
        steps: list[str | int] = []
        value = self.content
        for raw in place[1:].split("/"):
            step = _step(raw.replace("~1", "/").replace("~0", "~"), value)
            if step is None:
                return None
            steps.append(step)
            value = value[step]
        return tuple(steps)

    def locator(self, path: Path) -> str:
        """Write a path as a locator: a pointer with `id=ID` in place of positions where the item has an id."""
        steps: list[str | int] = []
        value = self.content
        for step in path:
            value = _child(value, step)
            named = isinstance(step, int) and isinstance(value, dict) and isinstance(value.get("id"), str)
            steps.append(f"id={value['id']}" if named else step)
        return pointer(tuple(steps))

    def span(self, place: str, target: Target = Target.VALUE) -> Span:
        """Return where a pointer stands in the text.

        What is missing stands where its nearest parent's key stands; the key of a list item is the item itself.
        """
        return self.span_of(_split(place, self.data), target)

    def span_of(self, path: Path, target: Target = Target.VALUE) -> Span:
        """Return where a path stands in the text, as `span` does."""
        if target is Target.VALUE and (found := self.positions.value(path)):
            return found
        while path:
            found = self.positions.key(path) or (self.positions.value(path) if isinstance(path[-1], int) else None)
            if found:
                return found
            path = path[:-1]
        return NOWHERE


def canonical(document: Document) -> bytes:
    """Write a document's content as canonical JSON: keys sorted, UTF-8, no white space, without `provenance`."""
    content = document.content
    if isinstance(content, dict):
        content = {key: value for key, value in content.items() if key != "provenance"}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _split(place: str, data: Any) -> Path:
    steps: list[str | int] = []
    for raw in place.split("/")[1:]:
        text = raw.replace("~1", "/").replace("~0", "~")
        step: str | int = int(text) if isinstance(data, list) and text.isdecimal() else text
        steps.append(step)
        data = _child(data, step)
    return tuple(steps)


def _step(text: str, value: Any) -> str | int | None:
    if isinstance(value, dict):
        return text if text in value else None
    if not isinstance(value, list):
        return None
    if text.startswith("id="):
        matches = [i for i, item in enumerate(value) if isinstance(item, dict) and item.get("id") == text[3:]]
        return matches[0] if matches else None
    return int(text) if text.isdecimal() and int(text) < len(value) else None


def _child(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(step))
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


class Node:
    """A place in a document that may or may not hold a value; walking to a child never fails.

    Written out by hand: walking makes very many of them, and a frozen dataclass takes three times as long to make. A
    node keeps its children, as many rules walk the same ways.
    """

    __slots__ = ("__weakref__", "_below", "_items", "document", "path", "value")

    def __init__(self, document: Document, path: Path, value: Any) -> None:
        self.document: Final = document
        self.path: Final = path
        self.value: Final = value
        self._below: dict[str | int, Node] = {}
        self._items: tuple[Node, ...] | None = None

    def __getitem__(self, step: str | int) -> Node:
        """Return the child node, whether or not it exists."""
        try:
            return self._below[step]
        except KeyError:
            child = Node(self.document, (*self.path, step), _child(self.value, step))
            self._below[step] = child
            return child

    def __iter__(self) -> Iterator[Node]:
        """Yield the items of a list; nothing for anything else."""
        if self._items is None:
            self._items = tuple(self[index] for index in range(len(self.value))) if isinstance(self.value, list) else ()
        return iter(self._items)

    def __bool__(self) -> bool:
        """Say whether something is stated here; `false` and 0 are statements."""
        return not is_absent(self.value)

    @property
    def pointer(self) -> str:
        """The RFC 6901 pointer of this place."""
        return pointer(self.path)

    @property
    def locator(self) -> str:
        """The pointer with ids in place of positions."""
        return self.document.locator(self.path)

    @property
    def text(self) -> str:
        """The value as the author wrote it where it is a scalar, else an empty text."""
        value = self.value
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, bool):
            return "yes" if value else "no"
        return self.document.positions.token(self.path) or str(value) if isinstance(value, _NUMBERS) else ""

    def at(self, place: str) -> Node:
        """Return the node at a pointer or locator below this one; a missing node where it leads nowhere."""
        node = self
        for raw in place.split("/")[1:]:
            text = raw.replace("~1", "/").replace("~0", "~") if "~" in raw else raw
            step = _step(text, node.value)
            node = node[text if step is None else step]
        return node

    def keys(self) -> tuple[str, ...]:
        """Return the stated keys of a mapping, in the author's order."""
        return tuple(self.value) if isinstance(self.value, dict) else ()

    def find(self, identifier: str) -> Node:
        """Return the item of this list that has an id; a missing node where none has it."""
        step = f"id={identifier}"
        if step not in self._below and isinstance(self.value, list):
            for index, item in enumerate(self.value):
                if isinstance(item, dict) and item.get("id") == identifier:
                    self._below[step] = self[index]
                    break
        return self[step]


def once(work: Callable[Concatenate[Node, Rest], Result]) -> Callable[Concatenate[Node, Rest], Result]:
    """Work something out of a node once, and keep it with the node's document, whose content never changes.

    What else it is worked out of is part of what it is kept under.
    """

    @wraps(work)
    def known(node: Node, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        kept, key = node.document.known, (work, node.path, rest, *named.items())
        if key not in kept:
            kept[key] = work(node, *rest, **named)
        result: Result = kept[key]
        return result

    return known
