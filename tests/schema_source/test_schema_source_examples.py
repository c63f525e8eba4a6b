"""The bundled examples: valid, every quantity and reference sound, every number told the same way twice."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit import quantities
from protocolkit.document import is_absent
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.protocol.yaml"))
REAL = [ROOT / "examples" / "xanomeline-ad.protocol.yaml"]  # has gaps of its own, pinned by a test of its own
FICTIONAL = [path for path in EXAMPLES if path not in REAL]
every_fictional_example = pytest.mark.parametrize(
    "path", FICTIONAL, ids=lambda p: p.name.removesuffix(".protocol.yaml")
)
every_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.removesuffix(".protocol.yaml"))


@cache
def whole() -> dict[str, Any]:
    """Return the schema for editors."""
    loaded: dict[str, Any] = json.loads((ROOT / "schemas" / "protocol.schema.json").read_text("utf-8"))
    return loaded


@cache
def content(path: Path) -> dict[str, Any]:
    """Read an example as the tool does."""
    document = read(path)
    assert document.findings == ()
    found: dict[str, Any] = document.content
    return found


def walked(value: Any, schema: Any, place: str = "") -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield every value that the schema describes, with its place and its part of the schema."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        schema = whole()["$defs"][schema["$ref"].removeprefix("#/$defs/")] | schema
    yield place, value, schema
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walked(item, schema.get("properties", {}).get(key), f"{place}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from walked(item, schema.get("items"), f"{place}/{index}")


def at(value: Any, pointer: str) -> list[Any]:
    """Return the values that a pointer with `*` for any item leads to."""
    found = [value]
    for step in pointer.split("/")[1:]:
        if step == "*":
            found = [item for items in found if isinstance(items, list) for item in items]
        else:
            found = [item[step] for item in found if isinstance(item, dict) and step in item]
    return found


def collected(document: dict[str, Any], name: str) -> list[str]:
    """Return the ids of a collection."""
    row = whole()["x-collections"][name]
    lists = [items for pointer in row["at"] for items in at(document, pointer) if isinstance(items, list)]
    return [item[row.get("key", "id")] for items in lists for item in items]


@every_example
def test_first_line_leads_editors_to_the_schema(path: Path) -> None:
    """An editor that opens an example checks it; a reader sees at once that it is fictional."""
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../schemas/protocol.schema.json"
    assert ("FICTIONAL" in "\n".join(lines[:6])) == (path not in REAL)
    assert content(path).get("fictional", False) == (path not in REAL)


@every_example
def test_no_key_is_empty_by_mistake(path: Path) -> None:
    """A comma in an unquoted text would leave keys without a value."""
    data = read(path).data
    assert [place for place, value in leaves(data) if is_absent(value)] == []


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that holds no other, with its place."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{place}/{key}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{place}/{index}")
    else:
        yield place, value


@every_example
def test_every_quantity_can_be_read(path: Path) -> None:
    """Each quantity has a known unit of the right kind."""
    for place, value, schema in walked(content(path), whole()):
        if "x-quantity" in schema and isinstance(value, str) and re.match("-?[0-9]", value):
            assert quantities.fault(value, schema["x-quantity"]) is None, place


@every_example
def test_every_reference_resolves(path: Path) -> None:
    """Each id that is referred to exists, and each citation in prose has its reference."""
    document = content(path)
    for place, value, schema in walked(document, whole()):
        if "x-ref" not in schema or not isinstance(value, str):
            continue
        if "x-quantity" in schema and re.match("-?[0-9]", value):
            continue
        known = [name for to in schema["x-ref"]["to"] for name in collected(document, to)]
        assert value in [*known, *schema["x-ref"].get("words", ())], (place, value)
    cited = {key for _, text in leaves(document) if isinstance(text, str) for key in re.findall(r"\[@([^\]]*)\]", text)}
    assert cited - set(collected(document, "references")) == set()


@every_example
def test_ids_are_unique(path: Path) -> None:
    """No id stands twice in its collection, or in its list where the scope is the parent."""
    document = content(path)
    for name, row in whole()["x-collections"].items():
        if row.get("scope") == "parent":
            groups = [[item["id"] for item in items] for pointer in row["at"] for items in at(document, pointer)]
        else:
            groups = [collected(document, name)]
        assert all(len(group) == len(set(group)) for group in groups), name


@every_fictional_example
def test_events_of_special_interest_are_looked_for(path: Path) -> None:
    """Each event of special interest has an active way of finding it."""
    harms = content(path)["adverse_events"]
    active = {row["event"] for row in harms["ascertainment"] if row["mode"] not in {"spontaneous", "open_question"}}
    events = harms["of_special_interest"]
    assert isinstance(events, dict) or {event["id"] for event in events} <= active


@every_fictional_example
def test_outcomes_are_measured_at_the_visits_that_endpoints_name(path: Path) -> None:
    """An endpoint's outcome is served by an activity of its visit, and every activity takes place."""
    schedule = content(path)["schedule"]
    serves = {row["id"]: row["serves"] for row in schedule["activities"]}
    done = {
        visit["id"]: {item if isinstance(item, str) else item["id"] for item in visit.get("activities", ())}
        for visit in schedule["visits"]
    }
    assert set(serves) == set().union(*done.values())
    for endpoint in at(content(path), "/objectives/*/endpoints/*"):
        if "visit" in endpoint:
            measured = {name for activity in done[endpoint["visit"]] for name in serves[activity]}
            assert endpoint["outcome"] in measured, endpoint["id"]


@every_fictional_example
def test_participants_add_up(path: Path) -> None:
    """Arms or sequences hold as many participants as the sample size says."""
    document = content(path)
    told = sum(at(document, "/arms/*/participants")) or sum(at(document, "/design/sequences/*/n"))
    for row in document["statistics"]["sample_size"]:
        sized = row.get("randomised_total") or row.get("enrolled_max") or 0
        assert told == (sized or row["randomised_per_arm"] * len(document["arms"]))


@every_fictional_example
def test_every_core_chapter_is_filled(path: Path) -> None:
    """An example leaves no chapter of the format out, so that its document shows every section."""
    chapters = whole()["properties"].keys() - {"amendments", "waivers", "reviews", "open_questions", "provenance"}
    assert chapters - content(path).keys() == set()
