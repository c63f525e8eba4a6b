"""The value of a plain scalar by the core schema of YAML 1.2: `NO` and `08:30` are text, `010` is ten."""

from __future__ import annotations

import re
from math import isfinite

from protocolkit.words import shortened

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_STARTS = frozenset("0123456789+-.")
# How a text begins that may be something else than a text: the first characters of words and numbers, and nothing.
SPECIAL = frozenset(word[:1] for word in _WORDS) | _STARTS
_BASES = {"0o": 8, "0x": 16}
_MOST_DIGITS = 4300
_SHOWN = 40


class NotFinite(ValueError):  # noqa: N818 - names the number, and ends as a finding
    """A number that is not finite, or that cannot be held without changing it."""


def plain_value(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted scalar.

    Raises NotFinite for `.inf`, `.nan` and numbers out of range.
    """
    if text in _WORDS:
        return _WORDS[text]
    return number(text) if text[0] in _STARTS else text


def number(text: str) -> str | int | float:
    """Return the number that a text writes, or the text where it writes none.

    Raises NotFinite for `.inf`, `.nan` and numbers out of range.
    """
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotFinite(f"{text} is not a finite number")
    return text


def _integer(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise NotFinite(f"a number of {len(text)} digits is out of range")
    base = _BASES.get(text[:2], 10)
    return int(text if base == 10 else text[2:], base)  # noqa: PLR2004 - the decimal system


def _float(text: str) -> float:
    value = float(text)
    mantissa = re.split("[eE]", text, maxsplit=1)[0]
    if not isfinite(value) or (value == 0 and mantissa.strip("+-0.")):
        raise NotFinite(f"{shortened(text, _SHOWN, _SHOWN)} is out of the range of numbers")
    return value
