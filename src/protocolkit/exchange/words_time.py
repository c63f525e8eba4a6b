"""Read the words of a time frame where they are exact: "Baseline and Week 24", "Day 1 to Day 28"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"minute": "min", "min": "min", "hour": "h", "hr": "h", "h": "h", "day": "d", "week": "wk", "wk": "wk"}
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?|wks?)"
_EVENT = r"(?P<event>[a-z][a-z -]{2,50})"
_NUMBERED = re.compile(r"(?:at |study )?(?P<unit>day|week)s? ?(?P<number>\d{1,4})")
_COUNTED = re.compile(rf"(?:at )?(?P<number>\d{{1,4}}) ?{_UNIT}(?: (?:after|following|post|from) (?:the )?{_EVENT})?")
_BASELINE = re.compile(r"(?:at )?baseline(?: \((?P<also>day [01]|week 0)\))?")
_RANGE = re.compile(r"(?:from )?(?P<start>.+?) (?:to|through|until) (?P<end>.+)")
_PARTS = re.compile(r" ?, and | ?, ?| and | ?& ?|; ?| ?; and ")
_CARRY = re.compile(r"(?:at )?(days|weeks) (\d{1,4}(?:(?: ?, and | ?, ?| and | ?& ?)\d{1,4})+)")
_LOOSE = re.compile(r"\b(?:or|and|until|approximately|about|each|every|end|study completion|treatment period)\b")
_LONGEST = 300
_KINDS = (
    (re.compile(r"randomi[sz]ation"), "randomisation"),
    (re.compile(r"first (?:dose|administration|infusion|injection).*"), "first_dose"),
    (re.compile(r"last (?:dose|administration|infusion|injection).*"), "last_dose"),
    (re.compile(r"end of (?:study )?treatment"), "end_of_treatment"),
    (re.compile(r"(?:informed )?consent"), "consent"),
)


@dataclass(frozen=True)
class Event:
    """What a time counts from, in the words of the source, and its kind among the anchors of the format."""

    words: str
    kind: str = "event"


@dataclass(frozen=True)
class Point:
    """A planned time: how it is called, and its offset; the event is None where the words do not name it."""

    name: str
    offset: str
    event: Event | None = None

    @property
    def is_start(self) -> bool:
        """Whether it is the event itself that times count from."""
        return self.offset.startswith("0 ")


@dataclass(frozen=True)
class Times:
    """The planned times that a time frame names; of a span they are its start and end."""

    points: tuple[Point, ...]
    span: bool = False


def read(text: str) -> Times | None:
    """Read a time frame whose words leave nothing open, None for any other.

    Months and years have no fixed number of days, and `12 weeks` alone may be a point or a span: both stay words.
    `Day 28` is a place only beside Day 0 or Day 1, since either may be the first.
    """
    words = " ".join(text.split()).rstrip(".").lower() if len(text) <= _LONGEST else ""
    if match := _RANGE.fullmatch(words):
        points = _points([match["start"], match["end"]])
        return Times(points, span=True) if points else None
    parts = _PARTS.split(_CARRY.sub(_carried, words))
    if len(parts) == 1 and _COUNTED.fullmatch(parts[0]) and not parts[0].startswith("at ") and not _has_event(parts[0]):
        return None
    points = _points(parts)
    return Times(points) if points else None


def _carried(match: re.Match[str]) -> str:
    """Write the unit before each number: `weeks 4 and 8` is `week 4, week 8`."""
    unit = match[1].removesuffix("s")
    return ", ".join(f"{unit} {number}" for number in re.findall(r"\d+", match[2]))


def _has_event(part: str) -> bool:
    match = _COUNTED.fullmatch(part)
    return bool(match and match["event"])


def _points(parts: list[str]) -> tuple[Point, ...]:
    counted = [match for part in parts if (match := _COUNTED.fullmatch(part))]
    if len({match["event"] for match in counted}) > 1 or (counted and any(_NUMBERED.fullmatch(part) for part in parts)):
        return ()
    first = _first_day(parts)
    points = [_point(part, first) for part in parts]
    kept: tuple[Point, ...] = tuple(point for point in points if point)
    return kept if len(kept) == len(parts) and len({point.name for point in kept}) == len(kept) else ()


def _first_day(parts: list[str]) -> int | None:
    """Return the number of the day that days count from, where the words name it."""
    days = {int(match["number"]) for part in parts if (match := _numbered(part)) and match["unit"] == "day"}
    return next((number for number in (0, 1) if number in days), None)


def _numbered(part: str) -> re.Match[str] | None:
    if (match := _BASELINE.fullmatch(part)) and match["also"]:
        part = match["also"]
    return _NUMBERED.fullmatch(part)


def _point(part: str, first: int | None) -> Point | None:
    if _BASELINE.fullmatch(part):
        return Point("Baseline", "0 d", Event("Baseline"))
    if match := _NUMBERED.fullmatch(part):
        return _by_number(match["unit"], int(match["number"]), first)
    match = _COUNTED.fullmatch(part)
    return _by_count(match) if match else None


def _by_number(unit: str, number: int, first: int | None) -> Point | None:
    name = f"{unit.capitalize()} {number}"
    if unit == "week":
        return Point(name, f"{number} wk", Event("Week 0") if number == 0 else None)
    return None if first is None else Point(name, f"{number - first} d", Event(f"Day {first}"))


def _by_count(match: re.Match[str]) -> Point | None:
    number, unit = match["number"], match["unit"]
    code = _UNITS[unit.removesuffix("s")]
    name = f"{number} {unit}"
    if not match["event"]:
        return Point(name, f"{number} {code}")
    words = match["event"].strip()
    if _LOOSE.search(words):
        return None
    return Point(f"{name} after {words}", f"{number} {code}", Event(words, _kind(words)))


def _kind(words: str) -> str:
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(words)), "event")
