"""A protocol as rules see it: the document, the tags of its profiles, and what many rules ask."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Document, Node

DRUG_KINDS = frozenset({"drug", "biologic", "vaccine", "genetic"})


class Trial:
    """One protocol under the rules; what is asked more than once is worked out once."""

    def __init__(self, document: Document, tags: frozenset[str]) -> None:
        self.document = document
        self.tags = tags

    @cached_property
    def root(self) -> Node:
        """The node at the top of the protocol."""
        return self.document.root

    def at(self, pointer: str) -> Node:
        """Return the node at a pointer or locator; a missing node where it leads nowhere."""
        return self.root.at(pointer)

    def each(self, pattern: str) -> Iterator[Node]:
        """Yield every node that a pointer with `*` for any position or key names."""
        return _matching(self.root, pattern.split("/")[1:])

    @cached_property
    def drugs(self) -> tuple[Node, ...]:
        """The interventions that are medicines, vaccines or genetic."""
        return tuple(node for node in self.root["interventions"] if node["kind"].value in DRUG_KINDS)


def _matching(node: Node, steps: list[str]) -> Iterator[Node]:
    if not steps:
        if node:
            yield node
        return
    if steps[0] != "*":
        yield from _matching(node[steps[0]], steps[1:])
        return
    for item in node if isinstance(node.value, list) else (node[key] for key in node.keys()):  # noqa: SIM118 - a node
        yield from _matching(item, steps[1:])
