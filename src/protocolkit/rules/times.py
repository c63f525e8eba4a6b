"""Times as rules compare them: days from the first and last dose, several doses or one, days in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import NotComputable, quantity
from protocolkit.dosing.course import days_given
from protocolkit.dosing.times import span
from protocolkit.quantities import MEAN_DAYS, QuantityError, convert, in_mean
from protocolkit.rules.trial import TESTED_ROLES
from protocolkit.schedule import NotPlaced, days, days_later, interventions_of
from protocolkit.schedule import last_doses as of_arms
from protocolkit.schedule.studied import studied

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

# What says on which days an intervention is given. A rule that asks for no more than that does not hang on the amounts.
DOSING_DAYS = (
    "/interventions/*/regimen/anchor",
    "/interventions/*/regimen/repeats",
    *(
        f"/interventions/*/regimen/steps/*/{key}"
        for key in (
            "arms", "cohorts", "level", "when", "days", "from", "to", "until", "frequency", "times",
            "interval_adjustment",
        )
    ),
)  # fmt: skip
HALF_LIVES = 5
AFTER_TREATMENT = frozenset({"last_dose", "end_of_treatment", "period_end"})
_TENTH = Decimal("0.1")
_IN_WEEKS = 4  # whole weeks from which on people count in weeks


def in_days(value: Decimal) -> str:
    """Write a number of days: `16.7 d`, `84 d`."""
    rounded = value.quantize(_TENTH, ROUND_HALF_UP)
    return f"{rounded:f}".removesuffix(".0") + " d"


def in_weeks(value: Decimal) -> str:
    """Write a length of time as people state it: `27 wk` from four whole weeks on, else in days."""
    weeks, left = divmod(value, 7)
    return in_days(value) if left or weeks < _IN_WEEKS else f"{weeks:f} wk"


def length(node: Node) -> Decimal | None:
    """Return a length of time in days; None for what is none or has no fixed number of days."""
    return days(node.value)


def leeway(visit: Node, side: str) -> Decimal | int:
    """Return how many days `before` or `after` its day the window of a visit reaches; 0 where it states none."""
    return length(visit["window"][side]) or 0


def in_mean_days(node: Node) -> float | None:
    """Return a length of time in days, months and years of mean length; None for what is none."""
    found = quantity(node)
    days = in_mean(found, "d") if found is not None else None
    return None if days is None else float(days)


def in_months(node: Node) -> float | None:
    """Return a length of time in months of mean length, to compare plans of years; None for what is none."""
    days = in_mean_days(node)
    return days / float(MEAN_DAYS["mo"]) if days else None


def years(node: Node) -> float | None:
    """Return an age in years of mean length; None for what is none."""
    found = quantity(node)
    age = in_mean(found, "a") if found is not None else None
    return None if age is None else float(age)


def half_life(node: Node) -> Decimal | None:
    """Return a half-life in days, months and years taken as they are only where they convert."""
    found = quantity(node)
    if found is None:
        return None
    try:
        return convert(found, "d").value
    except QuantityError:
        return None


def anchor_kind(trial: Trial, name: str) -> str:
    """Return the kind of an anchor by its id; its id where it states none, an empty text for a visit."""
    anchor = trial.root["schedule"]["anchors"].find(name)
    return anchor["kind"].text or anchor["id"].text


def anchor_of(time: Node) -> str:
    """Return the anchor of a time that is an anchor's id, or an anchor with an offset."""
    return time.text or time["anchor"].text


def day_of(trial: Trial, time: Node) -> Decimal | None:
    """Return the day of a time, counted from the first day; None where none or more than one follows."""
    days = days_of(trial, time)
    return days[0] if len(days) == 1 else None


def days_of(trial: Trial, time: Node) -> tuple[Decimal, ...]:
    """Return the days of a time, counted from the first day: several where its anchor comes back."""
    offset = length(time["offset"]) if time["offset"] else Decimal(0)
    return () if offset is None else tuple(days_later(day, offset) for day in trial.anchors.offsets(anchor_of(time)))


def later(trial: Trial, one: Node, other: Node) -> Decimal | None:
    """Return how many days a time lies after another, the last ones where anchors come back; None where none follow."""
    places = [(anchor_of(time), length(time["offset"]) if time["offset"] else Decimal(0)) for time in (one, other)]
    (first, plus), (second, minus) = places
    if plus is None or minus is None:
        return None
    if first == second:
        return plus - minus
    days = trial.anchors.offsets(first), trial.anchors.offsets(second)
    return days[0][-1] + plus - days[1][-1] - minus if days[0] and days[1] else None


def several_doses(intervention: Node) -> bool:
    """Say whether an intervention is given more than once to a participant."""
    regimen = intervention["regimen"]
    plain = [step for step in regimen["steps"] if not step["level"]]
    if len(plain) > 1 or regimen["repeats"]:
        return True
    return any(step["when"].value == "course" or len([*step["days"]]) > 1 for step in regimen["steps"])


def on_several_days(intervention: Node) -> bool:
    """Say whether an intervention is given on more than one day, or may be: bolus and infusion are one treatment."""
    try:
        first, last = span(intervention["regimen"])
    except NotComputable:
        return several_doses(intervention)
    return several_doses(intervention) and last - first >= 1


