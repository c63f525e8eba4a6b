"""Rules on the product and its substance: strengths, stereochemistry, base or salt."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable
from protocolkit.dosing.amounts import amount, quantity, sized
from protocolkit.dosing.products import product_of
from protocolkit.findings import Severity
from protocolkit.quantities import units
from protocolkit.rules.dosing import Step, is_solid, per_day, steps
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.substances import is_authorised, is_electrolyte, require_facts, row_of, substance
from protocolkit.rules.trial import told_elsewhere
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.rules.trial import Trial

_MOST_PIECES = 200
_FORMS = Pattern(
    r"\b[SR]-?(?:\([+-]\))?[- ](?:enantiomer|isomer|form)|[Ee]nantiomer|\b[SR](?:\([+-]\))?-|\([SR]\)-", exact=True
)
_ASIDE = Pattern(r"\([^()]*\)|\bfree (?=base|acid)")
_SALTS = Pattern(
    r"\b(?:hydrochloride|hydrobromide|sul(?:f|ph)ate|hemisul(?:f|ph)ate|mesylate|maleate|tartrate|citrate|acetate|phosphate|"
    r"sodium|potassium|besylate|tosylate|fumarate|succinate|HCl)\b"
)


@rule("DOSE06", Severity.ERROR, reads=("/interventions/*/regimen/steps", "/interventions/*/product"), tags=("drug",))
def strengths(trial: Trial) -> Iterator[Found]:
    """A fixed dose of a solid form can be made from the strengths that are stated.

    Why: 7.5 mg cannot be made from unscored tablets of 5 mg and 10 mg; sites would cut tablets or change the dose. Only
    scored tablets are halved, and modified-release forms never.

    Applies: a step gives a fixed dose of a solid form whose strengths are stated.

    Basis:
        internal consistency of the protocol, regimen and product (H)

    Fails::

        interventions:
          - id: MEM
            kind: drug
            product: {form: TABLET, strengths: [5 mg, 10 mg], scored: false}
            regimen: {steps: [{id: S, dose: 7.5 mg, when: once, from: 0 d}]}

    Passes::

        interventions:
          - id: MEM
            kind: drug
            product: {form: TABLET, strengths: [5 mg, 10 mg], scored: false}
            regimen: {steps: [{id: S, dose: 15 mg, when: once, from: 0 d}]}
    """
    checked = [(step, each) for step in steps(trial) if (each := _administration(step)) is not None]
    if not checked:
        raise NotApplicable("no fixed dose of a solid form with stated strengths")
    for step, (value, pieces) in checked:
        product = product_of(step.intervention)
        halved = _may_be_halved(product)
        if not _made_of(value, [piece / 2 for piece in pieces] if halved else pieces):
            shown = listed([node.text for node in _strengths(product)])
            cut = "" if halved or not product["scored"].value else "; a modified-release form is not halved"
            message = (
                f"{step.words}: {step.node['dose'].text} cannot be made from {product['form'].text} of {shown}{cut}"
            )
            yield Found(
                step.node["dose"], message, "change the dose or the strengths; scored: true where tablets are halved"
            )


def _strengths(product: Node) -> list[Node]:
    return [node for node in ([*product["strengths"]] or [product["strength"]]) if node]


def _may_be_halved(product: Node) -> bool:
    form = product["form"].text
    modified = ("EXTENDED" in form) or ("DELAYED" in form) or ("MODIFIED" in form)
    return product["scored"].value is True and not modified


def _administration(step: Step) -> tuple[Fraction, list[Fraction]] | None:
    """Return the dose of one administration and the strengths in the same unit; None where they do not compare."""
    product = product_of(step.intervention)
    if not is_solid(product) or sized(step.node):
        return None
    try:
        one = amount(step.node, product, Body(), per_day(step.node))
    except NotComputable:
        return None
    group = units()[one.unit].group
    pieces = [piece for node in _strengths(product) if (piece := _piece(node, group, one.unit)) is not None]
    return (Fraction(one.value), pieces) if pieces and len(pieces) == len(_strengths(product)) else None


def _piece(node: Node, group: str, code: str) -> Fraction | None:
    found = quantity(node)
    own = units().get(found.unit.code.split("/{")[0]) if found else None
    if found is None or own is None or own.group != group or found.value <= 0:
        return None
    return Fraction(found.value) * Fraction(own.factor) / Fraction(units()[code].factor)


def _made_of(value: Fraction, pieces: list[Fraction]) -> bool:
    """Say whether a dose is a sum of pieces; a dose of very many pieces is taken to be one."""
    if value > _MOST_PIECES * min(pieces):
        return True
    reached = {Fraction(0)}
    while reached:
        if value in reached:
            return True
        reached = {total + piece for total in reached for piece in pieces if total + piece <= value}
    return False


@rule(
    "DOSE10", Severity.WARNING,
    reads=("/interventions/*/substance", "/interventions/*/stereochemistry"),
    tags=("drug",),
)  # fmt: skip
def stereochemistry(trial: Trial) -> Iterator[Found]:
    """A chiral substance says whether it is the racemate or one form, where that can be mistaken.

    Why: the forms differ in potency, so that trials of the racemate and of one form must not be pooled by mistake. A
    nonproprietary name alone stands for the racemate where the form has a name of its own; it is not enough where the
    text speaks of a form, or another intervention with the same substance states one.

    Applies: the library knows the substance as chiral, or the file states stereochemistry for it elsewhere. Of what the
    library does not know, a medicine that is authorised is the form of its label. What is the same product as another
    intervention is told there.

    Basis:
        WHO guidelines on the use of INNs (1997), 3.3: a name may stand for the racemate; a later form gets a prefix (H)
        WHO INN, es- and ar- for the forms of ketamine (L)

    Fails::

        interventions:
          - {id: KET, kind: drug, substance: ketamine, regimen: {rationale: dose of the S-enantiomer}}

    Passes::

        interventions:
          - {id: KET, kind: drug, substance: ketamine, stereochemistry: racemic}
    """
    named = [each for each in trial.tested if substance(each) and each["kind"].text == "drug"]
    named = [each for each in named if not each["product"]["components"]]  # each substance of those has a name
    silent = [each for each in named if not each["stereochemistry"] and not told_elsewhere(each)]
    if not named:
        raise NotApplicable("no intervention names a chemical substance")
    stated = {folded(substance(each)): each for each in named if each["stereochemistry"]}
    found = [each for each in silent if (other := stated.get(folded(substance(each)))) and other.path != each.path]
    for each in found:
        other = stated[folded(substance(each))]
        message = (
            f"intervention {each['id'].text} states no stereochemistry; {other['id'].text} with the same substance does"
        )
        yield Found(each, message, "state stereochemistry", ((other["stereochemistry"], "stated here"),))
    doubtful = [each for each in silent if each not in found and _mistakable(each)]
    for each in doubtful:
        yield _hinted(each)
    if not found and not doubtful:
        doubted = [each for each in silent if not is_authorised(each)]
        require_facts(doubted if doubted == silent == named else ())


def _mistakable(intervention: Node) -> bool:
    row = row_of(intervention)
    if row is None or "stereochemistry" not in row.data:
        return False
    told = (intervention["regimen"]["rationale"], intervention["product"]["note"], intervention["description"],
            intervention["name"])  # fmt: skip
    return any(_FORMS.search(node.text) for node in told) or not row.data["stereochemistry"].get("enantiomers")


def _hinted(intervention: Node) -> Found:
    row = row_of(intervention)
    known = row.data["stereochemistry"] if row else {}
    message = (
        f"intervention {intervention['id'].text}: {substance(intervention)} is the racemate under its nonproprietary "
        "name, but the text speaks of a form"
    )
    hint = f"state stereochemistry; was {listed(known.get('enantiomers', []), 'or')} meant?"
    return Found(intervention, message, hint, confidence=known.get("confidence", "L"))


@rule(
    "DOSE11", Severity.WARNING,
    reads=("/interventions/*/substance", "/interventions/*/basis", "/interventions/*/product"),
    tags=("drug",),
)  # fmt: skip
def base_or_salt(trial: Trial) -> Iterator[Found]:
    """The dose says whether it is of base or salt, and the strength is stated on the same basis.

    Why: 10 mg of a base can be 11.5 mg of its salt, as with ketamine; where dose and strength differ in basis, the
    volume that is drawn up is wrong by that factor.

    Applies: a basis is stated, the substance is named as a salt, or the library lists a salt of it. Saline and other
    solutions of electrolytes are salts throughout. Of what the library does not know, a medicine that is authorised is
    dosed as its label says. What is the same product as another intervention is told there.

    Basis:
        product labels, strength as base or salt (H)

    Fails::

        interventions:
          - {id: KET, kind: drug, basis: base, product: {strength: 50 mg/mL, strength_basis: hydrochloride}}

    Passes::

        interventions:
          - {id: KET, kind: drug, basis: base, product: {strength: 50 mg/mL, strength_basis: base}}
    """
    drugs = [each for each in trial.tested if each["kind"].text == "drug" and not is_electrolyte(each)]
    drugs = [each for each in drugs if not told_elsewhere(each) or each["basis"] or each["product"]["strength_basis"]]
    concerned = [(each, row_of(each)) for each in drugs if _has_basis(each) or row_of(each)]
    found = [finding for each, row in concerned for finding in _bases(each, row)]
    yield from found
    silent = [each for each in drugs if not _has_basis(each) and not is_authorised(each)]
    if not found:
        require_facts(silent if silent == drugs else ())
    if not concerned:
        raise NotApplicable("no medicine with a chemical substance")


def _has_basis(intervention: Node) -> bool:
    stated = intervention["basis"] or intervention["product"]["strength_basis"] or _of_components(intervention)
    return bool(stated) or bool(_SALTS.search(substance(intervention)))


def _of_components(intervention: Node) -> bool:
    """Say whether a product of several substances tells of each salt in it what its strength is stated as."""
    components = [*intervention["product"]["components"]]
    stated = [each for each in components if each["basis"]]
    silent = [each for each in components if not each["basis"]]
    return bool(stated) and not any(_SALTS.search(each["substance"].text) for each in silent)


def _plain(basis: str) -> str:
    """Return what an amount is stated as, without its form: `free base (as hydrochloride)` is base."""
    return folded(_ASIDE.sub(" ", basis))


def _bases(intervention: Node, row: Row | None) -> Iterator[Found]:
    dose, strength = intervention["basis"], intervention["product"]["strength_basis"]
    name = intervention["id"].text
    if dose and strength and _plain(dose.text) != _plain(strength.text):
        if not re.search(r"[0-9]", intervention["product"]["note"].text):
            message = f"intervention {name}: the dose is stated as {dose.text}, the strength as {strength.text}"
            hint = "state both on one basis, or the factor between them in product.note"
            yield Found(strength, message, hint, ((dose, "the basis of the dose"),))
    elif _of_components(intervention):
        return
    elif not dose and (strength or (_SALTS.search(substance(intervention)) and not is_authorised(intervention))):
        named = f"{substance(intervention)} names a salt or an ester"
        said = f"the strength is stated as {strength.text}" if strength else named
        yield Found(intervention, f"intervention {name} does not say what its dose is stated as; {said}", "state basis")
    elif not dose and row is not None and row.data.get("salts"):
        salt = row.data["salts"][0]
        message = (
            f"intervention {name} does not say whether its dose is of base or salt; the library lists the "
            f"{salt['salt']}, of which {salt['base_fraction']} is base"
        )
        yield Found(intervention, message, "state basis", confidence=salt["confidence"])


RULES: tuple[Rule, ...] = (strengths, stereochemistry, base_or_salt)
