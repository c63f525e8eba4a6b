"""Rule on single arms: what their result is set against, how success is judged, and that the numbers agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import framework_of
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_CONFIRMS = ("superiority", "non_inferiority")
_BENEFIT = ("", "benefit")
_FROM_BASELINE = ("change_from_baseline", "percent_change")
# How sure an interval is, and at which level a test is made, is no value of an outcome.
_CONFIDENCE = Pattern(
    r"[0-9.]+ ?%[ -](?:(?:one|two)-sided |exact |upper |lower |simultaneous )*(?:confidence|credible|interval|CI\b"
    r"|limit|bound|level)|\b(?:alpha|p|level)(?: of| value)? ?[<=]? ?0?\.[0-9]+|(?:exact|level of|sided) [0-9.]+ ?%"
)
# Nor is a time, a phase, or how many something rests on.
_ASIDE = Pattern(
    r"\b(?:week|month|day|year|phase|visit|grade|part|stage|version|section)s? [0-9]+\b|\b[0-9,.]+[- ]?(?:weeks?|wk"
    r"|months?|mo|years?|days?|d|h|hours?|registr\w+|trials?|stud(?:y|ies)|sites?|centres?|people|participants?|patients?"
    r"|wom[ae]n|m[ae]n|children|of [0-9]+)\b|\bper [0-9,]+\b"
)
_NUMBER = Pattern(r"(?<![\w.])([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?: ?(%|percent\b))?(?![\w.]*[0-9])")
_BOUND = Pattern(
    r"\b(?:lower|upper)\b(?: \w+){0,3}? (?:bound|limit)s?\b[^;0-9]{0,40}?(?:[0-9.]+ ?%[^;0-9]{0,40}?)?"
    r"\b(?:above|over|exceed(?:s|ing)?|(?:greater|more|higher|less|lower|fewer|smaller) than|at least|at most|below"
    r"|under|excludes?|excluding)\b(?: (?:a|an|the|of|or|equal|to|goal|value|rate|performance|benchmark))*"
    r" ([0-9]+(?:\.[0-9]+)?)(?: ?(%|percent\b))?"
)
_JUDGED = Pattern(r"\b(?:bound|limit|interval)\b")
_YEARS = range(1900, 2101)
_SLACK = 1e-6


class _Value(NamedTuple):
    """A number as it is told, and its value: a share of 1 where it is in percent."""

    text: str
    value: float
    at: Node
    before: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a proportion, in percent or as a number below 1."""
        return "%" in self.text or "percent" in self.text or self.value < 1


class _Goal(NamedTuple):
    """What a primary objective says of its goal: where it is told, its values, and where success is judged."""

    objective: Node
    kind: Node
    told: list[Node]
    values: list[_Value]
    sized: list[_Value]
    judged: list[Node]
    bounds: list[_Value]
    estimates: bool


