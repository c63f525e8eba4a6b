"""The reviewed rows of the library: substances, instruments and the like, each with source, confidence and date.

A row is a hint with its source and never an answer: nothing here is offered as a dose, and a verdict that rests on one
is at most a warning, information where the row is only recalled (confidence L).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One row: its key, every name that it is found by, what it says, on whose word, how sure (H, M, L), read when.

    Where single values of `data` have sources of their own, they carry `source` and `confidence` beside the value.
    """

    key: str
    names: tuple[str, ...]
    data: dict[str, Any]
    source: str
    confidence: str
    reviewed_on: str


@cache
def rows(kind: str) -> tuple[Row, ...]:
    """Return the rows of a kind, such as `substances`, in the order of the file.

    Raises KeyError for a kind that the library does not have.
    """
    return tuple(
        Row(row["key"], tuple(row["names"]), row["data"], row["source"], row["confidence"], row["reviewed_on"])
        for row in _loaded(kind)["rows"]
    )


def about(kind: str) -> str:
    """Return what a kind of rows is, and where it comes from.

    Raises KeyError for a kind that the library does not have.
    """
    return str(_loaded(kind)["about"])


def find(kind: str, name: str) -> Row | None:
    """Return the row that a name stands for, whatever its case; None where the library does not know it.

    Raises KeyError for a kind that the library does not have.
    """
    return _by_name(kind).get(_folded(name))


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of rows that the library has."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.json"))
    return tuple(name for name in names if name != "terms")


@cache
def _loaded(kind: str) -> dict[str, Any]:
    if kind not in kinds():
        raise KeyError(kind)
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name(f"{kind}.json").read_text("utf-8"))
    return loaded


@cache
def _by_name(kind: str) -> dict[str, Row]:
    return {_folded(name): row for row in rows(kind) for name in (row.key, *row.names)}


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
