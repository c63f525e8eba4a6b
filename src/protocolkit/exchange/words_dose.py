"""Read the words of a dose where nothing in them is open: "0.5 mg/kg IV over 40 minutes twice weekly"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocolkit.quantities import QuantityError, parse

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER = r"(?P<number>(?:0|[1-9][0-9]{0,5})(?:\.[0-9]+)?)"
_MASS = r"(?P<unit>mg|mcg|µg|μg|ug|g|ng|IU|ml)"
_PER = r"(?P<per>/kg|/m2|/m²|/m\^2| per kg)?"
_DOSE = re.compile(rf"{_NUMBER} ?{_MASS}{_PER}(?![\w/^.-])", re.IGNORECASE)
_OVER = re.compile(
    r"over (?:a period of )?(?P<number>[1-9][0-9]{0,3}) ?(?P<unit>minutes?|mins?|hours?|hrs?|h)\b", re.IGNORECASE
)
_UNITS = {"mcg": "ug", "µg": "ug", "μg": "ug", "iu": "[iU]", "ml": "mL", "h": "h", "hour": "h", "hr": "h"}
_PERS = {"/m²": "/m2", "/m^2": "/m2", " per kg": "/kg"}
_LONGEST = 300
_EVERY = re.compile(
    r"(?:every (?P<weeks>2|3|4|5|6|7|8|10|12|13|16) weeks|q(?P<short>2|3|4|6|8|12) ?w)\b", re.IGNORECASE
)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)})(?![\w/])", re.IGNORECASE)


_IV = r"(?:intravenous(?:ly)?|i\.v\.|iv)"
_ROUTES = (
    ("INTRAVENOUS DRIP", _any(rf"(?:by |as an? |via )?{_IV} infusion", rf"infused {_IV}")),
    ("INTRAVENOUS BOLUS", _any(rf"(?:by |as an? |via )?{_IV} bolus")),
    ("INTRAVENOUS", _any(rf"{_IV}(?: administration| injection)?")),
    ("ORAL", _any("oral administration", "orally", "oral(?:ly)?", "by mouth", r"p\.o\.", "po")),
    ("SUBCUTANEOUS", _any("subcutaneous(?:ly)?(?: injection| administration)?", r"s\.c\.", "sc")),
    ("INTRAMUSCULAR", _any("intramuscular(?:ly)?(?: injection| administration)?", r"i\.m\.", "im")),
    ("SUBLINGUAL", _any("sublingual(?:ly)?(?: administration)?")),
)
_FREQUENCIES = (
    ("QD", _any("once daily", "once a day", "once per day", r"q\.d\.", "qd")),
    ("BID", _any("twice daily", "twice a day", "twice per day", "two times (?:a|per) day", r"b\.i\.d\.", "bid")),
    ("TID", _any("three times (?:daily|a day|per day)", r"t\.i\.d\.", "tid")),
    ("QID", _any("four times (?:daily|a day|per day)", r"q\.i\.d\.", "qid")),
    ("1 TIME PER WEEK", _any("once weekly", "once a week", "once per week")),
    ("2 TIMES PER WEEK", _any("twice weekly", "twice a week", "two times (?:a|per) week")),
    ("3 TIMES PER WEEK", _any("three times (?:weekly|a week|per week)", "thrice weekly")),
)
_ONCE = _any("(?:as )?an? single dose", "single dose", "once only")
_FILLER = re.compile(
    r"(?:(?:will be |is |are |to be )?(?:administered|given|taken)|drug:|at a dose of|dose of|,|;)\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Dosing:
    """What the words of a dose say; what they do not say is empty."""

    dose: str = ""
    route: str = ""
    duration: str = ""
    frequency: str = ""
    once: bool = False

    @property
    def is_step(self) -> bool:
        """Whether there is a dose or a time, not only a route."""
        return bool(self.dose or self.duration or self.frequency or self.once)


def read(text: str, name: str) -> Dosing | None:
    """Read a text that is nothing but a dose, each part of it once; None for any other.

    `name` is the name of the intervention, which may stand before the dose. `daily` alone stays words: it may be one
    administration or the sum of a day.
    """
    rest = " ".join(text.replace("\\", "").split()).rstrip(".") if len(text) <= _LONGEST else ""
    if name and rest.lower().startswith(name.lower()):
        rest = rest[len(name) :].lstrip(" :-")
    found: dict[str, str | bool] = {}
    while rest:
        taken = _part(rest)
        if taken is None:
            return None
        key, value, rest = taken
        if key and key in found:
            return None
        if key:
            found[key] = value
    return _dosing(found)


def _dosing(found: dict[str, str | bool]) -> Dosing | None:
    """Return what was found where it is a route alone, or a dose with what makes it one administration."""
    timed = {"duration", "frequency", "once"} & set(found)
    if not found or ("dose" in found) != bool(timed) or {"once", "frequency"} <= set(found):
        return None
    return Dosing(**found)  # type: ignore[arg-type]  # keys are the fields


def _part(text: str) -> tuple[str, str | bool, str] | None:
    """Take the first part of a text: its field (none for words that say nothing), its value, and the rest."""
    for key, pattern, told in _READERS:
        if match := pattern.match(text):
            value = told(match)
            return (key, value, text[match.end() :].lstrip()) if value else None
    for key, table in (("route", _ROUTES), ("frequency", _FREQUENCIES)):
        for term, pattern in table:
            if match := pattern.match(text):
                return key, term, text[match.end() :].lstrip()
    return None


def _dose(match: re.Match[str]) -> str:
    unit, per = match["unit"].lower(), (match["per"] or "").lower()
    written = f"{match['number']} {_UNITS.get(unit, unit)}{_PERS.get(per, per)}"
    try:
        return parse(written).text
    except QuantityError:
        return ""


def _over(match: re.Match[str]) -> str:
    return f"{match['number']} {_UNITS.get(match['unit'].lower().removesuffix('s'), 'min')}"


def _every(match: re.Match[str]) -> str:
    return f"EVERY {match['weeks'] or match['short']} WEEKS"


_READERS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str | bool]], ...] = (
    ("", _FILLER, bool),
    ("dose", _DOSE, _dose),
    ("duration", _OVER, _over),
    ("frequency", _EVERY, _every),
    ("once", _ONCE, bool),
)
