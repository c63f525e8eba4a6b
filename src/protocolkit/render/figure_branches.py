"""Arms that participants change to without a randomisation: where they come from, and which epochs run side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.facts import is_before
from protocolkit.schedule import optional_epochs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.document import Node
    from protocolkit.render.figure_tracks import Track
    from protocolkit.render.view import View


def origins(tracks: Sequence[Track]) -> dict[int, list[int]]:
    """Return for each row that is entered from other rows which these are."""
    rows = {track.identifier: row for row, track in enumerate(tracks)}
    found = {row: [rows[name] for name in track.sources if name in rows] for row, track in enumerate(tracks)}
    return {row: sources for row, sources in found.items() if sources}


def side_by_side(view: View, epochs: list[Node], tracks: Sequence[Track]) -> list[list[Node]]:
    """Return the epochs in the order of the drawing, those together that different people pass at one time.

    That they do is read from the schedule: people go over to another arm after an earlier epoch, and its visits begin
    before those of the arms that they leave have ended. Optional epochs of one time are alternatives.
    """
    groups: list[list[Node]] = []
    for epoch in epochs:
        apart = len(groups) > 1 and all(_parallel(view, groups[:-1], each, epoch, tracks) for each in groups[-1])
        if apart or (groups and all(alternatives(view, each, epoch) for each in groups[-1])):
            groups[-1].append(epoch)
        else:
            groups.append([epoch])
    return groups


def alternatives(view: View, one: Node, other: Node) -> bool:
    """Say whether a participant enters one of two epochs: both are optional, and their visits lie at one time."""
    chosen = optional_epochs(view.values.root)
    if not {one["id"].text, other["id"].text} <= chosen:
        return False
    conditions = [conditions_of(view, epoch) for epoch in (one, other)]
    return all(conditions) and not conditions[0] & conditions[1] and _overlap(view, one, other)


def conditions_of(view: View, epoch: Node) -> set[str]:
    """Return the conditions of the visits of an epoch; none where one has no condition."""
    own = [visit for visit in view.at("/schedule/visits") if visit["epoch"].text == epoch["id"].text]
    stated = {visit["condition"].text for visit in own}
    return set() if "" in stated else stated


def _parallel(view: View, earlier: Sequence[Sequence[Node]], one: Node, other: Node, tracks: Sequence[Track]) -> bool:
    here, there = _rows(one, tracks), _rows(other, tracks)
    sources = origins(tracks)
    entered = {row for row in there if row in sources}
    if not here or not there or here & there or entered != there:
        return False
    come_from = {source for row in there for source in sources[row]}
    before = {row for group in earlier for epoch in group for row in _rows(epoch, tracks)}
    return come_from <= before and (not come_from & here or _overlap(view, one, other))


def _rows(epoch: Node, tracks: Sequence[Track]) -> set[int]:
    if is_before(epoch):
        return set()
    return {row for row, track in enumerate(tracks) if track.given.get(epoch["id"].text)}


def _overlap(view: View, one: Node, other: Node) -> bool:
    """Say whether the visits of the second epoch begin before those of the first have ended."""
    days: dict[str, list[int]] = {}
    for stop in view.values.timetable.stops:
        for name in stop.epochs:
            days.setdefault(name, []).extend(moment.day for moment in stop.moments if stop.scheduled)
    first, second = (days.get(epoch["id"].text, []) for epoch in (one, other))
    return bool(first and second) and min(second) < max(first)
