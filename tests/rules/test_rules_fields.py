"""What a field alone asks stays in that field: no rule on pain, opioids or mood speaks to another trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocolkit import api
from protocolkit.rules import RULES, Outcome, run
from protocolkit.rules.profiles import TAGS, tags_of

ROOT = Path(__file__).resolve().parents[2]
OTHER_FIELDS = [
    *sorted((ROOT / "tests" / "cases" / "fit").glob("*.protocol.yaml")),
    *(ROOT / "examples" / f"{name}.protocol.yaml" for name in ("examplipril-hypertension", "examplinib-phase1")),
]
OF_PAIN = {
    "DOSE15", "ETH05", "FU03", "FU04", "FU12", "OUT03", "OUT04", "OUT05", "OUT06", "OUT11", "POP02", "POP03", "POP04",
    "POP05", "POP12",
}  # fmt: skip
# Bound to what a protocol itself uses, in any field: morphine equivalents, an item on suicidal thoughts.
BOUND_TO_USE = {"OUT09", "AE13"}


def test_rules_of_the_field_carry_its_tag() -> None:
    """Each rule that speaks of chronic pain belongs to that profile alone."""
    assert {rule.code for rule in RULES if rule.tags == {"chronic-pain"}} == OF_PAIN


@pytest.mark.parametrize("path", OTHER_FIELDS, ids=lambda path: path.name)
def test_other_fields_hear_nothing_of_pain_opioids_or_mood(path: Path) -> None:
    """Oncology, a vaccine, a device, hypertension: these rules do not apply, whatever other tags are set."""
    document = api.load(path)
    tags = (frozenset(TAGS) | tags_of(document)) - {"chronic-pain", "pilot", "crossover", "single-arm"}
    rules = [rule for rule in RULES if rule.code in OF_PAIN | BOUND_TO_USE]
    assert {ran.code: ran.outcome for ran in run(rules, document, (), tags)} == {
        rule.code: Outcome.NOT_APPLICABLE for rule in rules
    }
