"""Rule on visits that are bound to an age: whoever may enter can have that age in the window of the visit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import MEAN_DAYS, in_mean
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import leeway
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_MONTHS = {"mo", "a"}
_GRANTED = Decimal(7)  # days: a birthday is met in the week of it


@rule("SOA15", Severity.ERROR, reads=("/schedule/visits", "/schedule/anchors", "/population/age"))
def at_age(trial: Trial) -> Iterator[Found]:
    """Whoever may enter can have the age that a visit asks for within the window of the visit.

    Why: a booster at 12 months of age that is planned 42 weeks after a first dose at six weeks comes before that;
    who entered so young can keep the time or the age, not both.

    Applies: a visit with one day states an age, the age at consent has a limit on the same side, and the first visit
    has a day. Months and years are of mean length; a week is granted.

    Basis:
        internal consistency of the protocol, schedule and population (H)

    Fails::

        population: {age: {min: 6 wk, max: 12 wk}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: V1, anchor: first_dose, offset: 0 d}
            - id: V5
              anchor: first_dose
              offset: 42 wk
              window: {before: 0 d, after: 2 wk}
              age: {min: 12 mo, max: 15 mo}

    Passes::

        population: {age: {min: 6 wk, max: 12 wk}}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: V1, anchor: first_dose, offset: 0 d}
            - id: V5
              anchor: first_dose
              offset: 46 wk
              window: {before: 0 d, after: 8 wk}
              age: {min: 12 mo, max: 15 mo}
    """
    bound = [stop for stop in trial.timetable.of_participants if stop.visit["age"] and len(stop.moments) == 1]
    dated = [stop.moments[0].offset for stop in trial.timetable.of_participants if stop.scheduled and stop.moments]
    if not bound or not dated:
        raise NotApplicable("no visit with a day states an age, or no first visit has a day")
    entry = min(dated)
    for stop in bound:
        yield from _too_young(trial, stop, stop.moments[0].offset - entry)
        yield from _too_old(trial, stop, stop.moments[0].offset - entry)


def _too_young(trial: Trial, stop: Stop, after: Decimal) -> Iterator[Found]:
    """Find a visit whose window closes before the youngest have the age."""
    youngest, wanted = trial.at("/population/age/min"), stop.visit["age"]["min"]
    age, least = _in_days(youngest), _in_days(wanted)
    reached = None if age is None else age + after + leeway(stop.visit, "after")
    if reached is not None and least is not None and reached + _GRANTED < least:
        yield _found(stop, wanted, youngest, f"at most {_told(reached, wanted)} old at {named(stop.visit)}")


def _too_old(trial: Trial, stop: Stop, after: Decimal) -> Iterator[Found]:
    """Find a visit whose window opens when the oldest are beyond the age."""
    oldest, wanted = trial.at("/population/age/max"), stop.visit["age"]["max"]
    age, most = _in_days(oldest), _in_days(wanted)
    reached = None if age is None else age + after - leeway(stop.visit, "before")
    if reached is not None and most is not None and reached - _GRANTED > most:
        yield _found(stop, wanted, oldest, f"at least {_told(reached, wanted)} old at {named(stop.visit)}")


def _found(stop: Stop, wanted: Node, entered: Node, told: str) -> Found:
    message = f"who enters at {entered.text} of age is {told}, which is to be at {wanted.text}"
    hint = "correct the offset, the window or the age"
    return Found(wanted, message, hint, ((entered, "the age at entry"), (stop.visit["offset"], "the visit")))


def _in_days(node: Node) -> Decimal | None:
    found = quantity(node)
    return in_mean(found, "d") if found is not None else None


def _told(days: Decimal, like: Node) -> str:
    """Write an age in the unit of another."""
    found = quantity(like)
    unit = found.unit.code if found is not None else "d"
    return f"{round(days / MEAN_DAYS[unit], 1 if unit in _MONTHS else 0):f} {unit}"


RULES: tuple[Rule, ...] = (at_age,)
