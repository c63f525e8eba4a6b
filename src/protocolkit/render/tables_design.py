"""Tables of the design and the population: rules of adaptation, priors, domains, cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.tables import Column, lines, listing
from protocolkit.render.tables_objectives import objective_words
from protocolkit.render.words import flat, glued, joined, run, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Block, Blocks, Inlines, Paragraph
    from protocolkit.render.view import View


def adaptive_rules(view: View) -> Blocks:
    """Return the rules of an adaptive design: what decides, from which value on, and what is done."""
    columns = (
        Column("What decides", "{measure}", 5, required=True),
        Column("Threshold", "{threshold}", 3, required=True),
        Column("Action", "{action:cap}", 3, required=True),
        Column("Arms", "{arms}", 4),
        Column("Note", "{note:cap}", 4),
    )
    return listing(view.each("/design/adaptive/rules"), columns, "Rules of adaptation", "tab:adaptive-rules")


def priors(view: View) -> Blocks:
    """Return the prior distributions of a Bayesian analysis with what they rest on."""
    columns = (
        Column("Parameter", "{parameter}", 4, required=True),
        Column("Prior distribution", "{prior}", 4, required=True),
        Column("What it rests on", "{source}", 3),
    )
    return listing(view.each("/design/adaptive/priors"), columns, "Prior distributions", "tab:priors")


def selection_tests(view: View) -> Blocks:
    """Return the tests by which participants are selected or parted."""
    columns = (
        Column("What is found out", "{name:cap}", 4, required=True),
        Column("Assay", "{assay:cap}", 4, required=True),
        Column("Specimen", "{specimen:cap}", 3),
        Column("Cut-off", "{cut_off:cap}", 4),
        Column("How it is done", _tested, 5),
    )
    tests = view.each("/population/selection_tests")
    return listing(tests, columns, "Tests that select participants", "tab:selection-tests")


def _tested(item: View) -> tuple[Paragraph, ...]:
    return lines(
        item.say("Laboratory: {laboratory}."),
        item.say("Result within {turnaround}."),
        item.say("Without a result: {undetermined}."),
        item.say("Status: {status}."),
    )


_FEW = 6


def operating_characteristics(view: View) -> Blocks:
    """Return what the design does under each scenario, with a column for each measure where these are few."""
    made: list[Block] = []
    for place, called in (("adaptive", "adaptive design"), ("dose_escalation", "escalation of doses")):
        items = view.each(f"/design/{place}/operating_characteristics")
        measures = list(dict.fromkeys(part.at("measure").text for item in items for part in item.each("results")))
        columns = (
            Column("Scenario", "{scenario}", 4, required=True),
            Column("Assumptions", lambda item: lines(*(upper_first(part.f()) for part in item.each("assumptions"))), 4),
            *(map(_of_measure, measures) if len(measures) <= _FEW else (Column("Results", _results, 5),)),
        )
        made += listing(items, columns, f"Operating characteristics of the {called}", f"tab:characteristics-{place}")
    return tuple(made)


def _of_measure(name: str) -> Column:
    """Return the column of one measure."""

    def value(item: View) -> Inlines:
        parts = [part for part in item.each("results") if part.at("measure").text == name]
        for part in parts:
            part.values.mark(part.at("measure"))
        return joined([part.f("value") for part in parts])

    return Column(name[:1].upper() + name[1:], value, 2)


def _results(item: View) -> tuple[Paragraph, ...]:
    return lines(*(part.must("{measure:cap}: {value}") for part in item.each("results")))


def factors(view: View) -> Blocks:
    """Return which level of each factor an arm of a factorial trial has."""
    items = view.each("/design/factorial/factors")
    columns = (Column("Arm", "{name}", 4, required=True), *(_of_factor(item) for item in items))
    return listing(view.each("/arms") if items else [], columns, "Factors and their levels", "tab:factors")


def _of_factor(factor: View) -> Column:
    """Return the column of one factor."""

    def level(arm: View) -> Inlines:
        own = [part for part in factor.each("levels") if arm.at("id").text in {node.text for node in part.at("arms")}]
        for part in own:
            part.values.mark(part.at("arms"))
        return upper_first(joined([part.f("name") for part in own]))

    name = factor.s("name") or factor.f("id")
    return Column(flat(upper_first(name)).rstrip("."), level, 4)


def domains(view: View) -> Blocks:
    """Return the domains of a platform: arms that are compared with each other and randomised by themselves."""
    columns = (
        Column("Domain", "{name}", 3, required=True),
        Column("Arms", "{arms}", 5, required=True),
        Column("Objectives", _objectives, 3),
        Column("Control", lambda d: upper_first(glued(d.say("{control/type}"), d.say(": {control/justification}"))), 4),
        Column("Who may enter", "{eligible}", 5),
    )
    return listing(view.each("/design/master_protocol/domains"), columns, "Domains", "tab:domains")


def _objectives(item: View) -> Inlines:
    """Name the objectives that a domain answers by their titles; Section 3 has their texts."""
    item.values.mark(item.at("objectives"))
    named = [objective_words(part.owner("")) for part in item.each("objectives")]
    return upper_first(joined([run(name) for name in named]))


def cohorts(view: View) -> Blocks:
    """Return the cohorts of the population: who belongs to each, how many, and when it opens."""
    columns = (
        Column("Cohort", "{name}", 3, required=True),
        Column("Who belongs to it", _belonging, 4),
        Column("Age", "{age}", 2),
        Column("Participants", "{participants}", 2),
        Column("Arms", "{arms}", 3),
        Column("Belongs to", "{belongs_to}", 2),
        Column("Opens when", "{opens_when}", 4),
        Column("Sentinel participants", _sentinel, 4),
    )
    return listing(view.each("/population/cohorts"), columns, "Cohorts", "tab:cohorts")


def _belonging(item: View) -> Inlines:
    """Say who belongs to a cohort: in words, and by the values at entry that tell it."""
    parts = [glued(each.say("{measure} {value}"), each.say(" at {visit}")) for each in item.each("limits")]
    item.values.mark(item.at("any_limit"))
    told = joined(parts, "or" if item.at("any_limit").value is True else "and")
    defined = item.say("{definition}")
    return upper_first(glued(defined, "; " if defined and told else "", told))


def _sentinel(item: View) -> Inlines:
    return upper_first(
        glued(
            item.say("{sentinel/participants}, the others no earlier than {sentinel/interval} after the last of them"),
            item.say("; released by {sentinel/decided_by:the}"),
        )
    )
