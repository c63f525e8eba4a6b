"""Randomisations as the trial schema draws them: where each stands, and which arms or sequences come out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from protocolkit.render.facts import is_before
from protocolkit.render.figure_tracks import prepared
from protocolkit.render.words import flat, joined, run, upper_first
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from protocolkit.document import Node
    from protocolkit.render.view import View


class Allocation(NamedTuple):
    """One randomisation: the words of its box, the index of the epoch that it comes before, and its rows."""

    lines: tuple[str, ...]
    position: int
    identifiers: frozenset[str]
    rows: frozenset[int] = frozenset()


class _Named(Protocol):
    @property
    def identifier(self) -> str: ...

    @property
    def sources(self) -> tuple[str, ...]: ...


Track = TypeVar("Track", bound=_Named)


def allocations(
    view: View, epochs: list[Node], tracks: Sequence[str], sources: Mapping[str, Sequence[str]] | None = None
) -> list[Allocation]:
    """Return the randomisations in the order of the file, each with the rows that its arms have in the drawing.

    Those without arms of their own assign to everything but the arms that participants change to, which have `sources`.
    Two that assign to the same arms at the same point are one box.
    """
    everything = frozenset(tracks) - frozenset(sources or ()) or frozenset(tracks)
    items = view.each("/design/randomisations")
    merged: dict[tuple[int, frozenset[str]], tuple[str, ...]] = {}
    for item in items:
        own = frozenset(node.text for node in item.at("arms")) & frozenset(tracks) or everything
        key = (_position(item, epochs), own)
        merged[key] = merged.get(key) or _lines(item, several=len(items) > 1)
    order = _order(tracks, [own for _, own in merged], sources or {})
    return [
        Allocation(lines, position, own, frozenset(order.index(name) for name in own))
        for (position, own), lines in merged.items()
    ]


def in_order(tracks: list[Track], found: list[Allocation]) -> list[Track]:
    """Return the rows of the drawing: one randomisation together, others below what they come from."""
    by_id = {track.identifier: track for track in tracks}
    order = _order(list(by_id), [each.identifiers for each in found], sources_of(tracks))
    return [by_id[name] for name in order] if len(by_id) == len(tracks) else tracks


def sources_of(tracks: Sequence[Track]) -> dict[str, tuple[str, ...]]:
    """Return the arms from which each is entered, by the ids of those that are."""
    return {track.identifier: track.sources for track in tracks if track.sources}


def _order(tracks: Sequence[str], groups: list[frozenset[str]], sources: Mapping[str, Sequence[str]]) -> list[str]:
    listed = list(dict.fromkeys(name for group in groups for name in tracks if name in group))
    for name in tracks:
        if name not in listed:
            above = [listed.index(each) for each in sources.get(name, ()) if each in listed]
            listed.insert(max(above) + 1 if above and len(groups) > 1 else len(listed), name)
    return listed


def _position(item: View, epochs: list[Node]) -> int:
    """Return the index of the epoch before which a randomisation stands: that of its visit, but never a screening.

    Arms that begin in a later epoch are not allocated before it.
    """
    first = next((index for index, epoch in enumerate(epochs) if not is_before(epoch)), 0)
    visit = item.values.names.find(item.at("at").value, "visits")
    wanted = [] if visit is None else [visit["epoch"].text, *(node.text for node in visit["epochs"])]
    own = [index for index, epoch in enumerate(epochs) if epoch["id"].text in wanted]
    return max(first, min(own, default=first), _begins(item, epochs))


def _begins(item: View, epochs: list[Node]) -> int:
    """Return the index of the first epoch in which the arms of a randomisation are given something; 0 where unsaid."""
    stated = {node["epoch"].text for arm in item.each("arms") for node in arm.owner("").at("epochs")}
    return min((index for index, epoch in enumerate(epochs) if epoch["id"].text in stated), default=0)


def _lines(item: View, *, several: bool) -> tuple[str, ...]:
    name = domain(item) if several else ""
    number = f"Randomisation {item.index + 1}" if several and not name else "Randomisation"
    return tuple(line for line in (number, name, item.at("ratio").text, _after(item)) if line)


def _after(item: View) -> str:
    """Say what everybody gets before a randomisation, such as the preparation of a lesion."""
    names = [part.f("name") for part in prepared(item)]
    return f"after: {flat(joined(names))}" if names else ""


def domain(item: View) -> str:
    """Return the name of the domain that a randomisation belongs to; empty where none is stated."""
    if (named := item.owner("domain")).has("name"):
        return flat(upper_first(run(named.at("name").text)))
    own = {node.text for node in item.at("arms")}
    for part in item.each("/design/master_protocol/domains"):
        if own and own <= {node.text for node in part.at("arms")}:
            return flat(upper_first(run(part.at("name").text)))
    return ""
