"""Change the text of a protocol file at the places of its values; every byte outside them stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Edit(NamedTuple):
    """A stretch of a text, by index, and what stands in its place afterwards."""

    start: int
    end: int
    text: str


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with its edits made.

    Raises ValueError where two of them overlap.
    """
    parts = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise ValueError(f"two edits overlap at index {edit.start}")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])
