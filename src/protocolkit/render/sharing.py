"""Interventions that state the same, such as the doses of one product: told once, under all their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.view import View
from protocolkit.render.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.render.blocks import Inlines


class Together(View):
    """Several items that state the same: what is told of the first holds for all, and it goes by all their names."""

    def __init__(self, members: list[View]) -> None:
        first = members[0]
        super().__init__(first.values, first.node, first.index)
        self.members = members

    def f(self, place: str = "", how: str = "") -> Inlines:
        """Print the value at a place as a field; the name of the whole as the names of all."""
        if place == "" and how == "name":
            return joined([member.f(place, how) for member in self.members])
        return super().f(place, how)

    def being(self, pattern: str) -> Inlines:
        """Say what one item, or several, are: `It is stored ...`, `They are stored ...`."""
        return self.say(f"{'They are' if len(self.members) > 1 else 'It is'} {pattern}")


def together(items: Iterable[View], *keys: str) -> list[View]:
    """Draw items together that state the same below some keys; those that state nothing there stay by themselves.

    What the others state there counts as printed with the first of them.
    """
    groups: dict[str, list[View]] = {}
    for item in items:
        stated = repr([item.at(key).value for key in keys]) if item.has(*keys) else ""
        groups.setdefault(stated or item.node.pointer, []).append(item)
    for group in groups.values():
        for other in group[1:]:
            for key in keys:
                other.values.mark(other.at(key))
    return [Together(group) for group in groups.values()]
