"""Rule on the last safety contact: participants are seen until the last dose has left the body."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.contacts import COLLECTED, UNASKED, safety_contacts, ways_of_finding
from protocolkit.rules.exposure import Need, needs, needs_beside, nothing_lasts, pause, require_half_lives
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import (
    AFTER_TREATMENT,
    DOSING_DAYS,
    after_last_dose,
    anchor_kind,
    ends_after_last_dose,
    in_days,
    last_doses,
    leeway,
    open_end,
)
from protocolkit.rules.trial import named
from protocolkit.schedule import Placed, optional_epochs, shortened, study_day
from protocolkit.schedule.anchors import anchors_of
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Anchors, Stop

_WITH_TREATMENT = Pattern(
    r"(?:the )?(?:end of (?:the )?(?:trial |study )?(?:treatment|dosing|therapy|intervention)"
    r"|last (?:dose|administration))"
)
_WITHOUT = Pattern(r"\b(?:not|no|without|never|declin\w+|refus\w+|instead|other than|all others?)\b")
_FOR_GOOD = Decimal("Infinity")


@rule(
    "FU05", Severity.ERROR,
    reads=("/interventions/*/pharmacology", *DOSING_DAYS, "/schedule", "/adverse_events",
           "/design/epochs", "/arms/*/epochs"),
    tags=("drug",),
)  # fmt: skip
def safety_contact(trial: Trial) -> Iterator[Found]:
    """The last safety contact lies five half-lives or more after the last dose, and after the duration of effect.

    Why: harm that shows while the medicine is still in the body is missed when nobody asks for it any more. For
    antibodies, whose half-lives are weeks, for a comparator, which is known, and where the half-life is the library's,
    it is a warning. Where a planned
    number of courses, a week or more apart, follow each other sooner than that, as in seasonal prevention, and
    participants are seen for as long after the last course as after the others, it is information. The cycles of one
    treatment, named so, put off until criteria are met or ended by an event, are no such courses.

    Applies: a half-life is stated, or the library knows one; vaccines, genetic products, foods and allergens have none.
    Where the day of the last dose hangs on an event and no visit counts from it, the windows in which harm is collected
    are held against the half-life, if they count from the last dose. An IMP given beside what is tested, whose half-
    life is stated, is a warning, and information where it is an antibody. Those who do not enter an optional epoch have
    a last dose of their own, and are to be seen as long after it, unless optional epochs may be each other's
    alternative.

    Basis:
        FDA guidance for industry of January 2017, observation for at least five half-lives (H)
        general practice of five half-lives for other safety contacts (L)
        ICH M11 Step 4, 9.2.1 (M)

    Fails::

        interventions:
          - id: MEM
            kind: drug
            role: experimental
            pharmacology: {active_moieties: [{name: memantine, half_life: 80 h, source: label}]}
        schedule:
          anchors: [{id: last_dose, kind: last_dose}]
          activities: [{id: AE_CHECK, serves: [safety]}]
          visits: [{id: SFU, anchor: last_dose, offset: 7 d, activities: [AE_CHECK]}]

    Passes::

        interventions:
          - id: MEM
            kind: drug
            role: experimental
            pharmacology: {active_moieties: [{name: memantine, half_life: 80 h, source: label}]}
        schedule:
          anchors: [{id: last_dose, kind: last_dose}]
          activities: [{id: AE_CHECK, serves: [safety]}]
          visits: [{id: SFU, anchor: last_dose, offset: 4 wk, activities: [AE_CHECK]}]
    """
    if nothing_lasts(trial) or not trial.at("/schedule/visits"):
        raise NotApplicable("no medicine with a half-life (foods and allergens have none), or no visit is planned")
    late = [each for need in needs(trial) if (each := _watched(trial, need)).short]
    if late and all(each.stop is None for each in late) and (reason := open_end(trial)):
        yield from _by_windows(trial, max(late, key=_Watched.weight).need, reason)
        return
    if not late:
        yield from _without_extension(trial)
        yield from _beside(trial)
        require_half_lives(trial)
        return
    unlike = [each for each in late if not each.as_between_courses]
    yield _early(trial, max(unlike or late, key=_Watched.weight), Severity.INFO if not unlike else None)


class _Watched(NamedTuple):
    """How long a medicine acts, the planned day of its last dose, and how many days later participants are last seen.

    Each is None where it does not follow, or where nobody is seen; `stop` is the visit at which they are.
    """

    need: Need
    last_dose: Decimal | None
    days: Decimal | None
    stop: Stop | None

    @property
    def short(self) -> bool:
        """Whether the medicine may still act when participants are last seen."""
        return self.days is None or self.days < self.need.days

    @property
    def as_between_courses(self) -> bool:
        """Whether participants are seen for as long after its last course as after the others."""
        between = pause(self.need)
        return between is not None and self.days is not None and self.days >= between

    def weight(self) -> tuple[bool, Decimal]:
        """Return what is told first: what the protocol states, and what acts longest."""
        return not self.need.confidence, self.need.days


def _watched(trial: Trial, need: Need) -> _Watched:
    """Count from the last dose of the medicine itself, where the contact has a day and does not count from an end.

    So it is too where the last dose of another arm, as a procedure on an event, has no day.
    """
    latest, own = max(last_doses(trial), default=None), last_of(trial, trial.anchors, need)
    end = own if latest is None else latest
    return _from_own_dose(trial, _Watched(need, end, *last_contact(trial, end)), own)


def _from_own_dose(trial: Trial, watched: _Watched, own: Decimal | None) -> _Watched:
    """Return what is watched as counted from the last dose of the medicine; as it is where that does not follow."""
    fixed = _fixed(trial, watched.stop)
    if not fixed or own is None or watched.last_dose is None or watched.days is None:
        return watched
    return watched._replace(last_dose=own, days=watched.days + watched.last_dose - own)


def _fixed(trial: Trial, stop: Stop | None) -> bool:
    return stop is not None and anchor_kind(trial, stop.visit["anchor"].text) not in AFTER_TREATMENT


def last_of(trial: Trial, anchors: Anchors, need: Need) -> Decimal | None:
    """Return the day of the last dose of a medicine, as any of the interventions that are the same product."""
    given = [each["regimen"] for each in _same_product(trial, need) if anchors.is_given(each["regimen"])]
    lasts = [anchors.span(regimen).last for regimen in given]
    days = [last.days for last in lasts if isinstance(last, Placed)]
    return max(days) if days and len(days) == len(lasts) else None


def _same_product(trial: Trial, need: Need) -> list[Node]:
    name = need.medicine["id"].text
    return [need.medicine, *(each for each in trial.tested if name and each["same_product_as"].text == name)]


def _without_extension(trial: Trial) -> Iterator[Found]:
    """Find a last contact that is too early for those who do not enter an optional epoch, and stop sooner."""
    lasts = [each.last.days for _, each in shortened(trial.root) if isinstance(each.last, Placed)]
    optional = optional_epochs(trial.root)
    if not lasts or _everybody_enters_one(trial, optional):
        return
    end, own = max(lasts), anchors_of(trial.root, entered=False)
    theirs = (
        each for each in safety_contacts(trial) if each.scheduled and not optional.issuperset(each.epochs or [""])
    )
    seen = {days: stop for stop in theirs if (days := _after(trial, stop, end)) is not None and days >= 0}
    latest = max(seen, default=None)
    given = [need for need in needs(trial) if any(own.is_given(each["regimen"]) for each in _same_product(trial, need))]
    stop = None if latest is None else seen[latest]
    watched = (_from_own_dose(trial, _Watched(need, end, latest, stop), last_of(trial, own, need)) for need in given)
    late = [each for each in watched if each.short]
    if late:
        names = listed([named(epoch) for epoch in trial.root["design"]["epochs"] if epoch["id"].text in optional], "or")
        found = _early(trial, max(late, key=_Watched.weight), None)
        yield found._replace(message=f"for participants who do not enter {names}, {found.message}")


def _beside(trial: Trial) -> Iterator[Found]:
    """Find a last contact that is too early for an IMP given beside what is tested; of an antibody, as information."""
    watched = (_watched(trial, need) for need in needs_beside(trial))
    late = [each for each in watched if each.short and each.stop is not None]
    if late:
        longest = max(late, key=_Watched.weight)
        yield _early(trial, longest, Severity.INFO if longest.need.for_weeks else Severity.WARNING)


def _everybody_enters_one(trial: Trial, optional: frozenset[str]) -> bool:
    """Say whether optional epochs may be alternatives, by the conditions of their visits: nobody need skip them all."""
    own = (stop for stop in trial.timetable.of_participants if stop.epochs and optional.issuperset(stop.epochs))
    told = {(stop.epochs, stop.visit["condition"].text.casefold()) for stop in own if stop.visit["condition"]}
    conditions = {condition for _, condition in told}
    apart = len(conditions) > 1 and len({epochs for epochs, _ in told}) > 1
    return apart or any(_WITHOUT.search(condition) for condition in conditions)


def _after(trial: Trial, stop: Stop, end: Decimal | None) -> Decimal | None:
    """Return the days from a last dose to the last date of a visit; what counts from the last dose says it itself."""
    counted = anchor_kind(trial, stop.visit["anchor"].text) in AFTER_TREATMENT
    if counted and stop.visit["repeats"]["until"]["event"]:
        return _FOR_GOOD
    if counted or end is None:
        return after_last_dose(trial, stop)
    if stop.moments and trial.anchors.ends(stop.visit):
        return trial.anchors.recurring(stop.visit)[-1] - end
    return _FOR_GOOD if stop.moments and _outlasts_treatment(trial, stop) else None


def _outlasts_treatment(trial: Trial, stop: Stop) -> bool:
    """Say whether a visit that comes back until an event goes on after the last dose: no cycle does."""
    until = stop.visit["repeats"]["until"]
    in_cycles = anchor_kind(trial, stop.visit["anchor"].text) == "cycle_start" and not until
    return not in_cycles and not _WITH_TREATMENT.fullmatch((until["event"].text or until.text).strip())


def _by_windows(trial: Trial, need: Need, reason: str) -> Iterator[Found]:
    """Compare the windows of collection, where these alone count from the last dose.

    They are enough where a visit, of those who stop early too, or a way without visits finds harm as long.
    """
    windows = trial.at("/adverse_events/windows")
    ends = [windows[kind]["end"] for kind in COLLECTED if windows[kind]["end"]]
    lasting = {days: end for end in ends if (days := ends_after_last_dose(trial, end)) is not None}
    days = max(lasting, default=None)
    if days is not None and 0 < days < need.days and all(ends_after_last_dose(trial, end) is not None for end in ends):
        yield _closing(need, lasting[days], days)
    elif days is None or not (days >= need.days and _found_until(trial, need)):
        message = f"the days of the safety contacts after the last dose do not follow: {reason}"
        raise NotChecked(message, trial.at("/schedule/visits"))


def _closing(need: Need, end: Node, days: Decimal) -> Found:
    message = f"harm is collected for {in_days(days)} after the last dose; {need.words} is needed"
    hint = f"end the window {need.whole_days} or more after the last dose, with a safety contact then"
    weight = Severity.WARNING if need.for_weeks else None
    return Found(end, message, hint, ((need.at, need.what),), need.confidence, weight)


def _found_until(trial: Trial, need: Need) -> bool:
    """Say whether harm is found until a medicine has left the body, at a contact after the last dose or without any."""
    after = (
        since + leeway(stop.visit, "after")
        for stop in safety_contacts(trial)
        if (since := after_last_dose(trial, stop)) is not None
    )
    return bool(ways_of_finding(trial) & UNASKED) or any(days >= need.days for days in after)


def _early(trial: Trial, watched: _Watched, weight: Severity | None) -> Found:
    need, end, stop = watched.need, watched.last_dose, watched.stop
    when = (
        f"the last safety contact {named(stop.visit)} is {in_days(watched.days)}"
        if stop and watched.days is not None
        else "no safety contact is"
    )
    day = "" if end is None else f", that is study day {study_day(end + need.days, trial.timetable.rule)} or later"
    message = f"{when} after the last dose; {need.words} is needed{day}"
    hint = f"plan a safety contact {need.whole_days} or more after the last dose"
    at = (stop.visit["offset"] or stop.visit) if stop else trial.at("/schedule/visits")
    mild = need.for_weeks or need.medicine["role"].text == "active_comparator"
    weight = weight or (Severity.WARNING if mild else None)
    return Found(at, message, hint, ((need.at, need.what),), need.confidence, weight)


def last_contact(trial: Trial, end: Decimal | None) -> tuple[Decimal | None, Stop | None]:
    """Return the last scheduled safety contact with its days after a last dose; None where none follows it."""
    best: tuple[Decimal | None, Stop | None] = (None, None)
    for stop in safety_contacts(trial):
        days = _after(trial, stop, end) if stop.scheduled else None
        if days is not None and days >= 0 and (best[0] is None or days > best[0]):
            best = (days, stop)
    return best


RULES: tuple[Rule, ...] = (safety_contact,)
