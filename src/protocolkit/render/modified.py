"""What becomes of an intervention by a rule of modification: the action, and what a dose is reduced to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.words import glued, run, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View


def action(item: View, *, dosed: bool) -> Inlines:
    """Say what a rule does; what has no dose, such as a device or a procedure, is done once more."""
    again = not dosed and item.equals("action", "extra_dose")
    named = run("Repeat") if again else upper_first(item.f("action", "term-low:modification_action"))
    return glued(named, reduced_to(item, "to"), item.say(": {extra}"))


def reduced_to(item: View, place: str) -> Inlines:
    """Say what a dose is reduced to, ` to 5 mg`; what begins with a preposition, ` by 20 U`, stands as it is."""
    own = item.at(place).text.casefold().startswith(("by ", "to ", "from "))
    return item.say(f" {{{place}}}" if own else f" to {{{place}}}")
