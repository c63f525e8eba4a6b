"""The one dose that the words of a run-in name is that of its medicine."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(MAXIMA,) = [rule for rule in RULES if rule.code == "DOSE07"]


def outcome(given: str, dose: str, frequency: str = "QD", others: int = 0) -> list[str]:
    """Return what the rule says of a run-in with one medicine, and others beside it."""
    step = {"id": "S", "dose": dose, "when": "course", "frequency": frequency, "from": "0 d", "to": "13 d"}
    names = [f"M{number}" for number in range(1 + others)]
    root = {
        "design": {"run_in": {"given": given, "interventions": names}},
        "interventions": [{"id": name, "kind": "drug", "regimen": {"steps": [step]}} for name in names],
    }
    (ran,) = run([MAXIMA], Document("x", root), (), frozenset({"drug"}))
    return [finding.message for finding in ran.findings]


ROWS = [
    (("open-label examplinib 10 mg once daily", "10 mg"), 0),
    (("open-label examplinib 20 mg once daily", "10 mg"), 1),
    (("open-label examplinib 20 mg a day", "10 mg", "BID"), 0),
    (("examplinib 10 mg, then 20 mg where tolerated", "15 mg"), 0),
    (("examplinib 20 mg/kg", "10 mg"), 0),
    (("examplinib 50 mg/m2 a day", "60 mg/m2"), 1),
    (("examplinib 60 mg/m2 a day", "60 mg/m2"), 0),
    (("examplinib 60 mg/m2 a day", "30 mg/m2", "BID"), 0),
    (("examplinib 60 mg", "40 mg/m2"), 0),
    (("examplinib 2 mg/kg/h", "1 mg/kg"), 0),
    (("examplinib, two 5 mg tablets a day", "10 mg"), 0),
    (("examplinib 20 mg", "1 {tablet}"), 0),
    (("both, examplinib 20 mg", "10 mg", "QD", 1), 0),
]


@pytest.mark.parametrize(("given", "told"), ROWS)
def test_the_words_of_a_run_in_name_its_dose(given: tuple[str, str], told: int) -> None:
    """Only where one dose is named and one medicine is given can both be meant."""
    assert len(outcome(*given)) == told
