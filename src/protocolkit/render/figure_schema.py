"""The trial schema: a drawing of the arms or sequences across the epochs, with the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Box, Figure, Landscape, Placeholder
from protocolkit.render.facts import (
    cohorts_of,
    epoch_kind,
    of_cohorts,
)
from protocolkit.render.figure_allocation import allocations, in_order, sources_of
from protocolkit.render.figure_boxes import Flow, Station, either, merged, room
from protocolkit.render.figure_branches import conditions_of, origins, side_by_side
from protocolkit.render.figure_run_in import is_after_run_in, run_in_products
from protocolkit.render.figure_tracks import tracks_of
from protocolkit.render.figure_wedge import has_steps, stepped_wedge
from protocolkit.render.figure_words import alternative, epoch_length, passing
from protocolkit.render.lexicon import from_id
from protocolkit.render.names import name_of
from protocolkit.render.words import run
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks
    from protocolkit.render.figure_allocation import Allocation
    from protocolkit.render.figure_tracks import Track
    from protocolkit.render.view import View

_PORTRAIT, _LANDSCAPE = (165.0, 215.0), (245.0, 112.0)
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
    found = allocations(view, epochs, [track.identifier for track in tracks], sources_of(tracks))
    drawing = _Drawing(view, epochs, in_order(tracks, found), found)
    wide = len(drawing.columns()) > _MANY
    figure = _fitting(drawing, *(_LANDSCAPE if wide else _PORTRAIT))
    return (Landscape((figure,)),) if wide else (figure,)


class _Column(NamedTuple):
    """A column of the drawing: epochs that run side by side, or randomisations."""

    epochs: tuple[Node, ...] = ()
    allocations: tuple[Allocation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is drawn: the epochs across, the tracks down, and the randomisations between the epochs."""

    view: View
    epochs: list[Node]
    tracks: list[Track]
    allocations: list[Allocation]

    def columns(self) -> list[_Column]:
        """Return the columns from left to right: epochs of one time, or the randomisations that stand before them."""
        made: list[_Column] = []
        index = 0
        for group in self.groups():
            here = tuple(each for each in self.allocations if index <= each.position < index + len(group))
            made += [_Column(allocations=here)] if here else []
            made.append(_Column(tuple(group)))
            index += len(group)
        return made

    def groups(self) -> list[list[Node]]:
        """Return the epochs, those together that run side by side; each apart where people are randomised again."""
        if self.stepwise:
            return [[epoch] for epoch in self.epochs]
        return side_by_side(self.view, self.epochs, self.tracks)

    @property
    def branched(self) -> bool:
        """Whether no arm runs through all epochs, since participants change to another one."""
        return self.stepwise or bool(origins(self.tracks))

    @property
    def stepwise(self) -> bool:
        """Whether participants are randomised at several points of the trial, to other arms each time."""
        return len({each.position for each in self.allocations}) > 1

    def begins(self, row: int) -> int:
        """Return the index of the epoch in which a track begins."""
        own = [each.position for each in self.allocations if row in each.rows]
        return min(own, default=0)

    def entered(self, row: int, epoch: Node) -> bool:
        """Say whether a track has begun in an epoch, and goes on there where it does not run through all of them."""
        index = self.epochs.index(epoch)
        return self.begins(row) <= index and (not self.branched or bool(self.tracks[row].given.get(epoch["id"].text)))

    def staying(self, index: int) -> frozenset[int]:
        """Return the tracks that are in the epoch before an index already and go on in that epoch."""
        if not 0 < index < len(self.epochs):
            return frozenset()
        before, after = self.epochs[index - 1], self.epochs[index]
        rows = range(len(self.tracks))
        return frozenset(row for row in rows if self.entered(row, before) and self.entered(row, after))

    def entrants(self, epoch: Node) -> list[int]:
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
    for group in drawing.groups():
        shown = [[epoch["id"].text for epoch in group if drawing.entered(row, epoch)] for row in range(rows)]
        boxes = [either([track.lines(name) for name in own]) for track, own in zip(drawing.tracks, shown, strict=True)]
        tall = max(tall, *(room(lines, box) for lines in boxes))
    shared = max((room(each.lines, box) / len(each.rows) for each in drawing.allocations), default=0)
    head = max(room(tuple(_head_lines(column.epochs)), box) for column in drawing.columns())
    return _Grid(width, columns, rows, max(_HEAD, head), max(base, tall, shared))


