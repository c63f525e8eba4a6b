"""Rules that compare a regimen with the ranges of the library."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import expressed
from protocolkit.findings import Severity
from protocolkit.rules.dosing_limits import Total
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.substances import require_facts, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


@rule("DOSE12", Severity.INFO, reads=("/interventions/*/regimen", "/interventions/*/product"), tags=("drug",))
def ranges(trial: Trial) -> Iterator[Found]:
    """A dose outside the range that the library knows has a rationale.

    Why: a dose far from those of labels and guidelines may be a slip, or the point of the trial; the rationale tells
    which. A range of the library is a hint for a reviewer, not medical advice.

    Applies: a medicine has a regimen. A regimen with a rationale passes.

    Basis:
        ASRA/AAPM/ASA consensus 2018; product labels, as named in each row of the library (H)

    Fails::

        interventions:
          - {id: MEM, kind: drug, substance: memantine, route: ORAL, regimen: {max_per_day: 60 mg}}

    Passes::

        interventions:
          - id: MEM
            kind: drug
            substance: memantine
            route: ORAL
            regimen: {max_per_day: 60 mg, rationale: dose-finding stage; see introduction}
    """
    drugs = [each for each in trial.tested if each["kind"].text == "drug" and each["regimen"]]
    if not drugs:
        raise NotApplicable("no regimen of a medicine with a chemical substance")
    unexplained = [each for each in drugs if not each["regimen"]["rationale"]]
    found = [finding for each in unexplained for finding in _outside(trial, each)]
    yield from found
    if not found:
        require_facts(unexplained if unexplained == drugs else ())


def _outside(trial: Trial, intervention: Node) -> Iterator[Found]:
    row = row_of(intervention)
    for known in row.data.get("ranges", []) if row else []:
        routes = known.get("routes", [intervention["route"].text])
        if intervention["route"].text not in routes or known.get("profile", "drug") not in trial.tags | {"drug"}:
            continue
        for given in _METRICS[known["metric"]](trial, intervention, known["unit"]):
            if low_high := _beyond(given.value, known):
                message = (
                    f"intervention {intervention['id'].text}: {given.words} lies {low_high} {known['unit']} "
                    f"({known['source']}, confidence {known['confidence']}); a reference range, not medical advice"
                )
                yield Found(
                    intervention["regimen"], message, "say why in regimen.rationale", confidence=known["confidence"]
                )
                break


def _beyond(value: Decimal, known: dict[str, str]) -> str:
    if "max" in known and value > Decimal(known["max"]):
        return f"above {known['max']}"
    return f"below {known['min']}" if "min" in known and value < Decimal(known["min"]) else ""


def _days_given(trial: Trial, intervention: Node, unit: str) -> Iterator[Total]:
    stated = expressed(intervention["regimen"]["max_per_day"], unit)
    if stated is not None:
        yield Total(stated, unit)
    for row in trial.doses(intervention).rows:
        if row.per_day.unit.code == unit:
            yield Total(row.per_day.value, unit, row.at)


def _administrations(trial: Trial, intervention: Node, unit: str) -> Iterator[Total]:
    if "/" in unit:
        yield from _as_dosed(trial, intervention, unit)
        return
    for row in trial.doses(intervention).rows:
        for one in row.per_administration:
            if one.unit.code == unit:
                yield Total(one.value, unit, row.at)


def _as_dosed(_: Trial, intervention: Node, unit: str) -> Iterator[Total]:
    for step in intervention["regimen"]["steps"]:
        value = expressed(step["dose"], unit)
        if value is not None:
            yield Total(value, unit)


_METRICS = {"per_day": _days_given, "per_administration": _administrations, "rate": _as_dosed}

RULES: tuple[Rule, ...] = (ranges,)
