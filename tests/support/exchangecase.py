"""What the tests of imports share: our own records, the public ones beside the checkout, and a check of shape."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.document import is_absent, pointer
from protocolkit.exchange.importing import load
from protocolkit.findings import Severity
from protocolkit.quantities import fault
from protocolkit.schema.explain import faults_of
from protocolkit.schema.references import check_references
from protocolkit.schema.verdict import errors
from protocolkit.schema.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Document
    from protocolkit.document import Path as Steps
    from protocolkit.exchange.result import Imported

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "exchange"
PUBLIC = ROOT.parent / "shared" / "data" / "ctgov"
STUDIES = ROOT.parent / "shared" / "data" / "usdm"
MISSING = ("required", "anyOf")


def record(name: str = "full") -> dict[str, Any]:
    """Return one of our own records of ClinicalTrials.gov."""
    loaded: dict[str, Any] = json.loads((CASES / f"{name}.ctgov.json").read_text("utf-8"))
    return loaded


def study() -> dict[str, Any]:
    """Return our own study of CDISC USDM."""
    loaded: dict[str, Any] = json.loads((CASES / "full.usdm.json").read_text("utf-8"))
    return loaded


def imported(data: object, form: str | None = None) -> Imported:
    """Import one record that is given as data."""
    (row,) = load(json.dumps(data).encode(), "record.json", form)
    return row


def content(data: object) -> Any:
    """Import one record and return the content of its protocol."""
    row = imported(data)
    assert row.document is not None, row.findings
    return row.document.content


def wrong(document: Document) -> list[str]:
    """Return what is wrong with the shape of a protocol, apart from keys that are missing."""
    found, walked = document.content, walk(document.content)
    shape = [f"{row.path}: {row.keyword}" for row in faults_of(errors(found), found) if row.keyword not in MISSING]
    units = [f"{row.path}: {row.value}" for row in walked.quantities if fault(row.value, row.kind)]
    lost = [row.message for row in check_references(found, walked.references, frozenset())]
    return [*(row.message for row in document.findings), *shape, *units, *lost]


def leaves(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Yield the path of every value of a source that says something."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif not is_absent(value):
        yield path


def unaccounted(row: Imported) -> list[Steps]:
    """Return the leaves not taken to a place that stands, set aside with a reason or below a finding of a loss."""
    assert row.document is not None
    told = {finding.pointer for finding in row.findings if finding.severity is not Severity.INFO}
    found = []
    for path in leaves(row.source.data):
        if path in row.taken:
            kept = all(row.document.path(pointer(place)) is not None for place in row.taken[path])
        else:
            kept = bool(row.aside.get(path)) or any(pointer(path[:end]) in told for end in range(len(path) + 1))
        if not kept:
            found.append(path)
    return found


def seeded(seed: int) -> random.Random:
    """Return a source of choices that are the same each time."""
    return random.Random(seed)  # noqa: S311 - a sample, no secret


def public() -> bytes:
    """Return the public records, or skip the test where they are absent."""
    path = PUBLIC / "studies_v2.ndjson"
    if not path.exists():
        pytest.skip(f"the public records are not at {path}")
    return path.read_bytes()
