"""Margins that are ratios, held against endpoints whose analyses compare by a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import EQUAL, framework_of
from protocolkit.rules.statistics_measures import PROPORTIONS, kind_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DIFFERENCE = Pattern(r"\bdifferences?\b|\bpercentage points?\b")
_RATIO = Pattern(r"\bratios?\b|\brelative\b|\bodds\b|\blog")


def differences(trial: Trial) -> Iterator[Found]:
    """Find objectives with a margin of 1 or more, as of a ratio, whose proportions are compared by a difference.

    No difference of proportions is that wide. An objective without a framework of its own has that of the design.
    """
    for objective in trial.root["objectives"]:
        framework = framework_of(objective)
        margin = quantity(framework["margin"])
        if framework["kind"].text not in EQUAL or margin is None or margin.unit.code != "1" or margin.value < 1:
            continue
        rows = [(each, at) for each in objective["endpoints"] if (at := _difference(trial, each)) is not None]
        if rows:
            told = f"{listed([endpoint['id'].text for endpoint, _ in rows])} {'is' if len(rows) == 1 else 'are'}"
            message = (
                f"objective {objective['id'].text} has a margin of {framework['margin'].text}, which is a ratio, and "
                f"{told} compared by a difference"
            )
            own = "its framework" if objective["framework"]["margin"] else "that of the design"
            hint = f"give the objective a framework of its own in place of {own}, with kind and margin"
            related = tuple((at, "the effect") for _, at in rows)
            yield Found(objective, message, hint, related, severity=Severity.WARNING)


def _difference(trial: Trial, endpoint: Node) -> Node | None:
    """Return the effect of the analysis of an endpoint of proportions, where it is a difference; None where not."""
    if kind_of(endpoint) != PROPORTIONS:
        return None
    for analysis in trial.at("/statistics/analyses"):
        effect = analysis["effect"]
        if analysis["endpoint"].text == endpoint["id"].text and analysis["role"].text in ("main", "secondary"):
            return effect if _DIFFERENCE.search(effect.text) and not _RATIO.search(effect.text) else None
    return None
