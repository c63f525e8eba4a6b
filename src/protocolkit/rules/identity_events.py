"""Events that are told twice: the target of an event-driven trial, what was sized, and how many can have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.pairs import Pair
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.statistics_analyses import objective_of
from protocolkit.rules.statistics_arms import BEYOND, number
from protocolkit.rules.statistics_sizes import sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ONCE = frozenset({"time_to_event", "event", "responder"})  # of which a participant has one at most
_OF_VALUES = frozenset({
    "value", "final_value", "change_from_baseline", "percent_change", "slope", "area_under_curve", "mean_over_time",
    "ratio_to_baseline", "maximum", "minimum", "ordinal",
})  # fmt: skip
_NUMBER = Pattern(r"[0-9]+", exact=True)
_MORE = Pattern(r"\b(?:more|further|additional|extra|later)\b[^.;]{0,30}\bevents?\b")
_A_FEW, _ROUNDED = 5, 0.02  # by which a target may be rounded up: events, and a share of a larger number


def events(trial: Trial) -> Iterator[Pair]:
    """The events at which an event-driven trial ends are those of the sample size of its endpoint."""
    ends = {each["id"].text: each for each in trial.each("/objectives/*/endpoints/*")}
    plans = [trial.at("/design/event_driven"), *trial.at("/design/event_driven/also")]
    targets = {each["endpoint"].text: each["target"] for each in plans if number(each["target"]) is not None}
    for name, target in targets.items():
        if endpoint := ends.get(name):
            yield from _sized(trial, endpoint, targets)
            yield from _once(trial, endpoint, target)
    for plan in plans:
        metric = ends[plan["endpoint"].text]["metric"].text if plan["endpoint"].text in ends else ""
        if metric:
            told = f"whose metric is {metric.replace('_', ' ')}"
            yield Pair(plan["endpoint"], "the endpoint that counts the events", told, metric not in _OF_VALUES)


def _sized(trial: Trial, endpoint: Node, targets: dict[str, Node]) -> Iterator[Pair]:
    """The target of an endpoint is the events that it was sized for, or a few more; more than that needs a reason.

    Where an objective has several endpoints and its sizes name none, which belong together is not told: it is enough
    that a target agrees with one of them, and a size with another target.
    """
    target = targets[endpoint["id"].text]
    sizes = [each for each in sizes_of(trial, endpoint) if number(each["events"]) is not None]
    together = {each["id"].text for each in objective_of(endpoint)["endpoints"]}
    if len(together) > 1 and not any(each["endpoint"] for each in sizes):
        if any(_near(target, each) for each in sizes):
            return
        others = [node for name, node in targets.items() if name in together and node.path != target.path]
        sizes = [each for each in sizes if not any(_near(other, each) for other in others)]
    if sizes:
        entry = max(sizes, key=lambda each: number(each["events"]) or 0)
        needed, planned = number(entry["events"]) or 0, number(target) or 0
        above = planned > needed
        told = f"the sample size of {entry['objective'].text} needs {needed}"
        weight = Severity.WARNING if above and planned <= needed * BEYOND else None
        yield Pair(target, "events", told, _near(target, entry) or (above and _explained(target, entry)), weight)


def _explained(target: Node, entry: Node) -> bool:
    """Say whether a rationale tells why a target is above what was sized for; far above, it speaks of these events."""
    planned, needed, why = number(target) or 0, number(entry["events"]) or 0, entry["rationale"].text
    speaks = _MORE.search(why) or str(planned) in _NUMBER.findall(why)
    return bool(why) and (planned <= needed * BEYOND or bool(speaks))


def _near(target: Node, entry: Node) -> bool:
    """Say whether a target is the events of a sample size, or these rounded up."""
    planned, needed = number(target) or 0, number(entry["events"]) or 0
    return needed <= planned <= needed + max(_A_FEW, needed * _ROUNDED)


def _once(trial: Trial, endpoint: Node, target: Node) -> Iterator[Pair]:
    """Of an event that a participant has once, there are no more than participants."""
    people = _people(trial)
    if people and endpoint["metric"].text in _ONCE:
        told = f"{people} participants have at most one each"
        yield Pair(target, "events", told, (number(target) or 0) <= people)


def _people(trial: Trial) -> int:
    """Return the most participants that the file knows of; 0 where it says nothing."""
    places = ("/population/participants/enrolled", "/design/adaptive/max_participants")
    return max(randomised(trial), *(number(trial.at(place)) or 0 for place in places))


def randomised(trial: Trial) -> int:
    """Return how many the arms that are entered first, or a sample size, plan for; 0 where neither says it."""
    arms = sum(number(arm["participants"]) or 0 for arm in first_arms(trial.root))
    return max(arms, *(number(entry["randomised_total"]) or 0 for entry in trial.at("/statistics/sample_size")), 0)