def after_last_dose(trial: Trial, stop: Stop) -> Decimal | None:
    """Return the days from the planned last dose to the last date of a visit; None where they do not follow.

    A visit that comes back until an event has no last date, unless it counts from the end: its own days are the least.
    """
    if anchor_kind(trial, stop.visit["anchor"].text) in AFTER_TREATMENT:
        stated = [length(node) for node in ([*stop.visit["offsets"]] or [stop.visit["offset"]])]
        last = max((each for each in stated if each is not None), default=None)
        return None if last is None else last + _repeated(trial, stop.visit["repeats"], last)
    lasts = last_doses(trial)
    if not stop.moments or not lasts or not trial.anchors.ends(stop.visit):
        return None
    return trial.anchors.recurring(stop.visit)[-1] - max(lasts)


def _repeated(trial: Trial, repeats: Node, first: Decimal) -> Decimal:
    """Return the days from a visit after treatment to its last repeat, where these end on a day after treatment."""
    every, end = length(repeats["every"]), length(repeats["until"]["offset"])
    if not every or end is None or anchor_kind(trial, anchor_of(repeats["until"])) not in AFTER_TREATMENT:
        return Decimal(0)
    return every * max(Decimal(0), (end - first) // every)


def ends_after_last_dose(trial: Trial, end: Node) -> Decimal | None:
    """Return the days from the last dose to the end of a window; None where they do not follow."""
    offset = length(end["offset"])
    if anchor_kind(trial, anchor_of(end)) in AFTER_TREATMENT:
        return offset
    days, lasts = trial.anchors.offsets(anchor_of(end)), lasts_before(trial, end)
    if not days or not lasts or (end["offset"] and offset is None):
        return None
    return days_later(days[-1], offset or Decimal(0)) - max(lasts)


def lasts_before(trial: Trial, end: Node) -> tuple[Decimal, ...]:
    """Return the days of the last dose of those for whom a window ends: arms with windows of their own are none.

    Nor are arms that get nothing of what is studied, as a control under usual care.
    """
    apart = {each["arm"].text for each in end.document.root.at(end.pointer.rpartition("/")[0])["by_arm"]}
    others = [arm for arm in trial.root["arms"] if arm["id"].text not in apart] if apart else []
    tested = {each.path for each in studied(trial.root["interventions"])}
    treated = [arm for arm in others if any(each.path in tested for each in interventions_of(arm))]
    names = [arm["id"].text for arm in treated or others]
    return (of_arms(trial.root, names) if names else ()) or last_doses(trial)


def last_doses(trial: Trial) -> tuple[Decimal, ...]:
    """Return the planned days of the last dose, counted from the first day; none where no day follows.

    Where nothing counts from the last dose, no anchor need say that there is one: the regimens tell its day.
    """
    names = _anchors(trial, "last_dose")
    if not names:
        return trial.anchors.last_dose(trial.root["nothing"])
    return tuple(day for name in names for day in trial.anchors.offsets(name))


def dose_days(trial: Trial, intervention: Node) -> set[Decimal]:
    """Return the days on which an intervention is given, counted from the first day; none where they do not follow."""
    regimen = intervention["regimen"]
    try:
        days = {day for step in regimen["steps"] for day in days_given(step, regimen)}
    except NotComputable:
        return set()
    return {start + day for start in trial.anchors.starts(regimen) for day in days}


def last_from(trial: Trial, anchor: str) -> Decimal | None:
    """Return the days from an anchor to the planned last dose where every regimen counts from it; else None."""
    regimens = [each["regimen"] for each in studied(trial.drugs)]
    if not regimens or any(regimen["anchor"].text != anchor for regimen in regimens):
        return None
    try:
        return max(span(regimen)[1] for regimen in regimens)
    except NotComputable:
        return None


def open_end(trial: Trial) -> str:
    """Return why the day of the last dose does not follow from the file; an empty text where it does.

    Where a device or a procedure is tested, what is taken beside it has no last dose that anything hangs on.
    """
    tested = [each for each in trial.root["interventions"] if each["role"].text in TESTED_ROLES]
    if last_doses(trial) or (tested and not any(each["regimen"]["steps"] for each in tested)):
        return ""
    lasts = [trial.anchors.span(each["regimen"]).last for each in studied(trial.drugs)]
    return next((last.reason for last in lasts if isinstance(last, NotPlaced)), "")


def after_start(trial: Trial, stop: Stop) -> tuple[Decimal, ...]:
    """Return the days from the first dose (from randomisation where no day of a first dose follows) to each date."""
    _, start = start_of(trial) or ("", 0)
    return tuple(moment.offset - start for moment in stop.moments)


def start_of(trial: Trial) -> tuple[str, Decimal] | None:
    """Return the anchor of the first dose, else of randomisation, with its day; None where neither follows."""
    for kind in ("first_dose", "randomisation"):
        for name in _anchors(trial, kind):
            if start := trial.anchors.offsets(name):
                return name, start[0]
    return None


def day_of_kind(trial: Trial, kind: str) -> Decimal | None:
    """Return the first day of the anchors of a kind, such as `first_dose`; None where none follows."""
    return min((day for name in _anchors(trial, kind) for day in trial.anchors.offsets(name)), default=None)


def _anchors(trial: Trial, kind: str) -> list[str]:
    listed = trial.root["schedule"]["anchors"]
    return [anchor["id"].text for anchor in listed if (anchor["kind"].text or anchor["id"].text) == kind]
