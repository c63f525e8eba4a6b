"""The checklist of ICH M11 and the draft agree on each section: that it tells, that it lacks, or that it is empty."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import contentcase
import pytest
from packcase import pack

from protocolkit.checklists import audit
from protocolkit.render.blocks import Heading
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.checklists import Audited

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    *sorted((ROOT / "examples").glob("*.protocol.yaml")),
    *sorted((ROOT / "tests" / "cases" / "fit").glob("*.protocol.yaml")),
]
ELSEWHERE = ROOT / "tests" / "cases" / "checklists" / "said-elsewhere.protocol.yaml"
# Sections that stand once for each objective; the checklist has one row for all of them.
REPEATED = re.compile(r"^(3\.[123]|10\.[45])\.\d+")
# The words in which the draft says by itself that there is nothing to tell.
NOTHING = ("Not applicable", "The reasons for the design are given as one text", "Reason for open label")

OPEN = ("6.7.3",)  # a trial in which nobody is blinded says there why, and what is said of matching


@cache
def sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of each section of a draft, those of repeated sections together."""
    found: dict[str, list[str]] = {}
    for block in contentcase.drafted(path).blocks:
        if isinstance(block, Heading) and block.level:
            lines = found.setdefault(REPEATED.sub(r"\1.1", block.number), [])
        elif found:
            lines.extend(contentcase.lines([block]))
    return found


@cache
def rows(path: Path) -> dict[str, Audited]:
    """Return the rows on numbered sections."""
    held = audit(read(path), [pack("ich-m11")])[0]
    return {row.item.id: row for row in held.items if row.item.id[0].isdigit()}


def nones(value: Any) -> Iterator[str]:
    """Yield the author's own reasons why there is nothing."""
    if isinstance(value, dict) and isinstance(value.get("none_reason"), str):
        yield value["none_reason"].strip().removesuffix(".").casefold()
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nones(part)


def sorted_out(path: Path, number: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return what a section tells, what the author says there is none of, what the draft says so of, and its gaps."""
    author = set(nones(read(path).data))
    told, none, nothing, gaps = [], [], [], []
    for line in sections(path)[number]:
        if "[[" in line:
            gaps.append(line)
        elif any(reason in line.casefold() for reason in author):
            none.append(line)
        else:
            (nothing if line.startswith(NOTHING) else told).append(line)
    return told, none, nothing, gaps


@pytest.mark.parametrize(
    ("path", "number"),
    [pytest.param(path, number, id=f"{path.stem}-{number}") for path in FILES for number in rows(path)],
)
def test_the_draft_and_the_checklist_agree_on_a_section(path: Path, number: str) -> None:
    """What does not apply has a section without content or gap, and what is met has a section that tells it."""
    row = rows(path)[number]
    told, none, nothing, gaps = sorted_out(path, number)
    status = str(row.status)
    if status == "not_applicable":
        assert not told or (nothing and number in OPEN), (row.reason, told)
        assert not gaps, (row.reason, gaps)
    elif status in ("met", "partial"):
        declared = all(each.locator.endswith("none_reason") for each in row.evidence)
        assert told or none or declared, nothing
    else:
        assert not nothing, (row.missing, nothing)


@pytest.mark.parametrize("number", ["8.7", "11.3.1"])
def test_what_another_key_says_is_told_by_both(number: str) -> None:
    """Where the draft tells a section from another key than its own, its row is met."""
    told, _, nothing, gaps = sorted_out(ELSEWHERE, number)
    assert told, nothing
    assert not gaps
    assert str(rows(ELSEWHERE)[number].status) == "met"
