"""Which interventions the trial schema leaves out of an epoch: those of which it is known that no dose falls there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.render.facts import is_treated
from protocolkit.render.tables_interventions import given
from protocolkit.schedule import days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.document import Node
    from protocolkit.render.view import View

DaySpan = tuple[Decimal, Decimal]


def absent(arm: View, epochs: Sequence[Node]) -> dict[str, frozenset[str]]:
    """Return for each epoch the interventions of an arm that are given in other epochs alone, as their days say."""
    spans = {} if any(other.has("epochs", "enters_from") for other in arm.each("/arms")) else _spans(epochs)
    found: dict[str, frozenset[str]] = {}
    for item in given(arm) if len(spans) > 1 else ():
        doses = _doses(item)
        inside = [name for name, span in spans.items() if any(meet(span, dose) for dose in doses)]
        for name in spans if inside else ():
            if name not in inside:
                found[name] = found.get(name, frozenset()) | {item.at("id").text}
    return found


def meet(epoch: DaySpan, dose: DaySpan) -> bool:
    """Say whether a dose falls in an epoch, whose last day is the first one of what follows."""
    return dose[0] < epoch[1] and dose[1] >= epoch[0]


def _spans(epochs: Sequence[Node]) -> dict[str, DaySpan]:
    """Return the days of each epoch of treatment, from the start of the first one; nothing where one has no length."""
    found: dict[str, DaySpan] = {}
    start = Decimal(0)
    for epoch in epochs:
        if not found and not is_treated(epoch):
            continue
        length = days(epoch["duration"].value)
        if length is None:
            return {} if any(is_treated(each) for each in epochs[epochs.index(epoch) :]) else found
        if is_treated(epoch):
            found[epoch["id"].text] = (start, start + length)
        start += length
    return found


def _doses(item: View) -> list[DaySpan]:
    """Return the days on which an intervention is given, from the first dose; nothing where they are not known."""
    anchor = item.values.names.find(item.at("regimen/anchor").value, "anchors")
    return step_days(item) if anchor is not None and anchor["kind"].text == "first_dose" else []


def step_days(item: View) -> list[DaySpan]:
    """Return the days of each step from the anchor of its regimen; nothing where one of them is not known."""
    if item.has("regimen/repeats", "regimen/taper/steps"):
        return []
    spans: list[DaySpan] = []
    for step in item.each("regimen/steps"):
        single = [days(node.value) for node in step.at("days")]
        ends = [days(step.at(key).value) for key in ("from", "to")]
        if single and None not in single:
            spans += [(day, day) for day in single if day is not None]
        elif ends[0] is not None and ends[1] is not None:
            spans.append((ends[0], ends[1]))
        else:
            return []
    return spans
