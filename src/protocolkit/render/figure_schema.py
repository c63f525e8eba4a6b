"""The trial schema: a drawing of the arms or sequences across the epochs, with the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Arrow, Box, Figure, Landscape, Placeholder
from protocolkit.render.facts import epoch_kind, is_before, is_treated
from protocolkit.render.lexicon import from_id
from protocolkit.render.names import name_of
from protocolkit.render.times import length
from protocolkit.render.words import flat, run

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks
    from protocolkit.render.view import View

_PORTRAIT, _LANDSCAPE = 165.0, 245.0
_GAP, _HEAD, _LOWEST, _TALLEST = 5.0, 15.0, 14.0, 24.0
_MANY = 4
_LABEL = 0.9


@dataclass(frozen=True, slots=True)
class _Track:
    """One row of the drawing: an arm or a sequence, with what is given in each epoch."""

    name: str
    given: dict[str, str]
    size: str = ""


def trial_schema(view: View) -> Blocks:
    """Return the drawing; on a landscape page where there are many epochs."""
    epochs = [node for node in view.at("/design/epochs") if node["id"].text]
    tracks = _tracks(view, epochs)
    if not epochs or not tracks:
        return (
            Placeholder(
                "the trial schema, which is drawn from the arms and the epochs", view.at("/design/epochs").locator
            ),
        )
    columns = len(epochs) + bool(view.has("/design/randomisations"))
    wide = columns > _MANY
    figure = _figure(view, epochs, tracks, _LANDSCAPE if wide else _PORTRAIT)
    return (Landscape((figure,)),) if wide else (figure,)


def _tracks(view: View, epochs: list[Node]) -> list[_Track]:
    sequences = view.each("/design/sequences")
    if sequences:
        return [_sequence(item, epochs) for item in sequences]
    return [_arm(item, epochs) for item in view.each("/arms")]


def _sequence(item: View, epochs: list[Node]) -> _Track:
    treated = [epoch["id"].text for epoch in epochs if is_treated(epoch)]
    names = [flat(part) for part in item.names_of("order")]
    for key in ("id", "order", "n"):
        item.values.mark(item.at(key))
    return _Track(f"Sequence {item.at('id').text}", dict(zip(treated, names, strict=False)), _size(item, "n"))


def _arm(item: View, epochs: list[Node]) -> _Track:
    stated = {part.at("epoch").text: flat(part.f("interventions")) for part in item.each("epochs")}
    everywhere = flat(item.f("interventions")) if item.has("interventions") else ""
    given = stated or {epoch["id"].text: everywhere for epoch in epochs if is_treated(epoch)}
    return _Track(flat(item.f("name")), given, _size(item, "participants"))


def _size(item: View, key: str) -> str:
    return f"n = {item.at(key).text}" if item.has(key) else ""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where things stand in the drawing, in millimetres."""

    width: float
    columns: int
    rows: int
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
        return _HEAD + _GAP + row * (self.height + _GAP)

    @property
    def body(self) -> float:
        """The height of all rows together."""
        return self.rows * self.height + (self.rows - 1) * _GAP

    @property
    def middle(self) -> float:
        """The height of the middle of the rows."""
        return _HEAD + _GAP + self.body / 2


def _figure(view: View, epochs: list[Node], tracks: list[_Track], width: float) -> Figure:
    randomised = view.has("/design/randomisations")
    before = sum(1 for epoch in epochs if is_before(epoch)) if randomised else -1
    height = _TALLEST if len(tracks) <= _MANY else _LOWEST
    grid = _Grid(width, len(epochs) + randomised, len(tracks), height)
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    lanes: list[list[float]] = []
    position = 0
    for index, epoch in enumerate(epochs):
        if index == before:
            lanes.append(_allocation(view, grid, position, boxes))
            position += 1
        boxes.append(_headed(epoch, grid, position))
        lanes.append(_column(epoch, tracks, grid, position, boxes))
        position += 1
    _connect(lanes, grid, arrows)
    whole = _HEAD + _GAP + grid.body
    words = _alternative(epochs, tracks, view)
    return Figure(tuple(boxes), tuple(arrows), width, whole, words, run("Trial schema"), "fig:trial-schema")


def _headed(epoch: Node, grid: _Grid, position: int) -> Box:
    return Box(grid.x(position), 0, grid.column, _HEAD, tuple(_epoch_lines(epoch)), shaded=True)


def _epoch_lines(epoch: Node) -> list[str]:
    return [line for line in (name_of(epoch), _epoch_length(epoch)) if line]


def _epoch_length(epoch: Node) -> str:
    if epoch["repeats"]["every"]:
        noun = epoch["repeats"]["name"].text or "course"
        return f"{noun}s of {length(epoch['repeats']['every'].text)}"
    return length(epoch["duration"].text)


def _allocation(view: View, grid: _Grid, position: int, boxes: list[Box]) -> list[float]:
    ratio = next((item.at("ratio").text for item in view.each("/design/randomisations")), "")
    tall = min(grid.body, _TALLEST)
    lines = tuple(line for line in ("Randomisation", ratio) if line)
    boxes.append(Box(grid.x(position), grid.middle - tall / 2, grid.column, tall, lines))
    return [grid.middle]


def _column(epoch: Node, tracks: list[_Track], grid: _Grid, position: int, boxes: list[Box]) -> list[float]:
    """Draw one epoch: a box for each track where treatment is given, one box for all elsewhere."""
    identifier = epoch["id"].text
    if not any(track.given.get(identifier) for track in tracks):
        tall = min(grid.body, _TALLEST)
        word = from_id(epoch_kind(epoch).upper()) if len(tracks) == 1 else "All participants"
        boxes.append(Box(grid.x(position), grid.middle - tall / 2, grid.column, tall, (word,), bold_first=False))
        return [grid.middle]
    for row, track in enumerate(tracks):
        given = track.given.get(identifier, "")
        lines = tuple(line for line in (track.name, track.size, given if given != track.name else "") if line)
        boxes.append(Box(grid.x(position), grid.y(row), grid.column, grid.height, lines))
    return [grid.y(row) + grid.height / 2 for row in range(grid.rows)]


def _connect(lanes: list[list[float]], grid: _Grid, arrows: list[Arrow]) -> None:
    for position, (left, right) in enumerate(pairwise(lanes)):
        start, end = grid.x(position) + grid.column, grid.x(position + 1)
        if len(left) == len(right):
            arrows.extend(Arrow(start, y, end, y) for y in left)
        else:
            arrows.extend(Arrow(start, a, end, b) for a in left for b in right)


def _alternative(epochs: list[Node], tracks: list[_Track], view: View) -> str:
    path = ", ".join(_epoch_words(epoch) for epoch in epochs)
    rows = "; ".join(_track_words(track) for track in tracks)
    before = "After randomisation the tracks are: " if view.has("/design/randomisations") else "The tracks are: "
    return f"Participants pass through these epochs: {path}. {before}{rows}."


def _epoch_words(epoch: Node) -> str:
    lasts = _epoch_length(epoch)
    return f"{name_of(epoch)} ({lasts})" if lasts else name_of(epoch)


def _track_words(track: _Track) -> str:
    given = ", then ".join(dict.fromkeys(track.given.values())) or "no intervention"
    size = f" ({track.size})" if track.size else ""
    return f"{track.name}{size}: {given}"
