"""Rules on what is watched for harm: instruments around a dose, monitoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.findings import Severity
from protocolkit.rules.adverse_events import events_of
from protocolkit.rules.matching import Told
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.substances import require_facts, row_of, silent_on, substance
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Planned

# A laboratory activity of any content, and what no laboratory measures.
_GENERAL = Pattern(r"laborator|\bblood (test|sample|draw)|safety (lab|blood)|\bbloods\b|panel")
_NO_LABORATORY = "ECG blood pressure weight sedation dissociation suicidality vision hearing"
# What shows a sign that is watched for, where the words of the two differ.
_SHOWN_BY = (
    (
        Pattern(r"brady|tachycard|arrhythm|palpitation|heart (?:rate|rhythm|block)|\bpulse|\bAV (?:block|conduction)"),
        Pattern(r"electrocardio|\b(?:ECG|EKG)|holter|telemetry|vital signs|heart rate|\bpulse\b"),
    ),
    (
        Pattern(r"anaphyla|hypersens|allergic|immediate|syncop|(?:infusion|injection)(?:[- ]related)? reaction|faint"),
        Pattern(r"\bobserv(?:ed|ation)\b"),
    ),
)
_OBSERVED = "observation after the dose"
_MOMENTS = ("before the dose", "at the expected peak", "before discharge")


@rule(
    "AE03", Severity.WARNING,
    reads=(
        "/schedule", "/interventions/*/substance", "/interventions/*/regimen/steps", "/adverse_events/ascertainment",
    ),
    tags=("drug",),
)  # fmt: skip
def around_the_dose(trial: Trial) -> Iterator[Found]:
    """An effect that comes and goes with a dose is measured before it, at its peak and before discharge.

    Why: dissociation after ketamine rises and falls within hours; a scale at the next visit finds nothing.

    Applies: a supervised dose of a substance for which the library names an instrument for such an effect.

    Basis:
        published programmes of esketamine and ketamine, dissociation schedule (M)

    Fails::

        interventions:
          - id: KET
            kind: drug
            role: experimental
            substance: ketamine
            regimen: {steps: [{id: S, when: once, from: 0 d, supervised: true}]}
        schedule:
          activities: [{id: CADSS, name: CADSS, serves: [safety]}, {id: DOSE, kind: dose, serves: [KET]}]
          visits: [{id: BL, activities: [CADSS]}, {id: INF1, activities: [DOSE]}]

    Passes::

        interventions:
          - id: KET
            kind: drug
            role: experimental
            substance: ketamine
            regimen: {steps: [{id: S, when: once, from: 0 d, supervised: true}]}
        schedule:
          activities: [{id: CADSS, name: CADSS, serves: [safety]}, {id: DOSE, kind: dose, serves: [KET]}]
          visits:
            - id: INF1
              activities:
                - DOSE
                - {id: CADSS, timepoints: [{relative_to: dose_start, offset: -15 min},
                   {relative_to: dose_start, offset: 40 min}, {relative_to: dose_end, offset: 60 min}]}
    """
    given = [each for each in trial.tested if any(s["supervised"].value is True for s in each["regimen"]["steps"])]
    wanted = [(each, row, hint) for each in given for row, hint in _suggested(substance(each))]
    if not wanted or not trial.at("/schedule/visits"):
        raise NotApplicable("no supervised dose is of a substance with an instrument in the library")
    hints = {row.key: (row, hint["instruments"]) for _, row, hint in wanted}
    measured = {key: _measured(trial, row, instruments) for key, (row, instruments) in hints.items()}
    for intervention, row, hint in wanted:
        names = [name.replace("_PLUS", "+") for name in hint["instruments"]]
        held = measured[row.key]
        missing = [moment for moment, there in zip(_MOMENTS, _moments(held), strict=True) if not there]
        if missing:
            found = listed([*dict.fromkeys(named(planned.activity) for planned in held)]) if held else "nothing"
            message = (
                f"{substance(intervention)}: {row.names[0]} are to be measured {listed(missing)}; found {found} "
                f"(the library suggests {listed(names, 'or')}: {hint['source']}, confidence {hint['confidence']})"
            )
            at = held[0].entry if held else trial.at("/schedule/activities")
            related = ((intervention["substance"], "the substance that the library knows"),)
            yield Found(at, message, "add time points relative to dose_start and dose_end", related, hint["confidence"])


def _suggested(name: str) -> Iterator[tuple[Row, dict[str, Any]]]:
    for row, _ in events_of(name) if name else ():
        for hint in row.data.get("instruments", ()):
            if folded(hint["substance"]) == folded(name) and hint["confidence"] != "L":
                yield row, hint


def _measured(trial: Trial, row: Row, instruments: list[str]) -> list[Planned]:
    """Return where an event is measured: activities that its ascertainment names, and those named as the instrument."""
    events = [
        event["id"].text
        for event in trial.at("/adverse_events/of_special_interest")
        if any(folded(name) in folded(f"{event['id'].text} {event['name'].text}") for name in (row.key, *row.names))
    ]
    rows = [each for each in trial.at("/adverse_events/ascertainment") if each["event"].text in events]
    named_here = {each["activity"].text for each in rows if each["mode"].text == "instrument"} - {""}
    known = {folded(name) for name in instruments}
    here = {
        activity["id"].text
        for activity in trial.root["schedule"]["activities"]
        if activity["id"].text in named_here
        or any(name in folded(f"{activity['id'].text} {activity['name'].text}") for name in known)
    }
    return [
        planned for stop in trial.timetable.stops for planned in stop.planned if planned.activity["id"].text in here
    ]


def _moments(held: list[Planned]) -> tuple[bool, bool, bool]:
    """Say whether something is measured before a dose, during or soon after its start, and after its end."""
    points = [(point["relative_to"].text, point["offset"].text) for planned in held for point in planned.timepoints]
    before = any(offset.startswith("-") for _, offset in points)
    after = [to for to, offset in points if offset and not offset.startswith("-")]
    late = "dose_end" in after or len(after) > 1
    return before, bool(after), late


@rule(
    "AE14", Severity.WARNING,
    reads=(
        "/interventions/*/pharmacology/monitoring", "/interventions/*/substance", "/interventions/*/discharge",
        "/interventions/*/vaccine/observation", "/schedule", "/appendices",
    ),
    tags=("drug",),
)  # fmt: skip
def monitored(trial: Trial) -> Iterator[Found]:
    """What is to be monitored is measured at some visit.

    Why: a protocol that asks for serum magnesium on one page and never draws it on another protects nobody. Parameters
    are recognised by their words in activities, laboratory tests and samples; a slow pulse by an electrocardiogram too,
    and an immediate reaction by the observation after the dose.

    Applies: pharmacology.monitoring is stated, or the library names monitoring from a source that was read.

    Basis:
        product labels, warnings and precautions (M)

    Fails::

        interventions:
          - id: MAG
            kind: drug
            role: experimental
            pharmacology: {monitoring: [serum magnesium]}
        schedule:
          activities: [{id: HR, name: pulse, serves: [safety]}]
          visits: [{id: INF1, activities: [HR]}]

    Passes::

        interventions:
          - id: MAG
            kind: drug
            role: experimental
            pharmacology: {monitoring: [serum magnesium]}
        schedule:
          activities: [{id: HR, name: pulse, serves: [safety]}, {id: MG, name: magnesium in serum, serves: [safety]}]
          visits: [{id: INF1, activities: [HR, MG]}]
    """
    medicines = [each for each in trial.tested if each["pharmacology"]["monitoring"] or substance(each)]
    if not medicines or not trial.at("/schedule/visits"):
        raise NotApplicable("no monitoring is stated and no substance is named, or no visit is planned")
    done = " ; ".join(_done(trial))
    silent = silent_on(medicines, "monitoring")
    found = [finding for each in medicines for finding in _unmeasured(trial, each, done)]
    for each in silent:
        observed = f" ; {_OBSERVED}" if each["discharge"] else ""
        found += _unwatched(each, Told(done + observed))
    yield from found
    if not found:
        require_facts(silent if silent == medicines else ())


def _unmeasured(trial: Trial, intervention: Node, done: str) -> Iterator[Found]:
    """Find what the protocol says is monitored and nothing at a visit measures."""
    unlisted, elsewhere, measured = _unlisted_laboratory(trial), Told(_NO_LABORATORY), Told(done)
    watched = f"{done} ; {_OBSERVED}" if _observed_after(intervention) else done
    for node in intervention["pharmacology"]["monitoring"]:
        for part in (part.strip() for part in node.text.split(",")):
            if not part or measured.speaks_of(part) or (unlisted and not elsewhere.speaks_of(part)):
                continue
            if not (_shown(part, watched) or Told(" ; ".join(_served(trial))).speaks_of(part)):
                message = f"{named(intervention)}: nothing at a visit measures what is to be monitored: {part}"
                yield Found(node, message, "add an activity for it at visits, or name it in the laboratory tests")


def _observed_after(intervention: Node) -> bool:
    return bool(intervention["vaccine"]["observation"] or intervention["discharge"])


def _shown(sign: str, done: str) -> bool:
    """Say whether something that is done shows a sign by other words than its own."""
    return any(wanted.search(sign) and by.search(done) for wanted, by in _SHOWN_BY)


def _done(trial: Trial) -> Iterator[str]:
    """Yield the words of everything that is measured at a visit."""
    done = {planned.activity["id"].text for stop in trial.timetable.stops for planned in stop.planned}
    for activity in trial.root["schedule"]["activities"]:
        if activity["id"].text in done:
            kind = "imaging" if activity["kind"].text == "imaging" else ""
            yield " ".join(
                (activity["id"].text, activity["name"].text, kind, *(item.text for item in activity["items"]))
            )
    for test in trial.at("/appendices/laboratory_tests"):
        if test["activity"].text in done:
            yield " ".join(node.text for node in test["analytes"])
    for sample in trial.at("/appendices/samples"):
        if sample["activity"].text in done:
            yield sample["type"].text


def _served(trial: Trial) -> Iterator[str]:
    """Yield the words of what is done at visits for outcomes and events, and how these are looked for."""
    done = {planned.activity["id"].text for stop in trial.timetable.stops for planned in stop.planned}
    events = trial.at("/adverse_events/of_special_interest")
    for activity in trial.root["schedule"]["activities"]:
        for served in activity["serves"] if activity["id"].text in done else ():
            for found in (trial.root["outcomes"].find(served.text), events.find(served.text)):
                yield " ".join(found[key].text for key in ("name", "definition", "terms", "measurement"))
    for row in trial.at("/adverse_events/ascertainment"):
        if row["activity"].text in done:
            yield f"{row['wording'].text} {events.find(row['event'].text)['name'].text}"


def _unlisted_laboratory(trial: Trial) -> bool:
    """Say whether a laboratory activity is done of which nothing says what it measures, so that it may be anything."""
    listed_ones = {test["activity"].text for test in trial.at("/appendices/laboratory_tests") if test["analytes"]}
    return any(
        planned.activity["kind"].text == "laboratory"
        and planned.activity["id"].text not in listed_ones
        and _GENERAL.search(planned.activity["name"].text)
        for stop in trial.timetable.stops
        for planned in stop.planned
    )


def _unwatched(intervention: Node, done: Told) -> Iterator[Found]:
    row = row_of(intervention)
    for each in row.data.get("monitoring", ()) if row else ():
        names = [each["name"], *each.get("instruments", ())]
        if each["confidence"] != "L" and not any(done.speaks_of(name) for name in names):
            when = f" ({each['when']})" if each.get("when") else ""
            message = (
                f"{substance(intervention)}: {each['name']}{when} is measured at no visit; the library has it from "
                f"{each['source']}, confidence {each['confidence']}"
            )
            hint = "add an activity, or state pharmacology.monitoring with what this trial monitors"
            yield Found(intervention["substance"] or intervention, message, hint, confidence=each["confidence"])


RULES: tuple[Rule, ...] = (around_the_dose, monitored)
