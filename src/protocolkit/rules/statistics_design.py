"""Rules on statistics that a design asks for: margins and pilots."""

from __future__ import annotations

from decimal import Decimal
from math import e, log
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import HUNDREDTHS, QuantityError, convert
from protocolkit.rules.instruments import higher_is
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import EQUAL, framework_of, main_analyses
from protocolkit.rules.statistics_assumed import inferiorities, unreasoned
from protocolkit.rules.statistics_margins import differences
from protocolkit.rules.statistics_measures import MEANS, PROPORTIONS, TIMES, kind_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_MARGINS = Pattern(r"^(?:ni|equiv|tost|crossover_2x2_ni)_", exact=True)
PER_PERSON = Pattern(r"^(?:two_|ancova_|mmrm_|ni_|equiv_|survival_|crossover_)", exact=True)
_ROUNDING = 1e-9
_LAST_DIGIT = 6e-4  # logarithms are stated with three digits
_COARSE = 0.005  # ratios with two
_UNLIKELY = 4  # times: no margin is that wide, so that 0.1 and 10 are no pair of inverses
_EFFICACY_TEST = Pattern(
    r"\bp[- ]values?\b|\bp ?<|signific|hypothesis|superior|\btest at\b|t[- ]test|chi-squared?|log-?rank|wilcoxon"
)
_HAZARD = Pattern(r"\bhazard")
_NO_TEST = Pattern(r"\b(?:no|not|without)\b")
_NUMBER = Pattern(r"[0-9]|\b(?:all|none|no|any|one|two|three|four|five|half)\b")


@rule(
    "STAT12", Severity.ERROR,
    reads=("/design/framework", "/statistics/sample_size", "/statistics/analyses",
           *below("/objectives/*", "endpoints", "framework", "id", "kind", "level"), "/outcomes/*/direction",
           "/outcomes/*/unit", "/outcomes/*/range"),
)  # fmt: skip
def margin(trial: Trial) -> Iterator[Found]:
    """The margin has one size, in the unit and direction of its outcome, and the sample size uses it.

    Why: a margin that the sample size does not use, or that points the other way, tests another question. (That margin,
    direction and justification are stated, the shape of the file tells.)

    Applies: the trial or a primary objective is to show non-inferiority or equivalence, or superiority by more than a
    margin (there, a method that knows none is a warning, unless approximation says how it is allowed for). An objective
    may have a framework of its own; the sample size that is stated for it is held against that. A ratio may stand there
    as its logarithm or its inverse, each as rounded; one of times to an event may be of hazards, whose direction is not
    that of the times. A margin in another measure than an endpoint of its objective is a warning, and so is a ratio
    that any objective has, whose proportions are compared by a difference. Constancy and assay sensitivity, where not
    stated for non-inferiority, are a warning in an objective that is not primary, whose comparator may be that of the
    primary one; the framework of the trial need not state them where each primary objective has its own.

    Basis:
        CONSORT extension for non-inferiority and equivalence trials 2012, 2 to 7 (H)
        ICH E10, 1.5 (M)
        EMA CPMP/EWP/2158/99, 3 and 4 (M)

    Fails::

        design: {framework: {kind: equivalence, margin: '2 mm[Hg]', direction: higher is worse}}
        statistics: {sample_size: [{objective: O1, method: equiv_means_z, margin: '4 mm[Hg]'}]}

    Passes::

        design: {framework: {kind: equivalence, margin: '2 mm[Hg]', direction: higher is worse}}
        statistics: {sample_size: [{objective: O1, method: equiv_means_z, margin: '2 mm[Hg]'}]}
    """
    framework = trial.at("/design/framework")
    primary = {each["id"].text: each for each in trial.root["objectives"] if each["level"].text == "primary"}
    inferior = inferiorities(trial, primary.values())
    if not inferior and not any(map(_has_margin, (framework, *(one["framework"] for one in primary.values())))):
        raise NotApplicable("neither the trial nor a primary objective is to show anything within or beyond a margin")
    yield from unreasoned(inferior)
    yield from differences(trial)
    for entry in trial.at("/statistics/sample_size"):
        objective = primary.get(entry["objective"].text)
        if objective is not None or not primary:
            yield from _sized(framework if objective is None else framework_of(objective), entry)
    for objective in primary.values():
        yield from _of_objective(trial, objective, framework, alone=len(primary) == 1)


def _has_margin(framework: Node) -> bool:
    """Say whether a framework is of non-inferiority or equivalence, or of superiority by more than a margin."""
    return framework["kind"].text in EQUAL or bool(framework["kind"].text == "superiority" and framework["margin"])


