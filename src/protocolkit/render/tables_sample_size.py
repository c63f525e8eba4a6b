"""The sample size recomputed: what the stated method gives, the power of the stated numbers, and how it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Align, Note, Row, Table
from protocolkit.render.lexicon import spelt
from protocolkit.render.tables import cell, headings
from protocolkit.render.tables_objectives import objective_words
from protocolkit.render.words import run
from protocolkit.rules.statistics_recompute import Needed, Unusable, of_one_group, power_of, recomputed
from protocolkit.rules.statistics_sensitivity import MORE_MISSING, Case, cases, counted, missing_share, spread_of
from protocolkit.sample_size import NotComputable

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks
    from protocolkit.render.view import View

METHODS = {
    "ancova_t": "t test in an analysis of covariance",
    "ci_width_means_z": "width of a confidence interval of a difference in means",
    "ci_width_one_prop": "width of a confidence interval of one proportion",
    "ci_width_one_rate_poisson": "width of a confidence interval of one Poisson rate",
    "cluster_crossover_means_z": "comparison of two means where clusters cross over",
    "cluster_crossover_props_z": "comparison of two proportions where clusters cross over",
    "cluster_two_means_z": "comparison of two means with cluster allocation",
    "cluster_two_props_z": "comparison of two proportions with cluster allocation",
    "crossover_2x2_ni_z": "non-inferiority of two means in a two-period crossover",
    "crossover_2x2_t": "paired t test of two periods of a crossover",
    "dropout_inflation": "allowance for drop-out",
    "equiv_means_z": "equivalence of two means",
    "equiv_props_unpooled": "equivalence of two proportions",
    "equiv_survival_schoenfeld_events": "events for the equivalence of two hazards (Schoenfeld)",
    "equiv_survival_schoenfeld_n": "equivalence of two hazards (Schoenfeld)",
    "gsd_means_n": "group-sequential comparison of two means",
    "mmrm_luo": "mixed model for repeated measures",
    "ni_means_t": "non-inferiority of two means, t test",
    "ni_paired_t": "non-inferiority within participants, paired t test",
    "ni_means_z": "non-inferiority of two means",
    "ni_props_fm": "non-inferiority of two proportions (Farrington and Manning)",
    "ni_props_unpooled": "non-inferiority of two proportions",
    "ni_survival_schoenfeld_events": "events for the non-inferiority of a hazard (Schoenfeld)",
    "ni_survival_schoenfeld_n": "non-inferiority of a hazard (Schoenfeld)",
    "ni_rates_nb": "non-inferiority of two negative binomial rates (Zhu)",
    "ni_rates_poisson": "non-inferiority of two Poisson rates (Zhu)",
    "one_mean_t": "t test of one mean against a fixed value",
    "one_prop_exact": "exact binomial test of one proportion against a fixed one",
    "one_prop_z": "test of one proportion against a fixed one, normal approximation",
    "one_rate_poisson": "test of one Poisson rate against a fixed one",
    "simon_two_stage": "two stages for one proportion against a fixed one (Simon)",
    "ve_exact_events": "cases for the efficacy of a vaccine (exact, given their number)",
    "ve_exact_n": "efficacy of a vaccine (exact, given the number of cases)",
    "survival_events_ph": "events from the survival at one time, hazards taken as proportional",
    "survival_freedman_events": "events for a log-rank test (Freedman)",
    "survival_lachin_foulkes_logrr": "test of the log hazard ratio of exponential times (Lachin and Foulkes)",
    "survival_schoenfeld_n": "log-rank test (Schoenfeld)",
    "survival_schoenfeld_events": "events for a log-rank test (Schoenfeld)",
    "tost_crossover_exact": "average bioequivalence in a two-period crossover, exact",
    "tost_parallel_exact": "equivalence of two means, exact",
    "two_means_t": "two-sample t test of means",
    "two_means_z": "two-sample comparison of means",
    "two_means_z_hetero": "two-sample comparison of means with a standard deviation for each arm",
    "two_props_arcsine": "comparison of two proportions on the arcsine scale",
    "two_props_fm": "score test of two proportions (Farrington and Manning)",
    "two_props_pooled": "comparison of two proportions with the pooled variance",
    "two_props_unpooled": "comparison of two proportions with separate variances",
    "two_rates_nb": "comparison of two negative binomial rates (Zhu and Lakkis)",
    "two_rates_poisson": "comparison of two Poisson rates (Signorini; Zhu and Lakkis)",
    "win_ratio": "test of the win ratio (Yu and Ganju)",
    "other": "other; see the rationale",
}
_REVIEW = "Computed for review from the inputs as stated; a statistician must confirm it."


def method_words(name: str) -> str:
    """Return a method in words, such as `two-sample t test of means`."""
    return METHODS.get(name) or spelt(name)


def recomputation(item: View, called: str = "") -> Blocks:
    """Return what follows from the inputs of one computation, or why nothing is recomputed."""
    entry = item.node
    if not entry["method"]:
        return ()
    if entry["method"].text == "other":
        return (Note(run("Not recomputed: the sample size was found by another method, described above.")),)
    try:
        return _recomputed(entry, called)
    except (Unusable, NotComputable) as error:
        return (Note(run(f"Not recomputed: {str(error).removeprefix('not computed: ')}.")),)


def _recomputed(entry: Node, called: str) -> Blocks:
    needed = recomputed(entry)
    if needed is None or counted(needed)[0] is None:
        return (Note(run("Not recomputed: the method gives no number of participants or events.")),)
    return (Note(run(_told(entry, needed))), *_table(entry, needed, called), Note(run(_REVIEW)))


def _told(entry: Node, needed: Needed) -> str:
    number, what = counted(needed)
    words = f"Recomputed by {method_words(needed.method)} ({needed.library}): {number} {_named(needed, what)}."
    stated = _stated_total(entry, needed)
    reached = power_of(needed, stated) if stated else None
    return words if reached is None else f"{words} The stated numbers ({stated} in all) give a power of {reached:.3f}."


def _named(needed: Needed, what: str) -> str:
    return what if what == "events" else f"{'randomised' if needed.raised else 'evaluable'} {what}"


def _stated_total(entry: Node, needed: Needed) -> int | None:
    """Return the participants that the file says are evaluable in the two arms (randomised, where drop-out is in).

    Drop-out is not in where its hazard is nought and the share without data is allowed for apart.
    """
    apart = not needed.params.get("dropout_hazard") and missing_share(entry) and entry["evaluable_per_arm"]
    word = "randomised" if needed.raised and not apart else "evaluable"
    total, arm = entry[f"{word}_total"].value, entry[f"{word}_per_arm"].value
    if isinstance(arm, int) and needed.per_arm is not None:
        return arm * 2
    return total if isinstance(total, int) else None


def _table(entry: Node, needed: Needed, called: str) -> Blocks:
    found = cases(entry, needed)
    varied = [head for head in (_difference(needed), _spread(needed)) if head]
    if not varied:
        return ()
    heads = [*varied, *_counts(entry, needed, found)]
    rows = tuple(_row(case, needed) for case in found)
    told = f" for the {called}" if called else ""
    caption = run(f"Sensitivity of the sample size{told} to its assumptions")
    widths = tuple(3 for _ in heads)
    return (Table((headings(heads), *rows), widths, caption, description="One row for each pair of assumptions."),)


def _counts(entry: Node, needed: Needed, found: tuple[Case, ...]) -> list[str]:
    what = _named(needed, counted(needed)[1])
    share = missing_share(entry)
    heads = [f"{what[:1].upper()}{what[1:]}"]
    if share is not None and any(case.randomised for case in found):
        enter = "Enrolled" if of_one_group(needed.method) else "Randomised"
        heads += [f"{enter}, {_percent(each)} missing" for each in (share, share + MORE_MISSING)]
    return heads


# What a case varies, in the order in which the cases choose it, by the parameter of the method.
_DIFFERENCES = {
    "half_width": "Half-width", "delta": "Difference", "margin": "Margin", "p1": "Difference of proportions",
    "p_trt": "Difference of proportions", "ve": "Efficacy above the one to rule out",
    "hr": "Logarithm of the hazard ratio", "rate_ratio": "Logarithm of the rate ratio",
    "rate_trt": "Logarithm of the rate ratio", "win_ratio": "Logarithm of the win ratio",
}  # fmt: skip
_RATIOS = {"hr", "rate_ratio", "rate_trt", "win_ratio"}


def _difference(needed: Needed) -> str:
    if "margin" in needed.params and needed.params.keys() & _RATIOS:
        return "Logarithm of the margin"
    if of_one_group(needed.method) and "p1" in needed.params and "half_width" not in needed.params:
        return "Difference from the fixed proportion"
    return next((words for name, words in _DIFFERENCES.items() if name in needed.params), "")


def _spread(needed: Needed) -> str:
    varied = spread_of(needed.params)
    named = "Proportions" if varied[:1] in (("p1",), ("p_trt",)) else "Standard deviation"
    return named if varied else ""


def _row(case: Case, needed: Needed) -> Row:
    varied = ((_difference(needed), case.difference), (_spread(needed), case.spread))
    words = (_factor(factor) for head, factor in varied if head)
    numbers = ("not computable" if number is None else str(number) for number in (case.evaluable, *case.randomised))
    return Row((*(cell(word) for word in words), *(cell(number, align=Align.RIGHT) for number in numbers)))


def _factor(factor: float) -> str:
    return "as stated" if factor == 1 else f"{round((factor - 1) * 100):+d} %".replace("-", "\N{MINUS SIGN}")


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g} %"


def computation_of(item: View) -> str:
    """Call a computation by its objective, and by its endpoint where it names one."""
    owner, end = item.owner("objective"), item.owner("endpoint")
    item.values.mark(item.at("objective"))
    if not owner.at("level").text:
        return "trial"
    if end.node:
        named, name = end.owner("outcome"), end.at("id").text
        told = f"{item.values.name(named.node)}, {name}" if named.node else name
        return f"{objective_words(owner)} ({told})"
    return f"{objective_words(owner)}{_turn(item)}"


def _turn(item: View) -> str:
    """Count a computation among several for one objective, where none says for which endpoint it is."""
    own = item.at("objective").text
    same = [each.node.path for each in item.each("/statistics/sample_size") if each.at("objective").text == own]
    return f" (calculation {same.index(item.node.path) + 1})" if len(same) > 1 else ""
