"""Rules on what is planned for every endpoint and every step: an analysis in the set named, clusters that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import BESIDE
from protocolkit.rules.statistics_arms import number
from protocolkit.rules.statistics_measures import MEANS, kind_of
from protocolkit.rules.times import length
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WORD = Pattern(r"[^\W_]{4,}", exact=True)
_DESCRIBED = Pattern(r"\bmeans?\b|\bmedians?\b|change from baseline|\bvalues?\b|laborator|vital signs|\bshift")
_WEIGHTY = ("primary", "secondary")


@rule("STAT23", Severity.ERROR, reads=("/design/cluster", "/design/randomisations"))
def wedge(trial: Trial) -> Iterator[Found]:
    """The steps of a stepped wedge add up: clusters, parts of the ratio, transition and length of a step.

    Why: eight steps of three wards are 24 wards; with 32 to be randomised, eight never cross over or the plan is wrong.

    Applies: the design has a stepped wedge.

    Basis:
        CONSORT extension for stepped-wedge cluster trials 2018, 3a and 7a (M)
        internal consistency of the protocol, design (H)

    Fails::

        design:
          cluster: {unit: ward, clusters: 32, stepped_wedge: {steps: 8, step_length: 8 wk, clusters_per_step: 3}}

    Passes::

        design:
          cluster: {unit: ward, clusters: 32, stepped_wedge: {steps: 8, step_length: 8 wk, clusters_per_step: 4}}
    """
    cluster = trial.at("/design/cluster")
    plan = cluster["stepped_wedge"]
    if not plan:
        raise NotApplicable("the design has no stepped wedge")
    steps, each, clusters = number(plan["steps"]), number(plan["clusters_per_step"]), number(cluster["clusters"])
    unit = cluster["unit"].text or "cluster"
    if steps and each and clusters and steps * each != clusters:
        message = f"{steps} steps of {each} are {steps * each}; clusters: {clusters} ({unit})"
        yield Found(plan["clusters_per_step"], message, "bring both together", ((cluster["clusters"], "stated here"),))
    for randomisation in trial.at("/design/randomisations"):
        parts = [part for part in randomisation["ratio"].text.split(":") if part]
        if steps and len(parts) > 2 and len(parts) != steps:  # noqa: PLR2004 - a ratio of two may be that of conditions
            message = f"the ratio {randomisation['ratio'].text} has {len(parts)} parts for {steps} steps"
            yield Found(
                randomisation["ratio"], message, "state one part for each step", ((plan["steps"], "the steps"),)
            )
    between, moving = length(plan["step_length"]), length(plan["transition"])
    if between is not None and moving is not None and moving >= between:
        message = f"a transition of {plan['transition'].text} leaves nothing of a step of {plan['step_length'].text}"
        yield Found(plan["transition"], message, "bring both together", ((plan["step_length"], "the step"),))


@rule(
    "STAT24", Severity.WARNING,
    reads=(*below("/objectives/*", "endpoints", "id", "kind", "level"), "/outcomes/*/name", "/statistics/analyses",
           "/statistics/safety/measures", "/statistics/sample_size/*/endpoint"),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def analysed(trial: Trial) -> Iterator[Found]:
    """Each primary and secondary endpoint has a planned analysis, in the set that the endpoint names.

    Why: an endpoint without an analysis is analysed in the way that looks best afterwards; one whose analysis uses
    another set than the endpoint says leaves open which of the two was meant.

    Applies: analyses are planned. The set is that of the main analysis; of an endpoint without one, that of any but a
    sensitivity or supplementary analysis. Secondary endpoints without one are information, unless they stand in the
    order of testing or its graph, or a sample size names them, as it may an exploratory endpoint; events of harm are
    analysed as the safety analysis says, values that are measured for harm where it names them.

    Basis:
        SPIRIT 2025, 27a and 27b (H)
        ICH M11 Step 4, 10.4 to 10.6 (H)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, analysis_set: ALL}, {id: E2, analysis_set: ALL}]}]
        statistics: {analyses: [{endpoint: E1, role: main, set: ALL}]}

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, analysis_set: ALL}, {id: E2, analysis_set: ALL}]}]
        statistics: {analyses: [{endpoint: E1, role: main, set: ALL}, {endpoint: E2, role: main, set: ALL}]}
    """
    analyses = [*trial.at("/statistics/analyses")]
    if not analyses:
        raise NotApplicable("no analysis is planned")
    planned = {each["endpoint"].text for each in analyses}
    ordered = {node["endpoint"].text or node.text for node in trial.at("/statistics/testing_order")}
    ordered |= {each["endpoint"].text for each in trial.at("/statistics/testing_graph/hypotheses")}
    sized = {each["endpoint"].text for each in trial.at("/statistics/sample_size")} - {""}
    for objective in trial.root["objectives"]:
        left = [each for each in objective["endpoints"] if each["id"] and each["id"].text not in planned]
        if objective["kind"].text == "harm":
            left = [each for each in left if _measured(trial, each)]
        left = [each for each in left if objective["level"].text in _WEIGHTY or each["id"].text in sized]
        if left:
            told = listed([each["id"].text for each in left])
            message = f"no analysis is planned for {told} of objective {objective['id'].text}"
            tested = any(each["id"].text in ordered | sized for each in left)
            weight = None if tested or objective["level"].text == "primary" else Severity.INFO
            yield Found(left[0], message, "add an entry under statistics.analyses", severity=weight)
    endpoints = {each["id"].text: each for objective in trial.root["objectives"] for each in objective["endpoints"]}
    for analysis in analyses:
        yield from _other_set(analysis, endpoints.get(analysis["endpoint"].text), analyses)


def _measured(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is a value that is measured, which counting events by arm does not analyse."""
    told = " ".join(node.text for node in trial.at("/statistics/safety/measures"))
    name = trial.root["outcomes"].find(endpoint["outcome"].text)["name"].text
    named = {*map(str.casefold, _WORD.findall(name))} & {*map(str.casefold, _WORD.findall(told))}
    return kind_of(endpoint) == MEANS and not named and not _DESCRIBED.search(told)


def _other_set(analysis: Node, endpoint: Node | None, analyses: list[Node]) -> Iterator[Found]:
    """Find an analysis in another set than its endpoint names, unless one of its kind uses that set.

    A main analysis is held against the endpoint; where there is none, those that stand beside none.
    """
    if endpoint is None or not analysis["set"] or not endpoint["analysis_set"]:
        return
    own = [each for each in analyses if each["endpoint"].text == endpoint["id"].text]
    mains = [each for each in own if each["role"].text == "main"]
    counted = mains or [each for each in own if each["role"].text not in BESIDE]
    used = {each["set"].text for each in counted}
    if counted and endpoint["analysis_set"].text not in used and analysis.path == counted[0].path:
        name, stated, other = endpoint["id"].text, endpoint["analysis_set"].text, analysis["set"].text
        message = f"{name} is to be analysed in {stated}, its {'main ' if mains else ''}analysis uses {other}"
        yield Found(analysis["set"], message, "tell one set", ((endpoint["analysis_set"], "stated here"),))


RULES: tuple[Rule, ...] = (wedge, analysed)
