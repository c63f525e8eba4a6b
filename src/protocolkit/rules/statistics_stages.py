"""The first stage of a design of two stages, which is an interim look: that it is planned, when, and at which count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_recompute import Unusable, result_of
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_OF = Pattern(
    r"\b([0-9]{1,3})(?: \w+)?(?:/| of (?:the )?(?:first )?| (?:in|among|out of) (?:the )?(?:first )?)([0-9]{1,3})\b"
)
_APART = 1.5  # points of percent that a share of whole people may be rounded by
_METHOD = "simon_two_stage"


class _Stages(NamedTuple):
    """A design of two stages: its limits, its sizes, and where it is stated."""

    entry: Node
    r1: int
    n1: int
    r: int
    n: int


def unlike_stages(trial: Trial, looks: list[Node]) -> Iterator[Found]:
    """Find a first stage without a look, and looks that are at another time or count than the design has."""
    for entry in trial.at("/statistics/sample_size"):
        if entry["method"].text != _METHOD:
            continue
        if not looks:
            message = "the sample size is that of two stages, and no interim analysis after the first one is planned"
            hint = "state the end of the first stage under statistics.interim, with its rule"
            yield Found(entry["method"], message, hint, severity=Severity.WARNING)
        elif len(looks) == 1 and (stages := _stages(entry)) is not None:
            yield from _elsewhere(looks[0], stages)
            yield from _other_count(looks[0], stages)


def _stages(entry: Node) -> _Stages | None:
    try:
        found = result_of(entry)
    except Unusable:
        return None
    return None if found is None else _Stages(entry, *(int(found[name]) for name in ("r1", "n1", "r", "n_total")))  # type: ignore[arg-type]  # whole numbers


def _elsewhere(look: Node, stages: _Stages) -> Iterator[Found]:
    """Find a look at a share of participants that is none of the first stage."""
    stated = quantity(look["information"])
    planned = stages.entry["evaluable_total"].value
    wholes = {stages.n, planned if type(planned) is int and planned > 0 else stages.n}
    if stated is None or stated.unit.code != "%":
        return
    if all(abs(float(stated.value) - 100 * stages.n1 / whole) > _APART for whole in wholes):
        message = f"{look['id'].text} is at {stated.text} of the information, and the first stage has {stages.n1} of "
        message += f"{stages.n} participants, which is {100 * stages.n1 / stages.n:.0f} %"
        related = ((stages.entry["method"], "the sample size"),)
        yield Found(look["information"], message, "place the look at the end of the first stage", related)


def _other_count(look: Node, stages: _Stages) -> Iterator[Found]:
    """Find a limit, told as `3 of 13`, that is not the one of the design, as most that stop or fewest that go on."""
    for node in (*look["bounds"], look["rule"], look["when"]):
        for match in _OF.finditer(node.text):
            count, size = int(match[1]), int(match[2])
            limit = stages.r1 if size == stages.n1 else stages.r
            if size not in (stages.n1, stages.n) or count not in (limit, limit + 1):
                message = f"{look['id'].text}: stated {match[0]}, computed {stages.r1} of {stages.n1} after the first "
                message += f"stage and {stages.r} of {stages.n} in all as the most that are too few"
                related = ((stages.entry["method"], "the sample size"),)
                yield Found(node, message, "state the limits of the design", related)
