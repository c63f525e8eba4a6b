"""The packs beyond SPIRIT: rows as published, wording of our own, and that each row hangs on its evidence."""

from __future__ import annotations

import copy
import random
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packcase import facts, pack, runs, words

from protocolkit import api
from protocolkit.checklists import Status, audit, named
from protocolkit.checklists.by_rules import rules_of
from protocolkit.document import Document
from protocolkit.findings import Severity
from protocolkit.rules import RULES, SHAPE_RULES
from protocolkit.rules.docs import basis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.checklists import Audited

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
ORDER = list(Status)  # the better ones first

PUBLISHED = {
    "who-trds": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24",
    "ich-e6-r3": (
        "B.1.1 B.1.2 B.1.3 B.2.1 B.2.2 B.2.3 B.2.4 B.2.5 B.2.6 B.2.7 B.3 "
        "B.4.1 B.4.2 B.4.3 B.4.4 B.4.5 B.4.6 B.4.7 B.4.8 B.4.9 B.4.10 B.5.1 B.5.2 B.5.3 B.6(a) B.6(b) B.6(c) B.6(d) "
        "B.7.1 B.7.2 B.7.3 B.8.1 B.8.2 B.9.1 B.9.2 B.9.3 B.9.4 B.10.1 B.10.2 B.10.3 B.10.4 B.10.5 "
        "B.11 B.12.1 B.12.2 B.12.3 B.13 B.14.1 B.14.2 B.14.3 B.15 B.16"
    ),
    "ich-e9-r1": "objective treatment population variable ice summary missing estimator sensitivity",
    "consort-harms-2022": "1b 2b 6a 6c 11a 12a 13a 14a 16 17a 17a2 17b 17c 18 20 24",
    "chronic-pain-poolability": " ".join(f"POOL-{number:02}" for number in range(1, 19)),
}
ROWS = {"who-trds": 24, "ich-e6-r3": 52, "ich-e9-r1": 9, "consort-harms-2022": 16, "chronic-pain-poolability": 18}
FILES = {"who-trds": "who-trds-1.3.1", "ich-e6-r3": "ich-e6-r3-appendix-b"}
OURS = {"objective", "missing", "estimator", "sensitivity"}  # what hangs on the five attributes of an estimand
CLEAN = ("dextromethorphan-fm", "examplinib-phase1", "examplipril-hypertension", "ketamine-crps", "memantine-dpn")
LACKING = {
    ("examplinib-phase1", "ich-e9-r1"): {"ice": "needs_person"},
    ("dextromethorphan-fm", "chronic-pain-poolability"): {"POOL-01": "needs_person", "POOL-02": "needs_person"},
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_rows_are_those_published(name: str) -> None:
    """Each row stands once, in the published order, under its number or, where there is none, an id of ours."""
    ids = [item.id for item in pack(name).items]
    assert ids == PUBLISHED[name].split()
    assert len(ids) == ROWS[name]


def test_good_clinical_practice_has_sixteen_sections() -> None:
    """The rows of appendix B stand in sections B.1 to B.16."""
    found = dict.fromkeys(re.match(r"B\.\d+", item.id)[0] for item in pack("ich-e6-r3").items)  # type: ignore[index]
    assert list(found) == [f"B.{number}" for number in range(1, 17)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_rows_are_those_of_the_facts(name: str) -> None:
    """The facts list the same rows in the same order; estimands have rows of ours beside the five attributes."""
    listed = [str(row.get("no") or row["id"].removeprefix("E9R1-")) for row in facts(f"{FILES.get(name, name)}.yaml")]
    assert listed == [each for each in PUBLISHED[name].split() if name != "ich-e9-r1" or each not in OURS]


@pytest.mark.parametrize("name", PUBLISHED)
def test_wording_is_not_taken_over(name: str) -> None:
    """No row repeats a text of the facts, nor eight words of it in a row; labels of WHO are facts."""
    published = [row["text"] for row in facts(f"{FILES.get(name, name)}.yaml") if "text" in row]
    quoted = set[tuple[str, ...]]().union(*map(runs, published))
    for item in pack(name).items:
        assert not any(words(item.text) == words(text) for text in published), item.id
        assert not runs(" ".join((item.text, *(need.what for need in item.needs)))) & quoted, item.id


def test_who_labels_are_those_published() -> None:
    """The data set is known by its labels, which are facts."""
    assert [item.topic for item in pack("who-trds").items] == [row["label"] for row in facts("who-trds-1.3.1.yaml")]


@pytest.mark.parametrize("name", PUBLISHED)
def test_rows_are_sentences_with_a_place(name: str) -> None:
    """Each row is a sentence with a section of ICH M11; what is needed is a phrase that follows `missing:`."""
    for item in pack(name).items:
        assert item.text.endswith("."), item.id
        assert item.section, item.id
        assert all(not need.what.endswith(".") for need in item.needs), item.id
        assert not re.search(
            r"\b(?:study|studies|subjects?)\b", " ".join((item.text, *(need.what for need in item.needs)))
        )


def test_rows_beside_spirit_exist() -> None:
    """A row of CONSORT Harms names the row of SPIRIT 2025 that asks a protocol for the same."""
    rows = {f"spirit-2025/{item.id}" for item in pack("spirit-2025").items}
    assert {item.also for item in pack("consort-harms-2022").items if item.also} <= rows


@cache
def _held(example: str) -> dict[str, dict[str, Audited]]:
    held = audit(api.load(EXAMPLES / f"{example}.protocol.yaml"), named(tuple(PUBLISHED)))
    return {one.checklist.name: {row.item.id: row for row in one.items} for one in held}


@pytest.mark.parametrize(
    ("name", "ids"), [("who-trds", ["18", "23"]), ("consort-harms-2022", ["1b", "20"]), ("ich-e6-r3", [])]
)
def test_rows_for_registry_and_report_do_not_apply(name: str, ids: list[str]) -> None:
    """Status of recruitment, results, and what a report alone can tell are not asked of a protocol; a reason stands."""
    away = [row for row in _held("ketamine-crps")[name].values() if row.status is Status.NOT_APPLICABLE]
    assert [row.item.id for row in away] == ids
    assert all(row.reason for row in away)


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("example", CLEAN)
def test_fictional_examples_meet_these_rows(example: str, name: str) -> None:
    """All is met but what a person must read; pain is not asked of trials in other fields."""
    rows = _held(example)[name].values()
    stands = {row.item.id: str(row.status) for row in rows if row.status not in ("met", "not_applicable")}
    assert stands == LACKING.get((example, name), {})
    pain = example in ("dextromethorphan-fm", "ketamine-crps", "memantine-dpn")
    if name == "chronic-pain-poolability" and not pain:
        assert {row.status for row in rows} == {Status.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("who-trds", {"met": 10, "partial": 2, "unmet": 9, "not_applicable": 3}),
        ("ich-e6-r3", {"met": 17, "partial": 26, "unmet": 9}),
        ("ich-e9-r1", {"unmet": 9}),
        ("consort-harms-2022", {"met": 3, "partial": 6, "unmet": 4, "needs_person": 1, "not_applicable": 2}),
        ("chronic-pain-poolability", {"not_applicable": 18}),
    ],
)
def test_a_public_record_of_the_nineties_leaves_rows_open(name: str, counts: dict[str, int]) -> None:
    """What the record of the xanomeline trial does not say is seen, and stays unsaid."""
    held = audit(api.load(EXAMPLES / "xanomeline-ad.protocol.yaml"), [pack(name)])[0]
    assert {str(status): number for status, number in held.counts.items()} == counts


def test_a_trial_without_estimands_is_told_so() -> None:
    """Each primary objective lacks one; a pilot need not have any."""
    data = copy.deepcopy(api.load(EXAMPLES / "ketamine-crps.protocol.yaml").data)
    for objective in data["objectives"]:
        objective.pop("estimands", None)
    rows = audit(Document("x", data), [pack("ich-e9-r1")])[0].items
    assert {row.item.id for row in rows if row.status is Status.UNMET} >= set(PUBLISHED["ich-e9-r1"].split()) - {
        "estimator"
    }
    data["profiles"] = ["drug", "chronic-pain", "parallel", "pilot"]
    rows = audit(Document("x", data), [pack("ich-e9-r1")])[0].items
    assert {row.status for row in rows} == {Status.NOT_APPLICABLE}


def _steps(pointer: str) -> list[str | int]:
    return [
        int(part) if part.isdigit() else part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]
    ]


