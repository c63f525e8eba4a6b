"""Rules on what counts as harm and how it is found: active ascertainment, seriousness, grades, dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.substances import require_known, substance
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_PASSIVE = {
    "spontaneous": "spontaneous reports", "open_question": "open questions", "record_review": "review of records",
}  # fmt: skip
ACTIVE = frozenset({"checklist", "instrument", "examination", "laboratory", "device"})
_ASKED = frozenset({"open_question"})
_RECORDS = frozenset({"record_review", "registry"})
# What nobody who is asked leaves out: no list of questions finds more of it.
_UNMISSED = Pattern(
    r"\b(?:deaths?|died|mortality|stillbirth|hospitali[sz]ations?|(?:re)?admissions?)\b|\bstays? in hospital\b"
    r"|\bmalignanc|\bneoplasms?\b|\b(?:second|secondary|new|other|incident) (?:primary )?(?:cancers?|tumou?rs?)\b"
    r"|(?<!\bin )(?<!\bof )(?<!\bduring )(?<!\bpost )\bpregnanc(?:y|ies)\b"
)
_ON_RECORD = Pattern(
    r"\b(?:deaths?|died|mortality|stillbirth|(?:preterm|premature) (?:birth|delivery)|low birth ?weight|miscarriage|"
    r"abortion|hospitali[sz]ation|(?:re)?admission|(?:re-?)?operation|revision|transplantation|amputation|dialysis)"
)
_SERIOUS = Pattern(r"\b(serious|seriousness|SAEs?)\b")
_CTCAE = Pattern(r"\bCTCAE\b|common terminology criteria")
_NUMBER = Pattern(r"[0-9]", exact=True)


@rule(
    "AE02", Severity.ERROR,
    reads=("/adverse_events/of_special_interest", "/adverse_events/ascertainment",
           "/schedule/visits/*/kind"),
)  # fmt: skip
def looked_for(trial: Trial) -> Iterator[Found]:
    """Each event of special interest is looked for: by a checklist, an instrument, a test or a device.

    Why: events that are only reported when a participant speaks of them are missed, and missed more often in the arm
    where nobody expects them; trials that record side effects in different ways cannot be pooled. What the library
    calls an event of special interest of a substance, from a source that was read, is asked for too.

    Applies: events of special interest are listed, or the library names some for a substance. A search of records or a
    registry at named visits or by an activity looks for events too; what no record misses (deaths, births, stays in
    hospital, operations) is found by any of these; a death, a stay in hospital, a cancer or a pregnancy by a
    question. What is looked for only at visits that are not scheduled, nor on a condition such as another finding, is
    found in those who happen to come. What an open question at visits can bring up is a warning.

    Basis:
        CONSORT Harms 2022, 6a and 6c (H)
        SPIRIT 2025, 17 (H)

    Fails::

        adverse_events:
          of_special_interest: [{id: psy, name: psychotomimetic effects}]
          ascertainment: [{event: psy, mode: spontaneous}]

    Passes::

        adverse_events:
          of_special_interest: [{id: psy, name: psychotomimetic effects}]
          ascertainment: [{event: psy, mode: instrument, activity: CADSS, visits: [INF1, INF10]}]
    """
    events = [*trial.at("/adverse_events/of_special_interest")]
    substances = [each for each in trial.tested if substance(each)]
    if not events and not substances:
        raise NotApplicable("no event of special interest is listed, and no substance is named")
    captured = _by_event(trial)
    for event in events:
        rows = captured.get(event["id"].text, [])
        modes = list(dict.fromkeys(row["mode"].text for row in rows if row["mode"].text))
        if rows and not ACTIVE & {*modes} and not any(_is_sure(event, row) for row in rows):
            told = listed([_PASSIVE.get(mode, mode) for mode in modes]) or "no stated mode"
            message = f"{named(event)} is captured by {told} only"
            hint = "add a checklist, an instrument or a test at named visits under adverse_events.ascertainment"
            weight = Severity.WARNING if _ASKED & {*modes} else None
            yield Found(event, message, hint, tuple((row, "captured here") for row in rows), severity=weight)
        elif rows and all(_by_chance(trial, row) for row in rows):
            message = f"{named(event)} is looked for only at visits that are not scheduled"
            hint = "look for it, or ask for it, at scheduled visits too"
            related = tuple((row["visits"], "looked for here") for row in rows)
            yield Found(event, message, hint, related, severity=Severity.WARNING)
    yield from _unlisted(trial, events, substances)
    if not events:
        require_known(substances, "list events of special interest, or say why there are none")


def _by_chance(trial: Trial, row: Node) -> bool:
    """Say whether something is looked for only where a participant comes by chance, and not after another finding."""
    stops = [trial.timetable.stop(node.text) for node in row["visits"]]
    if not stops or trial.at("/schedule/activities").find(row["activity"].text)["condition"]:
        return False
    return all(stop is not None and _happens(stop) for stop in stops)


def _happens(stop: Stop) -> bool:
    """Say whether a visit is not planned: neither on the schedule, nor on a condition, nor some time after an event."""
    return not stop.scheduled and not stop.visit["condition"] and not stop.visit["anchor"]


def _is_sure(event: Node, row: Node) -> bool:
    """Say whether a way that is not active finds an event all the same: in records, or because nobody misses it."""
    told = f"{event['id'].text} {event['name'].text}".replace("_", " ")
    if row["mode"].text in _RECORDS:
        return bool(row["activity"] or row["visits"] or _ON_RECORD.search(told))
    return row["mode"].text == "open_question" and _UNMISSED.search(told) is not None


def _by_event(trial: Trial) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for row in trial.at("/adverse_events/ascertainment"):
        if name := row["event"].text:
            found.setdefault(name, []).append(row)
    return found


def _unlisted(trial: Trial, events: list[Node], substances: list[Node]) -> Iterator[Found]:
    """Find what the library knows to be looked for and nothing of the adverse events speaks of."""
    if not substances:
        return
    at = trial.at("/adverse_events/of_special_interest")
    told = " ".join(node.text for event in events for node in (event[key] for key in ("id", "name", "definition")))
    told = folded(f"{told} {at['none_reason'].text}")
    for intervention in substances:
        for row, known in events_of(substance(intervention)):
            if not any(folded(name) in told for name in (row.key, *row.names)):
                message = f"{row.names[0]}: named for {substance(intervention)} and not among the events of special"
                message += f" interest ({known['source']}, confidence {known['confidence']})"
                hint = "list it with an active ascertainment, or say why it is none under of_special_interest"
                related = ((intervention["substance"], "the substance that the library knows"),)
                yield Found(at or trial.at("/adverse_events"), message, hint, related, known["confidence"])


def events_of(name: str) -> Iterator[tuple[Row, dict[str, str]]]:
    """Yield the events to look for that a source which was read names for a substance."""
    from protocolkit.library import facts  # noqa: PLC0415 - on call: most trials test no substance of the library

    known = facts.find("substances", name)
    if known is None:
        return
    for row in facts.rows("events") if known.data.get("events") else ():
        for each in row.data.get("substances", ()):
            same = folded(each["substance"]) == folded(known.key)
            if row.data.get("looked_for") and same and each["confidence"] != "L":
                yield row, each


@rule("AE04", Severity.ERROR, reads=("/adverse_events/grading", "/adverse_events/seriousness"))
def apart_from_severity(trial: Trial) -> Iterator[Found]:
    """Seriousness is judged by its six criteria, apart from the scale of severity.

    Why: a severe headache is not serious and a mild stroke is; a scale that ends in "serious" loses one of the two.
    (The schema asks for the six criteria under this code.)

    Applies: a scale of severity is named.

    Basis:
        ICH E2A, II.B: six criteria with important medical events (H)
        Regulation (EU) 536/2014, Art 2(33): five, important medical events come from guidance (M)

    Fails::

        adverse_events: {grading: {scale: 'mild, moderate, severe, serious'}}

    Passes::

        adverse_events: {grading: {scale: 'mild, moderate, severe'}}
    """
    scale = trial.at("/adverse_events/grading/scale")
    if not scale:
        raise NotApplicable("no scale of severity is named")
    if match := _SERIOUS.search(scale.text):
        message = f'the scale of severity speaks of "{match[0]}"; seriousness is no grade'
        yield Found(scale, message, "name a scale of severity, and judge seriousness by the six criteria")


@rule("AE07", Severity.ERROR, reads=("/discontinuation/reasons",))
def stopping_for_harm(trial: Trial) -> Iterator[Found]:
    """Stopping because of an adverse event is told apart from other reasons.

    Why: how many stop because of harm, by arm, is the plainest measure of tolerability, and it cannot be had afterwards
    from a field that says "withdrawn".

    Applies: reasons for stopping are listed (the schema asks for them under this code). Where clusters are randomised
    and no medicine or device is given, it is information: what stops is the cluster.

    Basis:
        CONSORT Harms 2022, 13b (losses and exclusions per arm with reasons, unchanged from 2010) (H)
        CONSORT Harms 2004, 6 (withdrawals due to harms, per arm) (H)
        ICH M11 Step 4, 7.1 and 10.7 (M)

    Fails::

        discontinuation: {reasons: [dropout, other]}

    Passes::

        discontinuation: {reasons: [adverse_event, lack_of_effect, participant_decision, loss_to_follow_up, death]}
    """
    reasons = trial.at("/discontinuation/reasons")
    texts = [node.text for node in reasons if node.text]
    if not texts:
        raise NotApplicable("no reason for stopping is listed")
    if not any(_HARM.search(text.replace("_", " ")) for text in texts):
        message = f"no reason tells stopping because of an adverse event; found {listed(texts)}"
        weight = Severity.INFO if trial.at("/design/cluster") and not _acts_on_people(trial) else None
        yield Found(reasons, message, "add adverse_event, recorded with the event and its day", severity=weight)


def _acts_on_people(trial: Trial) -> bool:
    return bool(trial.drugs) or any(each["kind"].text == "device" for each in trial.root["interventions"])


_HARM = Pattern(
    r"adverse (event|reaction|effect|device)|\bS?AEs?\b|side effect|toxicit|\bharm|intoleran|tolerab|safety|"
    r"complicat"
)


@rule("AE09", Severity.WARNING, reads=("/adverse_events/of_special_interest", "/adverse_events/coding"))
def groupings(trial: Trial) -> Iterator[Found]:
    """An event of special interest that is coded has a grouping of terms or a definition.

    Why: "liver injury" is one term in one trial and a query of a hundred terms in the next; without either the counts
    cannot be compared. (The schema asks for the version of the dictionary, under AE01.)

    Applies: a coding dictionary is named, and events of special interest are listed.

    Basis:
        MedDRA, two releases a year (H)
        SPIRIT 2025, 17 (M)

    Fails::

        adverse_events:
          coding: {dictionary: MedDRA, version_policy: current_at_database_lock}
          of_special_interest: [{id: dili, name: injury of the liver}]

    Passes::

        adverse_events:
          coding: {dictionary: MedDRA, version_policy: current_at_database_lock}
          of_special_interest:
            - {id: dili, name: injury of the liver, terms: 'Standardised MedDRA Query, narrow'}
    """
    dictionary = trial.at("/adverse_events/coding/dictionary")
    events = [*trial.at("/adverse_events/of_special_interest")]
    if not dictionary or not events:
        raise NotApplicable("no dictionary is named, or no event of special interest is listed")
    for event in events:
        if not event["terms"] and not event["definition"]:
            message = f"{named(event)} has neither a grouping of {dictionary.text} terms nor a definition"
            yield Found(event, message, "state terms, such as a standardised query with its scope, or a definition")


@rule("AE10", Severity.WARNING, reads=("/adverse_events/grading",))
def version_of_grades(trial: Trial) -> Iterator[Found]:
    """CTCAE is named with its version.

    Why: grades of several terms changed from one version to the next. A scale of three points needs no version.

    Applies: the scale of severity is CTCAE.

    Basis:
        NCI CTCAE, versions 5.0 and 6.0 (H)

    Fails::

        adverse_events: {grading: {scale: CTCAE}}

    Passes::

        adverse_events: {grading: {scale: CTCAE, version: '6.0'}}
    """
    grading = trial.at("/adverse_events/grading")
    if not _CTCAE.search(grading["scale"].text):
        raise NotApplicable("the scale of severity is not CTCAE")
    if not grading["version"] and not _NUMBER.search(grading["scale"].text):
        message = f"{grading['scale'].text} is named without its version"
        yield Found(grading["scale"], message, "state version, such as '5.0' or '6.0'")


RULES: tuple[Rule, ...] = (looked_for, apart_from_severity, stopping_for_harm, groupings, version_of_grades)
