"""Rule on ranges: they run from the lower end to the upper one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.model import Found, NotApplicable, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

# Ages, bands of weight and the ranges of outcomes have rules of their own.
_PLACES = (
    "/population/severity_at_entry/range",
    "/interventions/*/storage/conditions",
    "/interventions/*/regimen/steps/*/scaling/range",
    "/interventions/*/regimen/steps/*/dose_range",
    "/interventions/*/regimen/titration/target_measure/value",
    "/interventions/*/regimen/titration/rules/*/value",
    "/design/adaptive/allocation",
)


@rule("ID17", Severity.ERROR, reads=_PLACES)
def upwards(trial: Trial) -> Iterator[Found]:
    """A range runs from its lower end to its upper one.

    Why: between 25 and 15 degrees nothing can be kept, and between 130 kg and 45 kg nobody can be dosed.

    Applies: the range of severity at entry, of the temperature of storage, of the weights of a table of doses, of a
    dose, of what it is titrated by or of adaptive allocation states both ends in units that compare.

    Basis:
        internal consistency of the protocol, ranges (H)

    Fails::

        interventions: [{id: X, storage: {conditions: {min: 25 Cel, max: 15 Cel}}}]

    Passes::

        interventions: [{id: X, storage: {conditions: {min: 15 Cel, max: 25 Cel}}}]
    """
    ranges = [node for place in _PLACES for node in trial.each(place) if node["min"] and node["max"]]
    if not ranges:
        raise NotApplicable("no range of severity, storage, weights, doses, targets or allocation states both ends")
    for node in ranges:
        low, high = quantity(node["min"]), quantity(node["max"])
        above = in_unit(low.value, low.unit.code, high.unit.code) if low and high else None
        if above is not None and high is not None and above > high.value:
            message = f"the range runs from {node['min'].text} down to {node['max'].text}"
            yield Found(node["max"], message, "exchange the two or correct one", ((node["min"], "the lower end"),))


RULES: tuple[Rule, ...] = (upwards,)
