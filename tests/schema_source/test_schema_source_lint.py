"""A lint over the schema: only what both engines read alike, and everything a person needs on every key."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from protocolkit import quantities
from protocolkit.library import terms
from protocolkit.rules.waivers import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts"

NAMED = ("properties", "$defs")
LISTED = ("allOf", "anyOf")
SINGLE = ("items", "if", "then", "additionalProperties", "propertyNames")
ALLOWED = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "examples", "type", "enum", "const", "properties",
    "contains", "required", "additionalProperties", "propertyNames", "items", "minItems", "uniqueItems", "minimum",
    "maximum", "exclusiveMinimum", "pattern", "allOf", "anyOf", "if", "then",
    "x-quantity", "x-terms", "x-open-terms", "x-ref", "x-collections", "x-covered", "x-rule", "x-rule-unit",
    "x-elsewhere", "x-otherwise", "x-example-of-kind",
    "x-m11", "x-m11-derived", "x-m11-fixed", "x-clinical", "x-question", "x-basis",
}  # fmt: skip

Schema = dict[str, Any]


@cache
def whole() -> Schema:
    """Return the schema for editors as committed."""
    loaded: Schema = json.loads((ROOT / "schemas" / "protocol.schema.json").read_text("utf-8"))
    return loaded


def parts(schema: Any, place: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every schema inside a schema with its place."""
    if not isinstance(schema, dict):
        return
    yield place, schema
    for key, value in schema.items():
        if key in NAMED:
            for name, item in value.items():
                yield from parts(item, f"{place}/{key}/{name}")
        elif key in LISTED:
            for index, item in enumerate(value):
                yield from parts(item, f"{place}/{key}/{index}")
        elif key in SINGLE:
            yield from parts(value, f"{place}/{key}")


def resolved(part: Schema) -> Schema:
    """Return a schema with its reference written out."""
    return whole()["$defs"][part["$ref"].removeprefix("#/$defs/")] | part if "$ref" in part else part


def conditional(place: str) -> bool:
    """Say whether a place lies inside an `if` or `then`."""
    return re.search(r"/allOf/[0-9]+/(?:if|then)", place) is not None


def stated() -> list[tuple[str, Schema]]:
    """Return every property that a file may have, with its references resolved."""
    return [
        (place, resolved(part))
        for place, part in parts(whole())
        if re.search(r"/properties/[^/]+$", place) and not conditional(place)
    ]


def test_only_known_keywords_are_used() -> None:
    """No oneOf, else, not, unevaluatedProperties, multipleOf or dependent keywords, on which engines differ."""
    unknown = {key for _, part in parts(whole()) for key in part} - ALLOWED
    assert unknown == set()


def test_patterns_read_alike_in_both_engines() -> None:
    r"""A pattern has no \d, \w or \b, and no `$` that would let a line break pass."""
    for place, part in parts(whole()):
        pattern = part.get("pattern", "^/")
        bare = pattern.replace(r"(?!\n)$", "").replace(r"\$", "")
        assert re.search(r"\\[dDwWbB]", pattern) is None, place
        assert "$" not in bare, place
        if pattern.startswith("^") and not pattern.startswith("^(?!") and pattern != "^/":
            assert pattern.endswith(r"(?!\n)$"), place
        re.compile(pattern)


def test_every_key_tells_a_person_what_to_write() -> None:
    """Each key has a title, a description in sentences and, where a value is typed, an example."""
    for place, part in stated():
        assert part.get("title"), place
        assert part["title"] == part["title"].strip(" ."), place
        assert part.get("description", "").endswith("."), place
        if "object" not in part["type"] and part["type"] != "array":
            assert part.get("examples"), place


def test_every_example_is_valid() -> None:
    """What an editor offers is accepted by the schema."""
    for place, part in parts(whole()):
        if "examples" in part:
            validator = jsonschema.Draft202012Validator({"$defs": whole()["$defs"]} | part)
            assert [example for example in part["examples"] if not validator.is_valid(example)] == [], place


