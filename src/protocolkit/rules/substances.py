"""What the library knows of the substances of a trial, and what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.library import facts
from protocolkit.rules.model import NotChecked
from protocolkit.rules.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node
    from protocolkit.library.facts import Row


def substance(intervention: Node) -> str:
    """Return the substance of an intervention by its nonproprietary name; an empty text where none is stated."""
    return intervention["substance"].text or intervention["names"]["nonproprietary"].text


def row_of(intervention: Node) -> Row | None:
    """Return what the library knows of the substance of an intervention."""
    return facts.find("substances", substance(intervention))


def require_known(interventions: Iterable[Node], what: str) -> None:
    """Raise NotChecked, with their names, where the library has no row for some substances."""
    unknown = [each for each in interventions if substance(each) and row_of(each) is None]
    if unknown:
        names = dict.fromkeys(substance(each) for each in unknown)
        raise NotChecked(f"the library does not know {listed([*names], 'or')}; {what}", unknown[0])
