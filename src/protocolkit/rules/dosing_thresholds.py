"""Rule on the order of limits: treatment is interrupted before it is stopped for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.values import NamedTuple
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_MILD = frozenset({"interrupt", "reduce"})
_THRESHOLD = Pattern(
    r"\s*(?P<sign>[<>]=?|\N{LESS-THAN OR EQUAL TO}|\N{GREATER-THAN OR EQUAL TO}|above|below|more than|less than)\s*"
    r"(?P<value>[0-9]+(?:\.[0-9]+)?)\s*(?:x|\N{MULTIPLICATION SIGN}|times(?: the)?)?\s*(?P<unit>[^\s,;.]*)"
)
_JOINED = Pattern(r"\b(?:with|and|or|plus|if|unless|together)\b")
_UP = (">", "\N{GREATER-THAN OR EQUAL TO}", "above", "more")
_LIMITS = {"upper limit of normal": "uln", "upper": "uln", "lower": "lln"}


class _Limit(NamedTuple):
    """A value at which something is done: its direction, the value, the unit made comparable, where it stands."""

    up: bool
    value: float
    unit: str
    at: Node


@rule(
    "DOSE24",
    Severity.ERROR,
    reads=("/interventions/*/modifications", "/interventions/*/stopping_rules", "/discontinuation/treatment"),
)
def in_order(trial: Trial) -> Iterator[Found]:
    """Treatment is not stopped for good at a milder value than that at which it is interrupted or reduced.

    Why: where a value of three bars all further treatment and one of five interrupts it, nobody is ever interrupted, or
    each site picks one of both.

    Applies: an intervention has a dose modification and a rule for stopping on one measure, each with a single limit
    in the same unit. Limits that are joined with another condition are left out. A criterion for stopping the trial
    treatment that begins with the measure is such a rule, and its limit is another one.

    Basis:
        internal consistency of the protocol, dose modifications (H)

    Fails::

        interventions:
          - id: A
            modifications: [{measure: ALT, above: '5 {ULN}', action: interrupt}]
            stopping_rules: [{trigger: ALT, threshold: '> 3 x ULN', action: stop for good}]
        outcomes: []

    Passes::

        interventions:
          - id: A
            modifications: [{measure: ALT, above: '3 {ULN}', action: interrupt}]
            stopping_rules: [{trigger: ALT, threshold: '> 5 x ULN', action: stop for good}]
        outcomes: []
    """
    pairs = [
        (mild, final)
        for intervention in trial.root["interventions"]
        for change in intervention["modifications"]
        if change["action"].text in _MILD
        for mild in _limits(change)
        for final in (*_finals(intervention, change), *_criteria(trial, change))
    ]
    if not pairs:
        raise NotApplicable("no measure has a limit for a change of dose and one for stopping")
    for mild, final in pairs:
        same = mild.up is final.up and mild.unit == final.unit
        sooner = final.value < mild.value if mild.up else final.value > mild.value
        if same and (sooner or (final.value == mild.value and final.at.path[0] == "discontinuation")):
            side = "above" if mild.up else "below"
            when = "before" if sooner else "where"
            message = f"treatment stops for good at {final.at.text}, {when} it is changed {side} {mild.at.text}"
            yield Found(final.at, message, "correct one of both limits", ((mild.at, "the milder measure"),))


def _finals(intervention: Node, change: Node) -> Iterator[_Limit]:
    """Yield the limits at which treatment is stopped for good on the measure of a change of dose."""
    measure = _measure(change)
    for rule_ in intervention["stopping_rules"]:
        if measure and folded(rule_["trigger"].text) == measure:
            yield from _worded(rule_["threshold"])
    for other in intervention["modifications"]:
        if measure and _measure(other) == measure and other["action"].text == "withdraw":
            yield from _limits(other)


def _criteria(trial: Trial, change: Node) -> Iterator[_Limit]:
    """Yield the limits of the criteria for stopping that name the measure of a change of dose."""
    measure = _measure(change)
    for node in trial.at("/discontinuation/treatment/criteria"):
        told = folded(node.text)
        if measure and told.startswith(f"{measure} "):
            yield from _worded(node, node.text[len(measure) :])


def _measure(change: Node) -> str:
    return folded(change["measure"].text or change["trigger"].text)


def _limits(change: Node) -> Iterator[_Limit]:
    if change["with"]:
        return
    keyed = [(up, change[key], quantity(change[key])) for key, up in (("above", True), ("below", False))]
    for up, node, found in keyed:
        if found is not None:
            yield _Limit(up, float(found.value), _unit(found.unit.code), node)
    if not any(found for _, _, found in keyed):
        yield from _worded(change["threshold"])


def _worded(threshold: Node, text: str = "") -> Iterator[_Limit]:
    match = _THRESHOLD.match(text or threshold.text)
    if match is not None and not _JOINED.search(threshold.text):
        yield _Limit(match["sign"].casefold().startswith(_UP), float(match["value"]), _unit(match["unit"]), threshold)


def _unit(text: str) -> str:
    """Return a unit in a form in which `{ULN}`, `ULN` and `mm[Hg]`, `mm Hg` are equal."""
    plain = text.casefold().translate(str.maketrans("", "", "{}[] "))
    return _LIMITS.get(plain, plain)


RULES: tuple[Rule, ...] = (in_order,)
