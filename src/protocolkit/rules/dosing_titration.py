"""Rule on titration: what it states, and that its steps, target and interval agree."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, course
from protocolkit.dosing.alternatives import whom
from protocolkit.dosing.amounts import amount_unit, expressed, quantity
from protocolkit.dosing.course import ANYBODY
from protocolkit.findings import Severity
from protocolkit.rules.dosing import in_a_day, per_day
from protocolkit.rules.dosing_pauses import pauses
from protocolkit.rules.dosing_targets import at_the_start, often_above, too_few_days, unlike_doses
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import in_days, length
from protocolkit.rules.trial import INERT_ROLES, TESTED_ROLES
from protocolkit.values import NamedTuple
from protocolkit.words import listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_TITRATION = ("step", "min_interval", "target", "down", "if_target_not_reached")
_ALTERNATIVES = ("arms", "cohorts", "level", "band")  # steps that differ in one of them are given to different people
_OF_STEPS = frozenset({"step", "min_interval", "target"})
_TESTED = TESTED_ROLES | {""}
_APART = 7  # days between doses of one course: those of a week
_INSTEAD = {
    "step": ("rules", "doses"), "down": ("rules",), "target": ("target_measure", "doses"),
    "if_target_not_reached": ("rules",),
}  # fmt: skip


@rule("DOSE08", Severity.WARNING, reads=("/interventions/*/regimen",), tags=("drug",))
def titration(trial: Trial) -> Iterator[Found]:
    """A titration says step, shortest interval, target, how to go down, and what if the target is not reached.

    Why: "titrated as tolerated" gives each site its own dose, and nobody can say what the trial compared.

    Applies: titration is declared, or the dose of a course rises from step to step until its end or a fall. Doses of
    certain days, of cycles, or of a treatment beside the one that is tested are a plan and no titration. Steps that
    rise, for everybody or for each band, age or cohort, tell step, interval, target and duration by themselves, and
    where titration tells them too, for all or by cohort, both agree. A measured target stands for a target dose; a
    table of rules for the step, the way down and what is done short of the target. Where steps are of different sizes,
    the doses stand for step and target: they rise, and the last is the target and within the highest dose. A placebo
    that mimics another intervention needs none, nor does a vaccine. Fewer days without a dose than a step lasts,
    between daily steps that otherwise follow one another, are told, as is a target that is the dose to start with, or
    one that the steps, the shortest interval apart, do not reach while titration, or the course, lasts.

    Basis:
        TIDieR 2014, 9 (H)
        SPIRIT 2025, 15a and 15b (H)

    Fails::

        interventions:
          - {id: MEM, kind: drug, regimen: {titration: {target: 20 mg/d}}}

    Passes::

        interventions:
          - id: MEM
            kind: drug
            regimen:
              titration: {step: 5 mg/d, min_interval: 7 d, target: 20 mg/d, down: one step back for 7 d,
                if_target_not_reached: stay on 10 mg/d}
    """
    titrated = [each for each in trial.drugs if _is_raised(each) or _declared(each)]
    concerned = [(each, _rises(each) or _rise_for_each(each)) for each in titrated]
    if not concerned:
        raise NotApplicable("no dose is titrated")
    for intervention, rises in concerned:
        yield from _unlike_steps(intervention)
        yield from pauses(intervention)
        stated = intervention["regimen"]["titration"]
        missing = [key for key in _TITRATION if not _tells(stated, key) and not (rises and key in _OF_STEPS)]
        if missing:
            said = "titration" if stated else "the dose rises from step to step, but titration"
            message = f"intervention {intervention['id'].text}: {said} states no {listed(missing, 'and no')}"
            yield Found(stated or intervention["regimen"], message, "state them under regimen.titration")


def _tells(stated: Node, key: str) -> bool:
    """Say whether a titration states something, in words or as a table, for everybody or for each cohort."""
    if any(stated[other] for other in _INSTEAD.get(key, ())):
        return True
    return bool(stated[key]) or (bool(stated["per_cohort"]) and all(part[key] for part in stated["per_cohort"]))


def _unlike_steps(intervention: Node) -> Iterator[Found]:
    """Find a target or an interval that the steps or the highest daily dose contradict."""
    regimen = intervention["regimen"]
    stated, most = regimen["titration"], _highest(intervention)
    target = expressed(stated["target"], most.unit) if most else None
    name = intervention["id"].text
    if most and target is not None and most.rises and target != most.value:
        message = f"intervention {name}: the target is {stated['target'].text}, the steps rise to {most.words}"
        yield Found(stated["target"], message, "bring target and steps together")
    limit = quantity(regimen["max_per_day"])
    aimed = expressed(stated["target"], amount_unit(limit.unit.code)) if limit and not (most and most.rises) else None
    if limit is not None and aimed is not None and aimed <= limit.value:
        yield from often_above(intervention)
    if limit is not None and aimed is not None and aimed > limit.value:
        message = f"intervention {name}: the target is {stated['target'].text}, at most {limit.text} a day are allowed"
        related = ((regimen["max_per_day"], "the highest daily dose"),)
        yield Found(stated["target"], message, "bring target and highest daily dose together", related)
    lasts = length(stated["duration"])
    if most and most.rises and lasts is not None and abs(lasts - most.reached) > 1:
        message = f"intervention {name}: titration lasts {stated['duration'].text}, the steps reach {most.words} after"
        yield Found(stated["duration"], f"{message} {in_days(most.reached)}", "bring duration and steps together")
    if most and most.rises:
        yield from _unlike_rises(intervention, most)
    yield from at_the_start(intervention)
    yield from unlike_doses(intervention)
    yield from too_few_days(intervention)
    yield from _unlike_cohorts(intervention)
    yield from _too_soon(intervention)


def _unlike_rises(intervention: Node, most: _Highest) -> Iterator[Found]:
    """Find the size of a step by which the dose of a day never rises; not where a cap changes what is given."""
    stated = intervention["regimen"]["titration"]["step"]
    capped = any(step["max_per_administration"] for step in intervention["regimen"]["steps"])
    size = None if capped else expressed(stated, most.unit)
    if size is not None and size not in most.rises_by:
        told = listed([f"{plain(each)} {most.unit}" for each in most.rises_by])
        message = (
            f"intervention {intervention['id'].text}: the step is {stated.text}, the dose of a day rises by {told}"
        )
        yield Found(stated, message, "bring the size of a step and the steps together")


def _unlike_cohorts(intervention: Node) -> Iterator[Found]:
    """Find the target of a cohort that its own steps, of which each states a dose in the same unit, do not end at."""
    regimen = intervention["regimen"]
    if not all(step["cohorts"] for step in regimen["steps"]):
        return
    for part in regimen["titration"]["per_cohort"]:
        cohort, target = part["cohort"].text, quantity(part["target"])
        own = [step for step in regimen["steps"] if cohort in {node.text for node in step["cohorts"]}]
        unit = amount_unit(target.unit.code) if target else ""
        known = [given[0] for step in own if (given := in_a_day(step)) is not None and given[1] == unit]
        if target is None or len(known) != len(own) or len(set(known)) <= 1 or max(known) == target.value:
            continue
        message = (
            f"intervention {intervention['id'].text}: the target of cohort {cohort} is {target.text}, its steps rise "
            f"to {plain(max(known))} {target.unit.code}"
        )
        yield Found(part["target"], message, "bring target and steps together")


def _too_soon(intervention: Node) -> Iterator[Found]:
    """Find a step that begins sooner after the one before than the shortest interval."""
    regimen = intervention["regimen"]
    stated = regimen["titration"]["min_interval"]
    shortest = length(stated)
    starts: defaultdict[tuple[str, ...], dict[Decimal, Node]] = defaultdict(dict)
    for step in regimen["steps"]:
        if (day := length(step["from"])) is not None:
            starts[whom(step)].setdefault(day, step)
    for steps in starts.values():
        for before, after in pairwise(sorted(steps)):
            if shortest is not None and after - before < shortest:
                step = steps[after]
                apart = f"step {step['id'].text} comes {in_days(after - before)} after the one before"
                message = f"intervention {intervention['id'].text}: {apart}, the shortest interval is {stated.text}"
                yield Found(stated, message, "bring interval and steps together", ((step, "the step"),))
                return


class _Highest(NamedTuple):
    """The largest amount of a day that the steps give, whether they rise to it, after how many days, and by what."""

    value: Decimal
    unit: str
    rises: bool
    reached: Decimal
    rises_by: tuple[Decimal, ...]

    @property
    def words(self) -> str:
        return f"{plain(self.value)} {self.unit} a day"


def _highest(intervention: Node) -> _Highest | None:
    """Return the largest day of a course that does not depend on the participant's size, cohort or level."""
    steps = [*intervention["regimen"]["steps"]]
    if any(step[key] for step in steps for key in (*_ALTERNATIVES, "scaling")):
        return None
    try:
        given = course(intervention, Body())
    except NotComputable:
        return None
    days = sorted(given.daily)
    amounts = [given.daily[day] for day in days]
    reached = days[amounts.index(max(amounts))] - days[0]
    rises_by = sorted({later - before for before, later in pairwise(amounts) if later > before})
    return _Highest(max(amounts), given.unit, amounts[0] < max(amounts), Decimal(reached), tuple(rises_by))


