"""Rule on the goals of endpoints: goal, bound and null value are one number, on the better side of the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.instruments import higher_is
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.statistics_analyses import framework_of, objective_of
from protocolkit.rules.statistics_recompute import of_one_group
from protocolkit.rules.statistics_sizes import sizes_of
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SLACK = 1e-6
# Of others the better side is not that of the outcome: a responder is good, and so is a sensitivity, of whatever.
_SIDE_OF_OUTCOME = frozenset({"event", "count", "value", "final_value", "maximum", "minimum"})


class _Told(NamedTuple):
    """What is told of the goal of an endpoint: the goal, the bounds that decide, the sizes against a fixed value."""

    endpoint: Node
    goal: Node
    bounds: list[Node]
    sizes: list[Node]


@rule(
    "STAT35", Severity.WARNING,
    reads=("/objectives/*/endpoints", "/objectives/*/framework", "/design/framework", "/design/model",
           "/outcomes/*/direction", "/statistics/analyses", "/statistics/sample_size"),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def goals(trial: Trial) -> Iterator[Found]:
    """The goal of an endpoint is the bound that decides on it and the value it is sized against, on its better side.

    Why: a goal of 80 % beside success above 75 % leaves open what the trial shows; an outcome of which less is better
    makes "above 80 %" a failure.

    Applies: an endpoint has a goal, or is sized against a fixed value, and its main analysis has bounds of success or
    its size a null value. Shares are compared, in any design but that of a single group, which has a rule of its own. A
    goal with a margin may be judged at the goal less the margin. The better side is held against the outcome where the
    endpoint is its value, or the event that it is.

    Basis:
        ICH E10, 2.5 external control (M)
        internal consistency of the protocol, goal and criterion of success (H)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, metric: event, goal: {value: 80 %}}]}]
        statistics: {analyses: [{endpoint: E1, role: main, success_bounds: {lower: 75 %, level: 95 %}}]}

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, metric: event, goal: {value: 80 %}}]}]
        statistics: {analyses: [{endpoint: E1, role: main, success_bounds: {lower: 80 %, level: 95 %}}]}
    """
    told = [found for each in trial.each("/objectives/*/endpoints/*") if (found := _told(trial, each)) is not None]
    if not told:
        raise NotApplicable("no endpoint has a goal beside bounds of success or a sample size")
    for each in told:
        if trial.at("/design/model").text != "single_group":
            yield from _unlike(each)
        yield from _turned(trial, each)


def _told(trial: Trial, endpoint: Node) -> _Told | None:
    """Gather what is told of the goal of an endpoint; None where less than two places tell it."""
    sizes = [each for each in sizes_of(trial, endpoint) if of_one_group(each["method"].text) and each["p0"]]
    mains = [
        each["success_bounds"]
        for each in trial.at("/statistics/analyses")
        if each["endpoint"].text == endpoint["id"].text and each["role"].text == "main"
    ]
    bounds = [each[key] for each in mains for key in ("lower", "upper") if (_share(each[key]) or 0.0) > 0]
    goal = endpoint["goal"]["value"]
    places = bool(_share(goal) is not None) + bool(bounds) + bool(sizes)
    return _Told(endpoint, goal, bounds, sizes) if (goal or sizes) and (places > 1 or sizes) else None


def _share(node: Node) -> float | None:
    """Return a proportion of 1: a quantity in percent, or a number; None for anything else."""
    found, value = quantity(node), node.value
    if found is not None and found.unit.code in ("%", "1"):
        return float(found.value) / (100 if found.unit.code == "%" else 1)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _unlike(each: _Told) -> Iterator[Found]:
    """Find a bound that is not the goal, and a null value that is neither a bound nor the goal."""
    name = each.endpoint["id"].text
    step = _share(framework_of(objective_of(each.endpoint))["margin"]) or 0.0
    goal = [each.goal] if _share(each.goal) is not None else []
    against = [
        [*_apart(bound, goal, step, f"success of {name} is judged against {bound.text}, and the goal is")]
        for bound in each.bounds
    ]
    if all(against):  # one that agrees may stand beside the bound of a difference
        yield from (found for several in against for found in several)
    for null in (size["p0"] for size in each.sizes):
        others, what = [*each.bounds, *goal], "success is judged against" if each.bounds else "the goal is"
        yield from _apart(null, others, step, f"{name} is sized against {null.text}, and {what}")


def _apart(one: Node, others: list[Node], step: float, words: str) -> Iterator[Found]:
    """Find a value that is none of others, nor apart from one by the margin."""
    value, known = _share(one) or 0.0, [(node, share) for node in others if (share := _share(node)) is not None]
    if known and not any(abs(abs(value - share) - away) <= _SLACK for _, share in known for away in (0.0, step)):
        shown = listed([*dict.fromkeys(node.text for node, _ in known)], "or")
        yield Found(one, f"{words} {shown}", "tell one value", ((known[0][0], "told here"),))


def _turned(trial: Trial, each: _Told) -> Iterator[Found]:
    """Find a goal whose bounds or size count on the side that the outcome calls worse."""
    direction = trial.root["outcomes"].find(each.endpoint["outcome"].text)["direction"]
    better = higher_is(direction.text)
    if not each.goal or not better or each.endpoint["metric"].text not in _SIDE_OF_OUTCOME:
        return
    for node, upwards, words in _sides(each):
        if upwards != (better == "better"):
            message = f"{each.endpoint['id'].text} {words}, and its outcome is {direction.text}"
            hint = "name the outcome that the goal is about, such as freedom from the event, or turn the numbers"
            yield Found(node, message, hint, ((direction, "the outcome"),))
            return


def _sides(each: _Told) -> Iterator[tuple[Node, bool, str]]:
    """Yield what tells on which side of the goal success lies: where, whether above it, and in words."""
    if len(each.bounds) == 1:
        bound = each.bounds[0]
        above = bound.path[-1] == "lower"
        yield bound, above, f"is to lie {'above' if above else 'below'} {bound.text}"
    for size in each.sizes:
        expected, null = _share(size["p1"]), _share(size["p0"])
        if expected is not None and null is not None and expected != null:
            above = expected > null
            words = f"is expected at {size['p1'].text}, {'above' if above else 'below'} {size['p0'].text}"
            yield size["p1"], above, words


RULES: tuple[Rule, ...] = (goals,)
