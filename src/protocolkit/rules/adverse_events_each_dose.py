"""Windows that are told twice: until when harm is collected, and for how long after each dose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.times import ends_after_last_dose, in_weeks, length
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DAY = 1  # thirty days, the day of the dose being the first, end 29 days after it


def cut_short(trial: Trial) -> Iterator[Found]:
    """Find windows that close after the last dose sooner than events are collected after each dose."""
    short: dict[tuple[str, str], list[tuple[str, Node]]] = {}
    for name, window in _windows(trial):
        each, after = length(window["after_each_dose"]), ends_after_last_dose(trial, window["end"])
        if each is not None and after is not None and 0 < after < each - _DAY:
            short.setdefault((in_weeks(each), in_weeks(after)), []).append((name, window))
    for (each_words, after_words), rows in short.items():
        names = listed([name for name, _ in rows])
        message = f"window of {names}: {each_words} after each dose, and it ends {after_words} after the last one"
        window = rows[0][1]
        related = (
            (window["after_each_dose"], "after each dose"),
            *((other["end"], "as here") for _, other in rows[1:]),
        )
        yield Found(window["end"], message, "tell one time; the last dose is one of all", related)


def with_each_dose(trial: Trial, windows: Node, kind: str, other: str) -> bool:
    """Say whether the other window is over some time after each dose, and one with an end is open as long or may be."""
    each, own = length(windows[other]["after_each_dose"]), windows[kind]
    if each is None or own["after_each_dose"]:
        return False
    after = ends_after_last_dose(trial, own["end"])
    return after is None or after >= each or bool(own["by_arm"] or own["by_cohort"])


def _windows(trial: Trial) -> Iterator[tuple[str, Node]]:
    """Yield each window that has one end for all, with the name of what it collects."""
    windows = trial.at("/adverse_events/windows")
    own = ((each["id"].text, each["window"]) for each in trial.at("/adverse_events/of_special_interest"))
    for name, window in (*((kind, windows[kind]) for kind in windows.keys()), *own):  # noqa: SIM118 - a node
        if window["end"] and window["after_each_dose"]:
            yield name, window
