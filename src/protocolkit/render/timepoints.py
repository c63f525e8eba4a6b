"""Time points within a visit in words: `15 minutes before, 40 minutes after the start of dosing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.lexicon import spelt
from protocolkit.render.times import every, is_zero, magnitude, shifted, stretch, window
from protocolkit.render.words import flat, quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.document import Node
    from protocolkit.render.values import Values
    from protocolkit.schedule import Planned, Stop

_OF_A_DOSE = frozenset({"dose_start", "dose_end"})
_VISIT = {"visit": "the start of the visit"}


def points_told(planned: Planned, stop: Stop, root: Node) -> list[Node]:
    """Return the time points of an activity at a visit, without those about a dose where screening gives none.

    Those that the visit itself states for the activity stand.
    """
    if planned.entry["timepoints"] or not _is_undosed(stop, root):
        return [*planned.timepoints]
    return [point for point in planned.timepoints if point["relative_to"].text not in _OF_A_DOSE]


def _is_undosed(stop: Stop, root: Node) -> bool:
    """Say whether a visit of screening lies before the first day, with nothing that is given there."""
    kinds = {epoch["id"].text: epoch["type"].text for epoch in root["design"]["epochs"]}
    screening = bool(stop.epochs) and all(kinds.get(name) == "screening" for name in stop.epochs)
    early = bool(stop.moments) and all(moment.offset < 0 for moment in stop.moments)
    return screening and early and not any(each.activity["kind"].text == "dose" for each in stop.planned)


def timepoint_words(points: Sequence[Node], values: Values) -> str:
    """Return all time points of an activity at a visit, those of one reference drawn together; a series by itself."""
    groups: dict[str, list[str]] = {}
    for point in points:
        reference = _reference(point, values)
        if point["repeat"]["every"]:
            groups[f"{_repeated(point, reference, values)}{_extra(point, values)}"] = []
        else:
            groups.setdefault(reference, []).append(_one(point, values))
        values.mark(point)
    return "; ".join(_together(offsets, words).strip() if offsets else words for words, offsets in groups.items())


def _together(offsets: list[str], reference: str) -> str:
    """Join offsets with what they count from; one at the reference itself has its window after it."""
    if len(offsets) == 1 and offsets[0].startswith("at ("):
        return f"at {reference}{offsets[0].removeprefix('at')}"
    return f"{_series(offsets)} {reference}"


def _reference(point: Node, values: Values) -> str:
    text = point["relative_to"].text
    owner = values.names.find(text, "anchors", "visits")
    if owner is not None:
        return values.name(owner)
    return _VISIT.get(text) or spelt(text)


def _series(offsets: list[str]) -> str:
    """Join offsets; the side stands once where it is the same for neighbours."""
    sides = [offset.rpartition(" ")[2] for offset in offsets]
    last = len(offsets) - 1
    short = [
        offset.removesuffix(f" {side}")
        if index < last and side == sides[index + 1] and side in ("before", "after")
        else offset
        for index, (offset, side) in enumerate(zip(offsets, sides, strict=True))
    ]
    return ", ".join(short[:-1]) + (" and " if last else "") + short[-1]


def _one(point: Node, values: Values) -> str:
    offset, extra = point["offset"].text, _extra(point, values)
    if not offset or is_zero(offset):
        return f"at{extra}"
    return f"{magnitude(offset)}{extra} {_side(offset)}"


def _extra(point: Node, values: Values) -> str:
    """Return the window and the unit of a time point in brackets."""
    tolerance = window(point["window"]) if point["window"] else ""
    unit = f" ({flat(values.content(point['unit']))})" if point["unit"] else ""
    return f"{f' (window {tolerance})' if tolerance else ''}{unit}"


def _repeated(point: Node, reference: str, values: Values) -> str:
    """Write a series: how often, from when and until when, `every hour from 3 to 18 hours after the dose`."""
    first, until = point["offset"].text, point["repeat"]["until"]
    often = every(point["repeat"]["every"].text)
    start = shifted(first, reference) if first else reference
    if isinstance(until.value, dict):
        return f"{often} from {start} until {flat(values.time(until))}"
    last = until.text
    if not quantity(last):
        return f"{often} from {start}{f' until {last}' if last else ''}"
    if not first or is_zero(first) or is_zero(last) or _side(first) != _side(last):
        return f"{often} from {start} until {shifted(last, 'it')}"
    return f"{often} from {stretch(first.removeprefix('-'), last.removeprefix('-'))} {_side(first)} {reference}"


def _side(offset: str) -> str:
    return "before" if offset.startswith("-") else "after"
