"""Rule on the intervals by which success is judged, beside the level at which the trial is sized."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import framework_of, main_analyses
from protocolkit.rules.statistics_sizes import sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_PERCENT = Pattern(r"([0-9]{2}(?:\.[0-9]+)?) ?%")
_TWO_TESTS = ("tost_", "equiv_")
_USUAL = 95.0
_SLACK = 1e-6


@rule(
    "STAT25", Severity.WARNING,
    reads=("/statistics/analyses", "/statistics/sample_size", "/statistics/dose_response", "/design/framework",
           *below("/objectives/*", "endpoints", "framework", "id", "level")),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def interval(trial: Trial) -> Iterator[Found]:
    """The interval of a main analysis is as wide as the level at which its endpoint is sized.

    Why: in a non-inferiority trial the interval decides; one of 90 % beside a one-sided level of 2.5 % tests at 5 %.

    Applies: a primary endpoint is sized at 5 % two-sided, 2.5 % one-sided, or less, and the interval of its main
    analysis is stated with its level (the highest where there are several). For equivalence the level is that of each
    of two one-sided tests, where the method says so: 5 % makes an interval of 90 %, 2.5 % one of 95 %. Equivalence by
    other methods is left out; wider intervals than needed are no fault, unless bounds of success are judged by one that
    is wider than the level at which their endpoint, of any objective, is sized: the power is then less. Where the test
    is one of contrasts of doses (statistics.dose_response), no interval decides, and its level is none of the sample
    size.

    Basis:
        ICH E9, 3.3.2 (M)
        SPIRIT 2025, 27a (M)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics:
          sample_size: [{objective: O1, alpha: 0.025, sided: 1}]
          analyses: [{endpoint: E1, role: main, interval: 90 % confidence interval}]

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics:
          sample_size: [{objective: O1, alpha: 0.025, sided: 1}]
          analyses: [{endpoint: E1, role: main, interval: 95 % confidence interval}]
    """
    by_contrasts = trial.at("/statistics/dose_response/endpoint").text
    stated = [
        (analysis, at, share, level)
        for analysis, endpoint in main_analyses(trial)
        if not by_contrasts or endpoint["id"].text != by_contrasts
        for at, share in _shares(analysis)
        if (level := max((known for each in sizes_of(trial, endpoint) if (known := _level(each))), default=None))
    ]
    stricter = [*_stricter(trial)]
    if not stated and not stricter:
        raise NotApplicable("no main analysis states the level of its interval beside a level of its test")
    yield from stricter
    for analysis, at, share, level in stated:
        if share < _USUAL <= 100 * (1 - level) + _SLACK:
            message = f"the interval of {analysis['endpoint'].text} is {share:g} %, it is sized at {level:g} two-sided"
            yield Found(at, message, f"state an interval of {100 * (1 - level):g} %")


def _stricter(trial: Trial) -> Iterator[Found]:
    """Find bounds of success that are judged at a stricter level than the one at which their endpoint is sized."""
    endpoints = {each["id"].text: each for each in trial.each("/objectives/*/endpoints/*")}
    for analysis in trial.at("/statistics/analyses"):
        at, endpoint = analysis["success_bounds"]["level"], endpoints.get(analysis["endpoint"].text)
        share = quantity(at)
        if analysis["role"].text != "main" or endpoint is None or share is None or share.unit.code != "%":
            continue
        entries = sizes_of(trial, endpoint)
        levels = [known for each in entries if (known := _level(each))]
        if levels and len(levels) == len(entries) and 100 * (1 - min(levels)) + _SLACK < float(share.value):
            message = f"success of {endpoint['id'].text} is judged by an interval of {at.text}, and it is sized at"
            told = f"{message} {min(levels):g} two-sided, which is one of {100 * (1 - min(levels)):g} %"
            related = ((entries[0]["alpha"], "the level of the sample size"),)
            yield Found(at, told, "size it at the level by which it is judged", related)


def _shares(analysis: Node) -> Iterator[tuple[Node, float]]:
    """Yield the confidence level that decides: that of the bounds of success, else the highest of the interval."""
    bounds = quantity(analysis["success_bounds"]["level"])
    found = [float(share) for share in _PERCENT.findall(analysis["interval"].text)]
    if bounds is not None and bounds.unit.code == "%":
        yield analysis["success_bounds"]["level"], float(bounds.value)
    elif found:
        yield analysis["interval"], max(found)


def _level(entry: Node) -> float | None:
    """Return the level of a test as that of a two-sided one; None where it is not stated, or what it means is unsure.

    Methods of equivalence count `alpha` for each of two one-sided tests.
    """
    alpha, sided = entry["alpha"].value, entry["sided"].value
    if not isinstance(alpha, int | float) or isinstance(alpha, bool):
        return None
    if entry["method"].text.startswith(_TWO_TESTS):
        return alpha * 2
    if framework_of(entry.document.root["objectives"].find(entry["objective"].text))["kind"].text == "equivalence":
        return None
    return alpha * 2 if sided == 1 else float(alpha)


RULES: tuple[Rule, ...] = (interval,)