@rule(
    "STAT33", Severity.WARNING,
    reads=("/design/model", "/design/framework", "/design/external_comparators", "/objectives/*/level",
           "/objectives/*/kind", "/objectives/*/framework", "/objectives/*/endpoints", "/outcomes/*/name",
           "/statistics/analyses", "/statistics/sample_size"),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def goal(trial: Trial) -> Iterator[Found]:
    """A single arm that is to confirm says which value its result is set against, and judges success by that value.

    Why: without another arm there is nothing to be better than but a value that was fixed beforehand. A goal of 65 % in
    one place and success above 50 % in another leaves open what the trial shows.

    Applies: the design is of a single group, and a primary objective is of superiority or non-inferiority. What is
    missing is told of objectives of benefit alone; changes from baseline have their own comparison, a margin is one
    too, and a number found from the width of an interval is for an estimate. Numbers of the benchmark, the criterion of
    success and the sample size are compared, those in words as well, so that they are a warning too. A goal with a
    margin may be judged at the goal less the margin.

    Basis:
        ICH E10, 2.5 external control (M)
        ICH M11 Step 4, 10.11 (M)
        internal consistency of the protocol, goal and criterion of success (H)

    Fails::

        design: {model: single_group, framework: {kind: superiority, benchmark: sensitivity above 65 %}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1, metric: event}]}]
        statistics: {analyses: [{endpoint: E1, role: main, success: lower bound above 50 %}]}

    Passes::

        design: {model: single_group, framework: {kind: superiority, benchmark: sensitivity above 65 %}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1, metric: event}]}]
        statistics: {analyses: [{endpoint: E1, role: main, success: lower bound above 65 %}]}
    """
    goals = [found for objective in trial.root["objectives"] if (found := _goal(trial, objective)) is not None]
    if trial.at("/design/model").text != "single_group" or not goals:
        raise NotApplicable("no single arm is to confirm anything")
    for each in goals:
        yield from _missing(each)
        yield from _unlike_success(trial, each)
        yield from _unlike_size(each)


def _goal(trial: Trial, objective: Node) -> _Goal | None:
    """Gather what an objective says of its goal; None where it is not primary or confirms nothing."""
    kind = framework_of(objective)["kind"]
    if objective["level"].text != "primary" or kind.text not in _CONFIRMS:
        return None
    told = [own for own in (objective["framework"]["benchmark"],) if own] or [
        own for own in (trial.at("/design/framework/benchmark"),) if own
    ]
    comparators = trial.at("/design/external_comparators")
    against = [comparators.find(each["treatment"]["against"].text) for each in objective["estimands"]]
    told += [each[key] for each in against if each for key in ("name", "estimate") if each[key]]
    told += [each["goal"]["value"] for each in objective["endpoints"] if each["goal"]]
    ends = {each["id"].text for each in objective["endpoints"]}
    mains = [each for each in trial.at("/statistics/analyses") if each["role"].text == "main"]
    judged = [
        each[key]
        for each in mains
        if each["endpoint"].text in ends
        for key in ("success", "success_bounds")
        if each[key]
    ]
    sizes = [each for each in trial.at("/statistics/sample_size") if each["objective"].text == objective["id"].text]
    sized = [_Value(each[key].text, each[key].value, each[key]) for each in sizes for key in ("p0", "rate_null")
             if type(each[key].value) in (int, float)]  # fmt: skip
    bounds = [value for node in judged for value in _bounds(node)]
    estimates = any(each["method"].text.startswith("ci_width_") for each in sizes)
    values = [value for node in told for value in _values(node)]
    return _Goal(objective, kind, told, values, sized, judged, bounds, estimates)


def _values(node: Node) -> Iterator[_Value]:
    """Yield the values that a text names, without levels of confidence and years."""
    rest = _ASIDE.sub(" ", _CONFIDENCE.sub(" ", node.text))
    for match in _NUMBER.finditer(rest):
        number = float(match[1].replace(",", ""))
        if match[2] or number not in _YEARS:
            yield _Value(match[0].strip(), number / 100 if match[2] else number, node, rest[: match.start()])


def _bounds(node: Node) -> Iterator[_Value]:
    """Yield the values that success is judged against, of bounds as quantities and of a criterion in words."""
    for each in (node["lower"], node["upper"]):
        if (found := quantity(each)) is not None:
            yield _Value(found.text, float(found.value) / (100 if found.unit.code == "%" else 1), each)
    for match in _BOUND.finditer(node.text):
        told = f"{match[1]} %" if match[2] else match[1]
        yield _Value(told, float(match[1]) / (100 if match[2] else 1), node)


def _missing(each: _Goal) -> Iterator[Found]:
    """Find a goal that is not there, has no value, or is not used."""
    framework = framework_of(each.objective)
    own = framework["margin"] or any(end["metric"].text in _FROM_BASELINE for end in each.objective["endpoints"])
    if own or each.estimates or each.objective["kind"].text not in _BENEFIT:
        return
    name, kind = each.objective["id"].text, each.kind
    if not (each.told or each.sized or each.judged):
        message = f"{name} is to show {kind.text} with a single arm, and nothing says over what"
        hint = "state the benchmark with its value and source, and by which criterion of the main analysis it is met"
        yield Found(kind, message, hint)
    elif not (each.values or each.sized or each.bounds or _from_data(each.told)):
        message = f"{name} is set against {each.told[0].text[:80]}" if each.told else f"{name} has a criterion"
        yield Found(
            (each.told or each.judged)[0], f"{message}, without a value", "state the value that is to be exceeded"
        )
    elif not each.judged and not any(_JUDGED.search(node.text) for node in each.told):
        at = (each.told or [value.at for value in each.sized])[0]
        message = f"{name} is set against a value, and no main analysis says when that is met"
        hint = "state success or success_bounds at the main analysis: which bound of the interval lies beyond the value"
        yield Found(at, message, hint)


def _from_data(told: list[Node]) -> bool:
    """Say whether a goal is a group outside the trial, whose value is found and not fixed."""
    return any(node.path[-1] != "benchmark" for node in told)


def _unlike_success(trial: Trial, each: _Goal) -> Iterator[Found]:
    """Find a bound of success that is none of the values of the goal."""
    for bound in each.bounds:
        goals = _own(trial, bound.at, each.values) or each.values
        yield from _apart(bound, goals, each, f"success is judged against {bound.text}, and the goal is")


def _unlike_size(each: _Goal) -> Iterator[Found]:
    """Find a value that the trial is sized against and that neither its criterion nor its goal names."""
    for sized in each.sized:
        told = f"the trial is sized against {sized.text}, and"
        found = [*_apart(sized, each.bounds, each, f"{told} success is judged against")]
        yield from found or _apart(sized, each.values, each, f"{told} the goal is")


def _apart(one: _Value, others: list[_Value], each: _Goal, words: str) -> Iterator[Found]:
    """Find a value that is none of others of its kind, nor apart from one by the margin."""
    alike = [value for value in others if value.is_share == one.is_share]
    if alike and not any(_same(one.value, allowed) for allowed in _allowed(alike, each)):
        shown = listed([*dict.fromkeys(value.text for value in alike)], "or")
        yield Found(one.at, f"{words} {shown}", "tell one value", ((alike[0].at, "told here"),))


def _own(trial: Trial, at: Node, values: list[_Value]) -> list[_Value]:
    """Return the goal of the endpoint of an analysis, else the value behind its name: `sensitivity 65 %`."""
    analysis = trial.at("/statistics/analyses")[at.path[2]]
    endpoint = next((end for end in trial.primary if end["id"].text == analysis["endpoint"].text), None)
    if endpoint is not None and endpoint["goal"]:
        return [*_values(endpoint["goal"]["value"])]
    name = "" if endpoint is None else trial.root["outcomes"].find(endpoint["outcome"].text)["name"].text.casefold()
    return [value for value in values if name and value.before.rstrip(" :(").casefold().endswith(name)]


def _allowed(values: list[_Value], each: _Goal) -> Iterator[float]:
    margin = quantity(framework_of(each.objective)["margin"])
    step = 0.0 if margin is None else float(margin.value) / (100 if margin.unit.code == "%" else 1)
    for value in values:
        yield from (value.value, value.value - step, value.value + step)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SLACK * max(1.0, abs(one))


RULES: tuple[Rule, ...] = (goal,)
