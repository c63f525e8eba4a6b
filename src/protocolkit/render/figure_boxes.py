"""Boxes and arrows of a drawing: how much room words need, and which box follows on which."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Arrow, Box
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Millimetres: the width of a letter in the size of drawings, the height of a line, what the edges of a box take.
_LETTER, _LINE, _SIDES, _ENDS = 1.65, 3.5, 2.4, 2.5
_FEWEST = 4
_BREAKS = re.compile(r"\s+|(?<=-)")


def wrapped(lines: tuple[str, ...], width: float) -> int:
    """Return how many lines some words take in a box of a width."""
    letters = max(_FEWEST, int((width - _SIDES) / _LETTER))
    return sum(len(textwrap.wrap(line, letters)) or 1 for line in lines)


def room(lines: tuple[str, ...], width: float) -> float:
    """Return the height that a box of a width needs for its words."""
    return wrapped(lines, width) * _LINE + _ENDS


def broadest(words: str) -> float:
    """Return the width that a box needs so that no word is broken elsewhere than at a hyphen."""
    return max((len(piece) for piece in _BREAKS.split(words)), default=0) * _LETTER + _SIDES


class Station(NamedTuple):
    """A box of one column with the rows of the drawing that pass through it."""

    box: Box
    rows: frozenset[int]

    @property
    def middle(self) -> float:
        """The height of the middle of the box."""
        return self.box.y + self.box.height / 2


def merged(stations: list[Station]) -> list[Station]:
    """Return one box for each row, where a participant passes one epoch of a column or the other."""
    found: dict[frozenset[int], list[Station]] = {}
    for station in stations:
        found.setdefault(station.rows, []).append(station)
    return [
        Station(each[0].box._replace(lines=either([one.box.lines for one in each])), rows)
        for rows, each in found.items()
    ]


def either(boxes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words of boxes of one row in one box: what they share once, what differs with an `or` between."""
    different = list(dict.fromkeys(boxes))
    if len(different) <= 1:
        return different[0] if different else ()
    shared = tuple(line for line in different[0] if all(line in each for each in different))
    apart = [tuple(line for line in each if line not in shared) for each in different]
    words: list[str] = []
    for each in apart:
        words += [*(["or"] if words else []), *each]
    return (*shared, *words)


@dataclass
class Flow:
    """The drawing as it grows from left to right: every row goes on from the last box that it passed through."""

    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    ends: dict[int, Station] = field(default_factory=dict)

    def leaving(self, staying: frozenset[int]) -> list[Station]:
        """Return the boxes of the last column from which people go to other rows: their own row does not go on."""
        edge = max((station.box.x for station in self.ends.values()), default=0)
        latest = dict.fromkeys(station for station in self.ends.values() if station.box.x == edge)
        return [station for station in latest if len(station.rows) > 1 or not station.rows & staying]

    def ended(self, stations: list[Station]) -> None:
        """Forget rows whose people have gone to other rows, and not on to a box that all have in common."""
        for station in stations:
            for row in station.rows if len(station.rows) == 1 else ():
                if self.ends.get(row) == station:
                    self.ends.pop(row)

    def column(
        self,
        stations: list[Station],
        *,
        anew: bool = False,
        apart: bool = False,
        origins: Mapping[int, list[Station]] | None = None,
    ) -> None:
        """Add the boxes of a column, each with arrows from where its rows come from.

        `anew` is for a randomisation: whoever is in the trial then comes to it, from all boxes of the column before.
        `apart` is for people who were not in the column before: nothing leads from there to them. `origins` are the
        boxes from which rows are entered that begin here.
        """
        before = dict(self.ends)
        edge = max((station.box.x for station in before.values()), default=0)
        latest = [station for station in before.values() if station.box.x == edge]
        for station in stations:
            given = [source for row in sorted(station.rows) for source in (origins or {}).get(row, ())]
            own = given or ([] if anew else [before[row] for row in sorted(station.rows) if row in before])
            if len(station.rows) > 1 and any(source in latest for source in own):
                own = [source for source in own if source in latest or len(source.rows) == 1]  # none past the arms
            for source in () if apart else dict.fromkeys(own or latest):
                start = source.box.x + source.box.width
                self.arrows.append(Arrow(start, source.middle, station.box.x, station.middle))
            self.boxes.append(station.box)
            self.ends.update(dict.fromkeys(station.rows, station))
