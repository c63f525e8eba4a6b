"""The public records of ClinicalTrials.gov: imported or refused with a reason, and no value unaccounted for."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest
from exchangecase import CASES, PUBLIC, imported, leaves, public, seeded, unaccounted, wrong

from protocolkit import api
from protocolkit.exchange.importing import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.exchange.result import Imported


@cache
def _rows() -> tuple[Imported, ...]:
    return tuple(load(public(), "studies.ndjson"))


def _done() -> list[Imported]:
    return [row for row in _rows() if row.document is not None]


def test_every_record_is_imported_or_refused_with_a_reason() -> None:
    """129 are interventional, two do not say what they are and are taken as trials with a finding, 29 are refused."""
    assert len(_rows()) == 160
    assert len(_done()) == 131
    for row in _rows():
        kind = row.source.data["protocolSection"].get("designModule", {}).get("studyType")
        assert (row.document is None) == (kind == "OBSERVATIONAL"), row.name
        if row.document is None:
            assert [finding.code for finding in row.findings] == ["LOSS05"]


def test_every_leaf_of_every_record_is_accounted_for() -> None:
    """Each leaf is taken to a place that the protocol has, set aside for a reason, or below a finding of a loss."""
    for row in _done():
        assert unaccounted(row) == [], row.name
        assert not set(row.taken) & set(row.aside), row.name


def test_every_file_has_missing_keys_and_no_other_fault() -> None:
    """What is written is valid: no unknown key, term, form, quantity or reference."""
    for row in _done():
        assert row.document is not None
        assert wrong(row.document) == [], row.name
        assert [finding.code for finding in row.document.findings] == []


def test_the_words_of_a_record_are_the_words_of_the_file() -> None:
    """Names of outcomes and arms are put into a file as its record holds them."""
    for row in _done():
        assert row.document is not None
        words = json.dumps(row.source.data, ensure_ascii=False)
        for outcome in row.document.content.get("outcomes", ()):
            assert json.dumps(outcome["name"], ensure_ascii=False)[1:-1].replace(r"\n", "") in words.replace(r"\n", "")
        for arm in row.document.content.get("arms", ()):
            assert json.dumps(arm["name"], ensure_ascii=False)[1:-1] in words


def test_no_number_is_made_up() -> None:
    """Doses, offsets, ages and numbers of participants stand in the record; there are no windows at all."""
    for row in _done():
        assert row.document is not None
        text = json.dumps(row.source.data["protocolSection"], ensure_ascii=False)
        content = row.document.content
        for visit in content.get("schedule", {}).get("visits", ()):
            assert "window" not in visit
        for intervention in content.get("interventions", ()):
            for step in intervention.get("regimen", {}).get("steps", ()):
                assert step["dose"].split()[0] in text
        assert not {"adverse_events", "statistics", "discontinuation"} & set(content)


def test_every_criterion_is_kept() -> None:
    """Each word of an eligibility text stands in a criterion, but for headings and numbers of bullets."""
    dropped = {"inclusion", "exclusion", "criteria", "criterion", "key", "main", "list", "of", "none", "no"}
    for row in _done():
        assert row.document is not None
        source = row.source.data["protocolSection"].get("eligibilityModule", {}).get("eligibilityCriteria", "")
        found = row.document.content.get("population", {})
        rows = [*found.get("inclusion", ()), *(found["exclusion"] if isinstance(found.get("exclusion"), list) else ())]
        kept = " ".join(criterion["text"] for criterion in rows).replace("\\", "")
        lost = {word.strip(".,:;()*") for word in source.replace("\\", "").split()} - set(_words(kept))
        assert {word for word in lost if len(word) > 2 and word.lower() not in dropped and word.isalpha()} == set(), (
            row.name
        )


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        yield word.strip(".,:;()*")


def test_a_single_file_gives_what_its_line_gives() -> None:
    """The same record alone, and in a page, gives the same bytes."""
    by_name = {row.name: row.document.text for row in _done() if row.document}
    files = sorted((PUBLIC / "single").glob("*.json"))
    assert files
    for path in seeded(1).sample(files, 6):
        (row,) = load(path.read_bytes(), path.name)
        if row.document is not None:
            assert row.document.text == by_name[row.name]


def test_imported_files_can_be_checked_and_rendered() -> None:
    """`validate` and `render` work on an imported file at once."""
    for row in seeded(2).sample(_done(), 3):
        assert row.document is not None
        assert api.validate(row.document).findings
        assert api.render(row.document)[:2] == b"PK"


@pytest.mark.parametrize("seed", range(4))
def test_public_records_with_holes_are_imported(seed: int) -> None:
    """Put odd values into public records: the file is still one with missing keys and no other fault."""
    chance = seeded(seed)
    for row in chance.sample(_done(), 6):
        data = json.loads(json.dumps(row.source.data))
        for path in chance.sample(list(leaves(data)), 12):
            place = data
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = chance.choice([None, 7, ["x"], {"a": 1}, True, "odd: value\n* x"])
        again = imported(data)
        assert again.document is None or wrong(again.document) == []


def test_cases_are_our_own() -> None:
    """The fixtures of the repository are no public records."""
    for path in CASES.glob("*.ctgov.json"):
        assert json.loads(path.read_text("utf-8"))["protocolSection"]["identificationModule"]["nctId"].startswith(
            "NCT999"
        )
