"""The dose of a vaccine in infectious titre, activity or particles is the amount of its antigen too."""

from __future__ import annotations

import pytest

from protocolkit.document import Document
from protocolkit.rules import RULES, run

(VACCINES,) = [rule for rule in RULES if rule.code == "DOSE29"]


@pytest.mark.parametrize(
    ("antigen", "doses", "told"),
    [
        ("live recombinant virus, 20000000 [PFU]", ["20000000 [PFU]", "2000000 [PFU]"], 1),
        ("live recombinant virus, 20,000,000 PFU", ["20000000 [PFU]"], 0),
        ("live virus, at least 1000 CCID50", ["1000 [CCID_50]"], 0),
        ("live virus, at least 1000 CCID50", ["100 [CCID_50]"], 1),
        ("inactivated rabies virus, 2.5 IU", ["25 [iU]"], 1),
        ("vector, 50000000000 vp in 0.5 mL", ["5 10*10{vp}"], 0),
        ("live virus, 20000000 TCID50", ["2000000 [PFU]"], 0),
        ("live virus, 20000000 PFU/mL", ["10000000 [PFU]"], 0),
        ("live virus, 2 x 10^7 PFU", ["20000000 [PFU]"], 0),
        ("four strains, 20000000 PFU each", ["80000000 [PFU]"], 0),
    ],
)
def test_the_dose_is_the_amount_of_the_antigen(antigen: str, doses: list[str], told: int) -> None:
    """Told once for a vaccine; titres of two kinds, strengths and powers are not compared."""
    steps = [{"id": f"S{place}", "dose": dose, "when": "once", "from": "0 d"} for place, dose in enumerate(doses)]
    vaccine = {"id": "VAC", "kind": "vaccine", "vaccine": {"antigens": [antigen]}, "regimen": {"steps": steps}}
    (ran,) = run([VACCINES], Document("x", {"interventions": [vaccine]}), (), frozenset({"drug"}))
    assert len(ran.findings) == told, [finding.message for finding in ran.findings]
