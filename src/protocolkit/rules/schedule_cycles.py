"""Visits that are named by a day of a cycle, held against the length of a cycle that the file states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days, length
from protocolkit.rules.trial import named
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_NAMED = Pattern(r"(?:visit \w{1,3}[ ,:(-]+)?cycle (?P<cycle>[0-9]{1,3}),? day (?P<day>[0-9]{1,3})(?:[ ,:(][^0-9]*)?")
_TOLD = Pattern(r"\bcycles?\b")
_TREATED = frozenset({"treatment", ""})
CYCLES = ("/design/epochs/*/repeats", "/interventions/*/regimen/repeats")


class _Named(NamedTuple):
    """A visit with the cycle and the day in it that its name tells, both from 1 on."""

    stop: Stop
    cycle: int
    day: int

    def by(self, every: Decimal) -> Decimal:
        """Return by how many days it lies after the day that its name means."""
        return self.stop.moments[0].offset - (self.cycle - 1) * every - (self.day - 1)


def of_cycles(trial: Trial, stops: list[Stop]) -> Iterator[tuple[Stop, Found]]:
    """Find visits on another day than that of the cycle that they are named by, with the visit of each.

    Cycles may begin later than day 1, as after a run-in: what counts is the day from the first of those that are named
    so. Where as many keep to the length of a cycle as do not, the first cycle may be longer, or the others.
    """
    rows = [_read(stop) for stop in stops]
    known = [each for each in rows if each is not None]
    lengths = _lengths(trial)
    if len(lengths) != 1 or not any(each.cycle == 1 for each in known):
        return
    (every,) = lengths
    start = next(each.by(every) for each in known if each.cycle == 1)
    apart = [each for each in known if abs(each.by(every) - start) > 1]
    kept = [each for each in known if each not in apart and each.cycle > 1]
    for each in apart if len(kept) > len(apart) else ():
        visit = each.stop.visit
        meant = start + (each.cycle - 1) * every + each.day - 1
        message = (
            f"{named(visit)} is planned at {in_days(each.stop.moments[0].offset)}, and with cycles of {in_days(every)} "
            f"day {each.day} of cycle {each.cycle} is at {in_days(meant)}"
        )
        yield (
            each.stop,
            Found(visit["offset"] or visit, message, "correct the offset or the name", ((visit["name"], "the name"),)),
        )


def _read(stop: Stop) -> _Named | None:
    match = _NAMED.fullmatch(stop.visit["name"].text.strip())
    return _Named(stop, int(match["cycle"]), int(match["day"])) if match else None


def _lengths(trial: Trial) -> set[Decimal]:
    """Return the lengths of cycles in days that the file states; where nothing is called so, those of what comes back.

    What comes back beside treatment, such as calls of a follow-up, is no cycle.
    """
    starts = [each["repeats"] for each in trial.at("/schedule/anchors") if each["kind"].text == "cycle_start"]
    turns = [each["repeats"] for each in trial.at("/design/epochs") if each["type"].text in _TREATED]
    turns += [each["regimen"]["repeats"] for each in trial.root["interventions"]]
    called = [*starts, *(each for each in turns if _TOLD.search(each["name"].text))]
    found = (length(each["every"]) for each in called or [each for each in turns if not each["name"]])
    return {every for every in found if every is not None}
