"""Rules on epochs in time: visits and doses that fit their epochs, and randomisation before what it assigns."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.schedule_courses import going_on, lasting, outlasting, unopened, unreached
from protocolkit.rules.times import AFTER_TREATMENT, DOSING_DAYS, anchor_kind, day_of_kind, in_days, leeway
from protocolkit.rules.trial import named
from protocolkit.schedule import interventions_of
from protocolkit.schedule.windows import together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_CLOSING = 35  # days after the last dose: a visit four weeks later, and its week
_ATTENDED = frozenset({"screening", "run_in", "treatment"})


@rule(
    "SOA09", Severity.ERROR,
    reads=("/design/epochs", "/design/model", "/schedule/visits", "/schedule/anchors", *DOSING_DAYS,
           "/arms/*/epochs", "/arms/*/opens"),
)  # fmt: skip
def within_epochs(trial: Trial) -> Iterator[Found]:
    """Visits and doses fit the epochs that they belong to, and the epochs follow each other in time.

    Why: a visit of the screening that lies after the first visit of the treatment, or a treatment of four weeks with a
    visit in its week 8, is read in one way by the site and in another by whoever programs the data base.

    Applies: an epoch has two visits with a day, or a length and one of both; one of screening, run-in or treatment that
    no visit belongs to, of participants or of a cluster, is a warning. Visits of a cluster are else left out, and so
    are visits that share no participant: those of other arms, also where arms name the epochs that they have, and those
    that have other conditions, as where responders go on and others change to another epoch at the same time.
    A visit that counts from the last dose may close the treatment some weeks after it; what goes along with the
    treatment on trial, such as an anticoagulant, may go on for longer. An arm that is entered from another has its
    visits after those of the arm before, whatever the epochs; one that opens on a day has no dose and no visit of its
    own before it (a warning).

    Basis:
        ICH M11 Step 4, 1.3 and 4.1 (H)
        internal consistency of the protocol, schedule (H)

    Fails::

        design: {epochs: [{id: SCREENING, type: screening}, {id: TREATMENT, type: treatment, duration: 4 wk}]}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: SCR, epoch: SCREENING, anchor: first_dose, offset: -7 d}
            - {id: V0, epoch: TREATMENT, anchor: first_dose, offset: 0 d}
            - {id: V8, epoch: TREATMENT, anchor: first_dose, offset: 8 wk}
        outcomes: []

    Passes::

        design: {epochs: [{id: SCREENING, type: screening}, {id: TREATMENT, type: treatment, duration: 8 wk}]}
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits:
            - {id: SCR, epoch: SCREENING, anchor: first_dose, offset: -7 d}
            - {id: V0, epoch: TREATMENT, anchor: first_dose, offset: 0 d}
            - {id: V8, epoch: TREATMENT, anchor: first_dose, offset: 8 wk}
        outcomes: []
    """
    epochs = [*trial.at("/design/epochs")]
    held = [_Held(epoch, _stops(trial, epoch)) for epoch in epochs]
    if not any(each.stops for each in held):
        raise NotApplicable("no epoch has a visit with a day")
    yield from _without_visits(trial, epochs)
    for each in held:
        yield from _spread(trial, each)
    for before, after in pairwise(held):
        yield from _late(trial, before, after)
    yield from going_on(trial, epochs)
    yield from outlasting(trial, epochs)
    yield from unreached(trial, epochs)
    yield from unopened(trial)


def _without_visits(trial: Trial, epochs: list[Node]) -> Iterator[Found]:
    """Find an epoch before or of treatment that no visit belongs to, where the others have theirs."""
    visited = {name for stop in trial.timetable.stops for name in stop.epochs}
    for epoch in epochs:
        if epoch["type"].text in _ATTENDED and not epoch["optional"] and epoch["id"].text not in visited:
            message = f"no visit belongs to {named(epoch)}"
            yield Found(epoch, message, "name the epoch at its visits, or leave it out", severity=Severity.WARNING)


class _Held:
    """An epoch with the dated visits that belong to it alone."""

    def __init__(self, epoch: Node, stops: list[Stop]) -> None:
        self.epoch = epoch
        self.stops = stops


def _stops(trial: Trial, epoch: Node) -> list[Stop]:
    own = (epoch["id"].text,)
    planned = (stop for stop in trial.timetable.of_participants if stop.scheduled and stop.moments)
    return [stop for stop in planned if stop.epochs == own and not stop.visit["repeats"]]


def _spread(trial: Trial, held: _Held) -> Iterator[Found]:
    """Find the visits of an epoch that lie further apart than it lasts; those of several arms or periods are apart."""
    lasts = lasting(held.epoch)
    if lasts is None or not held.stops or any(len(stop.moments) > 1 and not _listed(stop) for stop in held.stops):
        return
    first = min(held.stops, key=lambda stop: stop.moments[0].offset)
    last = max(held.stops, key=lambda stop: stop.moments[-1].offset)
    between = last.moments[-1].offset - first.moments[0].offset
    room = leeway(last.visit, "after") + leeway(first.visit, "before")
    if anchor_kind(trial, last.visit["anchor"].text) in AFTER_TREATMENT:
        room += _CLOSING
    if between > lasts + room and together(first.visit, last.visit):
        message = (
            f"{named(held.epoch)} lasts {held.epoch['duration'].text}, and its visits {named(first.visit)} and "
            f"{named(last.visit)} lie {in_days(between)} apart"
        )
        related = ((held.epoch["duration"], "how long the epoch lasts"),)
        yield Found(last.visit["offset"] or last.visit, message, "correct the epoch, its length or the offset", related)


def _listed(stop: Stop) -> bool:
    """Say whether the several dates of a visit are its own, not those of an anchor that comes back."""
    return len(stop.moments) == len([*stop.visit["offsets"]])


def _late(trial: Trial, before: _Held, after: _Held) -> Iterator[Found]:
    """Find a visit of an epoch that lies after a visit of the next one, where somebody has both."""
    own, other = (_arms_of(trial, each.epoch["id"].text) for each in (before, after))
    if own and other and not own & other:
        return
    for stop in before.stops:
        earlier = [each for each in after.stops if each.moments[-1].offset < stop.moments[0].offset]
        shared = [
            each
            for each in earlier
            if together(stop.visit, each.visit) and not _parted(stop, each) and not _entered_since(trial, stop, each)
        ]
        if shared:
            first = min(shared, key=lambda each: each.moments[0].offset)
            by = in_days(stop.moments[0].offset - first.moments[0].offset)
            message = (
                f"{named(stop.visit)} belongs to {named(before.epoch)} and lies {by} after {named(first.visit)}, which "
                f"belongs to the next epoch {named(after.epoch)}"
            )
            hint = "correct its epoch or its offset; where others are in the next epoch, name the arms or the condition"
            yield Found(stop.visit["offset"] or stop.visit, message, hint, ((first.visit, "the earlier visit"),))


def _parted(one: Stop, other: Stop) -> bool:
    """Say whether two visits have conditions, and not the same."""
    conditions = [stop.visit["condition"].text.casefold() for stop in (one, other)]
    return all(conditions) and conditions[0] != conditions[1]


def _entered_since(trial: Trial, stop: Stop, earlier: Stop) -> bool:
    """Say whether one of two visits is of arms that are entered from others, and the other one of those as well.

    Who is in such an arm had the earlier visit before, or may yet have the later one of those who did not enter it.
    """
    own, before = ({node.text for node in each.visit["arms"]} for each in (stop, earlier))
    if _are_entered(trial, before) and not (own and own <= before):
        return True
    return _are_entered(trial, own) and not (before and before <= own)


def _are_entered(trial: Trial, arms: set[str]) -> bool:
    return bool(arms) and all(trial.root["arms"].find(name)["enters_from"] for name in arms)


def _arms_of(trial: Trial, epoch: str) -> set[str]:
    """Return the arms that name an epoch; none where an arm names no epochs, or none of them names this one."""
    arms = [*trial.root["arms"]]
    if not all(arm["epochs"] for arm in arms):
        return set()
    return {arm["id"].text for arm in arms if epoch in {entry["epoch"].text for entry in arm["epochs"]}}


@rule(
    "SOA10",
    Severity.ERROR,
    reads=("/design/randomisations", "/design/run_in", "/design/epochs", "/schedule", "/interventions", "/arms"),
)
def assigned_first(trial: Trial) -> Iterator[Found]:
    """Participants are randomised at the visit that has it, and before they get what randomisation assigns.

    Why: a dose that comes before the assignment is a dose of nobody's arm.

    Applies: participants are randomised at a visit with a day. With a run-in, enrichment or a second randomisation,
    doses before it are planned, and nothing is said of them; nor where no visit gives anything and all arms get the
    same, as where only the duration is assigned, nor of an epoch in which arms get the same, such as an induction. An
    epoch of type run_in in which they do not is a warning.

    Basis:
        SPIRIT 2025, 18 and 21a (H)
        internal consistency of the protocol, schedule (H)

    Fails::

        design: {randomisations: [{id: R1, at: V4, unit: participant}]}
        interventions: [{id: A, kind: drug, regimen: {steps: [{id: S, days: [0 d]}]}}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: DOSE, kind: dose, serves: [A]}, {id: RAND, serves: [R1]}]
          visits:
            - {id: V0, anchor: first_dose, offset: 0 d, activities: [DOSE]}
            - {id: V4, anchor: first_dose, offset: 4 wk, activities: [RAND]}
        outcomes: []

    Passes::

        design: {randomisations: [{id: R1, at: V0, unit: participant}]}
        interventions: [{id: A, kind: drug, regimen: {steps: [{id: S, days: [0 d]}]}}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: DOSE, kind: dose, serves: [A]}, {id: RAND, serves: [R1]}]
          visits: [{id: V0, anchor: first_dose, offset: 0 d, activities: [RAND, DOSE]}]
        outcomes: []
    """
    assigned = [
        (each, stop)
        for each in trial.at("/design/randomisations")
        if each["unit"].text in ("", "participant") and (stop := trial.timetable.stop(each["at"].text))
    ]
    if not assigned:
        raise NotApplicable("nobody is randomised at a visit")
    apart = [found for randomisation, stop in assigned for found in _elsewhere(trial, randomisation, stop)]
    yield from apart
    design = trial.at("/design")
    if not apart and len(assigned) == 1 and not design["run_in"] and not design["enrichment"]:
        yield from _dosed_before(trial, *assigned[0])


def _elsewhere(trial: Trial, randomisation: Node, stop: Stop) -> Iterator[Found]:
    """Find a randomisation at a visit, whose activity is done at other visits only."""
    doing = trial.measured.get(randomisation["id"].text, ())
    if doing and stop.visit.path not in {each.visit.path for each in doing}:
        message = (
            f"{randomisation['id'].text} is at {named(stop.visit)}, and the activity that serves it is done at "
            f"{named(doing[0].visit)}"
        )
        yield Found(randomisation["at"], message, "name one visit in both", ((doing[0].visit, "the other visit"),))


def _dosed_before(trial: Trial, randomisation: Node, stop: Stop) -> Iterator[Found]:
    tested = {each["id"].text for each in trial.tested}
    giving = [each for each in trial.timetable.stops if each.moments and _gives(each, tested)]
    first = min(giving, key=lambda each: each.moments[0].offset, default=None)
    day = first.moments[0].offset if first else day_of_kind(trial, "first_dose")
    if not stop.moments or day is None or day >= stop.moments[0].offset or not (giving or _unlike_arms(trial, tested)):
        return
    dose = f"the dose at {named(first.visit)}" if first else "the first dose"
    epochs = first.epochs if first else ()
    if _alike_in(trial, epochs):
        return
    by = in_days(stop.moments[0].offset - day)
    message = f"{randomisation['id'].text} is at {named(stop.visit)}, {by} after {dose}"
    hint = "randomise before the first dose, or describe the run-in"
    of_run_in = epochs and all(trial.at("/design/epochs").find(name)["type"].text == "run_in" for name in epochs)
    weight = Severity.WARNING if of_run_in else None
    related = ((first.visit, "the dose"),) if first else ()
    yield Found(randomisation["at"], message, hint, related, severity=weight)


def _alike_in(trial: Trial, epochs: tuple[str, ...]) -> bool:
    """Say whether arms get the same in some epochs, by what each says of them: doses there belong to no arm."""
    given = [
        {node.text for entry in arm["epochs"] if entry["epoch"].text in epochs for node in entry["interventions"]}
        for arm in trial.root["arms"]
    ] or [set()]
    parted = (step["arms"] for name in given[0] for step in trial.root["interventions"].find(name)["regimen"]["steps"])
    return bool(given[0]) and all(each == given[0] for each in given) and not any(parted)


def _unlike_arms(trial: Trial, tested: set[str]) -> bool:
    """Say whether arms differ in what they get, and not in how long alone."""
    given = [frozenset(each["id"].text for each in interventions_of(arm)) & tested for arm in trial.root["arms"]]
    return len({*given}) > 1


def _gives(stop: Stop, tested: set[str]) -> bool:
    doses = (planned.activity for planned in stop.planned if planned.activity["kind"].text == "dose")
    return any(tested & {node.text for node in activity["serves"]} for activity in doses)


RULES: tuple[Rule, ...] = (within_epochs, assigned_first)
