"""Rules on the times at which trials of chronic pain see participants, so that they can be pooled."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.library import facts
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.schedule_named import misnamed
from protocolkit.rules.times import DOSING_DAYS, after_last_dose, after_start, in_days, length
from protocolkit.rules.trial import named
from protocolkit.schedule import Placed, exposures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_TWELVE_WEEKS, _DURABLE = Decimal(84), Decimal(168)
_WITHIN = Decimal(7)
_CLAIM = Pattern(r"\b(sustained|long[- ]term|durable|durability|long[- ]lasting)\b(?![- ]release)")


@rule(
    "FU03", Severity.WARNING,
    reads=(*below("/objectives/*", "endpoints", "kind", "level"), "/schedule"),
    tags=("chronic-pain",),
    tags_off=("crossover", "enriched-withdrawal", "pilot"),
)  # fmt: skip
def twelve_weeks(trial: Trial) -> Iterator[Found]:
    """The primary outcome of benefit is measured 12 weeks after the start of treatment.

    Why: 12 weeks is the time point that trials of chronic pain share; a trial that ends earlier cannot be pooled with
    them, and short trials favour the active arm. A reason for another time belongs in a waiver of this rule.

    Applies: a primary objective is about benefit, and its outcome is measured at visits with a day. That a visit named
    week 12 is planned at another time, SOA14 tells.

    Basis:
        Cochrane CD008242.pub3, first tier of evidence: 8 to 12 weeks (H)
        FDA draft guidance on chronic pain, September 2025 (FDA-2025-D-0610), 12-week treatment periods are typical (M)
        Moore and others 2013 (Br J Anaesth 111:38), short trials favour the active arm (H)
        EMA/CHMP/970057/2011, design and duration of trials in chronic pain (L)

    Fails::

        objectives: [{id: O1, level: primary, kind: benefit, endpoints: [{id: E1, outcome: NRS, visit: V2}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: NRS, serves: [NRS]}]
          visits: [{id: V2, anchor: first_dose, offset: 2 wk, activities: [NRS]}]

    Passes::

        objectives: [{id: O1, level: primary, kind: benefit, endpoints: [{id: E1, outcome: NRS, visit: V12}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: NRS, serves: [NRS]}]
          visits: [{id: V12, anchor: first_dose, offset: 12 wk, activities: [NRS]}]
    """
    endpoints = _beneficial(trial)
    seen = [(day, stop) for endpoint in endpoints for day, stop in _efficacy(trial, endpoint["outcome"].text)]
    if not seen:
        raise NotApplicable("no primary outcome of benefit is measured at a visit with a day")
    if any(abs(day - _TWELVE_WEEKS) <= _WITHIN for day, _ in seen) or float(_TWELVE_WEEKS) in misnamed(trial):
        return
    last, stop = max(seen, key=lambda pair: pair[0])
    since = after_last_dose(trial, stop)
    dose = "" if since is None else f", {in_days(since)} after the last dose"
    message = (
        "the primary outcome is not measured 12 wk (84 d) after the start; the last efficacy visit is "
        f"{named(stop.visit)} at {in_days(last)}{dose}"
    )
    hint = "add an efficacy visit at 12 wk (within 7 d), or waive FU03 with the reason"
    yield Found(endpoints[0]["visit"] or endpoints[0], message, hint, ((stop.visit, "the last efficacy visit"),))


def _beneficial(trial: Trial) -> list[Node]:
    return [
        endpoint
        for objective in trial.root["objectives"]
        if objective["level"].value == "primary" and objective["kind"].value == "benefit"
        for endpoint in objective["endpoints"]
    ]


def _efficacy(trial: Trial, outcome: str) -> Iterator[tuple[Decimal, Stop]]:
    for stop in trial.measured.get(outcome, ()):
        for day in after_start(trial, stop):
            if day > 0:
                yield day, stop


@rule(
    "FU04", Severity.WARNING,
    reads=("/schedule", "/design", "/arms", *DOSING_DAYS, "/interventions/*/product"),
    tags=("chronic-pain",),
    tags_off=("crossover", "enriched-withdrawal"),
)  # fmt: skip
def grid(trial: Trial) -> Iterator[Found]:
    """Each time point that the library calls required has a visit within its window.

    Why: trials that are seen at the same times can be pooled at each of them. More visits are welcome. (Twelve weeks is
    told by FU03 where that applies, and 24 weeks by FU12.)

    Applies: visits go on to the time point, and where the library says so treatment lasts as long. That a visit named
    by the time point is planned at another time, SOA14 tells.

    Basis:
        grids of published trials, follow-up grid of the library (M)

    Fails::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: V1, anchor: first_dose, offset: 42 d}, {id: V12, anchor: first_dose, offset: 12 wk}]
        design: {epochs: [{id: T, type: treatment, duration: 12 wk}]}

    Passes::

        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: V4, anchor: first_dose, offset: 4 wk}, {id: V12, anchor: first_dose, offset: 12 wk}]
        design: {epochs: [{id: T, type: treatment, duration: 12 wk}]}
    """
    seen = [(day, stop) for stop in trial.timetable.of_participants for day in after_start(trial, stop) if day > 0]
    if not seen:
        raise NotApplicable("no visit has a day after the start")
    last, treated, misplaced = max(day for day, _ in seen), _treated(trial), {*misnamed(trial)}
    for row in facts.rows("timepoints"):
        day, before, after, least = (Decimal(row.data.get(key, 0)) for key in _COLUMNS)
        told = day == _TWELVE_WEEKS and _told_by_fu03(trial)
        if row.data["tier"] != "required" or day > last or treated < least or told:
            continue
        if float(day) in misplaced:
            continue
        if not any(day - before <= when <= day + after for when, _ in seen):
            nearest, stop = min(seen, key=lambda pair: abs(pair[0] - day))
            message = (
                f"no visit lies at {row.names[0]} ({day - before:f} d to {day + after:f} d after the start); the "
                f"nearest is {named(stop.visit)} at {in_days(nearest)}"
            )
            hint = f"add a visit at {in_days(day)}; the library has this time point from {row.source}"
            yield Found(trial.at("/schedule/visits"), message, hint, ((stop.visit, "the nearest"),), row.confidence)


_COLUMNS = ("day", "before", "after", "treatment_from")


def _treated(trial: Trial) -> Decimal:
    """Return how many days the longest treatment lasts; by the epochs where it has no planned end."""
    spans = [
        each.last.days - each.first.days + 1
        for each in exposures(trial.root)
        if isinstance(each.last, Placed) and isinstance(each.first, Placed)
    ]
    epochs = [length(epoch["duration"]) for epoch in trial.at("/design/epochs") if epoch["type"].value == "treatment"]
    return max(spans, default=sum((each for each in epochs if each is not None), Decimal(0)))


def _told_by_fu03(trial: Trial) -> bool:
    return "pilot" not in trial.tags and bool(_beneficial(trial))


@rule(
    "FU12", Severity.INFO,
    reads=("/trial/full_title", *below("/objectives/*", "endpoints", "kind", "text"), "/schedule"),
    tags=("chronic-pain",),
    tags_off=("crossover", "pilot"),
)  # fmt: skip
def durability(trial: Trial) -> Iterator[Found]:
    """A claim of lasting relief rests on an efficacy visit at 24 weeks or later.

    Why: small and short trials favour active over placebo; "sustained" after 12 weeks is a hope.

    Applies: title or objectives speak of sustained, long-term or durable effects.

    Basis:
        Moore and others 2013 (Br J Anaesth 111:38), small and short trials favour active over placebo (H)

    Fails::

        trial: {full_title: Sustained relief after ketamine}
        objectives: [{id: O1, level: primary, kind: benefit, endpoints: [{id: E1, outcome: NRS, visit: V12}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: NRS, serves: [NRS]}]
          visits: [{id: V12, anchor: first_dose, offset: 12 wk, activities: [NRS]}]

    Passes::

        trial: {full_title: Sustained relief after ketamine}
        objectives: [{id: O1, level: primary, kind: benefit, endpoints: [{id: E1, outcome: NRS, visit: V24}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: NRS, serves: [NRS]}]
          visits: [{id: V24, anchor: first_dose, offset: 24 wk, activities: [NRS]}]
    """
    told = (trial.at("/trial/full_title"), *trial.each("/objectives/*/text"))
    claims = [(node, match[0]) for node in told if (match := _CLAIM.search(node.text))]
    seen = [pair for each in _benefit(trial) for pair in _efficacy(trial, each)] if claims else []
    if not seen:
        raise NotApplicable(
            "nothing speaks of a lasting effect, or no outcome of benefit is measured at a visit with a day"
        )
    last, stop = max(seen, key=lambda pair: pair[0])
    if last < _DURABLE:
        for node, word in claims[:1]:
            message = f'"{word}" is said, but the last efficacy visit {named(stop.visit)} is at {in_days(last)}'
            yield Found(
                node, message, "add an efficacy visit at 24 wk or later, or say what lasts", ((stop.visit, "the last"),)
            )


def _benefit(trial: Trial) -> list[str]:
    return list(dict.fromkeys(
        endpoint["outcome"].text
        for objective in trial.root["objectives"]
        if objective["kind"].value == "benefit"
        for endpoint in objective["endpoints"]
    ))  # fmt: skip


RULES: tuple[Rule, ...] = (twelve_weeks, grid, durability)
