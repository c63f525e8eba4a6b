"""Rules on outcomes: what is stated of a primary endpoint, ranges that agree, means over the days of a diary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.instruments import higher_is, row_of
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.outcomes_words import assigned, other_ends
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import number
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_OVER_TIME = {"time_to_event": "a time to an event", "area_under_curve": "an area under the curve"}
_EARLY = frozenset({"pilot", "dose-escalation"})
_DAYS = Pattern(r"\b(mean|average) of (the |all |\w+ )?(daily|diary)\b")


@rule(
    "OUT01",
    Severity.ERROR,
    reads=(
        *below("/objectives/*", "endpoints", "kind", "level"),
        "/schedule",
        "/statistics/analyses",
        "/statistics/multiplicity",
        "/statistics/testing_order",
        "/statistics/testing_graph",
    ),
)
def primary_endpoints(trial: Trial) -> Iterator[Found]:
    """There is a primary endpoint with all that makes it one; several are co-primary or alternative.

    Why: a primary endpoint without metric, aggregation, time and analysis set can be chosen after the data are seen. A
    time to an event or an area has a start and an end, and no visit. (The schema asks for the other parts under this
    code; several primary endpoints without any method for multiplicity are told by STAT06.)

    Applies: objectives are stated. The analysis set may stand at the endpoint or at an analysis of it. Whether several
    must all succeed is asked where they are about benefit, and no order or graph of tests (statistics.testing_order,
    testing_graph) holds all of them.

    Basis:
        SPIRIT 2025, 16 (H)
        ICH M11 Step 4, 3.1 (H)

    Fails::

        objectives:
          - id: O1
            level: primary
            endpoints:
              - {id: E1, outcome: DEATH, metric: time_to_event, aggregation: hazard, visit: V12, analysis_set: ALL}

    Passes::

        objectives:
          - id: O1
            level: primary
            endpoints:
              - {id: E1, outcome: DEATH, metric: time_to_event, aggregation: hazard, analysis_set: ALL,
                 interval: {from: randomisation, to: V12}}
    """
    objectives = trial.root["objectives"]
    if not objectives:
        raise NotApplicable("no objective is stated")
    if not any(each["level"].text == "primary" for each in objectives):
        yield Found(
            objectives, "no objective is primary", "state level: primary for the objective that sizes the trial"
        )
    for endpoint in trial.primary:
        words = _OVER_TIME.get(endpoint["metric"].text)
        if words and endpoint["visit"] and not endpoint["interval"] and not _sampled(trial, endpoint):
            message = f"primary endpoint {endpoint['id'].text} is {words} and names the visit {endpoint['visit'].text}"
            yield Found(endpoint["visit"], message, "state interval with from and to instead of visit")
    yield from _without_set(trial)
    yield from _undeclared(trial)


def _without_set(trial: Trial) -> Iterator[Found]:
    """Find primary endpoints for which neither they nor an analysis of theirs name the analysis set, by objective."""
    told = {each["endpoint"].text for each in trial.at("/statistics/analyses") if each["set"]}
    for objective in trial.root["objectives"]:
        ends = objective["endpoints"] if objective["level"].text == "primary" else ()
        without = [each for each in ends if not each["analysis_set"] and each["id"].text not in told]
        if without:
            names = listed([each["id"].text for each in without])
            message = f"nothing says in which analysis set {names} {'is' if len(without) == 1 else 'are'} analysed"
            related = tuple((each, "nor for this one") for each in without[1:])
            yield Found(without[0], message, "state analysis_set, or set at the main analysis", related)


def _sampled(trial: Trial, endpoint: Node) -> bool:
    """Say whether the outcome is measured at several times of the visit, so that an area lies within it."""
    stop = trial.timetable.stop(endpoint["visit"].text)
    outcome = endpoint["outcome"].text
    return stop is not None and any(
        len(planned.timepoints) > 1 and outcome in {served.text for served in planned.activity["serves"]}
        for planned in stop.planned
    )


def _undeclared(trial: Trial) -> Iterator[Found]:
    if _EARLY & trial.tags or not trial.at("/statistics/multiplicity"):
        return
    endpoints = [
        endpoint
        for objective in trial.root["objectives"]
        if objective["level"].text == "primary" and objective["kind"].text in ("", "benefit")
        for endpoint in objective["endpoints"]
    ]
    silent = [endpoint for endpoint in endpoints if not endpoint["co_primary"]]
    if {endpoint["id"].text for endpoint in endpoints} <= _ordered(trial):
        return  # an order, or a graph, of tests says which may succeed without which
    if len(endpoints) > 1 and silent:
        message = f"primary endpoints {listed([each['id'].text for each in endpoints])}: nothing says whether all must"
        ways = "co_primary (all must succeed), alternative, hierarchical, independent or by_authority"
        hint = f"state co_primary for each: {ways}"
        yield Found(silent[0], f"{message} succeed or one may", hint, severity=Severity.WARNING)


def _ordered(trial: Trial) -> set[str]:
    """Return the ids of the endpoints in the order of tests, or in their graph."""
    listed_in = (*trial.at("/statistics/testing_order"), *trial.at("/statistics/testing_graph/hypotheses"))
    return {each["endpoint"].text or each.text for each in listed_in}


@rule(
    "OUT02", Severity.ERROR,
    reads=(
        *below("/outcomes/*", "anchors", "direction", "id", "important_difference", "instrument", "name", "range"),
        *below("/objectives/*", "endpoints", "estimands"), "/population/severity_at_entry", "/population/inclusion",
        "/population/exclusion",
    ),
)  # fmt: skip
def ranges(trial: Trial) -> Iterator[Found]:
    """The range of a scale holds wherever its values are named; what the library knows of it is a hint.

    Why: "at least 40" of a scale from 0 to 10 shows that two scales are meant; results in one are worthless in the
    other. (The schema asks for the direction of a scale with a range, under this code.)

    Applies: an outcome states a range, or the library knows its instrument. What the ends of a scale say decides the
    direction of a global impression of change. Ends that the name of the instrument or its anchors tell are those of
    the range, and what an estimand calls the worst value is the worse end.

    Basis:
        SPIRIT 2025, 16 and 25a (H)
        SPIRIT-Outcomes 2022, instruments (M)

    Fails::

        outcomes: [{id: NRS, instrument: {name: pain 0-10}, range: {min: '0 {score}', max: '10 {score}'}}]
        population: {severity_at_entry: {outcome: NRS, range: {min: '40 {score}', max: '100 {score}'}}}

    Passes::

        outcomes: [{id: NRS, instrument: {name: pain 0-10}, range: {min: '0 {score}', max: '10 {score}'}}]
        population: {severity_at_entry: {outcome: NRS, range: {min: '4 {score}', max: '10 {score}'}}}
    """
    scales = [outcome for outcome in trial.root["outcomes"] if outcome["range"] or outcome["instrument"]]
    if not scales:
        raise NotApplicable("no outcome is a scale with a range or a named instrument")
    entry = trial.at("/population")
    limits = [each for key in ("inclusion", "exclusion") for each in entry[key] if each["measure"]]
    for outcome in scales:
        span = outcome["range"]
        low, high = quantity(span["min"]), quantity(span["max"])
        if low and high and low.unit.code == high.unit.code and low.value >= high.value:
            yield Found(span, f"{named(outcome)}: the range from {low.text} to {high.text} is empty", "turn its ends")
        for told, what in _values(entry["severity_at_entry"], limits, outcome):
            value = quantity(told)
            if value is not None and _outside(value, low, high):
                message = f"{named(outcome)} goes from {span['min'].text} to {span['max'].text}; {what} is {told.text}"
                yield Found(told, message, "tell one range", ((span, "the range"),))
        yield from _wider(outcome, low, high)
        yield from other_ends(outcome)
        yield from assigned(trial, outcome)
        if row := row_of(outcome):
            yield from _unlike_the_library(outcome, row, low, high)


def _values(entry: Node, limits: list[Node], outcome: Node) -> Iterator[tuple[Node, str]]:
    """Yield every place that tells a value of an outcome, with what it is: at entry and in criteria."""
    if entry["outcome"].text == outcome["id"].text:
        yield entry["range"]["min"], "the lowest value at entry"
        yield entry["range"]["max"], "the highest value at entry"
    names = {folded(outcome[key].text) for key in ("id", "name")} | {folded(outcome["instrument"]["name"].text)}
    for criterion in limits:
        if folded(criterion["measure"].text) in names:
            yield criterion["above"], f"the limit of criterion {criterion['id'].text}"
            yield criterion["below"], f"the limit of criterion {criterion['id'].text}"


def _wider(outcome: Node, low: Quantity | None, high: Quantity | None) -> Iterator[Found]:
    """Find an important difference that is wider than the scale; where the scale begins does not matter to it."""
    stated = outcome["important_difference"]["individual"]
    value = quantity(stated)
    if value is None or low is None or high is None or not value.unit.code == low.unit.code == high.unit.code:
        return
    if abs(value.value) > high.value - low.value:
        message = f"{named(outcome)} goes from {low.text} to {high.text}; the important difference is {stated.text}"
        yield Found(stated, message, "tell one range", ((outcome["range"], "the range"),))


def _outside(value: Quantity, low: Quantity | None, high: Quantity | None) -> bool:
    """Say whether a value lies outside a range; a value in another unit, such as a percentage, does not compare."""
    below = low is not None and low.unit.code == value.unit.code and value.value < low.value
    return below or (high is not None and high.unit.code == value.unit.code and value.value > high.value)


def _unlike_the_library(outcome: Node, row: Row, low: Quantity | None, high: Quantity | None) -> Iterator[Found]:
    known, versions = row.data.get("range", {}), row.data.get("versions")
    if known and not known.get("generic") and low and high:
        stated = [f"{low.value:f}", f"{high.value:f}"]
        if stated != [known["min"], known["max"]] and stated != known.get("subscale"):
            message = f"{named(outcome)}: {row.names[0]} goes from {known['min']} to {known['max']} by the library"
            message += f" ({known['source']}, confidence {known['confidence']}), here from {stated[0]} to {stated[1]}"
            yield Found(outcome["range"], message, "state which version or score is used", (), known["confidence"])
    direction = outcome["direction"]
    stated_as, known_as = higher_is(direction.text), higher_is(known.get("direction", ""))
    if stated_as and known_as and stated_as != known_as and not outcome["anchors"]:
        message = f"{named(outcome)}: {direction.text}, but higher is {known_as} by the library ({known['source']})"
        yield Found(direction, message, "correct it, or say in anchors what the ends mean", (), known["confidence"])
    text = f"{outcome['instrument']['name'].text} {outcome['instrument']['version'].text}"
    if versions and not outcome["instrument"]["version"] and not re.search(r"v ?[0-9]|-R\b", text):
        message = f"{named(outcome)}: which version? There are {listed(versions['versions'])} ({versions['source']})"
        at = outcome["instrument"] or outcome
        yield Found(at, message, "state instrument.version", (), versions["confidence"])


@rule("OUT12", Severity.WARNING, reads=(*below("/outcomes/*", "diary", "id", "measurement", "name"), "/objectives"))
def diary(trial: Trial) -> Iterator[Found]:
    """A mean over the days of a diary says the fewest days that give one, of those there are, and what happens below.

    Why: a weekly mean of one day is not a weekly mean, and whether the week then counts as missing changes the result.

    Applies: an outcome is a mean over days.

    Basis:
        SPIRIT-PRO 2018, missing items and scoring (M)

    Fails::

        outcomes: [{id: NRS, diary: {days: 7, min_days: 4}}]

    Passes::

        outcomes: [{id: NRS, diary: {days: 7, min_days: 4, below: week counts as missing}}]
    """
    kept = [each for each in trial.root["outcomes"] if each["diary"] or _DAYS.search(each["measurement"].text)]
    if not kept:
        raise NotApplicable("no outcome is a mean over the days of a diary")
    for outcome in kept:
        days = outcome["diary"]
        if not days:
            message = f"{named(outcome)} is a mean over days, and nothing says how many days give one"
            yield Found(outcome["measurement"], message, "state diary with days, min_days and below")
        elif not days["below"]:
            fewest = f" with fewer than {days['min_days'].text} days" if days["min_days"] else ""
            message = f"{named(outcome)}: mean of {days['days'].text} days; nothing says what a mean{fewest} becomes"
            yield Found(days, message, "state below, such as: week counts as missing")
        fewest_days, all_days = number(days["min_days"]), number(days["days"])
        if fewest_days is not None and all_days is not None and fewest_days > all_days:
            message = f"{named(outcome)}: {fewest_days} days are needed, and the mean is over {all_days}"
            yield Found(days["min_days"], message, "correct one of both", severity=Severity.ERROR)


RULES: tuple[Rule, ...] = (primary_endpoints, ranges, diary)
