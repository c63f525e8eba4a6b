"""When a step of a regimen is given, in words: how often, at what times, on which days."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.render.intervals import INTERVAL, interval
from protocolkit.render.names import anchor_name
from protocolkit.render.phrases_titration import threshold
from protocolkit.render.times import day_list, is_zero, shifted
from protocolkit.render.words import MINUS, glued, run
from protocolkit.schedule import days, study_day

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_AFTER = re.compile(r"after ([0-9]+ \w+)")


def when_words(step: View) -> Inlines:
    """Say how often, at what times and on which days a step is given."""
    parts = (
        interval(step) if step.has(INTERVAL) else step.say("{frequency}"),
        step.say("at {times}"),
        threshold(step),
        _days(step),
        run("once") if _is_alone(step) else (),
    )
    return _commas(parts)


def _is_alone(step: View) -> bool:
    """Say whether a dose is one alone: that of a day which comes back in each cycle is not."""
    if not step.equals("when", "once") or step.has("frequency"):
        return False
    returns = bool(_regimen(step)["repeats"]) and step.node.path[3] == "steps"
    return not (returns and step.has("from"))


def _commas(parts: tuple[Inlines, ...]) -> Inlines:
    kept = [part for part in parts if part]
    return glued(*(piece for index, part in enumerate(kept) for piece in ((", ", part) if index else (part,))))


def _days(step: View) -> Inlines:
    if step.has("days"):
        return run(_written(step, "days"))
    if step.has("from") and step.has("to"):
        return glued(_span(step), step.say(", or until {until:moment}"))
    start = _once(step) if step.equals("when", "once") else step.say("from {from:moment}")
    return glued(start, " " if start and step.has("until") else "", _until(step))


def _once(step: View) -> Inlines:
    """Say when a single dose is given: at an event, on a day, or so many minutes or hours after the regimen begins."""
    node = step.at("from")
    named = step.values.names.referred(node["anchor"] or node) is not None
    if named and (not node["offset"] or is_zero(node["offset"].text)):
        return step.say("at {from:moment}")
    begins = step.values.names.find(_regimen(step)["anchor"].value, "anchors", "visits")
    after = days(node.value)
    if begins is None or after is None or not 0 < abs(after) < 1:
        return step.say("{from:moment}")
    step.values.mark(node)
    return run(shifted(node.text, anchor_name(begins)))


def _regimen(step: View) -> Node:
    """Return the regimen that a step belongs to."""
    return step.values.root.at("/" + "/".join(map(str, step.node.path[:3])))


def _until(step: View) -> Inlines:
    """Say until when; of an event that is only a length of time, how long."""
    event = step.at("until/event").text
    if match := _AFTER.fullmatch(event):
        step.values.mark(step.at("until"))
        return run(f"for {match[1]}")
    return step.say("until {until:moment}")


def _span(step: View) -> Inlines:
    first, last = step.at("from"), step.at("to")
    if days(first.value) is None or days(last.value) is None:
        for node in (first, last):
            step.values.mark(node)
        return run(step.values.span(first, last))
    step.values.mark(first)
    step.values.mark(last)
    rule = step.values.rule
    start, end = (study_day(days(node.value) or Decimal(0), rule) for node in (first, last))
    return run((f"Days {start} to {end}" if start != end else f"Day {start}").replace("-", MINUS))


def _written(step: View, place: str) -> str:
    node = step.at(place)
    step.values.mark(node)
    found = [days(item.value) for item in node]
    return day_list([study_day(day, step.values.rule) for day in found if day is not None])
