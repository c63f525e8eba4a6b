"""Short protocols far from pain: each fits the format without a word of prose where a key should stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit import api

if TYPE_CHECKING:
    from protocolkit.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "fit"
FILES = sorted(FOLDER.glob("*.protocol.yaml"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".protocol.yaml"))


def read(path: Path) -> Document:
    """Read a protocol as the tool does."""
    document = api.load(path)
    assert document.findings == ()
    return document


def test_there_are_protocols_to_fit() -> None:
    """Oncology with cycles, a vaccine with cohorts, drug and device in one, a platform, a service by steps."""
    assert len(FILES) == 5


@every_file
def test_they_validate_without_a_finding(path: Path) -> None:
    """Nothing is missing, unknown, malformed or unresolved, and no rule finds anything.

    Their substances are fictional, so that rules which ask the library about one say that they were not checked.
    """
    told = [(row.finding.code, row.finding.message) for row in api.validate(read(path)).findings]
    found = [row for row in told if row[0] != "RULE02"]
    assert found == []


@every_file
def test_they_render(path: Path) -> None:
    """A draft is written as a Word document."""
    assert api.render(read(path)).startswith(b"PK")


@every_file
def test_no_narrative_stands_for_structure(path: Path) -> None:
    """Everything has a key of its own; prose by section number is not used, and the file says that it is fictional."""
    content = read(path).content
    assert isinstance(content, dict)
    assert "narrative" not in content
    assert content["fictional"] is True


KEYS = [
    ("oncology-escalation", "/interventions/0/regimen/repeats/every", "21 d"),
    ("oncology-escalation", "/interventions/0/regimen/steps/0/scaling/formula", "Mosteller"),
    ("oncology-escalation", "/design/dose_escalation/target_toxicity", "30 %"),
    ("oncology-escalation", "/design/dose_escalation/boundaries/escalate_at_most", "23.6 %"),
    ("oncology-escalation", "/outcomes/1/instrument/name", "RECIST"),
    ("vaccine-two-dose", "/population/cohorts/1/sentinel/interval", "7 d"),
    ("vaccine-two-dose", "/adverse_events/solicited/period", "7 d"),
    ("vaccine-two-dose", "/interventions/0/vaccine/observation", "30 min"),
    ("vaccine-two-dose", "/schedule/visits/4/cohorts", ["OLDER"]),
    ("vaccine-two-dose", "/objectives/2/endpoints/0/metric", "ratio_to_baseline"),
    ("autoinjector-combination", "/interventions/0/combination_product", True),
    ("autoinjector-combination", "/interventions/0/device/traceability", "device number in the record of each dose"),
    ("autoinjector-combination", "/adverse_events/reporting/2/event", "device_deficiency"),
    ("autoinjector-combination", "/interventions/0/product/fill_volume", "1.5 mL"),
    ("platform-outcome", "/objectives/1/framework/kind", "non_inferiority"),
    ("platform-outcome", "/design/master_protocol/domains/1/control/type", "different_dose_or_regimen"),
    ("platform-outcome", "/design/randomisations/1/revealed/at", "W1"),
    ("platform-outcome", "/design/adaptive/allocation/max", "80 %"),
    ("platform-outcome", "/design/event_driven/target", 400),
    ("platform-outcome", "/population/inclusion/3/domains", ["DURATION"]),
    ("platform-outcome", "/interventions/0/product/components/1/strength", "2.5 mg"),
    ("platform-outcome", "/interventions/0/regimen/steps/0/age/max", "11 a"),
    ("platform-outcome", "/interventions/0/regimen/titration/per_cohort/0/target", "1 {tablet}"),
    ("platform-outcome", "/interventions/0/modifications/1/change", {"from": "last_visit", "fall": "30 %"}),
    ("platform-outcome", "/interventions/1/regimen/steps/0/band/visit", "D0"),
    ("platform-outcome", "/concomitant/rescue/0/intervention", "RELIEF"),
    ("platform-outcome", "/statistics/testing_order", ["E1", "E3"]),
    ("platform-outcome", "/objectives/1/framework/then", "superiority"),
    ("platform-outcome", "/oversight/consent/assent/permission_waived/approved_by", "ethics committee"),
    ("platform-outcome", "/statistics/analyses/3/claim", "superiority"),
    ("stepped-wedge-service", "/trial/phase", "Not Applicable"),
    ("stepped-wedge-service", "/design/cluster/stepped_wedge/cluster_period_size", 120),
    ("stepped-wedge-service", "/design/epochs/1/type", "transition"),
    ("stepped-wedge-service", "/outcomes/0/denominator", "1,000 occupied bed-days"),
    ("stepped-wedge-service", "/schedule/visits/0/level", "cluster"),
    ("stepped-wedge-service", "/statistics/sample_size/0/clusters_total", 16),
    ("stepped-wedge-service", "/oversight/consent/per_country/0/kind", "opt_out"),
]


@pytest.mark.parametrize(("name", "pointer", "value"), KEYS)
def test_what_is_particular_to_a_field_has_a_key(name: str, pointer: str, value: Any) -> None:
    """What a reader of that field looks for first stands where it can be computed with."""
    assert read(FOLDER / f"{name}.protocol.yaml").root.at(pointer).value == value


@every_file
def test_no_text_is_cut_at_a_comma(path: Path) -> None:
    """A comma in an unquoted text would leave the rest of it behind as a key without a value."""
    empty = [node.pointer for node in _leaves(read(path).root) if node.value in (None, "", [], {})]
    assert empty == []


def _leaves(node: Node) -> Iterator[Node]:
    below = [node[key] for key in node.keys()] if isinstance(node.value, dict) else list(node)  # noqa: SIM118 - a node
    if not below:
        yield node
    for child in below:
        yield from _leaves(child)
