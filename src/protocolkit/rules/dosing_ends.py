"""Whether the blinded treatment of an arm ends with that of another, which gets what its own is made like."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable, course
from protocolkit.dosing.alternatives import of_arm
from protocolkit.dosing.course import ANYBODY
from protocolkit.rules.blinding_parts import given_open
from protocolkit.rules.model import Found
from protocolkit.rules.times import in_days
from protocolkit.rules.trial import DRUG_KINDS, named
from protocolkit.schedule import Placed, interventions_of
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


def ending_apart(trial: Trial, intervention: Node, partner: Node) -> Iterator[Found]:
    """Find arms of which one gets a medicine and one its likeness, with dummy units, and one ends before the other."""
    pair = (intervention, partner)
    if not any(each["matching"]["dummy"] for each in pair) or any(_excused(each) for each in pair):
        return
    ends = [(arm, end) for arm in trial.root["arms"] if (end := _end(trial, arm, pair)) is not None]
    apart = [
        (other, one, later.last - sooner.last)
        for (one, sooner), (other, later) in permutations(ends, 2)
        if epochs_of(one) == epochs_of(other) and later.last - sooner.last > max(sooner.between, Decimal(1))
    ]
    if apart:
        longer, shorter, by = max(apart, key=lambda each: each[2])
        message = (
            f"the blinded treatment of {named(shorter)} ends {in_days(by)} before that of {named(longer)}, though "
            f"{intervention['id'].text} and {partner['id'].text} are made alike"
        )
        hint = "let both end on one day, or say under matching.note what masks it"
        yield Found(intervention["regimen"], message, hint, ((partner["regimen"], "the other regimen"),))


def _excused(intervention: Node) -> bool:
    return bool(intervention["matching"]["note"] or intervention["matching"]["given_when"])


class _End(NamedTuple):
    """The day of the last blinded dose of an arm, and the days between it and the one before."""

    last: Decimal
    between: Decimal


def _end(trial: Trial, arm: Node, pair: tuple[Node, Node]) -> _End | None:
    """Return how the blinded treatment of an arm ends that gets one of a pair; None where that does not follow."""
    given = [each for each in interventions_of(arm) if each["regimen"]["steps"] and not given_open(trial, each)]
    given = [each for each in given if each["kind"].text in DRUG_KINDS and of_arm(each["regimen"], arm["id"].text)]
    if not any(each.path == one.path for each in given for one in pair):
        return None
    ends = [_end_of(trial, each, arm["id"].text) for each in given]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _end_of(trial: Trial, intervention: Node, arm: str) -> _End | None:
    last = trial.anchors.span(intervention["regimen"], arm=arm).last
    try:
        days = sorted({given.day // 1 for given in course(intervention, ANYBODY, arm=arm).administrations})
    except NotComputable:
        return None
    between = days[-1] - days[-2] if len(days) > 1 else Decimal(0)
    return _End(last.days, between) if isinstance(last, Placed) else None


def epochs_of(arm: Node) -> frozenset[str]:
    """Return the epochs for which an arm says what is given."""
    return frozenset(entry["epoch"].text for entry in arm["epochs"])
