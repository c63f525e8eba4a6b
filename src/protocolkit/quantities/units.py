"""The closed table of units and the kinds of quantity that fields ask for, read from `units.json` on first use."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.resources import read_beside
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


HUNDREDTHS = ("%", "{percentage_point}")  # of which a hundred are one as a proportion
_PREFIXES = frozenset("fpnumcdhkMGT")
_MOLAR = re.compile("[pnum]?M")
_ALIKE = 0.8  # of the letters of a misspelt part
_NEAR = 1.0  # one part in common, or two counts
# Units of activity, in any multiple: no mass stands for them.
_ACTIVE = re.compile(r"\{?[kMm]?(?:I\.?U\.?|UI|U|[Uu]nits?|USP)\}?(?:/.*)?")
_ACTIVITIES = ("activity", "enzyme")
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"


class Unit(NamedTuple):
    """One unit: its UCUM code, what it measures, its exact size in the group's base unit, and how prose prints it."""

    code: str
    group: str
    words: str
    factor: Decimal
    singular: str
    plural: str
    ncit: str = ""
    cdisc: str = ""


class Kind(NamedTuple):
    """What a field asks for, such as a duration: the units it allows, in words, with an example."""

    name: str
    words: str
    example: str
    codes: tuple[str, ...]
    negative: bool


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(read_beside(__file__, "units.json"))
    return loaded


@cache
def units() -> dict[str, Unit]:
    """Return every unit by its code, in the order of the table."""
    return {code: _unit(code, name, group) for name, group in _data()["groups"].items() for code in group["units"]}


def _unit(code: str, name: str, group: dict[str, Any]) -> Unit:
    row = group["units"][code]
    singular, plural = row.get("print", (code, code))
    return Unit(
        code, name, group["words"], Decimal(row["factor"]), singular, plural,
        row.get("ncit", ""), row.get("cdisc", ""),
    )  # fmt: skip


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind of quantity by its name."""
    return {name: _kind(name, row) for name, row in _data()["kinds"].items()}


def _kind(name: str, row: dict[str, Any]) -> Kind:
    groups = _data()["groups"]
    codes = [code for group in row.get("groups", ()) for code in groups[group]["units"]] + row.get("units", [])
    return Kind(name, row["words"], row["example"], tuple(codes), row.get("negative", False))


@cache
def pattern(kind: str) -> str:
    """Return the JSON Schema pattern of a kind, for editors, without what regular-expression engines differ on.

    Raises KeyError for a kind that the table does not have.
    """
    wanted = kinds()[kind]
    number = NUMBER if wanted.negative else NUMBER.removeprefix("-?")
    return f"^{number} (?:{'|'.join(re.escape(code) for code in wanted.codes)})(?!\\n)$"


def meant(text: str) -> str | None:
    """Return the unit that a misspelt one most probably means, None where nothing is close or several may be meant."""
    if text.strip().lower() in _data()["several"]:
        return None
    tidy = re.sub(r"\s*(?:/|\bper\b)\s*", "/", text.strip())
    for candidate in (tidy, "/".join(_data()["meant"].get(part, part) for part in tidy.split("/"))):
        known = _data()["meant"].get(candidate, candidate)
        if known in units():
            return str(known)
    return _same_letters(tidy) or _close(tidy)


def _same_letters(text: str) -> str | None:
    matches = [code for code in units() if code.lower() == text.lower()]
    return matches[0] if len(matches) == 1 and not _apart_by_case(text, matches[0]) else None


def _apart_by_case(text: str, code: str) -> bool:
    """Say whether capitals make one unit another: one letter (a, A), a prefix (mBq, MBq) or a molarity (mM)."""
    prefixed = text[0] != code[0] and text[1:] == code[1:] and text[0] in _PREFIXES
    return len(text) == 1 or prefixed or _MOLAR.fullmatch(text) is not None


def _close(text: str) -> str | None:
    """Return the unit that is spelt most alike, where what the text divides by what stays the same."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed for a misspelt unit only

    parts = text[:40].split("/")
    alike = [code for code in units() if _measures_alike(parts, code.split("/"))]
    return next(iter(get_close_matches(text[:40], alike, n=1, cutoff=0.75)), None)


