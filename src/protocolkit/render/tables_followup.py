"""When endpoints are read: days since the first and the last dose, and weeks at the target dose, arm by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Note, Row, Table
from protocolkit.render.kinds import nothing_dosed
from protocolkit.render.tables import filled, headings
from protocolkit.render.treated_by_then import treated_by_then
from protocolkit.render.words import flat, glued, joined, run
from protocolkit.rules.followup_compared import arms_at, arms_of
from protocolkit.rules.trial import Trial
from protocolkit.schedule import days, days_later, study_day
from protocolkit.schedule.exposure import Exposure, interventions_of
from protocolkit.schedule.places import Place, Placed
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View
    from protocolkit.schedule import Stop, Timetable

    _Told = Callable[["Exposure", "Decimal"], str]

_LEVELS = frozenset({"primary", "secondary"})
_DURING = "during treatment"
_OPEN = "not fixed"
_HEADINGS = ("Visit", "Endpoints", "Study day")


class _Read(NamedTuple):
    """A visit at which endpoints are read: their ids, and each day with the treatment of the arms that have it."""

    stop: Stop
    endpoints: tuple[str, ...]
    days: tuple[tuple[Decimal, tuple[Exposure, ...]], ...]

    @property
    def pairs(self) -> list[tuple[Exposure, Decimal]]:
        """The treatments that each day follows, one by one."""
        return [(exposure, day) for day, given in self.days for exposure in given]


def endpoint_times(view: View) -> Blocks:
    """Return where the visits of primary and secondary endpoints after the first dose lie in relation to treatment.

    Nothing where no dose is given, and where neither the first nor the last has a day.
    """
    if nothing_dosed(view.values.root):
        return ()
    rows = [each for each in _reads(view) if any(_is_later(exposure, day) for exposure, day in each.pairs)]
    columns = {
        head: told
        for head, told in _COLUMNS.items()
        if any(told(exposure, day) not in ("", _OPEN) for row in rows for exposure, day in row.pairs)
    }
    if not columns:
        return ()
    head = (*_HEADINGS, *columns)
    body = [Row(tuple(filled(part) for part in _row(view, row, columns.values()))) for row in rows]
    return (
        Table(
            (headings(head), *body), (4, 2, 2, *(3 for _ in columns)), run("Endpoints and time since doses"),
            "tab:endpoint-times",
            f"One row for each visit at which endpoints are read; columns: {', '.join(head)}.",
        ),
        *_left_out(view, rows),
    )  # fmt: skip


def _left_out(view: View, rows: list[_Read]) -> Blocks:
    """Name the endpoints without a row, so that nobody takes the table for the list of endpoints."""
    told = {name for row in rows for name in row.endpoints}
    others = [run(name) for node in _endpoints(view) if (name := node["id"].text) and name not in told]
    lead = "Not in this table, as they are not read at one visit with a day of its own after the first dose: "
    return (Note(glued(lead, joined(others), ".")),) if others else ()


def _reads(view: View) -> Iterator[_Read]:
    """Yield the visits of primary and secondary endpoints, those of single arms too, that have a day of their own."""
    read: dict[str, dict[str, set[str]]] = {}
    trial = Trial(view.values.root.document, frozenset())
    for endpoint in _endpoints(view):
        for stop, arms in _where(trial, view.values.timetable, endpoint):
            read.setdefault(stop.visit["id"].text, {}).setdefault(endpoint["id"].text, set()).update(arms)
    for stop in view.values.timetable.of_participants:
        arms_of_each = read.get(stop.visit["id"].text, {})
        arms = {arm for each in arms_of_each.values() for arm in each}
        if read_on := tuple(_days(view, stop, [*treated_by_then(view.values.root, stop, arms)])):
            yield _Read(stop, tuple(arms_of_each), read_on)


def _endpoints(view: View) -> Iterator[Node]:
    for objective in view.values.root["objectives"]:
        yield from objective["endpoints"] if objective["level"].text in _LEVELS else ()


def _where(trial: Trial, timetable: Timetable, endpoint: Node) -> Iterator[tuple[Stop, set[str]]]:
    """Yield the visits at which an endpoint is read, with the arms that it compares and that have them."""
    elsewhere = [(each["visit"].text, {node.text for node in each["arms"]}) for each in endpoint["arm_visits"]]
    apart = {arm for _, arms in elsewhere for arm in arms}
    for visit, arms in ((endpoint["visit"].text, {*arms_of(trial, endpoint)} - apart), *elsewhere):
        stop = timetable.stop(visit)
        if stop is not None:
            own = arms & (arms_at(stop, endpoint["outcome"].text) or arms)
            yield stop, own & _of_cohorts(trial.root, endpoint) or own


def _of_cohorts(root: Node, endpoint: Node) -> set[str]:
    """Return the arms of the cohorts that an endpoint is read in; none where these have no arms of their own."""
    cohorts = [root["population"]["cohorts"].find(node.text) for node in endpoint["cohorts"]]
    named_in = [{node.text for node in cohort["arms"]} for cohort in cohorts]
    return set().union(*named_in) if all(named_in) else set()


def _days(view: View, stop: Stop, own: Sequence[Exposure]) -> Iterator[tuple[Decimal, tuple[Exposure, ...]]]:
    """Yield each day of a visit with the treatment that it follows: in a crossover, that of its period."""
    if any(each.period for each in own):
        for moment, epoch in zip(stop.moments, stop.epochs, strict=False):
            if given := tuple(each for each in own if each.period == epoch):
                yield moment.offset, given
    elif own and len(stop.moments) == 1:
        placed = [(_own_day(view, stop, each), each) for each in own]
        for day in sorted({day for day, _ in placed}):
            yield day, tuple(each for other, each in placed if other == day)


def _own_day(view: View, stop: Stop, exposure: Exposure) -> Decimal:
    """Return the day of a visit for those who are treated so: it may count from a last dose that is their own."""
    after = days(stop.visit["offset"].value)
    if after is None or not isinstance(exposure.last, Placed) or not view.values.days_by_arm(stop.visit):
        return stop.moments[0].offset
    return days_later(exposure.last.days, after)


def _is_later(exposure: Exposure, day: Decimal) -> bool:
    return not isinstance(exposure.first, Placed) or exposure.first.days < day


def _row(view: View, row: _Read, columns: Iterable[_Told]) -> list[Inlines | str]:
    numbers = dict.fromkeys(str(study_day(day, view.values.rule)) for day, _ in row.days)
    cells = [_by_arm(view, row, column) for column in columns]
    return [run(view.values.name(row.stop.visit)), ", ".join(row.endpoints), ", ".join(numbers), *cells]


def _by_arm(view: View, row: _Read, told: _Told) -> str:
    """Write a value, each with its arms or cohorts where they differ; those to which none applies are left out."""
    treated: dict[str, list[Exposure]] = {}
    for exposure, day in row.pairs:
        treated.setdefault(told(exposure, day), []).append(exposure)
    if len(treated) == 1:
        return next(iter(treated))
    apart = _differ_by_cohort(treated.values())
    return "; ".join(f"{value} ({_whose(view, own, apart=apart)})" for value, own in treated.items() if value)


def _differ_by_cohort(groups: Iterable[list[Exposure]]) -> bool:
    """Say whether the cohort alone decides to which group a treatment belongs, in whichever arm."""
    cohorts = [{each.cohort for each in group} for group in groups]
    return all(all(group) for group in cohorts) and sum(map(len, cohorts)) == len(set().union(*cohorts))


def _whose(view: View, own: list[Exposure], *, apart: bool) -> str:
    """Name the cohorts of some treatments, or their arms with the cohorts in them."""
    known = view.values.root["population"]["cohorts"]
    names: dict[str, None] = {}
    for each in own:
        arm, cohort = view.values.name(each.arm), each.cohort and view.values.name(known.find(each.cohort))
        names[cohort if apart else f"{arm}, {cohort}" if cohort else arm] = None
    return flat(joined([run(name) for name in names]))


def _since_first(exposure: Exposure, day: Decimal) -> str:
    return _days_of(exposure.since_first(day)) or _open(exposure)


def _open(exposure: Exposure) -> str:
    """Return what stands for a day that does not follow from the file though something is given in the arm."""
    return _OPEN if any(each["regimen"]["steps"] for each in interventions_of(exposure.arm)) else ""


def _since_last(exposure: Exposure, day: Decimal) -> str:
    """Return the days since the last dose; nothing where one lasts for days, as what is worn: its end counts there."""
    if any(_lasts_for_days(each["regimen"]) for each in interventions_of(exposure.arm)):
        return ""
    since = exposure.since_last(day)
    return _DURING if isinstance(since, Placed) and since.days < 0 else _days_of(since) or _open(exposure)


def _lasts_for_days(regimen: Node) -> bool:
    lengths = (days(step["duration"].value) for step in regimen["steps"])
    return any(length is not None and length >= 1 for length in lengths)


def _at_target(exposure: Exposure, day: Decimal) -> str:
    return _days_of(exposure.weeks_at_target(day))


def _days_of(found: Place) -> str:
    """Write a number with one digit behind the point at most; an empty text where it does not follow."""
    return f"{found.days:.1f}".removesuffix(".0") if isinstance(found, Placed) else ""


_COLUMNS: dict[str, _Told] = {
    "Days since first dose": _since_first, "Days since last dose": _since_last, "Weeks at target dose": _at_target,
}  # fmt: skip
