"""Build the generated schemas from `schemas/src`, and the table of ICH M11 coverage from the facts.

    python tools/build_schemas.py [--facts ../shared/facts]

`protocol.schema.json` is for editors: everything expanded, nothing left out. `protocol.check.json` is what the
validator compiles: without texts for people, and without the patterns of quantities, whose faults our own reader tells.
`protocol.walk.json` is what guides the walk over every document: which keys there are, quantities and references.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from protocolkit import quantities  # noqa: E402 - found in the checkout, installed or not
from protocolkit.library import terms  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCES = ROOT / "schemas" / "src"
FULL = ROOT / "schemas" / "protocol.schema.json"
CHECK = ROOT / "schemas" / "protocol.check.json"
WALK = ROOT / "schemas" / "protocol.walk.json"
COVERAGE = ROOT / "docs" / "coverage.md"

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAMED = ("properties", "$defs")
LISTED = ("allOf", "anyOf")
SINGLE = ("items", "if", "then", "additionalProperties", "propertyNames")
FOR_PEOPLE = frozenset({
    "title", "description", "examples", "x-question", "x-m11", "x-m11-derived", "x-m11-fixed", "x-basis", "x-terms",
    "x-open-terms", "x-elsewhere", "x-otherwise", "x-example-of-kind", "x-clinical",
})  # fmt: skip
# What the walk over a document reads: where it is, what stands there, and which keys are none of the format.
FOR_WALKING = frozenset({
    "$schema", "$defs", "$ref", "properties", "items", "additionalProperties", "x-quantity", "x-ref", "x-covered",
    "x-collections",
})  # fmt: skip
END = r"(?!\n)$"

Schema = dict[str, Any]


class SchemaError(Exception):
    """A source that cannot be built, with the place of the fault."""


def mapped(schema: Any, change: Callable[[Schema], Schema]) -> Any:
    """Return a schema with every schema inside it changed, the inner ones first."""
    if not isinstance(schema, dict):
        return schema
    inner: Schema = {}
    for key, value in schema.items():
        if key in NAMED:
            inner[key] = {name: mapped(item, change) for name, item in value.items()}
        elif key in LISTED:
            inner[key] = [mapped(item, change) for item in value]
        elif key in SINGLE:
            inner[key] = mapped(value, change)
        else:
            inner[key] = value
    return change(inner)


def parts(schema: Any, place: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every schema inside a schema with its place, the outer ones first."""
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


def collected(folder: Path = SOURCES) -> Schema:
    """Read all source files into one schema; no key and no definition may stand twice."""
    whole: Schema = {"properties": {}, "$defs": {}}
    for path in sorted(folder.glob("*.yaml")):
        source = yaml.safe_load(path.read_text("utf-8"))
        for key, value in source.items():
            if key not in NAMED:
                whole[key] = value
                continue
            if twice := whole[key].keys() & value.keys():
                raise SchemaError(f"{path.name}: {', '.join(sorted(twice))} stands a second time under {key}")
            whole[key] |= value
    head = {"$schema": DIALECT, "$id": "urn:protocolkit:protocol:1", "title": whole["title"]}
    tail = {"properties": whole["properties"], "$defs": dict(sorted(whole["$defs"].items()))}
    return head | {key: value for key, value in whole.items() if key not in (*head, *tail)} | closed() | tail


def closed() -> Schema:
    """Return what every object says of unknown keys; the root is no exception."""
    return {"additionalProperties": False}


def check_references(schema: Schema) -> None:
    """Refuse a reference that leads out of the document or nowhere."""
    for place, part in parts(schema):
        target = part.get("$ref")
        if target is not None and target.removeprefix("#/$defs/") not in schema["$defs"]:
            raise SchemaError(f"{place}: $ref {target} leads nowhere")
        for name in (part.get("x-ref") or {}).get("to", ()):
            if name not in schema["x-collections"]:
                raise SchemaError(f"{place}: x-ref to {name}, which is no collection")


def expanded(part: Schema) -> Schema:
    """Write out what `x-quantity`, `x-terms` and `x-open-terms` stand for."""
    added: Schema = {}
    if "x-terms" in part:
        added = {"type": "string", "enum": list(terms.get(part["x-terms"]).values)}
    if "x-quantity" in part:
        added = {"type": part.get("type", "string"), "pattern": quantity_pattern(part)}
    if "x-open-terms" in part:
        offered = [*part.get("examples", ()), *terms.get(part["x-open-terms"]).values]
        added = {"examples": list(dict.fromkeys(offered))}
    return part | added


def quantity_pattern(part: Schema) -> str:
    """Return the pattern of a quantity; where an id may stand as well, of either."""
    pattern = quantities.pattern(part["x-quantity"])
    if "x-ref" not in part:
        return pattern
    return f"^(?:[A-Za-z][A-Za-z0-9_-]{{0,39}}|{pattern.removeprefix('^').removesuffix(END)}){END}"


