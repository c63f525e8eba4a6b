"""The tables and figures that templates may call, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render import (
    tables_design,
    tables_doses,
    tables_followup,
    tables_front,
    tables_interim,
    tables_interventions,
    tables_objectives,
    tables_outcomes,
    tables_oversight,
    tables_radiation,
    tables_regimen,
    tables_safety,
    tables_schedule,
    tables_statistics,
    tables_synopsis,
    tables_testing,
    tables_timing,
)
from protocolkit.render.figure_schema import trial_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks
    from protocolkit.render.view import View

TABLES: dict[str, Callable[[View], Blocks]] = {
    "abbreviations": tables_oversight.abbreviations,
    "activities": tables_outcomes.activities,
    "adaptive-rules": tables_design.adaptive_rules,
    "factors": tables_design.factors,
    "adverse-event-timing": tables_timing.timing,
    "adverse-events-of-special-interest": tables_safety.special_interest,
    "analyses": tables_statistics.analyses,
    "analysis-sets": tables_statistics.analysis_sets,
    "arms": tables_interventions.arms,
    "arms-by-epoch": tables_interventions.by_epoch,
    "ascertainment": tables_safety.ascertainment,
    "cohorts": tables_design.cohorts,
    "components": tables_outcomes.component_tables,
    "committees": tables_oversight.committees,
    "conflicts": tables_oversight.conflicts,
    "contacts": tables_oversight.contacts,
    "contributors": tables_oversight.contributors,
    "country-differences": tables_oversight.country_differences,
    "dose-levels": tables_interventions.levels,
    "domains": tables_design.domains,
    "dose-response": tables_testing.dose_response,
    "doses": tables_doses.doses,
    "endpoint-times": tables_followup.endpoint_times,
    "estimands": tables_objectives.estimands,
    "funders": tables_oversight.funders,
    "interim": tables_interim.interim,
    "laboratory": tables_oversight.laboratory,
    "modifications": tables_interventions.modifications,
    "objectives": tables_objectives.objectives,
    "other-analyses": tables_statistics.other_analyses,
    "operating-characteristics": tables_design.operating_characteristics,
    "outcomes": tables_outcomes.outcomes,
    "priors": tables_design.priors,
    "prior-amendments": tables_front.prior_amendments,
    "progression": tables_objectives.progression,
    "providers": tables_oversight.providers,
    "reductions": tables_interventions.reductions,
    "references": tables_oversight.references,
    "radiation-volumes": tables_radiation.volumes,
    "organs-at-risk": tables_radiation.organs,
    "regimen": tables_regimen.steps,
    "regions": tables_oversight.regions,
    "risks": tables_oversight.risks,
    "sample-size": tables_statistics.sample_size,
    "samples": tables_oversight.samples,
    "schedule-of-activities": tables_schedule.schedule_of_activities,
    "selection-tests": tables_design.selection_tests,
    "solicited": tables_safety.solicited,
    "stopping": tables_interventions.stopping,
    "subgroups": tables_statistics.subgroups,
    "synopsis": tables_synopsis.synopsis,
    "trial-stopping": tables_interventions.trial_stopping,
    "testing-graph": tables_testing.testing_graph,
    "visits": tables_schedule.visits,
}
FIGURES: dict[str, Callable[[View], Blocks]] = {"trial-schema": trial_schema}
