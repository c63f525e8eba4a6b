"""Rule on methods that are named twice: by an estimand, and by the main analysis that estimates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

    Families = dict[str, Pattern]

# What is of one family is one method by two names, or the test and the estimate of one model.
_MODELS = {
    "mixed model": Pattern(
        r"\bmixed\b|\bMMRM\b|repeated[- ]measures|random (?:effect|intercept|coefficient|slope)|longitudinal|\bcLDA\b"
        r"|\bANOVA\b|analysis of variance"
    ),
    "analysis of covariance": Pattern(r"\bANCOVA\b|analysis of covariance|linear regression|linear model"),
    "t test": Pattern(r"\bt[- ]tests?\b|\bANOVA\b|analysis of variance"),
    "times to an event": Pattern(r"\bcox\b|\bhazards?\b|log-?rank|kaplan|aalen|survival"),
    "logistic regression": Pattern(r"logistic|\bodds\b|g-computation|\bmarginal|standardi[sz](?:ation|ed over)"),
    "comparison of proportions": Pattern(
        r"mantel|\bCMH\b|miettinen|newcombe|farrington|\bproportions?\b|(?<!negative )binomial (?:model|regression)"
    ),
    "model of counts": Pattern(r"negative binomial|poisson|exact conditional|conditional (?:exact|binomial)"),
    "estimating equations": Pattern(r"estimating equations?|\bGEE\b"),
    "ranks": Pattern(r"wilcoxon|mann[- ]whitney|win ratio|\branks?\b(?!-)|van elteren"),
}
# A model of what was observed is fitted by likelihood, leaves out who has no value, and is censored where it is one of
# times: three ways to say that nothing is filled in.
_MISSING = {
    "imputed many times": Pattern(r"multipl\w+ imput|imputed multiply|multiply imputed"),
    "as observed": Pattern(
        r"likelihood|mixed model|\bMMRM\b|repeated measures|complete[- ]cases?|observed|available|censor|\bcox\b"
        r"|not imputed|without imputation|no imputation|inverse[- ]probability|\bIPC?W\b|weighting"
    ),
    "one value filled in": Pattern(
        r"carried forward|\b[LB]OCF\b|single imputation|worst (?:value|case|rank|score)"
        r"|non-?respon\w+|no response|count\w* as (?:a )?(?:failure|no)"
    ),
}


@rule("STAT31", Severity.WARNING, reads=("/objectives/*/estimands", "/statistics/analyses"))
def same_method(trial: Trial) -> Iterator[Found]:
    """The estimator and the handling of missing data that an estimand names are those of its main analysis.

    Why: the estimand section and the analysis section are written by two people; a statistician programs one of both.

    Applies: a main analysis names its estimand, and both name a method of a kind that is known: a mixed model, an
    analysis of covariance, times to an event, multiple imputation and so on. One kind in common is enough. Likelihood,
    censoring and the values that were observed are one kind: nothing is filled in.

    Basis:
        ICH E9(R1), A.5.1 estimator aligned with the estimand (H)
        internal consistency of the protocol, objectives and analyses (H)

    Fails::

        objectives:
          - id: O1
            estimands: [{id: S1, variable: E1, main_estimator: difference of means from a mixed model}]
        statistics: {analyses: [{endpoint: E1, estimand: S1, role: main, model: t test at week 12}]}

    Passes::

        objectives:
          - id: O1
            estimands: [{id: S1, variable: E1, main_estimator: difference of means from a mixed model}]
        statistics: {analyses: [{endpoint: E1, estimand: S1, role: main, model: MMRM of all visits}]}
    """
    estimands = {each["id"].text: each for each in trial.each("/objectives/*/estimands/*") if each["id"]}
    pairs = [
        (estimands[analysis["estimand"].text], analysis)
        for analysis in trial.at("/statistics/analyses")
        if analysis["role"].text == "main" and analysis["estimand"].text in estimands
    ]
    if not pairs:
        raise NotApplicable("no main analysis names its estimand")
    told: dict[Path, Found] = {}
    for estimand, analysis in pairs:
        of_model = " ".join(analysis[key].text for key in ("model", "effect"))
        found = [*_unlike(estimand["main_estimator"], analysis["model"], of_model, _MODELS)]
        of_missing = " ".join(analysis[key].text for key in ("missing_data", "data_used", "model"))
        found += _unlike(estimand["missing_data"]["method"], analysis["missing_data"], of_missing, _MISSING)
        for each in found:
            told.setdefault(each.related[0][0].path, each)  # once for what the estimand says
    yield from told.values()


def _unlike(said: Node, planned: Node, text: str, families: Families) -> Iterator[Found]:
    """Find two texts that name methods of different families, and none of one."""
    first, second = _named(said.text, families), _named(planned.text, families)
    if said and planned and first and second and not first & _named(text, families):
        message = f"{planned.text[:60]} ({listed(sorted(second))}) is planned, and the estimand says {said.text[:80]}"
        yield Found(planned, message, "name one method in both", ((said, "of the estimand"),))


def _named(text: str, families: Families) -> set[str]:
    return {name for name, pattern in families.items() if pattern.search(text)}


RULES: tuple[Rule, ...] = (same_method,)