def _measures_alike(parts: list[str], others: list[str]) -> bool:
    """Say whether a unit differs from another in misspelt parts alone: a part that is known is meant as it stands."""
    if len(parts) != len(others):
        return False
    unlike = [(part, other) for part, other in zip(parts, others, strict=True) if part != other]
    return all(part not in _parts() and _slip(part, other) for part, other in unlike)


def _slip(part: str, other: str) -> bool:
    """Say whether one part of a unit is the other misspelt: long and alike, apart from brackets and what is shared.

    Symbols of few letters that differ by one are mostly units of their own, as [PFU] beside [iU] or pg beside ug.
    """
    from difflib import SequenceMatcher  # noqa: PLC0415 - needed for a misspelt unit only

    bare, known = part.strip("{}[]"), other.strip("{}[]")
    if _sized_apart(part, other) or re.findall("[0-9]+", bare) != re.findall("[0-9]+", known):
        return False
    return SequenceMatcher(None, bare, known).ratio() >= _ALIKE


def _sized_apart(part: str, other: str) -> bool:
    """Say whether two parts of a unit differ by a metric prefix: with one number they are no slip of each other."""
    shorter, longer = sorted((part, other), key=len)
    return longer[1:] == shorter and longer[0] in _PREFIXES


def of_each_group(allowed: Sequence[str]) -> list[str]:
    """Return one unit for each thing that the allowed ones measure: the group's base unit, else its first."""
    bases: dict[str, str] = {}
    for code in sorted(allowed, key=lambda code: units()[code].factor != 1):
        bases.setdefault(units()[code].group, code)
    return [code for code in allowed if bases[units()[code].group] == code]


def near(text: str, allowed: Sequence[str]) -> list[str]:
    """Return the units among those allowed that are nearest to one that is not: alike in what is counted or per what.

    A unit in braces is a count, and is near to other counts; any other is near where a part of it is the same. One of
    activity, such as `U/m2`, is near to others of activity alone.
    """
    if several := _data()["several"].get(text.strip().lower()):
        return [code for code in several if code in allowed]
    tidy = re.sub(r"\s*(?:/|\bper\b)\s*", "/", text.strip())[:40]
    parts = [_data()["meant"].get(part, part) for part in tidy.split("/")]
    scored = [(_nearness(parts, tidy, code), code) for code in allowed if _of_one_nature(tidy, code)]
    return [code for score, code in sorted(scored, key=lambda row: -row[0]) if score >= _NEAR]


def _of_one_nature(text: str, code: str) -> bool:
    """Say whether a unit may stand for another: for one of activity none but such a unit, or a count of units.

    What differs in its capitals alone and is no slip (mM and mm) is another.
    """
    if text.lower() == code.lower() and _apart_by_case(text, code):
        return False
    active = units()[code].group.startswith(_ACTIVITIES) or code.startswith("{unit}")
    return active or _ACTIVE.fullmatch(text) is None


def _nearness(parts: list[str], text: str, code: str) -> float:
    from difflib import SequenceMatcher  # noqa: PLC0415 - needed for a misspelt unit only

    others = code.split("/")
    shared = sum(part == other for part, other in zip(parts, others, strict=False))
    alike = SequenceMatcher(None, text.lower(), code.lower()).ratio()
    counts = text.startswith("{") and code.startswith("{") and len(parts) == len(others)
    return shared + alike - abs(len(parts) - len(others)) / 2 + (_NEAR if counts else 0)


@cache
def _parts() -> frozenset[str]:
    return frozenset(part for code in units() for part in code.split("/"))
