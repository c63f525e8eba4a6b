"""The trial schema of a stepped wedge: sequences of clusters down, periods across, what each has in each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Box, Figure
from protocolkit.render.facts import cluster_unit
from protocolkit.render.figure_boxes import broadest, room
from protocolkit.render.times import length
from protocolkit.render.words import counted, flat, plural, run
from protocolkit.schedule import days
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.render.view import View

_PLACE = "/design/cluster/stepped_wedge"
_HEAD, _LOWEST, _GAP, _KEY = 12.0, 10.0, 3.0, 10.0
_LABEL = 1.3
_MOST = 60
_NARROWEST = 18.0
_TRIED = ("experimental",)


def has_steps(view: View) -> bool:
    """Say whether the trial is a stepped wedge whose steps are stated."""
    steps = view.at(f"{_PLACE}/steps").value
    return type(steps) is int and 0 < steps <= _MOST


class _Wedge(NamedTuple):
    """The wedge: sequences that cross one after the other, and what they have before and after they cross."""

    steps: int
    before: str
    after: str
    lasts: str
    share: float
    transition: str
    size: str

    def cells(self, sequence: int) -> Iterator[tuple[float, float, str]]:
        """Yield the stretches of a sequence in periods: where it begins, where it ends, what it has."""
        crosses = sequence + 1.0
        for period in range(sequence + 1):
            yield period, period + 1, self.before
        if self.share:
            yield crosses, min(crosses + self.share, self.steps + 1), "transition"
        start = crosses + self.share
        while start < self.steps + 1:
            end = float(int(start) + 1)
            yield start, end, self.after
            start = end


def stepped_wedge(view: View, width: float) -> Figure:
    """Return the drawing of a stepped wedge with a row for each step and a column for each period."""
    wedge = _read(view)
    column = width / (wedge.steps + 1 + _LABEL)
    told = column >= _NARROWEST
    tall = max(_LOWEST, room((f"Sequence {wedge.steps}", wedge.size), column * _LABEL))
    tall = max(tall, *(room((words,), column) for words in (wedge.before, wedge.after))) if told else tall
    boxes = [*_heads(wedge, column), *_rows(wedge, column, tall, told=told)]
    below = _HEAD + _GAP + wedge.steps * tall + _GAP
    boxes += _key(wedge, below, width)
    return Figure(tuple(boxes), (), width, below + _KEY, _alternative(wedge), run("Trial schema"), "fig:trial-schema")


def _read(view: View) -> _Wedge:
    step, transition = view.at(f"{_PLACE}/step_length"), view.at(f"{_PLACE}/transition")
    whole, part = days(step.value), days(transition.value)
    each = view.at(f"{_PLACE}/clusters_per_step").value
    unit = cluster_unit(view)
    return _Wedge(
        steps=view.at(f"{_PLACE}/steps").value,
        before=_condition(view, tried=False) or "control condition",
        after=_condition(view, tried=True) or "intervention",
        lasts=length(step.text),
        share=float(part / whole) if whole and part else 0.0,
        transition=length(transition.text),
        size=f"{each} {unit if each == 1 else plural(unit)}" if type(each) is int else "",
    )


def _condition(view: View, *, tried: bool) -> str:
    names = [flat(arm.f("name")) for arm in view.each("/arms") if (arm.at("type").text in _TRIED) is tried]
    return names[0] if len(names) == 1 else ""


def _heads(wedge: _Wedge, column: float) -> Iterator[Box]:
    for period in range(wedge.steps + 1):
        lines = tuple(line for line in (f"Period {period + 1}", wedge.lasts) if line)
        yield Box((period + _LABEL) * column, 0, column, _HEAD, lines, shaded=True)


def _rows(wedge: _Wedge, column: float, tall: float, *, told: bool) -> Iterator[Box]:
    for sequence in range(wedge.steps):
        y = _HEAD + _GAP + sequence * tall
        lines = tuple(line for line in (f"Sequence {sequence + 1}", wedge.size) if line)
        yield Box(0, y, column * _LABEL, tall, lines)
        for start, end, words in wedge.cells(sequence):
            x, wide = (start + _LABEL) * column, (end - start) * column
            fits = told and broadest(words) <= wide and room((words,), wide) <= tall
            yield _cell(wedge, Box(x, y, wide, tall, (words,) if fits else (), bold_first=False), words)


def _cell(wedge: _Wedge, box: Box, words: str) -> Box:
    return box._replace(shaded=words == "transition", strong=words == wedge.after)


def _key(wedge: _Wedge, y: float, width: float) -> Iterator[Box]:
    """Yield the key below the grid: each shade with its words."""
    after = f"transition, {wedge.transition}" if wedge.share else ""
    shown = [(wedge.before, wedge.before), (after, "transition"), (wedge.after, wedge.after)]
    kept = [(words, meant) for words, meant in shown if words]
    wide = (width - _GAP * (len(kept) - 1)) / len(kept)
    for position, (words, meant) in enumerate(kept):
        told = f"{words[:1].upper()}{words[1:]}"
        box = Box(position * (wide + _GAP), y, wide, _KEY, (told,), bold_first=False)
        yield _cell(wedge, box, meant)


def _alternative(wedge: _Wedge) -> str:
    size = f" of {wedge.size}" if wedge.size else ""
    lasts = f" of {wedge.lasts} each" if wedge.lasts else ""
    rows = "; ".join(_crosses(wedge, number) for number in range(1, wedge.steps + 1))
    pause = f" A transition of {wedge.transition} follows each step and belongs to neither." if wedge.share else ""
    return (
        f"Stepped wedge with {counted(wedge.steps, 'sequence')}{size}, in {counted(wedge.steps + 1, 'period')}{lasts}. "
        f"Every sequence begins with {wedge.before} and crosses to {wedge.after}.{pause} {rows[:1].upper()}{rows[1:]}."
    )


def _crosses(wedge: _Wedge, number: int) -> str:
    until = "period 1" if number == 1 else f"periods 1 to {number}"
    last = wedge.steps + 1
    then = f"period {last}" if number + 1 == last else f"periods {number + 1} to {last}"
    return f"sequence {number} has {wedge.before} in {until} and {wedge.after} in {then}"
