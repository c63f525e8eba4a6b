"""Answers that a protocol gives twice: what the trial is controlled by, and whether genes are analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.pairs import Pair
from protocolkit.rules.trial import INERT_ROLES
from protocolkit.schedule import interventions_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_INERT_CONTROLS = frozenset({"placebo", "sham_procedure"})
_OF_COMPARISON = frozenset({"active_comparator", "experimental"})


def control(trial: Trial) -> Iterator[Pair]:
    """A control by placebo is given in an arm that is compared with, and not in experimental arms alone.

    Where all arms are experimental or active comparators, the latter are the control; a placebo that only the others
    get hides what they are spared.
    """
    stated = trial.at("/design/control/type")
    arms = [*trial.root["arms"]]
    compared = [arm for arm in arms if arm["type"].text == "active_comparator"]
    apart = trial.root["design"]["sequences"] or any(arm["type"].text not in _OF_COMPARISON for arm in arms)
    if stated.text not in _INERT_CONTROLS or apart or not compared:
        return
    given = [arm["id"].text for arm in arms if _gets_inert(arm)]
    controls = [arm["id"].text for arm in compared]
    if given:
        told = f"{listed(controls)}, the active comparator, gets none, and {listed(given)} does"
        yield Pair(stated, "control", told, bool({*given} & {*controls}), Severity.WARNING)


def _gets_inert(arm: Node) -> bool:
    return any(each["role"].text in INERT_ROLES for each in interventions_of(arm))


def genes(trial: Trial) -> Iterator[Pair]:
    """Where consent is asked for the analysis of genes, the section on genetics does not say that there is none."""
    stated, none = trial.at("/oversight/samples/genetic"), trial.at("/schedule/assessments/genetics/none_reason")
    if stated.value is True and none:
        told = f'the assessments have no genetics: "{none.text}"'
        yield Pair(stated, "analysis of genes in the samples", told, alike=False, weight=Severity.INFO)
