"""What everybody is given in a run-in, by the epochs that the days of its doses fall in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.render.facts import epoch_kind
from protocolkit.render.figure_doses import meet, step_days
from protocolkit.render.words import flat, joined
from protocolkit.schedule.anchors import anchors_of

if TYPE_CHECKING:
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.render.figure_doses import DaySpan
    from protocolkit.render.view import View


def run_in_products(view: View, epoch: Node) -> str:
    """Name what everybody is given in a run-in, which is no arm's own; not in an epoch that no dose of it falls in."""
    if epoch_kind(epoch) != "run_in":
        return ""
    items = view.each("/design/run_in/interventions")
    names = view.names_of("/design/run_in/interventions")
    here = [epoch["id"].text in _epochs_of(view, item.owner("")) for item in items]
    return flat(joined([name for name, given in zip(names, here, strict=True) if given]))


def is_after_run_in(view: View, epoch: Node) -> bool:
    """Say whether an epoch of a run-in comes after all that is given in it, so that not everybody may have gone on."""
    return (
        epoch_kind(epoch) == "run_in"
        and view.has("/design/run_in/interventions", "/design/run_in/goes_on")
        and not run_in_products(view, epoch)
    )


def _epochs_of(view: View, item: View) -> frozenset[str]:
    """Return the epochs of the run-in that a dose falls in; all of them where that does not follow from the days."""
    spans = _spans(view)
    doses = _doses(view, item)
    own = frozenset(name for name, span in spans.items() if any(meet(span, dose) for dose in doses))
    return own or frozenset(epoch["id"].text for epoch in _run_ins(view))


def _run_ins(view: View) -> list[Node]:
    return [epoch for epoch in view.at("/design/epochs") if epoch_kind(epoch) == "run_in"]


def _spans(view: View) -> dict[str, DaySpan]:
    """Return the days of each epoch of the run-in, up to the first visit of the next; nothing where one is open."""
    starts = [(epoch, _start(view, epoch)) for epoch in view.at("/design/epochs")]
    first = next((at for at, (epoch, _) in enumerate(starts) if epoch_kind(epoch) == "run_in"), len(starts))
    found: dict[str, DaySpan] = {}
    for (epoch, start), (_, end) in pairwise(starts[first:]):
        if epoch_kind(epoch) == "run_in":
            if start is None or end is None or start >= end:
                return {}
            found[epoch["id"].text] = (start, end)
    return found


def _start(view: View, epoch: Node) -> Decimal | None:
    placed = anchors_of(view.values.root)
    own = [visit for visit in view.at("/schedule/visits") if visit["epoch"].text == epoch["id"].text]
    return min((day for visit in own for day in placed.visit(visit)), default=None)


def _doses(view: View, item: View) -> list[DaySpan]:
    """Return the days on which something is given, from the day that study days count from."""
    starts = anchors_of(view.values.root).offsets(item.at("regimen/anchor").value)
    return [(starts[0] + first, starts[0] + last) for first, last in step_days(item)] if len(starts) == 1 else []
