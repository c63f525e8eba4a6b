"""Rules on what a sample size rests on: which objective, whose difference, what stopping does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import QuantityError, convert
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_sizes import sized_by
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_SIMULATED = Pattern(r"simulat|bayes")
_OF_A_PERSON = Pattern(
    r"individual|within[- ]p|respon[ds]|\bMCID\b|\bMID\b|\bMIC\b|minimal(?:ly)? (?:clinically )?important"
)
_OF_GROUPS = Pattern(r"between|group|meta-analys")
_OF_TRIALS = Pattern(r"\btrials?\b|\bstud(?:y|ies)\b|\bcomparator")
_ON_TREATMENT = Pattern(r"on[- ]treatment|while (?:on|taking|taken)|per[- ]protocol|if taken")
_MAY_BE_ZERO = {"dropout_hazard": "the hazard of drop-out", "true_diff": "the true difference"}
# How many take part; of several calculations for the same participants one tells it.
_ENTERED = ("randomised_per_arm", "randomised_total", "per_sequence", "enrolled_max", "clusters_total", "open_ended")
_STOPPING = frozenset({"treatment_discontinuation", "treatment discontinuation"})


@rule(
    "STAT01", Severity.ERROR, reads=("/statistics/sample_size", "/objectives/*/level", "/objectives/*/id"),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def sized(trial: Trial) -> Iterator[Found]:
    """A primary objective is sized, by a named method with every input and its source, or by a report that is cited.

    Why: "40 participants give adequate power" cannot be checked. (Which inputs a method needs, and that they and their
    sources are there, the shape of the file tells; what was simulated without a report is a warning.)

    Applies: a sample size is stated. How many are randomised or enrolled, one of several for the same participants
    tells; each has the number that its method gives. One that names an endpoint names one of its objective. A drop-out
    or a true difference of none needs no source.

    Basis:
        SPIRIT 2025, 19 (H)
        ICH M11 Step 4, 10.11 (H)

    Fails::

        objectives: [{id: O1, level: primary}, {id: O2, level: secondary}]
        statistics: {sample_size: [{objective: O2, method: other, rationale: enough for O2, randomised_total: 40}]}

    Passes::

        objectives: [{id: O1, level: primary}, {id: O2, level: secondary}]
        statistics: {sample_size: [{objective: O1, method: other, rationale: enough for O1, randomised_total: 40}]}
    """
    entries = [*trial.at("/statistics/sample_size")]
    if not entries:
        raise NotApplicable("no sample size is stated")
    primary = [each["id"].text for each in trial.root["objectives"] if each["level"].text == "primary"]
    named = [entry["objective"].text for entry in entries]
    if primary and not {*primary} & {*named}:
        message = f"the sample size is that of {listed([*dict.fromkeys(named)])}, not of {listed(primary, 'or')}"
        yield Found(entries[0]["objective"], f"{message}, which is primary", "size the primary objective")
    if not any(entry[key] for entry in entries for key in _ENTERED):
        message = "no sample size states how many participants, or clusters, are randomised or enrolled"
        hint = "state randomised_total where it is sized; what is sized for the same participants need not repeat it"
        yield Found(entries[0], message, hint)
    for entry in entries:
        if entry["endpoint"] and not sized_by(entry):
            name, objective = entry["endpoint"], entry["objective"].text
            message = f"{name.text} is sized as an endpoint of {objective}, which does not have it"
            yield Found(name, message, "name an endpoint of the objective, or the objective of the endpoint")
    for entry in entries:
        yield from _without_source(entry)
    reported = trial.at("/design/adaptive/simulation_report") or any(entry["library"] for entry in entries)
    for entry in entries:
        why = entry["rationale"]
        if entry["method"].text == "other" and _SIMULATED.search(why.text) and "[@" not in why.text and not reported:
            message = "the number was found by simulation, and no report is named"
            hint = "cite the report as [@key], or state design.adaptive.simulation_report"
            yield Found(why, message, hint, severity=Severity.WARNING)


def _without_source(entry: Node) -> Iterator[Found]:
    """Find an input that may be zero, and then rests on nothing, which is more than that and has no source."""
    from protocolkit.sample_size import methods  # noqa: PLC0415 - where a sample size is stated

    method = methods().get(entry["method"].text)
    for key in _MAY_BE_ZERO if method else ():
        found = quantity(entry[key])
        value = found.value if found is not None else entry[key].value
        if method and key in method.parameters and value and not entry[f"{key}_source"]:
            message = f"{_MAY_BE_ZERO[key]} of {entry[key].text} has no source"
            yield Found(entry[key], message, f"state {key}_source")


@rule(
    "STAT02", Severity.WARNING,
    reads=("/statistics/sample_size", "/objectives/*/endpoints",
           "/outcomes/*/important_difference"), tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def difference(trial: Trial) -> Iterator[Found]:
    """The difference between groups has its own source, and is not silently the important change of one person.

    Why: the change that matters to one person and the difference between means that matters are different questions; a
    difference of half the former can be worthwhile, so that the trial is too small for what it should find.

    Applies: the sample size uses a difference between groups.

    Basis:
        IMMPACT 2009 (Pain 146:238), importance for a person and of a difference between groups (H)
        DELTA2 2018, recommendations 1 and 3 to 5 (H)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: NRS}]}]
        outcomes: [{id: NRS, important_difference: {individual: '2 {score}'}}]
        statistics: {sample_size: [{objective: O1, delta: '2 {score}', delta_source: minimal important change}]}

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: NRS}]}]
        outcomes: [{id: NRS, important_difference: {individual: '2 {score}'}}]
        statistics: {sample_size: [{objective: O1, delta: '1.3 {score}', delta_source: meta-analysis}]}
    """
    entries = [entry for entry in trial.at("/statistics/sample_size") if entry["delta"]]
    if not entries:
        raise NotApplicable("no sample size uses a difference between groups")
    for entry in entries:
        delta, source = entry["delta"], entry["delta_source"].text
        if (threshold := _personal(trial, entry)) is not None and not (source and _speaks_of_groups(source)):
            message = f"the target difference {delta.text} is the important change of one person ({threshold.text})"
            hint = "state delta_source: a source for a difference between groups"
            yield Found(delta, message, hint, ((threshold, "the change of one person"),))
        elif not source:
            yield Found(delta, f"the target difference {delta.text} has no source", "state delta_source")


def _speaks_of_groups(source: str) -> bool:
    """Say whether a source is one for a difference between groups: it says so, or names trials and no person."""
    return bool(_OF_GROUPS.search(source) or (_OF_TRIALS.search(source) and not _OF_A_PERSON.search(source)))


def _personal(trial: Trial, entry: Node) -> Node | None:
    """Return the important change of one person in a primary outcome where it equals the difference of an entry."""
    delta = quantity(entry["delta"])
    for endpoint in sized_by(entry):
        threshold = trial.root["outcomes"].find(endpoint["outcome"].text)["important_difference"]["individual"]
        other = quantity(threshold)
        if delta is not None and other is not None and _same(delta, other):
            return threshold
    return None


def _same(one: Quantity, other: Quantity) -> bool:
    try:
        return abs(convert(one, other.unit.code).value) == abs(other.value)
    except QuantityError:
        return False


@rule(
    "STAT18", Severity.INFO,
    reads=("/statistics/sample_size", "/objectives/*/estimands"), tags_off=("pilot", "single-arm", "dose-escalation"),
)  # fmt: skip
def diluted(trial: Trial) -> Iterator[Found]:
    """The difference of the sample size is the one that the primary estimand leaves, those who stop included.

    Why: under a treatment-policy strategy those who stop count with what they reach, and the difference shrinks.
    Inflating the number for missing data does not bring that power back.

    Applies: a primary estimand follows participants after they stop the intervention (treatment policy), and its
    objective is sized by a difference.

    Basis:
        ICH E9(R1), estimand and sample size (M)

    Fails::

        objectives:
          - id: O1
            level: primary
            estimands:
              - {id: S1, intercurrent_events: [{event: treatment_discontinuation, strategy: treatment_policy}]}
        statistics: {sample_size: [{objective: O1, delta: '1.3 {score}', discontinuation: 20 %, missing: 15 %}]}

    Passes::

        objectives:
          - id: O1
            level: primary
            estimands:
              - {id: S1, intercurrent_events: [{event: treatment_discontinuation, strategy: treatment_policy}]}
        statistics:
          sample_size:
            - {objective: O1, delta: '1.3 {score}', discontinuation: 20 %, missing: 15 %,
               delta_is: effect under the primary estimand}
    """
    entries = [
        (entry, event)
        for entry in trial.at("/statistics/sample_size")
        if entry["delta"] and (event := _policy(trial, entry["objective"].text)) is not None
    ]
    if not entries:
        raise NotApplicable("no sized estimand follows participants after they stop the intervention")
    for entry, event in entries:
        told = entry["delta_is"]
        if entry["discontinuation_effect"] or (told and not _ON_TREATMENT.search(told.text)):
            continue
        message = f"{_weakened(entry)} under treatment policy, and how far stopping lowers it is not stated"
        hint = "state delta_is or discontinuation_effect: the difference that is expected with those who stop"
        yield Found(told or entry["delta"], message, hint, ((event["strategy"], "treatment policy"),))


def _policy(trial: Trial, objective: str) -> Node | None:
    found = trial.root["objectives"].find(objective)
    events = (event for estimand in found["estimands"] for event in estimand["intercurrent_events"])
    followed = (event for event in events if event["event"].text in _STOPPING)
    return next((each for each in followed if each["strategy"].text == "treatment_policy"), None)


def _weakened(entry: Node) -> str:
    share, delta = quantity(entry["discontinuation"]), quantity(entry["delta"])
    if share is None or delta is None or not 0 < share.value < 100:  # noqa: PLR2004 - percent
        return f"the difference {entry['delta'].text} is smaller"
    left = plain(delta.value * (100 - share.value) / 100)
    unit = f" {delta.unit.code}"
    return f"with {share.text} stopping and no effect left in them, {delta.text} becomes {left}{unit}"


RULES: tuple[Rule, ...] = (sized, difference, diluted)
