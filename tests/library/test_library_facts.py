"""The reviewed rows of the library: each with source, confidence and date, and equal to what the facts give."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from protocolkit.library import facts

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "pain-trials"
DATA = ROOT / "src" / "protocolkit" / "library" / "substances.json"


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


def test_the_file_is_what_the_script_makes_of_the_facts() -> None:
    """substances.json is what tools/build_library.py writes, byte for byte."""
    if not FACTS.is_dir():
        pytest.skip("the facts do not stand beside the checkout")
    spec = importlib.util.spec_from_file_location("build_library", ROOT / "tools" / "build_library.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.built(FACTS) == DATA.read_text("utf-8")
