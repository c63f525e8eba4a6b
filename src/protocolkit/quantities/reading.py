"""Read a quantity such as `0.35 mg/kg/h`, or say in plain words what is wrong with it."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from protocolkit.quantities.units import NUMBER, Unit, kinds, meant, near, of_each_group, units
from protocolkit.values import NamedTuple
from protocolkit.words import first_of, shortened

if TYPE_CHECKING:
    from protocolkit.quantities.units import Kind

_STRICT = re.compile(rf"({NUMBER}) ([^\s].*)")
# What is wrong with a text is asked of few texts: these are compiled for the first of them.
_LENIENT = r"([+\N{MINUS SIGN}-]?)([0-9]*(?:[.,][0-9]+)*[.,]?)(\s*)([^\s0-9.,+-].*)?"
_RANGE = r"[0-9.,]+\s*[^\s0-9.,+]*\s*(?:-|\N{EN DASH}|\N{EM DASH}|\bto\b|\.\.+)\s*[0-9.,]+.*"
_POWER = r"[+-]?[0-9.,]+\s*(?:[eE][+-]?[0-9]|[x\N{MULTIPLICATION SIGN}*]\s*10(?:[\^*]|[eE]|\s|$)).*|10[\^*]+[0-9].*"
_COMPARED = "[<>=~\N{ALMOST EQUAL TO}\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}\N{PLUS-MINUS SIGN}].*"
_AREA = r"AUC\s*(?:of\s*|=\s*)?[0-9].*"
_SHAPES = (
    ("area", _AREA, ": a target area under the curve is a number with the unit mg.min/mL"),
    ("sign", _COMPARED, ": a quantity holds no sign of comparison; the field says above or below"),
    ("range", _RANGE, " is a range; a range is written with min and max"),
    ("exponent", _POWER, ": write the number in full, without a power of ten"),
)
_CALENDAR, _OF_A_DAY = "calendar", "daily_amount"
_SHOWN = 60
_CODES = 8  # units of a kind that a hint names
_LONGEST = 200
_PER_SEVERAL = re.compile(r"([^/0-9]+)/([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]+)")  # mg/1.5mL
_OFTEN = r"([^\s]+) (?:(once|twice|three times|four times|[1-9] times)? ?(?:(?:a|per|each) day|daily)|(QD|BID|TID|QID))"
_TIMES = {"once": 1, "twice": 2, "three": 3, "four": 4, "QD": 1, "BID": 2, "TID": 3, "QID": 4}
_LOGARITHM = re.compile(r"[\[{]?log(?:10)?[\]}]?\s*(.+)", re.IGNORECASE)
_COUNTED = (
    "plaques",
    "foci",
    "colonies",
    "culture_doses",
    "tissue_doses",
    "egg_doses",
    "particles",
    "genomes",
    "cells",
)
_HIGHEST = 15  # power of ten that is written out
_MONTH = "/(28.d)"  # the one time of several days that a unit is counted in
_PLACES = 6


class Quantity(NamedTuple):
    """A number with a unit; `text` is what the author wrote and what is printed."""

    value: Decimal
    unit: Unit
    text: str

    @property
    def digits(self) -> str:
        """The number as the author wrote it."""
        return self.text.partition(" ")[0]


class QuantityError(ValueError):
    """A text that is no quantity: why (`reason`), in words (`message`), and what was probably meant (`suggestion`)."""

    def __init__(self, reason: str, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.suggestion = suggestion


class QuantityFault(NamedTuple):
    """What is wrong with the value of a field that asks for a quantity, and what to write in its place."""

    reason: str
    message: str
    hint: str


@lru_cache(maxsize=2048)  # a protocol says the same doses and times many times over
def parse(text: str) -> Quantity:
    """Read a quantity: a number, one space, one unit of the table.

    Raises QuantityError for anything else.
    """
    match = _STRICT.fullmatch(text)
    unit = units().get(match[2]) if match else None
    if match is None or unit is None:
        raise _diagnosis(text)
    return Quantity(Decimal(match[1]), unit, text)


def fault(value: object, kind: str, example: str = "") -> QuantityFault | None:
    """Say what is wrong with a value where a kind of quantity is asked, None where it is right.

    `example` is one of the field itself, where the kind has none that fits all of its fields. Raises KeyError for a
    kind that the table does not have.
    """
    wanted = kinds()[kind]
    wanted = wanted._replace(example=example or wanted.example)
    if not isinstance(value, str):
        return _not_text(value, wanted)
    try:
        quantity = parse(value)
    except QuantityError as error:
        told = _fits(error.suggestion, wanted) and (error.reason != "often" or wanted.name == _OF_A_DAY)
        hint = f"write {error.suggestion}" if told else _hint(error.reason, value, wanted)
        return QuantityFault(error.reason, error.message, hint)
    return _misfit(quantity, wanted)


def _hint(reason: str, text: str, wanted: Kind) -> str:
    """Say what to write where nothing is certain: for an unknown unit the nearest of those that the field takes."""
    if reason == "per_several":
        return "divide the two numbers, and say to how many places"
    if reason == "logarithm":
        return "write the number out in full, for example 10000000 [CCID_50] for 7.0 log10 CCID50"
    if reason == "often":
        return "write the amount alone; how often it is given stands in frequency"
    match = re.fullmatch(_LENIENT, text.strip(), re.DOTALL) if reason == "unknown_unit" else None
    if match is None:
        return f"write for example {wanted.example}"
    if codes := near(match[4], wanted.codes):
        return f"units near it that are allowed here: {first_of(codes, _CODES)}"  # to which the number may not belong
    codes = list(wanted.codes) if len(wanted.codes) <= _CODES else of_each_group(wanted.codes)
    return f"use {first_of(codes, _CODES)}, for example {wanted.example}"


def _fits(suggestion: str, wanted: Kind) -> bool:
    """Say whether what was probably meant, one value or both ends of a range, is what is asked for."""
    values = re.findall(r'"([^"]+)"', suggestion) or [suggestion]
    return bool(suggestion) and all(_misfit(parse(value), wanted) is None for value in values)


def _not_text(value: object, wanted: Kind) -> QuantityFault:
    example = f"write the number, a space and the unit, for example {wanted.example}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return QuantityFault("no_unit", f"{_short(str(value))} has no unit; {wanted.words} is needed", example)
    return QuantityFault("not_text", f"{wanted.words} is needed here, as one text", example)


def _misfit(quantity: Quantity, wanted: Kind) -> QuantityFault | None:
    unit, text = quantity.unit, _short(quantity.text)
    if unit.code in wanted.codes:
        if quantity.value < 0 and not wanted.negative:
            return QuantityFault(
                "negative", f"{wanted.words} cannot be negative: {text}", f"write for example {wanted.example}"
            )
        return None
    allowed = [units()[code] for code in wanted.codes]
    if unit.group == _CALENDAR and any(other.group == "time" for other in allowed):
        message = f"{text} is in months or years, which have no fixed number of days; {wanted.words} must fall on a day"
        return QuantityFault("calendar", message, _in_days(quantity))
    if any(other.group == unit.group for other in allowed):
        message = f"{wanted.words} is not given in {unit.code}"
        return QuantityFault(
            "wrong_unit", message, f"use {first_of(wanted.codes, _CODES)}, for example {wanted.example}"
        )
    message = f"{text} is {unit.words}; {wanted.words} such as {wanted.example} is needed"
    hint = "m is metre; a minute is min" if unit.code == "m" else f"use {first_of(wanted.codes, _CODES)}"
    return QuantityFault("wrong_kind", message, hint)


def _in_days(quantity: Quantity) -> str:
    """Say about how many days and weeks some months or years are: which of both is meant, the author decides."""
    from protocolkit.quantities.calendar import in_mean  # noqa: PLC0415 - it converts, and rests on this module

    days, weeks = in_mean(quantity, "d"), in_mean(quantity, "wk")
    if days is None or weeks is None:
        return "write it in days or weeks"
    return f"write it in days or weeks, for example {days:.0f} d or {weeks:.0f} wk"


def _short(text: str) -> str:
    return shortened(text, _SHOWN, _SHOWN)


def _diagnosis(text: str) -> QuantityError:
    shown, bare = f'"{_short(text)}"', text.strip()
    if not bare:
        return QuantityError("empty", "a number and a unit are needed")
    if len(text) > _LONGEST:
        return QuantityError("too_long", f"{shown} is a text; a number and a unit are needed")
    for reason, shape, words in _SHAPES:
        if re.fullmatch(shape, bare, re.DOTALL):
            return QuantityError(reason, f"{shown}{words}", _range(bare) if reason == "range" else "")
    match = re.fullmatch(_LENIENT, bare, re.DOTALL)
    if match is None or not any(map(str.isdigit, match[2])):
        return QuantityError("no_number", f"{shown} is not one number in figures and a unit")
    return _deviation(text, shown, match)


def _range(text: str) -> str:
    numbers = re.findall(r"[0-9]+(?:\.[0-9]+)?", text)
    unit = text.rsplit(" ", 1)[-1]
    if len(numbers) != 2 or unit not in units():  # noqa: PLR2004 - the two ends of a range
        return ""
    return f'{{min: "{numbers[0]} {unit}", max: "{numbers[1]} {unit}"}}'


def _deviation(text: str, shown: str, match: re.Match[str]) -> QuantityError:
    sign, number, gap, unit = match[1], match[2], match[3], match[4]
    if unit is None:
        return QuantityError("no_unit", f"{shown} has no unit")
    tidy = _number(sign, number)
    code = unit if unit in units() else meant(unit)
    if (more := _more(shown, tidy, unit)) and not (code or "").endswith(_MONTH):
        return more
    suggestion = f"{tidy} {code}" if tidy and code else ""
    if "," in number:
        return QuantityError("comma", f"{shown}: the decimal sign is a point; thousands are not parted", suggestion)
    if sign == "+" or number != tidy.lstrip("-") or sign == "\N{MINUS SIGN}":
        return QuantityError("number", f"{shown}: write the number plainly, as in 0.5, 10 or -7", suggestion)
    if unit not in units():
        guess = f"; did you mean {code}?" if code else ""
        return QuantityError("unknown_unit", f'"{_short(unit)}" is no unit of the table{guess}', suggestion)
    where = "before or after it" if text != text.strip() else "between number and unit"
    wrong = "there must be one space" if not gap else "there must be one plain space and no other"
    message = (
        f"{shown}: {wrong} between number and unit" if where.startswith("between") else f"{shown}: white space {where}"
    )
    return QuantityError("space", message, suggestion)


def _more(shown: str, number: str, unit: str) -> QuantityError | None:
    """Say what a text holds beside a number and a unit: several of a unit, a logarithm, or how often it is given."""
    if per := _PER_SEVERAL.fullmatch(unit):
        return _per_several(shown, number, per)
    if logarithm := _LOGARITHM.fullmatch(unit):
        return _logarithm(shown, number, logarithm[1])
    often = re.fullmatch(_OFTEN, unit) if number else None
    return _often(shown, Decimal(number), often) if often and often[1] in units() else None


def _per_several(shown: str, number: str, per: re.Match[str]) -> QuantityError:
    """Say that an amount in several of a unit is to be given in one of them, divided where that comes out even."""
    code, divisor = f"{per[1]}/{per[3]}", Decimal(per[2])
    each = Decimal(number) / divisor if number and divisor and code in units() else None
    even = each is not None and each == round(each, _PLACES)
    suggestion = f"{each.normalize():f} {code}" if each is not None and even else ""
    message = f"{shown} is an amount in {per[2]} {per[3]}; write what is in one {per[3]}"
    return QuantityError("per_several", message, suggestion)


def _logarithm(shown: str, number: str, unit: str) -> QuantityError | None:
    """Say that a titre is written as the number itself: which that is where the power is whole."""
    code = unit if unit in units() else meant(unit)
    if code is None or not units()[code].group.startswith(_COUNTED):
        return None
    power = Decimal(number or "0.5")
    whole = power == int(power) and 0 <= power <= _HIGHEST
    suggestion = f"{10 ** int(power)} {code}" if whole else ""
    return QuantityError("logarithm", f"{shown} is a logarithm; write the number itself, in {code}", suggestion)


def _often(shown: str, number: Decimal, often: re.Match[str]) -> QuantityError:
    """Say that how often a dose is given is no part of it, and what the dose of a day is."""
    words = (often[2] or often[3] or "once").partition(" ")[0]
    times = int(words) if words.isdecimal() else _TIMES[words]
    return QuantityError("often", f"{shown} holds how often it is given", f"{number * times:f} {often[1]}/d")


def _number(sign: str, number: str) -> str:
    """Write a number plainly; an empty text where the author must decide (a comma can part thousands)."""
    if number.count(",") + number.count(".") > 1 or re.search(r",[0-9]{3}$", number):
        return ""
    whole, _, fraction = number.replace(",", ".").partition(".")
    plain = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return ("-" if sign in ("-", "\N{MINUS SIGN}") else "") + plain
