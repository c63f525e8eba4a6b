"""Print what the file says and no sentence or table prints: as a list with the titles of the properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import List, ListItem, Text
from protocolkit.render.lexicon import from_id
from protocolkit.render.tables import BOLD
from protocolkit.render.unprinted import is_unprinted
from protocolkit.render.values import leaves, title
from protocolkit.render.words import ended, flat, glued, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View


def remainder(view: View, path: Path) -> Blocks:
    """Return what is stated below a path and not printed yet, and count it as printed."""
    node = view.values.root
    for step in path:
        node = node[step]
    items = tuple(ListItem(ended(line)) for line in _lines(view, node, ()))
    return (List(items),) if items else ()


def unprinted(view: View, node: Node) -> list[Path]:
    """Return the leaves at or below a place that nothing prints and that are to be printed."""
    return [path for path, _ in leaves(node) if path not in view.values.printed and not is_unprinted(path)]


def _lines(view: View, node: Node, above: tuple[str, ...]) -> Iterator[Inlines]:
    simple, nested = _parted(view, node)
    told = [(child, label) for child, label in simple if not (above and _names(child, above[-1]))]
    if above and not told and not nested:
        above, told = above[:-1], [(child, "") for child, _ in simple]
    for child, _ in simple:
        view.values.mark(child)
    if above and len(told) > 1 and isinstance(node.value, dict):
        yield glued((Text(f"{_titled(above)}: ", BOLD),), _drawn_together(view, told))
    else:
        for child, label in told:
            yield glued((Text(f"{_titled((*above, label))}: ", BOLD),), view.f(child.pointer))
    for child, label in nested:
        yield from _lines(view, child, (*above, label) if label else above)


def _names(node: Node, label: str) -> bool:
    """Say whether a place is the name under which its group is told."""
    return node.path[-1] in ("name", "title") and node.text == label


def _parted(view: View, node: Node) -> tuple[list[tuple[Node, str]], list[tuple[Node, str]]]:
    """Return what is left of a place: the values of its own, and what holds others."""
    left = [(child, label) for child, label in _children(node) if unprinted(view, child)]
    return [pair for pair in left if _is_simple(pair[0])], [pair for pair in left if not _is_simple(pair[0])]


def _drawn_together(view: View, items: list[tuple[Node, str]]) -> Inlines:
    """Print the values of one object in one line, each after its title."""
    made: Inlines = ()
    for child, label in items:
        begun = not made or flat(made).rstrip().endswith((".", "!", "?"))
        lead = f"{label[:1].upper()}{label[1:]}" if made and begun else label
        made = glued(made, (" " if begun else "; ") if made else "", f"{lead}: ", view.f(child.pointer))
    return made


def _children(node: Node) -> list[tuple[Node, str]]:
    if isinstance(node.value, list):
        several = len(node.value) > 1
        return [(item, _named(item) or (f"no. {number}" if several else "")) for number, item in enumerate(node, 1)]
    return [(node[key], title(node[key])) for key in keys_of(node)]


def _named(item: Node) -> str:
    return item["name"].text or item["title"].text or from_id(item["id"].text)


def _is_simple(node: Node) -> bool:
    if isinstance(node.value, list):
        return not any(isinstance(item.value, dict | list) for item in node)
    return not isinstance(node.value, dict) or set(keys_of(node)) <= _TOLD_AT_ONCE


_TOLD_AT_ONCE = {
    "min",
    "max",
    "min_inclusive",
    "max_inclusive",
    "anchor",
    "offset",
    "event",
    "before",
    "after",
    "none_reason",
}


def _titled(words: tuple[str, ...]) -> str:
    text = ", ".join(word for word in words if word)
    return text[:1].upper() + text[1:] or "Stated"
