"""When each arm is treated: first and last dose, and how long at the target dose; per period, or for each cohort."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, course
from protocolkit.dosing.alternatives import of_arm
from protocolkit.dosing.amounts import expressed
from protocolkit.schedule.anchors import anchors_of
from protocolkit.schedule.days import days_later
from protocolkit.schedule.optional import optional_days
from protocolkit.schedule.places import NotPlaced, Place, Placed, Span
from protocolkit.schedule.studied import studied
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from protocolkit.document import Node
    from protocolkit.schedule.anchors import Anchors

_WEEK = Decimal(7)


class Exposure(NamedTuple):
    """The planned treatment of an arm, or of one cohort in it; in a crossover that of one period of one sequence.

    `target` are the first and the last day at the target dose, or why there are none.
    """

    arm: Node
    first: Place
    last: Place
    target: Span
    sequence: str = ""
    period: str = ""
    cohort: str = ""

    def since_first(self, offset: Decimal) -> Place:
        """Return the days from the first dose to a day; negative before it."""
        return Placed(offset - self.first.days) if isinstance(self.first, Placed) else self.first

    def since_last(self, offset: Decimal) -> Place:
        """Return the days from the last dose to a day; negative before it."""
        return Placed(offset - self.last.days) if isinstance(self.last, Placed) else self.last

    def weeks_at_target(self, offset: Decimal) -> Place:
        """Return the weeks at the target dose up to a day, the days of the target dose before it being counted."""
        first, last = self.target
        if not isinstance(first, Placed):
            return first
        if not isinstance(last, Placed):
            return last
        through = min(offset - 1, last.days)
        return Placed(max(through - first.days + 1, Decimal(0)) / _WEEK)


def exposures(root: Node, anchors: Anchors | None = None) -> tuple[Exposure, ...]:
    """Return the planned treatment of every arm, or of every period of every sequence."""
    placed = anchors or anchors_of(root)
    if root["design"]["sequences"]:
        return tuple(_by_sequence(root, placed))
    return tuple(_exposure(arm, placed) for arm in root["arms"])


def cohort_exposures(root: Node) -> tuple[Exposure, ...]:
    """Return the planned treatment of every arm as `exposures` does, of each cohort by itself where steps are for some.

    Whoever is in none of these cohorts gets the steps that are for all; a cohort that an arm has no step for has no
    treatment there.
    """
    placed = anchors_of(root)
    return tuple(each for whole in exposures(root) for each in _of_its_cohorts(whole, placed))


def _of_its_cohorts(whole: Exposure, anchors: Anchors) -> Iterator[Exposure]:
    arm = whole.arm
    steps = [step for each in studied(interventions_of(arm)) for step in of_arm(each["regimen"], arm["id"].text)]
    known = arm.document.root["population"]["cohorts"]
    named = {node.text for step in steps for node in step["cohorts"]}
    if whole.sequence or not named:
        yield whole
        return
    for cohort in known:
        own = {node.text for node in cohort["arms"]}
        name = cohort["id"].text
        given = name in named or not all(step["cohorts"] for step in steps)
        if given and (not own or arm["id"].text in own):
            yield _exposure(arm, anchors, cohort=name)._replace(cohort=name)


def last_doses(
    root: Node, arms: Collection[str] = (), cohorts: Collection[str] = (), *, entered: bool = False
) -> tuple[Decimal, ...]:
    """Return the different days of the last dose of some arms and cohorts, of all where none is named, in order.

    Those who enter no optional epoch may have a day of their own; `entered` leaves it out. Where the anchor of the last
    dose states when it is expected, that is the day of all, unless the steps tell that it is the day of some and that
    others have another. Nothing where a day does not follow, and nothing in a crossover, where everybody has every
    treatment.
    """
    if root["design"]["sequences"]:
        return ()
    planned = cohort_exposures(root)
    expected = {*_expected(root)}
    if expected and not (expected_of_some(root) and all(isinstance(each.last, Placed) for each in planned)):
        return tuple(sorted(expected))
    treated = [*planned, *(shorter for _, shorter in shortened(root) if not entered)]
    theirs = [each for each in treated if not arms or each.arm["id"].text in arms]
    found = [each.last for each in theirs if not cohorts or not each.cohort or each.cohort in cohorts]
    placed = {last.days for last in found if isinstance(last, Placed)}
    return tuple(sorted(placed)) if all(isinstance(last, Placed) for last in found) else ()


def shortened(root: Node) -> tuple[tuple[Exposure, Exposure], ...]:
    """Return each arm's treatment as a whole and without the optional epochs, where the last dose is then another.

    Nothing in a crossover, and where a day does not follow.
    """
    if root["design"]["sequences"] or not optional_days(root):
        return ()
    pairs = zip(exposures(root), exposures(root, anchors_of(root, entered=False)), strict=True)
    return tuple(
        (whole, without)
        for whole, without in pairs
        if isinstance(whole.last, Placed) and isinstance(without.last, Placed) and whole.last != without.last
    )


def expected_later(root: Node) -> bool:
    """Say whether the last dose is expected later than the regimens of all arms tell, so that some dose has no day."""
    expected = _expected(root)
    told = [each.last.days for each in exposures(root) if isinstance(each.last, Placed)]
    return bool(expected and told) and max(expected) > max(told)


def expected_of_some(root: Node) -> bool:
    """Say whether the day on which the last dose is expected is that of some arms or cohorts, others having another."""
    if root["design"]["sequences"]:
        return False
    told = {each.last.days for each in cohort_exposures(root) if isinstance(each.last, Placed)}
    return bool(expected := {*_expected(root)}) and expected < told


def _expected(root: Node) -> list[Decimal]:
    """Return the days on which the anchors of the last dose state that it is expected."""
    placed = anchors_of(root)
    stated = [each["id"].text for each in root["schedule"]["anchors"] if each["kind"].text == "last_dose"]
    return [day for name in stated if placed.expected(name) for day in placed.offsets(name)]


def between_doses(exposure: Exposure, day: Decimal, here: Collection[str] = ()) -> Exposure:
    """Return the treatment of an arm up to a day between two of its regimens: with the last dose before that day.

    The treatment as a whole where one of them is going on, none has ended, all have, a day does not follow, or one of
    those that belong `here`, by their ids, is still to come.
    """
    placed, arm, cohort = anchors_of(exposure.arm.document.root), exposure.arm["id"].text, exposure.cohort or None
    days: list[tuple[Decimal, Decimal]] = []
    for each in _given(exposure.arm, cohort):
        first, last = placed.span(each["regimen"], arm=arm, cohort=cohort)
        if not isinstance(first, Placed) or not isinstance(last, Placed):
            return exposure
        days.append((first.days, last.days))
        if first.days <= day <= last.days or (first.days > day and each["id"].text in here):
            return exposure
    ended = [last for _, last in days if last < day]
    return exposure._replace(last=Placed(max(ended))) if ended else exposure


def _by_sequence(root: Node, anchors: Anchors) -> Iterator[Exposure]:
    periods = [period["id"].text for period in root["design"]["periods"]]
    for sequence in root["design"]["sequences"]:
        for position, node in enumerate(sequence["order"]):
            arm = root["arms"].find(node.value)
            if arm:
                period = periods[position] if position < len(periods) else ""
                yield _exposure(arm, anchors, position, (sequence["id"].text, period))


def _exposure(
    arm: Node, anchors: Anchors, turn: int | None = None, names: tuple[str, str] = ("", ""), cohort: str | None = None
) -> Exposure:
    given = [each for each in _given(arm, cohort) if anchors.is_given(each["regimen"], arm["id"].text)]
    if not given:
        nothing = NotPlaced("no regimen is stated for the arm", arm.pointer)
        return Exposure(arm, nothing, nothing, Span(nothing, nothing), *names)
    spans = [anchors.span(each["regimen"], _turn(each, turn), arm["id"].text, cohort) for each in given]
    first = _outermost([span.first for span in spans], min)
    first = first if turn is not None else _with_the_rest(first, arm, anchors)
    last = _outermost([span.last for span in spans], max)
    return Exposure(arm, first, last, _target(given, anchors, turn, arm["id"].text), *names)


def _given(arm: Node, cohort: str | None) -> list[Node]:
    """Return what is studied in an arm; of a cohort, without what has steps for others only."""
    regimens = ((each, each["regimen"]) for each in studied(interventions_of(arm)))
    return [each for each, regimen in regimens if not regimen["steps"] or of_arm(regimen, arm["id"].text, cohort)]


def _with_the_rest(first: Place, arm: Node, anchors: Anchors) -> Place:
    """Return the day of the first dose where its anchor is that of what goes along, such as a common first cycle.

    It is where nothing that the trial studies starts on the day of the anchor, and something else in the arm does.
    """
    day = anchors.first_dose_day()
    if not isinstance(first, Placed) or first.days <= day:
        return first
    tested = studied(arm.document.root["interventions"])
    along = [each for each in interventions_of(arm) if each["regimen"]["steps"]]
    starts = [{anchors.span(each["regimen"]).first for each in given} for given in (tested, along)]
    return Placed(day) if Placed(day) in starts[1] and Placed(day) not in starts[0] else first


def _turn(intervention: Node, turn: int | None) -> int | None:
    """Return which start of a period counts; a regimen that counts from the first dose has one start only."""
    return turn if intervention["regimen"]["anchor"] else None


def interventions_of(arm: Node) -> list[Node]:
    """Return the interventions of an arm over all its epochs, each once."""
    named = [*arm["interventions"], *(node for epoch in arm["epochs"] for node in epoch["interventions"])]
    known = arm.document.root["interventions"]
    found = [known.find(name) for name in dict.fromkeys(node.value for node in named if isinstance(node.value, str))]
    return [node for node in found if node]


def _outermost(places: list[Place], choose: Callable[[Iterable[Decimal]], Decimal]) -> Place:
    """Return the first or last of several days; the first reason where one of them does not follow."""
    for place in places:
        if isinstance(place, NotPlaced):
            return place
    return Placed(choose(place.days for place in places if isinstance(place, Placed)))


def _target(given: list[Node], anchors: Anchors, turn: int | None, arm: str) -> Span:
    aimed = [each for each in given if each["regimen"]["titration"]["target"]]
    if not aimed:
        none = NotPlaced("no target dose is stated", given[0]["regimen"].pointer)
        return Span(none, none)
    intervention = aimed[0]
    bases = anchors.starts(intervention["regimen"], _turn(intervention, turn), arm)
    try:
        days = _days_at(intervention, arm)
    except NotComputable as reason:
        left_open = NotPlaced(reason.reason, reason.pointer)
        return Span(left_open, left_open)
    if not bases or not days:
        target = intervention["regimen"]["titration"]["target"]
        never = NotPlaced(
            f"the steps do not reach {target.text}" if bases else "its start does not follow", target.pointer
        )
        return Span(never, never)
    return Span(Placed(days_later(bases[0], Decimal(days[0]))), Placed(days_later(bases[-1], Decimal(days[-1]))))


def _days_at(intervention: Node, arm: str) -> list[int]:
    """Return the days on which the amount of the day in an arm is the target dose or more.

    Raises NotComputable where the doses or the target do not compare.
    """
    node = intervention["regimen"]["titration"]["target"]
    given = course(intervention, Body(), arm=arm)
    if given.titrated:
        raise NotComputable("the doses after the first are fitted to the participant", node.pointer)
    least = expressed(node, given.unit)
    if least is None:
        raise NotComputable("the target dose does not compare with the doses of the steps", node.pointer)
    return sorted(day for day, amount in given.daily.items() if amount >= least)
