"""Rules on one dose: its unit, its duration and rate; and the steps of regimens that rules on doses go through."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.amounts import SETTINGS, amount_unit, ends, quantity
from protocolkit.dosing.products import product_of
from protocolkit.findings import Severity
from protocolkit.library import terms
from protocolkit.quantities import convert
from protocolkit.rules.dosing_dissolved import one_volume_for_all, otherwise_dissolved, two_volumes
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.trial import INERT_ROLES
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial

_FORMS = {
    "tablet": ("TABLET", "CAPLET", "PILL", "KIT", "WAFER"),
    "capsule": ("CAPSULE", "KIT"),
    "patch": ("PATCH", "FILM", "TAPE", "PLASTER", "KIT"),
    "suppository": ("SUPPOSITORY", "INSERT", "KIT"),
    "lozenge": ("LOZENGE", "TROCHE", "PASTILLE", "TABLET", "KIT"),
}
_SOLID = ("TABLET", "CAPSULE", "CAPLET", "PILL", "SUPPOSITORY", "LOZENGE", "TROCHE", "PATCH", "WAFER")
_UNKNOWN_FORMS = ("UNKNOWN", "UNASSIGNED", "NOT APPLICABLE")
_INFUSED = frozenset({"INTRAVENOUS", "INTRAVENOUS DRIP"})  # a bolus takes no time that anybody plans
_OF_DEVICES = SETTINGS - {"current"}  # by which iontophoresis gives a medicine
_TOLERANCE = Decimal("0.02")


class Step(NamedTuple):
    """A step of a regimen with the intervention that it belongs to."""

    intervention: Node
    node: Node

    @property
    def words(self) -> str:
        """What to call it."""
        return f"step {self.node['id'].text} of intervention {self.intervention['id'].text}"


def steps(trial: Trial) -> Iterator[Step]:
    """Yield the steps of every medicine with a planned dose, those of a taper included; none left to a clinician."""
    for intervention in trial.drugs:
        for step in steps_of(intervention["regimen"]):
            if not step["at_discretion"]:
                yield Step(intervention, step)


def per_day(step: Node) -> int | None:
    """Return how often a step is given on a day on which it is given; None where that is not stated."""
    if step["times"]:
        return len([*step["times"]])
    known, value = terms.get("frequency"), step["frequency"].text
    if not value:
        return None if step["when"].value == "course" else 1
    rate = known.term(value).per_day if value in known else None
    return None if rate is None else max(1, int(rate))


def in_a_day(step: Node) -> tuple[Decimal, str] | None:
    """Return what a step gives on a day, with its unit (without `/d`); None where dose or frequency are not stated."""
    dose, often = quantity(step["dose"]), per_day(step)
    if dose is None:
        return None
    unit = amount_unit(dose.unit.code)
    if unit != dose.unit.code:
        return dose.value, unit
    return (dose.value * often, unit) if often else None


def is_solid(product: Node) -> bool:
    """Say whether a product comes in pieces that are counted."""
    return any(word in product["form"].text for word in _SOLID)


@rule("DOSE02", Severity.ERROR, reads=("/interventions/*/regimen", "/interventions/*/product"), tags=("drug",))
def counted_units(trial: Trial) -> Iterator[Found]:
    """A dose in tablets, capsules, patches or the like has a product of that form; no medicine is dosed in volts.

    Why: "2 tablets" of a product that is a capsule, or a solution, cannot be given as written. Volts, hertz and mmHg
    are settings of a device, or the measured value that a medicine is fitted to. (The shape of the file decides the
    rest: a unit that is not in the table of units, or of another kind, carries this code too.)

    Applies: a step states its dose in counted units, or something of a medicine in units of a device.

    Basis:
        UCUM, case-sensitive units (H)
        internal consistency of the protocol, regimen and product (H)

    Fails::

        interventions:
          - id: MEM
            kind: drug
            product: {form: CAPSULE, strength: 10 mg}
            regimen: {steps: [{id: S, dose: '2 {tablet}', when: once, from: 0 d}]}

    Passes::

        interventions:
          - id: MEM
            kind: drug
            product: {form: TABLET, strength: 10 mg}
            regimen: {steps: [{id: S, dose: '2 {tablet}', when: once, from: 0 d}]}
    """
    counted = [(step, unit) for step in steps(trial) if (unit := _counted(step.node["dose"]))]
    settings = [(each, node) for each in trial.drugs for node in _settings(each["regimen"])]
    if not counted and not settings:
        raise NotApplicable("no dose is in counted units")
    for intervention, node in settings:
        message = f"intervention {intervention['id'].text}: {node.text} is a setting of a device, and no dose"
        hint = "give an amount; a measured value that the dose is fitted to stands in titration.target_measure"
        yield Found(node, message, hint)
    for step, unit in counted:
        form = step.intervention["product"]["form"]
        if form and form.text not in _UNKNOWN_FORMS and not any(word in form.text for word in _FORMS[unit]):
            message = f"{step.words} gives {step.node['dose'].text}, but its product is {form.text}"
            hint = "count in the units of the product, or correct its form"
            yield Found(step.node["dose"], message, hint, ((form, "the form of the product"),))


def _settings(regimen: Node) -> Iterator[Node]:
    """Yield where a dose, its highest or something of its titration is in a unit that only devices are set in."""
    titration = regimen["titration"]
    stated = [node for step in steps_of(regimen) for node in (step["dose"], *ends(step))]
    stated += [part[key] for part in (titration, *titration["per_cohort"]) for key in ("step", "target")]
    stated += titration["doses"]
    for node in {each.path: each for each in (*stated, regimen["max_per_day"])}.values():
        found = quantity(node)
        if found is not None and found.unit.group in _OF_DEVICES:
            yield node


def _counted(dose: Node) -> str:
    found = quantity(dose)
    unit = found.unit.code.split("/")[0].strip("{}") if found else ""
    return unit if unit in _FORMS else ""


@rule(
    "DOSE05", Severity.ERROR,
    reads=("/interventions/*/regimen/steps", "/interventions/*/product", "/interventions/*/route"),
    tags=("drug",),
)  # fmt: skip
def rates(trial: Trial) -> Iterator[Found]:
    """An infusion or injection states its duration or rate, and the concentration where a volume is given or rounded.

    Why: the rate changes the effect as much as the dose does, and a volume without a concentration is no dose. (Of a
    step with a route of its own the shape of the file tells a missing duration; dose, duration, rate, volume and
    concentration are held together.)

    Applies: a medicine is given intravenously or subcutaneously, or has a rate, a volume or one that is rounded. An
    intravenous bolus needs no duration. What is diluted may be in more than the volume of the product, never in less.
    That the same people get one dose in two volumes is a warning. One volume beside a dose by weight is held against
    the ends of its range of weight.

    Basis:
        SPIRIT 2025, 15a (H)
        TIDieR 2014, 8 (H)

    Fails::

        interventions:
          - id: KET
            kind: drug
            route: INTRAVENOUS DRIP
            regimen: {steps: [{id: S, dose: 100 mg, duration: 2 h, rate: 25 mg/h, when: once, from: 0 d}]}

    Passes::

        interventions:
          - id: KET
            kind: drug
            route: INTRAVENOUS DRIP
            regimen: {steps: [{id: S, dose: 100 mg, duration: 4 h, rate: 25 mg/h, when: once, from: 0 d}]}
    """
    given = [step for step in steps(trial) if _flows(step)]
    if not given:
        raise NotApplicable("nothing is infused or injected into a vein or under the skin")
    for step in given:
        yield from _unlasting(step)
        yield from _disagreeing(step)
        yield from _undissolved(step)
        yield from otherwise_dissolved(step.node, product_of(step.intervention), step.words)
        yield from one_volume_for_all(step.node, product_of(step.intervention), step.words)
    for intervention in trial.drugs:
        yield from two_volumes(intervention)


def _flows(step: Step) -> bool:
    route = (step.node["route"] or step.intervention["route"]).text
    into = route.startswith("INTRAVENOUS") or route == "SUBCUTANEOUS"
    return into or any(step.node[key] for key in ("rate", "volume")) or _by_volume(step.node)


def _by_volume(step: Node) -> bool:
    return step["rounding"]["quantity"].text in ("volume", "volume_rate")


def _unlasting(step: Step) -> Iterator[Found]:
    """Find a step into a vein of which nothing says how long one administration takes, or that it never pauses."""
    into = step.intervention["route"].text in _INFUSED
    told = any(step.node[key] for key in ("duration", "rate", "at_discretion", "route"))
    if into and not told and step.node["frequency"].text != "CONTINUOUS":
        message = f"{step.words} goes into a vein and states neither duration nor rate"
        yield Found(step.node, message, "state duration or rate, or frequency CONTINUOUS where it never pauses")


def _disagreeing(step: Step) -> Iterator[Found]:
    dose, duration, rate = (quantity(step.node[key]) for key in ("dose", "duration", "rate"))
    if dose is None or duration is None or rate is None or duration.unit.group != "time":
        return
    over = _over(dose, rate, duration)
    if over is not None and abs(over - dose.value) > dose.value * _TOLERANCE:
        message = (
            f"{step.words}: {rate.text} over {duration.text} gives {plain(over)} {dose.unit.code}, "
            f"but the dose is {dose.text}"
        )
        yield Found(step.node["rate"], message, "make dose, duration and rate agree, or state one of the two only")


def _over(dose: Quantity, rate: Quantity, duration: Quantity) -> Decimal | None:
    """Return what a rate gives over a duration, in the unit of the dose; None where they measure different things."""
    amount_of, _, time = rate.unit.code.rpartition("/")
    if amount_of != dose.unit.code or time not in ("s", "min", "h", "d", "wk"):
        return None
    return rate.value * convert(duration, time).value


def _undissolved(step: Step) -> Iterator[Found]:
    product = product_of(step.intervention)
    alone = step.node["volume"] and not any(step.node[key] for key in ("dose", "dose_range", "at_discretion"))
    if step.intervention["role"].text in INERT_ROLES or (step.intervention["kind"].text != "drug" and not alone):
        return
    stated = [product[key].text for key in ("final_concentration", "strength")]
    stated += [component["strength"].text for component in product["components"]]
    if any("/" in text or "%" in text for text in stated):
        return
    where = ends(step.node)[1]
    dose = quantity(where)
    hint = "state product.final_concentration"
    if _by_volume(step.node):
        message = f"{step.words} rounds a volume, but no concentration of the product is stated"
        yield Found(step.node["rounding"], message, hint)
    elif dose and dose.unit.code.split("/")[0] in ("mL", "L") and not any("/" in s.text for s in product["strengths"]):
        yield Found(where, f"{step.words} is a volume, but no concentration of the product is stated", hint)


RULES: tuple[Rule, ...] = (counted_units, rates)
