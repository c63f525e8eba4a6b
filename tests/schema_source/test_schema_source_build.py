"""The generated schemas: equal to a rebuild, sound by the metaschema, and covering ICH M11."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts"
SCHEMAS = ROOT / "schemas"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts folder ../shared/facts is not here")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """Load the script that makes the generated schemas."""
    spec = importlib.util.spec_from_file_location("build_schemas", ROOT / "tools" / "build_schemas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def schema(tool: ModuleType) -> dict[str, Any]:
    """Build the schema for editors."""
    whole: dict[str, Any] = tool.full()
    return whole


def test_generated_schemas_equal_a_rebuild(tool: ModuleType, schema: dict[str, Any]) -> None:
    """What is committed is what the sources give, byte for byte."""
    assert tool.written(schema) == tool.FULL.read_text("utf-8")
    check = tool.for_checking(schema)
    assert tool.packed(check) == tool.CHECK.read_text("utf-8")
    assert tool.packed(tool.for_walking(check)) == tool.WALK.read_text("utf-8")


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_every_schema_is_valid_by_the_metaschema(path: Path) -> None:
    """Each committed schema is JSON Schema 2020-12."""
    schema = json.loads(path.read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_checking_schema_carries_no_text_for_people(tool: ModuleType) -> None:
    """The validator's copy has no descriptions and no quantity patterns; marks that the checker reads stay."""
    check = json.loads(tool.CHECK.read_text("utf-8"))
    keys = {key for _, part in tool.parts(check) for key in part}
    assert not keys & tool.FOR_PEOPLE
    assert {"x-quantity", "x-ref", "x-rule", "x-covered"} <= keys
    assert not any("pattern" in part for _, part in tool.parts(check) if "x-quantity" in part)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("shared.yaml", "$defs: {id: {type: string}}"), "id stands a second time under $defs"),
        (("07-arms.yaml", "properties: {trial: {type: object}}"), "trial stands a second time under properties"),
    ],
)
def test_sources_that_clash_are_refused(tool: ModuleType, tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """A key or definition that stands in two files is an error of the build, not a silent choice."""
    shutil.copytree(SCHEMAS / "src", tmp_path / "src")
    (tmp_path / "src" / ("zz-" + change[0])).write_text(change[1], "utf-8")
    with pytest.raises(tool.SchemaError, match=words.replace("$", r"\$")):
        tool.collected(tmp_path / "src")


@pytest.mark.parametrize(
    "part", [{"$ref": "#/$defs/nowhere"}, {"$ref": "https://example.org/a"}, {"x-ref": {"to": ["sites"]}}]
)
def test_references_that_lead_nowhere_are_refused(tool: ModuleType, part: dict[str, Any]) -> None:
    """A reference out of the document, or to no definition or collection, is an error of the build."""
    schema = tool.collected()
    schema["properties"]["trial"] = part
    with pytest.raises(tool.SchemaError):
        tool.check_references(schema)


@needs_facts
def test_every_required_and_conditional_element_has_a_home(tool: ModuleType, schema: dict[str, Any]) -> None:
    """Each of the 126 Required and 89 Conditional data elements of ICH M11 is a key, derived, or fixed text."""
    rows = tool.asked(FACTS)
    required = [row for row in rows if row["conformance"].startswith("Required")]
    assert (len(required), len(rows) - len(required)) == (126, 89)
    found = tool.homes(schema)
    assert [row["name"] for row in rows if not tool.home(row["ordinal"], schema, found)] == []


@needs_facts
def test_homes_name_elements_that_exist_once(tool: ModuleType, schema: dict[str, Any]) -> None:
    """No ordinal is made up, none is both stated and derived, and free prose is the home of none."""
    elements = json.loads((FACTS / "ich-m11-step4.json").read_text("utf-8"))["elements"]
    found = tool.homes(schema)
    derived = set(schema["x-m11-derived"]) | set(schema["x-m11-fixed"])
    assert found.keys() | derived <= {row["ordinal"] for row in elements}
    assert not found.keys() & derived
    assert not any(pointer.startswith("/narrative") for pointers in found.values() for pointer in pointers)


@needs_facts
def test_coverage_table_equals_a_rebuild(tool: ModuleType, schema: dict[str, Any]) -> None:
    """docs/coverage.md is what the schema and the facts give."""
    assert tool.coverage(FACTS, schema) == tool.COVERAGE.read_text("utf-8")
