"""Rules on the main analysis: whom it takes in, what it does about missing data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import variables_of
from protocolkit.words import listed

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
_SELECTED = Pattern(
    r"\bcomplete(?:rs?|d?)\b|per[- _]?protocol|\bPPS?\b|as[- ]treated|\badher\w+|\bcompli(?:ant|ers?|ance)\b|"
    r"without (?:major|important|relevant)(?: protocol)? (?:deviation|violation)s?"
)
_UNIT = r"(?:dose|tablet|capsule|infusion|injection|administration|application)"
_TREATED = Pattern(
    rf"\bat least (?:one|1) {_UNIT}\w*|\b(?:got|took|had|received) (?:an?|any|one|the first) {_UNIT}\b(?: or more)?"
)
_DATA = Pattern(
    r"\b(?:with|who (?:have|had|provided?|gave)) (?:an? |any |one |at least |no less than |a minimum of |>= ?|\u2265 ?)"
    r"(?:(?!\b(?:without|missing|no)\b)[^.;,()]){0,40}?"
    r"\b(?:data|measurements?|assessments?|questionnaires?|values?|diary (?:days|entries)|outcomes?)\b"
)
_COMPLETE = Pattern(r"\bwithout (?:an? |any )?missing\b(?: \w+){0,3}|\bwith (?:no|non-) ?missing\b(?: \w+){0,3}")
_CONSENTED = Pattern(
    r"\bwhose data (?:may|can|could) be (?:used|kept)\b|\bwho (?:gave|give|confirmed) (?:deferred )?consent\b"
)
_WHATEVER = Pattern(r"\b(?:whether|regardless|irrespective|even|with or|not only)\b[^.;]{0,40}$")
_ALL_RANDOMISED = Pattern(r"\b(?:all|every|everyone|each)\b[^.;]{0,30}\brandomi[sz]ed\b")
_INTENTION = Pattern(r"(?<!modified )(?<!m)\b(?:ITT|intention[- ]to[- ]treat)\b")
_AS_RECEIVED = Pattern(r"\breceived\b|as[- ]treated|\btaken\b")
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


@rule(
    "STAT07", Severity.WARNING,
    reads=("/statistics/analyses", "/statistics/analysis_sets",
           *below("/objectives/*", "endpoints", "estimands", "framework", "kind", "level"), "/design/framework"),
    tags_off=("pilot", "single-arm", "dose-escalation"),
)  # fmt: skip
def everyone(trial: Trial) -> Iterator[Found]:
    """The main analysis takes in all who were randomised; in non-inferiority a second set stands beside it.

    Why: those who complete or comply differ from those who do not, and not by chance alone. In a trial that is to show
    no difference, deviations make the arms alike, so that a set without them is needed as well. (The immune response to
    a vaccine is left out: by custom it is told of those who were vaccinated as planned. So is its efficacy, which is
    information where an analysis of all who were randomised stands beside it.)

    Applies: a primary objective of benefit compares randomised arms. A set of those who have data is a warning where
    the population of the estimand is all who were randomised, else information, as ICH E9 lets a full analysis set
    leave out those without any. So it is where consent that is refused afterwards takes people out.

    Basis:
        ICH E9, 5.2 (M)
        SPIRIT 2025, 27b (H)

    Fails::

        design: {randomisations: [{id: R1}]}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: SBP}]}]
        statistics:
          analysis_sets: [{id: COMPLETERS, definition: participants who complete the trial, analysed_in: arm allocated}]
          analyses: [{endpoint: E1, role: main, set: COMPLETERS}]

    Passes::

        design: {randomisations: [{id: R1}]}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: SBP}]}]
        statistics:
          analysis_sets: [{id: ALL, definition: all randomised participants, analysed_in: arm allocated}]
          analyses: [{endpoint: E1, role: main, set: ALL}]
    """
    mains = [(each, end) for each, end in main_analyses(trial, benefit=True) if not _immunity(trial, end)]
    if not mains or not trial.at("/design/randomisations"):
        raise NotApplicable("no main analysis compares randomised arms for benefit")
    lone: dict[tuple[str, str], list[tuple[Node, Node]]] = {}
    for analysis, endpoint in mains:
        chosen = trial.at("/statistics/analysis_sets").find(analysis["set"].text)
        words = f"{analysis['set'].text} {chosen['definition'].text}"
        selected = _SELECTED.search(words)
        claim = analysis["claim"] or framework_of(objective_of(endpoint))["kind"]
        if claim.text in EQUAL:
            if _is_alone(trial, endpoint):
                beside = "the set of all randomised" if selected else "a per-protocol set or a second estimand"
                lone.setdefault((analysis["set"].text, beside), []).append((analysis, endpoint))
        elif selected:
            weight = Severity.INFO if _tests_vaccine(trial) and _in_all(trial, endpoint) else None
            yield _limited(
                analysis, endpoint, selected[0], "analyse all who were randomised, in the arm allocated", weight
            )
        elif match := _limit(_TREATED, words):
            hint = "analyse all who were randomised; ICH E9 lets a blinded trial leave out those who took nothing"
            weight = Severity.INFO if trial.blinds_participants and not _INTENTION.search(words) else None
            yield _limited(analysis, endpoint, match, hint, weight)
        elif _AS_RECEIVED.search(chosen["analysed_in"].text):
            message = f"the main analysis of {endpoint['id'].text} takes participants by {chosen['analysed_in'].text}"
            hint = "analyse participants in the arm that was allocated"
            yield Found(analysis["set"], message, hint, ((chosen["analysed_in"], "stated here"),))
        if not selected:
            yield from _by_data(analysis, endpoint, words)
    yield from _alone(lone)


def _limit(pattern: Pattern, words: str) -> str:
    """Return the words that limit a set; an empty text where none do, or where the set is taken whatever they say."""
    match = pattern.search(words)
    return match[0] if match and not _WHATEVER.search(words[: match.start()]) else ""


def _limited(analysis: Node, endpoint: Node, limit: str, hint: str, weight: Severity | None) -> Found:
    message = f"the main analysis of {endpoint['id'].text} uses {analysis['set'].text} ({limit})"
    return Found(analysis["set"], message, hint, severity=weight)


def _by_data(analysis: Node, endpoint: Node, words: str) -> Iterator[Found]:
    """Find a set of those who have data, or let them be used: what the estimand's population says weighs the first."""
    if limit := _limit(_DATA, words) or _limit(_COMPLETE, words):
        estimands = objective_of(endpoint)["estimands"]
        own = [each["population"] for each in estimands if endpoint["id"].text in variables_of(each)]
        contradicted = [population for population in own if _ALL_RANDOMISED.search(population.text)]
        hint = "analyse all who were randomised, and let the method for missing data allow for the others"
        found = _limited(analysis, endpoint, limit, hint, None if contradicted else Severity.INFO)
        told = f"; the estimand is about {contradicted[0].text}" if contradicted else ""
        related = tuple((population, "the population of the estimand") for population in contradicted[:1])
        yield found._replace(message=found.message + told, related=related)
    elif limit := _limit(_CONSENTED, words):
        hint = "say how many are expected to be left out, and how they are told apart by arm"
        yield _limited(analysis, endpoint, limit, hint, Severity.INFO)


