"""Time points within a visit in words: `15 minutes before, 40 minutes after the start of dosing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.lexicon import spelt
from protocolkit.render.times import is_zero, length, magnitude, window
from protocolkit.render.words import flat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.document import Node
    from protocolkit.render.values import Values

_VISIT = {"visit": "the start of the visit"}


def timepoint_words(points: Sequence[Node], values: Values) -> str:
    """Return all time points of an activity at a visit, those of one reference drawn together."""
    groups: dict[str, list[str]] = {}
    for point in points:
        groups.setdefault(_reference(point, values), []).append(_one(point, values))
        values.mark(point)
    parts = [_together(offsets, reference).strip() for reference, offsets in groups.items()]
    return "; ".join(parts)


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
    offset = point["offset"].text
    repeat = point["repeat"]
    tolerance = window(point["window"]) if point["window"] else ""
    extra = "".join(
        (
            f" (window {tolerance})" if tolerance else "",
            f" ({flat(values.content(point['unit']))})" if point["unit"] else "",
        )
    )
    if repeat["every"]:
        every = f"every {magnitude(repeat['every'].text)}{_until(repeat['until'], values)}{extra}"
        return f"{every} from" if is_zero(offset) else f"from {magnitude(offset)} {every} after"
    if not offset or is_zero(offset):
        return f"at{extra}"
    return f"{magnitude(offset)}{extra} {'before' if offset.startswith('-') else 'after'}"


def _until(node: Node, values: Values) -> str:
    if not node:
        return ""
    words = flat(values.time(node)) if isinstance(node.value, dict) else length(node.text)
    return f" until {words}"
