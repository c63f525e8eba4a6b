"""The reviewed rows of the library: substances, instruments and the like, each with source, confidence and date.

A row is a hint with its source and never an answer: nothing here is offered as a dose, and a verdict that rests on one
is at most a warning, information where the row is only recalled (confidence L).
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.errors import ConfigError
from protocolkit.resources import read_beside, read_bytes
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_folders: ContextVar[tuple[str, ...]] = ContextVar("a sponsor's folders, within `opened`", default=())


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


def rows(kind: str) -> tuple[Row, ...]:
    """Return the rows of a kind, such as `substances`: those of open folders, then ours that none of them replaces.

    Raises KeyError for a kind that the library does not have.
    """
    return _rows(kind, _folders.get())


@cache
def _rows(kind: str, folders: tuple[str, ...]) -> tuple[Row, ...]:
    own = [_row(row) for folder in folders for row in _added(folder, kind)]
    replaced = {row.key for row in own}
    return (*own, *(_row(row) for row in _loaded(kind)["rows"] if row["key"] not in replaced))


def _row(row: dict[str, Any]) -> Row:
    return Row(row["key"], tuple(row["names"]), row["data"], row["source"], row["confidence"], row["reviewed_on"])


@contextmanager
def opened(folders: Iterable[str]) -> Iterator[None]:
    """Read rows of a sponsor's folders beside ours within a `with`; a row of the same key replaces ours.

    A folder holds files of the shape of `schemas/library.schema.json`, named by their kind: `substances.json`. Raises
    ConfigError for a folder that is not there and for a file that is not of that shape.
    """
    wanted = tuple(folders)
    for folder in wanted:
        require_usable(folder)
    before = _folders.set(wanted)
    try:
        yield
    finally:
        _folders.reset(before)


@cache
def require_usable(name: str) -> None:
    """Raise ConfigError for a sponsor's folder that is not there or whose files are not of the library's shape."""
    from pathlib import Path  # noqa: PLC0415 - for a sponsor's own rows only

    folder = Path(name)
    if not folder.is_dir():
        raise ConfigError(f"the folder {folder} of the library does not exist")
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - for a sponsor's own rows only

    shape = Draft202012Validator(json.loads(read_bytes("schemas", "library.schema.json")))
    for path in sorted(folder.glob("*.json")):
        if path.stem not in kinds():
            raise ConfigError(f"{path}: the library has no kind {path.stem!r}; it has {', '.join(kinds())}")
        try:
            wrong = next(iter(shape.iter_errors(json.loads(path.read_text("utf-8")))), None)
        except ValueError as error:
            raise ConfigError(f"{path} is not JSON: {error}") from None
        if wrong is not None:
            raise ConfigError(f"{path}: {wrong.json_path}: {wrong.message[:200]}")


def _added(folder: str, kind: str) -> list[dict[str, Any]]:
    from pathlib import Path  # noqa: PLC0415 - as above

    path = Path(folder) / f"{kind}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["rows"] if path.is_file() else []
    return found


def about(kind: str) -> str:
    """Return what a kind of rows is, and where it comes from.

    Raises KeyError for a kind that the library does not have.
    """
    return str(_loaded(kind)["about"])


def find(kind: str, name: str) -> Row | None:
    """Return the row that a name stands for, whatever its case and hyphens; None where the library does not know it.

    Raises KeyError for a kind that the library does not have.
    """
    return _by_name(kind, _folders.get()).get(_folded(name))


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of rows that the library has."""
    names = sorted(
        name.removesuffix(".json") for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".json")
    )
    return tuple(name for name in names if name != "terms")


@cache
def _loaded(kind: str) -> dict[str, Any]:
    if kind not in kinds():
        raise KeyError(kind)
    loaded: dict[str, Any] = json.loads(read_beside(__file__, f"{kind}.json"))
    return loaded


@cache
def _by_name(kind: str, folders: tuple[str, ...]) -> dict[str, Row]:
    return {_folded(name): row for row in reversed(_rows(kind, folders)) for name in (row.key, *row.names)}


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())
