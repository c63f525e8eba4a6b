"""The trial schema in words: what stands in its boxes, and the description for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.facts import cluster_unit, epoch_kind, is_before, of_cohorts, repeated_noun, units_cross
from protocolkit.render.figure_run_in import run_in_products
from protocolkit.render.figure_tracks import prepared
from protocolkit.render.names import name_of
from protocolkit.render.times import length
from protocolkit.render.words import flat, joined, plural, run, turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.document import Node
    from protocolkit.render.figure_allocation import Allocation
    from protocolkit.render.figure_tracks import Track
    from protocolkit.render.view import View


def alternative(view: View, groups: list[list[Node]], tracks: list[Track], allocations: Sequence[Allocation]) -> str:
    """Return the drawing in words: the epochs, those side by side as one or the other, and what each track is given."""
    path = ", ".join(" or ".join(_epoch_words(view, epoch) for epoch in each) for each in groups)
    lead = f"{passing(view).capitalize()} pass through these epochs: {path}."
    names = {track.identifier: track.name for track in tracks}
    if len(allocations) > 1:
        parts = [_allocation_words(each, tracks) for each in allocations]
        rest = [row for row in range(len(tracks)) if not any(row in a.rows for a in allocations)]
        parts += [f"Without randomisation: {_track_words(tracks[row])}{_from(tracks[row], names)}" for row in rest]
        return f"{lead} {' '.join(f'{part}.' for part in parts)}"
    apart = [track for row, track in enumerate(tracks) if allocations and _is_apart(row, track, allocations[0])]
    rows = "; ".join(f"{_track_words(track)}{_from(track, names)}" for track in tracks if track not in apart)
    beside = f" Without randomisation: {'; '.join(map(_track_words, apart))}." if apart else ""
    first = flat(joined([item.f("name") for item in prepared(view)]))
    after = f"After {first} and randomisation" if first else "After randomisation"
    before = f"{after} the tracks are: " if allocations else "The tracks are: "
    return f"{lead} {before}{rows}.{beside}"


def _is_apart(row: int, track: Track, allocation: Allocation) -> bool:
    """Say whether an arm is neither randomised to nor entered from another one, such as open sentinels."""
    return row not in allocation.rows and not track.sources


def _epoch_words(view: View, epoch: Node) -> str:
    parts = (epoch_length(epoch), of_cohorts(view, epoch), run_in_products(view, epoch))
    told = "; ".join(part for part in parts if part)
    return f"{name_of(epoch)} ({told})" if told else name_of(epoch)


def epoch_length(epoch: Node) -> str:
    """Say how long an epoch lasts, or how often its turns come back."""
    if epoch["repeats"]["every"]:
        return turns(repeated_noun(epoch), length(epoch["repeats"]["every"].text))
    return length(epoch["duration"].text)


def passing(view: View, epoch: Node | None = None) -> str:
    """Say what passes through an epoch: participants, or the groups that are randomised, before that or throughout."""
    unit = cluster_unit(view)
    crossing = units_cross(view) and (epoch is None or epoch_kind(epoch) != "follow_up")
    before = epoch is not None and is_before(epoch)
    return plural(unit) if unit and (crossing or before) else "participants"


def _allocation_words(each: Allocation, tracks: list[Track]) -> str:
    rows = "; ".join(_track_words(tracks[row]) for row in sorted(each.rows))
    return f"{', '.join(each.lines)}: {rows}"


def _track_words(track: Track) -> str:
    given = ", then ".join(dict.fromkeys(track.given.values())) or ("" if track.is_described else "no intervention")
    size = f" ({track.size})" if track.size else ""
    return f"{track.name}{size}{': ' if given else ''}{given}"


def _from(track: Track, names: dict[str, str]) -> str:
    """Say which arms participants change from."""
    sources = [run(names[name]) for name in track.sources if name in names]
    return f", entered from {flat(joined(sources))}" if sources else ""
