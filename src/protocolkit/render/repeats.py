"""Courses and cycles of a regimen in words: how many there are, how often one begins, and what ends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.words import glued, plural

if TYPE_CHECKING:
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_PLACE = "regimen/repeats"
_NOUN = re.compile(r"[^\W\d]+([ -][^\W\d]+)?")


def repeats_words(item: View) -> Inlines:
    """Say how a regimen repeats: `5 courses, one every 4 weeks`; nothing for a regimen that does not."""
    if not item.has(_PLACE):
        return ()
    noun = _noun(item)
    until = item.say(f", until {{{_PLACE}/until:moment}}")
    every = item.say(f"one every {{{_PLACE}/every:each}}")
    if not item.has(f"{_PLACE}/times"):
        return glued(plural(noun), ", " if every else "", every, until)
    number = glued("at most " if until else "", item.f(f"{_PLACE}/times"))
    if item.at(f"{_PLACE}/times").value == 1:
        return glued(number, f" {noun}", item.say(f" of {{{_PLACE}/every}}"), until)
    return glued(number, f" {plural(noun)}", ", " if every else "", every, until)


def _noun(item: View) -> str:
    """Return what one turn is called in the file; a cycle where it is not, or at such length that no plural fits."""
    name = item.at(f"{_PLACE}/name").text
    if not _NOUN.fullmatch(name):
        return "cycle"
    item.values.mark(item.at(f"{_PLACE}/name"))
    return name.lower() if name.istitle() else name


def repeats_sentence(item: View) -> Inlines:
    """Say how a regimen repeats, when a turn may start and for how long it may be put off."""
    words = repeats_words(item)
    if not words:
        return ()
    noun, name = _noun(item), item.at(f"{_PLACE}/name").text
    called = () if not name or _NOUN.fullmatch(name) else item.say(f" One {noun} is called: {{{_PLACE}/name}}.")
    return glued(
        "The regimen is given in ", words, ".", called,
        item.say(f" A {noun} starts when the following is met: {{{_PLACE}/start_criteria}}."),
        item.say(f" A {noun} may be put off for {{{_PLACE}/longest_delay}} at most."),
    )  # fmt: skip
