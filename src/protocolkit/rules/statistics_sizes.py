"""Which sample size is for which endpoint: an entry names one, or is for all of its objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.statistics_analyses import objective_of

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


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
