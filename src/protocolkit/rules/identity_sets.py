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
_MAIN = "main"  # held against the endpoint by STAT24


def sets(trial: Trial) -> Iterator[Pair]:
    """Yield the set that each endpoint without a main analysis states, held against those of its analyses."""
    used = _used(trial)
    for endpoint in (each for objective in trial.root["objectives"] for each in objective["endpoints"]):
        stated, own = endpoint["analysis_set"], used.get(endpoint["id"].text)
        if stated and own:
            told = f"it is analysed in {listed([*dict.fromkeys(own)])}"
            yield Pair(stated, f"set of {endpoint['id'].text}", told, stated.text in own, Severity.WARNING)


def _used(trial: Trial) -> dict[str, list[str]]:
    """Return the sets in which endpoints are analysed, by the ids of these."""
    analyses = trial.at("/statistics/analyses")
    main = {each["endpoint"].text for each in analyses if each["role"].text == _MAIN}
    used: dict[str, list[str]] = {}
    for each in analyses:
        if each["set"] and each["endpoint"].text not in main and each["role"].text not in _BESIDE:
            used.setdefault(each["endpoint"].text, []).append(each["set"].text)
    return used
