"""Rule on the dose to which one is reduced: it is lower than what the regimen gives."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import arms, steps_of
from protocolkit.dosing.amounts import expressed, quantity
from protocolkit.findings import Severity
from protocolkit.quantities import Quantity, QuantityError, in_unit, parse
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

_DOSE = Pattern(r"(?P<dose>[0-9]+(?:\.[0-9]+)? [^\s,;]+)(?: (?P<often>[A-Z0-9]{2,5})\b)?")
_LEVEL = Pattern(r"\blevel (?:minus |[-+\N{MINUS SIGN}])?(?P<step>[0-9])\b")


@rule(
    "DOSE32", Severity.ERROR,
    reads=("/interventions/*/modifications", "/interventions/*/reductions", "/interventions/*/regimen/steps"),
)  # fmt: skip
def lower(trial: Trial) -> Iterator[Found]:
    """A dose that is reduced becomes lower than the highest that the regimen gives.

    Why: "reduce to 40 mg" of a dose of 20 mg doubles it for those whom it harms.

    Applies: a modification reduces the dose `to` an amount or a level, or levels of reductions are listed, and the
    steps give amounts in a unit that compares, with the same frequency where both state one; a titration gives its
    target. Levels fall from each to
    the next, unless one states a frequency of its own, and a level that a modification names is one of the list. Where
    arms start at different doses, those levels count that are for the arm or for all; an arm that starts no higher than
    the first of them is a warning, since it may be meant to begin further down.

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
    laddered = [each for each in trial.root["interventions"] if each["reductions"]["levels"]]
    if not rows and not laddered:
        raise NotApplicable("no dose is reduced to an amount")
    for intervention in laddered:
        yield from _rising(intervention)
        yield from _unlisted(intervention)
    for intervention, node, (dose, often) in rows:
        given = [(step, value) for step in steps_of(intervention["regimen"]) if (value := _value(step, dose, often))]
        highest = max((value for _, value in given), default=None)
        if highest is not None and dose.value >= max(highest, *_titrated_to(intervention, dose)):
            step = next(step for step, value in given if value == highest)
            message = f"the dose of {intervention['id'].text} is reduced to {dose.text}, and the regimen gives at most "
            hint = "state a lower dose, or another action"
            yield Found(node, f"{message}{step['dose'].text}", hint, ((step["dose"], "the highest dose"),))


def _titrated_to(intervention: Node, dose: Quantity) -> list[Decimal]:
    """Return the doses that titration raises to, in the unit of another."""
    stated = intervention["regimen"]["titration"]
    known = (expressed(node, dose.unit.code) for node in (stated["target"], *stated["doses"]))
    return [Decimal(0), *(each for each in known if each is not None)]


def _rising(intervention: Node) -> Iterator[Found]:
    """Find the first level that is no lower than the one before it, or than what the regimen gives in an arm."""
    levels = [*intervention["reductions"]["levels"]]
    named = (node.text for level in levels for node in level["arms"])
    apart = [*dict.fromkeys((*arms(intervention["regimen"]), *named))]
    found = [each for arm in apart or [""] if (each := _of_arm(intervention, levels, arm)) is not None]
    told: set[Path] = set()
    for each in sorted(found, key=lambda each: each.severity is not None):  # those that are errors first
        if each.at.path not in told:
            told.add(each.at.path)
            yield each


def _of_arm(intervention: Node, levels: list[Node], arm: str) -> Found | None:
    """Return the first fault of the levels that are for an arm, or for all where no arm is named."""
    doses = [(step["dose"], _is_for(step, arm)) for step in steps_of(intervention["regimen"])]
    before: Node | None = None
    for level in (each for each in levels if _is_for(each, arm)):
        dose = quantity(level["dose"])
        if dose is None or level["frequency"]:
            return None
        highest, node = _highest([before] if before is not None else [each for each, own in doses if own], dose)
        if node is not None and dose.value >= highest:
            in_arm = f" in arm {arm}" if arm else ""
            words = f"{level['name'].text} is {dose.text}, no less than {node.text} before it{in_arm}"
            hint = "list the levels from the first reduction downwards"
            lower = before is None and not level["arms"] and dose.value < _highest([each for each, _ in doses], dose)[0]
            return Found(
                level["dose"],
                f"{intervention['id'].text}: {words}",
                f"{hint}, each with its arms where these start at different doses" if arm else hint,
                ((node, "before"),),
                severity=Severity.WARNING if lower else None,
            )
        before = level["dose"]
    return None


def _is_for(node: Node, arm: str) -> bool:
    return not node["arms"] or arm in {each.text for each in node["arms"]}


def _highest(doses: list[Node], unit_of: Quantity) -> tuple[Decimal, Node | None]:
    """Return the highest of some doses in the unit of another, and where it stands; no place where none compares."""
    known = [(value, node) for node in doses if (value := _in_unit_of(node, unit_of)) is not None]
    return max(known, key=lambda pair: pair[0], default=(Decimal(0), None))


def _in_unit_of(node: Node, dose: Quantity) -> Decimal | None:
    found = quantity(node)
    return in_unit(found.value, found.unit.code, dose.unit.code) if found is not None else None


def _unlisted(intervention: Node) -> Iterator[Found]:
    """Find a modification that reduces to a level which is none of the list."""
    levels = intervention["reductions"]["levels"]
    listed = {_step(level["name"].text) or place for place, level in enumerate(levels, 1)}
    for row in intervention["modifications"]:
        step = _step(row["to"].text)
        if step and step not in listed:
            message = f"{intervention['id'].text}: a reduction to {row['to'].text}, which is none of the levels listed"
            yield Found(row["to"], message, "name a level of reductions.levels", ((levels, "the levels"),))


def _step(text: str) -> int:
    """Return the number of a level that a text names, whatever its sign; 0 where it names none."""
    match = _LEVEL.search(text)
    return int(match["step"]) if match else 0


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
