"""Times that sentences name: `at week 12`, `for at least six months`; and the times of an endpoint, to compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.quantities import MEAN_DAYS
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import after_start, days_of, in_mean_days
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
NUMBERS = {word: number for number, word in enumerate(_WORDS.split(), 1)}
# A time at which something is read: named (`week 12`, `weeks 4, 8 and 12`), counted to (`at 12 weeks`), counted from
# something (`12 weeks after the first dose`). Short patterns: each is compiled anew for every check of a file.
_NAMED = Pattern(
    r"\b(?P<unit>day|week|month|year)s?[ -](?P<numbers>[0-9]{1,3}(?:(?:, and |, | and | or | to )[0-9]{1,3})*)\b"
)
_COUNTED = Pattern(
    r"(?:(?P<earlier>\w+) )?(?:(?P<before>\w+) )?(?P<count>[0-9]{1,3}|[a-z]+)[ -](?P<unit>day|week|month|year)s?\b"
    r"(?: (?P<after>\w+)(?: the)? (?P<start>\w+))?"
)
_LASTING = Pattern(
    r"\b(?:at least|more than|longer than|minimum of) (?P<count>[0-9]{1,3}|[a-z]+)[ -](?P<unit>day|week|month|year)s?\b"
)
_AFTER = Pattern(
    r"\b(?P<count>[0-9]{1,3}|[a-z]+)[ -](?P<unit>day|week|month|year)s? (?:after|following|from|beyond)"
    r" (?:the |their |his |her )?(?:last|final) (?:\w+ )?"
    r"(?:dose|administration|infusion|injection|tablet|capsule|intake)"
)
_SIDES = {
    before: Pattern(
        rf"\b{leading} (?P<count>[0-9]{{1,3}}|[a-z]+)[ -](?P<unit>day|week|month|year)s? {word}"
        r" (?:the |an? )?(?P<start>[\w-]+(?: [\w-]+){0,3})"
    )
    for before, leading, word in ((True, "from", "before"), (False, "(?:to|until|till|up to)", "after"))
}
_BEGINNING = Pattern(
    r"\b(?:from|starting|beginning) (?P<count>[0-9]{1,3}|[a-z]+)[ -](?P<unit>day|week|month|year)s? after"
    r" (?:the )?(?:first |last |start of |index )?(?:dose|vaccination|randomi[sz]ation|treatment|injection|procedure)"
)
_UP_TO = frozenset({"at", "to", "until", "till", "by", "through", "over", "after", "within", "during"})
# `delayed by 21 days`: how far things lie apart, not when one is read.
_MOVED = (
    "delay", "postpon", "defer", "prolong", "extend", "lengthen", "shorten", "separat", "differ", "preced", "follow",
    "later", "earlier", "apart", "increas", "reduc",
)  # fmt: skip
_FROM = frozenset({"after", "from", "of"})
_OTHERWISE = frozenset({"after", "before", "following", "since"})
_STARTS = (
    "first", "last", "start", "randomi", "baseline", "treatment", "dos", "inclusion", "enrol", "vaccin", "surgery",
    "procedure", "infusion", "injection",
)  # fmt: skip
_DIGITS = Pattern(r"[0-9]+", exact=True)
DAYS = {word: float(MEAN_DAYS[code]) for word, code in {"day": "d", "week": "wk", "month": "mo", "year": "a"}.items()}
# How far two times may lie apart and be told as one: day 29 is 28 days after day 1, six months are 24 or 26 weeks.
_NEAR = {"day": 1.0, "week": 3.0, "month": 16.0, "year": 16.0}


class Told(NamedTuple):
    """A time in a sentence: its words, its length in days, and how far another may be and still be meant."""

    words: str
    days: float
    near: float

    def is_one_of(self, known: set[float]) -> bool:
        """Say whether one of some times, in days, is meant."""
        return any(abs(each - self.days) <= self.near for each in known)


class Start(NamedTuple):
    """A time in a sentence, and the words that say what it is counted from."""

    told: Told
    start: str


def read_times(text: str) -> list[Told]:
    """Return the times that a sentence names as those at which something is read."""
    found = [
        _told(match[0], match["unit"], int(number))
        for match in _NAMED.finditer(text)
        for number in _DIGITS.findall(match["numbers"])
    ]
    return found + [
        _told(_words(match), match["unit"], number)
        for match in _COUNTED.finditer(text)
        if (number := number_of(match["count"])) is not None and _is_read_at(match)
    ]


def _is_read_at(match: re.Match[str]) -> bool:
    """Say whether a length of time is one at which something is read.

    The end of a range, as of ages, is none, nor is how far things lie apart.
    """
    earlier, before, after = (_word(match[key]) for key in ("earlier", "before", "after"))
    if (before == "to" and earlier.isdecimal()) or (before == "by" and earlier.startswith(_MOVED)):
        return False
    counted_from = after in _FROM and _word(match["start"]).startswith(_STARTS)
    return counted_from or (before in _UP_TO and after not in _OTHERWISE)


def _words(match: re.Match[str]) -> str:
    begin = match.start("before") if _word(match["before"]) in _UP_TO else match.start("count")
    end = match.end() if _word(match["after"]) in _FROM else match.end("unit")
    return match.string[begin:end].rstrip() + ("s" if match.string[end : end + 1] == "s" else "")


def _word(text: str | None) -> str:
    return (text or "").casefold()


def least_lengths(text: str) -> list[Told]:
    """Return the lengths of time that a sentence asks for at least."""
    return [
        _told(match[0], match["unit"], number)
        for match in _LASTING.finditer(text)
        if (number := number_of(match["count"])) is not None
    ]


def lengths_after(text: str) -> list[Told]:
    """Return the lengths of time after the last dose that a sentence names."""
    return [
        _told(match[0], match["unit"], number)
        for match in _AFTER.finditer(text)
        if (number := number_of(match["count"])) is not None
    ]


def lengths_to(text: str, *, before: bool) -> list[Start]:
    """Return the times before something that a sentence has things begin at, or those after it that they go on to."""
    return [
        Start(_told(match[0], match["unit"], number), match["start"])
        for match in _SIDES[before].finditer(text)
        if (number := number_of(match["count"])) is not None
    ]


def beginnings(text: str) -> list[Told]:
    """Return the times from which on a sentence has something counted, such as `from 14 days after vaccination`."""
    return [
        _told(match[0], match["unit"], number)
        for match in _BEGINNING.finditer(text)
        if (number := number_of(match["count"])) is not None
    ]


def number_of(text: str) -> int | None:
    """Read a number in digits, or one of the words of NUMBERS; None for another word."""
    return NUMBERS.get(text.casefold()) or (int(text) if text.isdecimal() else None)


def _told(words: str, unit: str, count: int) -> Told:
    return Told(words, count * DAYS[unit.casefold()], _NEAR[unit.casefold()])


def times_of(trial: Trial, endpoint: Node) -> set[float]:
    """Return every time by which an endpoint can be called, in days; none where the end of its interval is unknown."""
    frame, interval = endpoint["time_frame"].text, endpoint["interval"]
    visits = (endpoint["visit"], *(each["visit"] for each in endpoint["arm_visits"]))
    known = {day for visit in visits for day in times_of_visit(trial, visit.text)}
    known |= {told.days for told in read_times(frame)}
    known |= {
        _told("", match["unit"], number).days
        for match in _COUNTED.finditer(frame)
        if (number := number_of(match["count"])) is not None
    }
    begin, end = ({*_of_time(trial, interval[key])} for key in ("from", "to"))
    if interval["to"] and not end:
        return set()
    return known | begin | end | {last - first for first in begin for last in end}


def _of_time(trial: Trial, time: Node) -> Iterator[float]:
    offset = in_mean_days(time["offset"])
    if offset is not None:
        yield offset
    yield from map(float, days_of(trial, time))
    yield from times_of_visit(trial, time.text or time["anchor"].text)


def times_of_visit(trial: Trial, name: str) -> Iterator[float]:
    """Yield every time by which a visit can be called, in days: from its anchor, from treatment, that of its name."""
    stop = trial.timetable.stop(name) if name else None
    if stop is None:
        return
    yield from (float(moment.offset) for moment in stop.moments)
    if stop.moments and trial.anchors.ends(stop.visit):
        yield float(trial.anchors.recurring(stop.visit)[-1])  # the last turn of a visit that comes back
    yield from map(float, after_start(trial, stop))
    for node in (stop.visit["offset"], *stop.visit["offsets"]):
        offset = in_mean_days(node)
        if offset is not None:
            yield offset
    yield from (told.days for told in read_times(stop.visit["name"].text))
