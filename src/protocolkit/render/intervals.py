"""Intervals that are fitted to each participant, in words: how far they reach, and what extends or shortens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.times import is_as_needed
from protocolkit.render.blocks import Mark, Paragraph, Text
from protocolkit.render.times import every, magnitude, stretch
from protocolkit.render.words import beside, glued, run

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

INTERVAL = "interval_adjustment"
_BOLD = frozenset({Mark.BOLD})


def interval(step: View) -> Inlines:
    """Say how often a step is given whose interval is fitted: `every 4 to 12 weeks, fitted to the participant`."""
    node = step.at(INTERVAL)
    shortest, longest = node["shortest"].text, node["longest"].text
    for key in ("shortest", "longest"):
        step.values.mark(node[key])
    if is_as_needed(step.node):
        most = f" and at most {magnitude(longest)}" if longest else ""
        return glued(step.f("frequency"), f", at least {magnitude(shortest)}{most} apart")
    fitted = f"every {stretch(shortest, longest)}" if longest else f"{every(shortest)} or less often"
    return glued(step.say("{frequency} at first, then "), run(f"{fitted}, fitted to the participant"))


def interval_rules(item: View) -> Blocks:
    """Say for each step of a regimen what its interval is fitted by."""
    steps = [*item.each("regimen/steps"), *item.each("regimen/taper/steps")]
    return tuple(block for step in steps if step.has(INTERVAL) for block in _rules(step))


def _rules(step: View) -> Blocks:
    sentences = (
        step.say(f"An administration is due when the following holds: {{{INTERVAL}/due_when}}."),
        _changed(step, "extended", "extend"),
        _changed(step, "shortened", "shorten"),
        step.say(f"Who decides on the interval: {{{INTERVAL}/assessed_by}}."),
        step.say(f"The interval is not adjusted before {{{INTERVAL}/not_before:moment}}."),
    )
    told = beside(sentences)
    return (Paragraph((Text(f"Interval of step {step.at('id').text}: ", _BOLD), *told)),) if told else ()


def _changed(step: View, what: str, key: str) -> Inlines:
    """Say by how much the interval is extended or shortened, and when."""
    size = f" by {{{INTERVAL}/{key}_by}}" if step.has(f"{INTERVAL}/{key}_by") else ""
    told = f" when the following holds: {{{INTERVAL}/{key}_when}}" if step.has(f"{INTERVAL}/{key}_when") else ""
    return step.must(f"It is {what}{size}{told or ' at a time'}.") if size or told else ()
