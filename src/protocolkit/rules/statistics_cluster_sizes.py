"""How much more a cluster trial needs where its clusters differ in size, beside what its sample size counts."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import number
from protocolkit.rules.statistics_recompute import Unusable, recomputed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_OF_ONE_SIZE = ("cluster_two_props_z", "cluster_two_means_z")
# Clusters that differ less hardly change the number: Eldridge, Ashby, Kerry 2006, Int J Epidemiol 35, 1292.
_LEAST = 0.23
_SPOKEN_OF = Pattern(r"unequal|coefficients? of variation|\bcv\b|(?:spread|vari\w+|differ\w*)[^.;]{0,40}\bsizes?\b")
_ROUNDING = 0.98


def sizes_apart(trial: Trial, entry: Node) -> Iterator[Found]:
    """Find a number for clusters of one size where the design states how much they differ, and no word says why."""
    stated = trial.at("/design/cluster/size_cv")
    needed, planned = _needed(entry), _planned(entry)
    told = any(_SPOKEN_OF.search(entry[key].text) for key in ("rationale", "approximation"))
    if needed is None or planned is None or told or not is_number(stated) or stated.value < _LEAST:
        return
    size, alike = entry["m"].value, entry["icc"].value
    share = (1 + ((1 + stated.value**2) * size - 1) * alike) / (1 + (size - 1) * alike)
    if needed <= planned < needed * share * _ROUNDING:
        message = (
            f"{entry['method'].text} counts clusters of one size; with the coefficient of variation {stated.text} "
            f"{ceil(needed * share)} evaluable participants are needed, and {planned:g} are planned"
        )
        hint = "add participants or clusters, or say under rationale why the variation of size is left out"
        yield Found(entry["m"], message, hint, ((stated, "the variation"),), severity=Severity.INFO)


def _needed(entry: Node) -> int | None:
    """Return the evaluable participants that the method asks for, in all; None where that does not follow."""
    inputs = entry["m"], entry["icc"]
    if entry["method"].text not in _OF_ONE_SIZE or not all(map(is_number, inputs)):
        return None
    try:
        found = recomputed(entry)
    except Unusable:
        return None
    return None if found is None else found.total


def _planned(entry: Node) -> float | None:
    """Return the evaluable participants that are planned, in all."""
    total, per_arm = number(entry["evaluable_total"]), number(entry["evaluable_per_arm"])
    if total is not None or per_arm is not None:
        return total if total is not None else 2 * (per_arm or 0)
    randomised, missing = number(entry["randomised_total"]), quantity(entry["missing"])
    return None if randomised is None else randomised * (1 - float(missing.value if missing else 0) / 100)


def is_number(node: Node) -> bool:
    """Say whether a number stands at a node, whole or not; true and false are none."""
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)
