"""The set in which an endpoint is analysed, at the endpoint and in its analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.pairs import Pair
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_BESIDE = frozenset({"sensitivity", "supplementary"})  # analyses that may take another set


def sets(trial: Trial) -> Iterator[Pair]:
    """Yield the set that each endpoint states, held against those of its analyses."""
    used: dict[str, list[str]] = {}
    for analysis in trial.at("/statistics/analyses"):
        if analysis["set"] and analysis["role"].text not in _BESIDE:
            used.setdefault(analysis["endpoint"].text, []).append(analysis["set"].text)
    for objective in trial.root["objectives"]:
        for endpoint in objective["endpoints"]:
            stated, own = endpoint["analysis_set"], used.get(endpoint["id"].text)
            if stated and own:
                told = f"it is analysed in {listed([*dict.fromkeys(own)])}"
                yield Pair(stated, f"set of {endpoint['id'].text}", told, stated.text in own, Severity.WARNING)
