"""Tables of tests of several hypotheses: a graph with its levels, and the candidate models of a dose-response."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Paragraph
from protocolkit.render.tables import Column, listing
from protocolkit.render.view import View
from protocolkit.render.words import beside, glued, joined, run, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines

_GRAPH = "/statistics/testing_graph"
_MODELLED = "/statistics/dose_response"
_OF_MODELS = {
    "arms": "Dose groups",
    "contrasts": "Contrasts",
    "selection": "Choice of the model",
    "target_effect": "Target effect",
    "target_dose": "Target dose",
}


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


def dose_response(objective: View) -> Blocks:
    """Say how the relation of dose and response is modelled, at the objective whose endpoint it is about."""
    item = View(objective.values, objective.at(_MODELLED))
    mine = {part.at("id").text for part in objective.each("endpoints")}
    if not item.node or item.at("endpoint").text not in mine:
        return ()
    told = [item.must("The relation of {endpoint} to the dose is modelled: {method}.")]
    told += [item.say(f"{words}: {{{key}}}.") for key, words in _OF_MODELS.items()]
    models = (
        Column("Shape", lambda m: m.f("shape", "term:dose_response_shape"), 3, required=True),
        Column("Guesses", "{guesses}", 7),
    )
    return (
        Paragraph(beside(told)),
        *listing(item.each("models"), models, "Candidate models of the dose-response", "tab:dose-response"),
    )


def _tested(item: View) -> Inlines:
    """Name the endpoint by what is measured and by its id, with the words of the author."""
    outcome = item.owner("endpoint").owner("outcome")
    named = item.values.name(outcome.node) if outcome.node else ""
    item.values.mark(item.at("endpoint"))
    apart = _told_apart(item)
    endpoint = glued(named, apart, f" ({item.at('endpoint').text})") if named else item.f("endpoint")
    claim = item.say(", {claim}" if endpoint else "{claim}")
    return upper_first(glued(endpoint, claim, item.say(", {text}" if endpoint or claim else "{text}")))


def _told_apart(item: View) -> Inlines:
    """Say of an endpoint what other tested endpoints with the same outcome have otherwise: its cohorts, its time."""
    endpoint = item.owner("endpoint")
    tested = [other.owner("endpoint") for other in item.each(f"{_GRAPH}/hypotheses")]
    alike = [other for other in tested if other.equals("outcome", endpoint.at("outcome").text)]
    cohorts, visits = ({str(other.at(key).value) for other in alike} for key in ("cohorts", "visit"))
    who = (endpoint.say(" in {cohorts}") or run(" in all cohorts")) if len(cohorts) > 1 else ()
    return glued(who, endpoint.say(" at {visit}") if len(visits) > 1 else ())


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
