"""Rule on how long harm is collected: as long as endpoints count it, and as long as a medicine stays in the body."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.adverse_events_diary import after_the_diary, diary_over, told_period
from protocolkit.rules.contacts import COLLECTED
from protocolkit.rules.exposure import Need, needs, needs_beside
from protocolkit.rules.followup_compared import arms_of
from protocolkit.rules.followup_safety import last_contact, last_of
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import (
    DOSING_DAYS,
    ends_after_last_dose,
    in_days,
    in_weeks,
    last_doses,
    later,
)
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SERIOUS = Pattern(r"serious|\bSAEs?\b|death|mortal|hospitali[sz]|fatal|surviv")
_SERIOUS_EVENTS = Pattern(r"(?<![\w-])serious (?:adverse )?(?:events?|reactions?)|\bSAEs?\b")
_OTHER_EVENTS = Pattern(r"adverse|\bevents?\b|\b(?:TE)?AEs?\b|reaction|serious|toxicit|death")
_LONGER = Pattern(r"\b(?:until|any time|beyond|later?|to the end|years?)\b")  # in words, for some of the events
# What counts adverse events as such; a death, a second cancer or a failed lesion is an outcome that is looked for.
_AS_SUCH = Pattern(
    r"adverse (?:drug |device )?(?:event|effect|reaction|experience)|\b(?:TE|S)?AEs?\b|side[- ]effects?|toxicit"
    r"|\bharms?\b|special interest|\bAESIs?\b|(?<![\w-])serious (?:events?|reactions?)"
)
_SPECIAL = Pattern(r"special interest|\bAESIs?\b|medically attended")
_ATTENDED = Pattern(r"medically attended (?:adverse )?events?|\bMAAEs?\b")
_OF_DEVICE = Pattern(
    r"(?:device|procedure|implant)[- ]related|related to the (?:device|procedure|implant)|\b(?:SADE|ADE|USADE)s?\b"
)


@rule(
    "AE17", Severity.WARNING,
    reads=("/adverse_events/windows", "/adverse_events/solicited", "/adverse_events/reporting",
           *below("/objectives/*", "endpoints", "kind", "text"), *below("/outcomes/*", "domain", "name"),
           "/arms", "/schedule/visits", "/schedule/anchors",
           "/interventions/*/pharmacology/active_moieties", *DOSING_DAYS),
)  # fmt: skip
def lasting(trial: Trial) -> Iterator[Found]:
    """Harm is collected as long as an endpoint counts it, and for five half-lives after the last dose.

    Why: an endpoint that counts events to day 90 has none from day 30 on when nobody collects them; and what happens
    while the medicine is still in the body is lost when the window has closed; of antibodies and other biologics that
    stay for more than fifty days, it is information.

    Applies: windows are stated, and an endpoint of harm has an interval or the protocol states a half-life (of the
    medicine, not the physical one of a radionuclide), which is counted from the last dose of that medicine; so it is of
    an IMP that is given beside what is tested. A window whose end does not compare with either is left out. An endpoint
    counts adverse events by its words, or an event of special interest by its name; a death, a second cancer or a
    failed lesion is looked for at visits. Where a note on the window says that some events are collected for longer,
    nothing is told. Where arms have windows of their own, an endpoint of other arms too is held against the common one;
    one of serious events alone is held against their window where that of all events is over some days after each dose.
    Medically attended events that an outcome names among others are held against their own window, where that of all
    events is no longer.
    Solicited reactions are counted after a dose no longer than they are asked for, and asked for no longer than what
    asks for them, such as a diary, is planned after the last dose; an objective tells them over as many days.

    Basis:
        ICH M11 Step 4, 9.2.1 (H)
        SPIRIT 2025, 17 (H)

    Fails::

        objectives:
          - id: O1
            kind: harm
            endpoints: [{id: E1, outcome: HARM, interval: {from: first_dose, to: {anchor: last_dose, offset: 90 d}}}]
        outcomes: [{id: HARM, name: adverse events}]
        schedule: {anchors: [{id: first_dose}, {id: last_dose}]}
        adverse_events: {windows: {AE: {start: first_dose, end: {anchor: last_dose, offset: 30 d}}}}

    Passes::

        objectives:
          - id: O1
            kind: harm
            endpoints: [{id: E1, outcome: HARM, interval: {from: first_dose, to: {anchor: last_dose, offset: 30 d}}}]
        outcomes: [{id: HARM, name: adverse events}]
        schedule: {anchors: [{id: first_dose}, {id: last_dose}]}
        adverse_events: {windows: {AE: {start: first_dose, end: {anchor: last_dose, offset: 30 d}}}}
    """
    windows = trial.at("/adverse_events/windows")
    stated = [(kind, windows[kind]["end"]) for kind in COLLECTED if windows[kind]["end"]]
    counted = [each for each in _of_harm(trial) if each["interval"]["to"]]
    lived = [need for need in needs(trial) if need.what == "the half-life" and not need.confidence]
    lived += needs_beside(trial)
    if not stated or not (counted or lived):
        raise NotApplicable("no window, or no endpoint with an interval and no half-life that asks for one")
    of_some = [
        (kind, each["end"])
        for kind in COLLECTED
        for key in ("by_arm", "by_cohort")
        for each in windows[kind][key]
        if each["end"]
    ]
    of_events = [("AESI", end) for end in trial.each("/adverse_events/of_special_interest/*/window/end")]
    yield from diary_over(trial)
    yield from told_period(trial)
    for endpoint in counted:
        yield from after_the_diary(trial, endpoint)
        told = [*_outlasting(trial, endpoint, [*stated, *_deciding(trial, endpoint, of_some), *of_events])]
        yield from told or _attended(trial, endpoint)
    yield from _too_short(trial, lived, stated)


def _deciding(trial: Trial, endpoint: Node, of_some: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """Leave out the windows of single arms where an endpoint is read in others too: for these the common one holds."""
    windows, arms = trial.at("/adverse_events/windows"), {*arms_of(trial, endpoint)}
    apart = {kind for kind in COLLECTED if arms <= {each["arm"].text for each in windows[kind]["by_arm"]}}
    return [(kind, end) for kind, end in of_some if kind in apart or "/by_cohort/" in end.pointer]


def _too_short(trial: Trial, lived: list[Need], stated: list[tuple[str, Node]]) -> Iterator[Found]:
    """Tell of the medicine that acts longest; of an antibody where the windows are long enough for all others."""
    for for_weeks in (False, True):
        alike = [need for need in lived if need.for_weeks is for_weeks]
        found = [*_closing(trial, max(alike, key=lambda need: need.days), stated)] if alike else []
        if found:
            yield from found
            return


def _closing(trial: Trial, need: Need, stated: list[tuple[str, Node]]) -> Iterator[Found]:
    """Find windows that close before a medicine has left the body; where no contact lies later, FU05 tells it."""
    since = _before_the_last(trial, need)
    early = [(kind, end, after) for kind, end in stated if (after := ends_after_last_dose(trial, end)) is not None]
    short = [row for row in early if 0 < row[2] < need.days - since]
    seen = last_contact(trial, max(last_doses(trial), default=None))[0] if short else None
    if seen is not None and seen >= need.days - since:
        _, end, _ = min(short, key=lambda row: row[2])
        kinds = listed([kind for kind, _, _ in short])
        last = f"the last dose of {named(need.medicine)}" if since else "the last dose"
        message = f"window of {kinds}: it ends {_days(short, since)} after {last}; {need.words} is needed"
        hint = f"end it {need.whole_days} or more after {last}"
        weight = Severity.INFO if need.for_weeks else None
        yield Found(end, message, hint, ((need.at, need.what),), severity=weight)


def _days(short: list[tuple[str, Node, Decimal]], since: Decimal) -> str:
    """Write how many days after the last dose windows end, each with its kind where they differ."""
    ends: dict[Decimal, list[str]] = {}
    for kind, _, after in short:
        ends.setdefault(after, []).append(kind)
    if len(ends) == 1:
        return in_days(next(iter(ends)) + since)
    return listed([f"{in_days(after + since)} ({listed(kinds)})" for after, kinds in ends.items()])


def _before_the_last(trial: Trial, need: Need) -> Decimal:
    """Return how many days before the last dose of the trial the last one of a medicine is planned; 0 if unknown."""
    own, lasts = last_of(trial, trial.anchors, need), last_doses(trial)
    return Decimal(0) if own is None or not lasts else max(Decimal(0), max(lasts) - own)


def _of_harm(trial: Trial) -> Iterator[Node]:
    harms = {o["id"].text for o in trial.root["outcomes"] if o["domain"].text == "symptoms_and_adverse_events"}
    for objective in trial.root["objectives"]:
        for endpoint in objective["endpoints"]:
            if objective["kind"].text == "harm" or endpoint["outcome"].text in harms:
                yield endpoint


def _outlasting(trial: Trial, endpoint: Node, stated: list[tuple[str, Node]]) -> Iterator[Found]:
    """Find an endpoint that counts events after the windows of such events have closed."""
    to = endpoint["interval"]["to"]
    stated = _counting(trial, endpoint, stated)
    shorter = [(kind, end, by) for kind, end in stated if (by := later(trial, to, end)) is not None]
    if not shorter or len(shorter) < len(stated) or any(by <= 0 for _, _, by in shorter):
        return
    kind, end, by = min(shorter, key=lambda row: row[2])
    after = ends_after_last_dose(trial, end)
    if after is not None and after <= 0:
        return  # AE06 tells it
    message = f"{endpoint['id'].text} counts events {in_weeks(by)} longer than they are collected (window of {kind})"
    yield Found(to, message, "collect events as long as the endpoint counts them", ((end, "the end of the window"),))


def _attended(trial: Trial, endpoint: Node) -> Iterator[Found]:
    """Find medically attended events that an endpoint names among others, and counts after their window has closed."""
    windows, kind = trial.at("/adverse_events/windows"), "medically_attended"
    own, every = windows[kind], windows["AE"]
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    if not _ATTENDED.search(outcome["name"].text) or own["by_arm"] or own["by_cohort"] or _goes_on(trial, kind):
        return
    to = endpoint["interval"]["to"]
    by, beside = later(trial, to, own["end"]), later(trial, to, every["end"])
    elsewhere = every["end"] and not every["after_each_dose"] and (beside is None or beside <= 0)
    if by is not None and by > 0 and not elsewhere:
        message = (
            f"{endpoint['id'].text} counts medically attended events {in_weeks(by)} longer than they are collected"
        )
        hint = "collect them as long as the endpoint counts them, or leave them out of it"
        yield Found(to, message, hint, ((own["end"], "the end of their window"),))


def _counting(trial: Trial, endpoint: Node, stated: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """Return the windows in which what an endpoint counts is collected: serious events among all events, or apart.

    None where it does not count adverse events as such, and where words may say that they are collected for longer.
    """
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    words = " ".join(part.text for part in (outcome["name"], endpoint["threshold"], outcome["measurement"]))
    events = trial.at("/adverse_events/of_special_interest")
    special = {folded(each[key].text) for each in events for key in ("id", "name")} - {""}
    own = {folded(outcome["name"].text), folded(outcome["id"].text), folded(endpoint["threshold"].text)}
    counts = _AS_SUCH.search(f"{outcome['name'].text} {endpoint['threshold'].text}")
    if not own & special and not counts:
        return []
    wanted = {"AESI"} if own & special else {"AE"}
    if not own & special and (_SPECIAL.search(words) or any(name in folded(words) for name in special)):
        wanted.add("AESI")
    if _SERIOUS.search(words):
        wanted.add("SAE")
    if _OF_DEVICE.search(words):
        wanted.add("device_related")
    if any(_goes_on(trial, kind) for kind in wanted):
        return []
    fitting = [(kind, end) for kind, end in stated if kind in wanted]
    alone = [row for row in fitting if row[0] == "SAE"] if _of_serious_alone(outcome, endpoint) else []
    return (alone if trial.at("/adverse_events/windows/AE/after_each_dose") else []) or fitting or stated


def _of_serious_alone(outcome: Node, endpoint: Node) -> bool:
    """Say whether serious events are all that an endpoint counts, by its name and by what it counts."""
    words = f"{outcome['name'].text} ; {endpoint['threshold'].text}"
    return bool(_SERIOUS_EVENTS.search(words)) and not _OTHER_EVENTS.search(_SERIOUS_EVENTS.sub("", words))


def _goes_on(trial: Trial, kind: str) -> bool:
    """Say whether words beside a window, or about its reports, tell that some events are collected for longer."""
    rows = [row for row in trial.at("/adverse_events/reporting") if row["event"].text == kind]
    told = (trial.at(f"/adverse_events/windows/{kind}/note"), *(row["scope"] for row in rows))
    return any(_LONGER.search(node.text) for node in told)


RULES: tuple[Rule, ...] = (lasting,)
