"""Sentences that templates ask for by name: endpoints, estimands, anchors, strata, criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.assessments import told_in
from protocolkit.render.blocks import List, ListItem, Paragraph
from protocolkit.render.criteria import criteria, criteria_of
from protocolkit.render.endpoints import of_measured
from protocolkit.render.names import anchor_name
from protocolkit.render.phrases_design import OF_AN_EPOCH, OF_THE_DESIGN
from protocolkit.render.tables_objectives import among, comparisons, component, endpoint, factor_levels
from protocolkit.render.visit_times import expected, last_doses_sentence, occasions, whom
from protocolkit.render.words import ended, flat, glued, joined, keys_of, run, upper_first, within_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

# The longest summary, such as `difference in means`, that goes on with `of` and the endpoint.
_SHORT = 40


def endpoint_sentence(objective: View) -> Inlines:
    """Name the endpoints of an objective in one sentence."""
    names = [glued(run(objective.values.name(item.node)), among(item)) for item in objective.each("endpoints")]
    if not names:
        return objective.must("Endpoints: {endpoints}.")
    return ended(glued("The endpoint is " if len(names) == 1 else "The endpoints are ", joined(names)))


def endpoint_list(objective: View) -> Blocks:
    """List the endpoints of an objective, each with its summary, subset, set and rationale."""
    items = objective.each("endpoints")
    if not items:
        return (Paragraph(objective.must("Endpoints: {endpoints}.")),)
    lead = Paragraph(run("The endpoint is as follows." if len(items) == 1 else "The endpoints are as follows."))
    listed = tuple(
        ListItem(ended(glued(ended(endpoint(item)), item.say(" Rationale: {rationale}."))), _parts(item))
        for item in items
    )
    return (lead, List(listed))


def _parts(endpoint_: View) -> List | None:
    """List the components of a composite outcome with what counts as each, below the first endpoint that uses it."""
    told = endpoint_.values.printed
    parts = [part for part in endpoint_.owner("outcome").each("components") if part.at("name").path not in told]
    return List(tuple(ListItem(ended(component(part))) for part in parts)) if parts else None


def estimand_label(estimand: View) -> str:
    """Return how an estimand is called, as above its table."""
    return f"Estimand {estimand.at('id').text or estimand.index + 1}"


def in_words(estimand: View) -> Inlines:
    """Say what an estimand estimates: in one sentence, or part by part where its summary is a sentence of its own."""
    variable = estimand.owner("variable")
    measured = run(estimand.values.name(variable.node)) if variable.node else estimand.f("variable")
    names = estimand.names_of("treatment/arms")
    against = estimand.say(", compared with {treatment/against}")
    summary, whom = upper_first(estimand.f("summary")), within_sentence(estimand.f("population"))
    if not names and (levels := factor_levels(estimand)):
        names = [levels]
    if len(flat(summary)) > _SHORT or flat(whom).startswith("as "):
        arms = glued("; arms: ", joined(names), against) if names else ()
        said = glued(ended(summary), " Endpoint: ", measured, arms, "; population: ", whom)
    else:
        each = " with " if against or len(names) == 1 else " between "
        arms = glued(each, joined(names), against, "," if against else "") if names else ()
        said = glued(summary, of_measured(flat(summary), measured), arms, " in ", whom)
    return glued(ended(said), comparisons(estimand), _events(estimand))


def _events(estimand: View) -> Inlines:
    parts = [
        glued(event.f("event"), " (", event.f("strategy", "term-low:strategy"), ")")
        for event in estimand.each("intercurrent_events")
    ]
    return glued(" Intercurrent events and their strategies: ", joined(parts), ".") if parts else ()


def omitted(objective: View) -> Inlines:
    """Say which core domains an objective leaves out, and why."""
    parts = [item.must("{domain} ({reason})") for item in objective.each("omitted_domains")]
    return ended(glued("Core domains that are not measured: ", joined(parts))) if parts else ()


def moieties(item: View) -> Inlines:
    """Give the half-life of each active moiety with its source."""
    parts = [
        glued(
            part.must("{name} has a half-life of {half_life}"),
            part.say(" in {population}"),
            part.say(" ({half_life_kind}; source: {source})") or part.say(" (source: {source})"),
        )
        for part in item.each("pharmacology/active_moieties")
    ]
    return ended(upper_first(joined(parts))) if parts else ()


def reference_safety(item: View) -> Inlines:
    """Say where the reference safety information stands."""
    place = "pharmacology/reference_safety_information"
    if not item.has(place):
        return ()
    return ended(
        glued(
            "The reference safety information is ",
            item.say(f"section {{{place}/section}} of the "),
            item.f(f"{place}/document"),
        )
    )


def anchor_sentence(item: View) -> Inlines:
    """Define an anchor of the schedule."""
    called = anchor_name(item.node)
    item.values.mark(item.at("kind"))
    own = item.at("text").text.removeprefix("the ") == called.removeprefix("the ")
    name, what = (item.f("text"), ()) if own else (run(called), item.say(": {text}"))
    item.values.mark(item.at("text"))
    again = glued(
        item.say("; repeated every {repeats/every:each}"),
        item.say(" from cycle {repeats/from_cycle}"),
        item.say(" until {repeats/until:moment}"),
    )
    if isinstance(item.at("repeats").value, list):
        again = item.say("; once in each of {repeats}")
    return ended(glued(upper_first(name), what, expected(item), again))


def day_one_sentence(view: View) -> Inlines:
    """Say which event the study days are counted from."""
    table = view.values.timetable
    owner = view.values.names.find(table.day_one, "anchors", "visits")
    return run(f"The anchor of the study days is {anchor_name(owner)}.") if owner is not None else ()


def expected_day_sentence(view: View) -> Inlines:
    """Warn where study days rest on the last dose, which may come early."""
    root = view.values.root
    last = {anchor["id"].text for anchor in root["schedule"]["anchors"] if anchor["kind"].text == "last_dose"}
    uses = [stop for stop in view.values.timetable.stops if stop.visit["anchor"].text in last and stop.moments]
    if not uses:
        return ()
    return run(
        "Study days of visits that are planned from the last dose hold for participants who receive every planned dose."
    )


def activity_visits(item: View) -> Inlines:
    """Say at which visits an activity is done, with the study days."""
    parts = []
    for stop in item.values.done_at.get(item.at("id").text, []):
        days = "" if stop.visit["level"].text == "cluster" else occasions(item, stop)
        entries = [planned.entry for planned in stop.planned if planned.activity["id"].text == item.at("id").text]
        told = "; ".join(part for part in dict.fromkeys([days, *(whom(item.values, e) for e in entries)]) if part)
        name = item.values.name(stop.visit)
        parts.append(run(f"{name} ({told})" if told and told != name else name))
    return joined(parts)


def told_at(item: View) -> Inlines:
    """Say at which visits an activity is done, or which section on its kind says so."""
    number = told_in(item)
    return run(f"see Section {number}") if number else activity_visits(item) or run("at no visit of the schedule")


def stratum_sentence(item: View) -> Inlines:
    """Name a stratification factor with its cut-off and where it comes from, unless its words say that."""
    source = item.owner("activity").at("name").text
    told = bool(source) and source.casefold() in item.at("factor").text.casefold()
    if told:
        item.values.mark(item.at("activity"))
    return glued(item.f("factor"), item.say(", cut at {cut}"), () if told else item.say(" (from {activity})"))


def strata_sentence(item: View) -> Inlines:
    """Name the stratification factors of a randomisation."""
    parts = [stratum_sentence(part) for part in item.each("strata")]
    return (
        ended(
            glued(
                "The stratification factors are " if len(parts) > 1 else "The stratification factor is ", joined(parts)
            )
        )
        if parts
        else ()
    )


def committees_sentence(view: View) -> Inlines:
    """Say which committees there are."""
    base = "/oversight/committees"
    names = {"dmc": "a data monitoring committee", "adjudication": "an adjudication committee",
             "steering": "a steering committee", "dose_escalation": "a dose escalation committee"}  # fmt: skip
    found = [
        run(names.get(key, f"a {key.replace('_', ' ')} committee"))
        for key in keys_of(view.at(base))
        if key != "other" and not view.has(f"{base}/{key}/none_reason")
    ]
    found += [item.f("name", "the") for item in view.each(f"{base}/other")]
    return (
        glued(
            "The trial has ",
            joined(found),
            "; Section 11.4 describes them." if len(found) > 1 else "; Section 11.4 describes it.",
        )
        if found
        else ()
    )


PHRASES: dict[str, Callable[[View], Any]] = {
    "criteria_of": criteria_of,
    "endpoint_sentence": endpoint_sentence,
    "endpoint_list": endpoint_list,
    "estimand_label": estimand_label,
    "in_words": in_words,
    "omitted": omitted,
    "moieties": moieties,
    "reference_safety": reference_safety,
    **OF_AN_EPOCH,
    "anchor_sentence": anchor_sentence,
    "activity_visits": activity_visits,
    "told_at": told_at,
    "strata_sentence": strata_sentence,
}
OF_THE_WHOLE: dict[str, Callable[..., Any]] = {
    **OF_THE_DESIGN,
    "day_one_sentence": day_one_sentence,
    "expected_day_sentence": expected_day_sentence,
    "last_doses_sentence": last_doses_sentence,
    "committees_sentence": committees_sentence,
    "criteria": criteria,
}