def _declared(intervention: Node) -> bool:
    stated = intervention["regimen"]["titration"]
    return bool(stated) and not stated["mimics"]


def _is_raised(intervention: Node) -> bool:
    """Say whether the dose of what is tested rises in one course, and does not rise again once it has fallen.

    A dose before the course, doses of certain days and those of cycles are named one by one: nobody is titrated.
    """
    regimen = intervention["regimen"]
    planned = regimen["repeats"] or any(step["when"].text != "course" for step in regimen["steps"])
    if planned or intervention["role"].text not in _TESTED or not _rises(intervention):
        return False
    daily = course(intervention, ANYBODY).daily
    days = sorted(daily)
    changes = [(later - day, daily[later] - daily[day]) for day, later in pairwise(days)]
    falls = [number for number, (_, change) in enumerate(changes) if change < 0]
    rises = [number for number, (apart, change) in enumerate(changes) if change > 0 and apart <= _APART]
    return bool(rises) and not (falls and max(rises) > min(falls))


def _rises(intervention: Node) -> bool:
    """Say whether the amount of a day rises over the course by more than rounding."""
    if intervention["role"].text in INERT_ROLES or intervention["kind"].text == "vaccine":
        return False
    try:
        given = course(intervention, ANYBODY)
    except NotComputable:
        return False
    amounts = [given.daily[day] for day in sorted(given.daily)]
    return amounts[0] < max(amounts)


