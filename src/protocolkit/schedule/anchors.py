"""How many days each anchor of the schedule lies after the day that study days are counted from."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from protocolkit.document import once
from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import anchor_of
from protocolkit.dosing.times import FIRST_DOSE, anchor_words, first_day, span
from protocolkit.schedule.days import coming_back, days, days_later
from protocolkit.schedule.optional import given_outside, optional_days
from protocolkit.schedule.periods import cycle_start, in_periods, period_starts
from protocolkit.schedule.places import NotPlaced, Place, Placed, Span
from protocolkit.schedule.studied import studied

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.document import Node, Path

_COUNTED_FROM = ("first_dose", "randomisation", "consent")
_DEEPEST = 50
Offsets = tuple[Decimal, ...]


class Anchors:
    """The anchors of one protocol, each with its days after the first day; several where an anchor repeats.

    An anchor whose expected time is stated has that; one whose day does not follow from the file (an event, a treatment
    without a planned end) has none. `entered` false tells the days of those who enter no optional epoch: their last
    dose is the last outside it.
    """

    def __init__(self, root: Node, *, entered: bool = True) -> None:
        self.root: Final = root
        self._left_out = () if entered else optional_days(root)
        self._schedule = root["schedule"]
        self._known: dict[str, Offsets] = {}
        self._dates: dict[tuple[object, Path], Offsets] = {}
        self._open: set[str] = set()
        self.day_one = self._day_one()

    def _day_one(self) -> str:
        stated = self._schedule["day_one"].value
        if isinstance(stated, str):
            return stated
        kinds = {_kind(anchor): anchor["id"].text for anchor in self._schedule["anchors"]}
        return next((kinds[kind] for kind in _COUNTED_FROM if kinds.get(kind)), "")

    def offsets(self, name: object) -> Offsets:
        """Return the days from the first day to an anchor or a visit, by its id; none where they do not follow."""
        if not isinstance(name, str) or name in self._open or len(self._open) > _DEEPEST:
            return ()
        if name not in self._known:
            self._open.add(name)
            found = self._found(name)
            self._open.discard(name)
            if not found and self._open:
                return found  # nothing as yet: what is being worked out may still tell it
            self._known[name] = found
        return self._known[name]

    def repeats(self, name: object) -> Node:
        """Return how an anchor comes back, by its id; a missing node where it does not."""
        return self._schedule["anchors"].find(name if isinstance(name, str) else "")["repeats"]

    def _found(self, name: str) -> Offsets:
        anchor = self._schedule["anchors"].find(name)
        if name == self.day_one:
            return (period_starts(self.root, anchor) if _kind(anchor) == "period_start" else ()) or (Decimal(0),)
        visit = self._schedule["visits"].find(name)
        if visit:
            return self.visit(visit)
        found = _BY_KIND.get(_kind(anchor))
        expected = self._expected(anchor["expected"])
        single = _kind(anchor) in _COUNTED_FROM  # what happens once is expected from the first of what comes back
        return (expected[:1] if single else expected) or (found(self, anchor) if found else ()) or self._back(name)

    def _expected(self, time: Node) -> Offsets:
        """Return the days of the expected time of an anchor; none where it states none, or no day follows."""
        after = days(time["offset"].value) if time["offset"] else Decimal(0)
        bases = self.offsets(time.text or time["anchor"].value)
        return () if after is None else tuple(days_later(base, after) for base in bases)

    def _back(self, name: str) -> Offsets:
        """Return the day of an anchor from which the first day is expected, as where the first dose is 2 d after it."""
        time = self._schedule["anchors"].find(self.day_one)["expected"]
        after = days(time["offset"].value) if time["offset"] else Decimal(0)
        return (-after,) if name and after is not None and name == (time.text or time["anchor"].text) else ()

    def expected(self, name: str) -> bool:
        """Say whether the day of an anchor or a visit, by its id, rests on an expected time."""
        for _ in range(_DEEPEST):
            visit, anchor = self._schedule["visits"].find(name), self._schedule["anchors"].find(name)
            if not visit:
                return name != self.day_one and bool(anchor["expected"] or (anchor and self._back(name)))
            name = visit["anchor"].text
        return False

    def visit(self, visit: Node) -> Offsets:
        """Return the days from the first day to each planned date of a visit."""
        return self._worked_out(Anchors._visit, visit)

    def _worked_out(self, work: Callable[[Anchors, Node], Offsets], visit: Node) -> Offsets:
        """Work something out of a visit once; while an anchor is being worked out, what is found may not be all."""
        key = (work, visit.path)
        if self._open or key not in self._dates:
            found = work(self, visit)
            if self._open:
                return found
            self._dates[key] = found
        return self._dates[key]

    def _visit(self, visit: Node) -> Offsets:
        own = [days(node.value) for node in ([*visit["offsets"]] or [visit["offset"]])]
        bases = in_periods(self.root, visit, self.offsets(visit["anchor"].value))
        return tuple(sorted(days_later(base, offset) for base in bases for offset in own if offset is not None))

    def recurring(self, visit: Node) -> Offsets:
        """Return the days of a visit and of its repeats, to the day that ends them; where an event does, many.

        A visit whose anchor comes back, as that of a cycle, comes back with it. The days of one turn, such as the first
        nine of five weeks, all come back; of days that take longer than a turn, such as weeks 8, 16 and 24 before every
        12 weeks, the last one does.
        """
        return self._worked_out(Anchors._turns, visit)

    def _turns(self, visit: Node) -> Offsets:
        repeats = self._repeats(visit)
        first, every = self.visit(visit), days(repeats["every"].value)
        if not first or every is None or every <= 0:
            return first
        end = self._end(repeats["until"])
        turn = first if first[-1] - first[0] < every else first[-1:]
        more = (day for start in turn for day in coming_back(start, every, end))
        return (*first, *sorted(more))

    def ends(self, visit: Node) -> bool:
        """Say whether the repeats of a visit, if it has any, end on a day that follows from the file."""
        repeats = self._repeats(visit)
        return not repeats["every"] or self._end(repeats["until"]) is not None

    def _repeats(self, visit: Node) -> Node:
        return visit["repeats"] or self._schedule["anchors"].find(visit["anchor"].text)["repeats"]

    def _end(self, until: Node) -> Decimal | None:
        named = self.offsets(until["anchor"].text or until.text)
        after = days(until["offset"].value) if until["offset"] else Decimal(0)
        return days_later(named[-1], after) if named and after is not None else None

    def _serving(self, word: str) -> Offsets:
        """Return the day of the first visit with an activity that serves something, such as consent."""
        serving = {a["id"].text for a in self._schedule["activities"] if word in [s.value for s in a["serves"]]}
        for visit in self._schedule["visits"]:
            if serving & {_activity(node) for node in visit["activities"]}:
                return self.offsets(visit["id"].value)
        return ()

    def consent(self, _: Node) -> Offsets:
        """Return the day of the visit at which consent is given."""
        return self._serving("consent")

    def randomisation(self, anchor: Node) -> Offsets:
        """Return the day of the visit at which participants are randomised."""
        for randomisation in self.root["design"]["randomisations"]:
            found = self.offsets(randomisation["at"].value) or self._serving(randomisation["id"].text)
            return found or self._before_dose(anchor)
        return ()

    def _before_dose(self, anchor: Node) -> Offsets:
        """Return the day of an anchor from which the first visit with a dose counts: that visit is the first dose."""
        if _kind(self._schedule["anchors"].find(self.day_one)) != FIRST_DOSE:
            return ()
        medicines = {each["id"].text for each in self.root["interventions"]}
        giving = {
            each["id"].text
            for each in self._schedule["activities"]
            if each["kind"].text == "dose" or medicines & {node.text for node in each["serves"]}
        }
        given = [
            after
            for visit in self._schedule["visits"]
            if visit["anchor"].text == anchor["id"].text and giving & {_activity(node) for node in visit["activities"]}
            for node in ([*visit["offsets"]] or [visit["offset"]])
            if (after := days(node.value)) is not None and after >= 0
        ]
        return (-min(given),) if given else ()

    def last_dose(self, _: Node) -> Offsets:
        """Return the planned day of the last administration over all regimens."""
        found = [self.span(intervention["regimen"]) for intervention in self._given()]
        ends = [span.last.days for span in found if isinstance(span.last, Placed)]
        return (max(ends),) if ends and len(ends) == len(found) else ()

    def _given(self) -> list[Node]:
        """Return what is studied and given to arms; what goes along with it, such as rescue, ends no treatment."""
        given = studied(self.root["interventions"])
        assigned = [each for each in given if each["id"].text in self._assigned] or given
        return [each for each in assigned if self.is_given(each["regimen"])]

    @cached_property
    def _assigned(self) -> frozenset[str]:
        """The ids of what arms name, as a whole or in an epoch."""
        arms = self.root["arms"]
        named = [node.text for arm in arms for node in arm["interventions"]]
        named += [node.text for arm in arms for epoch in arm["epochs"] for node in epoch["interventions"]]
        return frozenset(named)

    def starts(self, regimen: Node, period: int | None = None, arm: str | None = None) -> Offsets:
        """Return the days that the times of a regimen count from, in an arm; `period` chooses one of several."""
        anchor = anchor_of(regimen, arm).text or FIRST_DOSE
        bases = self.offsets(anchor) or ((Decimal(0),) if anchor == FIRST_DOSE else ())
        return bases if period is None else bases[period : period + 1]

    def span(self, regimen: Node, period: int | None = None, arm: str | None = None, cohort: str | None = None) -> Span:
        """Return the first and the last planned day of a regimen, or why they do not follow.

        `period` chooses one start where the regimen's anchor comes back; without it the first and the last count. `arm`
        and `cohort` leave out the steps of others.
        """
        bases = self.starts(regimen, period, arm)
        if not bases:
            anchor = anchor_of(regimen, arm)
            told = anchor_words(self.root, anchor.text or FIRST_DOSE)
            missing = NotPlaced(f"the day of {told} does not follow", anchor.pointer)
            return Span(missing, missing)
        try:
            first, last = span(regimen, arm, cohort)
            if own := self._kept(regimen, arm, bases):
                return Span(Placed(own[0]), Placed(own[-1]))
        except NotComputable as reason:
            return Span(self._start(regimen, bases[0]), NotPlaced(reason.reason, reason.pointer))
        return Span(Placed(days_later(bases[0], first)), Placed(days_later(bases[-1], last)))

    def is_given(self, regimen: Node, arm: str | None = None) -> bool:
        """Say whether a regimen is given outside the epochs that are left out."""
        try:
            return not self._left_out or bool(self._kept(regimen, arm, self.starts(regimen, arm=arm)))
        except NotComputable:
            return True

    def _kept(self, regimen: Node, arm: str | None, bases: Offsets) -> list[Decimal]:
        """Return the days on which a regimen is given outside the epochs that are left out; none where none is.

        Raises NotComputable where the days do not follow.
        """
        if not self._left_out:
            return []
        zero = self.first_dose_day()
        kept = given_outside(regimen, arm, tuple(base - zero for base in bases))
        return [day + zero for day in kept]

    def first_dose_day(self) -> Decimal:
        """Return the day of the first dose by its anchor, that of the first day where it has none."""
        doses = [each["id"].text for each in self._schedule["anchors"] if _kind(each) == FIRST_DOSE]
        return next((day for name in doses for day in self.offsets(name)), Decimal(0))

    def _start(self, regimen: Node, base: Decimal) -> Place:
        try:
            return Placed(days_later(base, min(first_day(step, regimen) for step in regimen["steps"])))
        except (NotComputable, ValueError) as reason:
            return NotPlaced(str(reason), regimen.pointer)

    def period_end(self, anchor: Node) -> Offsets:
        """Return the last dose of each period: the start of the period and the last day of the longest regimen."""
        starts = period_starts(self.root, anchor)
        lasts: list[Decimal] = []
        for intervention in self._given():
            if (intervention["regimen"]["anchor"].text or FIRST_DOSE) != FIRST_DOSE:
                try:
                    lasts.append(span(intervention["regimen"])[1])
                except NotComputable:
                    return ()
        return tuple(start + max(lasts) for start in starts) if lasts else ()


anchors_of = once(Anchors)  # those of a protocol, by its root


def _kind(anchor: Node) -> str:
    return anchor["kind"].text or anchor["id"].text


def _activity(node: Node) -> str:
    return node.text or node["id"].text


# A first dose that days are not counted from has no day of its own: its expected time tells it, or nothing does.
_BY_KIND: dict[str, Callable[[Anchors, Node], Offsets]] = {
    "consent": Anchors.consent,
    "randomisation": Anchors.randomisation,
    "last_dose": Anchors.last_dose,
    "period_start": lambda anchors, anchor: period_starts(anchors.root, anchor),
    "period_end": Anchors.period_end,
    "cycle_start": lambda _, anchor: cycle_start(anchor),
}
