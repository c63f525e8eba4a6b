"""A draft is made of every file that can be read, whatever is missing or mistyped."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import contentcase
import pytest

from protocolkit.document import Document
from protocolkit.findings import Finding, Severity
from protocolkit.schema import check
from protocolkit.sources import read

NAMED = pytest.mark.parametrize("path", contentcase.files(), ids=lambda path: Path(path).stem)
WRONG = (7, "", [], {}, "x", True)
_SAMPLE = 3


def cases(data: dict[str, Any]) -> Any:
    """Yield a path, the change to it and what stands there afterwards."""
    for path in contentcase.paths(data):
        yield path, contentcase.without, ()
        for value in WRONG:
            yield path, contentcase.replaced, (value,)


def survives(data: dict[str, Any], chosen: Any) -> Any:
    """Assert that each changed file gives a draft."""
    for path, change, more in chosen:
        document = Document("broken", change(data, path, *more))
        made = contentcase.draft(document, check(document))
        assert made.blocks, (path, more)


@NAMED
def test_a_sample_of_broken_files_gives_drafts(path: Path) -> None:
    """Deleted or mistyped, any path leaves a draft."""
    data = copy.deepcopy(read(path).data)
    survives(data, random.Random(5).sample(list(cases(data)), _SAMPLE))  # noqa: S311 - a reproducible choice


@pytest.mark.slow
@NAMED
def test_every_broken_file_gives_a_draft(path: Path) -> None:
    """The whole sweep."""
    data = copy.deepcopy(read(path).data)
    survives(data, list(cases(data)))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"protocolkit": 1},
        {"arms": 7},
        {"schedule": {"visits": "x"}},
        {"objectives": [[]]},
        {"arms": [{"type": {"a": 1}}], "interventions": [{"imp_status": [1]}]},
        {"design": {"randomisations": [{"enrollers_have_access": {"a": 1}}]}},
        {"schedule": {"anchors": [{"id": [1], "kind": "last_dose"}], "visits": [{"id": "V", "anchor": {"a": 1}}]}},
    ],
)
def test_a_file_that_says_next_to_nothing_gives_a_draft_of_gaps(data: dict[str, Any]) -> None:
    """All headings stand, and what is missing is marked."""
    text = contentcase.text(contentcase.of(data))
    assert "# 1 PROTOCOL SUMMARY" in text
    assert "# 14 APPENDIX: REFERENCES" in text


def test_a_malformed_value_becomes_a_gap_with_the_words_of_its_finding() -> None:
    """The reader of the draft sees what is wrong where the value would stand."""
    finding = Finding("FORM03", Severity.ERROR, "the phase is no term of its list", "/trial/phase")
    document = Document("x", {"protocolkit": 1, "trial": {"phase": "Phase 9"}})
    text = contentcase.text(contentcase.draft(document, [finding]))
    assert "the phase is no term of its list" in text
    assert "| Trial Phase: | Phase 9" not in text


def test_a_missing_value_says_what_belongs_there() -> None:
    """A gap has the title and the description of its property."""
    text = contentcase.text(contentcase.of({"protocolkit": 1, "trial": {"version": "1"}}))
    assert "sponsor protocol identifier" in text
