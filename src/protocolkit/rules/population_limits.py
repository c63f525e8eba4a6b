"""Rule on limits that hold over time: values at entry and on treatment."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import Quantity, in_unit
from protocolkit.rules.matching import lies_between, measurement
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import named, names_of
from protocolkit.values import NamedTuple
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.quantities import Unit
    from protocolkit.rules.trial import Trial

# A number, and the unit of another measurement where one follows: 30 d say nothing about 30 mL/min.
_NUMBER = Pattern(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)(?![0-9])(?:[ -]*([^\W\d_]+|%))?", exact=True)
_OTHERWISE = Pattern(
    r"d|days?|h|hours?|wk|weeks?|mo|months?|a|years?|min|minutes?|mg|ug|g|kg|%|percent|tablets?|capsules?|doses?"
)

_REFERENCE = Pattern(
    r"\b(?:sections?|chapters?|tables?|figures?|appendix|appendices|items?|rules?|paragraphs?|visits?|weeks?|days?|months?"
    r"|cycles?|grades?|steps?|levels?|parts?|stages?|phases?|version)\s*$"
)


# Counts that fall with every cycle against a tumour and must be back for the next: entry has a limit of its own.
_FALLING = Pattern(r"neutrophil|platelet|thrombocyte|ha?emoglobin|leu[ck]ocyte|white (?:blood )?cell")


# The function of the kidney, by which many doses are adjusted from the first one on.
_KIDNEY = Pattern(r"\be?gfr|creatinine clearance|\bcr?cl\b|glomerular filtration|renal function|kidney function")

# What keeps a value at entry from being one that interrupts at once.
_LATER = Pattern(
    r"symptom|\blater\b|subsequent|\bsecond\b|\bthird\b|recur|\bagain\b|persist|consecutive|confirmed|\btwice\b|repeat"
    r"|\bcycles?\b|\bfall|\bdrop"
)
_AT_ONCE = frozenset({"interrupt", "withdraw"})  # after which nobody who may enter so has a first dose
_WHEN, _WHAT = ("trigger", "threshold", "reason"), ("to", "restart", "management")
_PARTS = re.compile(r"[(),;]|\b(?:and|or|but)\b")
_FAR = 2  # times a limit of entry: a dose that changes only there leaves much to each site


class Limit(NamedTuple):
    """A limit of a measurement: where it stands, and whether it lies below or above what is allowed.

    `adjusts` is true where the dose is reduced, by what holds from the first one on.
    """

    at: Node
    value: Quantity
    side: str
    adjusts: bool = False


@rule(
    "POP09", Severity.WARNING,
    reads=(
        "/population/inclusion", "/population/exclusion", "/interventions/*/modifications",
        "/discontinuation/treatment",
    ),
    tags=("drug",),
)  # fmt: skip
def entry_and_treatment(trial: Trial) -> Iterator[Found]:
    """A value that bars entry has a consequence when it arises on treatment, and one that may enter has none at once.

    Why: a participant whose value falls below the limit of entry is treated in each site by its own idea when the dose
    changes only far below it. A limit that differs may be meant; then the rule says what holds between.

    Applies: a criterion and a modification of dose use the same measurement, with values in units that compare; told
    once for a measurement. Where the dose is interrupted at once, what the restart says of the limit of entry is no
    answer. A dose that is reduced by the function of the kidney where it may enter is a planned adjustment.
    What holds only beside another medicine is left out, and a criterion may have a limit of its own for a medicine in
    its words (`at least 60 mL/min for cisplatin`). That the dose changes later than entry is barred is customary;
    it is information where one limit is twice the other or more, and left out of what is counted in upper limits of
    normal and of blood counts in oncology.

    Basis:
        internal consistency of the protocol, eligibility and dose modification (H)

    Fails::

        population: {exclusion: [{id: X1, text: eGFR below 30, measure: eGFR, below: 30 mL/min}]}
        interventions:
          - id: MEM
            kind: drug
            role: experimental
            modifications: [{measure: eGFR, below: 15 mL/min, action: reduce}]

    Passes::

        population: {exclusion: [{id: X1, text: eGFR below 30, measure: eGFR, below: 30 mL/min}]}
        interventions:
          - id: MEM
            kind: drug
            role: experimental
            modifications: [{measure: eGFR, below: 30 mL/min, action: withdraw}]
    """
    barred = {(measurement(each["measure"].text), limit.side): limit for each, limit in entry_limits(trial)}
    found = False
    told: dict[tuple[str, str], Found] = {}
    for intervention in trial.root["interventions"]:
        rows = [(measurement(row["measure"].text), row) for row in intervention["modifications"] if not row["with"]]
        for (measure, side), limit in barred.items():
            unit = limit.value.unit
            own = [each for what, row in rows if what == measure and (each := _limit(row, side, unit))]
            if own:
                found = True
                for fault in _apart(trial, intervention, limit, own, measure):
                    before = told.setdefault((measure, side), fault)
                    if before.severity is Severity.INFO and fault.severity is None:
                        told[measure, side] = fault  # the graver one stands for all
    yield from told.values()
    if not found:
        raise NotApplicable("no criterion and no modification use the same measurement")


def entry_limits(trial: Trial) -> Iterator[tuple[Node, Limit]]:
    """Yield the limits of entry by the side that is barred: an inclusion above 60 bars what is below."""
    turned = {"above": "below", "below": "above"}
    for key in ("exclusion", "inclusion"):
        for criterion in trial.at(f"/population/{key}"):
            if key == "exclusion" and lies_between(criterion):
                continue  # what lies beyond may enter on both sides
            for side in turned if criterion["measure"] else ():
                if limit := _limit(criterion, side):
                    yield criterion, limit if key == "exclusion" else limit._replace(side=turned[side])


def _limit(node: Node, side: str, unit: Unit | None = None) -> Limit | None:
    """Read a limit, in another unit where one is wanted; None where there is none, or the two do not compare."""
    found = quantity(node[side])
    if found is None:
        return None
    value = in_unit(found.value, found.unit.code, unit.code) if unit else found.value
    adjusts = node["action"].text == "reduce" and bool(_KIDNEY.search(node["measure"].text))
    return None if value is None else Limit(node[side], Quantity(value, unit or found.unit, found.text), side, adjusts)


def _apart(trial: Trial, intervention: Node, limit: Limit, own: list[Limit], measure: str) -> Iterator[Found]:
    planned = [each for each in own if each.adjusts and _past(each, limit) > 0]
    others = [each for each in own if not each.adjusts or _past(each, limit) <= 0]
    first = max(others, key=lambda each: _past(each, limit), default=None)
    if first is None or (planned and _past(first, limit) < 0):
        return
    by = _past(first, limit)
    falling = by < 0 and "oncology" in trial.tags and _FALLING.search(measure)
    customary = by < 0 and not _far_apart(first.value, limit.value)
    at_once = _at_once(first, by)
    if by == 0 or customary or falling or _is_told(trial, intervention, limit, first, at_once=at_once):
        return
    words = f"entry is barred {limit.side} {limit.at.text}, and the dose changes {limit.side} {first.at.text}"
    between = (
        "a value between bars entry and changes nothing"
        if by < 0
        else "a value between may enter and changes the dose at once"
    )
    message = f"{named(intervention)}: {words}; {between}"
    where = "trigger or threshold" if at_once else "restart, threshold or to"
    hint = f"say what happens between, in {where} of the modification, or tell one limit"
    weight = Severity.INFO if by < 0 else None
    yield Found(first.at, message, hint, ((limit.at, "the limit of entry"),), severity=weight)


def _far_apart(one: Quantity, other: Quantity) -> bool:
    """Say whether one value is twice the other or more, where they are no multiples of an upper limit of normal."""
    low, high = sorted((one.value, other.value))
    return low > 0 and high >= _FAR * low and "ULN" not in one.unit.code


def _past(change: Limit, entry: Limit) -> Decimal:
    """Return by how much a dose changes before a value bars entry; negative where it changes only later."""
    return (change.value.value - entry.value.value) * (1 if entry.side == "below" else -1)


def _at_once(change: Limit, by: Decimal) -> bool:
    """Say whether a value that may enter interrupts or ends treatment before it has begun."""
    row = change.at.document.root.at(change.at.pointer.rpartition("/")[0])
    later = any(_LATER.search(row[key].text) for key in _WHEN)
    return by > 0 and row["action"].text in _AT_ONCE and not later


def _is_told(trial: Trial, intervention: Node, limit: Limit, change: Limit, *, at_once: bool) -> bool:
    """Say whether the texts of the modifications or of stopping name the limit of entry, and so what holds there.

    Where treatment is interrupted at once, only what says when it is: a restart tells of those who had a first dose.
    """
    keys = _WHEN if at_once else (*_WHEN, *_WHAT)
    texts = [row[key].text for row in intervention["modifications"] for key in keys]
    if not at_once:
        texts += [node.text for node in trial.at("/discontinuation/treatment/criteria")]
    texts.append(intervention["regimen"]["repeats"]["start_criteria"].text)
    own = {match[2] for match in _NUMBER.finditer(limit.at.text)}
    if _bars_for(intervention, limit, change):
        return True
    return any(
        Decimal(match[1]) == limit.value.value
        and (match[2] in own or not (_OTHERWISE.fullmatch(match[2] or "") or _REFERENCE.search(text[: match.start()])))
        for text in texts
        for match in _NUMBER.finditer(text)
    )


def _bars_for(intervention: Node, limit: Limit, change: Limit) -> bool:
    """Say whether the criterion has a limit of its own for the medicine, beyond which its dose changes only."""
    text = limit.at.document.root.at(limit.at.pointer.rpartition("/")[0])["text"].text
    names = names_of(intervention)
    units = {match[2] for match in _NUMBER.finditer(limit.at.text)}
    stated = [
        limit._replace(value=limit.value._replace(value=Decimal(match[1])))
        for part in _PARTS.split(text)
        if any(f" {name} " in f" {folded(part)} " for name in names)
        for match in _NUMBER.finditer(part)
        if match[2] in units
    ]
    return any(_past(change, each) <= 0 for each in stated)


RULES: tuple[Rule, ...] = (entry_and_treatment,)
