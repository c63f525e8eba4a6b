"""Whether an analysis takes in the baseline, by its words: called so, or by a visit before the first dose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import after_start

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

BASELINE = Pattern(
    r"\bbaselines?\b|\bpre-?(?:treatment|dose|randomi[sz]ation|operative|vaccination)\b|screening value|\bat entry\b"
    r"|\bcLDA\b|constrained longitudinal"
    r"|\bbefore (?:the |any )?(?:first )?(?:dos|treatment|vaccination|injection|infusion|randomi[sz]|surg)"
)
_DAY = Pattern(r"\bday (-?[0-9]{1,3})\b")
_DIGIT = Pattern(r"[0-9]", exact=True)
_FIRST_DAYS = frozenset({0, 1})  # the day of the first dose, by either way of counting


def words_of(analysis: Node) -> str:
    """Return the words that say what an analysis takes in: its model and its covariates."""
    return " ".join((analysis["model"].text, *(node.text for node in analysis["covariates"])))


def takes_baseline(trial: Trial, analysis: Node) -> bool:
    """Say whether the baseline is in the model or a covariate, also as the value at a visit by the first dose."""
    told = words_of(analysis)
    if BASELINE.search(told):
        return True
    stops = [stop for stop in trial.timetable.of_participants if stop.scheduled and stop.moments]
    late = {name for stop in stops if not _by_the_start(trial, stop) for name in _names(stop)}
    early = {name for stop in stops if _by_the_start(trial, stop) for name in _names(stop)} - late
    words = f" {' '.join(told.casefold().replace(',', ' ').replace(')', ' ').split())} "
    days = {int(day) for day in _DAY.findall(told)}
    first = any(day < 0 or day in _FIRST_DAYS for day in days if f"day {day}" not in late)
    return first or any(f" at {name} " in words for name in early)


def _by_the_start(trial: Trial, stop: Stop) -> bool:
    days = after_start(trial, stop)
    return bool(days) and max(days) <= 0


def _names(stop: Stop) -> set[str]:
    """Return what a visit is called, where a number tells it from other words."""
    called = (stop.visit["id"].text, stop.visit["name"].text)
    return {name.casefold() for name in called if _DIGIT.search(name)}
