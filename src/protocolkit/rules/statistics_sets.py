"""Rule on whom a main analysis takes in: all who were randomised, or a set that something limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import EQUAL, framework_of, main_analyses, objective_of
from protocolkit.rules.trial import variables_of
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

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
    r"\b(?:data|measurements?|assessments?|questionnaires?|values?|diary (?:days?|entry|entries)|outcomes?)\b"
)
_COMPLETE = Pattern(r"\bwithout (?:an? |any )?missing\b(?: \w+){0,3}|\bwith (?:no|non-) ?missing\b(?: \w+){0,3}")
_CONSENTED = Pattern(
    r"\bwhose data (?:may|can|could) be (?:used|kept)\b|\bwho (?:gave|give|confirmed) (?:deferred )?consent\b"
)
_WHATEVER = Pattern(r"\b(?:whether|regardless|irrespective|even|with or|not only)\b[^.;]{0,40}$")
_ALL_RANDOMISED = Pattern(r"\b(?:all|every|everyone|each)\b[^.;]{0,30}\brandomi[sz]ed\b")
_INTENTION = Pattern(r"(?<!modified )(?<!m)\b(?:ITT|intention[- ]to[- ]treat)\b")
_AS_RECEIVED = Pattern(r"\breceived\b|as[- ]treated|\btaken\b")


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
    leave out those without any. So it is where consent that is refused afterwards takes people out. Analyses in one set
    are one finding.

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
    limited: dict[tuple[str, str], list[tuple[_Limit, Node, Node]]] = {}
    for analysis, endpoint in mains:
        words = _words(trial, analysis)
        selected = _SELECTED.search(words)
        claim = analysis["claim"] or framework_of(objective_of(endpoint))["kind"]
        if claim.text not in EQUAL:
            limit = _selected(trial, analysis, endpoint, words)
        else:
            limit = None if selected else _by_data(analysis, endpoint, words)
            if _is_alone(trial, endpoint):
                beside = "the set of all randomised" if selected else "a per-protocol set or a second estimand"
                lone.setdefault((analysis["set"].text, beside), []).append((analysis, endpoint))
        if limit is not None:
            limited.setdefault(limit.key, []).append((limit, analysis, endpoint))
    yield from _limited(limited)
    yield from _alone(lone)


class _Limit(NamedTuple):
    """What a main analysis leaves out, or how it takes participants, and what to do about it."""

    does: str
    told: str
    hint: str
    weight: Severity | None
    related: tuple[tuple[Node, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells one limit from another: analyses with the same one are one finding."""
        return f"{self.does} {self.told}", f"{self.hint} {self.weight}"


def _words(trial: Trial, analysis: Node) -> str:
    """Return what is said of the set of an analysis: its id and its definition."""
    name = analysis["set"].text
    return f"{name} {trial.at('/statistics/analysis_sets').find(name)['definition'].text}"


def _selected(trial: Trial, analysis: Node, endpoint: Node, words: str) -> _Limit | None:
    """Return how the set of an analysis that is to show a difference is limited; of several limits the hardest."""
    name, chosen = analysis["set"].text, trial.at("/statistics/analysis_sets").find(analysis["set"].text)
    if selected := _SELECTED.search(words):
        weight = Severity.INFO if _tests_vaccine(trial) and _in_all(trial, endpoint) else None
        hint = "analyse all who were randomised, in the arm allocated"
        return _Limit("use", f"{name} ({selected[0]})", hint, weight)
    by_data, taken = _by_data(analysis, endpoint, words), _limit(_TREATED, words)
    lenient = trial.blinds_participants and not _INTENTION.search(words)
    if taken and not (lenient and by_data):
        hint = "analyse all who were randomised; ICH E9 lets a blinded trial leave out those who took nothing"
        return _Limit("use", f"{name} ({taken})", hint, Severity.INFO if lenient else None)
    if not taken and _AS_RECEIVED.search(chosen["analysed_in"].text):
        told = f"participants by {chosen['analysed_in'].text}"
        hint = "analyse participants in the arm that was allocated"
        return _Limit("take", told, hint, None, ((chosen["analysed_in"], "stated here"),))
    return by_data


def _limit(pattern: Pattern, words: str) -> str:
    """Return the words that limit a set; an empty text where none do, or where the set is taken whatever they say."""
    match = pattern.search(words)
    return match[0] if match and not _WHATEVER.search(words[: match.start()]) else ""


def _limited(limited: dict[tuple[str, str], list[tuple[_Limit, Node, Node]]]) -> Iterator[Found]:
    """Find what limits sets: one finding for all the endpoints that are analysed in one."""
    for rows in limited.values():
        limit, first, _ = rows[0]
        ends = listed([*dict.fromkeys(endpoint["id"].text for _, _, endpoint in rows)])
        does = f"analysis of {ends} {limit.does}s" if len(rows) == 1 else f"analyses of {ends} {limit.does}"
        related = (*limit.related, *((analysis["set"], "as here") for _, analysis, _ in rows[1:]))
        message = f"the main {does} {limit.told}"
        yield Found(first["set"], message, limit.hint, related, severity=limit.weight)


def _by_data(analysis: Node, endpoint: Node, words: str) -> _Limit | None:
    """Return how a set is one of those who have data, or let them be used; the estimand weighs the first."""
    name = analysis["set"].text
    if limit := _limit(_DATA, words) or _limit(_COMPLETE, words):
        estimands = objective_of(endpoint)["estimands"]
        own = [each["population"] for each in estimands if endpoint["id"].text in variables_of(each)]
        contradicted = [population for population in own if _ALL_RANDOMISED.search(population.text)]
        hint = "analyse all who were randomised, and let the method for missing data allow for the others"
        told = f"; the estimand is about {contradicted[0].text}" if contradicted else ""
        related = tuple((population, "the population of the estimand") for population in contradicted[:1])
        return _Limit("use", f"{name} ({limit}){told}", hint, None if contradicted else Severity.INFO, related)
    if limit := _limit(_CONSENTED, words):
        hint = "say how many are expected to be left out, and how they are told apart by arm"
        return _Limit("use", f"{name} ({limit})", hint, Severity.INFO)
    return None


def _immunity(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is the response to a vaccine, which is told of those who got it as planned."""
    return _tests_vaccine(trial) and endpoint["aggregation"].text == "geometric_mean"


def _tests_vaccine(trial: Trial) -> bool:
    return any(each["kind"].text == "vaccine" for each in trial.tested)


def _in_all(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is analysed in a set, too, from which nobody is selected."""
    for each in trial.at("/statistics/analyses"):
        chosen = trial.at("/statistics/analysis_sets").find(each["set"].text)
        same = each["endpoint"].text == endpoint["id"].text
        if same and chosen and not _SELECTED.search(_words(trial, each)):
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


RULES: tuple[Rule, ...] = (everyone,)
