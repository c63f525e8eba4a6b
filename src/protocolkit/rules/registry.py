"""Every rule, in the order of its code within its topic."""

from __future__ import annotations

from protocolkit.rules import (
    dosing,
    dosing_beside,
    dosing_changes,
    dosing_escalation,
    dosing_limits,
    dosing_matching,
    dosing_product,
    dosing_ranges,
    dosing_scaled,
    followup,
    followup_crossover,
    followup_pain,
    followup_times,
    schedule_activities,
    schedule_samples,
    schedule_visits,
    shape,
    shape_dosing,
    statistics_numbers,
)

# What the schema alone decides is documented here and checked there; see `x-rule` in the schema.
SHAPE_RULES = (*shape_dosing.RULES, *shape.RULES)
RULES = (
    *dosing.RULES,
    *dosing_scaled.RULES,
    *dosing_product.RULES,
    *dosing_limits.RULES,
    *dosing_ranges.RULES,
    *dosing_changes.RULES,
    *dosing_beside.RULES,
    *dosing_matching.RULES,
    *dosing_escalation.RULES,
    *followup.RULES,
    *followup_pain.RULES,
    *followup_times.RULES,
    *followup_crossover.RULES,
    *schedule_activities.RULES,
    *schedule_visits.RULES,
    *schedule_samples.RULES,
    *statistics_numbers.RULES,
)
