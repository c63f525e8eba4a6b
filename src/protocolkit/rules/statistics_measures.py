"""Rule on measures and models that are made for another kind of endpoint, and which kind an endpoint is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import BESIDE
from protocolkit.rules.trial import variables_of
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

MEANS, PROPORTIONS, RATES, TIMES = "means", "proportions", "rates", "times to an event"

_FIRST = Pattern(r"\bcox\b|proportional hazards|log-?rank|kaplan|\bfirst\b")
_REPEATED = Pattern(
    r"recurren|repeated|andersen|\bLWYY\b|\blin\b|frailty|prentice|\bPWP\b|gap[- ]time|robust"
    r"|\b(?:all|total|multiple) \w+"
)


class _Measure(NamedTuple):
    """What says that a text is about a measure or a model, and the kinds of endpoints that those are made for."""

    words: Pattern
    fits: frozenset[str]


_BETWEEN = r"(?:difference (?:in|of|between)|ratio of) (?:the )?(?:\w+ )?"
# What is in common use for a second kind fits as well: a proportion at a time from Kaplan-Meier curves or a Cox model,
# a Poisson model with robust variance for proportions, a mean of each participant's own rate.
_MEASURES = (
    _Measure(
        Pattern(
            r"\bcox\b|\b(?:proportional )?hazards?(?: ratio)?\b|log-?rank|kaplan|fine(?:[- ]| and )gray|aalen"
            r"|restricted mean|survival"
        ),
        frozenset({TIMES, PROPORTIONS, RATES}),
    ),
    _Measure(
        Pattern(
            r"\bodds\b|(?<!parameter )(?<!pooled )(?<!doubly )\blogistic\b|\bfisher|chi-?squared?\b|mcnemar|miettinen"
            rf"|newcombe|clopper|\brisk (?:difference|ratio)|{_BETWEEN}(?:proportions|risks|percentages)"
        ),
        frozenset({PROPORTIONS}),
    ),
    _Measure(
        Pattern(
            rf"(?<!restricted )\bmean difference|{_BETWEEN}means\b|least[- ]squares? means?|geometric means?\b"
            r"|\bANCOVA\b|\bMMRM\b|analysis of (?:co)?variance|\bt[- ]tests?\b"
            r"|mixed[- ](?:effects? )?models? for repeated measures"
            r"|(?<!generalised )(?<!generalized )(?<!log-)\blinear (?:mixed model|regression|model)"
        ),
        frozenset({MEANS, RATES}),
    ),
    _Measure(
        Pattern(r"\b(?:incidence )?rate (?:ratio|difference)|ratio of (?:\w+ )?rates|negative binomial|\bpoisson\b"),
        frozenset({RATES, TIMES, PROPORTIONS}),
    ),
)
_ASIDE = Pattern(r"weight|propensit|imput|\bMCP|candidate|rank|ordinal|then\b|two[- ]part|joint|quantile")


@rule("STAT32", Severity.WARNING, reads=(*below("/objectives/*", "endpoints", "estimands"), "/statistics/analyses"))
def measure_fits(trial: Trial) -> Iterator[Found]:
    """The summary of an estimand, and the model and effect of an analysis, are made for the kind of its endpoint.

    Why: a hazard ratio says nothing of a mean change, nor a difference of means of a time to an event. One of both was
    changed, or copied from another endpoint.

    Applies: an endpoint is a mean, a proportion, a rate or a time to an event by its metric and aggregation, and the
    text names a measure or a model of a known kind; sensitivity and supplementary analyses are left out. What is in
    common use for a second kind passes: proportions at a time from a model of times, a Poisson model with robust
    variance for proportions, a mean of participants' rates. A model of the time to a first event is none of a count.

    Basis:
        ICH E9(R1), A.3.3 variable and population-level summary, A.5.1 estimator aligned with the estimand (H)
        internal consistency of the protocol, objectives and analyses (H)

    Fails::

        objectives:
          - {id: O1, endpoints: [{id: E1, metric: change_from_baseline, aggregation: mean}],
             estimands: [{id: S1, variable: E1, summary: hazard ratio}]}

    Passes::

        objectives:
          - {id: O1, endpoints: [{id: E1, metric: change_from_baseline, aggregation: mean}],
             estimands: [{id: S1, variable: E1, summary: difference in means}]}
    """
    kinds = {each["id"].text: each for each in trial.each("/objectives/*/endpoints/*") if kind_of(each)}
    told = [
        (estimand["summary"], kinds[name])
        for estimand in trial.each("/objectives/*/estimands/*")
        for name in variables_of(estimand)
        if name in kinds and estimand["summary"]
    ]
    told += [
        (analysis[key], kinds[analysis["endpoint"].text])
        for analysis in trial.at("/statistics/analyses")
        if analysis["endpoint"].text in kinds and analysis["role"].text not in BESIDE
        for key in ("model", "effect")
        if analysis[key]
    ]
    if not told:
        raise NotApplicable("no summary, model or effect stands beside an endpoint of a known kind")
    for node, endpoint in told:
        yield from _unfit(node, endpoint)


def _unfit(node: Node, endpoint: Node) -> Iterator[Found]:
    """Find a text all of whose measures are made for other kinds of endpoints."""
    named = [(match[0], measure.fits) for measure in _MEASURES if (match := measure.words.search(node.text))]
    if not named or _ASIDE.search(node.text):
        return
    kind, counted = kind_of(endpoint), endpoint["metric"].text == "count"
    fitting = {kind, RATES} if counted else {kind}
    name, (words, fits) = endpoint["id"].text, named[0]
    if not any(fits & fitting for _, fits in named):
        message = f"{words} is made for {listed(sorted(fits), 'or')}, and {name} is about {kind}"
    elif counted and kind == RATES and _FIRST.search(node.text) and not _REPEATED.search(node.text):
        message = f"{words} takes the time to a first event, and {name} counts them all"
    else:
        return
    related = ((endpoint["metric"] or endpoint["aggregation"], "the endpoint"),)
    yield Found(node, message, "name what fits the endpoint, or change the endpoint", related)


def kind_of(endpoint: Node) -> str:
    """Return the kind of an endpoint by its metric and aggregation; an empty text where they do not tell."""
    metric, aggregation = endpoint["metric"].text, endpoint["aggregation"].text
    if aggregation == "rate":
        return RATES
    if (metric == "time_to_event" and aggregation != "proportion") or aggregation in ("hazard", "restricted_mean"):
        return TIMES
    if aggregation in ("proportion", "odds") or metric in ("responder", "event"):
        return PROPORTIONS
    return MEANS if aggregation in ("mean", "geometric_mean") else ""


RULES: tuple[Rule, ...] = (measure_fits,)
