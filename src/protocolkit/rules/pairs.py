"""A thing that a protocol tells in two places, for the rules that ask whether both say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.findings import Severity


class Pair(NamedTuple):
    """A thing that is told twice: where, what it is, what the other place says, and whether both say the same."""

    at: Node
    what: str
    other: str
    alike: bool
    weight: Severity | None = None
