"""Rule on vaccines: the dose is the amount of the antigen, and the syringe holds it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.amounts import dissolved, quantity
from protocolkit.findings import Severity
from protocolkit.quantities import QuantityError, convert
from protocolkit.rules.dosing_injected import at_one_site
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_AMOUNT = Pattern(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?) ?(ug|mcg|\N{MICRO SIGN}g|\N{GREEK SMALL LETTER MU}g|mg)\b")
_EACH = Pattern(r"\beach\b|\bper (?:strain|serotype|type)\b")
_UNITS = {"mg": "mg"}  # every other way to write is that of micrograms


@rule("DOSE29", Severity.WARNING, reads=("/interventions", "/arms", "/schedule/anchors"), tags=("drug",))
def vaccines(trial: Trial) -> Iterator[Found]:
    """The dose of a vaccine is the amount of its antigen, and its syringe or vial holds one dose.

    Why: a vaccine of 50 micrograms in the description and of 25 in the regimen is bought in one strength and given in
    the other.

    Applies: a vaccine states one antigen with its amount, or the volume of its container beside a concentration, and a
    dose by mass. Of several antigens, or an amount of each, nothing follows. That an arm gets two vaccines in one limb
    on one day, without a word on how far apart, is information.

    Basis:
        internal consistency of the protocol, product and regimen (H)
        ICH M11 Step 4, 6.1 (H)

    Fails::

        interventions:
          - id: VAC
            kind: vaccine
            vaccine: {antigens: ['example antigen, 50 ug']}
            regimen: {steps: [{id: D, dose: 25 ug, when: once, from: 0 d}]}

    Passes::

        interventions:
          - id: VAC
            kind: vaccine
            vaccine: {antigens: ['example antigen, 25 ug']}
            regimen: {steps: [{id: D, dose: 25 ug, when: once, from: 0 d}]}
    """
    pairs = [
        (each, step, dose)
        for each in trial.root["interventions"]
        if each["kind"].text == "vaccine"
        for step in each["regimen"]["steps"]
        if (dose := quantity(step["dose"])) is not None and dose.unit.group == "mass"
    ]
    together = [*at_one_site(trial)]
    yield from together
    if not pairs and not together:
        raise NotApplicable("no vaccine has a dose by mass, and no two are injected into one limb on a day")
    told: set[str] = set()
    for intervention, step, dose in pairs:
        found = [*_other_amount(intervention, step, dose), *_overfull(intervention, step, dose)]
        if found and intervention["id"].text not in told:
            told.add(intervention["id"].text)
            yield from found


def _other_amount(intervention: Node, step: Node, dose: Quantity) -> Iterator[Found]:
    antigens = [*intervention["vaccine"]["antigens"]]
    match = _AMOUNT.search(antigens[0].text) if len(antigens) == 1 and not _EACH.search(antigens[0].text) else None
    if match is None:
        return
    try:
        given = convert(dose, _UNITS.get(match[2], "ug")).value
    except QuantityError:
        return
    if given != Decimal(match[1]):
        message = f"{named(intervention)} holds {match[0]} of its antigen, and step {step['id'].text} gives {dose.text}"
        yield Found(antigens[0], message, "tell one amount", ((step["dose"], "the dose"),))


def _overfull(intervention: Node, step: Node, dose: Quantity) -> Iterator[Found]:
    product = intervention["product"]
    holds = quantity(product["fill_volume"])
    if holds is None:
        return
    try:
        needed = dose.value / dissolved(Decimal(1), product, dose.unit.code)
        room = convert(holds, "mL").value
    except (NotComputable, QuantityError):
        return
    if needed > room:
        message = f"{named(intervention)}: {dose.text} are {plain(needed)} mL, and a container holds {holds.text}"
        yield Found(
            product["fill_volume"], message, "correct the volume, the strength or the dose", ((step, "the step"),)
        )


RULES: tuple[Rule, ...] = (vaccines,)