def _sized(framework: Node, entry: Node) -> Iterator[Found]:
    """Hold a sample size against the framework of its objective."""
    if not _has_margin(framework):
        return
    if _MARGINS.match(entry["method"].text) or entry["margin"]:
        yield from _other_margin(framework, entry)
    elif not PER_PERSON.match(entry["method"].text) or entry["approximation"]:
        return
    elif framework["kind"].text == "superiority":
        margin = framework["margin"]
        message = f"{entry['method'].text} sizes for a difference from nothing, superiority is to exceed {margin.text}"
        hint = "size for the distance between the effect and the margin, and say so under approximation"
        yield Found(entry["method"], message, hint, ((margin, "the margin"),), severity=Severity.WARNING)
    else:
        message = f"{entry['method'].text} sizes a trial for superiority, not for {framework['kind'].text}"
        yield Found(entry["method"], message, "name a method that uses the margin, or say why under approximation")


def _of_objective(trial: Trial, objective: Node, framework: Node, *, alone: bool) -> Iterator[Found]:
    """Compare a primary objective with the margin that it counts with; the only one has the margin of the design."""
    own = framework_of(objective)
    if _has_margin(own) and (objective["framework"]["margin"] or objective["kind"].text in ("", "benefit")):
        yield from _other_kind(trial, own["margin"], objective)
    if own["kind"].text not in EQUAL:
        return
    yield from _other_way(trial, own, objective["endpoints"])
    if alone and own["kind"].text == framework["kind"].text:
        yield from _other_margin(framework, own, f"objective {objective['id'].text}")


def _other_kind(trial: Trial, margin: Node, objective: Node) -> Iterator[Found]:
    """Find endpoints of an objective that its margin cannot be one of, such as points of a ratio of geometric means."""
    stated = quantity(margin)
    wrong = [each for each in objective["endpoints"] if stated is not None and not _can_be(trial, stated, each)]
    if wrong:
        told = listed([f"{each['id'].text} ({(each['aggregation'] or each['metric']).text})" for each in wrong])
        message = f"a margin of {margin.text} is none of {told.replace('_', ' ')}"
        hint = "give what has another measure an objective with a margin of its own"
        related = tuple((each["aggregation"] or each["metric"], "the endpoint") for each in wrong)
        yield Found(margin, message, hint, related, severity=Severity.WARNING)


def _can_be(trial: Trial, margin: Quantity, endpoint: Node) -> bool:
    """Say whether a margin may be one of an endpoint: in points of shares, as a ratio, or in a unit of measurement."""
    unit, kind = margin.unit.code, kind_of(endpoint)
    if endpoint["aggregation"].text == "geometric_mean":
        return unit != "{percentage_point}"
    if kind == PROPORTIONS:
        return unit in ("1", *HUNDREDTHS)
    own = _unit_of(trial.root["outcomes"].find(endpoint["outcome"].text))
    points = unit == "{percentage_point}" and endpoint["metric"].text != "percent_change"
    return not (kind == MEANS and points and own not in ("", "1", *HUNDREDTHS))


def _unit_of(outcome: Node) -> str:
    """Return the unit of an outcome: that of its values, else of its range."""
    bound = quantity(outcome["range"]["max"])
    return outcome["unit"].text or (bound.unit.code if bound is not None else "")


def _other_margin(framework: Node, entry: Node, who: str = "the sample size") -> Iterator[Found]:
    stated, used = quantity(framework["margin"]), entry["margin"]
    if stated is None or not used:
        return
    try:
        own = quantity(used)
        value = convert(own, stated.unit.code).value if own is not None else None
    except QuantityError:
        message = f"{who} uses a margin of {used.text}, the framework one of {stated.text}"
        yield Found(used, message, "use the unit of the margin", ((framework["margin"], "the margin"),))
        return
    number = float(value) if value is not None else used.value
    if not isinstance(number, int | float) or isinstance(number, bool):
        return
    scale = 100 if own is None and stated.unit.code in HUNDREDTHS else 1
    if not same_margin(number, stated) and abs(abs(number * scale) - abs(float(stated.value))) > _ROUNDING:
        message = f"{who} uses a margin of {used.text}, the framework states {stated.text}"
        yield Found(used, message, "use one margin", ((framework["margin"], "the margin"),))


