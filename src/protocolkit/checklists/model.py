"""What a checklist is: items, each with what it needs from a protocol, and how an item can stand."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    Condition = Mapping[str, Any]

VERBS = ("present", "some", "equals", "says", "absent", "rule", "person")


class Status(StrEnum):
    """How an item stands; the better ones first."""

    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    NEEDS_PERSON = "needs_person"
    PARTIAL = "partial"
    UNMET = "unmet"


class Need(NamedTuple):
    """One thing that an item asks for: what it is in words, how it is looked for, and when it is asked for.

    `if_checked` says that a rule which could not be checked does not count, `information` that what it finds counts
    though it is mere information, `within` names the places whose findings count, where they are not those of the
    instance. `none_counts` says that a plain none is an answer.
    """

    what: str
    verb: str
    argument: Any
    when: Condition | None = None
    optional: bool = False
    unsure: bool = False
    if_checked: bool = False
    information: bool = False
    within: tuple[str, ...] = ()
    none_counts: bool = False


class Item(NamedTuple):
    """One row: its published number, our words, and what meets it.

    `when` is a condition on the protocol and `otherwise` why the row does not apply without it; `per` are pointers to
    the things that the row is judged for one by one; `section` is where ICH M11 has it; `also` is a row of another
    checklist. `critical` marks the rows that dosing, follow-up and harms stand on: our floor, not the standard's.
    """

    id: str
    topic: str
    text: str
    needs: tuple[Need, ...]
    when: Condition | None = None
    otherwise: str = ""
    per: tuple[str, ...] = ()
    section: str = ""
    url: str = ""
    also: str = ""
    critical: bool = False


class Checklist(NamedTuple):
    """A checklist in one version, with its source and licence."""

    name: str
    title: str
    version: str
    source: str
    licence: str
    about: str
    items: tuple[Item, ...]

    def item(self, identifier: str) -> Item | None:
        """Return the item with a number, None where there is none."""
        return next((item for item in self.items if item.id == identifier), None)
