"""The reviewed rows of the library: each with source, confidence and date, and equal to what the facts give."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from protocolkit.library import facts

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "pain-trials"
FOLDER = ROOT / "src" / "protocolkit" / "library"
SCHEMA = ROOT / "schemas" / "library.schema.json"


def _values(value: Any) -> list[dict[str, Any]]:
    """Return every value with a confidence of its own, however deep."""
    if isinstance(value, list):
        return [found for item in value for found in _values(item)]
    if isinstance(value, dict):
        own = [value] if "confidence" in value else []
        return own + [found for item in value.values() for found in _values(item)]
    return []


@pytest.mark.parametrize("kind", facts.kinds())
def test_a_row_has_source_confidence_and_date(kind: str) -> None:
    """No row without its word, its letter and the day of its review; keys and names are unique."""
    rows = facts.rows(kind)
    assert rows
    assert facts.about(kind)
    for row in rows:
        assert row.source
        assert row.confidence in ("H", "M", "L")
        assert row.reviewed_on.startswith("20")
        assert all(each["source"] and each["confidence"] in ("H", "M", "L") for each in _values(row.data))
    keys = [row.key for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ketamine", "ketamine"),
        ("Ketamine Hydrochloride", "ketamine"),
        ("S-KETAMINE", "esketamine"),
        ("magnesium  sulphate", "magnesium_sulfate"),
        ("magnesium_sulfate", "magnesium_sulfate"),
        ("lignocaine", "lidocaine"),
    ],
)
def test_a_substance_is_found_by_any_of_its_names(name: str, key: str) -> None:
    """Case, underscores and spaces do not matter; synonyms and salts lead to the same row."""
    row = facts.find("substances", name)
    assert row is not None
    assert row.key == key


@pytest.mark.parametrize("name", ["examplinib", "", "ketamin", "saline"])
def test_an_unknown_substance_is_none(name: str) -> None:
    """The library does not guess."""
    assert facts.find("substances", name) is None


@pytest.mark.parametrize("kind", ["terms", "nothing", "../substances"])
def test_an_unknown_kind_is_a_key_error(kind: str) -> None:
    """A misspelt kind never reads as an empty library."""
    with pytest.raises(KeyError):
        facts.rows(kind)


@pytest.mark.parametrize(
    ("name", "hours", "confidence"),
    [
        ("memantine", "100", "H"),
        ("ketamine", "12", "M"),
        ("dextromethorphan", "29.5", "H"),
        ("diphenhydramine", "8", "H"),
    ],
)
def test_the_half_life_to_plan_by_is_the_longest_that_was_read(name: str, hours: str, confidence: str) -> None:
    """A recalled value never outweighs one that was read."""
    row = facts.find("substances", name)
    assert row is not None
    assert Decimal(row.data["planning_half_life"]["hours"]) == Decimal(hours)
    assert row.data["planning_half_life"]["confidence"] == confidence


def test_what_has_no_source_is_only_recalled() -> None:
    """Whatever the facts call it, a value without a named source is of confidence L."""
    values = [value for row in facts.rows("substances") for value in _values(row.data)]
    recalled = [value for value in values if value["source"].startswith("recalled")]
    assert recalled
    assert {value["confidence"] for value in recalled} == {"L"}


@pytest.mark.parametrize("kind", facts.kinds())
def test_a_file_has_the_shape_of_the_library(kind: str) -> None:
    """One schema holds for rows of every kind: key, names, source, confidence, date; a value with its source."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = jsonschema.Draft202012Validator(schema).iter_errors(
        json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))
    )
    assert [(error.json_path, error.message) for error in errors] == []


def test_the_schema_refuses_a_value_without_its_source() -> None:
    """A confidence that nobody answers for is a fault of the file."""
    row = {"key": "a", "names": ["a"], "source": "s", "confidence": "H", "reviewed_on": "2026-01-01"}
    data = {"about": "rows", "rows": [{**row, "data": {"half": {"hours": "2", "confidence": "H"}}}]}
    errors = list(jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(data))
    assert len(errors) == 1


@pytest.mark.parametrize(
    "value",
    [
        {"range": {"min": "0", "source": "s", "confidence": "H"}},
        {"licence": {"needs": "permission"}},
        {"substances": [{"substance": "ketamine"}]},
        {"monitoring": [{"when": "always", "source": "s", "confidence": "M"}]},
        {"factor": "about 3"},
    ],
)
def test_the_schema_asks_for_what_rules_read(value: dict[str, Any]) -> None:
    """A row of a sponsor cannot crash a rule: what a rule reads of a value has all its parts."""
    row = {"key": "a", "names": ["a"], "source": "s", "confidence": "H", "reviewed_on": "2026-01-01", "data": value}
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    assert list(validator.iter_errors({"about": "rows", "rows": [row]}))
    assert not list(validator.iter_errors({"about": "rows", "rows": [{**row, "data": {}}]}))


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("conditions", "CRPS type I", "crps"),
        ("conditions", "Painful diabetic neuropathy", "painful_dpn"),
        ("instruments", "phq-9", "PHQ9"),
        ("instruments", "Patient Health Questionnaire 9", "PHQ9"),
        ("instruments", "C-SSRS", "CSSRS"),
        ("events", "Dissociation", "psychotomimetic"),
        ("opioids", "fentanyl patch", "fentanyl_transdermal_ug_per_h"),
    ],
)
def test_a_row_of_any_kind_is_found_by_its_names(kind: str, name: str, key: str) -> None:
    """Conditions, instruments, events and opioids are found as substances are."""
    row = facts.find(kind, name)
    assert row is not None
    assert row.key == key


@pytest.mark.parametrize("kind", facts.kinds())
def test_a_name_stands_for_one_row(kind: str) -> None:
    """No two rows of a kind answer to one name."""
    names = [
        (" ".join(name.replace("_", " ").replace("-", " ").casefold().split()), row.key)
        for row in facts.rows(kind)
        for name in (row.key, *row.names)
    ]
    told = dict(names)
    assert [(name, key) for name, key in names if told[name] != key] == []


def test_every_event_of_the_facts_is_in_a_row_or_common() -> None:
    """An event that a source names for a substance is one that the library can name for it."""
    for row in facts.rows("events"):
        assert row.data["substances"]
        assert all(facts.find("substances", each["substance"]) for each in row.data["substances"])


def test_the_files_are_what_the_script_makes_of_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is what tools/build_library.py writes, byte for byte."""
    if not FACTS.is_dir():
        pytest.skip("the facts do not stand beside the checkout")
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("build_library", ROOT / "tools" / "build_library.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for kind, text in module.built(FACTS).items():
        assert text == (FOLDER / f"{kind}.json").read_text("utf-8"), kind
