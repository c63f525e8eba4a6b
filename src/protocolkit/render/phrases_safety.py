"""Sentences about events and analyses: windows, the sponsor's statutory clocks, how intercurrent events are handled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import List, ListItem, Paragraph
from protocolkit.render.lexicon import country, with_article
from protocolkit.render.sections import registry
from protocolkit.render.tables_front import current
from protocolkit.render.tables_safety import event_type
from protocolkit.render.tables_statistics import homeless, of_objective
from protocolkit.render.words import ended, flat, glued, joined, keys_of, run, unique, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_CLOCKS = {
    "EU": (
        "the sponsor reports suspected unexpected serious adverse reactions through EudraVigilance: fatal or "
        "life-threatening ones within 7 days of first knowledge, with a follow-up report within a further 8 days, all "
        "others within 15 days (Regulation (EU) No 536/2014, Article 42)"
    ),
    "UK": (
        "the sponsor reports suspected unexpected serious adverse reactions to the licensing authority: fatal or "
        "life-threatening ones within 7 days, with a follow-up report within a further 8 days, all others within 15 "
        "days (Medicines for Human Use (Clinical Trials) Regulations 2004, as amended)"
    ),
    "US": (
        "the sponsor reports serious and unexpected suspected adverse reactions to the FDA and to all participating "
        "investigators within 15 calendar days, and unexpected fatal or life-threatening ones to the FDA within 7 "
        "calendar days (21 CFR 312.32)"
    ),
}


def _rules(item: View) -> str:
    stated = item.at("reporting_rules").text
    item.values.mark(item.at("reporting_rules"))
    code = item.at("country").text
    return stated or ("EU" if code in _EU else {"GB": "UK", "US": "US"}.get(code, "OTHER"))


def statutory_clocks(view: View) -> Blocks:
    """Return the sponsor's statutory duties to report, which follow from the countries of the trial."""
    groups: dict[str, list[str]] = {}
    for item in view.each("/trial/regions"):
        groups.setdefault(_rules(item), []).append(country(item.at("country").text))
    if not groups:
        return ()
    items = [ListItem(run(_clock(rules, names))) for rules, names in groups.items()]
    lead = Paragraph(
        run("The sponsor's statutory duties to report follow from the countries in which the trial is done.")
    )
    return (lead, List(tuple(items)))


def _clock(rules: str, names: list[str]) -> str:
    where = flat(joined([run(with_article(name)) for name in names]))
    told = (
        _CLOCKS.get(rules)
        or "the sponsor reports suspected unexpected serious adverse reactions as the law of the country requires"
    )
    return f"In {where}, {told}."


def window_sentences(view: View) -> Blocks:
    """Say from when to when each kind of event is collected."""
    base = "/adverse_events/windows"
    items = []
    for key in keys_of(view.at(base)):
        place = f"{base}/{key}"
        kind = run(_PLURALS.get(key) or event_type(view, key))
        if view.has(f"{place}/none_reason"):
            items.append(ended(glued(kind, " are not collected: ", view.f(f"{place}/none_reason"))))
            continue
        span = view.must(f" are collected from {{{place}/start:time}} until {{{place}/end:time}}.")
        items.append(
            glued(kind, span, view.say(f" They are attributed to {{{place}/attributed_to}}."), _note(view, place))
        )
    return (List(tuple(ListItem(item) for item in items)),) if items else ()


def _note(view: View, place: str) -> Inlines:
    return ended(glued(" Note: ", view.f(f"{place}/note"))) if view.has(f"{place}/note") else ()


_PLURALS = {
    "AE": "Adverse events",
    "SAE": "Serious adverse events",
    "AESI": "Adverse events of special interest",
    "pregnancy": "Pregnancies",
}


def reporting_sentences(view: View) -> Blocks:
    """Say who reports what to whom within how long."""
    items = []
    for row in view.each("/adverse_events/reporting"):
        event = row.at("event").text
        kind = _PLURALS.get(event) or _plural(event_type(view, event))
        row.values.mark(row.at("event"))
        route = glued(row.say(" by the {from}"), row.say(" to the {to}"))
        more = glued(row.say(", by {method}"), row.say(" (backup: {backup})"))
        scope = row.say(" ({scope})")
        items.append(ListItem(ended(glued(kind, scope, " are reported", route, " within ", row.f("clock"), more))))
    return (
        (List(tuple(items)),)
        if items
        else (Paragraph(view.must("Events are reported as follows: {/adverse_events/reporting}.")),)
    )


def _plural(kind: str) -> str:
    lowered = kind if kind.isupper() else kind[:1].upper() + kind[1:].lower()
    return f"{lowered[:-1]}ies" if lowered.endswith("y") else f"{lowered}s" if not lowered.endswith("s") else lowered