def _figure(drawing: _Drawing, grid: _Grid) -> Figure:
    flow = Flow()
    heads: list[Box] = []
    latest: frozenset[str] = frozenset()
    leaving: list[Station] = []
    for position, column in enumerate(drawing.columns()):
        if column.allocations:
            leaving = flow.leaving(drawing.staying(column.allocations[0].position))
            rows = [row for each in column.allocations for row in each.rows] if drawing.stepwise else []
            again = {row: _left(drawing, row, leaving) for row in rows}
            stations = [_allocated(each, grid, position) for each in column.allocations]
            flow.column(stations, anew=True, origins=again)
            continue
        heads.append(_headed(column.epochs, grid, position))
        here = frozenset(name for epoch in column.epochs for name in cohorts_of(drawing.view, epoch))
        apart = bool(latest and here) and not latest & here
        latest = here
        entered = _entered(drawing, column.epochs, flow, leaving)
        stations = merged([box for epoch in column.epochs for box in _boxes(epoch, drawing, grid, position)])
        flow.column(stations, apart=apart, origins=entered)
        flow.ended(leaving if drawing.stepwise else [])
        leaving = flow.leaving(drawing.staying(drawing.epochs.index(column.epochs[-1]) + 1))
    words = alternative(drawing.view, drawing.groups(), drawing.tracks, drawing.allocations)
    return Figure(
        (*heads, *flow.boxes), tuple(flow.arrows), grid.width, grid.whole, words, run("Trial schema"),
        "fig:trial-schema",
    )  # fmt: skip


def _entered(
    drawing: _Drawing, epochs: tuple[Node, ...], flow: Flow, leaving: list[Station]
) -> dict[int, list[Station]]:
    """Return the boxes from which rows are entered that begin in some epochs without a randomisation."""
    found = {row: _left(drawing, row, leaving) for epoch in epochs for row in drawing.entrants(epoch)}
    stated = {} if drawing.stepwise else origins(drawing.tracks)
    for row, sources in stated.items():
        if row not in flow.ends or len(flow.ends[row].rows) > 1:
            found[row] = list(dict.fromkeys(flow.ends[source] for source in sources if source in flow.ends))
    return found


def _left(drawing: _Drawing, row: int, leaving: list[Station]) -> list[Station]:
    """Return the boxes that people leave for a row: those of the arms that it is entered from, where it states them."""
    sources = set(origins(drawing.tracks).get(row, ()))
    return [station for station in leaving if station.rows & sources] or leaving


def _headed(epochs: tuple[Node, ...], grid: _Grid, position: int) -> Box:
    return Box(grid.x(position), 0, grid.column, grid.head, tuple(_head_lines(epochs)), shaded=True)


def _head_lines(epochs: Sequence[Node]) -> list[str]:
    """Return the words of the head of a column; of epochs side by side a participant passes one."""
    lines: list[str] = []
    for epoch in epochs:
        lines += [*(["or"] if lines else []), *(line for line in (name_of(epoch), epoch_length(epoch)) if line)]
    return lines


def _allocated(each: Allocation, grid: _Grid, position: int) -> Station:
    return _common(each.lines, each.rows, grid, position, bold=True)


def _common(lines: tuple[str, ...], rows: frozenset[int], grid: _Grid, position: int, *, bold: bool) -> Station:
    """Return one box for several rows, in their middle."""
    span = grid.y(max(rows)) + grid.height - grid.y(min(rows))
    tall = max(min(span, _TALLEST), room(lines, grid.column))
    box = Box(grid.x(position), grid.middle(rows) - tall / 2, grid.column, tall, lines, bold_first=bold)
    return Station(box, rows)


def _boxes(epoch: Node, drawing: _Drawing, grid: _Grid, position: int) -> list[Station]:
    """Return the boxes of an epoch: one for each track where treatment is given, one for all elsewhere."""
    identifier = epoch["id"].text
    everybody = frozenset(range(grid.rows))
    common = _given_before(epoch, drawing)
    if common is not None or not any(track.given.get(identifier) for track in drawing.tracks):
        word = of_cohorts(drawing.view, epoch) or _everyone(epoch, drawing)
        lines = tuple(filter(None, (word, run_in_products(drawing.view, epoch) or common)))
        return [_common(lines, everybody, grid, position, bold=False)]
    return [
        Station(Box(grid.x(position), grid.y(row), grid.column, grid.height, track.lines(identifier)), frozenset([row]))
        for row, track in enumerate(drawing.tracks)
        if drawing.entered(row, epoch)
    ]


def _everyone(epoch: Node, drawing: _Drawing) -> str:
    """Say who passes an epoch in which all tracks are together; after a run-in, or on a condition, not all."""
    if len(drawing.tracks) == 1:
        return from_id(epoch_kind(epoch).upper())
    units = passing(drawing.view, epoch)
    some = is_after_run_in(drawing.view, epoch) or conditions_of(drawing.view, epoch)
    return units.capitalize() if some else f"All {units}"


def _given_before(epoch: Node, drawing: _Drawing) -> str | None:
    """Return what all arms name alike in an epoch before they begin; None for other epochs."""
    rows = range(len(drawing.tracks))
    given = {drawing.tracks[row].given.get(epoch["id"].text, "") for row in rows}
    apart = len(given) != 1 or given == {""} or any(drawing.entered(row, epoch) for row in rows)
    return None if apart else next(iter(given))
