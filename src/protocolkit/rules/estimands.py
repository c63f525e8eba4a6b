"""Rules on estimands: their attributes, data after an intercurrent event, sensitivity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.departing import departs, hint_for
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named, variables_of
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ATTRIBUTES = (("treatment", "treatment"), ("population", "population"), ("intercurrent_events", "intercurrent events"),
               ("summary", "population-level summary"))  # fmt: skip
_ASKED = frozenset({"", "benefit"})
_OF_HARM = Pattern(r"\bsafety\b|\btolera|adverse")
# No assumption, one that is no missing at random, or a rule of the variable: what is not seen counts as something.
_LEFT_TO_SAY = Pattern(
    r"\bnone\b|\bno (?:missing|assumption)|not applicable|not (?:missing )?at random|\bMNAR\b|\bas for\b"
    r"|counts? as (?:no|non|not|an? (?:event|failure))|non-?respon"
)


@rule(
    "STAT03", Severity.WARNING, reads=("/objectives/*/level", "/objectives/*/estimands"),
    tags_off=("pilot", "dose-escalation"), severity_by_tag={"confirmatory": Severity.ERROR},
)  # fmt: skip
def attributes(trial: Trial) -> Iterator[Found]:
    """A primary objective has an estimand with treatment, population, variable, intercurrent events and summary.

    Why: "the effect of the drug on pain" leaves open whose effect counts when people stop, take rescue medicine or die;
    two trials with one sentence can answer different questions.

    Applies: a primary objective of benefit, and any objective that states an estimand. In a secondary one it is a
    warning at most, and so is a primary endpoint that no estimand of its objective is about.

    Basis:
        ICH E9(R1), A.3.2 (H)
        ICH M11 Step 4, 3.1 (H)

    Fails::

        objectives:
          - id: O1
            level: primary
            estimands: [{id: S1, population: all randomised, variable: E1, summary: difference in means}]

    Passes::

        objectives:
          - id: O1
            level: primary
            estimands:
              - id: S1
                treatment: {arms: [ACT, CTL]}
                population: all randomised
                variable: E1
                intercurrent_events: [{event: treatment_discontinuation, strategy: treatment_policy}]
                summary: difference in means
    """
    asked = [each for each in trial.root["objectives"] if each["estimands"] or _primary(each)]
    if not asked:
        raise NotApplicable("no primary objective of benefit, and no estimand")
    for objective in asked:
        weight = None if objective["level"].text == "primary" else Severity.WARNING
        if not objective["estimands"]:
            message = f"the primary objective {objective['id'].text} has no estimand"
            hint = "state estimands: treatment, population, variable, intercurrent events and summary"
            yield Found(objective["estimands"], message, hint, severity=weight)
        for estimand in objective["estimands"]:
            missing = [words for key, words in _ATTRIBUTES if not estimand[key]]
            if missing:
                message = f"objective {objective['id'].text}: estimand {estimand['id'].text} lacks {listed(missing)}"
                yield Found(estimand, message, f"state {listed(missing)}", severity=weight)
        yield from _without_one(objective)


def _without_one(objective: Node) -> Iterator[Found]:
    """Find primary endpoints that no estimand of their objective is about, where it has some."""
    held = {name for estimand in objective["estimands"] for name in variables_of(estimand)}
    without = [each for each in objective["endpoints"] if each["id"] and each["id"].text not in held]
    if held and without and _primary(objective):
        names = listed([each["id"].text for each in without])
        message = f"no estimand of objective {objective['id'].text} is about {names}"
        hint = "state an estimand for each, or name them under same_for of one that holds for them as well"
        yield Found(without[0], message, hint, severity=Severity.WARNING)


def _primary(objective: Node) -> bool:
    told = f"{objective['id'].text} {objective['text'].text}"
    harm = not objective["kind"] and _OF_HARM.search(told)
    asked = objective["level"].text == "primary" and objective["kind"].text in _ASKED and not harm
    # Where no endpoint says what is measured how, that comes first (OUT01).
    return asked and any(endpoint["metric"] for endpoint in objective["endpoints"])


@rule(
    "EST01", Severity.ERROR,
    reads=(*below("/objectives/*", "endpoints", "estimands"), "/schedule/activities"),
)  # fmt: skip
def collected_after(trial: Trial) -> Iterator[Found]:
    """Under a treatment-policy strategy the variable is still collected after the event.

    Why: the strategy takes the values after the event as they are; where nobody collects them, they are missing, and
    the estimand cannot be estimated.

    Applies: an intercurrent event has the strategy treatment_policy.

    Basis:
        ICH E9(R1), A.3.2 treatment policy strategy (H)

    Fails::

        objectives:
          - id: O1
            endpoints: [{id: E1, outcome: NRS}]
            estimands:
              - id: S1
                variable: E1
                intercurrent_events: [{event: treatment_discontinuation, strategy: treatment_policy}]
        schedule: {activities: [{id: NRS, serves: [NRS], collection_ceases_after: treatment discontinuation}]}

    Passes::

        objectives:
          - id: O1
            endpoints: [{id: E1, outcome: NRS}]
            estimands:
              - id: S1
                variable: E1
                intercurrent_events: [{event: treatment_discontinuation, strategy: treatment_policy}]
        schedule: {activities: [{id: NRS, serves: [NRS], collection_ceases_after: withdrawal of consent}]}
    """
    followed = [row for row in intercurrent_events(trial) if row[1]["strategy"].text == "treatment_policy"]
    if not followed:
        raise NotApplicable("no intercurrent event has the strategy treatment_policy")
    # Several estimands of one outcome tell one fault.
    single = {(event["event"].text, _outcome(trial, estimand)): event for estimand, event in reversed(followed)}
    for (_, outcome), event in single.items():
        for activity in trial.at("/schedule/activities"):
            ends = activity["collection_ceases_after"]
            if outcome not in {node.text for node in activity["serves"]} or not _is(event["event"].text, ends.text):
                continue
            message = (
                f"{event['event'].text}: treatment policy, but {named(activity)}, which measures {outcome}, ends at it"
            )
            hint = "collect it after the event, or choose another strategy"
            yield Found(ends, message, hint, ((event["strategy"], "treatment policy"),))


def intercurrent_events(trial: Trial) -> list[tuple[Node, Node]]:
    """Return the intercurrent events, each with its estimand before it."""
    return [
        (estimand, event)
        for estimand in trial.each("/objectives/*/estimands/*")
        for event in estimand["intercurrent_events"]
    ]


def _outcome(trial: Trial, estimand: Node) -> str:
    endpoints = {each["id"].text: each for each in trial.each("/objectives/*/endpoints/*")}
    endpoint = endpoints.get(estimand["variable"].text)
    return endpoint["outcome"].text if endpoint else ""


def _is(event: str, told: str) -> bool:
    """Say whether a text names an event: the same words, `of` and the like left out."""
    wanted, words = folded(event).split(), set(folded(told).split())
    return bool(wanted) and {*wanted} <= words


@rule(
    "EST03",
    Severity.WARNING,
    reads=("/objectives/*/estimands", "/statistics/analyses"),
    tags_off=("pilot", "dose-escalation"),
)
def sensitivity(trial: Trial) -> Iterator[Found]:
    """A sensitivity analysis departs from the assumption about missing data on which a primary estimand rests.

    Why: no trial can show that data are missing at random. How far the result holds when those who left did worse is
    what a reader must know.

    Applies: a primary estimand rests on an assumption about missing data, such as missing at random. Where the main
    analysis counts what is missing as events, or as the worst case, one under missing at random departs from it. A
    reason for none is accepted.

    Basis:
        ICH E9(R1), A.5.2 sensitivity analysis (H)
        SPIRIT 2025, 27c (M)

    Fails::

        objectives:
          - {id: O1, level: primary, estimands: [{id: S1, missing_data: {assumption: missing at random}}]}

    Passes::

        objectives:
          - id: O1
            level: primary
            estimands:
              - id: S1
                missing_data: {assumption: missing at random}
                sensitivity: [{method: delta adjustment, direction: worse in the experimental arm}]
    """
    resting = [
        estimand
        for objective in trial.root["objectives"]
        if objective["level"].text == "primary"
        for estimand in objective["estimands"]
        if estimand["missing_data"]["assumption"]
        and not _LEFT_TO_SAY.search(estimand["missing_data"]["assumption"].text)
    ]
    if not resting:
        raise NotApplicable("no primary estimand rests on missing at random")
    for estimand in resting:
        assumed, handled = estimand["missing_data"]["assumption"].text, _handled(trial, estimand)
        planned = [f"{each['method'].text}; {each['direction'].text}" for each in estimand["sensitivity"]]
        for analysis in _analyses(trial, estimand, "sensitivity"):
            planned += [analysis["model"].text, f"missing as {analysis['missing_data'].text}"]
        if estimand["sensitivity"]["none_reason"] or any(departs(text, assumed, handled) for text in planned):
            continue
        told = f"estimand {estimand['id'].text}: no analysis departs from what is assumed of missing data"
        message = f'{told} ("{assumed}")'
        hint = hint_for(assumed, handled)
        yield Found(estimand["sensitivity"], message, hint, ((estimand["missing_data"]["assumption"], "assumed here"),))


def _handled(trial: Trial, estimand: Node) -> str:
    """Return how the main analysis of an estimand deals with missing data, in all words that tell it."""
    mains = _analyses(trial, estimand, "main")
    told = [estimand["missing_data"]["method"], *(each["missing_data"] for each in mains)]
    return "; ".join(f"missing as {node.text}" for node in told if node)


def _analyses(trial: Trial, estimand: Node, role: str) -> list[Node]:
    """Return the analyses of an estimand in a role; those that name none are of its endpoint."""
    return [
        each
        for each in trial.at("/statistics/analyses")
        if each["role"].text == role
        and (
            each["estimand"].text == estimand["id"].text
            or (not each["estimand"] and each["endpoint"].text in variables_of(estimand))
        )
    ]


RULES: tuple[Rule, ...] = (attributes, collected_after, sensitivity)
