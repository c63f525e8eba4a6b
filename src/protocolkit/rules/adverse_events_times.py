"""Rules on when harm is collected and how fast it is reported."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.dosing.times import anchor_words
from protocolkit.findings import Severity
from protocolkit.quantities import QuantityError, convert
from protocolkit.rules.adverse_events_before import uncollected
from protocolkit.rules.adverse_events_sponsor import slow_sponsor
from protocolkit.rules.contacts import COLLECTED
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.times import (
    AFTER_TREATMENT,
    DOSING_DAYS,
    anchor_kind,
    anchor_of,
    in_days,
    last_from,
    lasts_before,
    length,
    open_end,
)
from protocolkit.schedule import days_later
from protocolkit.values import NamedTuple
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# The European Economic Area: Regulation (EU) 536/2014 has EEA relevance.
EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_DAY_IN_HOURS = Decimal(24)
_ORDER = ("consent", "randomisation", "first_dose", "last_dose")
_DEFICIENCY = "device_deficiency"  # of what is out of use after the last dose
_KINDS = (*COLLECTED, _DEFICIENCY, "pregnancy")
_AT_LAST = "ends with the last dose"


class Law(NamedTuple):
    """What a law asks of the investigator who learns of a serious adverse event, and where it speaks of the sponsor."""

    name: str
    asks: str
    severity: Severity
    of_sponsors: str


_EU = "Regulation (EU) 536/2014"
_LAWS = {
    "EU": Law(
        "Regulation (EU) 536/2014, Art 41(2)",
        "no later than 24 h",
        Severity.ERROR,
        "Regulation (EU) 536/2014, Art 42(2)",
    ),
    "UK": Law("SI 2004/1031, regulation 32", "immediately", Severity.WARNING, "SI 2004/1031, regulation 33"),
    "US": Law("21 CFR 312.64", "immediately", Severity.WARNING, "21 CFR 312.32(c)"),
}


@rule(
    "AE05", Severity.ERROR,
    reads=("/trial/regions", "/adverse_events/reporting", "/interventions/*/kind", "/interventions/*/role"),
    tags=("drug",),
)  # fmt: skip
def clock(trial: Trial) -> Iterator[Found]:
    """Serious adverse events reach the sponsor within the time that the law of each region gives.

    Why: the clocks of the sponsor start when the investigator knows. The European Union gives 24 hours; the United
    Kingdom and the United States ask for immediate reports, where more than 24 hours is a warning. (The clocks of the
    sponsor towards authorities follow from the regions and are not asked; one that is stated is held against 15 days,
    and as information against the 7 of what is fatal or life-threatening.)

    Applies: a region is stated, a medicine is tested, and events are reported. Devices follow their own law.

    Basis:
        Regulation (EU) 536/2014, Art 41(2) and 42 (H)
        UK SI 2004/1031 as amended by SI 2025/538, regulation 32 (investigator) and 33 (SUSAR) (H) https://www.legislation.gov.uk/uksi/2004/1031
        21 CFR 312, 312.32 and 312.64 (H)

    Fails::

        trial: {regions: [{country: DE}]}
        interventions: [{id: A, kind: drug, role: experimental}]
        adverse_events: {reporting: [{event: SAE, from: investigator, to: sponsor, clock: 72 h}]}

    Passes::

        trial: {regions: [{country: DE}]}
        interventions: [{id: A, kind: drug, role: experimental}]
        adverse_events: {reporting: [{event: SAE, from: investigator, to: sponsor, clock: 24 h}]}
    """
    regions = [(region, law) for region in trial.at("/trial/regions") if (law := _law(region))]
    rows = [*trial.at("/adverse_events/reporting")]
    if not regions or not rows or not trial.tested:
        raise NotApplicable("no region with a known clock is stated, no event is reported, or no medicine is tested")
    laws = {law.name: (law, [each for each, own in regions if own is law]) for _, law in regions}
    serious = [row for row in rows if row["event"].text == "SAE" and not beyond_sponsor(row)]
    if not serious:
        message = "no row says how fast an investigator reports a serious adverse event to the sponsor"
        yield Found(trial.at("/adverse_events/reporting"), message, "add a row for SAE with clock: 24 h")
    for row in serious:
        hours = in_hours(row["clock"])
        for law, places in laws.values() if hours is not None and hours > _DAY_IN_HOURS else ():
            told = listed(list(dict.fromkeys(place["country"].text for place in places)))
            message = f"{told}: SAE to the sponsor within {row['clock'].text}; {law.name} asks for it {law.asks}"
            hint = "state 24 h or less, and list events that need no immediate report with the reason"
            yield Found(row["clock"], message, hint, ((places[0], "the region"),), severity=law.severity)
    yield from slow_sponsor(
        [row for row in rows if beyond_sponsor(row)], listed([law.of_sponsors for law, _ in laws.values()])
    )


def _law(region: Node) -> Law | None:
    stated, country = region["reporting_rules"].text, region["country"].text
    if stated:
        return _LAWS.get(stated)
    return _LAWS.get("EU" if country in EEA else {"GB": "UK", "US": "US"}.get(country, ""))


def beyond_sponsor(row: Node) -> bool:
    """Say whether a row tells of reports that do not come from a site: those of the sponsor to an authority."""
    return "sponsor" in row["from"].text.casefold()


def in_hours(node: Node) -> Decimal | None:
    """Return a duration in hours; None where it is none."""
    found = quantity(node)
    try:
        return convert(found, "h").value if found else None
    except QuantityError:
        return None


@rule(
    "AE06", Severity.ERROR,
    reads=("/adverse_events/windows", "/population/washouts", "/arms", "/schedule", *DOSING_DAYS),
)  # fmt: skip
def windows(trial: Trial) -> Iterator[Found]:
    """Each window of collection ends after the last dose, and serious events are not collected later than others.

    Why: events of the last days of treatment are lost when the window closes with the last dose, and a window for
    serious events that opens after that for all events contradicts it. Serious events before the first dose, by a
    washout or a biopsy, need either a window from consent or a note; where it opens at another time, and such a thing
    is planned before, it is information. (The schema asks for the windows under this code.)

    Applies: windows are stated. Where participants are treated until their last visit and a window lasts as long, it is
    a warning, and none where the note of the window says how that is meant. The window of a single arm counts from
    the last dose of the arm, and the common one from that of the other arms.

    Basis:
        ICH M11 Step 4, 9.2.1 (H)
        SPIRIT 2025, 17 (H)

    Fails::

        schedule: {anchors: [{id: consent}, {id: first_dose}, {id: last_dose}]}
        adverse_events:
          windows:
            AE: {start: consent, end: {anchor: last_dose, offset: 30 d}}
            SAE: {start: first_dose, end: {anchor: last_dose, offset: 30 d}}

    Passes::

        schedule: {anchors: [{id: consent}, {id: first_dose}, {id: last_dose}]}
        adverse_events:
          windows:
            AE: {start: first_dose, end: {anchor: last_dose, offset: 30 d}}
            SAE: {start: consent, end: {anchor: last_dose, offset: 30 d}}
    """
    windows = trial.at("/adverse_events/windows")
    stated = [(kind, windows[kind]) for kind in _KINDS if windows[kind]["start"] or windows[kind]["end"]]
    if not stated:
        raise NotApplicable("no window is stated")
    late = [*_late_start(trial, windows)]
    open_ones = [kind for kind, window in stated if _is_open(trial, window["end"])]
    if open_ones and not late and (reason := open_end(trial)):
        message = f"whether the window of {listed(open_ones)} ends after the last dose does not follow: {reason}"
        raise NotChecked(message, windows)
    for kind, window in stated:
        problem = _ends_early(trial, window["end"])
        if problem is None or (kind == _DEFICIENCY and problem.startswith(_AT_LAST)):
            continue
        if not _ends_participation(trial, window["end"]):
            yield Found(window["end"], f"window of {kind}: it {problem}", "end it a stated time after the last dose")
        elif not window["note"]:
            message = f"window of {kind}: it {problem}, and so does participation"
            hint = "end both a stated time after the last dose, or say in note that treatment goes on after the trial"
            yield Found(window["end"], message, hint, severity=Severity.WARNING)
    yield from late
    yield from _of_arms(trial, stated)


def _of_arms(trial: Trial, stated: list[tuple[str, Node]]) -> Iterator[Found]:
    """Find windows of single arms that end with the last dose of the arm or before it."""
    for kind, end in ((kind, each["end"]) for kind, window in stated for each in window["by_arm"]):
        after = length(end["offset"]) if end["offset"] else Decimal(0)
        if anchor_kind(trial, anchor_of(end)) in AFTER_TREATMENT and after is not None and after <= 0:
            message = f"window of {kind} in an arm: it {_at_or_before(after)}"
            yield Found(end, message, "end it a stated time after the last dose of the arm")


def _ends_participation(trial: Trial, end: Node) -> bool:
    """Say whether a window that ends on a day of its own lasts until the last visit that is planned, or longer."""
    days = trial.anchors.offsets(anchor_of(end))
    visits = [moment.offset for stop in trial.timetable.of_participants if stop.scheduled for moment in stop.moments]
    early = anchor_kind(trial, anchor_of(end)) in AFTER_TREATMENT
    return (
        not early and bool(days and visits) and days_later(days[-1], length(end["offset"]) or Decimal(0)) >= max(visits)
    )


def _is_open(trial: Trial, end: Node) -> bool:
    """Say whether a window ends on a day of its own, so that the day of the last dose has to be known.

    Nothing is given once the trial has ended for everybody.
    """
    kind = anchor_kind(trial, anchor_of(end))
    at_end = kind == "study_end" and (not end["offset"] or (length(end["offset"]) or 0) >= 0)
    return bool(trial.anchors.offsets(anchor_of(end))) and kind not in AFTER_TREATMENT and not at_end


def _ends_early(trial: Trial, end: Node) -> str | None:
    """Say how a window ends too early; None where it ends after the last dose or no day follows."""
    anchor, offset = anchor_of(end), length(end["offset"])
    lasts = lasts_before(trial, end)
    if anchor_kind(trial, anchor) in AFTER_TREATMENT:
        after = Decimal(0) if offset is None and not end["offset"] else offset
        return None if after is None or after > 0 else _at_or_before(after)
    days = trial.anchors.offsets(anchor)
    if end["offset"] and offset is None:
        return None
    if not days and (last := last_from(trial, anchor)) is not None:
        after = (offset or 0) - last
    elif days and lasts:
        after = days_later(days[-1], offset or Decimal(0)) - max(lasts)
    else:
        return None
    expected = ", as expected" if trial.anchors.expected(anchor) else ""
    return None if after > 0 else _at_or_before(after) + expected


def _at_or_before(after: Decimal) -> str:
    return _AT_LAST if after == 0 else f"ends {in_days(-after)} before the last dose"


def _late_start(trial: Trial, windows: Node) -> Iterator[Found]:
    start, other = windows["SAE"]["start"], windows["AE"]["start"]
    if not start:
        return
    if (late := _later(trial, start, other)) is not None:
        message = f"window of SAE: it opens{late} after the window of AE ({_said(start)}, not {_said(other)})"
        hint = "collect serious events from the start of the window of AE or earlier"
        yield Found(start, message, hint, ((other, "the window of AE"),))
    elif anchor_kind(trial, anchor_of(start)) == "first_dose" and not windows["SAE"]["note"]:
        message = "window of SAE: serious events between consent and the first dose are not covered"
        hint = "start it at consent, or say in note how events caused by trial procedures are reported"
        yield Found(start, message, hint, severity=Severity.WARNING)
    else:
        yield from uncollected(trial, windows["SAE"])


def _later(trial: Trial, one: Node, other: Node) -> str | None:
    """Return how much later a time is than another, in words; None where it is not, or cannot be told."""
    pair = [(trial.anchors.offsets(anchor_of(each)), length(each["offset"]) or Decimal(0)) for each in (one, other)]
    if pair[0][0] and pair[1][0]:
        by = pair[0][0][0] + pair[0][1] - pair[1][0][0] - pair[1][1]
        return f" {plain(by)} d" if by > 0 else None
    ranks = [_rank(trial, each) for each in (one, other)]
    return "" if None not in ranks and ranks[0] > ranks[1] else None  # type: ignore[operator]


def _rank(trial: Trial, time: Node) -> int | None:
    kind = anchor_kind(trial, anchor_of(time))
    return _ORDER.index(kind) if kind in _ORDER else None


def _said(time: Node) -> str:
    told = anchor_words(time.document.root, anchor_of(time))
    return f"{told} + {time['offset'].text}" if time["offset"] else told


RULES: tuple[Rule, ...] = (clock, windows)
