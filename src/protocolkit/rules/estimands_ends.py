"""Rules on what an estimand is about: further endpoints in the same people, and every pair that must succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.told_times import number_of
from protocolkit.rules.trial import variables_of
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_EACH = Pattern(r"\b(?:each|respective|subset|limited)\b")
_SEVERAL = 2
_PAIRS = Pattern(
    r"\b(?:all|each|every)(?: of the)?(?: (?P<count>\w+))?(?: pairwise)? (?:pairs?|pairwise comparisons?)\b"
)
_WORD = Pattern(r"[\w.-]+", exact=True)


@rule("EST07", Severity.WARNING, reads=("/objectives/*/estimands", "/objectives/*/endpoints"))
def same_people(trial: Trial) -> Iterator[Found]:
    """An estimand that holds for further endpoints holds in the people to whom those are limited.

    Why: "all randomised participants" is not the population of an endpoint that only some of them have; the effect in
    these is another estimand.

    Applies: an estimand names further endpoints (same_for), and one of them is limited to a subset or to cohorts
    otherwise than its variable. Analysis sets may differ, as they say whose data are at hand.

    Basis:
        ICH E9(R1), A.3.3 population (H)

    Fails::

        objectives:
          - {id: O1, endpoints: [{id: E1}, {id: E2, subset: participants with a deficient tumour}],
             estimands: [{id: S1, population: all randomised participants, variable: E1, same_for: [E2]}]}

    Passes::

        objectives:
          - {id: O1, endpoints: [{id: E1}, {id: E2}],
             estimands: [{id: S1, population: all randomised participants, variable: E1, same_for: [E2]}]}
    """
    estimands = [each for each in trial.each("/objectives/*/estimands/*") if each["same_for"]]
    if not estimands:
        raise NotApplicable("no estimand holds for further endpoints")
    ends = {each["id"].text: each for each in trial.each("/objectives/*/endpoints/*")}
    for estimand in estimands:
        own = ends.get(estimand["variable"].text)
        for name in estimand["same_for"]:
            other = ends.get(name.text)
            if (
                own is None
                or other is None
                or _people(own) == _people(other)
                or _EACH.search(estimand["population"].text)
            ):
                continue
            limit = other["subset"] or other["cohorts"] or own["subset"] or own["cohorts"]
            whose = name.text if other["subset"] or other["cohorts"] else estimand["variable"].text
            about = estimand["population"].text or estimand["variable"].text
            told = ", ".join(node.text for node in limit) if not limit.text else limit.text
            message = f"estimand {estimand['id'].text}, about {about[:80]}, is to hold for {name.text} as well, and"
            hint = "state an estimand of its own for it"
            yield Found(name, f"{message} {whose} is limited to {told[:160]}", hint, ((limit, "the limit"),))


def _people(endpoint: Node) -> tuple[str, frozenset[str]]:
    return folded(endpoint["subset"].text), frozenset(node.text for node in endpoint["cohorts"])


@rule("EST08", Severity.WARNING, reads=("/objectives/*/estimands", "/statistics/analyses"))
def every_pair(trial: Trial) -> Iterator[Found]:
    """Where all pairs of arms must succeed, the estimand compares all of them.

    Why: three lots are alike where each is like the two others; two comparisons leave a third that nobody makes.

    Applies: the criterion of success of a main analysis asks for all pairs (or for a number of them), and each
    comparison of its estimand names two of its arms.

    Basis:
        ICH E9(R1), A.3.3 treatment (H)
        internal consistency of the protocol, objectives and analyses (H)

    Fails::

        objectives:
          - {id: O1, endpoints: [{id: E1}],
             estimands: [{id: S1, variable: E1, treatment: {arms: [A, B, C], comparisons: [A against B, A against C]}}]}
        statistics: {analyses: [{endpoint: E1, role: main, success: all three pairs lie within the limits}]}

    Passes::

        objectives:
          - {id: O1, endpoints: [{id: E1}],
             estimands: [{id: S1, variable: E1, treatment: {arms: [A, B, C], comparisons: [A against B, A against C,
               B against C]}}]}
        statistics: {analyses: [{endpoint: E1, role: main, success: all three pairs lie within the limits}]}
    """
    mains = [each for each in trial.at("/statistics/analyses") if each["role"].text == "main" and each["success"]]
    asked = [
        (estimand, each["success"])
        for estimand in trial.each("/objectives/*/estimands/*")
        for each in mains
        if each["endpoint"].text in variables_of(estimand) and _PAIRS.search(each["success"].text)
    ]
    if not asked:
        raise NotApplicable("no criterion of success asks for all pairs of arms")
    for estimand, success in asked:
        treatment = estimand["treatment"]
        arms = {node.text for node in treatment["arms"]}
        pairs = [frozenset(arms & {*_WORD.findall(node.text)}) for node in treatment["comparisons"]]
        match = _PAIRS.search(success.text)
        said = number_of(match["count"] or "") if match else None
        wanted = said or len(arms) * (len(arms) - 1) // 2
        if pairs and all(len(pair) == _SEVERAL for pair in pairs) and len({*pairs}) < wanted:
            message = f"estimand {estimand['id'].text} compares {len({*pairs})} pairs of arms, and success asks for"
            related = ((success, "the criterion"),)
            told = f"{message} {match[0] if match else 'all'}, which are {wanted}"
            yield Found(treatment["comparisons"], told, "list every comparison", related)


RULES: tuple[Rule, ...] = (same_people, every_pair)
