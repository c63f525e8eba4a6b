"""Bundled checklists beside the facts that they rest on, and texts as runs of words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocolkit.checklists import named
from protocolkit.sources import read

if TYPE_CHECKING:
    from protocolkit.checklists import Checklist

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "checklists"
MANY = 8  # words in a row that are no chance


def pack(name: str) -> Checklist:
    """Return a bundled checklist."""
    return named([name])[0]


def facts(file: str) -> list[dict[str, Any]]:
    """Return the published rows; the test is skipped where the facts are absent."""
    if not FACTS.is_dir():
        pytest.skip("the facts folder ../shared/facts is not here")
    rows: list[dict[str, Any]] = read(FACTS / file).data["items"]
    return rows


def words(text: str) -> list[str]:
    """Return the words of a text without case and punctuation."""
    return re.findall(r"[a-z0-9]+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of eight words of a text."""
    found = words(text)
    return {tuple(found[start : start + MANY]) for start in range(len(found) - MANY + 1)}
