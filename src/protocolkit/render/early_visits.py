"""The visits before allocation, at which it is decided who takes part, with what is done at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.facts import is_before
from protocolkit.render.words import joined, run
from protocolkit.rules.rerandomised import randomises_again

if TYPE_CHECKING:
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View


def before_allocation(view: View) -> list[tuple[View, list[View]]]:
    """Return the visits to participants at which eligibility is judged or allocation made, each with its activities."""
    early = {epoch["id"].text for epoch in view.at("/design/epochs") if is_before(epoch)}
    deciding = _deciding(view)
    rows = []
    for visit in view.each("/schedule/visits"):
        stated = {visit.at("epoch").text, *(node.text for node in visit.at("epochs"))}
        wanted = stated & early or visit.at("id").text in deciding
        if wanted and visit.at("kind").text in ("", "scheduled") and visit.at("level").text != "cluster":
            rows.append((visit, _activities(visit)))
    return rows


def _deciding(view: View) -> set[str]:
    """Return the visits at which criteria are judged or participants are randomised for the first time."""
    criteria = [
        item.at("visit").text for kind in ("inclusion", "exclusion") for item in view.each(f"/population/{kind}")
    ]
    first = [item.at("at").text for item in view.each("/design/randomisations") if not randomises_again(item.node)]
    return {name for name in (*criteria, *first) if name}


def _activities(visit: View) -> list[View]:
    wanted = {node.text or node["id"].text for node in visit.at("activities")}
    return [item for item in visit.each("/schedule/activities") if item.at("id").text in wanted]


def early_sentences(view: View) -> list[Inlines]:
    """Say what is done at each visit before allocation."""
    made = []
    for visit, items in before_allocation(view):
        listed = joined([item.f("name") for item in items]) or run("nothing that the schedule lists")
        made.append(
            (
                *run("At the visit \N{LEFT DOUBLE QUOTATION MARK}"),
                *visit.f("name"),
                *run("\N{RIGHT DOUBLE QUOTATION MARK}, the following is done: "),
                *listed,
                *run("."),
            )
        )
    return made