def test_every_object_is_closed_and_states_its_keys() -> None:
    """Unknown keys are refused; what is required or conditional is a property of the same object."""
    for place, part in parts(whole()):
        types = part.get("type", ())
        if "object" not in types or conditional(place):
            continue
        assert "additionalProperties" in part, place
        known = part.get("properties", {}).keys()
        asked = {key for _, inner in shallow(part) for key in inner.get("required", ())}
        asked |= {key for _, inner in shallow(part) for key in inner.get("properties", {})}
        assert asked | part.get("x-rule", {}).keys() | part.get("x-rule-unit", {}).keys() <= known, place


def shallow(part: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the conditions of an object that speak of its own keys."""
    yield "", part
    for index, clause in enumerate((*part.get("allOf", ()), *part.get("anyOf", ()))):
        yield str(index), clause
        for key in ("if", "then"):
            if key in clause:
                yield key, clause[key]
                yield from ((key, choice) for choice in clause[key].get("anyOf", ()))


def test_alternatives_are_one_of_keys_only() -> None:
    """`anyOf` says which of several keys must stand, so that it gives one finding."""
    for place, part in parts(whole()):
        for choice in part.get("anyOf", ()):
            assert choice.keys() == {"required"}, place
            assert len(choice["required"]) == 1, place


def _of_constants(condition: Schema | bool) -> bool:
    """Say whether a condition asks for constants, or for a list with one of them."""
    if isinstance(condition, dict) and condition.keys() == {"contains"}:
        return _of_constants(condition["contains"])
    return condition is True or (
        isinstance(condition, dict) and condition.keys() <= {"const", "enum", "pattern", "type"}
    )


def _of_absence(condition: Schema | bool) -> bool:
    """Say whether a condition only asks that something further down is not stated."""
    if not isinstance(condition, dict):
        return condition is False
    return condition.keys() == {"properties"} and all(map(_of_absence, condition["properties"].values()))


def test_conditions_ask_for_constants_or_for_what_is_not_stated_and_only_narrow() -> None:
    """`if` looks at one or two keys; `then` requires, narrows or forbids and never declares a key."""
    for place, part in parts(whole()):
        for clause in part.get("allOf", ()):
            assert clause.keys() == {"if", "then"}, place
            assert 1 <= len(clause["if"]["properties"]) <= 2, place
            for condition in clause["if"]["properties"].values():
                assert _of_constants(condition) or _of_absence(condition), place
        if re.search(r"/allOf/[0-9]+/then", place):
            assert part.keys() <= {"required", "properties", "items", "anyOf", "enum", "const", "minItems"}, place


def test_marks_name_things_that_exist() -> None:
    """Kinds of quantities, lists of terms and collections exist; a covered id names a place of the schema."""
    collections = whole()["x-collections"]
    for place, part in parts(whole()):
        assert part.get("x-quantity", "any") in quantities.kinds(), place
        for key in ("x-terms", "x-open-terms"):
            assert part.get(key, "phase") in terms.names(), place
            assert key not in part or terms.get(part[key]).open == (key == "x-open-terms"), place
        assert set(part.get("x-ref", {"to": []})["to"]) <= collections.keys(), place
        if "x-terms" in part:
            assert part["enum"] == list(terms.get(part["x-terms"]).values), place
        if "x-covered" in part:
            assert at(part["x-covered"]["by"]), place


def test_a_quantity_that_belongs_elsewhere_is_of_another_kind_and_has_its_place() -> None:
    """A key names where a value of a kind that it cannot hold stands: the example of that place is not its own."""
    marked = [(place, part) for place, part in parts(whole()) if "x-elsewhere" in part]
    assert marked
    for place, part in marked:
        for row in part["x-elsewhere"]:
            assert row.keys() == {"quantity", "what", "at"}, place
            there = at(row["at"])
            assert there["x-quantity"] == row["quantity"], place
            assert quantities.fault(there["examples"][0], part["x-quantity"]) is not None, place


def at(pointer: str) -> Schema:
    """Return the schema of a pointer in which `*` stands for any item; an empty one where it leads nowhere."""
    part = whole()
    for step in pointer.split("/")[1:]:
        part = resolved(part)
        part = part.get("items", {}) if step == "*" else part.get("properties", {}).get(step, {})
    return resolved(part)


def test_collections_lead_to_lists_of_things_with_ids() -> None:
    """Each place of a collection is a list whose items are known by id, or by the key that it names.

    Domains had no id when the format was published, so that theirs may be left out.
    """
    for name, row in whole()["x-collections"].items():
        for pointer in row["at"]:
            item = resolved(at(pointer)["items"])
            key = row.get("key", "id")
            assert item["properties"][key]["$ref"] == "#/$defs/id", (name, pointer)
            assert key in item["required"] or name == "domains", (name, pointer)


def test_every_id_belongs_to_a_collection() -> None:
    """A list whose items have an id of their own is a collection, so that the id is checked to be unique."""
    listed = {pointer for row in whole()["x-collections"].values() for pointer in row["at"]}
    assert set(lists_with_ids(whole())) == listed - {"/references"}


def lists_with_ids(part: Schema, pointer: str = "") -> Iterator[str]:
    """Yield the pointers of lists whose items have an id of their own."""
    part = resolved(part)
    item = resolved(part.get("items", {}))
    if item.get("properties", {}).get("id", {}).get("$ref") == "#/$defs/id":
        yield pointer
    for name, inner in part.get("properties", {}).items():
        yield from lists_with_ids(inner, f"{pointer}/{name}")
    if item:
        yield from lists_with_ids(item, f"{pointer}/*")


def test_definitions_are_used_and_none_is_recursive() -> None:
    """Every definition is referred to, and a walk along references ends."""
    used = {part["$ref"].removeprefix("#/$defs/") for _, part in parts(whole()) if "$ref" in part}
    assert used == whole()["$defs"].keys()
    assert sum(1 for _ in lists_with_ids(whole())) > 0


def test_no_place_for_what_must_stay_secret() -> None:
    """Block sizes, seeds and lists of assignments have no key."""
    names = {place.rsplit("/", 1)[-1] for place, _ in stated()}
    assert not {name for name in names if re.search(r"block|seed|list_of|probability", name)}


@pytest.mark.skipif(not FACTS.is_dir(), reason="the facts folder ../shared/facts is not here")
def test_codes_of_rules_are_errors_of_the_facts() -> None:
    """A key may carry the code of a rule only where that rule exists and is an error; a fault of waivers is one."""
    rules = dict.fromkeys(FAULTS, "error") | {
        row["id"]: row["severity"]
        for row in yaml.safe_load((FACTS / "pain-trials" / "rules.yaml").read_text("utf-8"))["rules"]
    }
    for place, part in parts(whole()):
        codes = [*part.get("x-rule", {}).values(), *part.get("x-rule-unit", {}).values()]
        codes += [part["x-covered"]["rule"]] if "x-covered" in part else []
        assert [code for code in codes if rules.get(code) != "error"] == [], place


ALTERNATIVES = {
    "gsd_inflation": {"k", "info"},
    "survival_lachin_foulkes_logrr": {"median_ctl", "hr", "lambda_ctl", "lambda_trt"},
    "dropout_inflation": {"n_per_arm_evaluable", "alpha", "delta", "power", "ratio", "sd", "sided"},
}


@pytest.mark.skipif(not FACTS.is_dir(), reason="the facts folder ../shared/facts is not here")
def test_every_method_of_sample_size_asks_for_its_inputs() -> None:
    """What a method is computed from is required where the method is named; alternatives are left to the method."""
    sample_size = whole()["$defs"]["sample_size"]
    rows = (FACTS / "statistics" / "methods.csv").read_text("utf-8").splitlines()[1:]
    for method, parameters, _ in (row.split(",") for row in rows):
        asked: set[str] = set()
        for clause in sample_size["allOf"]:
            wanted = clause["if"]["properties"]["method"]
            if method in wanted.get("enum", [wanted.get("const")]):
                asked |= set(clause["then"]["required"])
        inputs = set(parameters.split())
        assert inputs <= sample_size["properties"].keys(), method
        assert inputs - ALTERNATIVES.get(method, set()) <= asked, method