def same_margin(number: float, stated: Quantity) -> bool:
    """Say whether a number is a ratio in another form: its logarithm to any usual base, or its inverse.

    Both may be rounded: 0.67 stands for two thirds, whose logarithm to the base of 10 is 0.176.
    """
    ratio, own = float(stated.value), abs(number)
    if stated.unit.code != "1" or ratio <= 0 or ratio == 1 or not own:
        return False
    about = _written(Decimal(stated.value), _COARSE)
    sizes = [abs(log(end)) for end in (ratio - about, ratio, ratio + about) if end > 0]
    precise = _written(Decimal(repr(own)), _COARSE)
    for base in (e, 2, 10):
        low, high = (each / log(base) for each in (min(sizes), max(sizes)))
        if low - max(precise, _LAST_DIGIT) <= own <= high + max(precise, _LAST_DIGIT):
            return True
    return 1 / _UNLIKELY < own < _UNLIKELY and (own > 1) != (ratio > 1) and _meet(own, precise, sizes)


def _meet(own: float, precise: float, sizes: list[float]) -> bool:
    """Say whether the distance of a rounded ratio from 1, on the scale of logarithms, may be that of another one."""
    ends = [abs(log(own - precise)), abs(log(own + precise))]
    return max(ends) >= min(sizes) and max(sizes) >= min(ends)


def _written(value: Decimal, most: float) -> float:
    """Return half of the last digit in which a number is written, which is what rounding may have left out."""
    exponent = value.as_tuple().exponent
    return min(0.5 * 10.0**exponent, most) if isinstance(exponent, int) else 0.0


def _other_way(trial: Trial, framework: Node, endpoints: Node) -> Iterator[Found]:
    """Find a direction that an outcome contradicts; of times to an event, a ratio may be of hazards or of times."""
    direction, stated = framework["direction"], quantity(framework["margin"])
    higher = "" if _HAZARD.search(direction.text) else higher_is(direction.text)
    for endpoint in endpoints if higher else ():
        if kind_of(endpoint) == TIMES and (stated is None or stated.unit.code == "1"):
            continue
        outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
        own = higher_is(outcome["direction"].text)
        if own and own != higher and endpoint["metric"].text not in ("responder", "event"):
            message = (
                f"the margin counts on higher as {higher}, but {outcome['id'].text} is {outcome['direction'].text}"
            )
            yield Found(direction, message, "tell one direction", ((outcome["direction"], "the outcome"),))


@rule(
    "STAT14",
    Severity.WARNING,
    reads=("/objectives/*/level", "/objectives/*/kind", "/objectives/*/progression", "/statistics"),
    tags=("pilot",),
)
def pilot(trial: Trial) -> Iterator[Found]:
    """A pilot asks whether a trial can be done: criteria with thresholds, a reasoned number, no test of efficacy.

    Why: a pilot is too small to show an effect, and a p value from it misleads; what it can tell, how many join, stay
    and fill in the forms, needs limits that are set beforehand.

    Applies: the profile says that the trial is a pilot.

    Basis:
        CONSORT extension for pilot trials 2016, 6c and 7a (H)

    Fails::

        objectives: [{id: O1, level: primary, kind: feasibility}]
        outcomes: []

    Passes::

        objectives:
          - id: O1
            level: primary
            kind: feasibility
            progression: [{measure: recruited per site and month, go: '>= 2', amend: 1 to 2, stop: < 1}]
        outcomes: []
    """
    primary = [each for each in trial.root["objectives"] if each["level"].text == "primary"]
    if not primary:
        raise NotApplicable("no primary objective is stated")
    for objective in primary:
        if objective["kind"].text == "benefit":
            message = f"pilot: the primary objective {objective['id'].text} is one of benefit"
            yield Found(objective["kind"], message, "make feasibility primary, and benefit exploratory")
    criteria = [*trial.each("/objectives/*/progression/*")]
    if not criteria:
        message = "pilot: no criteria say when a full trial goes ahead, is amended or is not done"
        yield Found(primary[0]["progression"], message, "state progression: measure, go, amend, stop")
    for each in criteria:
        if each["go"] and not _NUMBER.search(each["go"].text):
            message = f"pilot: the criterion for {each['measure'].text} has no threshold ({each['go'].text})"
            yield Found(each["go"], message, "state a number from which a full trial goes ahead")
    yield from _tested(trial)


def _tested(trial: Trial) -> Iterator[Found]:
    for analysis, endpoint in main_analyses(trial):
        for node in (analysis["model"], analysis["success"]):
            match = _EFFICACY_TEST.search(node.text)
            if match and not _NO_TEST.search(node.text):
                message = f"pilot: the main analysis of {endpoint['id'].text} tests ({match[0]})"
                yield Found(node, message, "describe with intervals; a pilot tests no efficacy")
                break
    for entry in trial.at("/statistics/sample_size"):
        if entry["method"].text == "other" or entry["rationale"] or entry["half_width"]:
            continue
        message = f"pilot: the number rests on the power of {entry['method'].text}, and no reason says why"
        yield Found(entry, message, "state rationale: what the number lets one learn about the full trial")


RULES: tuple[Rule, ...] = (margin, pilot)
