"""The rows of the trial schema: arms or sequences, with what is given in each epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocolkit.render.choices import named
from protocolkit.render.facts import cluster_unit, is_before, is_treated
from protocolkit.render.figure_doses import absent
from protocolkit.render.tables_interventions import given
from protocolkit.render.words import flat, plural
from protocolkit.schedule import optional_epochs

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.view import View

_GIVING = ("procedure", "dose")


@dataclass(frozen=True, slots=True)
class Track:
    """One row of the drawing: an arm or a sequence, with what is given in each epoch.

    `sources` are the arms from which its participants change to it. An arm that some leave in this way has its number
    where it begins alone, which is in `begins`; none has it in the epochs of `unsized`, which only some enter. One that
    `is_described`, such as usual care, gives something though no intervention of the file.
    """

    identifier: str
    name: str
    given: dict[str, str]
    size: str = ""
    sources: tuple[str, ...] = ()
    is_left: bool = False
    begins: str = ""
    unsized: frozenset[str] = frozenset()
    is_described: bool = False

    def lines(self, epoch: str) -> tuple[str, ...]:
        """Return the words of its box in an epoch."""
        given = self.given.get(epoch, "")
        elsewhere = epoch != self.begins and (self.is_left or epoch in self.unsized)
        size = "" if elsewhere else self.size
        return tuple(line for line in (self.name, size, given if given != self.name else "") if line)


def tracks_of(view: View, epochs: list[Node]) -> list[Track]:
    """Return the rows of the drawing: the sequences of a crossover trial, else the arms."""
    sequences = view.each("/design/sequences")
    if sequences:
        return [_sequence(item, epochs) for item in sequences]
    apart = frozenset(item.at("id").text for item in prepared(view))
    arms = [_arm(item, epochs, apart) for item in view.each("/arms")]
    left = {name for track in arms for name in track.sources}
    before = {epoch["id"].text for epoch in epochs if is_before(epoch)}
    return [
        replace(
            track,
            is_left=track.identifier in left,
            begins=next((name for name in track.given if name not in before), next(iter(track.given), "")),
            unsized=optional_epochs(view.values.root),
        )
        for track in arms
    ]


def _sequence(item: View, epochs: list[Node]) -> Track:
    treated = [epoch["id"].text for epoch in epochs if is_treated(epoch)]
    names = [flat(part) for part in item.names_of("order")]
    for key in ("id", "order", "n", "clusters"):
        item.values.mark(item.at(key))
    name = item.at("id").text
    size = " ".join((item.at("clusters").text, plural(cluster_unit(item) or "cluster"))) if item.has("clusters") else ""
    given = dict(zip(treated, names, strict=False))
    return Track(name, f"Sequence {name}", given, size or _size(item, "n"))


def prepared(view: View) -> list[View]:
    """Return what everybody gets before the one randomisation, as the activities that give it say."""
    arms = [arm for arm in view.each("/arms") if not arm.has("enters_from")]
    if view.many("/design/randomisations") != 1 or not arms:
        return []
    shared = set.intersection(*({one.at("id").text for one in given(arm)} for arm in arms))
    return [
        item
        for item in view.each("/interventions")
        if item.at("id").text in shared and _is_before_randomisation(view, item.at("id").text)
    ]


def _is_before_randomisation(view: View, intervention: str) -> bool:
    serving = [
        activity
        for activity in view.each("/schedule/activities")
        if intervention in {node.text for node in activity.at("serves")} and activity.equals("kind", *_GIVING)
    ]
    return bool(serving) and all(activity.equals("required_before", "randomisation") for activity in serving)


def _arm(item: View, epochs: list[Node], apart: frozenset[str]) -> Track:
    stated = {part.at("epoch").text: _given(item, part, apart) for part in item.each("epochs")}
    own = item.at("id").text
    treated = [epoch["id"].text for epoch in epochs if is_treated(epoch) and not _is_of_others(item, epoch)]
    if item.has("enters_from") and len(treated) > 1:
        treated = treated[1:]  # whoever changes to it was in another arm before
    elsewhere = absent(item, epochs) if item.has("interventions") and not stated else {}
    given = stated or {
        name: (_named(item, item, apart | elsewhere.get(name, frozenset())) or _named(item, item, apart))
        if item.has("interventions")
        else ""
        for name in treated
    }
    sources = tuple(node.text for node in item.at("enters_from") if node.text != own)
    told = item.has("description") and not item.equals("type", "no_intervention")
    return Track(own, flat(item.f("name")), given, _arm_size(item), sources, is_described=told)


def _arm_size(item: View) -> str:
    """Write the number of an arm that people change to, which may be the most that there can be."""
    size = _size(item, "participants")
    most = item.has("enters_from") and item.equals("target_or_maximum", "maximum")
    return size.replace("= ", "at most ") if most else size


def _is_of_others(arm: View, epoch: Node) -> bool:
    """Say whether an epoch is of other arms alone: those that enter it from others, or that its visits name."""
    name, own = epoch["id"].text, arm.at("id").text
    entering = [
        other
        for other in arm.each("/arms")
        if other.has("enters_from") and name in {part.at("epoch").text for part in other.each("epochs")}
    ]
    visits = [
        visit
        for visit in arm.each("/schedule/visits")
        if name in {visit.at("epoch").text, *(node.text for node in visit.at("epochs"))}
    ]
    named = [{node.text for node in visit.at("arms")} for visit in visits]
    return bool(entering) or (bool(named) and all(named) and own not in set[str]().union(*named))


def _given(arm: View, part: View, apart: frozenset[str]) -> str:
    """Return what an arm gets in an epoch: the interventions, else what the file says of it in words."""
    if part.has("interventions") or not part.has("description"):
        return _named(arm, part, apart)
    return flat(part.f("description"))


def _named(arm: View, part: View, apart: frozenset[str]) -> str:
    """Name the interventions of an arm without those that come before randomisation."""
    if not part.has("interventions"):
        return flat(part.f("interventions"))
    return flat(named(arm, [item for item in part.each("interventions") if item.at("").text not in apart]))


def _size(item: View, key: str) -> str:
    return f"n = {item.at(key).text}" if item.has(key) else ""
