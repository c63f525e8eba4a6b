"""Rule on when endpoints are measured: at one time after the start in every arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.followup_compared import arms_at, arms_of, lacks, of_some_arms, unlike_spans
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import AFTER_TREATMENT, DOSING_DAYS, after_start, anchor_kind, in_days
from protocolkit.rules.trial import named
from protocolkit.schedule import Placed, exposures
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_DESCRIBES = Pattern(r"\bdescri|\bcharacteri[sz]")
_COMPARES = Pattern(r"\bcompar|\bbetween\b|\bversus\b|\bdiffer")


@rule(
    "FU06", Severity.ERROR,
    reads=(*below("/objectives/*", "endpoints", "estimands", "level"), "/schedule", "/arms", "/population/cohorts",
           *DOSING_DAYS,
           "/interventions/*/product", "/statistics/analysis_sets", "/outcomes/*/mode", "/design/epochs"),
    tags_off=("single-arm", "crossover"),
)  # fmt: skip
def same_time(trial: Trial) -> Iterator[Found]:
    """An endpoint is measured at the same time after the start in every arm that it compares.

    Why: pain at 8 weeks in one arm and at 12 in the other compares times as much as treatments.

    Applies: there are several arms, and a primary endpoint is measured at a visit, or over an interval for which its
    outcome is looked for at scheduled visits. A secondary endpoint, of all or of a part that is no arm, is a warning,
    where everybody is randomised once, and so is a primary outcome that is looked for half as often in one arm over its
    interval. Where the end of an interval, or of visits, is an event, an arm without any visit for it after the start
    is told, and so is an endpoint of a cohort (cohorts) at a visit that the cohort does not have; one of everybody at
    such a visit is a warning, unless its analysis set names a cohort. Arms for which the endpoint names a visit of
    their own (arm_visits) are left out. An analysis set or a subset that names an arm, such as those with the device,
    compares no other.

    Basis:
        Cochrane RoB 2, 4.2: same method and threshold, comparable time points in all groups (H)

    Fails::

        arms: [{id: ACT}, {id: CTL}]
        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: NRS, visit: V12}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: NRS, serves: [NRS]}]
          visits:
            - {id: V8, arms: [CTL], anchor: first_dose, offset: 8 wk, activities: [NRS]}
            - {id: V12, arms: [ACT], anchor: first_dose, offset: 12 wk, activities: [NRS]}

    Passes::

        arms: [{id: ACT}, {id: CTL}]
        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: NRS, visit: V12}]}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: NRS, serves: [NRS]}]
          visits: [{id: V12, arms: [ACT, CTL], anchor: first_dose, offset: 12 wk, activities: [NRS]}]
    """
    arms = [arm["id"].text for arm in trial.root["arms"]]
    placed = [(each, stop) for each in trial.primary if (stop := trial.timetable.stop(each["visit"].text))]
    others = [(each, stop) for each in _secondary(trial) if (stop := trial.timetable.stop(each["visit"].text))]
    spans = [each for each in (*trial.primary, *_secondary(trial)) if each["interval"]["to"]]
    if len(arms) <= 1 or not (placed or others or spans):  # one arm cannot differ from another
        raise NotApplicable("there is one arm, or no endpoint is measured at a visit or over an interval")
    for endpoint, stop in placed:
        yield from _elsewhere(trial, endpoint, stop, arms)
        yield from _drifting(trial, endpoint, stop)
    told = {stop.visit.path for _, stop in placed}
    yield from _of_estimands(trial, told)
    yield from _of_cohorts(trial)
    for endpoint, stop in others:
        if stop.visit.path not in told:
            told.add(stop.visit.path)
            for found in _elsewhere(trial, endpoint, stop, arms):
                yield found._replace(severity=Severity.WARNING)
    yield from _over_intervals(trial)


def _over_intervals(trial: Trial) -> Iterator[Found]:
    """Find intervals over which an outcome is looked for longer in one arm than in another, where all are compared."""
    if trial.at("/design/master_protocol"):
        return
    for endpoint in trial.primary:
        if endpoint["interval"] and not of_some_arms(trial, endpoint):
            yield from unlike_spans(trial, endpoint, primary=True)
    for endpoint in _secondary(trial):
        for found in unlike_spans(trial, endpoint, primary=False):
            yield found._replace(severity=Severity.WARNING)


def _of_estimands(trial: Trial, told: set[Path]) -> Iterator[Found]:
    """Find an endpoint at a visit of other arms than its estimand compares."""
    for objective in trial.root["objectives"]:
        for estimand in objective["estimands"]:
            endpoint = objective["endpoints"].find(estimand["variable"].text)
            stop = trial.timetable.stop(endpoint["visit"].text)
            outcome = endpoint["outcome"].text
            own = arms_at(stop, outcome) if stop else frozenset()
            elsewhere = {node.text for each in endpoint["arm_visits"] for node in each["arms"]}
            lacking = [node.text for node in estimand["treatment"]["arms"] if own and node.text not in own | elsewhere]
            if stop is not None and lacking and stop.visit.path not in told:
                told.add(stop.visit.path)
                message = (
                    f"{endpoint['id'].text} is measured at {named(stop.visit)}, which {lacks(lacking)} not have; the "
                    f"estimand {estimand['id'].text} compares them"
                )
                hint = "measure it in every arm that is compared"
                yield Found(endpoint["visit"], message, hint, (_whose(stop, outcome),))


def _of_cohorts(trial: Trial) -> Iterator[Found]:
    """Find an endpoint at a visit that one of its cohorts does not have, or of everybody where a cohort does not."""
    everybody = [each["id"].text for each in trial.at("/population/cohorts") if not each["belongs_to"]]
    for endpoint in (each for objective in trial.root["objectives"] for each in objective["endpoints"]):
        stop = trial.timetable.stop(endpoint["visit"].text)
        own = {node.text for node in stop.visit["cohorts"]} if stop else set()
        whole = everybody if own & {*everybody} and not _of_a_set(trial, endpoint) else []
        wanted = [node.text for node in endpoint["cohorts"]] or whole
        lacking = [name for name in wanted if own and name not in own]
        if stop is not None and lacking:
            message = (
                f"{endpoint['id'].text} is measured at {named(stop.visit)}, which {lacks(lacking, 'cohort')} not have"
            )
            hint = "measure it at a visit of all its cohorts, or name under cohorts those that it is about"
            weight = None if endpoint["cohorts"] else Severity.WARNING
            related = ((stop.visit["cohorts"], "the cohorts of the visit"),)
            yield Found(endpoint["visit"], message, hint, related, severity=weight)


def _of_a_set(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is read in a set that names a cohort."""
    chosen = trial.at("/statistics/analysis_sets").find(endpoint["analysis_set"].text)
    words = f"{chosen['id'].text} {chosen['name'].text} {chosen['definition'].text}"
    names = [cohort[key].text for cohort in trial.at("/population/cohorts") for key in ("id", "name")]
    return any(name and name.casefold() in words.casefold() for name in names)


