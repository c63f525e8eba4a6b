"""When endpoints are read: days since the first and the last dose, and weeks at the target dose, arm by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.blocks import Row, Table
from protocolkit.render.kinds import nothing_dosed
from protocolkit.render.tables import filled, headings
from protocolkit.render.words import flat, joined, run
from protocolkit.schedule import days, study_day
from protocolkit.schedule.exposure import Exposure, exposures, interventions_of
from protocolkit.schedule.places import Place, Placed
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View
    from protocolkit.schedule import Stop

    _Told = Callable[["Exposure", "Decimal"], str]

_LEVELS = frozenset({"primary", "secondary"})
_DURING = "during treatment"
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
        if any(told(exposure, day) for row in rows for exposure, day in row.pairs)
    }
    if not columns:
        return ()
    head = (*_HEADINGS, *columns)
    body = [Row(tuple(filled(part) for part in _row(view, row, columns.values()))) for row in rows]
    return (
        Table(
            (headings(head), *body), (4, 2, 2, *(3 for _ in columns)), run("Endpoints and doses"), "tab:endpoint-times",
            f"One row for each visit at which endpoints are read; columns: {', '.join(head)}.",
        ),
    )  # fmt: skip


def _reads(view: View) -> Iterator[_Read]:
    """Yield the visits of primary and secondary endpoints, those of single arms too, that have a day of their own."""
    read: dict[str, list[str]] = {}
    for objective in view.values.root["objectives"]:
        for endpoint in objective["endpoints"] if objective["level"].text in _LEVELS else ():
            for visit in dict.fromkeys(node["visit"].text for node in (endpoint, *endpoint["arm_visits"])):
                read.setdefault(visit, []).append(endpoint["id"].text)
    treated = exposures(view.values.root)
    for stop in view.values.timetable.of_participants:
        if (ids := read.get(stop.visit["id"].text)) and (days := tuple(_days(stop, treated))):
            yield _Read(stop, tuple(ids), days)


def _days(stop: Stop, treated: tuple[Exposure, ...]) -> Iterator[tuple[Decimal, tuple[Exposure, ...]]]:
    """Yield each day of a visit with the treatment that it follows: in a crossover, that of its period."""
    arms = {node.text for node in stop.visit["arms"]}
    own = tuple(each for each in treated if not arms or each.arm["id"].text in arms)
    if any(each.period for each in own):
        for moment, epoch in zip(stop.moments, stop.epochs, strict=False):
            if given := tuple(each for each in own if each.period == epoch):
                yield moment.offset, given
    elif own and len(stop.moments) == 1:
        yield stop.moments[0].offset, own


def _is_later(exposure: Exposure, day: Decimal) -> bool:
    return not isinstance(exposure.first, Placed) or exposure.first.days < day


def _row(view: View, row: _Read, columns: Iterable[_Told]) -> list[Inlines | str]:
    numbers = dict.fromkeys(str(study_day(day, view.values.rule)) for day, _ in row.days)
    cells = [_by_arm(view, row, column) for column in columns]
    return [run(view.values.name(row.stop.visit)), ", ".join(row.endpoints), ", ".join(numbers), *cells]


def _by_arm(view: View, row: _Read, told: _Told) -> str:
    """Write a value, each with its arms where they differ; arms of which nothing is known are left out."""
    arms: dict[str, dict[str, Node]] = {}
    for exposure, day in row.pairs:
        arms.setdefault(told(exposure, day), {}).setdefault(exposure.arm["id"].text, exposure.arm)
    if len(arms) == 1:
        return next(iter(arms))
    named = {value: flat(joined([run(view.values.name(arm)) for arm in own.values()])) for value, own in arms.items()}
    return "; ".join(f"{value} ({whose})" for value, whose in named.items() if value)


def _since_first(exposure: Exposure, day: Decimal) -> str:
    return _days_of(exposure.since_first(day))


def _since_last(exposure: Exposure, day: Decimal) -> str:
    """Return the days since the last dose; nothing where one lasts for days, as what is worn: its end counts there."""
    if any(_lasts_for_days(each["regimen"]) for each in interventions_of(exposure.arm)):
        return ""
    since = exposure.since_last(day)
    return _DURING if isinstance(since, Placed) and since.days < 0 else _days_of(since)


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
