"""Sentences about analyses: how data after intercurrent events and missing data enter them, and what is varied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import Blocks, Inlines, List, ListItem, Paragraph
from protocolkit.render.tables_objectives import called
from protocolkit.render.tables_statistics import MAIN_ROLES, bounds_sentence, homeless, of_objective
from protocolkit.render.words import beside, ended, flat, glued, joined, run, unended, unique, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.view import View


# What is told, behind the name of the estimand that it holds for.
_Told = tuple[str, Inlines]


def event_handling(objective: View) -> Blocks:
    """Say for each intercurrent event of an objective's estimands what happens to data after it."""
    items: list[_Told] = []
    estimands = objective.each("estimands")
    for estimand in estimands:
        for event in estimand.each("intercurrent_events"):
            told = (
                event.say(" Value assigned: {value_if_composite}."),
                event.say(" Scenario: {scenario_if_hypothetical}."),
                event.say(" End of exposure: {end_of_exposure}."),
                event.say(" Data after the event: {data_after}."),
                event.say(" Reason: {rationale}."),
            )
            lead = glued(upper_first(event.f("event")), ": ", event.f("strategy", "term-low:strategy"), " strategy.")
            items.append((_called(estimand), glued(lead, *told)))
    data = [
        (_called(item.owner("estimand")), glued("Data used: ", item.s("data_used")))
        for item in of_objective(objective, *MAIN_ROLES)
        if item.has("data_used")
    ]
    whole = [_called(estimand) for estimand in estimands]
    listed = _list(_once(items, whole))
    return (*listed, *(Paragraph(part) for part in _once(data, [name for name, _ in data])))


def reasoned_strategies(view: View) -> bool:
    """Say whether every strategy for an intercurrent event of a primary estimand has its reason beside it."""
    primary = (objective for objective in view.each("/objectives") if objective.equals("level", "primary"))
    estimands = [estimand for objective in primary for estimand in objective.each("estimands")]
    events = [event for estimand in estimands for event in estimand.each("intercurrent_events")]
    return bool(events) and all(event.has("rationale") for event in events)


def _called(estimand: View) -> str:
    return estimand.at("id").text


def _list(items: list[Inlines]) -> Blocks:
    return (List(tuple(ListItem(item) for item in items)),) if items else ()


def _once(items: list[_Told], whole: list[str]) -> list[Inlines]:
    """Tell each thing once; where it does not hold for all of several estimands, with the names of those."""
    groups: dict[str, list[_Told]] = {}
    for name, part in items:
        groups.setdefault(flat(part), []).append((name, part))
    made = []
    for group in groups.values():
        names = list(dict.fromkeys(name for name, _ in group if name))
        apart = len(set(whole)) > 1 and set(names) != set(whole) and names
        told = f" ({'estimand' if len(names) == 1 else 'estimands'} {flat(joined([run(name) for name in names]))})"
        made.append(ended(glued(unended(group[0][1]), told)) if apart else group[0][1])
    return made


def missing_data(objective: View) -> Blocks:
    """Say how missing data are handled, and on which assumption."""
    made = [
        glued(
            estimand.say("Missing data are assumed to be as follows: {missing_data/assumption}. "),
            estimand.say("They are handled by: {missing_data/method}."),
        )
        for estimand in objective.each("estimands")
    ]
    made += [part for role in MAIN_ROLES for part in _missing_by(objective, role)]
    made += [_missing_in(item) for item in of_objective(objective) if item.has("missing_data") and not _is_main(item)]
    return tuple(Paragraph(part) for part in unique(made))


def _is_main(item: View) -> bool:
    return (item.at("role").text or "main") in MAIN_ROLES


def _missing_by(objective: View, role: str) -> list[Inlines]:
    """Say how the analyses of a role handle missing data; by endpoint where they do not all do the same."""
    items = of_objective(objective, role)
    groups: dict[str, list[View]] = {}
    for item in items:
        groups.setdefault(item.at("missing_data").text, []).append(item)
    made = []
    for text, group in groups.items():
        whose = () if len(groups) == 1 else glued(" of ", joined([_measured(item) for item in group]))
        lead = glued(f"In the {role} {'analysis' if len(group) == 1 else 'analyses'}", whose)
        told = [item.s("missing_data") for item in group]
        made += [glued(lead, ", missing data are handled as follows: ", told[0])] if text else []
    return made


def _missing_in(item: View) -> Inlines:
    """Say how an analysis that is not the main one handles missing data, and which one it is."""
    role = item.at("role").text
    return glued(
        f"In the {role} analysis (", item.f("model"), "), missing data are handled as follows: ",
        item.s("missing_data"),
    )  # fmt: skip


