"""Evidence that is deleted worsens the rows that rest on it and no other; filler does not bring it back."""

from __future__ import annotations

import copy
import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.checklists import Status, audit, named
from protocolkit.document import Document
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from protocolkit.checklists import Audited

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "ketamine-crps.protocol.yaml"
SEED = 20250429  # the day SPIRIT 2025 was published
SOME_ROWS = 12
SOME_PLACES = 25
BEST_FIRST = (Status.MET, Status.NOT_APPLICABLE, Status.NEEDS_PERSON, Status.PARTIAL, Status.UNMET)


def _rows(data: Mapping[str, Any]) -> dict[str, Audited]:
    held = audit(Document("a.protocol.yaml", data), named(["spirit-2025"]))[0]
    return {row.item.id: row for row in held.items}


@cache
def _clean() -> dict[str, Audited]:
    return _rows(read(EXAMPLE).data)


def _met() -> list[str]:
    return [identifier for identifier, row in _clean().items() if row.status in (Status.MET, Status.NEEDS_PERSON)]


def _places() -> list[str]:
    rows = _clean().values()
    return list(dict.fromkeys(each.pointer for row in rows for each in row.evidence if each.satisfies))


def _sampled(values: list[str], number: int) -> list[Any]:
    chosen = set(random.Random(SEED).sample(values, number))  # noqa: S311 - a sample of tests
    return [pytest.param(value, marks=() if value in chosen else (pytest.mark.slow,)) for value in values]


def _path(pointer: str) -> tuple[str | int, ...]:
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _changed(pointers: Iterable[str], filler: str | None = None) -> Any:
    """Return the example without what stands at some places, or with filler there; later entries of a list go first."""
    data = copy.deepcopy(read(EXAMPLE).data)
    for path in sorted(map(_path, pointers), key=lambda path: [str(step).zfill(4) for step in path], reverse=True):
        parent = data
        for step in path[:-1]:
            parent = parent[step]
        if filler is None:
            del parent[path[-1]]
        else:
            parent[path[-1]] = filler
    return data


def _worse(before: Audited, after: Audited) -> bool:
    return BEST_FIRST.index(after.status) > BEST_FIRST.index(before.status)


def _rests_on(row: Audited, pointer: str) -> bool:
    places = [each.pointer for each in row.evidence]
    return any(f"{place}/".startswith(f"{pointer}/") or f"{pointer}/".startswith(f"{place}/") for place in places)


@pytest.mark.parametrize("identifier", _sampled(_met(), SOME_ROWS))
def test_a_row_does_not_stand_without_its_evidence(identifier: str) -> None:
    """All that met a row is deleted, and the row is worse."""
    before = _clean()[identifier]
    pointers = [each.pointer for each in before.evidence]
    assert pointers
    assert _worse(before, _rows(_changed(pointers))[identifier])


@pytest.mark.parametrize("filler", ["TBD", "to be confirmed.", "-", "[insert here]"])
@pytest.mark.parametrize("identifier", _sampled(_met(), SOME_ROWS))
def test_filler_does_not_bring_a_row_back(identifier: str, filler: str) -> None:
    """What only holds the place of content meets nothing."""
    before = _clean()[identifier]
    pointers = [each.pointer for each in before.evidence]
    assert _worse(before, _rows(_changed(pointers, filler))[identifier])


@pytest.mark.parametrize("pointer", _sampled(_places(), SOME_PLACES))
def test_no_other_row_is_worse(pointer: str) -> None:
    """One place is deleted; only rows that showed it as evidence, or something under or above it, may worsen."""
    after = _rows(_changed([pointer]))
    worse = {identifier for identifier, row in _clean().items() if _worse(row, after[identifier])}
    assert worse <= {identifier for identifier, row in _clean().items() if _rests_on(row, pointer)}


@pytest.mark.parametrize(
    ("pointer", "identifier"),
    [
        ("/interventions/0/regimen/steps/0/dose", "15a"),
        ("/interventions/0/route", "15a"),
        ("/interventions/1/administered_by", "15a"),
        ("/interventions/0/modifications", "15b"),
        ("/discontinuation/treatment/rechallenge", "15b"),
        ("/population/inclusion", "14a"),
        ("/objectives/0/endpoints/0/metric", "16"),
        ("/objectives/2/endpoints/1/visit", "16"),
        ("/adverse_events/ascertainment/3/assessor", "17"),
        ("/adverse_events/windows/AE/end", "17"),
        ("/adverse_events/grading/version", "17"),
        ("/schedule/visits/4/window", "18"),
        ("/schedule/visits/5/offset", "18"),
        ("/statistics/sample_size/0/sd_source", "19"),
        ("/statistics/sample_size/0/delta_source", "19"),
        ("/statistics/sample_size/0/power", "19"),
        ("/statistics/safety", "27a"),
        ("/design/randomisations", "22"),
        ("/design/randomisations/0/restriction_document", "21b"),
        ("/oversight/committees/dmc/independent_of/1", "28a"),
        ("/trial/conflicts/1", "7b"),
        ("/trial/conflicts/1/financial", "7b"),
    ],
)
def test_each_element_counts(pointer: str, identifier: str) -> None:
    """A row asks for every element of the expanded list, not for one token field."""
    assert _worse(_clean()[identifier], _rows(_changed([pointer]))[identifier])


def test_block_sizes_in_prose_worsen_the_row_on_restriction() -> None:
    """No key holds a block size; in prose it gives the next assignment away."""
    data = read(EXAMPLE).data
    changed = copy.deepcopy(data)
    changed["narrative"]["6.7.2"] = "Randomisation uses permuted blocks of size 4."
    assert _rows(changed)["21b"].status is Status.PARTIAL
