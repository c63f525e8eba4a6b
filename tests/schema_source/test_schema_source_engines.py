"""Both engines compile the schemas and give the same verdict on every kind of trial and fault."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SHAPES = yaml.safe_load(Path(__file__).with_name("shapes.yaml").read_text("utf-8"))
EXAMPLES = sorted((ROOT / "examples").glob("*.protocol.yaml"))
rs = pytest.importorskip("jsonschema_rs", reason="the accelerator is not installed")


@cache
def engines(name: str) -> tuple[Any, Any]:
    """Compile a committed schema with both engines."""
    schema = json.loads((ROOT / "schemas" / name).read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema), rs.Draft202012Validator(schema)


def changed(case: dict[str, Any]) -> dict[str, Any]:
    """Return the smallest protocol with the changes of a case."""
    document: dict[str, Any] = copy.deepcopy(SHAPES["base"])
    for pointer in case.get("drop", ()):
        parent, step = target(document, pointer)
        del parent[step]
    for pointer, value in case.get("set", {}).items():
        parent, step = target(document, pointer)
        if isinstance(parent, list) and step == len(parent):
            parent.append(value)
        else:
            parent[step] = value
    return document


def target(document: Any, pointer: str) -> tuple[Any, Any]:
    """Return the container that a pointer leads into, and the last step."""
    *path, last = pointer.split("/")[1:]
    for step in path:
        document = document[int(step) if isinstance(document, list) else step]
    return document, int(last) if isinstance(document, list) else last


@pytest.mark.parametrize("case", SHAPES["cases"], ids=[case["name"] for case in SHAPES["cases"]])
def test_both_engines_judge_a_shape_alike(case: dict[str, Any]) -> None:
    """Each kind of trial can be written, and each fault of shape is refused, by both engines and both schemas."""
    document = changed(case)
    schemas = ["protocol.schema.json"] if case.get("full_only") else ["protocol.schema.json", "protocol.check.json"]
    for name in schemas:
        slow, fast = engines(name)
        verdicts = (slow.is_valid(document), fast.is_valid(document))
        faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in slow.iter_errors(document)]
        assert verdicts == (case["valid"], case["valid"]), faults


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_engines_agree_on_every_example_and_without_a_key(path: Path) -> None:
    """Each fictional example is valid; without one key, every 31st in turn, the two engines still agree."""
    document = yaml.safe_load(path.read_text("utf-8"))
    slow, fast = engines("protocol.check.json")
    whole = bool(document.get("fictional"))  # the real trial has gaps, pinned by a test of its own
    assert [e.message for e in slow.iter_errors(document) if whole] == []
    assert fast.is_valid(document) == slow.is_valid(document) == whole
    for parent, step in list(places(document))[::31]:
        value = parent.pop(step)
        assert slow.is_valid(document) == fast.is_valid(document), (path.name, step)
        parent[step] = value


def places(value: Any) -> list[tuple[dict[str, Any], str]]:
    """Return every key of a document with the mapping that holds it."""
    if isinstance(value, list):
        return [place for item in value for place in places(item)]
    if not isinstance(value, dict):
        return []
    return [(value, key) for key in value] + [place for item in value.values() for place in places(item)]
