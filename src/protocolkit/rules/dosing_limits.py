"""Rule on what a regimen adds up to: stated maxima and expected doses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing import Body, NotComputable, capped_rows, differences
from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.amounts import SETTINGS, amount, amount_unit, expressed, quantity, scale
from protocolkit.dosing.products import product_of
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import per_day
from protocolkit.rules.dosing_apart import unlike_intervals
from protocolkit.rules.dosing_background import unlike_background
from protocolkit.rules.dosing_expected import unlike_last_dose
from protocolkit.rules.dosing_named import unlike_doses
from protocolkit.rules.dosing_told import unlike_words
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import DRUG_KINDS
from protocolkit.values import NamedTuple
from protocolkit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node
    from protocolkit.dosing import Difference, DoseRow
    from protocolkit.quantities import Quantity
    from protocolkit.rules.trial import Trial


_OVERDOSE = Pattern(
    r"\b(?:more than|above|over|exceeding) ([0-9]+(?:\.[0-9]+)?) ?([^\s,;]+) (?:in|on|per|a|within) ?"
    r"(?:an? |one |any )?(?P<per>day|24 h|infusion|injection|administration|application|dose\b)"
)

_DOSE = Pattern(
    r"(?<![\w.])([0-9]+(?:\.[0-9]+)?) (ug|mg|g|mL)(?:/(?P<per>kg|m2))?\b(?!/| ?per | (?:tablet|capsule)s?\b)"
)


class Total(NamedTuple):
    """An amount with its unit, and where it holds, such as `100 kg`."""

    value: Decimal
    unit: str
    at: str = ""

    @property
    def words(self) -> str:
        """How to tell it."""
        return f"{plain(self.value)} {self.unit}" + (f" at {self.at}" if self.at else "")


@rule(
    "DOSE07",
    Severity.ERROR,
    reads=(
        "/interventions/*/regimen",
        "/interventions/*/product",
        "/interventions/*/overdose",
        "/interventions/*/description",
        "/design/run_in",
        "/arms/*/name",
        "/arms/*/description",
        "/arms/*/epochs/*/description",
        "/arms/*/epochs/*/interventions",
        "/schedule/anchors",
        "/concomitant/background/*/dose",
        "/concomitant/background/*/intervention",
    ),
)
def maxima(trial: Trial) -> Iterator[Found]:
    """Stated maxima, expected doses and the definition of an overdose agree with what the steps give.

    Why: a maximum below what the steps give makes every participant a deviation, and an expected dose that does not
    follow from the steps shows that one of the two is wrong.

    Applies: max_per_day, max_cumulative, max_per_administration or derived doses are stated, of a medicine or of
    radiation, or the amount in a day, or in one administration, above which a dose is an overdose (a warning), and no
    step is left to a clinician's discretion; or the words of a run-in name one dose of its one medicine (a warning).
    The target that a device is set to is held against its most of a day. The words of an arm may begin with a number of
    doses of a medicine, or with one dose, or say how long it is given, then placebo, or have doses by weight behind its
    name; the name of an arm may have one, and a rationale may say how many there are in all: another one is a warning,
    and so are doses so many weeks apart (words of an arm or an intervention) where no two are, a highest amount that is
    the highest weight times the dose of another arm, an expected day of the last dose (schedule.anchors) that is the
    day of no arm, and a dose of background therapy that none of the steps of its intervention gives.

    Basis:
        internal consistency of the protocol, regimen (H)

    Fails::

        interventions:
          - id: MEM
            kind: drug
            regimen:
              max_per_day: 20 mg
              steps: [{id: S, dose: 10 mg, when: course, frequency: TID, from: 0 d, to: 27 d}]

    Passes::

        interventions:
          - id: MEM
            kind: drug
            regimen:
              max_per_day: 30 mg
              steps: [{id: S, dose: 10 mg, when: course, frequency: TID, from: 0 d, to: 27 d}]
    """
    given = trial.root["interventions"]
    stated = [
        each
        for each in given
        if any(each["regimen"][key] for key in (*_MAXIMA, "derived"))
        or any(step["max_per_administration"] for step in steps_of(each["regimen"]))
        or _OVERDOSE.search(each["overdose"]["definition"].text)
    ]
    regimens = [each for each in stated if not any(step["at_discretion"] for step in each["regimen"]["steps"])]
    told = [*unlike_words(trial), *unlike_intervals(trial), *unlike_doses(trial), *unlike_last_dose(trial)]
    told += unlike_background(trial)
    run_in = [*_unlike_run_in(trial), *told]
    yield from run_in
    if not regimens and not run_in:
        raise NotApplicable("no maximum and no expected dose is stated, or a clinician decides the dose")
    unlike = {one.path: differences(one) for one in regimens}
    found = [each for one in regimens for each in _unlike(trial, one, unlike[one.path])]
    yield from found
    if found:
        return
    open_ones = [(one, reason) for one in regimens if (reason := _uncomputed(trial, one, unlike[one.path]))]
    if open_ones:
        raise NotChecked("; ".join(reason for _, reason in open_ones), open_ones[0][0]["regimen"])


def _unlike_run_in(trial: Trial) -> Iterator[Found]:
    """Find a run-in whose words name one dose that its one medicine is not given in."""
    stated = trial.at("/design/run_in")
    told = [*_DOSE.finditer(stated["given"].text)]
    given = [trial.root["interventions"].find(node.text) for node in stated["interventions"]]
    steps = [step for each in given for step in each["regimen"]["steps"]]
    doses = [quantity(step["dose"]) for step in steps]
    per = (told[0]["per"] or "") if len(told) == 1 else None
    if len(given) != 1 or not doses or any(step["titrated"] or scale(step) != per for step in steps):
        return
    value, unit = Decimal(told[0][1]), told[0][2] + (f"/{per}" if per else "")
    amounts = {each for dose, step in zip(doses, steps, strict=True) for each in _amounts(dose, per_day(step), unit)}
    if amounts and None not in doses and value not in amounts:
        name, dose = given[0]["id"].text, steps[0]["dose"].text
        message = f'the run-in gives "{told[0][0]}" in words, and {name} is dosed {dose}'
        hint = "bring the words and the steps together"
        yield Found(stated["given"], message, hint, ((steps[0]["dose"], "the dose"),), severity=Severity.WARNING)


def _amounts(dose: Quantity | None, often: int | None, unit: str) -> Iterator[Decimal]:
    """Yield the amount of an administration and of a day in a unit, where they have it."""
    value = in_unit(dose.value, amount_unit(dose.unit.code), unit) if dose is not None else None
    if value is not None:
        yield from {value, value * (often or 1)}


_MAXIMA = ("max_per_day", "max_cumulative")


def _unlike(trial: Trial, intervention: Node, derived: Sequence[Difference]) -> Iterator[Found]:
    above = [*_above_its_own(intervention), *_aimed_above(intervention)]
    yield from above
    if not above:  # what is computed with the cap differs from what is stated for that reason
        yield from _exceeded(trial, intervention)
        yield from _misderived(intervention, derived)
    yield from _overdosed(trial, intervention)


def _above_its_own(intervention: Node) -> Iterator[Found]:
    """Find a fixed dose, or the highest of a range, above the most that one administration or the course may be."""
    regimen = intervention["regimen"]
    for step in steps_of(regimen):
        top, once = step["dose_range"]["max"], step["max_per_administration"]
        pairs = ((step["dose"], once, "in one administration"), (top, once, "in one administration"))
        for stated, most, when in (*pairs, (top, regimen["max_cumulative"], "in all")):
            dose = quantity(stated)
            limit = expressed(most, dose.unit.code) if dose else None
            if dose is not None and limit is not None and dose.value > limit:
                told = f"the dose of {dose.text} is above {most.text}, the most {when}"
                related = ((stated, "the dose"),)
                yield Found(most, f"step {step['id'].text}: {told}", "state one of them as it is meant", related)
                break


def _aimed_above(intervention: Node) -> Iterator[Found]:
    """Find a target of what is no medicine above the most of a day; of a medicine the rule on titration tells it."""
    target, most = intervention["regimen"]["titration"]["target"], intervention["regimen"]["max_per_day"]
    limit = quantity(most)
    aimed = expressed(target, amount_unit(limit.unit.code)) if limit else None
    if limit is not None and aimed is not None and aimed > limit.value and intervention["kind"].text not in DRUG_KINDS:
        message = f"intervention {intervention['id'].text}: the target is {target.text}, and {most.text} is the most"
        yield Found(target, message, "bring the target and the most together", ((most, "the most"),))


def _overdosed(trial: Trial, intervention: Node) -> Iterator[Found]:
    """Find a definition by which the planned dose of a day is an overdose."""
    definition = intervention["overdose"]["definition"]
    match = _OVERDOSE.search(definition.text)
    key = "max_per_day" if match and match["per"].casefold() in ("day", "24 h") else "per_administration"
    most = _most(trial, intervention, key) if match else None
    if match is None or most is None:
        return
    limit = in_unit(Decimal(match[1]), amount_unit(match[2]), most.unit)
    if limit is not None and most.value > limit:
        message = f"intervention {intervention['id'].text}: {match[0]} is an overdose, and the steps give {most.words}"
        yield Found(definition, message, "correct the definition or the steps", severity=Severity.WARNING)


def _uncomputed(trial: Trial, intervention: Node, unlike: Sequence[Difference]) -> str:
    """Return why a stated maximum or an expected dose cannot be compared; an empty text where it can."""
    whole_rows = (each for each in unlike if each.at.path[-2:-1] == ("derived",))
    reasons = [each.reason for each in whole_rows if each.computed is None]
    reasons += [
        missing.reason
        for key in _MAXIMA
        if intervention["regimen"][key]
        for missing in trial.doses(intervention).missing
        if _most(trial, intervention, key) is None
    ]
    return f"{intervention['id'].text}: {reasons[0]}" if reasons else ""


def _exceeded(trial: Trial, intervention: Node) -> Iterator[Found]:
    for key in _MAXIMA:
        stated = intervention["regimen"][key]
        most = _most(trial, intervention, key) if stated else None
        limit = expressed(stated, most.unit) if most else None
        if most and limit is not None and most.value > limit:
            which = "per day" if key == "max_per_day" else "in all"
            message = (
                f"intervention {intervention['id'].text}: at most {stated.text} {which} is stated, but the steps give"
            )
            yield Found(stated, f"{message} {most.words}", "correct the maximum or the steps")


def _most(trial: Trial, intervention: Node, key: str) -> Total | None:
    """Return the largest day or course that the steps give; a single step's day where the course has no planned end."""
    rows = (*trial.doses(intervention).rows, *capped_rows(intervention))
    pairs = [(_amount(row, key), row.at) for row in rows if not (row.titrated and key == "max_cumulative")]
    found = [Total(each.value, each.unit.code, at) for each, at in pairs]
    if not found and key == "max_per_day":
        found = [each for step in intervention["regimen"]["steps"] if (each := _day_of(step, intervention))]
    return max(found, default=None)


def _amount(row: DoseRow, key: str) -> Quantity:
    if key == "per_administration":
        return row.per_administration[-1]
    return row.per_day if key == "max_per_day" else row.cumulative


def _day_of(step: Node, intervention: Node) -> Total | None:
    set_to, times = quantity(step["dose"]), per_day(step)
    if set_to is not None and set_to.unit.group in SETTINGS:
        return Total(set_to.value, set_to.unit.code)
    try:
        one = amount(step, product_of(intervention), Body(), times)
    except NotComputable:
        return None
    return Total(one.value * times, one.unit) if times else None


def _misderived(intervention: Node, unlike: Sequence[Difference]) -> Iterator[Found]:
    for each in unlike:
        if each.computed is not None:
            key = str(each.at.path[-1]).replace("_", " ")
            message = f"intervention {intervention['id'].text}: {key} is stated as {each.at.text}, the steps give"
            yield Found(each.at, f"{message} {each.computed}", "correct the expected dose or the steps")


RULES: tuple[Rule, ...] = (maxima,)
