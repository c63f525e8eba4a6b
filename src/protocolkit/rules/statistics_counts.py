"""Counts in the words of a sample size: of responses that make a success, and of those who are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import main_analyses
from protocolkit.rules.statistics_arms import number
from protocolkit.rules.statistics_sizes import sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_COUNT = Pattern(
    r"(?:(?<![\w.,])(?P<more>[0-9]+) or more|\bat least (?P<least>[0-9]+))"
    r"(?: (?:\w+ )?(?:respon\w+|successes|remissions|patients|participants|children|events))?"
    r"(?P<among> (?:out )?of [0-9]+)?(?! ?(?:%|percent|grade|days?\b|weeks?\b|months?\b|years?\b))"
)
_NEEDED = Pattern(
    r"\bneeds? (?P<count>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) (?:evaluable )?"
    r"(?:participants|patients|children|people|women|men)\b"
)
_STATED = (
    "evaluable_per_arm", "evaluable_total", "inflated_per_arm", "randomised_per_arm", "randomised_total",
    "enrolled_max", "events",
)  # fmt: skip
_SLIP = 0.05  # what is further from each number of the entry is another one, such as that of another power
_REASONS = ("rationale", "approximation")


def success_counts(trial: Trial) -> Iterator[tuple[Node, Node, int, int]]:
    """Yield each text on success and text of the sample size of its endpoint that name one count each, with the counts.

    They are about as many participants: those of whom the analysis counts stand in the other text as well.
    """
    for analysis, endpoint in main_analyses(trial):
        own = _one(analysis["success"])
        for entry in sizes_of(trial, endpoint) if own is not None else ():
            for key in _REASONS:
                other = _one(entry[key])
                if other is not None and own is not None and _all_of(own[1], entry[key].text):
                    yield analysis["success"], entry[key], own[0], other[0]


def _one(text: Node) -> tuple[int, str] | None:
    """Return the only count of responses of a text, with the number that it is out of, where that is told."""
    said = [match for match in _COUNT.finditer(text.text) if match["among"] or "respon" in match[0]]
    if len(said) != 1:
        return None
    return int(said[0]["more"] or said[0]["least"]), (said[0]["among"] or "").rpartition(" ")[2]


def _all_of(whole: str, text: str) -> bool:
    return not whole or whole in text.replace(",", " ").split()


def needed_otherwise(entry: Node) -> Iterator[Found]:
    """Find a number that the reasons of a sample size call needed, close to a stated one and none of them."""
    stated = {value: entry[key] for key in _STATED if (value := number(entry[key])) is not None}
    for match in _NEEDED.finditer(entry["rationale"].text):
        said = int(match["count"].replace(",", ""))
        near = min(stated, key=lambda value: abs(value - said), default=None)
        if near is not None and 0 < abs(near - said) <= _SLIP * near:
            at = stated[near]
            message = f'{str(at.path[-1]).replace("_", " ")}: stated {near}, the rationale says "{match[0]}"'
            related = ((entry["rationale"], "the rationale"),)
            yield Found(at, message, "tell one number", related, severity=Severity.WARNING)
