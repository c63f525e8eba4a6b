"""Rules on trials with clusters: what the design and the sample size state, and how few clusters are analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import main_analyses
from protocolkit.rules.statistics_cluster_sizes import is_number, sizes_apart
from protocolkit.rules.statistics_design import PER_PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_FEW_PER_ARM = 4
_FEW = 40
_SMALL_SAMPLE = Pattern(
    r"kenward|satterthwaite|small[- ]sample|permutation|randomi[sz]ation test|cluster[- ](?:level|summar)"
    r"|between[- ]within|\bt[- ]distribution|mancl|kauermann|fay|bias[- ]corrected|degrees of freedom"
)


@rule("STAT13", Severity.ERROR, reads=("/design/cluster", "/design/model", "/statistics/sample_size"))
def clusters(trial: Trial) -> Iterator[Found]:
    """The sample size of a cluster trial allows for its clusters, with the numbers that the design states.

    Why: people of one cluster are alike; a number that counts them as strangers is too small, often by half. (Which
    keys of the cluster are needed, the shape of the file tells.)

    Applies: clusters are randomised, and a method for the sample size is named. In a trial of rates the coefficient of
    variation between clusters stands in place of the correlation. What the sample size analyses of a cluster may be its
    size without those who will be missing, whole or not. That the design states how much clusters differ in size (a
    coefficient of variation of 0.23 or more), and the number is enough for clusters of one size alone, is information.

    Basis:
        CONSORT extension for cluster trials 2012, 3a, 7a, 9 and 10a to 10c (H)
        Hayes and Bennett 1999, Int J Epidemiol 28, 319, for the coefficient of variation between clusters (H)
        Ottawa statement 2012, 1, 4 and 5 (H)
        Eldridge et al. 2006, Int J Epidemiol 35, 1292, for clusters of unequal size (L)
        Giraudeau 2008, Statistics in Medicine 27, 5578, for clusters that cross over (M)

    Fails::

        design: {cluster: {unit: practice, clusters: 60, icc: 0.05, size: 20}}
        statistics: {sample_size: [{objective: O1, method: cluster_two_means_z, icc: 0.01, m: 20}]}

    Passes::

        design: {cluster: {unit: practice, clusters: 60, icc: 0.05, size: 20}}
        statistics: {sample_size: [{objective: O1, method: cluster_two_means_z, icc: 0.05, m: 20}]}
    """
    cluster = trial.at("/design/cluster")
    entries = [each for each in trial.at("/statistics/sample_size") if each["method"]]
    if not cluster or not entries:
        raise NotApplicable("no clusters are randomised, or no method for the sample size is named")
    for entry in entries:
        if PER_PERSON.match(entry["method"].text) and not entry["approximation"]:
            message = f"{entry['method'].text} takes participants as independent, but each {cluster['unit'].text}"
            hint = "name a method for clusters, or say under approximation how it allows for them"
            yield Found(entry["method"], f"{message} is randomised as a whole", hint, ((cluster, "the clusters"),))
        # Where clusters cross over, and in a stepped wedge, a method counts the participants of a cluster in a period.
        size = "period_size" if cluster["period_size"] else "size"
        compared = (("icc", "icc"),) if cluster["stepped_wedge"] else (("icc", "icc"), ("m", size))
        for key, own in compared:
            told = entry[key] and cluster[own] and entry[key].value != cluster[own].value
            if told and not _less_missing(entry, cluster[own]):
                message = f"the sample size uses {key} {entry[key].text}, the design states {own} {cluster[own].text}"
                yield Found(entry[key], message, "tell one number", ((cluster[own], "stated here"),))
        yield from sizes_apart(trial, entry)
    if trial.at("/design/model").text == "crossover" and not cluster["cac"] and not any(e["cac"] for e in entries):
        message = "clusters cross over, and how alike two periods of one cluster are is not stated"
        yield Found(cluster, message, "state cac, the autocorrelation of a cluster, with its source")


def _less_missing(entry: Node, size: Node) -> bool:
    """Say whether what is analysed of a cluster is its size without the share that will be missing."""
    missing, analysed = quantity(entry["missing"]), entry["m"]
    if missing is None or missing.unit.code != "%" or not (is_number(size) and is_number(analysed)):
        return False
    return abs(float(size.value) * (1 - float(missing.value) / 100) - float(analysed.value)) <= 1


@rule(
    "STAT22", Severity.WARNING,
    reads=("/design/cluster", "/design/randomisations", "/statistics/analyses",
           *below("/objectives/*", "endpoints", "level")), tags_off=("pilot",),
)  # fmt: skip
def few_clusters(trial: Trial) -> Iterator[Found]:
    """A trial of few clusters says how its analysis keeps the error rate.

    Why: mixed models and estimating equations count on many clusters; with fewer than 40 they find effects that are not
    there unless they are corrected, and with fewer than four in an arm one cluster decides.

    Applies: clusters are randomised, and their number is stated. A stepped wedge is not counted per arm.

    Basis:
        Kahan et al. 2016 (Trials 17:438), fewer than 40 clusters without a small-sample correction (H)
        CONSORT extension for cluster trials 2012, 12a (M)

    Fails::

        design: {cluster: {unit: practice, clusters: 12}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics: {analyses: [{endpoint: E1, role: main, model: mixed model with a random effect of practice}]}

    Passes::

        design: {cluster: {unit: practice, clusters: 12}}
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics:
          analyses:
            - {endpoint: E1, role: main, model: mixed model for practices with Kenward-Roger correction}
    """
    cluster = trial.at("/design/cluster")
    count = cluster["clusters"].value
    if not isinstance(count, int) or isinstance(count, bool):
        raise NotApplicable("no clusters are randomised, or their number is not stated")
    arms = max(2, len([*trial.root["arms"]]))
    if count < _FEW_PER_ARM * arms and not cluster["stepped_wedge"]:
        message = f"{count} clusters in {arms} arms: fewer than {_FEW_PER_ARM} in an arm"
        yield Found(cluster["clusters"], message, f"plan at least {_FEW_PER_ARM * arms} clusters, or say why so few do")
    for analysis, endpoint in main_analyses(trial) if count < _FEW else ():
        told = f"{analysis['model'].text} {analysis['interval'].text} {trial.at('/statistics/general').text}"
        if not _SMALL_SAMPLE.search(told):
            message = f"{endpoint['id'].text}: {count} clusters are too few for {analysis['model'].text or 'the model'}"
            hint = "name a correction for few clusters (such as Kenward-Roger) or an analysis of cluster summaries"
            yield Found(analysis["model"] or analysis, message, hint, ((cluster["clusters"], "the clusters"),))


RULES: tuple[Rule, ...] = (clusters, few_clusters)
