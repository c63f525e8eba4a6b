"""How participants have been treated by a visit: in the arms that they are in by then, with the doses before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.facts import is_treated
from protocolkit.schedule.exposure import Exposure, between_doses, cohort_exposures, expected_later
from protocolkit.schedule.places import NotPlaced, Placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.schedule import Stop


def treated_by_then(root: Node, stop: Stop, arms: set[str]) -> Iterator[Exposure]:
    """Yield the treatment of each arm that those of some arms are in by a visit, as it has been by then.

    In a crossover that of each period, and that of each cohort that has the visit where doses differ by these. The last
    dose has no day where one is expected later than the regimens tell.
    """
    known = cohort_exposures(root)
    attending = {node.text for node in stop.visit["cohorts"]}
    wanted = arms if any(each.period for each in known) else _by_then(root, stop, arms)
    for each in known:
        if each.arm["id"].text not in wanted or (attending and each.cohort and each.cohort not in attending):
            continue
        if each.period:
            yield each
            continue
        begun = _begun(each, known)
        if expected_later(root):
            begun = begun._replace(last=NotPlaced("a dose is expected after those of the regimens", each.arm.pointer))
        yield _so_far(root, stop, begun)


def _by_then(root: Node, stop: Stop, arms: set[str]) -> set[str]:
    """Return the arms that those of some arms are in: those entered by the epoch of a visit, not those left for them.

    An arm is left where it names its epochs and none of them goes on beside the arms that are entered from it.
    """
    order = [epoch["id"].text for epoch in root["design"]["epochs"]]
    here = max((order.index(name) for name in stop.epochs if name in order), default=-1)
    left, entered = set[str](), set[str]()
    for arm in root["arms"]:
        sources = {node.text for node in arm["enters_from"]} & arms
        begins = min(_places(arm, order), default=None)
        if sources and begins is not None and begins <= here:
            gone = {name for name in sources if max(_places(root["arms"].find(name), order), default=begins) < begins}
            entered |= {arm["id"].text} if gone else set()
            left |= gone
    return (arms - left) | entered


def _places(arm: Node, order: list[str]) -> list[int]:
    named = [epoch["epoch"].text for epoch in arm["epochs"]]
    return [order.index(name) for name in named if name in order]


def _begun(exposure: Exposure, known: tuple[Exposure, ...]) -> Exposure:
    """Return the treatment of an arm with the first dose of those who enter it from others, which they had there."""
    sources = {node.text for node in exposure.arm["enters_from"]} - {exposure.arm["id"].text}
    begun = {each.first for each in known if each.arm["id"].text in sources and isinstance(each.first, Placed)}
    return exposure._replace(first=begun.pop()) if len(begun) == 1 else exposure


def _so_far(root: Node, stop: Stop, exposure: Exposure) -> Exposure:
    """Return a treatment up to a visit, where doses come back in a later epoch after a time without any."""
    parts = [part for part in exposure.arm["epochs"] if part["epoch"].text in stop.epochs]
    treated = [epoch for epoch in root["design"]["epochs"] if epoch["id"].text in stop.epochs and is_treated(epoch)]
    if len(stop.moments) != 1 or (treated and not parts):
        return exposure
    here = {node.text for part in parts for node in part["interventions"]}
    return between_doses(exposure, stop.moments[0].offset, here)
