"""Say where each value came from: one entry for each object or field, with the words that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.document import Document, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Path
    from protocolkit.exchange.transfer import Use

_PART = 2  # a section and its module


def provenance(data: dict[str, Any], uses: Iterable[Use], form: str, base: Path = ()) -> list[dict[str, Any]]:
    """Return the provenance entries of a protocol, in the order of their places.

    The fields of an item of a list share one entry for each part of the source that they come from; a field read from
    words has its own, with the words. Paths of the source count from its record, which is at `base`.
    """
    document = Document("", data)
    entries: dict[tuple[Path, str, Path], tuple[Path, Path]] = {}
    for use in uses:
        source, owner = use.source[len(base) :], _owner(use.to)
        key = (owner, use.words, source if use.words else source[:_PART])
        to = use.to if use.words else owner
        known = entries.get(key)
        entries[key] = (_common(known[0], to), _common(known[1], source)) if known else (to, source)
    rows = [_row(document, at, words, source, form) for (_, words, _), (at, source) in entries.items()]
    top = {key: index for index, key in enumerate(data)}
    return sorted(rows, key=lambda row: top.get(row["at"].split("/")[1], 0))


def _row(document: Document, at: Path, words: str, source: Path, form: str) -> dict[str, Any]:
    told = {"format": form, "path": pointer(source) or "/"}
    return {"at": document.locator(at), "source": {**told, "text": words} if words else told}


def _owner(to: Path) -> Path:
    """Return the item of a list that a place belongs to, else the place itself; texts in a list are one field."""
    to = to[:-1] if isinstance(to[-1], int) else to
    ends = [end for end, step in enumerate(to, 1) if isinstance(step, int)]
    return to[: ends[-1]] if ends else to


def _common(one: Path, other: Path) -> Path:
    end = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:end]