def _rise_for_each(intervention: Node) -> bool:
    """Say whether the steps of everybody, by band, age, cohort, level or arm, rise from one to the next.

    The step and the target of such a titration are many, and no single amount tells them.
    """
    groups: defaultdict[tuple[str, ...], list[Node]] = defaultdict(list)
    for step in intervention["regimen"]["steps"]:
        groups[whom(step)].append(step)
    return bool(groups) and all(_one_rises(steps) for steps in groups.values())


def _one_rises(steps: list[Node]) -> bool:
    """Say whether steps, each a dose in one unit at one frequency from a day of its own, rise without a fall."""
    starts, doses = [length(step["from"]) for step in steps], [quantity(step["dose"]) for step in steps]
    if len(steps) < 2 or len({per_day(step) for step in steps}) != 1:  # noqa: PLR2004 - a rise takes two
        return False
    known = [(start, dose) for start, dose in zip(starts, doses, strict=True) if start is not None and dose is not None]
    if len(known) != len(steps) or len({dose.unit.code for _, dose in known}) != 1:
        return False
    ordered = [dose.value for _, dose in sorted(known, key=lambda each: each[0])]
    return len(dict(known)) == len(known) and ordered == sorted(set(ordered))


RULES: tuple[Rule, ...] = (titration,)