def _immunity(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is the response to a vaccine, which is told of those who got it as planned."""
    return _tests_vaccine(trial) and endpoint["aggregation"].text == "geometric_mean"


def _tests_vaccine(trial: Trial) -> bool:
    return any(each["kind"].text == "vaccine" for each in trial.tested)


def _in_all(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is analysed in a set, too, from which nobody is selected."""
    for each in trial.at("/statistics/analyses"):
        chosen = trial.at("/statistics/analysis_sets").find(each["set"].text)
        words = f"{each['set'].text} {chosen['definition'].text}"
        if each["endpoint"].text == endpoint["id"].text and chosen and not _SELECTED.search(words):
            return True
    return False


def _is_alone(trial: Trial, endpoint: Node) -> bool:
    """Say whether a non-inferiority endpoint is analysed in one set alone, and under one estimand."""
    sets = {
        each["set"].text
        for each in trial.at("/statistics/analyses")
        if each["endpoint"].text == endpoint["id"].text and each["set"]
    }
    estimands = [each for each in objective_of(endpoint)["estimands"] if endpoint["id"].text in variables_of(each)]
    return len(sets) <= 1 and len(estimands) <= 1


def _alone(lone: dict[tuple[str, str], list[tuple[Node, Node]]]) -> Iterator[Found]:
    """Find the sets in which endpoints are analysed alone: one finding for each set and what should stand beside it."""
    for (name, beside), rows in lone.items():
        told = f"{listed([endpoint['id'].text for _, endpoint in rows])} {'are' if len(rows) > 1 else 'is'}"
        related = tuple((analysis["set"], "as here") for analysis, _ in rows[1:])
        hint = f"plan an analysis in {beside} beside it"
        yield Found(rows[0][0]["set"], f"{told} analysed in {name} alone", hint, related)


RULES: tuple[Rule, ...] = (imputed_once, everyone)
