"""Rule on the dose to which one is reduced: it is lower than what the regimen gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import Quantity, QuantityError, in_unit, parse
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DOSE = Pattern(r"(?P<dose>[0-9]+(?:\.[0-9]+)? [^\s,;]+)(?: (?P<often>[A-Z0-9]{2,5})\b)?")


@rule("DOSE32", Severity.ERROR, reads=("/interventions/*/modifications", "/interventions/*/regimen/steps"))
def lower(trial: Trial) -> Iterator[Found]:
    """A dose that is reduced becomes lower than the highest that the regimen gives.

    Why: "reduce to 40 mg" of a dose of 20 mg doubles it for those whom it harms.

    Applies: a modification reduces the dose `to` an amount, and the steps give amounts in a unit that compares, with
    the same frequency where both state one.

    Basis:
        SPIRIT 2025, 15b (M)
        internal consistency of the protocol, regimen and dose modifications (H)

    Fails::

        interventions:
          - id: A
            regimen: {steps: [{id: S, dose: 20 mg, when: course, frequency: QD, from: 0 d, to: 27 d}]}
            modifications: [{event: dizziness, trigger: grade 2, action: reduce, to: 40 mg QD}]

    Passes::

        interventions:
          - id: A
            regimen: {steps: [{id: S, dose: 20 mg, when: course, frequency: QD, from: 0 d, to: 27 d}]}
            modifications: [{event: dizziness, trigger: grade 2, action: reduce, to: 10 mg QD}]
    """
    rows = [
        (intervention, row["to"], reduced)
        for intervention in trial.root["interventions"]
        for row in intervention["modifications"]
        if row["action"].text == "reduce" and (reduced := _reduced(row["to"])) is not None
    ]
    if not rows:
        raise NotApplicable("no dose is reduced to an amount")
    for intervention, node, (dose, often) in rows:
        given = [(step, value) for step in steps_of(intervention["regimen"]) if (value := _value(step, dose, often))]
        highest = max((value for _, value in given), default=None)
        if highest is not None and dose.value >= highest:
            step = next(step for step, value in given if value == highest)
            message = f"the dose of {intervention['id'].text} is reduced to {dose.text}, and the regimen gives at most "
            hint = "state a lower dose, or another action"
            yield Found(node, f"{message}{step['dose'].text}", hint, ((step["dose"], "the highest dose"),))


def _reduced(node: Node) -> tuple[Quantity, str] | None:
    """Return the amount that a text begins with, and the frequency behind it; None for steps back and shares."""
    match = _DOSE.match(node.text)
    try:
        return (parse(match["dose"]), match["often"] or "") if match else None
    except QuantityError:
        return None


def _value(step: Node, dose: Quantity, often: str) -> Decimal | None:
    """Return the dose of a step in the unit of another, where both are given as often or one does not say."""
    stated, frequency = quantity(step["dose"]), step["frequency"].text
    if stated is None or (often and frequency and often != frequency):
        return None
    return in_unit(stated.value, stated.unit.code, dose.unit.code)


RULES: tuple[Rule, ...] = (lower,)
