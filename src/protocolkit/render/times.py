"""Points and stretches of time in words: offsets, windows, ranges, the times of the file."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from protocolkit.quantities import plain
from protocolkit.render.words import MINUS, quantity, readable
from protocolkit.schedule import days, study_day

if TYPE_CHECKING:
    from protocolkit.document import Node

_TENTH = Decimal("0.1")
_MANY_MINUTES = 120  # up to these nobody reads hours
AS_EXPECTED = " as expected"  # of a study day that rests on the expected time of an event, and may be another


def length(text: str) -> str:
    """Write a quantity as prose, `12 weeks`; any other text as it is. A negative one has a minus sign."""
    found = quantity(text)
    return plain(found).replace("-", MINUS, 1) if found and text.startswith("-") else plain(found) if found else text


def magnitude(text: str) -> str:
    """Write a quantity without its sign."""
    return length(text.removeprefix("-"))


def in_days(number: Decimal) -> str:
    """Write how many days a computed length is, `364 days`; to a tenth, `about 6.1 days`, where they are not whole."""
    exact = number.normalize()
    if exact == exact.to_integral_value():
        return length(f"{exact:f} d")
    tenths = exact.quantize(_TENTH, ROUND_HALF_UP)
    return f"{'' if tenths == exact else 'about '}{length(f'{tenths.normalize():f} d')}"


def every(text: str) -> str:
    """Write how often something comes back: `every week`, `every 4 weeks`."""
    return f"every {magnitude(text).removeprefix('1 ')}"


def is_zero(text: str) -> bool:
    """Say whether a quantity is nought."""
    found = quantity(text)
    return found is not None and found.value == 0


def shifted(offset: str, anchor: str) -> str:
    """Write a time from its offset and its anchor: `12 weeks after the first dose`, `on the day of ...` for nought."""
    if is_zero(offset):
        return anchor
    side = "before" if offset.startswith("-") else "after"
    return f"{_in_hours(offset.removeprefix('-')) or magnitude(offset)} {side} {anchor}"


def _in_hours(text: str) -> str:
    """Write many whole minutes in hours and minutes, `24 hours 15 minutes`; an empty text for any other time."""
    found = quantity(text)
    if found is None or found.unit.code != "min" or found.value <= _MANY_MINUTES or found.value % 1:
        return ""
    hours, minutes = divmod(int(found.value), 60)
    return f"{length(f'{hours} h')} {length(f'{minutes} min') if minutes else ''}".rstrip()


def window(node: Node) -> str:
    """Write the window of a visit: plus or minus 7 days, from 7 days before to 14 after, `none` for a fixed day."""
    before, after = node["before"].text, node["after"].text
    if not before and not after:
        return ""
    if not before or not after:
        stated_side = f"{MINUS}{length(before)}" if before else f"+{length(after)}"
        return f"{stated_side} ({'after' if before else 'before'}: not stated)"
    if is_zero(before) and is_zero(after):
        return "none"
    if before == after:
        return f"± {length(after)}"
    first, second = quantity(before), quantity(after)
    shared = first and second and first.unit == second.unit
    start = first.digits if shared and first else length(before)
    return f"{'' if is_zero(before) else MINUS}{start} to {'' if is_zero(after) else '+'}{length(after)}"


def window_words(node: Node) -> str:
    """Write a window as words for a sentence: `within 7 days before or after`."""
    shown = window(node)
    return "on that day" if shown == "none" else shown


def between(node: Node) -> str:
    """Write a range: `4 to 10 points`, `at least 18 years`, `above 4 and up to 10 points`."""
    low, high = node["min"].text, node["max"].text
    strict_low, strict_high = node["min_inclusive"].value is False, node["max_inclusive"].value is False
    if low and high and not (strict_low or strict_high):
        return stretch(low, high)
    parts = []
    if low:
        parts.append(f"{'more than' if strict_low else 'at least'} {length(low)}")
    if high:
        parts.append(f"{'less than' if strict_high else 'at most'} {length(high)}")
    return " and ".join(parts)


def stretch(low: str, high: str) -> str:
    """Write two quantities as a stretch, the unit once where it is the same: `4 to 12 weeks`."""
    first, second = quantity(low), quantity(high)
    start = first.digits if first and second and first.unit == second.unit else length(low)
    return f"{start.replace('-', MINUS, 1) if low.startswith('-') else start} to {length(high)}"


def day_word(offset: str, rule: str) -> str:
    """Return the study day of an offset from the first day, `Day 85`; an empty text where it has none."""
    found = days(offset)
    return "" if found is None else f"Day {study_day(found, rule)}".replace("-", MINUS)


def day_list(numbers: list[int]) -> str:
    """Write study days, runs of them drawn together: `Days 1 to 5 and 8 to 12`."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number in (runs[-1][1] + 1, runs[-1][1] + 2 if runs[-1][1] == -1 else runs[-1][1] + 1):
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    parts: list[str] = []
    for first, last in runs:
        parts.extend(
            [str(first), str(last)] if last == first + 1 else [f"{first} to {last}" if last > first else str(first)]
        )
    text = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""
    return (f"{'Days' if len(numbers) > 1 else 'Day'} {text}").replace("-", MINUS) if text else ""


def stated(node: Node) -> str:
    """Return a text of the file, read for people, its quantities in words."""
    return length(node.text) if quantity(node.text) else readable(node.text)
