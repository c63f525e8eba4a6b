"""Rule on the bounds that decide on success: no wider than the margin, and those that the trial is sized for."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import HUNDREDTHS, QuantityError, convert
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import EQUAL, framework_of, main_analyses, objective_of
from protocolkit.rules.statistics_counts import success_counts
from protocolkit.rules.statistics_design import same_margin
from protocolkit.rules.statistics_recompute import of_one_group
from protocolkit.rules.statistics_sizes import sized_by, sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_BEYOND_NOTHING = ("margin", "ve", "ve_null", "theta0")  # inputs by which more than a difference is sized for
_RATIOS = ("hr", "rate_ratio", "rate_ctl", "rate_trt", "win_ratio")
_EFFICACY = Pattern(r"\b(?:efficacy|effectiveness)\b")
_SLACK = 1e-6


@rule(
    "STAT28",
    Severity.ERROR,
    reads=("/statistics/analyses", "/statistics/sample_size",
           *below("/objectives/*", "endpoints", "framework", "id", "level"), "/design/framework"),
)  # fmt: skip
def bounds(trial: Trial) -> Iterator[Found]:
    """The bounds that decide on success are no wider than the margin, and those that the trial is sized for.

    Why: an interval that must stay within -4 and 4 shows nothing about a margin of 3.5. A trial that is sized for a
    ratio below 1 is too small where success asks for one below 0.8.

    Applies: an analysis of a primary endpoint states success_bounds, or one of another objective with a margin of its
    own; one beside the main analysis may name another margin in words. The objective (or the trial) is of
    non-inferiority or equivalence with a margin, or of superiority with a method for its size that knows no margin (a
    warning), or of superiority by more than a margin, which bounds are not to fall short of. A ratio is compared on the
    scale of its logarithm, and an efficacy as 1 less the ratio; the lower bound of an efficacy is the one that was
    sized for, else it is a warning; bounds narrower than a margin are no fault, but a warning where the margin is the
    one that was sized for. Or success and the reasons of the sample size name one count of responses each (a warning).

    Basis:
        CONSORT extension for non-inferiority and equivalence trials 2012, 2 to 7 (H)
        EMA CPMP/EWP/482/99, 2 (M)

    Fails::

        design: {framework: {kind: equivalence, margin: '3.5 {score}', direction: lower is worse}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics:
          analyses: [{endpoint: E1, role: main, success_bounds: {lower: '-4 {score}', upper: '4 {score}', level: 95 %}}]

    Passes::

        design: {framework: {kind: equivalence, margin: '3.5 {score}', direction: lower is worse}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics:
          analyses:
            - {endpoint: E1, role: main, success_bounds: {lower: '-3.5 {score}', upper: '3.5 {score}', level: 95 %}}
    """
    stated = [
        (analysis["success_bounds"], margin)
        for analysis, endpoint in [*main_analyses(trial), *_others(trial)]
        if analysis["success_bounds"] and (margin := _margin(objective_of(endpoint)))
    ]
    beyond = [pair for pair in main_analyses(trial) if pair[0]["success_bounds"] and _superior(*pair)]
    sized = [pair for pair in beyond if not _exceeded(pair[1])]
    counts = [*success_counts(trial)]
    if not stated and not beyond and not counts:
        raise NotApplicable("no bounds of success stand beside a margin or a size")
    for success, sized_for, own, other in counts:
        if own != other:
            message = f"success is {own} or more, and the sample size is reasoned with {other} or more"
            yield Found(success, message, "tell one count", ((sized_for, "the reasons"),), severity=Severity.WARNING)
    for analysis, endpoint in sized:
        yield from _unsized(analysis["success_bounds"], sizes_of(trial, endpoint))
    for analysis, endpoint in beyond:
        entries = sizes_of(trial, endpoint)
        of_efficacy = any(entry["ve"] for entry in entries) or bool(_EFFICACY.search(analysis["effect"].text))
        short = [*_short_of(analysis["success_bounds"], _exceeded(endpoint), of_efficacy=of_efficacy)]
        yield from short or _unlike_the_null(analysis["success_bounds"], entries)
    for each, margin in stated:
        turned = [*_crossed(each)]
        yield from turned or (*_wider(each, margin), *_sized_for_more(trial, each, margin))


def _others(trial: Trial) -> Iterator[tuple[Node, Node]]:
    """Yield the other analyses whose margin is known, each with its endpoint.

    They are of another objective with a margin of its own, or a further one of a primary endpoint, as per protocol,
    unless it names a margin in words: it may be a stricter or a wider one.
    """
    primary = {endpoint["id"].text: endpoint for endpoint in trial.primary}
    own = {
        endpoint["id"].text: endpoint
        for objective in trial.root["objectives"]
        if objective["level"].text != "primary" and objective["framework"]["margin"]
        for endpoint in objective["endpoints"]
    }
    for analysis in trial.at("/statistics/analyses"):
        name, role = analysis["endpoint"].text, analysis["role"].text
        if role in ("main", "secondary") and name in own:
            yield analysis, own[name]
        elif role != "main" and name in primary and not analysis["claim"] and not _names_margin(analysis):
            yield analysis, primary[name]


def _names_margin(analysis: Node) -> bool:
    return any("margin" in analysis[key].text.casefold() for key in ("model", "success", "effect"))


def _margin(objective: Node) -> Node:
    own = framework_of(objective)
    return own["margin"] if own["kind"].text in EQUAL else own["nothing"]


def _exceeded(endpoint: Node) -> Node:
    """Return the margin that superiority has to exceed; nothing where the margin is that of another claim."""
    framework = framework_of(objective_of(endpoint))
    return framework["margin"] if framework["kind"].text == "superiority" else framework["nothing"]


def _superior(analysis: Node, endpoint: Node) -> bool:
    framework = framework_of(objective_of(endpoint))
    return (analysis["claim"] or framework["kind"]).text == "superiority" and not framework["nothing"]


def _unsized(bounds: Node, entries: list[Node]) -> Iterator[Found]:
    """Find bounds that ask for more than that there is a difference, where the sample size is for no more."""
    if len(entries) != 1 or any(entries[0][key] for key in _BEYOND_NOTHING) or entries[0]["method"].text == "other":
        return
    if of_one_group(entries[0]["method"].text):  # the bound is the value that the group is set against
        return
    ratio = any(entries[0][key] for key in _RATIOS)
    for key in ("lower", "upper"):
        found = quantity(bounds[key])
        nothing = 1 if ratio else 0
        if found is not None and ratio == (found.unit.code == "1") and found.value != nothing:
            message = (
                f"success is judged against {bounds[key].text}, and {entries[0]['method'].text} sizes the trial for a "
                f"difference from {nothing}"
            )
            hint = "size the trial for that bound, or judge success by the difference"
            related = ((entries[0]["method"], "the sample size"),)
            yield Found(bounds[key], message, hint, related, severity=Severity.WARNING)


def _crossed(each: Node) -> Iterator[Found]:
    lower, upper = quantity(each["lower"]), quantity(each["upper"])
    value = _in_unit(lower, upper) if lower is not None and upper is not None else None
    if value is not None and upper is not None and value >= float(upper.value):
        message = f"the lower bound {each['lower'].text} is not below the upper one, {each['upper'].text}"
        yield Found(each["lower"], message, "tell the lower bound first", ((each["upper"], "the upper bound"),))


def _wider(each: Node, margin: Node) -> Iterator[Found]:
    stated = quantity(margin)
    if stated is None:
        return
    sides = [(each[key], bound) for key in ("lower", "upper") if (bound := _as_margin(each[key], stated)) is not None]
    ratio = stated.unit.code == "1" and stated.value > 0 and all(bound > 0 for _, bound in sides)
    most = _size(float(stated.value), ratio=ratio)
    for at, bound in sides:
        if _size(bound, ratio=ratio) > most + _SLACK:
            message = f"success is judged against {at.text}, which is wider than the margin of {margin.text}"
            yield Found(at, message, "use the margin", ((margin, "the margin"),))
            return  # the other side is the same fault


def _sized_for_more(trial: Trial, each: Node, margin: Node) -> Iterator[Found]:
    """Find bounds that are narrower than the margin, where the trial is sized for the margin."""
    name, stated = each.document.root.at(each.pointer.rpartition("/")[0])["endpoint"].text, quantity(margin)
    if stated is None:
        return
    ratio = stated.unit.code == "1"
    sides = [(each[key], bound) for key in ("lower", "upper") if (bound := _as_margin(each[key], stated)) is not None]
    for entry in trial.at("/statistics/sample_size"):
        own = name in {end["id"].text for end in sized_by(entry)}
        sized = _as_margin(entry["margin"], stated) if own else None
        for at, bound in sides:
            if sized is None or bound == (1 if ratio else 0):
                continue  # not sized by a margin; or no difference, which superiority is judged against
            logs = ratio and min(sized, bound) > 0
            if _size(bound, ratio=logs) < _size(sized, ratio=logs) - _SLACK:
                message = f"success is judged against {at.text}, and the trial is sized for a margin of"
                related = ((entry["margin"], "the sample size"),)
                told = f"{message} {entry['margin'].text}"
                yield Found(at, told, "size the trial for the bound", related, severity=Severity.WARNING)
                break  # the other side of the same margin is the same fault


def _as_margin(node: Node, stated: Quantity) -> float | None:
    """Return a margin as another is stated, where it is the same ratio in another form; else as it is."""
    value = _number(node, stated)
    return float(stated.value) if value is not None and same_margin(value, stated) else value


def _number(node: Node, like: Quantity) -> float | None:
    """Return a margin in the unit of another; a bare number, as of proportions, is a share."""
    found = quantity(node)
    if found is not None:
        return _in_unit(found, like)
    bare = node.value
    if isinstance(bare, bool) or not isinstance(bare, int | float):
        return None
    return float(bare) * (100 if like.unit.code in HUNDREDTHS else 1)


def _unlike_the_null(bounds: Node, entries: list[Node]) -> Iterator[Found]:
    """Find a lower bound of efficacy that is not the efficacy which the trial is sized to exceed."""
    lower = quantity(bounds["lower"])
    null = entries[0]["ve_null"] if len(entries) == 1 else bounds["nothing"]
    if lower is None or lower.unit.code not in HUNDREDTHS or not isinstance(null.value, int | float):
        return
    if abs(float(lower.value) / 100 - null.value) > _SLACK:
        message = f"success is judged against {bounds['lower'].text}, and the trial is sized to exceed an efficacy of"
        related = ((null, "the sample size"),)
        hint = "size the trial for the bound, or judge success by what it is sized for"
        yield Found(bounds["lower"], f"{message} {null.text}", hint, related, severity=Severity.WARNING)


def _short_of(each: Node, margin: Node, *, of_efficacy: bool) -> Iterator[Found]:
    """Find a bound of success that asks for less than the margin by which superiority is to be shown.

    An efficacy in hundredths is 1 less the ratio that a margin without a unit is.
    """
    stated = quantity(margin)
    for at in (each["lower"], each["upper"]):
        found = quantity(at)
        value = _in_unit(found, stated) if found is not None and stated is not None else None
        if found is None or stated is None or value is None:
            continue
        if of_efficacy and stated.unit.code == "1" and found.unit.code in HUNDREDTHS:
            value = 1 - value
        ratio = stated.unit.code == "1" and stated.value > 0 and value > 0
        if _size(value, ratio=ratio) < _size(float(stated.value), ratio=ratio) - _SLACK:
            message = f"success is judged against {at.text}, and superiority is to be shown by more than {margin.text}"
            yield Found(at, message, "use the margin", ((margin, "the margin"),))


def _size(value: float, *, ratio: bool) -> float:
    return abs(log(value)) if ratio else abs(value)


def _in_unit(one: Quantity, other: Quantity) -> float | None:
    try:
        return float(convert(one, other.unit.code).value)
    except QuantityError:
        return None


RULES: tuple[Rule, ...] = (bounds,)
