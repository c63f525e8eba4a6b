"""Sentences that templates ask for by name: endpoints, estimands, epochs, sequences, anchors, arms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import List, ListItem, Mark, Paragraph, Text
from protocolkit.render.names import anchor_name
from protocolkit.render.tables_objectives import endpoint
from protocolkit.render.times import day_list
from protocolkit.render.words import counted, ended, flat, glued, joined, keys_of, plural, run, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_BOLD = frozenset({Mark.BOLD})


def endpoint_sentence(objective: View) -> Inlines:
    """Name the endpoints of an objective in one sentence."""
    names = [run(objective.values.name(item.node)) for item in objective.each("endpoints")]
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
        ListItem(ended(glued(ended(endpoint(item)), item.say(" Rationale: {rationale}.")))) for item in items
    )
    return (lead, List(listed))


def in_words(estimand: View) -> Inlines:
    """Say in one sentence what an estimand estimates."""
    variable = estimand.owner("variable")
    measured = run(estimand.values.name(variable.node)) if variable.node else estimand.f("variable")
    arms = joined([item.f() for item in estimand.each("treatment/arms")], "and")
    between = glued(" between ", arms) if estimand.many("treatment/arms") > 1 else glued(" with ", arms) if arms else ()
    events = [
        glued(event.f("event"), " (", event.f("strategy", "term-low:strategy"), ")")
        for event in estimand.each("intercurrent_events")
    ]
    tail = glued(" Intercurrent events and their strategies: ", joined(events), ".") if events else ()
    return glued(
        upper_first(estimand.f("summary")), " of ", measured, between, " in ", estimand.f("population"), ".", tail
    )


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
            part.say(" (source: {source})"),
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


def epoch_sentence(item: View) -> Inlines:
    """Say what an epoch is called and how long it lasts."""
    name = item.f("name") if item.has("name") else run(item.values.name(item.node))
    kind = item.say(" ({type})") if item.at("type").text not in flat(name).lower().replace("-", "_") else ()
    item.values.mark(item.at("type"))
    noun = item.at("repeats/name").text or "course"
    item.values.mark(item.at("repeats/name"))
    if item.has("repeats/every"):
        lasts = item.must(f": {plural(noun)} of {{repeats/every}}")
        if item.at("duration").text == item.at("repeats/every").text:
            item.values.mark(item.at("duration"))
        return ended(glued(name, kind, lasts, item.say(" until {repeats/until:moment}")))
    return ended(glued(name, kind, item.say(": {duration}")))


def sequence_sentence(item: View) -> Inlines:
    """Say in which order a sequence gives the treatments, and to how many."""
    order = joined([part.f() for part in item.each("order")], "then")
    return ended(glued(order or item.f("order"), item.say(" ({n} participants)")))


_MODELS = {
    "parallel": "parallel-group", "crossover": "crossover", "factorial": "factorial", "sequential": "sequential",
    "single_group": "single-group",
}  # fmt: skip


def design_sentence(view: View) -> Inlines:
    """Say what kind of trial it is, in which phase, design and framework."""
    phase = view.say("This is a {/trial/phase} trial") or run("This is a trial")
    model = _MODELS.get(view.at("/design/model").text)
    if model:
        view.values.mark(view.at("/design/model"))
    shaped = run(f" with a {model} design") if model else view.must(" with this design: {/design/model}")
    return glued(phase, shaped, view.must("; its framework is {/design/framework/kind}."))


def periods_sentence(view: View) -> Inlines:
    """Say how many periods there are and how long each lasts."""
    items = view.each("/design/periods")
    if not items:
        return ()
    lengths = dict.fromkeys(flat(item.f("duration")) for item in items)
    if len(lengths) == 1:
        return run(f"There are {counted(len(items), 'period')} of {next(iter(lengths))} each.")
    parts = [glued(run(item.values.name(item.node)), " (", item.f("duration"), ")") for item in items]
    return ended(glued("The periods are ", joined(parts)))


def arms_sentence(view: View) -> Inlines:
    """Say which arms there are, with their numbers."""
    items = view.each("/arms")
    if not items:
        return view.must("Arms: {/arms}.")
    noun = "treatment" if view.has("/design/sequences") else "arm"
    parts = [glued(item.f("name"), _size(item)) for item in items]
    return ended(glued(f"There {'is' if len(items) == 1 else 'are'} {counted(len(items), noun)}: ", joined(parts)))


def _size(item: View) -> Inlines:
    words = {"maximum": "at most ", "target": "a target of "}
    most = words.get(item.at("target_or_maximum").text, "")
    item.values.mark(item.at("target_or_maximum"))
    return glued(f" ({most}", item.f("participants"), " participants)") if item.has("participants") else ()


def anchor_sentence(item: View) -> Inlines:
    """Define an anchor of the schedule."""
    name = run(anchor_name(item.node))
    item.values.mark(item.at("kind"))
    what = item.say(": {text}") if item.at("text").text != flat(name) else ()
    item.values.mark(item.at("text"))
    again = glued(
        item.say("; repeated every {repeats/every}"),
        item.say(" from cycle {repeats/from_cycle}"),
        item.say(" until {repeats/until:moment}"),
    )
    if isinstance(item.at("repeats").value, list):
        again = item.say("; once in each of {repeats}")
    return ended(glued(upper_first(name), what, again))


def day_one_sentence(view: View) -> Inlines:
    """Say which event the study days are counted from."""
    table = view.values.timetable
    owner = view.values.names.find(table.day_one, "anchors", "visits")
    return run(f"The anchor of the study days is {anchor_name(owner)}.") if owner is not None else ()


def expected_day_sentence(view: View) -> Inlines:
    """Warn where study days rest on the last dose, which may come early."""
    root = view.values.root
    last = {anchor["id"].value for anchor in root["schedule"]["anchors"] if anchor["kind"].value == "last_dose"}
    uses = [stop for stop in view.values.timetable.stops if stop.visit["anchor"].value in last and stop.moments]
    if not uses:
        return ()
    return run(
        "Study days of visits that are planned from the last dose hold for participants who receive every planned dose."
    )


def activity_visits(item: View) -> Inlines:
    """Say at which visits an activity is done, with the study days."""
    parts = []
    for stop in item.values.done_at.get(item.at("id").text, []):
        days = day_list([moment.day for moment in stop.moments])
        parts.append(run(f"{item.values.name(stop.visit)} ({days})" if days else item.values.name(stop.visit)))
    return joined(parts)


def stratum_sentence(item: View) -> Inlines:
    """Name a stratification factor with its cut-off and where it comes from."""
    return glued(item.f("factor"), item.say(", cut at {cut}"), item.say(" (from {activity})"))


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
    return (
        glued(
            "The trial has ",
            joined(found),
            "; Section 11.4 describes them." if len(found) > 1 else "; Section 11.4 describes it.",
        )
        if found
        else ()
    )


def criterion(item: View) -> Inlines:
    """Print a criterion with its measure and limits."""
    words = item.f("text")
    limits = joined([p for p in (item.say("above {above}"), item.say("below {below}")) if p])
    told = flat(words)
    measured = glued(item.say("{measure}"), " " if item.has("measure") and limits else "", limits)
    item_visit = item.say("at {visit}")
    measure = measured if flat(measured).casefold() not in told.casefold() else ()
    extra = glued(measure, ", " if measure and item_visit else "", item_visit)
    return ended(glued(words, " (" if extra else "", extra, ")" if extra else ""))


def criteria(view: View, place: str) -> Blocks:
    """List criteria with their ids, which other documents refer to."""
    items = view.each(place)
    if not items:
        return ()
    listed = tuple(
        ListItem(glued((Text(f"{item.at('id').text}: ", _BOLD),) if item.has("id") else (), criterion(item)))
        for item in items
    )
    return (List(listed, ordered=True),)


PHRASES: dict[str, Callable[[View], Any]] = {
    "endpoint_sentence": endpoint_sentence,
    "endpoint_list": endpoint_list,
    "in_words": in_words,
    "omitted": omitted,
    "moieties": moieties,
    "reference_safety": reference_safety,
    "epoch_sentence": epoch_sentence,
    "sequence_sentence": sequence_sentence,
    "anchor_sentence": anchor_sentence,
    "activity_visits": activity_visits,
    "strata_sentence": strata_sentence,
    "criterion": criterion,
}
OF_THE_WHOLE: dict[str, Callable[..., Any]] = {
    "design_sentence": design_sentence,
    "periods_sentence": periods_sentence,
    "arms_sentence": arms_sentence,
    "day_one_sentence": day_one_sentence,
    "expected_day_sentence": expected_day_sentence,
    "committees_sentence": committees_sentence,
    "criteria": criteria,
}
