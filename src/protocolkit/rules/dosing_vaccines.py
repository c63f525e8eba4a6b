"""Rule on vaccines: the dose is the amount of the antigen, and the syringe holds it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.amounts import dissolved, quantity
from protocolkit.findings import Severity
from protocolkit.quantities import QuantityError, convert, in_unit, units
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
# An amount by count or activity, such as `20,000,000 PFU`; millions in words follow from no unit.
_COUNTED = Pattern(
    r"(?<![0-9.,^*])([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?) ?"
    r"([\[{]?[A-Za-z][\w\N{SUBSCRIPT FIVE}\N{SUBSCRIPT ZERO}]*[\]}]?)(?![\w/])"
)
_EACH = Pattern(r"\beach\b|\bper (?:strain|serotype|type)\b")
_GROUPS = (
    "mass", "activity", "plaques", "foci", "colonies", "culture_doses", "tissue_doses", "egg_doses", "particles",
)  # fmt: skip
_UNITS = {"mg": "mg"}  # every other way to write is that of micrograms


@rule("DOSE29", Severity.WARNING, reads=("/interventions", "/arms", "/schedule/anchors"), tags=("drug",))
def vaccines(trial: Trial) -> Iterator[Found]:
    """The dose of a vaccine is the amount of its antigen, and its syringe or vial holds one dose.

    Why: a vaccine of 50 micrograms in the description and of 25 in the regimen is bought in one strength and given in
    the other.

    Applies: a vaccine states one antigen with its amount, or the volume of its container beside a concentration, and a
    dose by mass, activity, infectious titre or particles. Of several antigens, or an amount of each, nothing follows.
    That an arm gets two vaccines in one limb on one day, without a word on how far apart, is information.

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
        if (dose := quantity(step["dose"])) is not None and dose.unit.group in _GROUPS
    ]
    together = [*at_one_site(trial)]
    yield from together
    if not pairs and not together:
        raise NotApplicable("no vaccine has a dose by mass or by count, and no two are injected into one limb on a day")
    told: set[str] = set()
    for intervention, step, dose in pairs:
        found = [*_other_amount(intervention, step, dose), *_overfull(intervention, step, dose)]
        if found and intervention["id"].text not in told:
            told.add(intervention["id"].text)
            yield from found


def _other_amount(intervention: Node, step: Node, dose: Quantity) -> Iterator[Found]:
    antigens = [*intervention["vaccine"]["antigens"]]
    if len(antigens) != 1 or _EACH.search(antigens[0].text):
        return
    for words, amount, unit in _amounts(antigens[0].text):
        given = in_unit(dose.value, dose.unit.code, unit)
        if given is not None:
            if given != amount:
                message = f"{named(intervention)} holds {words} of its antigen, and step {step['id'].text} gives"
                told = f"{message} {dose.text}"
                yield Found(antigens[0], told, "tell one amount", ((step["dose"], "the dose"),))
            return  # what follows may be something else, as the amount of an adjuvant


def _amounts(text: str) -> Iterator[tuple[str, Decimal, str]]:
    """Yield each amount in a text, in words and as a number with the unit that is meant."""
    if match := _AMOUNT.search(text):
        yield match[0], Decimal(match[1]), _UNITS.get(match[2], "ug")
    for match in _COUNTED.finditer(text):
        if (unit := _codes().get(match[2])) is not None:
            yield match[0], Decimal(match[1].replace(",", "")), unit


@cache
def _codes() -> dict[str, str]:
    """Return the units of antigens that are no mass by each way to write them, such as [TCID_50] and TCID50."""
    counted = [unit for unit in units().values() if unit.group in _GROUPS and unit.group != "mass"]
    return {name: unit.code for unit in counted for name in (unit.code, unit.singular, _bare(unit.code))}


def _bare(code: str) -> str:
    return code.strip("[]{}").replace("_", "")


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
