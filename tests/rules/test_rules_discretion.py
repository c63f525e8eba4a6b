"""A dose that is left to a clinician's discretion is no dose to compare, cap, round or find a concentration for."""

from __future__ import annotations

from typing import Any

from protocolkit.document import Document
from protocolkit.rules import RULES, Outcome, run

FREE = {"id": "S", "when": "course", "frequency": "PRN", "from": "0 d", "to": "6 d",
        "at_discretion": "the clinician decides volume and rate"}  # fmt: skip


def _found(step: dict[str, Any], **product: Any) -> set[str]:
    """Return the rules on doses that find something or cannot be checked."""
    drug = {
        "id": "FLUID", "kind": "drug", "role": "experimental", "substance": "balanced electrolyte solution",
        "route": "INTRAVENOUS DRIP", "product": {"form": "SOLUTION", **product},
        "regimen": {"max_per_day": "6 L", "steps": [step]},
    }  # fmt: skip
    rules = [rule for rule in RULES if rule.code.startswith("DOSE")]
    ran = run(rules, Document("x", {"interventions": [drug]}), (), frozenset({"drug"}))
    return {each.code for each in ran if each.outcome in (Outcome.FOUND, Outcome.NOT_CHECKED, Outcome.CRASHED)}


def test_a_dose_at_discretion_is_neither_faulty_nor_unchecked() -> None:
    """No rule on doses finds anything, or says that it could not be checked."""
    assert _found(FREE) == set()


def test_a_dose_that_is_stated_is_checked() -> None:
    """The same fluid with a volume by weight is asked for its concentration, its cap and its rounding."""
    stated = {key: value for key, value in FREE.items() if key != "at_discretion"} | {"dose": "20 mL/kg"}
    assert {"DOSE04", "DOSE05", "DOSE09"} <= _found(stated)


def test_the_concentrations_of_components_are_concentrations() -> None:
    """A volume of a balanced solution is a dose: each of its ions has a concentration."""
    volume = {"id": "S", "when": "once", "from": "0 d", "dose": "500 mL", "duration": "1 h"}
    ions = [{"substance": "sodium", "strength": "140 mmol/L"}, {"substance": "chloride", "strength": "98 mmol/L"}]
    assert "DOSE05" in _found(volume)
    assert "DOSE05" not in _found(volume, components=ions)
