"""Objectives with their endpoints, and the table of each estimand in the labels of the standard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Field, Row, Table
from protocolkit.render.endpoints import endpoint_words, placed
from protocolkit.render.tables import Column, cell, filled, headings, lines, listing, missing
from protocolkit.render.terms import label
from protocolkit.render.values import title
from protocolkit.render.words import ended, glued, joined, run, unended, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines, Paragraph
    from protocolkit.render.view import View

_COMPARED = ("/arms", "/design/external_comparators")
_LEVELS = ("primary", "secondary", "exploratory")
_PARTS = ("outcome", "metric", "threshold", "visit", "timepoint", "arm_visits", "interval")


def endpoint(view: View) -> Inlines:
    """Print an endpoint with how it is summarised, in whom and in which set."""
    words = upper_first(endpoint_words(view.node, view.values))
    for part in (*_PARTS, *(() if placed(view.node) else ("time_frame",))):
        view.values.mark(view.at(part))
    named = (Field(view.node.locator, title(view.node), words),)  # type: ignore[arg-type]
    known = view.at("id").text
    return glued(
        named,
        f" ({known})" if known else "",
        view.say("; baseline: from {baseline/from:moment} to {baseline/to:moment}"),
        view.say("; time frame: {time_frame}") if placed(view.node) else (),
        view.say("; summary: {aggregation}"),
        _goal(view),
        unended(view.say("; censoring: {censoring}")),
        view.say("; cohorts: {cohorts}" if view.many("cohorts") > 1 else "; cohort: {cohorts}"),
        unended(view.say("; subset: {subset}")),
        view.say("; analysis set {analysis_set}"),
        _among_several(view),
    )


def _goal(view: View) -> Inlines:
    """Say which number an endpoint is to surpass, on which side, and where that comes from."""
    side = _beyond(view) or {"higher_better": "above ", "lower_better": "below "}.get(
        view.owner("outcome").at("direction").text, ""
    )
    return glued(view.say(f"; performance goal: {side}{{goal/value}}"), view.say(" ({goal/against})"))


def _beyond(view: View) -> str:
    """Return the side of a goal on which its analysis sees success.

    The bounds of success are surer than the direction of the outcome: of an event, freedom from it may be counted.
    """
    own = view.at("id").text
    for analysis in view.each("/statistics/analyses"):
        if own and analysis.at("endpoint").text == own:
            lower, upper = (analysis.has(f"success_bounds/{side}") for side in ("lower", "upper"))
            if lower is not upper:
                return "above " if lower else "below "
    return ""


def _among_several(view: View) -> Inlines:
    """Say how a primary endpoint stands to the others, in the words behind the name of that."""
    if not view.has("co_primary"):
        return ()
    told = label("several_primary", view.at("co_primary").text).partition(" (")[2]
    whose = view.say(" for {authorities}")
    kind = run("primary") if view.equals("co_primary", "by_authority") else view.f("co_primary")
    view.values.mark(view.at("co_primary"))
    return glued("; ", kind, " endpoint", whose, f" ({told}" if told else "")


def among(endpoint_: View) -> Inlines:
    """Say to whom an endpoint is limited, behind its name."""
    return endpoint_.say(" ({subset})") or endpoint_.say(" ({cohorts})")


def component(item: View) -> Inlines:
    """Print a component of a composite outcome with what counts, and which of two is better where they are compared."""
    return glued(item.f("name", "cap"), item.say(": {definition}"), item.say(" ({comparison})"))


def _endpoints(view: View) -> tuple[Paragraph, ...] | Inlines:
    parts = [ended(glued(endpoint(item), item.say(". Rationale: {rationale}"))) for item in view.each("endpoints")]
    return lines(*parts) if parts else view.f("endpoints")


def objectives(view: View) -> Blocks:
    """Return the table of objectives with their endpoints, the primary ones first."""
    items = sorted(view.each("/objectives"), key=lambda item: _rank(item.at("level").text))
    columns = (
        Column("Level", lambda item: item.f("level", "cap"), 2, required=True),
        Column("Kind", lambda item: item.f("kind", "cap") if item.has("kind") else (), 2),
        Column("Objective", lambda item: item.s("text"), 5, required=True),
        Column("Endpoints", _endpoints, 6, required=True),
    )
    made = listing(items, columns, "Objectives and endpoints", "tab:objectives")
    return made or (missing(view, "/objectives", "objectives, each with its endpoints"),)


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)


def estimands(view: View) -> Blocks:
    """Return one table for each estimand of an objective."""
    return tuple(_estimand(item) for item in view.each("estimands"))


def _estimand(item: View) -> Table:
    rows = [
        headings(("Estimand Characteristic", "Description")),
        _row("Population", upper_first(item.s("population"))),
        _row("Treatment", _treatment(item)),
        _row("Endpoint", _variable(item)),
        _row("Population-level Summary", upper_first(item.s("summary"))),
    ]
    events = item.each("intercurrent_events")
    if events:
        rows.append(
            Row(
                (cell("Other Intercurrent Event", header=True, shaded=True), cell("Strategy", header=True, shaded=True))
            )
        )
        rows.extend(Row((filled(_event(event)), filled(_strategy(event)))) for event in events)
    else:
        rows.append(_row("Other Intercurrent Event", item.f("intercurrent_events")))
    number = item.at("id").text
    item.values.mark(item.at("id"))
    return Table(
        tuple(rows), (1, 2), run(f"Estimand {number}"), f"tab:estimand-{number}", "The attributes of one estimand."
    )


def _row(label: str, content: Inlines | tuple[Paragraph, ...]) -> Row:
    return Row((cell(label, header=True), filled(content)))


def _treatment(item: View) -> Inlines:
    if not item.has("treatment"):
        return item.f("treatment")
    names = item.names_of("treatment/arms")
    against_each_other = len(names) == 2 and not item.has("treatment/against")  # noqa: PLR2004 - each with the other
    arms = joined(names, "versus" if against_each_other else "and")
    return glued(
        upper_first(arms or factor_levels(item)) or item.f("treatment/arms"), item.say(" versus {treatment/against}"),
        item.say(", at the levels {treatment/levels}"),
        item.say(", with {treatment/with}"), ".",
        comparisons(item),
    )  # fmt: skip


def factor_levels(item: View) -> Inlines:
    """Name the levels of the factor that an estimand compares, where the arms of each are taken together."""
    factor = item.owner("treatment/factor")
    if not factor.node:
        return ()
    item.values.mark(item.at("treatment/factor"))
    levels = joined([level.f("name") for level in factor.each("levels")], "versus")
    others = item.many("/design/factorial/factors") - 1
    return glued(levels, f" over all levels of the other factor{'' if others == 1 else 's'}")


def comparisons(item: View) -> Inlines:
    """Say which arms are compared with which, where an estimand has several."""
    parts = [_named(part) for part in item.each("treatment/comparisons")]
    return glued(" Comparisons: ", joined(parts), ".") if parts else ()


def _named(item: View) -> Inlines:
    """Write a comparison with the names of its arms and comparators in place of their ids."""
    compared = [part for place in _COMPARED for part in item.each(place) if part.at("id").text]
    names = {part.at("id").text: part.at("name").text for part in compared}
    item.values.mark(item.node)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
    return run(known.sub(lambda match: names[match[0]] or match[0], item.at("").text) if names else item.at("").text)


def _variable(item: View) -> Inlines:
    owner = item.owner("variable")
    if not owner.node:
        return item.f("variable")
    item.values.mark(item.at("variable"))
    return glued(
        upper_first(endpoint_words(owner.node, item.values)),
        owner.say("; summary: {aggregation}"),
        owner.say("; subset: {subset}"),
        ".",
        _same(item),
    )


def _same(item: View) -> Inlines:
    """Name the further endpoints of an estimand, each with those to whom it is limited and its id."""
    item.values.mark(item.at("same_for"))
    named = [called(part.owner("")) if part.owner("").node else part.f("") for part in item.each("same_for")]
    return glued(" The same estimand holds for: ", joined(named), ".") if named else ()


def called(endpoint_: View) -> Inlines:
    """Name an endpoint so that it is told from any other: in words, with those to whom it is limited and its id."""
    return glued(endpoint_words(endpoint_.node, endpoint_.values), among(endpoint_), f" ({endpoint_.at('id').text})")


def _event(event: View) -> tuple[Paragraph, ...]:
    return lines(
        event.f("event", "cap"),
        event.say("Definition: {definition}."),
        event.say("Detected by: {how_detected}."),
        event.say("End of exposure: {end_of_exposure}."),
        event.say("By arm: {per_arm}."),
    )


def _strategy(event: View) -> tuple[Paragraph, ...]:
    return lines(
        upper_first(event.f("strategy", "term:strategy")),
        event.say("Value assigned: {value_if_composite}."),
        event.say("Scenario: {scenario_if_hypothetical}."),
        event.say("Data after the event: {data_after}."),
        event.say("Reason: {rationale}."),
    )


def progression(view: View) -> Blocks:
    """Return the progression criteria of a pilot trial."""
    columns = (
        Column("Measure", "{measure}", 4, required=True),
        Column("Go", "{go}", 3, required=True),
        Column("Amend", "{amend}", 3),
        Column("Stop", "{stop}", 3, required=True),
    )
    return listing(view.each("progression"), columns, "Progression criteria")


def objective_words(objective: View) -> str:
    """Call an objective by its level, and by its number where there are several of that level."""
    level = objective.at("level").text
    same = [item.node.path for item in objective.each("/objectives") if item.at("level").text == level]
    number = f" {same.index(objective.node.path) + 1}" if len(same) > 1 and objective.node.path in same else ""
    return f"{level} objective{number}".strip()
