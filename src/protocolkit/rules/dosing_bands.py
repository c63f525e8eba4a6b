"""Doses by body weight and by age: whether the bands leave nobody out and give nobody two doses."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.dosing.weights import entry_weights
from protocolkit.findings import Severity
from protocolkit.quantities import QuantityError, convert
from protocolkit.rules.dosing import in_a_day
from protocolkit.rules.model import Found
from protocolkit.rules.substances import same_substance
from protocolkit.rules.trial import INERT_ROLES, named
from protocolkit.schedule import Placed, interventions_of
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule.places import Place

    Limits = Iterator[
        tuple[Decimal, Node, str]
    ]  # a limit of entry, where it stands, and on which side people may enter

# Ages are counted in completed months and years, so that 11 months end where 12 months begin.
_WHOM = ("arms", "cohorts")
_MONTHS = {"mo": Decimal(1), "a": Decimal(12)}


class _Band(NamedTuple):
    """A band of weights or ages in one unit; None is an open end."""

    low: Decimal | None
    high: Decimal | None
    with_low: bool
    with_high: bool
    at: Node


class _Scale(NamedTuple):
    """What bands are of: the key of a step, how a band is read and a value shown, who may enter, its two ends."""

    key: str
    read: Callable[[Node], _Band | None]
    shown: Callable[[Decimal], str]
    entry: Callable[[Trial, Sequence[str]], Limits]
    lowest: str
    highest: str


def faults(trial: Trial, intervention: Node) -> Iterator[Found]:
    """Find bands of weight or age with gaps or overlaps, and people who may enter and have no band."""
    for scale in (_WEIGHTS, _AGES):
        for cohorts, bands in _bands(intervention, scale):
            yield from _neighbours(intervention, bands, scale)
            yield from _beyond(trial, intervention, (bands, scale), scale.entry(trial, cohorts))
    yield from _falling(intervention)


def cohorts_apart(trial: Trial, interventions: Sequence[Node]) -> Iterator[Found]:
    """Find ages between cohorts of which each has its own steps, or in two of them where nothing else tells them apart.

    Cohorts that are told apart by more than their ages may share an age.
    """
    steps = [step for each in interventions for step in each["regimen"]["steps"]]
    named_in = {node.text for step in steps for node in step["cohorts"]}
    cohorts = [each for each in trial.assigned_cohorts if each["id"].text in named_in]
    bands = [band for each in cohorts if each["age"] and (band := _of_age(each["age"])) is not None]
    if len(bands) != len(cohorts) or any(each["arms"] for each in cohorts):
        return
    by_age_alone = not any(each["definition"] for each in cohorts)
    bands.sort(key=lambda band: (band.low is not None, band.low or 0))
    for lower, upper in pairwise(bands):
        fault = _fault(lower, upper, _AGES, "cohort")
        if fault.startswith("no") or (fault and by_age_alone):
            message = f"doses differ by cohort, and {fault}"
            hint = "let each cohort begin where the one below ends"
            yield Found(upper.at, message, hint, ((lower.at, "the cohort below"),))


def _bands(intervention: Node, scale: _Scale) -> Iterator[tuple[list[str], list[_Band]]]:
    """Yield the cohorts and the different bands of the steps that are meant for the same people, from the lowest on."""
    groups: dict[tuple[str, ...], tuple[list[str], dict[tuple[object, ...], _Band]]] = {}
    for step in intervention["regimen"]["steps"]:
        band = scale.read(step[scale.key]) if step[scale.key] else None
        if band is not None:
            arms, cohorts = ([node.text for node in step[key]] for key in ("arms", "cohorts"))
            group = groups.setdefault((step["level"].text, *arms, *cohorts), (cohorts, {}))
            group[1].setdefault(band[:4], band)
    for cohorts, found in groups.values():
        yield cohorts, sorted(found.values(), key=lambda band: (band.low is not None, band.low or 0))


def _neighbours(intervention: Node, bands: list[_Band], scale: _Scale) -> Iterator[Found]:
    for lower, upper in pairwise(bands):
        if fault := _fault(lower, upper, scale):
            message = f"{named(intervention)}: {fault}"
            hint = "let each band begin where the one below ends, and leave that end out of one of them"
            yield Found(upper.at, message, hint, ((lower.at, "the band below"),))


def _fault(lower: _Band, upper: _Band, scale: _Scale, what: str = "band") -> str:
    """Say what is wrong between two bands; an empty text where one begins just where the other ends."""
    begins = "the same people" if upper.low is None else scale.shown(upper.low)
    if lower.high is None or upper.low is None or lower.high > upper.low:
        return f"two {what}s hold for {begins}"
    if lower.high < upper.low:
        return f"no {what} holds between {scale.shown(lower.high)} and {begins}"
    if lower.with_high and upper.with_low:
        return f"two {what}s hold for {begins}"
    return "" if lower.with_high or upper.with_low else f"no {what} holds for {begins}"


def _beyond(trial: Trial, intervention: Node, banded: tuple[list[_Band], _Scale], limits: Limits) -> Iterator[Found]:
    """Find people who may enter and lie below the lowest band or above the highest."""
    bands, scale = banded
    low, high = bands[0], max(bands, key=lambda band: (band.high is None, band.high or 0))
    for limit, at, side in limits:
        if _given_instead(trial, intervention, limit, side):
            continue
        if side == "above" and low.low is not None and limit < low.low:
            told = f"people from {at.text} may enter, the {scale.lowest} band begins at {low.at['min'].text}"
            where = low
        elif side == "below" and high.high is not None and limit > high.high:
            told = f"people to {at.text} may enter, the {scale.highest} band ends at {high.at['max'].text}"
            where = high
        else:
            continue
        yield Found(where.at, f"{named(intervention)}: {told}", "state a dose for them", ((at, "the limit of entry"),))


def _given_instead(trial: Trial, intervention: Node, limit: Decimal, side: str) -> bool:
    """Say whether every arm has another form of the medicine, whose doses reach to a limit of entry: a solution."""
    arms = [(arm, interventions_of(arm)) for arm in trial.root["arms"]]
    given = [(arm, those) for arm, those in arms if intervention.path in {each.path for each in those}]
    return bool(given) and all(
        any(
            _is_another_form(each, intervention)
            and _reaches(each["regimen"]["steps"], limit, side)
            and not _apart_in_time(trial, arm, (each, intervention))
            for each in those
        )
        for arm, those in given
    )


def _apart_in_time(trial: Trial, arm: Node, pair: tuple[Node, Node]) -> bool:
    """Say whether an arm gives one of two medicines only before or after the other, as in a run-in."""
    epochs = [
        {
            entry["epoch"].text
            for entry in arm["epochs"]
            if each["id"].text in {node.text for node in entry["interventions"]}
        }
        for each in pair
    ]
    if all(epochs) and not arm["interventions"]:
        return not epochs[0] & epochs[1]
    first, second = (trial.anchors.span(each["regimen"], arm=arm["id"].text) for each in pair)
    return _is_before(first.last, second.first) or _is_before(second.last, first.first)


def _is_before(end: Place, start: Place) -> bool:
    return isinstance(end, Placed) and isinstance(start, Placed) and end.days < start.days


def _is_another_form(one: Node, other: Node) -> bool:
    """Say whether two interventions are forms of one medicine: of one substance, or both of them placebos."""
    if one.path == other.path or not one["regimen"]["steps"]:
        return False
    return all(each["role"].text in INERT_ROLES for each in (one, other)) or same_substance(one, other)


def _reaches(steps: Node, limit: Decimal, side: str) -> bool:
    for step in steps:
        band = of_weight(step["band"]) if step["band"] else _of_age(step["age"]) if step["age"] else None
        if band is None:
            return True
        end = band.low if side == "above" else band.high
        if end is None or (end <= limit if side == "above" else end >= limit):
            return True
    return False


def _falling(intervention: Node) -> Iterator[Found]:
    """Find a band of weight whose dose of a day is below that of a lighter one, for the same people."""
    groups: dict[tuple[str, ...], list[tuple[Decimal, Decimal, str, Node]]] = {}
    for step in intervention["regimen"]["steps"]:
        band, given = of_weight(step["band"]) if step["band"] else None, in_a_day(step)
        if band is None or given is None or "/" in given[1]:
            return
        whom_ = (step["level"].text, step["from"].text, *(node.text for key in _WHOM for node in step[key]))
        groups.setdefault(whom_, []).append((band.low or Decimal(0), given[0], given[1], step))
    for rows in groups.values():
        rows.sort(key=lambda row: row[0])
        for (lighter, less, unit, below), (heavier, more, other, step) in pairwise(rows):
            if unit == other and heavier > lighter and more < less:
                message = f"{named(intervention)}: {plain(more)} {unit} a day for the heavier, {plain(less)} {unit} for"
                hint = "correct one of both doses"
                related = ((below["dose"], "the lighter band"),)
                yield Found(step["dose"], f"{message} the lighter", hint, related, severity=Severity.WARNING)


def of_weight(band: Node) -> _Band | None:
    """Read a band of body weight in kg; None for one of something else."""
    try:
        low, high = (convert(found, "kg").value if (found := quantity(band[key])) else None for key in ("min", "max"))
    except QuantityError:
        return None
    return _Band(low, high, band["min_inclusive"].value is not False, band["max_inclusive"].value is not False, band)


def _weights_of_entry(trial: Trial, _cohorts: Sequence[str]) -> Limits:
    """Return the limits of body weight that criteria set, each as what may enter: above or below it."""
    return entry_weights(trial.root["population"])


def _of_age(age: Node) -> _Band | None:
    """Read a band of completed months or years: it ends where the next of its last unit begins."""
    low, high = months(age["min"]), months(age["max"])
    if (age["min"] and low is None) or (age["max"] and high is None):
        return None
    ends = high if age["max_inclusive"].value is False else _completed(age["max"])
    return _Band(low, ends, with_low=True, with_high=False, at=age)


def months(node: Node) -> Decimal | None:
    """Return an age in months and years as months; None for others, whose units do not meet these."""
    found = quantity(node)
    return found.value * _MONTHS[found.unit.code] if found is not None and found.unit.code in _MONTHS else None


def _completed(node: Node) -> Decimal | None:
    """Return the months at which somebody is no longer of an age: 11 months end at 12, 4 years at 60."""
    found = quantity(node)
    return (found.value + 1) * _MONTHS[found.unit.code] if found is not None and found.unit.code in _MONTHS else None


def _ages_of_entry(trial: Trial, cohorts: Sequence[str]) -> Limits:
    """Yield the limits of age of those for whom a step is meant: of some cohorts, which may have their own, or all."""
    population = trial.at("/population")
    those = [population["cohorts"].find(name)["age"] for name in cohorts] or [population["age"]]
    for age in those:
        for key, side, read in (("min", "above", months), ("max", "below", _completed)):
            at = age[key] or population["age"][key]
            limit = read(at)
            if limit is not None:
                yield limit, at, side


def _age_shown(months: Decimal) -> str:
    years, rest = divmod(months, 12)
    return f"{years:f} years" if years > 1 and not rest else f"{months.normalize():f} months"


_WEIGHTS = _Scale(
    "band", of_weight, lambda value: f"{value.normalize():f} kg", _weights_of_entry, "lightest", "heaviest"
)
_AGES = _Scale("age", _of_age, _age_shown, _ages_of_entry, "youngest", "oldest")
