"""Rule on what is given after something else: the days of both regimens keep the order and the time between."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.alternatives import of_arm
from protocolkit.dosing.times import administered, first_day
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import DOSING_DAYS, in_days, length
from protocolkit.rules.trial import named
from protocolkit.schedule import interventions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DAY = Decimal(1)


@rule("DOSE30", Severity.ERROR, reads=("/interventions/*/given_after", *DOSING_DAYS, "/arms"))
def after_another(trial: Trial) -> Iterator[Found]:
    """What is given after another intervention comes after it, and no sooner than is said.

    Why: a site that keeps the interval misses the day, and one that keeps the day misses the interval.

    Applies: given_after names an intervention of the same arm, and the days of both follow from one anchor. The first
    dose is compared with the last dose of the other before it. Days are whole: what can be kept within them passes.

    Basis:
        internal consistency of the protocol, order and regimens (H)
        ICH M11 Step 4, 6.1 (H)

    Fails::

        interventions:
          - {id: FLU, regimen: {anchor: infusion, steps: [{id: F, when: days, days: [-5 d, -4 d, -3 d]}]}}
          - id: CELLS
            given_after: [{intervention: FLU, interval: 240 h}]
            regimen: {anchor: infusion, steps: [{id: C, when: once, from: 0 d}]}

    Passes::

        interventions:
          - {id: FLU, regimen: {anchor: infusion, steps: [{id: F, when: days, days: [-5 d, -4 d, -3 d]}]}}
          - id: CELLS
            given_after: [{intervention: FLU, interval: 48 h}]
            regimen: {anchor: infusion, steps: [{id: C, when: once, from: 0 d}]}
    """
    entries = [(each, entry) for each in trial.root["interventions"] for entry in each["given_after"]]
    if not entries:
        raise NotApplicable("nothing is given after another intervention")
    for intervention, entry in entries:
        other = trial.root["interventions"].find(entry["intervention"].text)
        for arm in _arms_with(trial, intervention, other):
            if fault := _fault(intervention, entry, other, arm):
                yield fault
                break


def _arms_with(trial: Trial, *interventions: Node) -> list[str | None]:
    """Return the arms that get all of some interventions; None, for everybody, where no arm says what it gets."""
    given = {arm["id"].text: {each["id"].text for each in interventions_of(arm)} for arm in trial.root["arms"]}
    if not any(given.values()):
        return [None]
    return [arm for arm, names in given.items() if {each["id"].text for each in interventions} <= names]


def _fault(intervention: Node, entry: Node, other: Node, arm: str | None) -> Found | None:
    own, before = intervention["regimen"], other["regimen"]
    if own["anchor"].text != before["anchor"].text:
        return None
    try:
        start = min(first_day(step, own) for step in _plain(own, arm))
        days = sorted(day for step in _plain(before, arm) for day in administered(step, before))
    except (NotComputable, ValueError):  # a day that hangs on an event, and no step at all
        return None
    earlier = [day for day in days if day <= start]
    related = ((before, "the regimen of the other"),)
    hint = "correct the days of one of the two, or what is said of their order"
    if not earlier:
        by = in_days(days[0] - start)
        return Found(
            entry, f"{named(intervention)} is given after {named(other)}, and begins {by} before it", hint, related
        )
    interval, between = length(entry["interval"]), start - earlier[-1]
    if interval is None or interval < between + _DAY:
        return None
    message = (
        f"{named(intervention)} is given {entry['interval'].text} or more after {named(other)}, and by their regimens "
        f"it begins {in_days(between)} after it"
    )
    return Found(entry["interval"], message, hint, related)


def _plain(regimen: Node, arm: str | None) -> list[Node]:
    """Return the steps of an arm; none where they differ by cohort or level, whose days are not those of one person."""
    steps = of_arm(regimen, arm)
    return [] if any(step["cohorts"] or step["level"] for step in steps) else steps


RULES: tuple[Rule, ...] = (after_another,)
