"""Sentences on designs that go on: what ends them, how shares of allocation move, what each comparison is to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.render.tables_objectives import among, objective_words
from protocolkit.render.words import beside, glued, joined, quantity, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_EVENTS = "/design/event_driven"
_SHARES = "/design/adaptive/allocation"


def event_driven_sentence(view: View) -> Inlines:
    """Say at how many events of which endpoint a trial ends, who declares that, and how long before the end."""
    if not view.has(_EVENTS):
        return ()
    also = [
        glued(item.f("target"), " events, counted for ", _counted(item, "endpoint"))
        for item in view.each(f"{_EVENTS}/also")
    ]
    waits = _analysis_waits(view)
    what, then = _OF_ANALYSIS if waits else _OF_TRIAL
    return beside((
        glued(
            f"{what} until ", view.f(f"{_EVENTS}/target"), " events have occurred, counted for ",
            _counted(view, f"{_EVENTS}/endpoint"), glued(", and ", joined(also)) if also else (), f"{then}.",
        ),
        view.say(f"That the target will be reached is declared by {{{_EVENTS}/declared_by:the}}."),
        view.say(f"The {'analysis' if waits else 'common end'} follows {{{_EVENTS}/notice}} after the declaration."),
    ))  # fmt: skip


def _counted(item: View, key: str) -> Inlines:
    """Name the endpoint whose events are counted."""
    owner = item.owner(key)
    name = owner.values.name(owner.owner("outcome").node) if owner.owner("outcome").node else ""
    item.values.mark(item.at(key))
    return run(f"{name} (endpoint {owner.at('id').text})") if name else item.f(key)


_OF_TRIAL = ("The trial is event-driven: it goes on", ", and then ends for everybody")
_OF_ANALYSIS = (
    "The analysis is event-driven: it waits",
    "; participants are followed to their last planned visit all the same",
)


def _analysis_waits(view: View) -> bool:
    """Say whether events decide when the analysis is made, and not when the trial ends."""
    view.values.mark(view.at(f"{_EVENTS}/follow_up_goes_on"))
    return view.yes(f"{_EVENTS}/follow_up_goes_on")


def event_target(view: View) -> Inlines:
    """Say at how many events the trial ends, where another section tells the rest."""
    what = "The analysis is made" if _analysis_waits(view) else "The trial ends"
    if not view.has(f"{_EVENTS}/target"):
        return ()
    main = view.f(f"{_EVENTS}/target")
    also = [glued(item.f("target"), " of ", _counted(item, "endpoint")) for item in view.each(f"{_EVENTS}/also")]
    first = glued(main, " events", glued(" of ", _counted(view, f"{_EVENTS}/endpoint")) if also else ())
    return glued(f"{what} at ", joined([first, *also]), "; Section 4.1 says how these are counted.")


def allocation_shares(view: View) -> Inlines:
    """Say how shares of allocation follow the results, from when, how often and within which limits."""
    low, high = view.has(f"{_SHARES}/min"), view.has(f"{_SHARES}/max")
    limits = view.say(f"No arm has a share below {{{_SHARES}/min}}") if low else ()
    upper = view.say(f"No arm has a share above {{{_SHARES}/max}}" if not low else f" or above {{{_SHARES}/max}}")
    return beside(
        (
            view.say(f"The shares of allocation follow the results: {{{_SHARES}/rule}}."),
            view.say(f"Before the first change, shares are fixed for this long: {{{_SHARES}/burn_in}}."),
            view.say(f"They are changed every {{{_SHARES}/every}}."),
            glued(limits, upper, ".") if low or high else (),
        )
    )


_RATIOS = {"hazard": "hazard ratio", "odds": "odds ratio"}
_RATIO = re.compile(r"\b(?:(?:hazard|odds|rate|risk|incidence) )?ratio(?: of (?:the )?\w+)?", re.IGNORECASE)
_EFFICACY = re.compile(r"\b(?:efficacy|effectiveness)\b", re.IGNORECASE)


def margin_sentence(view: View) -> Inlines:
    """Say the margin of the trial and of which measure it is one."""
    counted = [
        item
        for item in view.each("/objectives")
        if item.at("level").text == "primary" and not item.has("framework/margin") and _of_benefit(item)
    ]
    beyond = view.equals("/design/framework/kind", "superiority")
    lead = "Superiority is claimed where the effect is beyond " if beyond else "The margin is "
    return glued(
        view.say(f"{lead}{{/design/framework/margin}}"), *_of_measure(counted, view.at("/design/framework")), "."
    )


def claimed_beyond(objective: View) -> Inlines:
    """Say what the effect has to exceed, where superiority of an objective is to be shown by more than a difference."""
    place = _framework_with_margin(objective)
    counted = not place.startswith("/") or objective.equals("level", "primary")
    if not place or not counted or not objective.equals(f"{place}/kind", "superiority"):
        return ()
    told = objective.say(f"Superiority is claimed where the effect is beyond {{{place}/margin}}")
    return glued(told, *_of_measure([objective], objective.at(place)), ".")


def _framework_with_margin(objective: View) -> str:
    """Return where the margin of an objective stands; nothing where it has none.

    That of the trial is about benefit: an objective about harm or feasibility has one where it states it.
    """
    own = objective.has("framework/kind")
    place = "framework" if own else "/design/framework"
    return place if objective.has(f"{place}/margin") and (own or _of_benefit(objective)) else ""


def _of_measure(objectives: list[View], framework: Node) -> tuple[str, ...]:
    """Name the measure that the margin of a framework is one of; nothing where its objectives have none or several."""
    found = {_measure(item) for item in objectives}
    named = _of_margin(found.pop(), framework) if len(found) == 1 else ""
    return (f" ({named})",) if named else ()


def _of_margin(measure: str, framework: Node) -> str:
    """Return the measure of a margin; a bare number beside an efficacy, which is 1 less a ratio, may be that ratio."""
    margin, direction = quantity(framework["margin"].text), framework["direction"].text
    bare = margin is not None and margin.unit.code == "1"
    if not bare or not _EFFICACY.search(measure) or _EFFICACY.search(direction):
        return measure
    ratio = _RATIO.search(direction)
    return ratio[0] if ratio else ""


def _measure(objective: View) -> str:
    """Return the summary of the estimands of an objective, or the ratio that its endpoints come to."""
    told = {" ".join(item.at("summary").text.split()) for item in objective.each("estimands")}
    if not told:
        told = {_RATIOS.get(item.at("aggregation").text, "") for item in objective.each("endpoints")}
    return told.pop().removesuffix(".") if len(told) == 1 else ""


def framework_of(objective: View) -> Inlines:
    """Say what the comparison of one objective is to show, where it is not what the trial as a whole is to show."""
    if not objective.has("framework"):
        return ()
    lead = objective.must("For this objective, the framework is {framework/kind}")
    return beside(
        (
            glued(lead, _own_margin(objective), "."),
            objective.say("Once the margin has been met, {framework/then} of the same endpoints is tested."),
            *(objective.say(f"{words}: {{framework/{key}}}.") for key, words in _FRAMEWORK.items()),
        )
    )


def _of_benefit(objective: View) -> bool:
    return not objective.has("kind") or objective.equals("kind", "benefit")


def margin_in_short(objective: View) -> Inlines:
    """Say within or beyond which margin an objective is to be shown, its own or that of the trial, in short."""
    place = _framework_with_margin(objective)
    if not place:
        return ()
    how = " beyond" if objective.equals(f"{place}/kind", "superiority") else ", with a margin of"
    told = objective.say(f"It is to show {{{place}/kind}}{how} {{{place}/margin}}")
    return glued(told, *_of_measure([objective], objective.at(place)), ".")


def _own_margin(objective: View) -> Inlines:
    beyond = objective.equals("framework/kind", "superiority")
    told = objective.say(f"{' beyond' if beyond else ', with a margin of'} {{framework/margin}}")
    return glued(told, *_of_measure([objective], objective.at("framework"))) if told else ()


_FRAMEWORK = {
    "direction": "Direction",
    "justification": "Justification",
    "constancy": "Constancy",
    "assay_sensitivity": "Assay sensitivity",
    "benchmark": "Benchmark",
}


def other_frameworks(view: View) -> Inlines:
    """Name the objectives whose framework is not that of the trial, and those with the same one and another margin."""
    kind = view.at("/design/framework/kind").text
    own = [item for item in view.each("/objectives") if item.has("framework/kind")]
    others = [item for item in own if item.at("framework/kind").text != kind]
    whole = view.at("/design/framework/margin").text
    margins = [item for item in own if item not in others and item.at("framework/margin").text not in ("", whole)]
    return beside((_for_some("framework", "kind", others), _for_some("margin", "margin", margins)))


def _for_some(what: str, key: str, objectives: list[View]) -> Inlines:
    parts = [glued(item.f(f"framework/{key}"), f" for the {objective_words(item)}") for item in objectives]
    return glued(f"The {what} differs for these objectives: ", joined(parts), ".") if parts else ()


def testing_order(view: View) -> Inlines:
    """Say in which order endpoints are tested."""
    place = "/statistics/testing_order"
    parts = [_endpoint(item) for item in view.each(place)]
    lead = "The endpoints are tested in this order, each only after success of the one before: "
    return glued(lead, joined(parts, "then"), ".") if parts else ()


def second_claims(view: View) -> Inlines:
    """Name the objectives whose endpoints have a second claim that the order and the graph of tests do not name."""
    named = (*view.each("/statistics/testing_order"), *view.each("/statistics/testing_graph/hypotheses"))
    placed = {item.at("endpoint").text for item in named if item.at("claim").text == "superiority"}
    return beside([_second_claim(item) for item in view.each("/objectives") if not placed & _endpoints(item)])


def _second_claim(objective: View) -> Inlines:
    """Say what is tested once the margin of an objective, or of the trial, has been met."""
    place = "framework" if objective.has("framework/kind") else "/design/framework"
    if place.startswith("/") and objective.at("level").text != "primary":
        return ()
    told = objective.say(f"{{{place}/then}} is tested once the margin has been met.")
    return glued(f"For the {objective_words(objective)}, ", told) if told else ()


def _endpoints(objective: View) -> set[str]:
    return {item.at("id").text for item in objective.each("endpoints")}


def _endpoint(item: View) -> Inlines:
    place = "endpoint" if item.has("endpoint") else ""
    name = item.at(place).text
    return glued(f"{name}, ", item.f(place), among(item.owner(place)), item.say(" ({claim})"), _against(item, name))


def _against(item: View, endpoint: str) -> Inlines:
    """Name the comparator outside the arms that an endpoint is compared with, where an estimand says so."""
    estimands = [estimand for objective in item.each("/objectives") for estimand in objective.each("estimands")]
    told = (each.say(" versus {treatment/against}") for each in estimands if each.at("variable").text == endpoint)
    return next((words for words in told if words), ())


def revealed_sentence(item: View) -> Inlines:
    """Say when and to whom an assignment that is made at entry is told."""
    return glued(
        item.say("The assignment is made at entry and told at {revealed/at}"),
        item.say(", to {revealed/condition}"),
        "." if item.has("revealed/at") else "",
    )


OF_A_PART: dict[str, Callable[[View], Any]] = {
    "framework_of": framework_of,
    "margin_in_short": margin_in_short,
    "claimed_beyond": claimed_beyond,
    "revealed_sentence": revealed_sentence,
}
PLATFORM: dict[str, Callable[..., Any]] = {
    "event_driven_sentence": event_driven_sentence,
    "event_target": event_target,
    "allocation_shares": allocation_shares,
    "margin_sentence": margin_sentence,
    "other_frameworks": other_frameworks,
    "second_claims": second_claims,
    "testing_order": testing_order,
}