def stripped(part: Schema) -> Schema:
    """Leave out what only people and editors read."""
    left_out = FOR_PEOPLE | ({"pattern"} if "x-quantity" in part else set())
    return {key: value for key, value in part.items() if key not in left_out}


def full() -> Schema:
    """Return the schema for editors."""
    schema = collected()
    check_references(schema)
    whole: Schema = mapped(schema, expanded)
    return whole


def for_checking(schema: Schema) -> Schema:
    """Return the schema for the validator."""
    bare: Schema = mapped(schema, stripped)
    return bare | {"$id": "urn:protocolkit:protocol:1:check"}


def for_walking(schema: Schema) -> Schema:
    """Return of the schema for the validator what guides the walk over a document."""
    bare: Schema = mapped(schema, guiding)
    return bare | {"$id": "urn:protocolkit:protocol:1:walk"}


def guiding(part: Schema) -> Schema:
    """Leave out what only a verdict needs; beside a quantity it counts whether other types may stand there."""
    kept = FOR_WALKING | ({"type"} if "x-quantity" in part and part.get("type") != "string" else set())
    return {key: value for key, value in part.items() if key in kept}


def written(schema: Schema) -> str:
    """Write a schema for people as text, the same on every machine."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def packed(schema: Schema) -> str:
    """Write a schema for the validator, which reads it at every start, without a space more than JSON needs."""
    return json.dumps(schema, separators=(",", ":"), ensure_ascii=False) + "\n"


def homes(schema: Schema) -> dict[int, list[str]]:
    """Return where each ICH M11 element has its home: pointers of properties, by ordinal."""
    found: dict[int, list[str]] = {}
    for pointer, part in properties(schema, schema):
        for ordinal in part.get("x-m11", ()):
            found.setdefault(ordinal, []).append(pointer)
    return found


def properties(schema: Schema, part: Any, pointer: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every property that a file may have, with its pointer; `*` stands for any item."""
    if not isinstance(part, dict):
        return
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")] | part
    yield pointer, part
    for name, item in part.get("properties", {}).items():
        yield from properties(schema, item, f"{pointer}/{name}")
    yield from properties(schema, part.get("items"), f"{pointer}/*")


def asked(facts: Path) -> list[dict[str, Any]]:
    """Return the elements that ICH M11 marks Required or Conditional and that hold data."""
    elements = json.loads((facts / "ich-m11-step4.json").read_text("utf-8"))["elements"]
    return [
        row
        for row in elements
        if row["kind"] in ("data", "value") and row["conformance"].startswith(("Required", "Conditional"))
    ]


def home(ordinal: int, schema: Schema, found: dict[int, list[str]]) -> str:
    """Say where an element is stated, or how it is derived; an empty text where it has no home."""
    if ordinal in found:
        return ", ".join(f"`{pointer}`" for pointer in found[ordinal])
    for key, words in (("x-m11-derived", "derived"), ("x-m11-fixed", "fixed text")):
        if ordinal in schema[key]:
            return f"{words}: {schema[key][ordinal]}"
    return ""


HEADER = """# Coverage of ICH M11

Every data element that ICH M11 (Step 4, 19 November 2025) marks Required or Conditional, and where a protocol file
holds it: a key of its own, a derivation from other keys, or fixed text. Made by `tools/build_schemas.py`; do not edit.

Element names and codes are those of the ICH M11 technical specification, copyright ICH, used with acknowledgement and
without endorsement by ICH; NCI Thesaurus codes: CC BY 4.0.

| no. | element | section | conformance | NCIt | home |
|---|---|---|---|---|---|
"""


def coverage(facts: Path, schema: Schema) -> str:
    """Write the table of coverage."""
    found = homes(schema)
    lines = [_row(row, home(row["ordinal"], schema, found)) for row in asked(facts)]
    return HEADER + "\n".join(lines) + "\n"


def _row(row: dict[str, Any], where: str) -> str:
    section = row["section"].split(" where ")[0]
    conformance = row["conformance"].split(":")[0].split(" ")[0]
    cells = (row["ordinal"], row["name"], section, conformance, ", ".join(row.get("ncit", ())), where or "none")
    return "| " + " | ".join(str(cell).replace("|", r"\|") for cell in cells) + " |"


def main() -> None:
    """Write the generated files anew."""
    parser = argparse.ArgumentParser(description="Build the generated schemas.")
    parser.add_argument("--facts", type=Path, help="folder with ich-m11-step4.json, for docs/coverage.md")
    facts = parser.parse_args().facts
    schema = full()
    FULL.write_text(written(schema), "utf-8")
    check = for_checking(schema)
    CHECK.write_text(packed(check), "utf-8")
    WALK.write_text(packed(for_walking(check)), "utf-8")
    if facts is not None:
        COVERAGE.write_text(coverage(facts, schema), "utf-8")
    print(
        f"{sum(1 for pointer, _ in properties(schema, schema) if pointer)} places, {len(schema['$defs'])} definitions"
    )


if __name__ == "__main__":
    main()
