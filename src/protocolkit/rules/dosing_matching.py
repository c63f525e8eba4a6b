"""Rules on blinding by likeness: what a placebo or comparator shares with what it is made like."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import arms, chosen
from protocolkit.dosing.times import first_day
from protocolkit.findings import Severity
from protocolkit.rules.blinding_parts import blinded_until, given_open
from protocolkit.rules.blinding_rules import unlike_rules
from protocolkit.rules.dosing_anchored import anchored
from protocolkit.rules.dosing_counts import unlike_counts, unlike_stated_volumes
from protocolkit.rules.dosing_cuts import unlike_cuts
from protocolkit.rules.dosing_ends import ending_apart, epochs_of
from protocolkit.rules.dosing_injected import unlike_sites
from protocolkit.rules.dosing_looks import unlike_looks
from protocolkit.rules.dosing_people import people, told_of
from protocolkit.rules.dosing_replaced import afterwards, are_compared, made_up, times_of
from protocolkit.rules.dosing_volumes import unlike_durations, unlike_volumes
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.trial import INERT_ROLES
from protocolkit.schedule import interventions_of
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.dosing.alternatives import Choice
    from protocolkit.rules.trial import Trial

_LIKENED = INERT_ROLES | {"active_placebo", "active_comparator"}
_SAID = ("in", "dummy", "note")
_OPEN = Decimal(27)  # days after the start of the last step, for courses that an event ends
_UNLIKE = "observer_blind"  # those who give it know what it is, as the products look different


@rule(
    "DOSE16", Severity.WARNING,
    reads=("/design/blinding", "/arms", "/interventions/*/regimen", "/interventions/*/matching",
           "/interventions/*/product", "/interventions/*/modifications", "/interventions/*/stopping_rules",
           "/interventions/*/vaccine", "/design/randomisations"),
    tags=("drug",),
)  # fmt: skip
def matching(trial: Trial) -> Iterator[Found]:
    """Where participants are blinded, a placebo or comparator is like what it stands for: looks, route, times, steps.

    Why: a tablet more in the morning, another route or a step of titration that only one arm has tells participants
    what they get. An active placebo is a medicine of its own, with reference safety information of its own.

    Applies: participants are blinded and a medicine is a placebo, sham, active placebo or active comparator. Dummy
    units, or a note on what masks the difference, under matching of either of the two answer it. Dummy units do not
    answer it where the blinded treatment of one arm ends before that of another in the same epochs, by more than the
    time between its last doses. Steps that a measured value makes due (give_when) are compared value by value where
    both have such steps on one measure, and are no sum where they exclude each other. A placebo by bands of weight or
    age changes at no value at which its likeness does not. Numbers of tablets, or of tablets per weight or surface,
    are compared where a single strength tells them, volumes where the steps of both state them, the limb of injection
    where both are said to be alike in their site; rules of change and of stopping where both list some (information
    beside an active medicine). What is given only in parts that are open label (design.blinding.by_part) is left out,
    as are days on which all arms that get either of the two are given blinded products equally often by one route, as
    where a placebo replaces only the later doses of a series; arms that no randomisation has together; the days from
    the first open epoch on, where steps are for certain arms; and the looks of what is given by people who know it
    (observer blind), of which nobody asks what it is made like. Two liquids may differ in form where syringes, bags or
    lines are said to be opaque, masked or covered; where only people who know the assignment make both up, it is told
    as information.

    Basis:
        SPIRIT 2025, 24b (H)
        TIDieR 2014, 3 (M)

    Fails::

        design: {blinding: {schema: double_blind}}
        interventions:
          - id: MEM
            kind: drug
            role: experimental
            regimen: {steps: [{id: S, dose: 5 mg, when: course, frequency: QD, from: 0 d, to: 6 d}]}
          - id: PBO
            kind: drug
            role: placebo
            matching: {to: MEM, in: [appearance]}
            regimen: {steps: [{id: S, dose: '1 {tablet}', when: course, frequency: BID, from: 0 d, to: 6 d}]}

    Passes::

        design: {blinding: {schema: double_blind}}
        interventions:
          - id: MEM
            kind: drug
            role: experimental
            matching: {dummy: evening dummy tablet in week 1}
            regimen: {steps: [{id: S, dose: 5 mg, when: course, frequency: QD, from: 0 d, to: 6 d}]}
          - id: PBO
            kind: drug
            role: placebo
            matching: {to: MEM, in: [appearance, number of tablets, times]}
            regimen: {steps: [{id: S, dose: '1 {tablet}', when: course, frequency: BID, from: 0 d, to: 6 d}]}
    """
    likened = [each for each in trial.drugs if each["role"].text in _LIKENED and not given_open(trial, each)]
    if not trial.blinds_participants or not likened:
        raise NotApplicable("participants are not blinded, or nothing stands for another medicine")
    unlike = trial.at("/design/blinding/schema").text == _UNLIKE
    told: set[frozenset[Path]] = set()
    for intervention in sorted(likened, key=lambda each: each["role"].text not in INERT_ROLES):
        partner = _partner(trial, intervention)
        pair = frozenset((intervention.path, partner.path)) if partner else frozenset()
        if partner and pair not in told:
            told.add(pair)
            yield from _differing(trial, intervention, partner)
            yield from unlike_cuts(intervention, partner)
            yield from ending_apart(trial, intervention, partner)
            yield from unlike_rules(intervention, partner)
            yield from unlike_sites(intervention, partner)
        elif not partner and not unlike and not any(intervention["matching"][key] for key in _SAID):
            message = f"participants are blinded, but {intervention['id'].text} does not say what it is made like"
            yield Found(intervention, message, "state matching {to, in}, and dummy where units differ")
        safety = intervention["pharmacology"]["reference_safety_information"]  # what it lacks inside, its shape tells
        if intervention["role"].value == "active_placebo" and not safety:
            message = f"active placebo {intervention['id'].text} has no reference safety information of its own"
            yield Found(intervention, message, "state pharmacology.reference_safety_information")


def _partner(trial: Trial, intervention: Node) -> Node | None:
    """Return the medicine that an intervention is made like, or that is made like it."""
    own = intervention["id"].text
    for other in trial.drugs:
        if other["id"].text == intervention["matching"]["to"].text or (own and other["matching"]["to"].text == own):
            return other
    return None


def _differing(trial: Trial, intervention: Node, partner: Node) -> Iterator[Found]:
    if any(each["matching"]["dummy"] for each in (intervention, partner)):
        return
    pair = f"{intervention['id'].text} differs from {partner['id'].text}, which it is made like,"
    hint = "state the dummy units under matching.dummy, or make the two alike"
    yield from unlike_looks(trial, intervention, partner, pair, hint)
    yield from _unlike_days(trial, intervention, partner, pair, hint)
    raised = partner["regimen"]["titration"]
    if (raised["step"] or raised["doses"]) and not intervention["regimen"]["titration"]:
        message = f"{pair} in titration: the steps of {partner['id'].text} are not mimicked"
        yield Found(intervention["regimen"], message, "state titration {mimics, down}, or matching.dummy")


def _unlike_days(trial: Trial, intervention: Node, partner: Node, pair: str, hint: str) -> Iterator[Found]:
    """Find days with another number of administrations; where there are none, days with other volumes."""
    related = ((partner["regimen"], "the other regimen"),)
    for choice in people(trial, intervention, partner):
        whom = told_of(choice)
        if (span := _uneven(trial, intervention, partner, choice)) is not None:
            message = f"{pair} in the number of administrations a day{whom} {span.words}"
            yield Found(intervention["regimen"], message, hint, related)
            return
        if unlike := unlike_volumes(intervention, partner, choice):
            volume, beside, day = unlike
            at = f"{plain(choice.weight or Decimal())} kg"
            message = f"{pair} in volume{whom}: {plain(volume)} mL and {plain(beside)} mL on day {day} at {at}"
            yield Found(intervention["regimen"], message, hint, related)
            return
        if lasting := unlike_durations(intervention, partner, choice):
            own, other = lasting
            message = f"{pair} in the duration of an administration{whom}: {own.text} and {other.text}"
            yield Found(own, message, hint, ((other, "the other duration"),))
            return
        given = (intervention, partner, _of_their_arms(trial, (intervention, partner), choice))
        if counted := unlike_counts(*given) or unlike_stated_volumes(*given):
            message = f"{pair} in {counted.what}{whom}: {counted.words}"
            yield Found(counted.dose, message, hint, ((counted.other, "the other dose"),))
            return


class _Span(NamedTuple):
    """The first and last day on which two are given unlike; no last one where an event ends both."""

    first: int
    last: int | None

    @property
    def words(self) -> str:
        return f"from {self.first} d on" if self.last is None else f"from {self.first} d to {self.last} d"


def _uneven(trial: Trial, intervention: Node, partner: Node, choice: Choice) -> _Span | None:
    """Return the first and last day on which the two are given a different number of times; None where they agree.

    Where steps are for certain arms, one that gets the medicine is held against one that gets its likeness, as long as
    the assignment is hidden; where that does not follow, until the first of both ends. Courses that an event ends are
    compared for some weeks.
    """
    pair = (intervention, partner)
    apart = any(arms(each["regimen"]) for each in pair)
    if not all(_given_in(trial, each) >= {*arms(each["regimen"])} for each in pair):
        return None  # DOSE21 tells it
    choices = _of_their_arms(trial, pair, choice)
    names = [each.arm for each in choices]
    event_on = _event_on(pair)
    try:
        first, second = (times_of(trial, each, whom, event_on) for each, whom in zip(pair, choices, strict=True))
    except NotComputable:
        return _uneven_from_an_anchor(trial, [*zip(pair, choices, strict=True)])
    until = _hidden_until(trial, names) if apart else Decimal("Infinity")
    if until is None or event_on is not None:
        until = min(max(first, default=0), max(second, default=0)) + Decimal(1)
    uneven = {day for day in first | second if day < until and first[day] != second[day]}
    left = sorted(uneven - (made_up(trial, pair, choice, uneven, event_on) if uneven else set()))
    if not left:
        return None
    return _Span(left[0], None if event_on is not None and left[-1] >= event_on - _OPEN else left[-1])


def _event_on(pair: tuple[Node, Node]) -> Decimal | None:
    """Return the day to compare two regimens to where an event ends each of them; None where one has an end."""
    if not all(_ends_with_event(each["regimen"]) for each in pair):
        return None
    try:
        starts = [first_day(step, each["regimen"]) for each in pair for step in each["regimen"]["steps"]]
    except NotComputable:
        return None
    return max(starts) + _OPEN


def _ends_with_event(regimen: Node) -> bool:
    """Say whether a course or the cycles of a regimen last until an event."""
    turns = regimen["repeats"]
    if turns:
        return bool(turns["until"]) and not turns["times"]
    return any(step["until"] and not step["to"] for step in regimen["steps"])


def _uneven_from_an_anchor(trial: Trial, pair: list[tuple[Node, Choice]]) -> _Span | None:
    """Return the first and last day, counted from an anchor that both share, on which the two are given unlike."""
    steps = ([step for step in chosen(each["regimen"], whom) if not afterwards(trial, step)] for each, whom in pair)
    try:
        first, second = map(anchored, steps)
    except NotComputable:  # the steps are for cohorts or ages that nobody tells
        return None
    if first is None or second is None or first.anchor != second.anchor:
        return None
    uneven = sorted(day for day in first.times | second.times if first.times[day] != second.times[day])
    return _Span(uneven[0], uneven[-1]) if uneven else None


def _hidden_until(trial: Trial, names: list[str | None]) -> Decimal | None:
    """Return the day until which two arms are to look alike; None where it does not follow, or their epochs differ."""
    pair = [trial.root["arms"].find(name or "") for name in names]
    return blinded_until(trial) if epochs_of(pair[0]) == epochs_of(pair[1]) else None


def _given_in(trial: Trial, intervention: Node) -> set[str]:
    """Return the arms that get an intervention."""
    arms_with = (a for a in trial.root["arms"] if intervention.path in {each.path for each in interventions_of(a)})
    return {arm["id"].text for arm in arms_with}


def _of_their_arms(trial: Trial, pair: tuple[Node, Node], choice: Choice) -> list[Choice]:
    """Return the choice for each of two medicines: where steps are for certain arms, in an arm that gets that one."""
    apart = any(arms(each["regimen"]) for each in pair)
    return [choice._replace(arm=_arm_of(trial, *both) if apart else None) for both in permutations(pair)]


def _arm_of(trial: Trial, intervention: Node, other: Node) -> str | None:
    """Return an arm that stands for all who get a medicine; if possible one compared with, and without, the other."""
    given, others = _given_in(trial, intervention), _given_in(trial, other)
    own = [name for name in arms(intervention["regimen"]) or sorted(given) if name in given]
    own = [name for name in own if any(are_compared(trial, name, each) for each in others)] or own
    return next((name for name in own if name not in others), own[0] if own else None)


RULES: tuple[Rule, ...] = (matching,)
