"""Rules on how harm is analysed: denominators, absolute risks, time at risk, arms without an event, no tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_RELATIVE = Pattern(
    r"\b(hazard|odds|risk|rate|relative|incidence rate) ?-?(ratio|risk|effect)s?\b|\b(p|chi)[- ]?(value|square)"
)
_ABSOLUTE = Pattern(
    r"number|percent|\(%\)|proportion|incidence|count|rate\b|frequenc|participants|patients|difference|events?\b|"
    r"per (arm|dose|treatment|group|level)|summar|shift|reason|value"
)
_TESTS = Pattern(r"test|chi|fisher|anova|analysis of variance|p[- ]value|wilcoxon|logistic|cochran")
_NO_TESTS = Pattern(r"^\s*(none|no\b|not\b|without|descriptive|intervals only)")


@rule("AE08", Severity.ERROR, reads=("/statistics/safety", "/arms"))
def absolute_risks(trial: Trial) -> Iterator[Found]:
    """The safety analysis names its set and reports absolute risks for each arm.

    Why: an odds ratio of 1.4 says nothing of how many are harmed; reviews need the number with the event and the number
    at risk in each arm. (The schema asks for set and measures under this code.)

    Applies: two or more arms, and measures are stated.

    Basis:
        CONSORT Harms 2022, 16 (denominators) and 17b (absolute and relative effects) (H)
        SPIRIT 2025, 27a (H)

    Fails::

        arms: [{id: A}, {id: B}]
        statistics: {safety: {set: SAF, measures: [odds ratio with 95 % interval]}}

    Passes::

        arms: [{id: A}, {id: B}]
        statistics:
          safety: {set: SAF, measures: [number and percent with event per arm, risk difference with 95 % interval]}
    """
    measures = trial.at("/statistics/safety/measures")
    texts = [node.text for node in measures if node.text]
    if len([*trial.root["arms"]]) <= 1 or not texts:
        raise NotApplicable("there are not two arms, or no measure of safety is stated")
    if all(_RELATIVE.search(text) and not _ABSOLUTE.search(_RELATIVE.sub(" ", text)) for text in texts):
        message = f"safety is reported as {listed(texts)} only; absolute risks are missing"
        yield Found(measures, message, "add the number and percent with an event for each arm")


@rule("AE16", Severity.WARNING, reads=("/statistics/safety",))
def plan_of_harms(trial: Trial) -> Iterator[Found]:
    """The safety analysis says by what arms are grouped, how time at risk counts, how no event is shown, and no tests.

    Why: "as treated" and "as randomised" give different tables, percentages of people seen for different times do not
    compare, an arm without an event that is left out cannot be pooled, and a hundred tests find five differences.

    Applies: a safety analysis is planned; arms without an event are asked for where there are two arms.

    Basis:
        CONSORT Harms 2022, 12a, 16, 17b and 17c (methods, denominators, absolute and relative effects, zero events) (H)
        ICH E9, 6.3 and 6.4 (L)

    Fails::

        statistics: {safety: {set: SAF, tests: chi-square test for each preferred term}}

    Passes::

        statistics:
          safety: {set: SAF, grouping: as treated, exposure: person-weeks, zero_events: shown as 0 of N,
            tests: none; intervals only}
    """
    safety = trial.at("/statistics/safety")
    if not safety:
        raise NotApplicable("no safety analysis is planned")
    wanted = {
        "grouping": "by what participants are grouped (as treated or as randomised)",
        "exposure": "how time at risk is counted",
    }
    if len([*trial.root["arms"]]) > 1:
        wanted["zero_events"] = "how an arm without an event is shown"
    missing = [words for key, words in wanted.items() if not safety[key]]
    if missing:
        yield Found(safety, f"the safety analysis does not say {listed(missing, 'or')}", f"state {listed([*wanted])}")
    tests = safety["tests"]
    if tests and _TESTS.search(tests.text) and not _NO_TESTS.search(tests.text):
        message = f'tests of adverse events are planned ("{tests.text}"); among many terms they find chance'
        yield Found(tests, message, "state none, and give intervals; test an event that is an endpoint in its analysis")


RULES: tuple[Rule, ...] = (absolute_risks, plan_of_harms)