def _secondary(trial: Trial) -> Iterator[Node]:
    """Yield the secondary endpoints that compare all arms, where participants are randomised once.

    What is to be described and not compared may be measured where there is something to describe.
    """
    if len([*trial.at("/design/randomisations")]) > 1 or trial.at("/design/master_protocol"):
        return
    for objective in trial.root["objectives"]:
        compares = not _DESCRIBES.search(objective["text"].text) or _COMPARES.search(objective["text"].text)
        for endpoint in objective["endpoints"] if objective["level"].text == "secondary" and compares else ():
            if not of_some_arms(trial, endpoint):
                yield endpoint


def _elsewhere(trial: Trial, endpoint: Node, stop: Stop, arms: list[str]) -> Iterator[Found]:
    outcome = endpoint["outcome"].text
    own = {*arms_at(stop, outcome)} or {*arms}
    own |= {node.text for each in endpoint["arm_visits"] for node in each["arms"]}
    without: dict[str, list[str]] = {}
    for arm in (arm for arm in arms_of(trial, endpoint) if arm not in own):
        others = [each for each in trial.measured.get(outcome, ()) if arm in (arms_at(each, outcome) or arms)]
        if not any(_same_moment(trial, each, stop) for each in others):
            planned = [each for each in others if each.scheduled and _follows(trial, each)]
            without.setdefault(listed([f"{named(each.visit)}{_at(trial, each)}" for each in planned]), []).append(arm)
    for told, lacking in without.items():
        there = f"at {told}" if told else "at no visit after the start"
        message = (
            f"{endpoint['id'].text} is measured at {named(stop.visit)}{_at(trial, stop)}, which {lacks(lacking)} not "
            f"have; there {endpoint['outcome'].text} is measured {there}"
        )
        hint = "measure it at the same time after the start in every arm"
        yield Found(endpoint["visit"], message, hint, (_whose(stop, outcome),))


def _whose(stop: Stop, outcome: str) -> tuple[Node, str]:
    """Return what says for whom an outcome is measured at a visit."""
    serving = [each.entry for each in stop.planned if outcome in [node.text for node in each.activity["serves"]]]
    own = [(each[key], key) for each in (*serving, stop.visit) for key in ("arms", "cohorts") if each[key]]
    return (own[0][0], f"the {own[0][1]} that have it") if own else (stop.visit, "the visit")


def _same_moment(trial: Trial, one: Stop, other: Stop) -> bool:
    """Say whether two visits lie at one time after the start; without a day, by what they count from."""
    when = after_start(trial, one)
    if when or after_start(trial, other):
        return when == after_start(trial, other)
    return all(one.visit[key].value == other.visit[key].value for key in ("anchor", "offset"))


def _follows(trial: Trial, stop: Stop) -> bool:
    """Say whether a visit comes after the start; one without a day may."""
    days = after_start(trial, stop)
    return not days or days[-1] > 0


def _drifting(trial: Trial, endpoint: Node, stop: Stop) -> Iterator[Found]:
    """Find a visit that counts from the last dose where arms are treated for different times."""
    if anchor_kind(trial, stop.visit["anchor"].text) not in AFTER_TREATMENT:
        return
    lasts = {each.arm["id"].text: each.last.days for each in exposures(trial.root) if isinstance(each.last, Placed)}
    if len(set(lasts.values())) > 1:
        told = listed([f"{in_days(days)} in {arm}" for arm, days in lasts.items()])
        message = (
            f"{endpoint['id'].text} is measured at {named(stop.visit)}, which counts from the end of treatment; "
            f"the last dose is at {told}"
        )
        hint = "let the visit count from randomisation or from the first dose"
        yield Found(endpoint["visit"], message, hint, ((stop.visit["anchor"], "the anchor of the visit"),))


def _at(trial: Trial, stop: Stop) -> str:
    days = after_start(trial, stop)
    return f" ({in_days(days[0])})" if days else ""


RULES: tuple[Rule, ...] = (same_time,)
