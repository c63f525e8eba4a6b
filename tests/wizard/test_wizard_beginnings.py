"""The two ways to begin a protocol without questions: a blank skeleton, and an example's structure."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from mutations import paths

from protocolkit import api
from protocolkit.errors import UsageError
from protocolkit.wizard.blank import skeleton
from protocolkit.wizard.copying import emptied, examples

NAMES = [row.name for row in examples()]
MEASURE = re.compile(r"[0-9] ?(?:mg|ug|g|kg|mL|h|d|wk|min|mo|a|%|days?|weeks?|hours?)(?![a-z])")


def _value(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


@pytest.mark.parametrize("name", NAMES)
def test_an_emptied_example_keeps_its_structure_and_no_clinical_value(name: str) -> None:
    """Ids and kinds stay where they were; no number with a unit is left, in values or comments."""
    text = emptied(name)
    document = api.load(text.encode(), name="new.protocol.yaml")
    assert document.findings == ()
    source = api.load(next(row.path for row in examples() if row.name == name))
    ids = [path for path in paths(source.data) if path[-1] == "id" and path[0] in ("arms", "interventions", "outcomes")]
    assert ids
    assert all(_value(document.data, path) == _value(source.data, path) for path in ids)
    assert "fictional" not in document.data
    left = [line for line in text.splitlines() if MEASURE.search(line)]
    assert left == []


@pytest.mark.parametrize("name", NAMES)
def test_an_emptied_example_says_what_is_missing(name: str) -> None:
    """Every gap is a finding, none a fault of form."""
    report = api.validate(api.load(emptied(name).encode(), name="new.protocol.yaml"))
    codes = {placed.finding.code for placed in report.findings if placed.finding.severity == "error"}
    assert codes
    assert not codes & {"FORM02", "FORM04", "FORM09", "FILE05"}


def test_an_unknown_example_is_named() -> None:
    """The error lists the examples there are."""
    with pytest.raises(UsageError, match="ketamine-crps"):
        emptied("nothing")


def test_the_skeleton_holds_every_key_and_can_be_read_with_them() -> None:
    """It is valid YAML as it stands, and still with every optional key switched on."""
    text = skeleton()
    assert api.load(text.encode(), name="new.protocol.yaml").findings == ()
    switched = re.sub(r"^#(?=\s*(?:- )?[A-Za-z_]+:)", "", text, flags=re.MULTILINE)
    data = yaml.safe_load(switched)
    assert list(data) == list(api.schema()["properties"])


def test_the_skeleton_lists_the_terms_of_a_list_and_tells_a_mapping_from_one() -> None:
    """Who reports an outcome is one of a few terms; a manufacturer is one entry of what is a list elsewhere."""
    told = re.sub(r"\s*\n\s*# ", " ", skeleton())
    assert re.search(r"Reported by\. .*Each is one of: participant, parent_or_proxy, ", told)
    assert re.search(r"Device manufacturer\. [^#]*Its keys are those of an entry of co_sponsors above\.", told)
