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
_UP = (">", "\N{GREATER-THAN OR EQUAL TO}", "at least", "above", "over", "more")
# At which value treatment is taken up again: `at 100 x 10*9/L or more`, `to grade 1 or below 5.0 mmol/L`.
_AGAIN = Pattern(
    r"(?P<sign>[<>]=?|\N{LESS-THAN OR EQUAL TO}|\N{GREATER-THAN OR EQUAL TO}|\b(?:at least|at most|at|to|above|below"
    r"|over|under|more than|less than))\s*(?P<value>[0-9]+(?:\.[0-9]+)?)\s*"
    r"(?:x\b|\N{MULTIPLICATION SIGN}|times(?: the)?)?\s*(?P<unit>[^,;]*)"
)
_EARLIER = Pattern(r"\b(?:nadir|lowest|highest|peak|was|were|had|if|where)\b[^,;.]*$")
_DOWN = ("<", "\N{LESS-THAN OR EQUAL TO}", "at most", "below", "under", "less")
_OR_MORE, _OR_LESS = ("ormore", "orabove", "orhigher", "orgreater"), ("orless", "orbelow", "orlower")
_SHARE = ("of", "dose")  # 50 % of the dose
_OPEN = ("at", "to")  # the words after the value say the direction, or the sense does
_SPELT = str.maketrans({**dict.fromkeys("{}[] ", ""), "^": "*", "\N{SUPERSCRIPT NINE}": "*9"})
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
    """Treatment is not stopped for good, nor taken up again, at a value at which it is interrupted or reduced.

    Why: where a value of three bars all further treatment and one of five interrupts it, nobody is ever interrupted, or
    each site picks one of both. A dose that is taken up again at 75 and interrupted below 100 is interrupted at once.

    Applies: an intervention has a dose modification and a rule for stopping on one measure, each with a single limit
    in the same unit. Limits that are joined with another condition are left out. A criterion for stopping the trial
    treatment that begins with the measure is such a rule, and its limit is another one. That all values of restart
    lie where the dose is interrupted is a warning.

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
    again = [
        (change, limit)
        for intervention in trial.root["interventions"]
        for change in intervention["modifications"]
        if change["action"].text == "interrupt" and change["restart"] and not change["change"]
        for limit in _limits(change)
    ]
    if not pairs and not again:
        raise NotApplicable("no measure has a limit for a change of dose and one for stopping or for the restart")
    for change, limit in again:
        yield from _too_soon(change, limit)
    for mild, final in pairs:
        same = mild.up is final.up and mild.unit == final.unit
        sooner = final.value < mild.value if mild.up else final.value > mild.value
        if same and (sooner or (final.value == mild.value and final.at.path[0] == "discontinuation")):
            side = "above" if mild.up else "below"
            when = "before" if sooner else "where"
            message = f"treatment stops for good at {final.at.text}, {when} it is changed {side} {mild.at.text}"
            yield Found(final.at, message, "correct one of both limits", ((mild.at, "the milder measure"),))


def _too_soon(change: Node, limit: _Limit) -> Iterator[Found]:
    """Find a restart whose every value is one at which the dose is interrupted."""
    restart = change["restart"]
    told = [*_restarts(restart.text, limit)]
    if told and all(value > limit.value if limit.up else value < limit.value for value in told):
        side = "above" if limit.up else "below"
        value = (min if limit.up else max)(told)
        message = f"treatment is taken up again at {value:g}, and interrupted {side} {limit.at.text}"
        related = ((limit.at, "the limit of the interruption"),)
        yield Found(restart, message, "correct one of both limits", related, severity=Severity.WARNING)


def _restarts(text: str, limit: _Limit) -> Iterator[float]:
    """Yield the values to which a measure has to come back, in the unit of a limit; none of what it was before."""
    for match in _AGAIN.finditer(text):
        sign, unit = match["sign"].casefold(), _unit(match["unit"])
        after = unit.removeprefix(limit.unit)
        down = sign.startswith(_DOWN) or (sign in _OPEN and after.startswith(_OR_LESS))
        up = sign.startswith(_UP) or (sign in _OPEN and after.startswith(_OR_MORE))
        wrong = (up if limit.up else down) or after.startswith(_SHARE)
        if unit.startswith(limit.unit) and not wrong and not _EARLIER.search(text[: match.start()]):
            yield float(match["value"])


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
    plain = text.casefold().translate(_SPELT)
    return _LIMITS.get(plain, plain)


RULES: tuple[Rule, ...] = (in_order,)
