"""What comes of one need of an item, and the protocol as the needs see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocolkit.checklists.conditions import Situation
    from protocolkit.checklists.content import Content
    from protocolkit.document import Node
    from protocolkit.rules import Ran

AWAY = "nothing of this need applies"


class Missing(NamedTuple):
    """What an item lacks, and where it would stand."""

    pointer: str
    what: str


class Answer(NamedTuple):
    """What came of one need: satisfied or not, or for a person to say (None)."""

    satisfied: bool | None
    held: tuple[Node, ...] = ()
    missing: tuple[Missing, ...] = ()
    reason: str = ""


class Protocol:
    """A protocol as the items see it: its places, what counts as content there, and how its rules ended."""

    def __init__(self, situation: Situation, content: Content, ran: Mapping[str, Ran]) -> None:
        self.situation = situation
        self.content = content
        self.ran = ran
