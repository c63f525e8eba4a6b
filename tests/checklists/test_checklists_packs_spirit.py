"""The packs around SPIRIT: numbers as published, wording of our own, critical rows, what the examples meet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packcase import facts, pack, runs, words

from protocolkit import api
from protocolkit.checklists import audit

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT = Path(__file__).resolve().parents[2]

PUBLISHED = {
    "spirit-2025": (
        "1a 1b 2 3a 3b 3c 3d 4 5 6 7a 7b 8 9a 9b 10 11 12 13 14a 14b 15a 15b 15c 15d 16 17 18 19 20 21a 21b 22 23 24a "
        "24b 24c 25a 25b 26 27a 27b 27c 27d 28a 28b 29 30 31 32a 32b 33 34"
    ),
    "spirit-harms": (
        "define systematic who passive period coding grading grouping reporting objective dosemod analysis dmc stop "
        "comp unblind"
    ),
    "tidier": "1 2 3 4 5 6 7 8 9 10 11 12",
    "spirit-outcomes-2022": "12.1 12.2 12.3 12.4 12.5 14.1 18a.1 18a.2 20a.1",
    "spirit-pro-2018": "5a 6a 7 10 12 13 14 18a(i) 18a(ii) 18a(iii) 18a(iv) 18b(i) 18b(ii) 20a 20c 22",
}
FILES = {
    "spirit-2025": "spirit-2025.yaml",
    "spirit-harms": "spirit-harms.yaml",
    "tidier": "tidier-2014.yaml",
    "spirit-outcomes-2022": "spirit-outcomes-2022.yaml",
    "spirit-pro-2018": "spirit-pro-2018.yaml",
}
ROWS = {"spirit-2025": 53, "spirit-harms": 16, "tidier": 12, "spirit-outcomes-2022": 9, "spirit-pro-2018": 16}
CRITICAL = ("14a", "15a", "15b", "16", "17", "18", "19", "27a")
CLEAN = ("dextromethorphan-fm", "examplinib-phase1", "examplipril-hypertension", "ketamine-crps", "memantine-dpn")
# Nothing is told of translations, nor by whom tablets are counted; what is known of a primary outcome is not known.
LACKING = {
    ("examplinib-phase1", "spirit-outcomes-2022"): {"18a.1": "unmet"},
    ("examplipril-hypertension", "spirit-outcomes-2022"): {"12.2": "partial", "18a.1": "partial"},
    ("ketamine-crps", "spirit-pro-2018"): {"18a(iii)": "partial"},
    ("memantine-dpn", "spirit-pro-2018"): {"18a(iii)": "partial"},
    ("dextromethorphan-fm", "spirit-pro-2018"): {"18a(iii)": "partial"},
    ("dextromethorphan-fm", "tidier"): {"11": "needs_person"},
    ("examplipril-hypertension", "tidier"): {"11": "needs_person"},
    ("examplinib-phase1", "tidier"): {"11": "needs_person"},
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_numbers_are_those_published(name: str) -> None:
    """Each row stands once, in the published order, under its published number."""
    ids = [item.id for item in pack(name).items]
    assert ids == PUBLISHED[name].split()
    assert len(ids) == ROWS[name]


def test_spirit_has_34_items() -> None:
    """The 53 rows are 34 items, some of them in parts."""
    assert len({item.id.rstrip("abcd") for item in pack("spirit-2025").items}) == 34


@pytest.mark.parametrize("name", PUBLISHED)
def test_numbers_are_those_of_the_facts(name: str) -> None:
    """The facts list the same numbers in the same order."""
    assert [str(row.get("no") or row["id"].partition("-")[2]) for row in facts(FILES[name])] == PUBLISHED[name].split()


@pytest.mark.parametrize("name", PUBLISHED)
def test_wording_is_our_own(name: str) -> None:
    """No row repeats the published text, nor eight words of it in a row."""
    published = [row["text"] for row in facts(FILES[name])]
    quoted = set[tuple[str, ...]]().union(*map(runs, published))
    for item in pack(name).items:
        ours = " ".join((item.text, *(need.what for need in item.needs)))
        assert not any(words(item.text) == words(text) for text in published), item.id
        assert not runs(ours) & quoted, item.id


def test_critical_rows_are_our_floor() -> None:
    """Dosing, follow-up and harms stand on eight rows of SPIRIT 2025; no other pack has critical rows."""
    found = [(name, item.id) for name in PUBLISHED for item in pack(name).items if item.critical]
    assert found == [("spirit-2025", identifier) for identifier in CRITICAL]


def _texts(name: str) -> Iterator[str]:
    for item in pack(name).items:
        yield item.text
        yield from (need.what for need in item.needs)


@pytest.mark.parametrize("name", PUBLISHED)
def test_rows_read_well(name: str) -> None:
    """Each row is a sentence with a place in ICH M11; what is needed is a phrase that follows `missing:`."""
    for item in pack(name).items:
        assert item.text.endswith("."), item.id
        assert item.section, item.id
        assert all(need.what[0].islower() and not need.what.endswith(".") for need in item.needs), item.id
    assert not [text for text in _texts(name) if re.search(r"\b(?:study|studies|subjects?)\b", text)]


@pytest.mark.parametrize("name", ["spirit-harms", "spirit-outcomes-2022", "spirit-pro-2018"])
def test_the_row_beside_exists(name: str) -> None:
    """Each row of an extension names the row of SPIRIT 2025 beside it."""
    rows = {f"spirit-2025/{identifier}" for identifier in PUBLISHED["spirit-2025"].split()}
    assert {item.also for item in pack(name).items} <= rows


def test_two_rows_of_tidier_are_for_reports_and_one_is_not_for_medicines() -> None:
    """Items 10 and 12 are for the report of a finished trial; a medicine has no mode of delivery beside its route."""
    for held in audit(api.load(ROOT / "examples" / "ketamine-crps.protocol.yaml"), [pack("tidier")]):
        assert [row.item.id for row in held.items if row.status == "not_applicable"] == ["6", "10", "12"]


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("example", CLEAN)
def test_fictional_examples_meet_their_rows(example: str, name: str) -> None:
    """All is met, but for what such a trial does not state."""
    held = audit(api.load(ROOT / "examples" / f"{example}.protocol.yaml"), [pack(name)])[0]
    stands = {row.item.id: str(row.status) for row in held.items if row.status not in ("met", "not_applicable")}
    assert stands == LACKING.get((example, name), {})


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("spirit-2025", {"met": 7, "partial": 25, "unmet": 18, "not_applicable": 1, "needs_person": 2}),
        ("spirit-harms", {"met": 4, "partial": 11, "unmet": 1}),
        ("tidier", {"met": 3, "partial": 6, "not_applicable": 3}),
        ("spirit-outcomes-2022", {"met": 1, "partial": 3, "unmet": 3, "not_applicable": 2}),
        ("spirit-pro-2018", {"not_applicable": 16}),
    ],
)
def test_a_real_protocol_of_the_nineties_lacks_much(name: str, counts: dict[str, int]) -> None:
    """What the public record of the xanomeline trial leaves unsaid is seen, and stays unsaid."""
    held = audit(api.load(ROOT / "examples" / "xanomeline-ad.protocol.yaml"), [pack(name)])[0]
    assert {str(status): number for status, number in held.counts.items()} == counts
