"""Days without a dose between two steps of a course that goes on."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import whom
from protocolkit.dosing.times import rate
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days, length
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_PAUSE = Pattern(
    r"\bpaus|holiday|\binterrupt|wash-?out|\bwithout (?:a )?(?:dose|treatment|medicine)|\bfree\b|\boff\b|\bgap\b"
)


class _Course(NamedTuple):
    """A step that is given every day: its first and its last day; None where an event ends it."""

    first: Decimal
    last: Decimal | None
    step: Node

    @property
    def lasts(self) -> Decimal:
        """How many days it is given on; one where an event ends it."""
        return (self.last or self.first) - self.first + 1


def pauses(intervention: Node) -> Iterator[Found]:
    """Find a step that begins later than the day after the one before, where the others follow one another.

    Silent where something repeats, where a step is not given every day, where words speak of a pause, and where the
    days without a dose are as many as those of a step: that is a plan.
    """
    regimen = intervention["regimen"]
    courses: defaultdict[tuple[str, ...], list[_Course]] = defaultdict(list)
    for step in regimen["steps"]:
        course = _course(step)
        if course is None:
            return
        courses[whom(step)].append(course)
    pairs = [pair for steps in courses.values() for pair in pairwise(sorted(steps, key=lambda each: each.first))]
    wide = [(before, after) for before, after in pairs if _without(before, after) > 0]
    follows = len(pairs) > 1 or bool(regimen["titration"])
    if len(wide) != 1 or not follows or regimen["repeats"] or _planned(intervention):
        return
    before, after = wide[0]
    days = _without(before, after)
    if days < min(each.lasts for each in wide[0] if each.last is not None):
        message = (
            f"intervention {intervention['id'].text}: after step {before.step['id'].text} and before step "
            f"{after.step['id'].text}, from {in_days(after.first)}, {in_days(days)} have no dose"
        )
        hint = "let a step begin on the day after the one before, or say in regimen.rationale that there is a pause"
        yield Found(after.step["from"], message, hint, ((before.step["to"], "the end of the step before"),))


def _course(step: Node) -> _Course | None:
    first, last = length(step["from"]), length(step["to"])
    try:
        often = rate(step)
    except NotComputable:
        return None
    if first is None or often is None or often < 1 or step["when"].text != "course":
        return None
    return _Course(first, last, step)


def _without(before: _Course, after: _Course) -> Decimal:
    """Return the days between two steps; none where an event ends the first."""
    return after.first - before.last - 1 if before.last is not None else Decimal(0)


def _planned(intervention: Node) -> bool:
    """Say whether words on the regimen speak of days without a dose; how a dose is lowered is another matter."""
    return any(_PAUSE.search(node.text) for node in (intervention["description"], intervention["regimen"]["rationale"]))
