"""Tables of a graphical testing procedure: the hypotheses with their levels, and how these are passed on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.render.tables import Column, listing
from protocolkit.render.words import glued, joined, run, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_GRAPH = "/statistics/testing_graph"


def testing_graph(view: View) -> Blocks:
    """Return the hypotheses with their levels at the start, and the shares that are passed on."""
    hypotheses = (
        Column("Hypothesis", lambda h: run(h.at("id").text), 2, required=True),
        Column("What is tested", _tested, 5, required=True),
        Column("Comparison", _compared, 5),
        Column("Share at the start", "{weight}", 2, required=True),
        Column("Level at the start", _level, 2),
    )
    transitions = (
        Column("Rejected", "{from}", 2, required=True),
        Column("Gets the level", "{to}", 2, required=True),
        Column("Share passed on", "{weight}", 2, required=True),
    )
    return (
        *listing(view.each(f"{_GRAPH}/hypotheses"), hypotheses, "Hypotheses of the graph", "tab:testing-graph"),
        *listing(view.each(f"{_GRAPH}/transitions"), transitions, "How the level is passed on", "tab:transitions"),
    )


def _tested(item: View) -> Inlines:
    """Name the endpoint by what is measured and by its id, with the words of the author."""
    outcome = item.owner("endpoint").owner("outcome")
    named = item.values.name(outcome.node) if outcome.node else ""
    item.values.mark(item.at("endpoint"))
    endpoint = f"{named} ({item.at('endpoint').text})" if named else item.at("endpoint").text
    return upper_first(glued(endpoint, item.say(", {text}" if endpoint else "{text}")))


def _compared(item: View) -> Inlines:
    names = item.names_of("arms")
    return joined(names, "versus" if len(names) == 2 else "and")  # noqa: PLR2004 - two are compared with each other


def _level(item: View) -> Inlines:
    """Return the part of the level of all tests that a hypothesis has before any is rejected."""
    whole, share = item.at(f"{_GRAPH}/alpha").value, item.at("weight").value
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (whole, share)):
        return ()
    level = Decimal(str(whole)) * Decimal(str(share))
    return glued(f"{level.normalize():f}" if level else "0")
