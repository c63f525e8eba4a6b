"""Which factors of randomisation the comparison of an endpoint can be adjusted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import in_unit
from protocolkit.rules.followup_compared import arms_of
from protocolkit.rules.matching import stems
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import objective_of
from protocolkit.rules.trial import variables_of

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# What tells which groups an analysis compares.
COMPARED = tuple(f"/objectives/*/estimands/*/{key}" for key in ("id", "variable", "same_for", "treatment"))
_AGE = Pattern(r"\bages?\b")
_COHORT = Pattern(r"(?:the )?cohorts?")
_LEVELS = Pattern(r"[(,:]", exact=True)
_WHEN = stems("baseline, screening, randomisation, entry")
_NUMBER = Pattern(r"[0-9]+")


def against_outside(analysis: Node, endpoint: Node) -> bool:
    """Say whether an analysis sets arms against a group outside the trial, by its estimands."""
    estimands = objective_of(endpoint)["estimands"]
    named = [each for each in estimands if each["id"].text == analysis["estimand"].text]
    own = named or [each for each in estimands if endpoint["id"].text in variables_of(each)]
    return bool(own) and all(each["treatment"]["against"] for each in own)


def factors_of(trial: Trial, endpoint: Node) -> list[Node]:
    """Return the factors, each once, of the randomisations that an endpoint compares: in a platform of its domain.

    Those that are the same in all of its cohorts are left out.
    """
    objective = objective_of(endpoint)["id"].text
    domains = [*trial.at("/design/master_protocol/domains")]
    own = {each["id"].text for each in domains if objective in {node.text for node in each["objectives"]}}
    found: dict[str, Node] = {}
    for randomisation in _comparing(trial, endpoint):
        if not own or not randomisation["domain"] or randomisation["domain"].text in own:
            for stratum in (each for each in randomisation["strata"] if not _is_constant(trial, endpoint, each)):
                found.setdefault(stratum["factor"].text, stratum["factor"])
    return [*found.values()]


def are_cohorts(trial: Trial, factor: Node) -> bool:
    """Say whether the levels of a factor are the cohorts: it is called so, or by the age in which they differ."""
    if _COHORT.fullmatch(factor.text.strip()):
        return True
    cohorts = trial.assigned_cohorts
    ages = {(each["age"]["min"].text, each["age"]["max"].text) for each in cohorts}
    return bool(_AGE.search(factor.text)) and len(cohorts) > 1 and len(ages) == len(cohorts)


def _comparing(trial: Trial, endpoint: Node) -> list[Node]:
    """Return the randomisations that assign all the arms that an endpoint is compared in; all where none does."""
    listed_in = [*trial.at("/design/randomisations")]
    arms = {*arms_of(trial, endpoint)}
    own = [each for each in listed_in if not each["arms"] or arms <= {node.text for node in each["arms"]}]
    return own or listed_in


def _is_constant(trial: Trial, endpoint: Node, stratum: Node) -> bool:
    """Say whether a factor has one level in the cohorts of an endpoint: the cohort, what defines it, or an age."""
    cohorts = [trial.at("/population/cohorts").find(node.text) for node in endpoint["cohorts"]]
    if len(cohorts) == 1 and _COHORT.fullmatch(stratum["factor"].text.strip()):
        return True
    if len(cohorts) == 1 and _defines(trial, endpoint, cohorts[0], stratum):
        return True
    if not cohorts or not _AGE.search(stratum["factor"].text):
        return False
    if len(cohorts) == 1 and stems(cohorts[0]["name"].text) & stems(stratum["factor"].text):
        return True  # its level is called by the cohort
    sides = {_side(each["age"], stratum) for each in cohorts}
    return len(sides) == 1 and None not in sides


def _defines(trial: Trial, endpoint: Node, cohort: Node, stratum: Node) -> bool:
    """Say whether a cohort, or the set in which its endpoint is analysed, is told by a factor: `without a stent`."""
    own_set = trial.at("/statistics/analysis_sets").find(endpoint["analysis_set"].text)
    told = stems(f"{cohort['name'].text} {cohort['definition'].text} {own_set['definition'].text}")
    factor = stems(_LEVELS.split(stratum["factor"].text)[0]) - _WHEN
    return bool(factor) and factor <= told


def _side(age: Node, stratum: Node) -> str | None:
    """Return on which side of the cut of a factor an age lies, or its level in words; None where neither follows."""
    cut = quantity(stratum["cut"])
    low, high = (_in_unit(age[key], cut.unit.code if cut is not None else "a") for key in ("min", "max"))
    if cut is None:
        levels = {float(found) for found in _NUMBER.findall(stratum["factor"].text)}
        return f"{low} to {high}" if low is not None and high is not None and {low, high} <= levels else None
    if low is not None and low >= float(cut.value):
        return "above"
    return "below" if high is not None and high < float(cut.value) else None


def _in_unit(node: Node, unit: str) -> float | None:
    found = quantity(node)
    value = in_unit(found.value, found.unit.code, unit) if found is not None else None
    return None if value is None else float(value)
