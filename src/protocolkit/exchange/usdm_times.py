"""USDM: when the instances of a timeline take place, read from durations of ISO 8601 and the graph of timings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.exchange.usdm_model import coded, label, told
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_DURATION = re.compile(
    r"(?P<sign>[-+]?)P(?:(?P<years>[0-9.]+)Y)?(?:(?P<months>[0-9.]+)M)?(?:(?P<wk>[0-9.]+)W)?(?:(?P<d>[0-9.]+)D)?"
    r"(?:T(?:(?P<h>[0-9.]+)H)?(?:(?P<min>[0-9.]+)M)?(?:(?P<s>[0-9.]+)S)?)?"
)
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_LONGEST = 40
_MINUTES = (("wk", 10080), ("d", 1440), ("h", 60), ("min", 1))
_TYPES = {"C201356": "after", "C201357": "before", "C201358": "fixed"}
_WORDS = {"after": "after", "before": "before", "fixed reference": "fixed"}
_START = ("C201355", "start to start")


class Offset(NamedTuple):
    """A planned time: the instance that it counts from, and how long after it (negative before it)."""

    target: str
    offset: str


@dataclass(frozen=True)
class Times:
    """The timings of one timeline by the instance that each places."""

    by_instance: dict[str, list[Cursor]]
    anchors: dict[str, Cursor]
    instances: dict[str, Cursor]


def span(text: str) -> str:
    """Write a duration of ISO 8601 as a quantity; empty for one that no number of minutes says, such as a month."""
    match = _DURATION.fullmatch(text.strip()) if len(text) < _LONGEST else None
    parts = {key: value for key, value in match.groupdict().items() if value and key != "sign"} if match else {}
    if not match or not parts or any(not _NUMBER.fullmatch(value) for value in parts.values()):
        return ""
    if set(parts) - {unit for unit, _ in _MINUTES}:
        return ""
    sign = "-" if match["sign"] == "-" else ""
    if len(parts) == 1:
        unit, value = next(iter(parts.items()))
        amount = Decimal(value).normalize()
        return f"{sign if amount else ''}{amount:f} {unit}"
    total = sum((Decimal(parts[unit]) * size for unit, size in _MINUTES if unit in parts), Decimal())
    unit, size = next((unit, size) for unit, size in _MINUTES if total % size == 0 or unit == "min")
    return f"{sign}{(total / size).normalize():f} {unit}"


def kind_of(timing: Cursor) -> str:
    """Return whether a timing is before or after another instance, or the fixed point of its timeline."""
    code = coded(timing["type"])["code"].text
    return _TYPES.get(code) or _WORDS.get(told(timing["type"]).text.lower(), "")


def times(timeline: Cursor) -> Times:
    """Gather the timings of a timeline."""
    by_instance: dict[str, list[Cursor]] = {}
    anchors: dict[str, Cursor] = {}
    for timing in timeline["timings"].rows:
        ident = timing["relativeFromScheduledInstanceId"].text
        if kind_of(timing) == "fixed":
            anchors.setdefault(ident, timing)
        else:
            by_instance.setdefault(ident, []).append(timing)
    instances = {row["id"].text: row for row in timeline["instances"].rows if row["id"].text}
    return Times(by_instance, anchors, instances)


def is_exact(timing: Cursor) -> bool:
    """Say whether a timing counts from the start of one instance to the start of the other."""
    code, words = coded(timing["relativeToFrom"])["code"].text, told(timing["relativeToFrom"]).text.lower()
    return not timing["relativeToFrom"] or code == _START[0] or words == _START[1]


def offset(found: Times, timing: Cursor) -> Offset | None:
    """Return the place in time that a timing gives, None where it gives none that can be counted."""
    target, length = timing["relativeToScheduledInstanceId"].text, span(timing["value"].text)
    kind, own = kind_of(timing), timing["relativeFromScheduledInstanceId"].text
    if not length or length.startswith("-") or kind not in ("before", "after") or not is_exact(timing):
        return None
    if target not in found.instances or _returns(found, own, target):
        return None
    zero = length.startswith("0 ")
    return Offset(target, f"-{length}" if kind == "before" and not zero else length)


def _returns(found: Times, own: str, target: str) -> bool:
    """Say whether the timings lead from a target back to the instance itself, or round in a circle."""
    seen = {own}
    while target not in found.anchors:
        if target in seen:
            return True
        seen.add(target)
        rows = found.by_instance.get(target)
        if not rows:
            return False
        target = rows[0]["relativeToScheduledInstanceId"].text
    return False


def window(timing: Cursor) -> tuple[str, str] | None:
    """Return how early and how late an instance may be, None where the two sides are not both stated."""
    before, after = (span(timing[key].text).lstrip("-") for key in ("windowLower", "windowUpper"))
    return (before, after) if before and after else None


def shown(s: Study, found: Times, timing: Cursor) -> str:
    """Return a timing in words."""
    if kind_of(timing) == "fixed":
        return ""
    length = s.words(timing["valueLabel"]) or timing["value"].text
    target = found.instances.get(timing["relativeToScheduledInstanceId"].text)
    of = s.words(label(target)) if target is not None else ""
    how = "" if is_exact(timing) else f" ({told(timing['relativeToFrom']).text.lower()})"
    limits = s.words(timing["windowLabel"])
    within = f", window {limits}" if limits else ""
    return f"{length} {told(timing['type']).text.lower()} {of}".strip() + how + within


def leaves(timing: Cursor) -> list[Cursor]:
    """Return the leaves that say when."""
    names = ("value", "valueLabel", "relativeFromScheduledInstanceId", "relativeToScheduledInstanceId",
             "windowLower", "windowUpper", "windowLabel")  # fmt: skip
    return [timing[name] for name in names if timing[name]] + [
        told(timing[name]) for name in ("type", "relativeToFrom") if told(timing[name])
    ]
