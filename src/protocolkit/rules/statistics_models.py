"""Rules on what the model of an analysis holds: stratification factors, the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import main_analyses
from protocolkit.rules.statistics_baseline import BASELINE, takes_baseline, words_of
from protocolkit.rules.statistics_strata import COMPARED, against_outside, are_cohorts, factors_of
from protocolkit.rules.trial import CHANGES
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

_WORD = Pattern(r"[^\W_]{3,}", exact=True)
_STEM = 5
_LEVELS = Pattern(r"[(,:]", exact=True)
_COMMON = frozenset(
    (
        "baseline", "screening", "more", "less", "than", "most", "least", "yes", "the", "and", "for", "use", "used",
        "with", "without", "year", "years", "versus", "status", "current", "previous", "prior", "history", "level",
        "other", "only", "within",
    )
)  # fmt: skip
_SITES = frozenset(word[:_STEM] for word in ("site", "sites", "centre", "center", "hospital", "clinic", "investigator"))
# Of many levels, so that models commonly leave them out.
_LIKE_SITES = _SITES | {
    word[:_STEM] for word in ("institution", "practice", "facility", "school", "study", "trial", "recruiting")
}
# All factors in one word: `stratified by type of infarction` is about one, `stratified log-rank test` about all.
_ALL_FACTORS = Pattern(
    r"\bstratif(?:ied|ication|ying)\b(?! (?:by|for|on|according|per|within)\b"
    r"(?! (?:to )?(?:(?:the|all|its|these|those|each|same|actual|design) ){0,3}"
    r"(?:(?:\w+ )?(?:randomi|minimi|stratif)\w*|factors?\b|strata\b|as\b)))"
    r"|(?:minimi|randomi)[sz]ation (?:factor|variable|strat)|\bas randomi[sz]ed\b"
)
# Said of the factors themselves, so that a list beside it is one of further covariates.
_IN_WORDS = Pattern(
    r"\bstratif(?:ied|ication|ying)\b (?:by|for|on|according|per|within|factors?|variables?)\b|\bstrata\b"
    r"|(?:minimi|randomi)[sz]ation (?:factor|variable|strat)|\bas randomi[sz]ed\b"
)
_STRATA = Pattern(r"^(?:all |the )*strata$|\bstrata (?:of|at|used (?:in|at)) (?:the )?randomi[sz]ation")
_COHORTS = Pattern(r"\bcohorts?\b")
_REASON = Pattern(
    r"\b(?:unadjusted|not adjusted|without (?:any )?adjust\w+|no adjustment)\b.{0,90}"
    r"\b(?:because|since|as|so that|so as|in order|to (?:keep|have|give|allow|match|report)|for the)\b"
)
_NONE = Pattern(r"none (?:because|since|as|in|for)\b")
_MEANS = frozenset({"mean", "geometric_mean", "median", ""})
_OF_GROWTH = Pattern(r"velocit|\bslopes?\b|\brate of (?:change|decline|growth)|\bannuali[sz]ed")


@rule(
    "STAT08", Severity.WARNING,
    reads=("/design/randomisations", "/statistics/analyses", "/statistics/analysis_sets",
           *below("/objectives/*", "endpoints", "estimands", "id", "kind", "level"), "/arms",
           "/population/cohorts", "/schedule/activities"),
    tags_off=("pilot",),
)  # fmt: skip
def adjusted(trial: Trial) -> Iterator[Found]:
    """The main analysis adjusts for the factors by which randomisation was stratified or minimised, or says why not.

    Why: stratification makes the arms alike in a factor; an analysis that leaves it out treats that as chance, so that
    its intervals are too wide and its tests too weak.

    Applies: randomisation has factors, and a main analysis of a primary endpoint is planned. Where there are several
    randomisations, those count that assign the arms that are compared. A group outside the trial has no factors of
    randomisation, and a factor that is one and the same in all cohorts of the endpoint is none there. The baseline of
    an endpoint covers the factor that its own measurement tells. A site, of which there are many, is told with other
    factors alone. A model that is stratified by what it names leaves the other factors out, and so does a stratified
    one of which all covariates are factors.

    Basis:
        Sullivan et al. 2024 (Stat Med 43:2083), valid inference after stratified randomisation (H)
        FDA guidance on covariate adjustment 2023, stratified randomisation (M)
        EMA/CHMP/295050/2013, stratification factors (L)

    Fails::

        design: {randomisations: [{id: R1, restriction: stratified, strata: [{factor: region}]}]}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics: {analyses: [{endpoint: E1, role: main, model: ANCOVA, covariates: [baseline]}]}

    Passes::

        design: {randomisations: [{id: R1, restriction: stratified, strata: [{factor: region}]}]}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics: {analyses: [{endpoint: E1, role: main, model: ANCOVA, covariates: [baseline, region]}]}
    """
    mains = main_analyses(trial, benefit=True)
    if not mains or not any(trial.each("/design/randomisations/*/strata/*/factor")):
        raise NotApplicable("no main analysis follows a randomisation with factors")
    apart: dict[tuple[str, ...], list[tuple[Node, Node, list[Node]]]] = {}
    for analysis, endpoint in mains:
        if left := _left_out(trial, analysis, endpoint):
            apart.setdefault(tuple(factor.text for factor in left), []).append((analysis, endpoint, left))
    for names, rows in apart.items():
        (analysis, _, left), ends = rows[0], [*dict.fromkeys(endpoint["id"].text for _, endpoint, _ in rows)]
        does = "analysis of" if len(ends) == 1 else "analyses of"
        message = f"the main {does} {listed(ends)} {'does' if len(ends) == 1 else 'do'} not adjust for {listed(names)}"
        related = tuple((factor, "a factor of randomisation") for factor in left)
        related += tuple((other, "nor does this one") for other, _, _ in rows[1:])
        hint = "name the factors under covariates, or say in model why it is unadjusted"
        yield Found(analysis["covariates"] or analysis, message, hint, related)


def _left_out(trial: Trial, analysis: Node, endpoint: Node) -> list[Node]:
    """Return the factors of randomisation that a main analysis leaves out and gives no reason for."""
    told = words_of(analysis)
    strata = factors_of(trial, endpoint)
    same = _own_baseline(trial, endpoint)
    if (
        against_outside(analysis, endpoint)
        or (
            _ALL_FACTORS.search(told)
            and not _lists_factors(analysis, [each for each in strata if each.path not in same])
        )
        or _REASON.search(told)
        or any(_NONE.match(n.text) or _STRATA.search(n.text) for n in analysis["covariates"])
    ):
        return []
    held = telling(told)
    same = same if BASELINE.search(told) else set()
    left = [
        factor
        for factor, wanted in _by_own_words(strata)
        if wanted and not _covered(wanted, held) and not _named(factor.text, held) and factor.path not in same
    ]
    if _COHORTS.search(told):
        left = [factor for factor in left if not are_cohorts(trial, factor)]
    return left if any(telling(factor.text) - _LIKE_SITES for factor in left) else []


def _lists_factors(analysis: Node, factors: list[Node]) -> bool:
    """Say whether the covariates of a stratified model are factors alone: the list of what it is stratified by."""
    listed_in = [telling(each.text) for each in analysis["covariates"]]
    names = set[str]().union(*(telling(_LEVELS.split(factor.text)[0]) for factor in factors)) - _LIKE_SITES
    return bool(listed_in) and all(words & names for words in listed_in) and not _IN_WORDS.search(words_of(analysis))


def _own_baseline(trial: Trial, endpoint: Node) -> set[Path]:
    """Return the factors that are read by what measures the outcome of an endpoint: its baseline, cut in two."""
    serving = {
        each["id"].text
        for each in trial.root["schedule"]["activities"]
        if endpoint["outcome"].text in {node.text for node in each["serves"]}
    }
    strata = trial.each("/design/randomisations/*/strata/*")
    return {each["factor"].path for each in strata if each["activity"].text in serving}


def _by_own_words(factors: list[Node]) -> Iterator[tuple[Node, set[str]]]:
    """Yield each factor with the stems of its words, without those that it shares with another one, if it can."""
    words = [telling(factor.text) for factor in factors]
    for number, factor in enumerate(factors):
        others = set[str]().union(*words[:number], *words[number + 1 :])
        yield factor, words[number] - others or words[number]


def telling(text: str) -> set[str]:
    """Return the stems of the words that tell one factor from another."""
    return {word[:_STEM].casefold() for word in _WORD.findall(text) if word.casefold() not in _COMMON}


def _covered(wanted: set[str], held: set[str]) -> bool:
    return bool(wanted & held) or bool(wanted & _SITES and held & _SITES)


def _named(factor: str, held: set[str]) -> bool:
    """Say whether the name of a factor, without its levels, is told in full."""
    name = telling(_LEVELS.split(factor)[0])
    return len(name) > 1 and name <= held


@rule(
    "STAT09", Severity.INFO,
    reads=("/statistics/analyses", *below("/objectives/*", "endpoints", "kind", "level"), "/schedule",
           "/outcomes/*/name", *COMPARED),
    severity_by_tag={"confirmatory": Severity.WARNING},
)  # fmt: skip
def baseline(trial: Trial) -> Iterator[Found]:
    """The baseline value of a continuous primary endpoint is a covariate of its main analysis.

    Why: the change from baseline alone is less precise and hangs on a correlation that nobody knows beforehand; with a
    correlation of 0.7 the baseline as a covariate halves the number of participants.

    Applies: a continuous primary endpoint is a change, or its outcome is measured at or before the first day. In a
    crossover each participant is compared with himself; a group outside the trial may have no baseline. The value at a
    visit that is no later than the first dose is the baseline.

    Basis:
        EMA CPMP/EWP/2863/99, II.7 (M)
        EMA/CHMP/295050/2013, baseline as covariate (M)
        Walters et al. 2019 (Trials 20:566), correlation and sample size under analysis of covariance (H)

    Fails::

        objectives:
          - {id: O1, level: primary, endpoints: [{id: E1, metric: change_from_baseline, aggregation: mean}]}
        statistics: {analyses: [{endpoint: E1, role: main, model: t test of the change}]}

    Passes::

        objectives:
          - {id: O1, level: primary, endpoints: [{id: E1, metric: change_from_baseline, aggregation: mean}]}
        statistics: {analyses: [{endpoint: E1, role: main, model: ANCOVA, covariates: [baseline]}]}
    """
    mains = [
        (each, endpoint)
        for each, endpoint in main_analyses(trial, benefit=True)
        if _from_baseline(trial, endpoint) and not against_outside(each, endpoint)
    ]
    if not mains or trial.at("/design/model").text == "crossover":
        raise NotApplicable("no main analysis of a continuous endpoint has a baseline")
    without = [(each, endpoint) for each, endpoint in mains if not takes_baseline(trial, each)]
    if without:
        ends = [*dict.fromkeys(endpoint["id"].text for _, endpoint in without)]
        message = f"{listed(ends)}: the baseline value is no covariate of the main analysis"
        at, *others = [each["covariates"] or each["model"] or each for each, _ in without]
        yield Found(at, message, "add baseline to covariates", tuple((other, "nor of this one") for other in others))


def _from_baseline(trial: Trial, endpoint: Node) -> bool:
    if endpoint["aggregation"].text not in _MEANS:
        return False
    if endpoint["metric"].text in CHANGES:
        return True
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    if _OF_GROWTH.search(outcome["name"].text):
        return False  # what is measured over time has no value before it
    stops = trial.measured.get(endpoint["outcome"].text, ())
    days = [moment.offset for stop in stops for moment in stop.moments[:1]]
    return endpoint["metric"].text == "final_value" and len(days) > 1 and min(days) <= 0


RULES: tuple[Rule, ...] = (adjusted, baseline)
