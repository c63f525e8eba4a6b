"""What words say of a scale: its ends in the name and the anchors, and the value that stands for the worst outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.rules.instruments import higher_is
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SPAN = Pattern(r"(?<![0-9.])([01]) ?(?:-|to|\N{EN DASH}) ?([0-9]{1,3})(?![0-9.])")  # scales begin at 0 or 1
_ENDS = Pattern(r"^\W*([0-9]{1,3})\b[^0-9]*\bto ([0-9]{1,3})\b[^0-9]*$")
_VALUE = Pattern(r"^(-?[0-9]+(?:\.[0-9]+)?)(?: |$)", exact=True)
_WORST = Pattern(r"\bworst\b|\bmost severe\b")
_BEST = Pattern(r"\bbest\b")


def other_ends(outcome: Node) -> Iterator[Found]:
    """Find a scale whose name or anchors tell other ends than its range."""
    span = outcome["range"]
    low, high = quantity(span["min"]), quantity(span["max"])
    if low is None or high is None or low.unit.code != high.unit.code:
        return
    for told, pattern in ((outcome["instrument"]["name"], _SPAN), (outcome["anchors"], _ENDS)):
        match = pattern.search(told.text)
        if match is not None and sorted(map(int, match.groups())) != sorted((low.value, high.value)):
            message = f"{named(outcome)} goes from {span['min'].text} to {span['max'].text}, and says {told.text[:60]}"
            yield Found(told, message, "tell one range", ((span, "the range"),))
            return


def assigned(trial: Trial, outcome: Node) -> Iterator[Found]:
    """Find a value of a composite strategy that lies outside the scale, or is called the worst and is the best."""
    for objective in trial.root["objectives"]:
        for estimand in objective["estimands"]:
            endpoint = objective["endpoints"].find(estimand["variable"].text)
            for event in estimand["intercurrent_events"] if endpoint["outcome"].text == outcome["id"].text else ():
                yield from _value(event["value_if_composite"], outcome)


def _value(told: Node, outcome: Node) -> Iterator[Found]:
    match, span = _VALUE.search(told.text), outcome["range"]
    low, high = quantity(span["min"]), quantity(span["max"])
    if match is None or low is None or high is None or low.unit.code != high.unit.code:
        return
    value, ends = float(match[1]), (float(low.value), float(high.value))
    better = {"better": ends[1], "worse": ends[0]}.get(higher_is(outcome["direction"].text))
    worst, best = _WORST.search(told.text), _BEST.search(told.text)
    related = ((span, "the range"),)
    if worst and not best and value == better:
        message = f"{named(outcome)}: {told.text[:60]} is the best value of the scale ({outcome['direction'].text})"
        yield Found(told, message, "name the other end of the scale", related)
    elif worst and not ends[0] <= value <= ends[1]:
        message = f"{named(outcome)} goes from {span['min'].text} to {span['max'].text}; {told.text[:60]} is outside"
        yield Found(told, message, "tell a value of the scale", related)
