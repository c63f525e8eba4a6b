"""Cases of rules: an example protocol with one change, and the findings that the change must bring, at their places."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from commandline import ROOT
from mutations import deleted, replaced

from protocolkit import api
from protocolkit.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "tests" / "cases" / "rules"


class Case(NamedTuple):
    """One change to an example and what it must bring: code to locator, nothing else."""

    name: str
    example: str
    changes: tuple[dict[str, Any], ...]
    expected: tuple[tuple[str, str], ...]
    profiles: tuple[str, ...]
    stats: bool


def cases() -> Iterator[Case]:
    """Yield every case of tests/cases/rules/*.yaml.

    A file is a list of {example, change: {at, value} | {at, delete: true} | [several], expect: {CODE: LOCATOR | [..]}};
    `stats: true` marks one that is decided with the extra `protocolkit[stats]` alone.
    """
    for path in sorted(FOLDER.glob("*.yaml")):
        for number, row in enumerate(yaml.safe_load(path.read_text("utf-8"))):
            changes = row["change"] if isinstance(row["change"], list) else [row["change"]]
            expected = [(code, at) for code, places in (row["expect"] or {}).items() for at in _listed(places)]
            yield Case(
                f"{path.stem}-{number}", row["example"], tuple(changes), tuple(sorted(expected)),
                tuple(row.get("profiles", ())), row.get("stats", False),
            )  # fmt: skip


def _listed(places: Any) -> list[str]:
    return places if isinstance(places, list) else [places]


@cache
def example(name: str) -> Document:
    """Read a bundled example."""
    return api.load(Path(ROOT / "examples" / f"{name}.protocol.yaml"))


def changed(case: Case) -> Document:
    """Make the changes of a case; a locator may name what is added to a mapping, `-` appends to a list."""
    source = example(case.example)
    data = source.data
    for change in case.changes:
        data = _changed(Document(source.name, data), change)
    return Document(source.name, data)


def _changed(document: Document, change: dict[str, Any]) -> Any:
    place = change["at"]
    path = document.path(place)
    if change.get("delete"):
        assert path is not None, f"{place} leads nowhere"
        return deleted(document.data, path)
    if path is None:
        before, _, key = place.rpartition("/")
        parent = document.path(before)
        assert parent is not None, f"{before} leads nowhere"
        if key == "-":
            held = document.data
            for step in parent:
                held = held[step]
            return replaced(document.data, parent, [*held, change["value"]])
        path = (*parent, key)
    return replaced(document.data, path, change["value"])
