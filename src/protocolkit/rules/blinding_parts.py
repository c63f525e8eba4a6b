"""Blinding that is not the same throughout: what is given where the assignment is open, and a rule on the parts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.times import length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

BLINDED = frozenset({"double_blind", "single_blind", "observer_blind"})
_ENDLESS = Decimal("Infinity")
_PARTS = "/design/blinding/by_part"


@rule("ETH06", Severity.ERROR, reads=("/design/blinding",))
def parts(trial: Trial) -> Iterator[Found]:
    """Where blinding differs by part, each part has one blinding, and the blind of a part can be broken too.

    Why: an epoch that is told as open and as blinded leaves open who knows the assignment. An open-label trial with a
    blinded part has a blind to break in an emergency.

    Applies: design.blinding.by_part is stated.

    Basis:
        SPIRIT 2025, 24a and 24c (H)
        ICH M11 Step 4, 6.7.3 and 6.7.4 (H)

    Fails::

        design:
          blinding:
            schema: open_label
            by_part: [{epochs: [WITHDRAWAL], schema: double_blind, roles: [participant]}]

    Passes::

        design:
          blinding:
            schema: open_label
            by_part: [{epochs: [WITHDRAWAL], schema: double_blind, roles: [participant]}]
            emergency_unblinding: {hours: any, sponsor_permission: not needed}
    """
    stated = [*trial.at(_PARTS)]
    if not stated:
        raise NotApplicable("blinding is the same throughout")
    known: dict[tuple[frozenset[str], frozenset[str], str], Node] = {}
    for part in stated:
        first = known.setdefault(_about(part), part)
        if first["schema"].text != part["schema"].text:
            message = f"the same part is told as {_words(first)} and as {_words(part)}"
            yield Found(part["schema"], message, "tell one of both", ((first["schema"], "the other one"),))
    blinded = next((part for part in stated if part["schema"].text in BLINDED), None)
    if blinded is not None and not trial.at("/design/blinding/emergency_unblinding"):
        message = f"a part of the trial is {_words(blinded)}, and how its blind is broken in an emergency is not stated"
        yield Found(blinded["schema"], message, "state design.blinding.emergency_unblinding")


def _about(part: Node) -> tuple[frozenset[str], frozenset[str], str]:
    epochs, arms = (frozenset(node.text for node in part[key]) for key in ("epochs", "arms"))
    return epochs, arms, part["of"].text.casefold()


def _words(part: Node) -> str:
    return part["schema"].text.replace("_", " ")


def schemas(trial: Trial) -> set[str]:
    """Return the kinds of blinding that parts of a trial have, beside that of the main comparison."""
    return {part["schema"].text for part in trial.at(_PARTS)}


def given_open(trial: Trial, intervention: Node) -> bool:
    """Say whether an intervention is given only in epochs and arms in which the assignment is open."""
    unmasked = [part for part in trial.at(_PARTS) if part["schema"].text == "open_label" and not part["of"]]
    where = [place for arm in trial.root["arms"] for place in _given(arm, intervention["id"].text)] if unmasked else []
    return bool(where) and all(any(_covers(part, place) for part in unmasked) for place in where)


def blinded_until(trial: Trial) -> Decimal | None:
    """Return the day, counted from the start of treatment, on which the assignment is opened to all.

    Endless where it is not; None where the day does not follow from the lengths of the epochs, or treatment begins so.
    """
    unmasked = [part for part in trial.at(_PARTS) if part["schema"].text == "open_label" and not part["of"]]
    opened = {node.text for part in unmasked if not part["arms"] for node in part["epochs"]}
    passed, treated = Decimal(0), False
    for epoch in trial.at("/design/epochs"):
        treated = treated or epoch["type"].text == "treatment"
        if treated and epoch["id"].text in opened:
            return passed or None
        lasts = length(epoch["duration"])
        if treated and lasts is None:
            return None if opened else _ENDLESS
        passed += (lasts or 0) if treated else 0
    return None if unmasked else _ENDLESS


def _given(arm: Node, intervention: str) -> Iterator[tuple[str, str]]:
    """Yield the arm with each epoch in which it gives an intervention; with none where that is all of treatment."""
    if intervention in {node.text for node in arm["interventions"]}:
        yield arm["id"].text, ""
    for epoch in arm["epochs"]:
        if intervention in {node.text for node in epoch["interventions"]}:
            yield arm["id"].text, epoch["epoch"].text


def _covers(part: Node, place: tuple[str, str]) -> bool:
    return all(
        not part[key] or own in {node.text for node in part[key]}
        for key, own in zip(("arms", "epochs"), place, strict=True)
    )


RULES: tuple[Rule, ...] = (parts,)
