"""Which sample size is for which endpoint: an entry names one, or is for all of its objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.statistics_analyses import objective_of
from protocolkit.rules.trial import variables_of

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# What tells whom a sample size is for.
SIZED_FOR = (
    "/objectives/*/id", "/objectives/*/level",
    *(f"/objectives/*/endpoints/*/{key}" for key in ("id", "cohorts", "subset")),
    *(f"/objectives/*/estimands/*/{key}" for key in ("variable", "same_for", "treatment")),
)  # fmt: skip


def sized_by(entry: Node) -> list[Node]:
    """Return the endpoints that a sample size is for: the one that it names, else all of its objective."""
    ends = [*entry.document.root["objectives"].find(entry["objective"].text)["endpoints"]]
    named = entry["endpoint"].text
    return [each for each in ends if each["id"].text == named] if named else ends


def sizes_of(trial: Trial, endpoint: Node) -> list[Node]:
    """Return the sample sizes of an endpoint: those that name it, else those of its objective that name none."""
    name, objective = endpoint["id"].text, objective_of(endpoint)["id"].text
    entries = [each for each in trial.at("/statistics/sample_size") if each["objective"].text == objective]
    named = [each for each in entries if each["endpoint"].text == name]
    return named or [each for each in entries if not each["endpoint"]]


def cohorts_of(trial: Trial, entry: Node) -> list[Node]:
    """Return the cohorts that a sample size is for: those that it names, else those that its endpoints are limited to.

    None where it is for all, or where those of an endpoint state no participants to hold it against.
    """
    known = trial.at("/population/cohorts")
    if entry["cohorts"]:
        return [known.find(node.text) for node in entry["cohorts"]]
    limited = [{node.text for node in each["cohorts"]} for each in sized_by(entry)]
    names = set[str]().union(*limited)
    chosen = [each for each in trial.assigned_cohorts if each["id"].text in names]
    part = all(limited) and 0 < len(chosen) < len(trial.assigned_cohorts)
    return chosen if part and all(each["participants"] for each in chosen) else []


def of_outside(entry: Node) -> int:
    """Return how many of those to be evaluated belong to a comparator outside the arms; 0 where nobody does."""
    root = entry.document.root
    ends = {each["id"].text for each in sized_by(entry)}
    estimands = root["objectives"].find(entry["objective"].text)["estimands"]
    named = {each["treatment"]["against"].text for each in estimands if variables_of(each) & ends} - {""}
    counts = [each["participants"].value for each in root["design"]["external_comparators"] if each["id"].text in named]
    return max((count for count in counts if isinstance(count, int)), default=0)
