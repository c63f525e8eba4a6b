"""Endpoints that are read before the trial intervention starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.times import anchor_words
from protocolkit.rules.model import Found
from protocolkit.rules.times import start_of
from protocolkit.rules.trial import DRUG_KINDS, INERT_ROLES, TESTED_ROLES, named
from protocolkit.schedule import study_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_BEFORE = frozenset({"screening", "run_in"})
_OF_TESTS = frozenset({"diagnostic", "screening"})  # purposes of trials whose intervention is the measurement
_UNTESTED = frozenset({"feasibility", "exploratory"})
_STUDIED = TESTED_ROLES | INERT_ROLES
_AT_SITE = ("supervised", "duration", "rate")
_OF_DOSE = ("dose_start", "dose_end")


def before_treatment(trial: Trial) -> Iterator[Found]:
    """Find endpoints of benefit and harm that are read at a visit before anything is given."""
    if not trial.root["arms"] or trial.at("/design/primary_purpose").text in _OF_TESTS:
        return
    for objective in trial.root["objectives"]:
        if {objective["kind"].text, objective["level"].text} & _UNTESTED:
            continue
        for endpoint in objective["endpoints"]:
            yield from _early(trial, endpoint)


def _early(trial: Trial, endpoint: Node) -> Iterator[Found]:
    stop = trial.timetable.stop(endpoint["visit"].text) if endpoint["visit"] else None
    if stop is None or stop not in trial.measured.get(endpoint["outcome"].text, ()):
        return  # where it is not measured there, SOA03 tells it
    if endpoint["timepoint"]["relative_to"].text in _OF_DOSE and not endpoint["timepoint"]["offset"].text.startswith(
        "-"
    ):
        return  # read after a dose of the same visit
    when = _by_day(trial, stop, endpoint["outcome"].text) or _by_epoch(trial, stop)
    if when:
        message = f"{endpoint['id'].text} is measured at {named(stop.visit)}, {when}"
        hint = "name the visit at which the effect is read, or make it a change from that visit"
        yield Found(endpoint["visit"], message, hint, ((stop.visit, "the visit"),))


def _by_day(trial: Trial, stop: Stop, outcome: str) -> str:
    """Return in words how a visit comes before the start, by its day; an empty text where it does not."""
    start = start_of(trial)
    if start is None or not stop.moments or _in_treated_run_in(trial, stop):
        return ""
    name, day = start
    last = stop.moments[-1]
    if last.offset > day or (last.offset == day and not _taken_after(trial, stop, outcome)):
        return ""
    if last.offset < day and _given_by(trial, last.offset):
        return ""
    began = study_day(day, trial.timetable.rule)
    if last.offset == day:
        return f"on study day {began}, and medicines are taken from then on"
    return f"on study day {last.day}, and {anchor_words(trial.root, name)} is on study day {began}"


def _given_by(trial: Trial, day: Decimal) -> bool:
    """Say whether something that is tested is given by a day before the first dose: a device, or another regimen."""
    tested = [each for each in trial.root["interventions"] if not each["role"] or each["role"].text in _STUDIED]
    starts = [start for each in tested if each["regimen"]["anchor"] for start in trial.anchors.starts(each["regimen"])]
    others = {each["id"].text for each in tested if each["kind"].text not in DRUG_KINDS}
    served = [stop for stop in trial.timetable.stops if others & _served(stop)]
    return any(when <= day for when in (*starts, *(moment.offset for stop in served for moment in stop.moments)))


def _served(stop: Stop) -> set[str]:
    return {node.text for planned in stop.planned for node in planned.activity["serves"]}


def _by_epoch(trial: Trial, stop: Stop) -> str:
    """Return in words how a visit without a day comes before the start: by an epoch in which nothing is given yet."""
    if stop.moments or not in_early_epochs(trial, stop) or _in_treated_run_in(trial, stop):
        return ""
    own = named(trial.at("/design/epochs").find(stop.epochs[-1]))
    treated = next(epoch for epoch in trial.at("/design/epochs") if epoch["type"].text == "treatment")
    return f"in {own}, and the trial intervention starts in {named(treated)}"


def in_early_epochs(trial: Trial, stop: Stop) -> bool:
    """Say whether a scheduled visit belongs to epochs of screening or run-in that come before treatment."""
    epochs = [*trial.at("/design/epochs")]
    treated = next((n for n, epoch in enumerate(epochs) if epoch["type"].text == "treatment"), 0)
    before = {epoch["id"].text for epoch in epochs[:treated] if epoch["type"].text in _BEFORE}
    return stop.scheduled and bool(stop.epochs) and before.issuperset(stop.epochs)


def _in_treated_run_in(trial: Trial, stop: Stop) -> bool:
    """Say whether a visit belongs to a run-in in which something that is tested is given."""
    epochs = trial.at("/design/epochs")
    in_run_in = any(epochs.find(epoch)["type"].text == "run_in" for epoch in stop.epochs)
    return in_run_in and bool(trial.at("/design/run_in/interventions"))


def _taken_after(trial: Trial, stop: Stop, outcome: str) -> bool:
    """Say whether participants get medicines, and nothing else, which they take on their own after a visit.

    It is the visit of randomisation, or one of an epoch before treatment.
    """
    measuring = [each for each in stop.planned if outcome in {node.text for node in each.activity["serves"]}]
    steps = [step for each in trial.root["interventions"] for step in each["regimen"]["steps"]]
    if any(each.timepoints for each in measuring) or any(step[key].value for step in steps for key in _AT_SITE):
        return False
    only_medicines = all(each["kind"].text in DRUG_KINDS for each in trial.root["interventions"])
    return only_medicines and bool(steps) and (in_early_epochs(trial, stop) or _randomised_at(trial, stop))


def _randomised_at(trial: Trial, stop: Stop) -> bool:
    return any(
        each["at"].text == stop.visit["id"].text or each["id"].text in _served(stop)
        for each in trial.at("/design/randomisations")
    )
