"""Rules on follow-up: visits, windows, safety contacts, washouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


@rule(
    "FU09", Severity.WARNING,
    reads=("/discontinuation/retention",),
)  # fmt: skip
def retention(trial: Trial) -> Iterator[Found]:
    """Retention is planned, and so is the share of primary data that will be missing.

    Why: the sample size rests on how many stay; a plan without a number cannot be checked against it.

    Applies: participants are followed at visits.

    Basis:
        SPIRIT 2025, 25b (H)

    Fails::

        schedule: {visits: [{id: V1}]}
        discontinuation: {retention: {plan: telephone reminders}}

    Passes::

        schedule: {visits: [{id: V1}]}
        discontinuation: {retention: {plan: telephone reminders, planned_missing_primary: 15 %}}
    """
    if not trial.at("/schedule/visits"):
        raise NotApplicable("no visit is planned")
    plan = trial.at("/discontinuation/retention")
    missing = [key for key in ("plan", "planned_missing_primary") if not plan[key]]
    if missing:
        hint = "state discontinuation.retention.plan and planned_missing_primary (a percentage)"
        yield Found(plan, f"retention states no {' and no '.join(missing)}", hint)


RULES: tuple[Rule, ...] = (retention,)
