"""Rule on the main analysis: what it does about missing data; and which analyses are the main ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SINGLE = Pattern(
    r"\b[LBWM]OCF\b|(?:last|baseline|worst)[- ](?:value|observation|score|rank|case)s?\b|carried forward"
    r"|single imputation|imput\w+ (?:of|with|by) the (?:worst|mean)\b|mean imputation"
)
_NOT = Pattern(r"\b(?:no|not|never|without)\b[^.;]{0,40}$")
_JUSTIFIED = Pattern(r"\b(?:because|since|justifi\w+|assum\w+|as death|the reason)\b")
BESIDE = frozenset({"sensitivity", "supplementary"})  # roles of analyses that stand beside another
EQUAL = frozenset({"non_inferiority", "equivalence"})


def main_analyses(trial: Trial, *, benefit: bool = False) -> list[tuple[Node, Node]]:
    """Return the main analyses of primary endpoints, or of those of benefit alone, each with its endpoint."""
    primary = {
        endpoint["id"].text: endpoint
        for endpoint in trial.primary
        if endpoint["id"] and (not benefit or objective_of(endpoint)["kind"].text in ("", "benefit"))
    }
    return [
        (analysis, primary[analysis["endpoint"].text])
        for analysis in trial.at("/statistics/analyses")
        if analysis["role"].text == "main" and analysis["endpoint"].text in primary
    ]


def objective_of(endpoint: Node) -> Node:
    """Return the objective that an endpoint belongs to."""
    return endpoint.document.root.at(endpoint.pointer.rpartition("/endpoints/")[0])


def framework_of(objective: Node) -> Node:
    """Return the framework of an objective: that of the design where it has none, or one that says nothing else."""
    own, design = objective["framework"], objective.document.root["design"]["framework"]
    other = own["margin"] or own["then"] or (own["kind"] and own["kind"].text != design["kind"].text)
    return own if other else design


@rule("STAT04", Severity.WARNING, reads=("/statistics/analyses", "/objectives/*/estimands"))
def imputed_once(trial: Trial) -> Iterator[Found]:
    """A main analysis does not put one value in the place of each missing one.

    Why: carrying the last value forward takes a guess for data: it can bias either way and makes intervals too narrow.
    A value that a composite strategy assigns is no imputation, and a reason beside the method is accepted.

    Applies: a main analysis, or a primary estimand, says how missing data are handled.

    Basis:
        National Research Council 2010, no single imputation as primary approach unless justified (M)
        ICH E9(R1), missing data (H)

    Fails::

        statistics: {analyses: [{endpoint: E1, role: main, missing_data: LOCF}]}
        outcomes: []

    Passes::

        statistics:
          analyses:
            - {endpoint: E1, role: main, missing_data: multiple imputation by arm under missing at random}
            - {endpoint: E1, role: sensitivity, missing_data: baseline observation carried forward}
        outcomes: []
    """
    analyses = [each for each in trial.at("/statistics/analyses") if each["role"].text == "main"]
    told = [(each, each[key]) for each in analyses for key in ("missing_data", "data_used") if each[key]]
    told += _of_estimands(trial)
    if not told:
        raise NotApplicable("no main analysis says how it handles missing data")
    for analysis, node in told:
        match = _SINGLE.search(node.text)
        if match is None or _NOT.search(node.text[: match.start()]) or _JUSTIFIED.search(node.text):
            continue
        if _assigned(trial, analysis, match[0].casefold()):
            continue
        message = f"{(analysis['endpoint'] or analysis['variable']).text}: the main analysis uses {match[0]}"
        hint = "use a method that carries the uncertainty, such as multiple imputation, or say why this one holds"
        yield Found(node, message, hint)


def _of_estimands(trial: Trial) -> list[tuple[Node, Node]]:
    """Return the primary estimands, each with how its main analysis is to handle missing data."""
    return [
        (estimand, estimand["missing_data"]["method"])
        for objective in trial.root["objectives"]
        if objective["level"].text == "primary"
        for estimand in objective["estimands"]
        if estimand["missing_data"]["method"]
    ]


def _assigned(trial: Trial, analysis: Node, words: str) -> bool:
    """Say whether a composite strategy of the estimand assigns the value."""
    wanted = (analysis["estimand"] or analysis["id"]).text
    events = (
        event
        for estimand in trial.each("/objectives/*/estimands/*")
        if wanted and estimand["id"].text == wanted
        for event in estimand["intercurrent_events"]
    )
    return any(words in event["value_if_composite"].text.casefold() for event in events)


RULES: tuple[Rule, ...] = (imputed_once,)
