"""The lists of terms that a protocol file may use, read from `terms.json` on first use."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

from protocolkit.resources import read_beside
from protocolkit.values import NamedTuple


class Term(NamedTuple):
    """One term: what stands in the file, how it is published, and its NCI Thesaurus code where it has one.

    `under` names the published term that a term of our own is printed under; `per_day` is the exact number of
    administrations per day of a frequency, None where a calendar, a cycle or the participant decides.
    """

    value: str
    label: str
    code: str = ""
    under: str = ""
    preferred: str = ""
    per_day: Fraction | None = None


class TermList(NamedTuple):
    """One list of terms in its published order; an `open` one takes any text beside them."""

    name: str
    code: str
    system: str
    open: bool
    by_value: dict[str, Term]

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms in their published order."""
        return tuple(self.by_value.values())

    @property
    def values(self) -> tuple[str, ...]:
        """The values that may stand in the file."""
        return tuple(self.by_value)

    def __contains__(self, value: object) -> bool:
        """Say whether a value is a term of this list."""
        return isinstance(value, str) and value in self.by_value

    def term(self, value: str) -> Term:
        """Return the term with a value.

        Raises KeyError where the list has none.
        """
        return self.by_value[value]

    def label(self, value: str) -> str:
        """Return the published term of a value; the value itself where an open list does not hold it.

        Raises KeyError for a value that a closed list does not hold.
        """
        if self.open and value not in self.by_value:
            return value
        return self.by_value[value].label


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(read_beside(__file__, "terms.json"))
    return loaded


@cache
def names() -> tuple[str, ...]:
    """Return the names of all lists."""
    return tuple(name for name in _data() if name != "about")


def about() -> str:
    """Return where the lists come from, with the acknowledgements that their owners ask for."""
    return str(_data()["about"])


@cache
def get(name: str) -> TermList:
    """Return the list with a name, such as `phase`.

    Raises KeyError for a name that is not in `names()`.
    """
    if name not in names():
        raise KeyError(name)
    row = _data()[name]
    terms = tuple(_term(term) for term in row["terms"])
    return TermList(
        name,
        row["code"],
        row["system"],
        row.get("open", False),
        {term.value: term for term in terms},
    )


def _term(row: dict[str, str]) -> Term:
    rate = row.get("per_day")
    return Term(
        row["value"], row["label"], row.get("code", ""), row.get("under", ""), row.get("preferred", ""),
        Fraction(rate) if rate else None,
    )  # fmt: skip
