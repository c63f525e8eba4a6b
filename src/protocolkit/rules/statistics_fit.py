"""Rule on whether the test that was sized is the one that is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.statistics_analyses import EQUAL, framework_of, main_analyses
from protocolkit.rules.statistics_baseline import takes_baseline
from protocolkit.rules.statistics_measures import MEANS, PROPORTIONS, RATES, TIMES, kind_of
from protocolkit.rules.statistics_recompute import of_one_group
from protocolkit.rules.statistics_sizes import sized_by
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_FAMILIES = {
    PROPORTIONS: ("two_props_", "ni_props_", "equiv_props_", "one_prop_", "simon_", "ci_width_one_prop"),
    TIMES: ("survival_", "ni_survival_", "equiv_survival_"),
    RATES: ("two_rates_", "ni_rates_", "one_rate_", "ci_width_one_rate_"),
    MEANS: ("two_means_", "ancova_", "cluster_two_means_", "mmrm_", "ni_means_", "equiv_means_", "crossover_",
              "tost_", "gsd_means_", "one_mean_"),
}  # fmt: skip
_PAIRED = ("crossover_", "tost_crossover_")
_ARMS, _CROSSOVER, _ONE = "separate arms", "a crossover", "one group"
_SEVERAL = 2
_BAD = Pattern(
    r"\bdeaths?\b|\bdie|mortality|\bsurvival\b|progression|relapse|recurren|infarct|\bstrokes?\b|failure|hospitali[sz]"
    r"|exacerbation|fracture|amputation|worsening|deteriorat|\bbleed|\bfalls?\b|rejection|\bMACE\b"
)
_GOOD = Pattern(
    r"recover|respon[ds]|remission|heal(?:ing|ed)|discharge|pregnan|live birth|\bcure|resolution|resolved|improve"
    r"|weaning|extubation|engraft|clearance|\bunion\b|conversion|cessation|return to"
)
_MARGIN = ("ni_", "equiv_", "tost_", "crossover_2x2_ni_")


@rule(
    "STAT21", Severity.WARNING,
    reads=("/statistics/sample_size", "/statistics/analyses",
           *below("/objectives/*", "endpoints", "estimands", "framework", "id", "kind", "level"), "/design/model",
           "/design/sequences",
           "/design/framework",
           "/design/external_comparators", "/arms/*/id", "/outcomes/*/name", "/schedule/visits", "/schedule/anchors"),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def same_test(trial: Trial) -> Iterator[Found]:
    """The test that was sized is the one that is planned for the primary endpoint, in the design that is run.

    Why: a number found for a difference of means says nothing of the power to see a difference of proportions, and one
    for two parallel arms nothing of a crossover or of one group.

    Applies: a primary objective is sized by a named method. An `approximation` says how a method stands in. A ratio of
    hazards or rates is held against whether the event is good or bad, where words such as death or recovery tell.

    Basis:
        ICH M11 Step 4, 10.11 (H)
        SPIRIT 2025, 19 (H)
        ICH E9(R1), A.5 (M)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, metric: responder, aggregation: proportion}]}]
        statistics: {sample_size: [{objective: O1, method: two_means_t}]}

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, metric: responder, aggregation: proportion}]}]
        statistics: {sample_size: [{objective: O1, method: two_props_pooled}]}
    """
    entries = [each for each in trial.at("/statistics/sample_size") if _family(each) and not each["approximation"]]
    if not entries:
        raise NotApplicable("no sample size by a named method stands for its own design")
    for entry in entries:
        yield from _other_endpoint(trial, entry)
        yield from _other_design(trial, entry)
        yield from _without_covariate(trial, entry)
        yield from _wrong_way(trial, entry)


def _family(entry: Node) -> str:
    method = entry["method"].text
    return next((name for name, starts in _FAMILIES.items() if method.startswith(starts)), "")


def _other_endpoint(trial: Trial, entry: Node) -> Iterator[Found]:
    objective = trial.root["objectives"].find(entry["objective"].text)
    ends = sized_by(entry)
    kinds = {each["id"].text: kind for each in ends if (kind := kind_of(each))}
    family = _family(entry)
    # A proportion at a time may be sized by times to the event, the rate of an event by any of the others, and a count
    # of events that recur by what compares participants' own rates.
    fits = {family} | ({PROPORTIONS} if family == TIMES else set())
    recurring = any(each["metric"].text == "count" for each in ends)
    if not recurring or family not in (TIMES, PROPORTIONS):
        fits.add(RATES)
    if kinds and not fits & {*kinds.values()}:
        told = listed([f"{name} ({kind})" for name, kind in kinds.items()])
        message = (
            f"{entry['method'].text} is about {_family(entry)}, the endpoints of {objective['id'].text} are {told}"
        )
        yield Found(entry["method"], message, "size the test that is planned, or say why under approximation")


def _other_design(trial: Trial, entry: Node) -> Iterator[Found]:
    method, model = entry["method"], trial.at("/design/model")
    kind = _design_of(method.text)
    if model and not _runs(trial, entry, kind):
        message = f"{method.text} is for {kind}, and the design is {model.text}"
        yield Found(method, message, "size the design that is run", ((model, "the design"),))
    objective = trial.root["objectives"].find(entry["objective"].text)
    framework = framework_of(objective)["kind"]
    primary = objective["level"].text in ("", "primary")
    if framework and primary and method.text.startswith(_MARGIN) and framework.text not in EQUAL:
        message = f"{method.text} is for non-inferiority or equivalence, and the aim is to show {framework.text}"
        yield Found(method, message, "size the question that is asked", ((framework, "the framework"),))


def _design_of(method: str) -> str:
    if of_one_group(method):
        return _ONE
    return _CROSSOVER if method.startswith(_PAIRED) else _ARMS


def _runs(trial: Trial, entry: Node, kind: str) -> bool:
    """Say whether a design is, or may be, one of the kind that a method is made for."""
    model = trial.at("/design/model").text
    if kind == _ONE:  # an arm of several may be set against a fixed value by itself
        return len(first_arms(trial.root)) < _SEVERAL or _alone(trial, entry)
    if model == "crossover" and not trial.at("/design/sequences"):  # one arm may change to the other at the end alone
        return True
    if model == "single_group" and kind == _ARMS:  # a group outside the trial may be the second
        return bool(trial.at("/design/external_comparators"))
    return (kind == _CROSSOVER) == (model == "crossover") or bool(trial.at("/design/cluster"))


def _alone(trial: Trial, entry: Node) -> bool:
    """Say whether an estimand of the objective is about one arm, or sets arms against something outside the trial."""
    estimands = [*trial.root["objectives"].find(entry["objective"].text)["estimands"]]
    treatments = [each["treatment"] for each in estimands]
    return not estimands or any(each["against"] or len([*each["arms"]]) == 1 for each in treatments)


def _without_covariate(trial: Trial, entry: Node) -> Iterator[Found]:
    """Find a sample size that counts on the correlation with the baseline where the analysis does not use it."""
    if entry["method"].text != "ancova_t":
        return
    ends = {each["id"].text for each in sized_by(entry)}
    for analysis, endpoint in main_analyses(trial):
        if endpoint["id"].text in ends and not takes_baseline(trial, analysis):
            message = f"the sample size counts on a correlation of {entry['rho'].text} with the baseline"
            hint = "add baseline to covariates, or size without it"
            related = ((analysis["model"], "the main analysis"),)
            yield Found(entry["rho"] or entry, f"{message}, which the main analysis does not use", hint, related)


def _wrong_way(trial: Trial, entry: Node) -> Iterator[Found]:
    """Find a ratio that counts on more events under treatment where an event is bad, or on fewer where it is good."""
    objective = trial.root["objectives"].find(entry["objective"].text)
    shown = framework_of(objective)["kind"].text in ("", "superiority")
    for key in ("hr", "rate_ratio"):
        ratio = entry[key].value
        if isinstance(ratio, bool) or not isinstance(ratio, int | float) or ratio == 1:
            continue
        if entry["margin"] or not shown or objective["kind"].text not in ("", "benefit"):
            continue
        good = {_is_good(trial, endpoint) for endpoint in sized_by(entry)}
        if good == {ratio < 1}:
            more, what = ("fewer", "is sought") if ratio < 1 else ("more", "is to be prevented")
            message = f"{key} {entry[key].text} means {more} events under treatment, and the event {what}"
            yield Found(entry[key], message, "state the ratio of treatment to control")


def _is_good(trial: Trial, endpoint: Node) -> bool | None:
    """Say whether the event of an endpoint is a good one, by its words; None where they do not tell."""
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    said = outcome["name"], endpoint["interval"]["to"]["event"], endpoint["threshold"]
    told = " ".join(node.text for node in said)
    bad, good = bool(_BAD.search(told)), bool(_GOOD.search(told))
    return good if bad != good else None


RULES: tuple[Rule, ...] = (same_test,)
