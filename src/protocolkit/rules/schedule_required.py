"""Rule on what must come before a dose or randomisation: it is planned no later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import day_of_kind, in_days
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_BEFORE = {"dose": ("first_dose", "the first dose"), "randomisation": ("randomisation", "randomisation")}


@rule(
    "SOA13", Severity.ERROR,
    reads=("/schedule", "/design/randomisations", "/design/run_in", "/design/enrichment", "/population/inclusion",
           "/population/exclusion"),
)  # fmt: skip
def in_time(trial: Trial) -> Iterator[Found]:
    """What is required before the first dose, or before randomisation, is done by then.

    Why: a pregnancy test two weeks after the first dose protects nobody, and who is randomised after the first dose got
    it by somebody's choice.

    Applies: an activity says what it is required before, it is planned at visits with a day, and the day of the first
    dose or of randomisation follows from the file. On the same day it is in time; a visit without a day may be, and a
    second randomisation comes before other doses. Where participants are randomised once, SOA10 tells it. A criterion
    for all that is judged at a visit after the one randomisation of participants is a warning.

    Basis:
        SPIRIT 2025, 18 (M)
        internal consistency of the protocol, schedule (H)

    Fails::

        schedule:
          day_one: first_dose
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: RAND, name: randomisation, serves: [R1], required_before: dose}]
          visits: [{id: V2, anchor: first_dose, offset: 14 d, activities: [RAND]}]

    Passes::

        schedule:
          day_one: first_dose
          anchors: [{id: first_dose, kind: first_dose}]
          activities: [{id: RAND, name: randomisation, serves: [R1], required_before: dose}]
          visits: [{id: V1, anchor: first_dose, offset: 0 d, activities: [RAND]}]
    """
    told = _told_apart(trial)
    required = [
        each
        for each in trial.root["schedule"]["activities"]
        if each["required_before"].text in _BEFORE and not told & {node.text for node in each["serves"]}
    ]
    judged = [*_judged_late(trial)]
    if not required and not judged:
        raise NotApplicable("no activity is required before the first dose or randomisation")
    yield from judged
    for activity in required:
        kind, words = _BEFORE[activity["required_before"].text]
        day = day_of_kind(trial, kind)
        stops = [stop for stop in trial.timetable.stops if stop.activity(activity["id"].text) is not None]
        planned = [stop for stop in stops if stop.scheduled]
        if day is None or not planned or any(not stop.moments for stop in stops):
            continue
        first = min(planned, key=lambda stop: stop.moments[0].offset)
        if (late := first.moments[0].offset - day) > 0:
            message = f"{named(activity)} is required before {words}, and first planned at {named(first.visit)}, "
            hint = f"plan it at a visit before {words}"
            related = ((first.visit, "the visit"),)
            yield Found(activity["required_before"], f"{message}{in_days(late)} after it", hint, related)


def _judged_late(trial: Trial) -> Iterator[Found]:
    """Find criteria that are judged at a visit after participants have been randomised: told once for a visit."""
    assigned = [*trial.at("/design/randomisations")]
    if len(assigned) != 1 or assigned[0]["unit"].text not in ("", "participant"):
        return
    stop = trial.timetable.stop(assigned[0]["at"].text)
    day = stop.moments[0].offset if stop is not None and stop.moments else None
    late: dict[str, list[Node]] = {}
    for criterion in (*trial.at("/population/inclusion"), *trial.at("/population/exclusion")):
        judged = trial.timetable.stop(criterion["visit"].text)
        of_some = criterion["cohorts"] or criterion["domains"]
        if day is not None and judged is not None and judged.moments and not of_some and judged.moments[0].offset > day:
            late.setdefault(judged.visit["id"].text, []).append(criterion)
    for visit, rows in late.items():
        names = listed([row["id"].text for row in rows])
        message = f"{names}: judged at {visit}, after participants are randomised at {assigned[0]['at'].text}"
        hint = "judge who may enter before randomisation, or randomise at that visit"
        related = ((assigned[0]["at"], "the randomisation"),)
        yield Found(rows[0]["visit"], message, hint, related, severity=Severity.WARNING)


def _told_apart(trial: Trial) -> set[str]:
    """Return the randomisations that are left out: later ones, and one that SOA10 holds against the first dose."""
    listed = [each["id"].text for each in trial.at("/design/randomisations")]
    design = trial.at("/design")
    alone = len(listed) == 1 and not design["run_in"] and not design["enrichment"]
    return set(listed if alone else listed[1:])


RULES: tuple[Rule, ...] = (in_time,)
