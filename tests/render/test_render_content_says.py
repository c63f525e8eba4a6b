"""What single sections say of small protocols, one a file: lines that stand there, words that never do."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import contentcase
import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted((contentcase.ROOT / "tests" / "cases" / "content" / "says").glob("*.yaml"))


@cache
def case(path: Path) -> Any:
    """Read a case: a protocol, lines that its sections hold (`says`), words that they must not hold (`never`)."""
    return yaml.safe_load(path.read_text("utf-8"))


@cache
def told(path: Path) -> dict[str, list[str]]:
    """Return the lines of the sections that a case speaks of."""
    made = contentcase.of({"protocolkit": 1, **case(path)["protocol"]})
    numbers = {*case(path).get("says", {}), *case(path).get("never", {})}
    return {number: contentcase.section(made, number) for number in numbers}


def expected(kind: str) -> list[Any]:
    """Return each expectation of a kind as a parameter with the name of its file and section."""
    return [
        pytest.param(path, number, words, id=f"{path.stem}-{number}-{position}")
        for path in FILES
        for number, texts in case(path).get(kind, {}).items()
        for position, words in enumerate(texts)
    ]


@pytest.mark.parametrize(("path", "number", "words"), expected("says"))
def test_a_section_says(path: Path, number: str, words: str) -> None:
    """The line stands in the section as the case has it; where it ends in an ellipsis, the line begins so."""
    lines = told(path)[number]
    whole = not words.endswith("...")
    assert any(line == words if whole else line.startswith(words.removesuffix("...")) for line in lines), lines


@pytest.mark.parametrize(("path", "number", "words"), expected("never"))
def test_a_section_never_says(path: Path, number: str, words: str) -> None:
    """The words stand nowhere in a section that says something else."""
    lines = told(path)[number]
    assert lines
    assert not any(words in line for line in lines), lines
