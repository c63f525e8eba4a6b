"""Words of messages: numbers without needless zeros, lists as people write them, texts cut short or made comparable."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = Context(prec=6)


def plain(value: Decimal) -> str:
    """Write a number with at most six significant digits and without needless zeros."""
    text = f"{_SHOWN.plus(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Sequence[str], last: str = "and") -> str:
    """Write a list: `a, b and c`."""
    *most, end = [*words] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def first_of(words: Sequence[str], most: int) -> str:
    """List some words, as many as `most`, and points for those that follow."""
    return ", ".join(words[:most]) + (" ..." if len(words) > most else "")


def shortened(text: str, most: int, kept: int | None = None) -> str:
    """Cut a text of more than `most` characters to `kept` of them and points, else to `most` with the points."""
    return text if len(text) <= most else text[: most - 3 if kept is None else kept] + "..."


def folded(text: str) -> str:
    """Return a text in a form in which two spellings of one term are equal: case, spaces, hyphens, a plural s."""
    tidy = " ".join(text.replace("_", " ").replace("-", " ").casefold().split())
    return tidy.removesuffix("s")
