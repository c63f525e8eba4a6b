"""Rules on consent: before everything that the trial does, and by those who may give it."""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import in_days, later, leeway, length, years
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

_BEFORE = Pattern(
    r"\b(?:before|prior to|ahead of|without)\b[^.;]{0,25}\bconsent|\bat referral\b|\bbefore (?:the )?screening\b"
)
_AFTER = Pattern(r"\bafter\b[^.;,]{0,25}\bconsent|\bat (?:the )?screening\b")
_NOT_FOR_TRIAL = Pattern(
    r"\b(?:not|never|nobody|none)\b[^.;]{0,40}\bfor (?:the |this )?(?:trial|study)\b"
    r"|\bindependent(?:ly)? of (?:the |this )?(?:trial|study)"
    r"|\b(?:routine|usual|standard|clinical) (?:care|practice|reasons?|grounds)\b|\bfor other reasons\b"
)
_EARLIER = Pattern(r"\b(?:or|earlier|before|prior|unless|already)\b")
_NO_CAPACITY = Pattern(r"capacity|incapacit|unconscious|comatose|\bcoma\b|sedated")
_MINORS = Pattern(r"\bminors?\b|child|adolesc|paediatr|pediatr|infant|neonat|newborn|\bteen|under (?:16|18)|boys|girls")
_OF_OTHERS = Pattern(r"parent|guardian|permission")  # waived for them, not for the participant
_PERMITTED = Pattern(
    r"parental (?:permission|responsibility|consent)"
    r"|(?:permission|consent) (?:of|from|by) (?:(?:an?|one|both|the|their) )?(?:parent|guardian)"
    r"|\b(?:parents?|guardians?) (?:gives?|signs?|consents?|permits?|with (?:authority|parental))"
)
_WHO_GIVES = Pattern(r"parent|guardian")  # in a key that names who consents
_ASSENT = Pattern(r"\bassent")
_BEFORE_TREATMENT = frozenset({"screening", "run_in", "washout"})
_OF_AGE = 18
_TOO_YOUNG = 3  # years below which nobody is asked for assent


@rule(
    "CONS01", Severity.ERROR,
    reads=("/schedule/visits", "/schedule/anchors", "/schedule/activities/*/serves",
           "/schedule/activities/*/routine_care", "/population/washouts",
           "/oversight/consent/waiver_or_deferral", "/design/epochs/*/duration",
           "/design/epochs/*/type"),
)  # fmt: skip
def first(trial: Trial) -> Iterator[Found]:
    """Consent comes before every procedure of the trial, and early enough to stop own medicines after it.

    Why: who stops a medicine or fasts for a trial takes part in it, and has not agreed yet. A washout of eight weeks
    that begins after consent does not end in a screening of four.

    Applies: an activity of consent is planned at a visit with a day, or medicines are stopped. Of a waiver or deferral
    with its conditions (emergencies, cluster trials) the visit of deferred consent alone is held against the latest
    time of it (a warning), and left out is what usual care does for everybody (routine_care), or a medicine that is
    said not to be stopped for the trial. A washout is held against the time before the first dose, by the visits or the
    lengths of the epochs, where it says that it begins after consent, and not that it may have begun earlier; too short
    a time is a warning, information where windows can make it long enough.

    Basis:
        ICH E6(R3), 2.8 (H)
        Ottawa statement 2012, recommendations 4 and 5 (H)
        Declaration of Helsinki 2024, paragraphs 25 and 26 (L)

    Fails::

        schedule:
          anchors: [{id: randomisation, kind: randomisation}]
          activities: [{id: CONSENT, serves: [consent]}, {id: STOP, serves: [washout]}]
          visits:
            - {id: WO, anchor: randomisation, offset: -28 d, activities: [STOP]}
            - {id: SCR, anchor: randomisation, offset: -14 d, activities: [CONSENT]}

    Passes::

        schedule:
          anchors: [{id: randomisation, kind: randomisation}]
          activities: [{id: CONSENT, serves: [consent]}, {id: STOP, serves: [washout]}]
          visits: [{id: SCR, anchor: randomisation, offset: -28 d, activities: [CONSENT, STOP]}]
    """
    waived = trial.at("/oversight/consent/waiver_or_deferral")
    if waived["kind"] and waived["conditions"] and not _OF_OTHERS.search(waived["kind"].text):
        late = [*_too_late(trial, waived["latest"])]
        yield from late
        if not late:
            raise NotApplicable("consent is waived or deferred, with conditions")
        return
    given, washouts = _given(trial), [*trial.at("/population/washouts")]
    if given is None and not washouts:
        raise NotApplicable("no activity of consent has a day, and no medicines are stopped")
    for washout in washouts:
        start = washout["start"].text
        if _BEFORE.search(start) and not _NOT_FOR_TRIAL.search(start):
            message = f'{washout["drug"].text} is stopped before consent: "{start}"'
            yield Found(washout["start"], message, "stop the participant's own medicines after consent")
    if given is None:
        return
    stop, day = given
    yield from _unfinished(trial, stop, washouts)
    for other in trial.timetable.of_participants:
        early = other.moments[0].offset if other.moments and other.scheduled else day
        taken = [each.activity["id"].text for each in other.planned if each.activity["routine_care"].value is not True]
        if early < day and taken:
            names = listed(taken)
            at = f"{named(other.visit)} ({in_days(early)})"
            message = f"{names} at {at} come before consent at {named(stop.visit)} ({in_days(day)})"
            hint = (
                "obtain consent first, state oversight.consent.waiver_or_deferral with its conditions, or mark an "
                "activity of usual care with routine_care: true"
            )
            yield Found(other.visit["activities"], message, hint, ((stop.visit, "consent"),))