def _measured(item: View) -> Inlines:
    if item.has("endpoint"):
        return item.f("endpoint")
    owner = item.owner("estimand")
    return owner.f("variable") if owner.node else item.f("endpoint")


def sensitivity(objective: View) -> Blocks:
    """List the sensitivity analyses of an objective, of its estimands and of the list of analyses."""
    items: list[_Told] = []
    listed = of_objective(objective, "sensitivity")
    for estimand in objective.each("estimands"):
        name = _called(estimand)
        if estimand.has("sensitivity/none_reason"):
            items.append((name, estimand.must("There is no sensitivity analysis: {sensitivity/none_reason}.")))
        items += [
            (name, ended(glued(upper_first(part.f("method")), part.say("; direction: {direction}"))))
            for part in estimand.each("sensitivity")
            if not any(_is_same(part, item) for item in listed)
        ]
    told = _once(items, [_called(estimand) for estimand in objective.each("estimands")])
    own = [part for estimand in objective.each("estimands") for part in estimand.each("sensitivity")]
    return _list([*told, *(_of_both(item, own) for item in listed)])


def _is_same(part: View, item: View) -> bool:
    """Say whether a sensitivity analysis of an estimand is one of the list, with more words behind it in one place."""
    texts = (part.at("method").text, item.at("model").text)
    shorter, longer = sorted((f"{text.strip().rstrip('.').casefold()} " for text in texts), key=len)
    return shorter != " " and longer.startswith(shorter)


def _of_both(item: View, own: list[View]) -> Inlines:
    """Tell an analysis of the list together with what its estimand says of it, in the words that say more."""
    same = next((part for part in own if _is_same(part, item)), None)
    if same is None:
        return _analysis(item)
    more = len(same.at("method").text) > len(item.at("model").text)
    item.values.mark(item.at("model") if more else same.at("method"))
    return _analysis(item, same.f("method") if more else (), same.say("; direction: {direction}"))


def supplementary(objective: View) -> Blocks:
    """List the supplementary analyses of an objective."""
    estimands = objective.each("estimands")
    items = [(_called(item), upper_first(part.s())) for item in estimands for part in item.each("supplementary")]
    told = _once(items, [_called(item) for item in estimands])
    return _list([*told, *(_analysis(item) for item in of_objective(objective, "supplementary"))])


def _analysis(item: View, named: Inlines = (), more: Inlines = ()) -> Inlines:
    parts = (
        item.say(", for {endpoint}"), item.say(" ({claim})"), item.say(" (estimand {estimand})"),
        item.say(", in the set {set}"), item.say("; inference: {inference:term:inference}"),
        item.say("; covariates: {covariates}"), item.say("; data used: {data_used}"),
        item.say("; effect: {effect}"), item.say("; carry-over: {carryover}"),
        item.say("; interval: {interval}"), item.say("; missing data: {missing_data}"),
        item.say("; success: {success}"), more,
    )  # fmt: skip
    return beside((ended(glued(upper_first(named or item.f("model")), *parts)), bounds_sentence(item)))


def estimators(objective: View) -> Blocks:
    """Say what the main estimator of each estimand is."""
    items = [item for item in objective.each("estimands") if item.has("main_estimator")]
    groups: dict[str, list[View]] = {}
    for item in items:
        groups.setdefault(item.at("main_estimator").text, []).append(item)
    if len(items) == 1:
        return (Paragraph(items[0].must("The main estimator is: {main_estimator}.")),)
    return tuple(Paragraph(_estimator(group)) for group in groups.values())


def _estimator(items: list[View]) -> Inlines:
    """Say once what the main estimator of the endpoints is that share it."""
    named = [called(item.owner("variable")) if item.owner("variable").node else item.f("variable") for item in items]
    for item in items:
        item.values.mark(item.at("variable"))
        item.values.mark(item.at("main_estimator"))
    return glued("For ", joined(named), items[0].must(", the main estimator is: {main_estimator}."))


def has_analyses(objective: View) -> bool:
    """Say whether an objective has an analysis of its own."""
    return bool(of_objective(objective))


def has_other_analyses(view: View) -> bool:
    """Say whether there is an analysis of no objective."""
    return bool(homeless(view))


OF_AN_OBJECTIVE: dict[str, Callable[[View], Any]] = {
    "event_handling": event_handling,
    "missing_data": missing_data,
    "sensitivity": sensitivity,
    "supplementary": supplementary,
    "estimators": estimators,
    "has_analyses": has_analyses,
}
STATISTICS: dict[str, Callable[..., Any]] = {
    "has_other_analyses": has_other_analyses,
    "reasoned_strategies": reasoned_strategies,
}