def _without(data: Any, pointers: Iterable[str], filler: str | None) -> Any:
    """Return a copy in which places are gone, or hold a filler; later entries of a list first."""
    changed = copy.deepcopy(data)
    for path in sorted(map(_steps, pointers), key=lambda path: [(isinstance(step, str), step) for step in path])[::-1]:
        node = changed
        for step in path[:-1]:
            node = node[step]
        key = path[-1] if isinstance(node, list) else str(path[-1])
        if filler is None:
            del node[key]
        else:
            node[key] = filler
    return changed


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_a_row_hangs_on_its_evidence(name: str) -> None:
    """Without what met it, a row of a seeded sample stands worse; filler in its place does not bring it back."""
    data = api.load(EXAMPLES / "ketamine-crps.protocol.yaml").data
    met = [row for row in _held("ketamine-crps")[name].values() if row.status is Status.MET]
    assert all(row.evidence for row in met)
    for row in random.Random(6).sample(met, min(12, len(met))):  # noqa: S311 - a sample, no secret
        places = [each.pointer for each in row.evidence if each.satisfies]
        for filler in (None, "TBD", "to be confirmed"):
            held = audit(Document("x", _without(data, places, filler)), [pack(name)])[0].items
            after = next(each for each in held if each.item.id == row.item.id)
            assert ORDER.index(after.status) > ORDER.index(Status.NOT_APPLICABLE), (row.item.id, filler)


# A rule that cites a row lowers it; these do not, for what the row asks of itself or for what it does not ask.
CITES = {"SPIRIT 2025": "spirit-2025", "TIDieR 2014": "tidier", "SPIRIT-Outcomes 2022": "spirit-outcomes-2022",
         "CONSORT Harms 2022": "consort-harms-2022"}  # fmt: skip
APART = {
    "what the row asks of itself, element by element": {
        "AE01", "AE11", "DOSE01", "DOSE03", "ETH04", "OUT01", "REG01", "REG03", "STAT05",
    },
    "more than the row asks": {"AE16", "ETH03", "FU09", "STAT10"},
    "of the schedule, whose row has its own": {"FU08", "SOA06", "SOA10"},
    "told at the nearer of two rows": {"DOSE05", "DOSE08", "DOSE27", "ETH06", "OUT13", "OUT15"},
}  # fmt: skip


def test_a_rule_that_cites_a_row_lowers_it() -> None:
    """What `validate` finds against an item of a checklist, `audit` does not call met; the exceptions are named."""
    apart = set[str]().union(*APART.values())
    seen: set[str] = set()
    for each in (*RULES, *SHAPE_RULES):
        for cited in basis(each) if each.severity is not Severity.INFO else ():
            for name in (name for standard, name in CITES.items() if cited.standard == standard):
                for number in re.findall(r"[0-9]+[a-z]?(?:\.[0-9]+)?", cited.clause):
                    item = pack(name).item(number)
                    if item is not None and each.code not in rules_of(item.needs):
                        seen.add(each.code)
    assert seen == apart