def _too_late(trial: Trial, latest: Node) -> Iterator[Found]:
    """Find deferred consent whose visit can be held after the latest time at which it is asked for."""
    limit = length(latest["offset"])
    visits = [
        stop.visit
        for stop in trial.timetable.of_participants
        if any(_of_consent(each.activity) for each in stop.planned)
    ]
    after = [later(trial, visit, latest) for visit in visits]
    if limit is None or None in after:
        return  # what is counted from a time that is not planned does not compare
    days = [(limit + by, visit) for by, visit in zip(after, visits, strict=True) if by is not None]
    ends = [(day + leeway(visit, "after"), visit) for day, visit in days]
    last, visit = min(ends, key=lambda row: row[0], default=(limit, latest))
    if last > limit:
        message = (
            f"deferred consent at {named(visit)} can be asked for up to {in_days(last)}, the latest is {in_days(limit)}"
        )
        hint = "let the window of the visit end by then"
        yield Found(
            visit["window"]["after"] or visit, message, hint, ((latest, "the latest"),), severity=Severity.WARNING
        )


def _unfinished(trial: Trial, consent: Stop, washouts: list[Node]) -> Iterator[Found]:
    """Find washouts that begin after consent and take longer than there is until the first dose."""
    room, planned = _room(trial, consent)
    for washout in washouts:
        needed, told = length(washout["duration"]), washout["start"].text
        if needed is None or needed <= planned or not _AFTER.search(told) or _EARLIER.search(told):
            continue
        edge = f"; only windows that are used up make it {in_days(room)}" if needed <= room else ""
        message = (
            f"{washout['drug'].text} is stopped {told}, for {washout['duration'].text}; consent at "
            f"{named(consent.visit)} leaves {in_days(planned)} before the first dose{edge}"
        )
        hint = "plan consent earlier, or say in start that it may have been stopped before"
        weight = Severity.INFO if needed <= room else Severity.WARNING
        yield Found(washout["duration"], message, hint, ((consent.visit, "consent"),), severity=weight)


def _room(trial: Trial, consent: Stop) -> tuple[Decimal, Decimal]:
    """Return the days from consent to the first dose by visits or epochs: the most there can be, and as planned."""
    first = min((stop for stop in trial.timetable.of_participants if _starts(stop)), key=_day, default=consent)
    windows = (consent.visit["window"]["before"], first.visit["window"]["after"])
    planned = max(_day(first), Decimal(0)) - _day(consent)
    before = takewhile(lambda epoch: epoch["type"].text in _BEFORE_TREATMENT, trial.at("/design/epochs"))
    by_epochs = sum((length(epoch["duration"]) or Decimal(0) for epoch in before), Decimal(0))
    most = sum((length(each) or Decimal(0) for each in windows), planned)
    return max(most, by_epochs), max(planned, by_epochs)


def _starts(stop: Stop) -> bool:
    return bool(stop.moments) and _day(stop) >= 0


def _day(stop: Stop) -> Decimal:
    return stop.moments[0].offset


