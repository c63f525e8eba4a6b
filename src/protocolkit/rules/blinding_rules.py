"""Whether the rules by which a blinded product is changed or stopped are those of what it is made like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.matching import Told, measurement
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.trial import INERT_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_LISTS = {"modifications": "changes of dose", "stopping_rules": "stopping rules"}
_AS_THE_OTHER = Pattern(r"\b(?:as (?:for|of|with|in)|same as|like|mimic\w*|identical)\b")
# A rule on whatever harm there is holds for each kind of it.
_GENERAL = Pattern(
    r"\badverse (?:events?|reactions?|effects?)|toxicit|intoleran|not tolerated|\binvestigator\b|\bany reason"
)
_TEXTS = ("trigger", "measure")
_SAID = (*_TEXTS, "threshold", "restart", "to", "action", "reason")
_SIDES = ("above", "below")


def unlike_rules(one: Node, other: Node) -> Iterator[Found]:
    """Find a rule that only one of two has, or that sets another limit or action; none where one refers to the other.

    A rule without an action on dosing is seen by nobody. What two rules are about is told by their event or measure, or
    by one word in common.
    """
    inert = any(each["role"].text in INERT_ROLES for each in (one, other))
    for key, called in _LISTS.items():
        pair = [[row for row in each[key] if row["action"].text != "no_change"] for each in (one, other)]
        if not all(pair) or any(_refers(row) for rows in pair for row in rows):
            continue
        found = next(_faults(other, *pair), None) or next(_faults(one, *reversed(pair)), None)
        if found is not None:
            at, told, beside = found
            message = f"{one['id'].text} and {other['id'].text} are blinded, and their {called} differ: {told}"
            hint = "give both the same rules, or say in one that those of the other hold"
            weight = None if inert else Severity.INFO
            yield Found(at, message, hint, ((beside, "the other one"),), severity=weight)


def _refers(row: Node) -> bool:
    """Say whether a rule points at those of the other: `as for examplinib`."""
    return any(_AS_THE_OTHER.search(row[key].text) for key in _SAID)


def _faults(other: Node, rows: list[Node], others: list[Node]) -> Iterator[tuple[Node, str, Node]]:
    for row in rows:
        alike = [each for each in others if _about_one(row, each)]
        if not alike and not any(map(_is_general, (row, *others))):
            yield row, f"{other['id'].text} has none on {_name(row)}", others[0]
        elif len(alike) == 1 and sum(_about_one(each, alike[0]) for each in rows) == 1:
            if row["event"] and row["action"].text != alike[0]["action"].text:
                told = f"{row['action'].text} and {alike[0]['action'].text} for {_name(row)}"
                yield row["action"], told, alike[0]["action"]
            for side in _SIDES:
                if _apart(row[side], alike[0][side]):
                    told = f"{side} {row[side].text} and {alike[0][side].text} for {_name(row)}"
                    yield row[side], told, alike[0][side]


def _is_general(row: Node) -> bool:
    return not row["event"] and not row["measure"] and bool(_GENERAL.search(row["trigger"].text))


def _apart(one: Node, other: Node) -> bool:
    first, second = quantity(one), quantity(other)
    same = in_unit(first.value, first.unit.code, second.unit.code) if first and second else None
    return same is not None and second is not None and same != second.value


def _about_one(one: Node, other: Node) -> bool:
    """Say whether two rules are about one event or measure, or have a word in common."""
    for key, told in (("event", str), ("measure", measurement)):
        if one[key] and other[key] and told(one[key].text) == told(other[key].text):
            return True
    return Told(_words(one)).speaks_of(_words(other))


def _words(row: Node) -> str:
    event = row.document.root.at("/adverse_events/of_special_interest").find(row["event"].text)
    return " ".join((*(row[key].text for key in _TEXTS), event["name"].text, row["event"].text.replace("_", " ")))


def _name(row: Node) -> str:
    return next((row[key].text for key in ("event", "measure", "trigger") if row[key]), "it")