def event_handling(objective: View) -> Blocks:
    """Say for each intercurrent event of an objective's estimands what happens to data after it."""
    items = []
    for estimand in objective.each("estimands"):
        for event in estimand.each("intercurrent_events"):
            told = (
                event.say(" Value assigned: {value_if_composite}."),
                event.say(" Scenario: {scenario_if_hypothetical}."),
                event.say(" End of exposure: {end_of_exposure}."),
                event.say(" Data after the event: {data_after}."),
                event.say(" Reason: {rationale}."),
            )
            lead = glued(upper_first(event.f("event")), ": ", event.f("strategy", "term-low:strategy"), " strategy.")
            items.append(ListItem(glued(lead, *told)))
    data = [
        glued("Data used: ", item.s("data_used")) for item in of_objective(objective, "main") if item.has("data_used")
    ]
    listed = (List(tuple(items)),) if items else ()
    return (*listed, *(Paragraph(part) for part in data))


def missing_data(objective: View) -> Blocks:
    """Say how missing data are handled, and on which assumption."""
    made = [
        glued(
            estimand.say("Missing data are assumed to be as follows: {missing_data/assumption}. "),
            estimand.say("They are handled by: {missing_data/method}."),
        )
        for estimand in objective.each("estimands")
    ]
    made += [
        item.say("In the analysis, missing data are handled as follows: {missing_data}.")
        for item in of_objective(objective)
    ]
    return tuple(Paragraph(part) for part in unique(made))


def sensitivity(objective: View) -> Blocks:
    """List the sensitivity analyses of an objective, of its estimands and of the list of analyses."""
    items = []
    for estimand in objective.each("estimands"):
        if estimand.has("sensitivity/none_reason"):
            items.append(estimand.must("There is no sensitivity analysis: {sensitivity/none_reason}."))
        items += [
            ended(glued(upper_first(part.f("method")), part.say("; direction: {direction}")))
            for part in estimand.each("sensitivity")
        ]
    items += [_analysis(item) for item in of_objective(objective, "sensitivity")]
    return (List(tuple(ListItem(item) for item in items)),) if items else ()


def supplementary(objective: View) -> Blocks:
    """List the supplementary analyses of an objective."""
    items = [
        upper_first(part.s()) for estimand in objective.each("estimands") for part in estimand.each("supplementary")
    ]
    items += [_analysis(item) for item in of_objective(objective, "supplementary")]
    return (List(tuple(ListItem(item) for item in items)),) if items else ()


def _analysis(item: View) -> Inlines:
    parts = (
        item.say(", for {endpoint}"), item.say(" (estimand {estimand})"),
        item.say(", in the set {set}"), item.say("; covariates: {covariates}"), item.say("; data used: {data_used}"),
        item.say("; effect: {effect}"), item.say("; interval: {interval}"), item.say("; missing data: {missing_data}"),
    )  # fmt: skip
    return ended(glued(upper_first(item.f("model")), *parts))


def estimators(objective: View) -> Blocks:
    """Say what the main estimator of each estimand is."""
    made = [item.say("The main estimator is: {main_estimator}.") for item in objective.each("estimands")]
    return tuple(Paragraph(part) for part in made if part)


def has_analyses(objective: View) -> bool:
    """Say whether an objective has an analysis of its own."""
    return bool(of_objective(objective))


def amendment_status(view: View) -> Blocks:
    """Say in the standard's words whether the protocol has been amended."""
    texts = next(section.fixed for section in registry() if section.number == "12.3")
    many = view.many("/amendments")
    now = current(view)
    status = texts[0] if not many and now is None else texts[1] if many <= 1 else texts[2]
    places = [item.f("changes_location") for item in view.each("/amendments") if item.has("changes_location")]
    where = glued(
        "The Overview of Changes from each prior protocol amendment is ", joined(places) or "provided below", "."
    )
    return (Paragraph(run(status)), *((Paragraph(where),) if many > 1 or places else ()))


def region_differences(view: View) -> bool:
    """Say whether some country differs from the others."""
    return any(item.has("differences") for item in view.each("/trial/regions"))


SAFETY: dict[str, Callable[..., Any]] = {
    "amendment_status": amendment_status,
    "region_differences": region_differences,
    "statutory_clocks": statutory_clocks,
    "window_sentences": window_sentences,
    "reporting_sentences": reporting_sentences,
    "has_other_analyses": lambda view: bool(homeless(view)),
}
OF_AN_OBJECTIVE: dict[str, Callable[[View], Any]] = {
    "event_handling": event_handling,
    "missing_data": missing_data,
    "sensitivity": sensitivity,
    "supplementary": supplementary,
    "estimators": estimators,
    "has_analyses": has_analyses,
}
