"""Drafts for the tests of content: the outlines and examples, and a file with every property of the schema."""

from __future__ import annotations

import copy
import itertools
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocolkit.document import Document
from protocolkit.quantities import kinds
from protocolkit.render import section_templates
from protocolkit.render.blocks import Figure, Heading, Landscape, List, Note, Paragraph, Placeholder, Table
from protocolkit.render.draft import build
from protocolkit.render.words import flat
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from protocolkit.findings import Finding
    from protocolkit.render.blocks import Draft

ROOT = Path(__file__).resolve().parents[2]
OUTLINES = ROOT.parent / "shared" / "facts" / "pain-trials" / "outlines"
FACTS = ROOT.parent / "shared" / "facts"


def files() -> list[Path]:
    """Return the outlines, where they stand beside the checkout, and the bundled examples."""
    return [*sorted(OUTLINES.glob("*.yaml")), *sorted((ROOT / "examples").glob("*.protocol.yaml"))]


def draft(document: Document, findings: Iterable[Finding] = ()) -> Draft:
    """Make the draft of a document."""
    return build(document, findings, section_templates())


@cache
def drafted(path: Path) -> Draft:
    """Make the draft of a file, once."""
    return draft(read(path))


def of(data: dict[str, Any]) -> Draft:
    """Make the draft of data that was never a text."""
    return draft(Document("test.protocol.yaml", data))


def lines(blocks: Iterable[Any]) -> Iterator[str]:
    """Write blocks as lines of plain text: headings with #, table rows with |, list items with -."""
    for block in blocks:
        write = _WRITERS.get(type(block))
        if write:
            yield from write(block)
        elif isinstance(block, Paragraph):
            yield flat(block.content)
        else:
            yield f"<{type(block).__name__}>"


def _heading(block: Heading) -> Iterator[str]:
    yield " ".join(filter(None, ("#" * block.level or "@", block.number, flat(block.title))))


def _items(block: List, depth: int = 0) -> Iterator[str]:
    for item in block.items:
        yield f"{'  ' * depth}- {flat(item.content)}"
        if item.below:
            yield from _items(item.below, depth + 1)


def _table(table: Table) -> Iterator[str]:
    yield f"TABLE {flat(table.caption)}".rstrip()
    for row in table.rows:
        yield "| " + " | ".join(" / ".join(lines(cell.content)) for cell in row.cells)
    for letter, words in table.notes:
        yield f"({letter}) {flat(words)}"


_WRITERS: dict[type, Callable[[Any], Iterable[str]]] = {
    Heading: _heading,
    Placeholder: lambda block: [f"[[{block.what}]]"],
    Note: lambda block: [f"NOTE {flat(block.content)}"],
    List: _items,
    Table: _table,
    Figure: lambda block: [f"FIGURE {flat(block.caption)}: {block.alternative}"],
    Landscape: lambda block: lines(block.blocks),
}


def text(made: Draft) -> str:
    """Return a whole draft as lines of plain text."""
    return "\n".join(lines(made.blocks))


def section(made: Draft, number: str) -> list[str]:
    """Return the lines of one numbered section, without its heading and its subsections."""
    found: list[str] = []
    inside = False
    for block in made.blocks:
        if isinstance(block, Heading) and block.level:
            inside = block.number == number
        elif inside:
            found.extend(lines([block]))
    return found


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything in some data, leaves and what holds them."""
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from paths(child, (*path, step))


def without(data: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Return data without what stands at a path."""
    made, owner = _opened(data, path)
    del owner[path[-1]]
    return made


def replaced(data: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return data with something else at a path."""
    made, owner = _opened(data, path)
    owner[path[-1]] = value
    return made


def _opened(data: dict[str, Any], path: tuple[str | int, ...]) -> tuple[dict[str, Any], Any]:
    made = copy.deepcopy(data)
    owner: Any = made
    for step in path[:-1]:
        owner = owner[step]
    return made, owner


@cache
def everything() -> dict[str, Any]:
    """Return a file with every property of the schema, each text with words of its own."""
    schema = json.loads((ROOT / "schemas" / "protocol.schema.json").read_text("utf-8"))
    made = _Maker(schema).value(schema, ())
    made["narrative"] = {"4.1": "Narrative of section four point one."}
    assert isinstance(made, dict)
    return made


def _left_out(part: dict[str, Any]) -> set[str]:
    """Return the keys that exclude others: a stated none, an event beside an anchor, two ways to give days."""
    keys = set(part["properties"])
    found = {"none_reason"}
    found |= {"event"} if {"anchor", "offset"} <= keys else set()
    found |= {"offset"} if "offsets" in keys else set()
    return found | ({"from", "to", "until"} if {"days", "dose"} <= keys else set())


class _Maker:
    """Make data from the schema: every property once, every list with one item, references that lead somewhere."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.numbers = itertools.count(11)
        self.ids: dict[str, str] = {
            name: f"{name[:-1]}Id" if name != "criteria" else "criterionId" for name in schema["x-collections"]
        }

    def value(self, part: dict[str, Any], path: tuple[str, ...]) -> Any:
        """Return a value of a part of the schema."""
        part = self._resolved(part)
        if "enum" in part or "const" in part:
            return part.get("const", part.get("enum", [None])[0])
        if "x-ref" in part and "object" not in part.get("type", ""):
            return self.ids[part["x-ref"]["to"][0]]
        if "x-quantity" in part:
            return self._quantity(part["x-quantity"])
        return self._typed(part, path)

    def _typed(self, part: dict[str, Any], path: tuple[str, ...]) -> Any:
        if "items" in part:
            return [self.value(part["items"], (*path, "*"))]
        if set(part.get("properties", ())) == {"none_reason"} and "string" in part["type"]:
            return self._text(part, path)
        if "properties" in part:
            wanted = {key: child for key, child in part["properties"].items() if key not in _left_out(part)}
            return {key: self.value(child, (*path, key)) for key, child in wanted.items()}
        kind = part.get("type")
        kinds_ = kind if isinstance(kind, list) else [kind]
        if "boolean" in kinds_:
            return True
        if "integer" in kinds_ or "number" in kinds_:
            return next(self.numbers)
        return self._text(part, path)

    def _text(self, part: dict[str, Any], path: tuple[str, ...]) -> str:
        if path[-1:] == ("id",) or path[-1:] == ("key",):
            owner = next((n for n, r in self.schema["x-collections"].items() if self._is_at(r["at"], path[:-1])), "")
            return self.ids.get(owner, f"id{next(self.numbers)}")
        examples = part.get("examples") or []
        if "pattern" in part and examples:
            return str(examples[0])
        return f"words {next(self.numbers)} of {path[-1] if path[-1] != '*' else path[-2]}".replace("_", " ")

    def _is_at(self, places: list[str], path: tuple[str, ...]) -> bool:
        return any(tuple(place.split("/")[1:]) == path[:-1] for place in places)

    def _quantity(self, name: str) -> str:
        code = kinds()[name].example.split(" ", 1)[1]
        return f"{next(self.numbers)} {code}"

    def _resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            found: Any = self.schema
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            part = {**found, **{key: value for key, value in part.items() if key != "$ref"}}
        return part
