"""Interim analyses: what each look tests, on how much information, and within which bounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.tables import Column, lines, listing
from protocolkit.render.tables_objectives import called
from protocolkit.render.words import beside, ended, glued, joined, run, unique, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines, Paragraph
    from protocolkit.render.view import View

_FINAL = re.compile(r"\bfinal (?:test|analysis|look)\b|\bat the end\b", re.IGNORECASE)


def interim(view: View) -> Blocks:
    """Return the interim analyses."""
    columns = (
        Column("Analysis", lambda i: glued(i.at("id").text, i.say(": {purpose}")), 4, required=True),
        Column("Endpoints", _tested, 3),
        Column("Information", _moment, 3, required=True),
        Column(
            "Bounds",
            lambda i: lines(
                _bounds(i),
                *(_test(test) for test in i.each("tests")),
                _bounds(i, final=True),
                i.say("Spending: {spending}."),
                i.say("Stop for efficacy: {efficacy_stop}."),
            ),
            5,
        ),
        Column("Rule", "{rule}", 3),
        Column(
            "Seen and decided by",
            lambda i: lines(i.say("Seen by {seen_by:the}."), i.say("Decided by {decided_by:the}.")),
            4,
        ),
    )
    looks = view.each("/statistics/interim")
    final = any(look.has("tests") and all(test.yes("final") for test in look.each("tests")) for look in looks)
    return listing(looks, columns, "Interim and final analyses" if final else "Interim analyses", "tab:interim")


def _bounds(item: View, *, final: bool = False) -> Inlines:
    """Print the bounds that a look states for all its endpoints: those of the look, or those of the test at the end."""
    listed = item.each("bounds")
    if not listed:
        return () if final else upper_first(item.say("{bounds}"))
    own = [bound.f("") for bound in listed if bool(_FINAL.search(bound.at("").text)) is final]
    return upper_first(joined(own))


def _tested(item: View) -> Inlines:
    """Name the endpoints of a look by what is measured and by their ids; in full where two are of one outcome."""
    found = [(part, "") for part in item.each("endpoints")] + [(test, "endpoint") for test in item.each("tests")]
    outcomes = {part.at(place).text: part.owner(place).at("outcome").text for part, place in found}
    measured = list(outcomes.values())
    return joined(unique([_endpoint(part, place, measured) for part, place in found]))


def _endpoint(item: View, place: str, measured: list[str]) -> Inlines:
    """Name the endpoint of a place by what is measured and by its id."""
    node, owner = item.at(place), item.owner(place)
    outcome = owner.owner("outcome")
    item.values.mark(node)
    if outcome.node and measured.count(owner.at("outcome").text) > 1:
        return upper_first(called(owner))
    return upper_first(run(f"{item.values.name(outcome.node)} ({node.text})" if outcome.node else node.text))


def _test(test: View) -> Inlines:
    """Say how a look tests one endpoint: `E2, final test: alpha 0.005; z = 2.786`."""
    last = ", final test" if test.yes("final") else ", not the final test" if test.no("final") else ""
    parts = [test.say("alpha {alpha}"), test.say("spending: {spending}"), test.say("{bounds}")]
    said = beside(parts, "; ")
    return ended(glued(run(test.at("endpoint").text), last, ": " if said else "", said))


def _had(test: View) -> Inlines:
    """Say how much information on one endpoint there is at a look: `E2: 361 events`."""
    parts = [test.say("{events} events"), test.say("{information}")]
    return glued(run(test.at("endpoint").text), ": ", beside(parts, ", "))


def _moment(item: View) -> tuple[Paragraph, ...]:
    """Print how much information a look has, or when it is; the share is asked for where neither is stated."""
    share = item.f("information") if item.has("information") or not item.has("when", "events", "tests") else ()
    told = (_had(test) for test in item.each("tests"))
    return lines(share, item.say("{events} events"), *told, upper_first(item.say("{when}")))
