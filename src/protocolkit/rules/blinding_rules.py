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
from protocolkit.values import NamedTuple
from protocolkit.words import listed

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
        found = (
            _lacking(other, *pair)
            or _lacking(one, *reversed(pair))
            or next(_faults(*pair), None)
            or next(_faults(*reversed(pair)), None)
        )
        if found is not None:
            message = f"{one['id'].text} and {other['id'].text} are blinded, and their {called} differ: {found.told}"
            hint = "give both the same rules, or say in one that those of the other hold"
            related = ((found.beside, "the other one"), *((node, "nor on this") for node in found.more))
            yield Found(found.at, message, hint, related, severity=None if inert else Severity.INFO)


class _Fault(NamedTuple):
    """Where two lists of rules differ, in what, what stands in the other one, and where else the same is so."""

    at: Node
    told: str
    beside: Node
    more: tuple[Node, ...] = ()


def _refers(row: Node) -> bool:
    """Say whether a rule points at those of the other: `as for examplinib`."""
    return any(_AS_THE_OTHER.search(row[key].text) for key in _SAID)


def _lacking(other: Node, rows: list[Node], others: list[Node]) -> _Fault | None:
    """Return the rules that a list has and the other has not, as one fault: one remedy mends them all."""
    own = [row for row in rows if not any(map(_is_general, (row, *others)))]
    alone = [row for row in own if not any(_about_one(row, each) for each in others)]
    if not alone:
        return None
    names = listed([*dict.fromkeys(_name(row).replace("_", " ") for row in alone)], "and")
    return _Fault(alone[0], f"{other['id'].text} has none on {names}", others[0], tuple(alone[1:]))


def _faults(rows: list[Node], others: list[Node]) -> Iterator[_Fault]:
    for row in rows:
        alike = [each for each in others if _about_one(row, each)]
        if len(alike) == 1 and sum(_about_one(each, alike[0]) for each in rows) == 1:
            if row["event"] and row["action"].text != alike[0]["action"].text:
                told = f"{row['action'].text} and {alike[0]['action'].text} for {_name(row)}"
                yield _Fault(row["action"], told, alike[0]["action"])
            for side in _SIDES:
                if _apart(row[side], alike[0][side]):
                    told = f"{side} {row[side].text} and {alike[0][side].text} for {_name(row)}"
                    yield _Fault(row[side], told, alike[0][side])


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
    beside = listed([node.text for node in row["with"]], "or")
    named = next((row[key].text for key in ("event", "measure", "trigger") if row[key]), "")
    return named or (f"use with {beside}" if beside else "the same")
