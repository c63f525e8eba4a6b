"""The trial schema: a drawing of the arms or sequences across the epochs, with the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Box, Figure, Landscape, Placeholder
from protocolkit.render.facts import (
    cluster_unit,
    cohorts_of,
    epoch_kind,
    is_before,
    of_cohorts,
    units_cross,
)
from protocolkit.render.figure_allocation import allocations, in_order
from protocolkit.render.figure_boxes import Flow, Node, room
from protocolkit.render.figure_tracks import tracks_of
from protocolkit.render.figure_wedge import has_steps, stepped_wedge
from protocolkit.render.lexicon import from_id
from protocolkit.render.names import name_of
from protocolkit.render.times import length
from protocolkit.render.words import plural, run, turns

if TYPE_CHECKING:
    from protocolkit.document import Node as Place
    from protocolkit.render.blocks import Blocks
    from protocolkit.render.figure_allocation import Allocation
    from protocolkit.render.figure_tracks import Track
    from protocolkit.render.view import View

_PORTRAIT, _LANDSCAPE = (165.0, 215.0), (245.0, 125.0)
_GAP, _HEAD, _LOWEST, _TALLEST = 5.0, 15.0, 14.0, 24.0
_MANY = 4
# How far a drawing that is too tall for its page may be drawn larger and printed smaller, its letters still readable.
_SHRINKS = (1.0, 1.15, 1.33)


def trial_schema(view: View) -> Blocks:
    """Return the drawing; on a landscape page where there are many epochs."""
    if has_steps(view):
        return (Landscape((stepped_wedge(view, _LANDSCAPE[0]),)),)
    epochs = [node for node in view.at("/design/epochs") if node["id"].text]
    tracks = tracks_of(view, epochs)
    if not epochs or not tracks:
        return (
            Placeholder(
                "the trial schema, which is drawn from the arms and the epochs", view.at("/design/epochs").locator
            ),
        )
    found = allocations(view, epochs, [track.identifier for track in tracks])
    tracks = in_order(tracks, found)
    wide = len(epochs) + len({each.position for each in found}) > _MANY
    figure = _fitting(_Drawing(view, epochs, tracks, found), *(_LANDSCAPE if wide else _PORTRAIT))
    return (Landscape((figure,)),) if wide else (figure,)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is drawn: the epochs across, the tracks down, and the randomisations between the epochs."""

    view: View
    epochs: list[Place]
    tracks: list[Track]
    allocations: list[Allocation]

    def columns(self) -> list[Place | list[Allocation]]:
        """Return the columns from left to right: an epoch, or the randomisations that stand before it."""
        made: list[Place | list[Allocation]] = []
        for index, epoch in enumerate(self.epochs):
            here = [each for each in self.allocations if each.position == index]
            made += [here, epoch] if here else [epoch]
        return made

    @property
    def stepwise(self) -> bool:
        """Whether participants are randomised at several points of the trial, to other arms each time."""
        return len({each.position for each in self.allocations}) > 1

    def begins(self, row: int) -> int:
        """Return the index of the epoch in which a track begins."""
        own = [each.position for each in self.allocations if row in each.rows]
        return min(own, default=0)

    def entered(self, row: int, epoch: Place) -> bool:
        """Say whether a track has begun in an epoch, and goes on there where it does not run through all of them."""
        index = self.epochs.index(epoch)
        return self.begins(row) <= index and (not self.stepwise or bool(self.tracks[row].given.get(epoch["id"].text)))

    def staying(self, index: int) -> frozenset[int]:
        """Return the tracks that are in the epoch before an index already and go on in that epoch."""
        if not 0 < index < len(self.epochs):
            return frozenset()
        before, after = self.epochs[index - 1], self.epochs[index]
        rows = range(len(self.tracks))
        return frozenset(row for row in rows if self.entered(row, before) and self.entered(row, after))

    def entrants(self, epoch: Place) -> list[int]:
        """Return the tracks that begin in an epoch without a randomisation, after others have begun."""
        index = self.epochs.index(epoch)
        late = self.stepwise and index > min(each.position for each in self.allocations)
        rows = [row for row in range(len(self.tracks)) if not any(row in each.rows for each in self.allocations)]
        earlier = self.epochs[:index]
        return [
            row
            for row in rows
            if late and self.entered(row, epoch) and not any(self.entered(row, each) for each in earlier)
        ]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where things stand in the drawing, in millimetres."""

    width: float
    columns: int
    rows: int
    head: float
    height: float

    @property
    def column(self) -> float:
        """The width of a box."""
        return (self.width - _GAP * (self.columns - 1)) / self.columns

    def x(self, column: int) -> float:
        """Return the left edge of a column."""
        return column * (self.column + _GAP)

    def y(self, row: int) -> float:
        """Return the upper edge of a row."""
        return self.head + _GAP + row * (self.height + _GAP)

    @property
    def whole(self) -> float:
        """The height of the drawing."""
        return self.y(self.rows) - _GAP

    def middle(self, rows: frozenset[int]) -> float:
        """Return the height of the middle of some rows."""
        return (self.y(min(rows)) + self.y(max(rows)) + self.height) / 2


def _fitting(drawing: _Drawing, width: float, tallest: float) -> Figure:
    """Return the figure, drawn larger (and so printed smaller) until it is no taller than the page."""
    for shrink in _SHRINKS:
        grid = _grid(drawing, width * shrink)
        if grid.whole <= tallest * shrink:
            break
    return _figure(drawing, grid)


def _grid(drawing: _Drawing, width: float) -> _Grid:
    columns, rows = len(drawing.columns()), len(drawing.tracks)
    base = _TALLEST if rows <= _MANY else _LOWEST
    box = _Grid(width, columns, rows, _HEAD, base).column
    names = [epoch["id"].text for epoch in drawing.epochs]
    tall = max(room(track.lines(name), box) for track in drawing.tracks for name in names)
    shared = max((room(each.lines, box) / len(each.rows) for each in drawing.allocations), default=0)
    head = max(room(tuple(_epoch_lines(epoch)), box) for epoch in drawing.epochs)
    return _Grid(width, columns, rows, max(_HEAD, head), max(base, tall, shared))


def _figure(drawing: _Drawing, grid: _Grid) -> Figure:
    flow = Flow()
    heads: list[Box] = []
    latest: frozenset[str] = frozenset()
    leaving: list[Node] = []
    for position, column in enumerate(drawing.columns()):
        if isinstance(column, list):
            leaving = flow.leaving(drawing.staying(column[0].position))
            again = {row: leaving for each in column for row in each.rows} if drawing.stepwise else {}
            flow.column([_allocated(each, grid, position) for each in column], anew=True, origins=again)
        else:
            heads.append(_headed(column, grid, position))
            here = cohorts_of(drawing.view, column)
            apart = bool(latest and here) and not latest & here
            latest = here
            entrants = dict.fromkeys(drawing.entrants(column), leaving)
            flow.column(_boxes(column, drawing, grid, position), apart=apart, origins=entrants)
            flow.ended(leaving if drawing.stepwise else [])
            leaving = flow.leaving(drawing.staying(drawing.epochs.index(column) + 1))
    words = _alternative(drawing)
    return Figure(
        (*heads, *flow.boxes), tuple(flow.arrows), grid.width, grid.whole, words, run("Trial schema"),
        "fig:trial-schema",
    )  # fmt: skip


def _headed(epoch: Place, grid: _Grid, position: int) -> Box:
    return Box(grid.x(position), 0, grid.column, grid.head, tuple(_epoch_lines(epoch)), shaded=True)


def _epoch_lines(epoch: Place) -> list[str]:
    return [line for line in (name_of(epoch), _epoch_length(epoch)) if line]


def _epoch_length(epoch: Place) -> str:
    if epoch["repeats"]["every"]:
        return turns(epoch["repeats"]["name"].text or "course", length(epoch["repeats"]["every"].text))
    return length(epoch["duration"].text)


def _allocated(each: Allocation, grid: _Grid, position: int) -> Node:
    return _common(each.lines, each.rows, grid, position, bold=True)


def _common(lines: tuple[str, ...], rows: frozenset[int], grid: _Grid, position: int, *, bold: bool) -> Node:
    """Return one box for several rows, in their middle."""
    span = grid.y(max(rows)) + grid.height - grid.y(min(rows))
    tall = max(min(span, _TALLEST), room(lines, grid.column))
    box = Box(grid.x(position), grid.middle(rows) - tall / 2, grid.column, tall, lines, bold_first=bold)
    return Node(box, rows)


def _boxes(epoch: Place, drawing: _Drawing, grid: _Grid, position: int) -> list[Node]:
    """Return the boxes of an epoch: one for each track where treatment is given, one for all elsewhere."""
    identifier = epoch["id"].text
    everybody = frozenset(range(grid.rows))
    if not any(track.given.get(identifier) for track in drawing.tracks):
        everyone = from_id(epoch_kind(epoch).upper()) if grid.rows == 1 else f"All {_passing(drawing.view, epoch)}"
        word = of_cohorts(drawing.view, epoch) or everyone
        return [_common((word,), everybody, grid, position, bold=False)]
    return [
        Node(Box(grid.x(position), grid.y(row), grid.column, grid.height, track.lines(identifier)), frozenset([row]))
        for row, track in enumerate(drawing.tracks)
        if drawing.entered(row, epoch)
    ]


def _passing(view: View, epoch: Place | None = None) -> str:
    """Say what passes through an epoch: participants, or the groups that are randomised, before that or throughout."""
    unit = cluster_unit(view)
    crossing = units_cross(view) and (epoch is None or epoch_kind(epoch) != "follow_up")
    before = epoch is not None and is_before(epoch)
    return plural(unit) if unit and (crossing or before) else "participants"


def _alternative(drawing: _Drawing) -> str:
    path = ", ".join(_epoch_words(drawing.view, epoch) for epoch in drawing.epochs)
    lead = f"{_passing(drawing.view).capitalize()} pass through these epochs: {path}."
    if len(drawing.allocations) > 1:
        parts = [_allocation_words(each, drawing.tracks) for each in drawing.allocations]
        rest = [row for row in range(len(drawing.tracks)) if not any(row in a.rows for a in drawing.allocations)]
        parts += [f"without randomisation: {_track_words(drawing.tracks[row])}" for row in rest]
        return f"{lead} {' '.join(f'{part}.' for part in parts)}"
    rows = "; ".join(_track_words(track) for track in drawing.tracks)
    before = "After randomisation the tracks are: " if drawing.allocations else "The tracks are: "
    return f"{lead} {before}{rows}."


def _allocation_words(each: Allocation, tracks: list[Track]) -> str:
    rows = "; ".join(_track_words(tracks[row]) for row in sorted(each.rows))
    return f"{', '.join(each.lines)}: {rows}"


def _epoch_words(view: View, epoch: Place) -> str:
    told = "; ".join(part for part in (_epoch_length(epoch), of_cohorts(view, epoch)) if part)
    return f"{name_of(epoch)} ({told})" if told else name_of(epoch)


def _track_words(track: Track) -> str:
    given = ", then ".join(dict.fromkeys(track.given.values())) or "no intervention"
    size = f" ({track.size})" if track.size else ""
    return f"{track.name}{size}: {given}"