def _given(trial: Trial) -> tuple[Stop, Decimal] | None:
    """Return the first visit at which consent is given, with its day."""
    found = [
        (stop, stop.moments[0].offset)
        for stop in trial.timetable.of_participants
        if stop.moments and any(_of_consent(each.activity) for each in stop.planned)
    ]
    return min(found, key=lambda row: row[1], default=None)


def _of_consent(activity: Node) -> bool:
    return "consent" in {node.text for node in activity["serves"]}


@rule(
    "CONS02", Severity.ERROR,
    reads=("/population/age", "/population/cohorts/*/age", "/population/vulnerable_groups", "/oversight/consent"),
)  # fmt: skip
def able(trial: Trial) -> Iterator[Found]:
    """Where minors or people without capacity may enter, assent and permission or a proxy are stated, and the reason.

    Why: who cannot consent is protected by others who do, by being asked all the same, and by a reason why the trial
    cannot do without this group.

    Applies: the age limits or the vulnerable groups let people in who are under age (18 years) or lack capacity. Assent
    is not asked for where all are below 3 years of age. Permission may stand in words in the process or of a country.

    Basis:
        ICH E6(R3), 2.8 (H)
        SPIRIT 2025, 32a (H)
        Declaration of Helsinki 2024, paragraphs 19 and 20 (M)

    Fails::

        population: {age: {min: 12 a, max: 70 a}, rationale: the disease begins in adolescence}
        oversight: {consent: {by: investigator}}

    Passes::

        population: {age: {min: 12 a, max: 70 a}, rationale: the disease begins in adolescence}
        oversight: {consent: {by: investigator, assent: {ages: 12 to 17, parental_permission: one parent}}}
    """
    consent = trial.at("/oversight/consent")
    groups = [*trial.at("/population/vulnerable_groups")]
    youngest = _minors(trial)
    minors = [each for each in groups if _MINORS.search(each["group"].text)]
    unable = [each for each in groups if _NO_CAPACITY.search(each["group"].text)]
    if youngest is None and not minors and not unable:
        raise NotApplicable("nobody enters who is under age or lacks capacity")
    missing = _unsaid(trial, consent) if youngest is not None or minors else []
    if missing:
        at = youngest if youngest is not None else minors[0]
        lack = "are" if len(missing) > 1 else "is"
        message = f"{_group(youngest, minors)} may enter, and {listed(missing)} {lack} not stated"
        yield Found(consent["assent"], message, "state oversight.consent.assent", ((at, "who may enter"),))
    if unable and not consent["incapacity"]:
        message = f"{unable[0]['group'].text} may enter, and who decides for them is not stated"
        yield Found(
            consent["incapacity"], message, "state oversight.consent.incapacity", ((unable[0], "who may enter"),)
        )
    if youngest is not None and not minors and not trial.at("/population/rationale"):
        message = f"{_group(youngest, minors)} may enter, and why is not stated"
        hint = "state population.vulnerable_groups (group, justification, safeguard) or population.rationale"
        yield Found(youngest, message, hint, severity=Severity.WARNING)


def _unsaid(trial: Trial, consent: Node) -> list[str]:
    """Return what is not said of those under age: that they assent, and that somebody permits it."""
    assent, countries = consent["assent"], [*consent["per_country"]]
    told = " ; ".join([consent["process"].text, *(row["text"].text for row in countries)])
    permits = " ; ".join(row["who"].text for row in countries)
    asked = assent["ages"] or assent["none_reason"] or _ASSENT.search(f"{told} ; {permits}") or _too_young(trial)
    in_words = _WHO_GIVES.search(permits) or _PERMITTED.search(told)
    permitted = assent["parental_permission"] or assent["permission_waived"] or in_words
    return [what for what, said in (("assent", asked), ("parental permission", permitted)) if not said]


def _too_young(trial: Trial) -> bool:
    """Say whether everybody who may enter is younger than those whose assent is asked for."""
    oldest = years(trial.at("/population/age/max"))
    return oldest is not None and oldest < _TOO_YOUNG


def _group(youngest: Node | None, minors: list[Node]) -> str:
    return f"people from {youngest.text}" if youngest is not None else minors[0]["group"].text


def _minors(trial: Trial) -> Node | None:
    """Return the lowest age limit that lets minors in; None where none does."""
    limits = [trial.at("/population/age/min"), *trial.each("/population/cohorts/*/age/min")]
    for node in limits:
        age = years(node)
        if age is not None and age < _OF_AGE:
            return node
    return None


RULES: tuple[Rule, ...] = (first, able)
