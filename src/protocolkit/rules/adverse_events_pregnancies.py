"""Pregnancies beside contraception: one that it is to prevent is collected, by the keys and by the words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import AFTER_TREATMENT, anchor_kind, anchor_of, in_days, later, length
from protocolkit.rules.told_times import lengths_after
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_CONTRACEPTION = Pattern(r"\bcontracept")
_PREGNANCIES = Pattern(r"\bpregnanc|\bpregnant\b")
_OTHERWISE = Pattern(r"\b(?:breast|lactat|donat|sperm|semen|test)")  # times of something else


class _Until(NamedTuple):
    """A time after the last dose, in days: where it stands, how far another may be and be meant, and what says it."""

    at: Node
    days: Decimal
    near: float
    said: str


def collected(trial: Trial, windows: Node) -> Iterator[Found]:
    """Find pregnancies that are collected for a shorter time than contraception is asked for."""
    until, end = trial.at("/population/contraception/until"), windows["pregnancy"]["end"]
    by = later(trial, until, end) if until and end else None
    if by is not None and by > 0:
        message = f"pregnancies are collected {in_days(by)} shorter than contraception is asked for"
        yield Found(end, message, "collect them at least as long", ((until, "how long contraception is asked for"),))
        return
    asked, told = _asked(trial, until), _told(_about_pregnancies(trial))
    for kept in (told, None if until else _keyed(trial, end)):
        if asked is not None and kept is not None and float(asked.days - kept.days) > max(asked.near, kept.near):
            message = f"pregnancies are collected {kept.said}, and contraception is asked for {asked.said}"
            yield Found(kept.at, message, "collect them at least as long", ((asked.at, "how long it is asked for"),))
            return


def _asked(trial: Trial, until: Node) -> _Until | None:
    """Return how long contraception is asked for: by its key, or at most by the criteria."""
    if until:
        return _keyed(trial, until)
    criteria = [each["text"] for key in ("inclusion", "exclusion") for each in trial.at("/population")[key]]
    return _told([text for text in criteria if _CONTRACEPTION.search(text.text)])


def _about_pregnancies(trial: Trial) -> list[Node]:
    """Return what is told of pregnancies that are collected, and of nothing else."""
    texts = [trial.at(f"/adverse_events/pregnancy/{key}") for key in ("participant", "partner")]
    return [text for text in texts if _PREGNANCIES.search(text.text) and not _OTHERWISE.search(text.text)]


def _keyed(trial: Trial, time: Node) -> _Until | None:
    days = length(time["offset"]) if time["offset"] else Decimal(0)
    if not time or days is None or anchor_kind(trial, anchor_of(time)) not in AFTER_TREATMENT:
        return None
    return _Until(time, days, 0.0, f"until {in_days(days)} after the last dose")


def _told(texts: list[Node]) -> _Until | None:
    """Return the longest time after the last dose that texts name."""
    told = [(each, text) for text in texts for each in lengths_after(text.text)]
    if not told:
        return None
    longest, text = max(told, key=lambda row: row[0].days)
    return _Until(text, Decimal(str(longest.days)), longest.near, f'"{longest.words}"')
