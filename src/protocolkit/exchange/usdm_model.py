"""The model of a USDM file: its things by their ids, its codes, quantities and texts, and what became of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from protocolkit.exchange.usdm_text import Prose, prose
from protocolkit.exchange.usdm_words import entry, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor, Source
    from protocolkit.exchange.transfer import Transfer

_REF = re.compile(r"<usdm:ref\s([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z]+)\s*=\s*[\"']([^\"']*)[\"']")
_DEEPEST = 4


@dataclass(frozen=True)
class Study:
    """One version and one design of a study; `places` holds the ids of the protocol file for those of the source."""

    t: Transfer
    record: Cursor
    version: Cursor
    design: Cursor
    index: dict[str, Cursor]
    places: dict[str, str] = field(default_factory=dict)

    def find(self, reference: Cursor, kind: str = "") -> Cursor | None:
        """Return the thing that an id names; where nothing has it, that is a finding."""
        if not reference:
            return None
        found = self.index.get(reference.text)
        if found is not None and (not kind or found["instanceType"].text in (kind, "")):
            return found
        name = str(reference.value)[:60]
        self.t.lose("LOSS04", reference, f'"{name}" is the id of no {kind or "thing"} of the file')
        return None

    def place(self, reference: Cursor) -> str:
        """Return the id in the protocol file of the thing that an id names; empty where it has none."""
        return self.places.get(reference.text, "")

    def read(self, cursor: Cursor, owner: Cursor | None = None, *, marks: bool = True) -> Prose:
        """Read the text at a cursor; `owner` is the thing whose dictionary explains its tags."""
        own = self.t.own(cursor)
        return self._prose(own, owner, cursor, marks=marks) if isinstance(own, str) else Prose()

    def words(self, cursor: Cursor, owner: Cursor | None = None) -> str:
        """Return the text at a cursor without marks, as it may stand in a name."""
        return " ".join(self.read(cursor, owner, marks=False).text.split())

    def _prose(self, text: str, owner: Cursor | None, at: Cursor, *, marks: bool, seen: tuple[Path, ...] = ()) -> Prose:
        inside = (*seen, at.path)

        def resolve(tag: str, named: dict[str, str]) -> str:
            if len(inside) > _DEEPEST:
                return ""
            if tag == "usdm:tag":
                return self._tag(named.get("name", ""), owner, at, inside)
            return self._named(named, at, inside)

        return prose(text, resolve, marks=marks)

    def _tag(self, name: str, owner: Cursor | None, at: Cursor, seen: tuple[Path, ...]) -> str:
        """Return what a tag stands for: its reference stands in the dictionary of the thing that has the text."""
        dictionary = self.index.get(owner["dictionaryId"].text) if owner is not None else None
        rows = dictionary["parameterMaps"].rows if dictionary is not None else ()
        reference = next((row["reference"].text for row in rows if row["tag"].text == name), "")
        if match := _REF.search(reference):
            return self._named({key.lower(): value for key, value in _ATTRIBUTE.findall(match[1])}, at, seen)
        if reference and "<" not in reference:
            return reference
        self.t.lose("LOSS04", at, f'no dictionary says what the tag "{name[:60]}" stands for', hint="")
        return f"[{name}]"

    def _named(self, named: dict[str, str], at: Cursor, seen: tuple[Path, ...]) -> str:
        found = self.index.get(named.get("id", ""))
        if found is None:
            self.t.lose("LOSS04", at, f'a reference names "{named.get("id", "")[:60]}", which the file does not have')
            return f"[{named.get('id', '')}]"
        value = found[named.get("attribute", "")]
        if isinstance(value.value, str):
            return "" if value.path in seen else self._prose(value.value, found, value, marks=False, seen=seen).text
        return self.shown(value)

    def shown(self, value: Cursor) -> str:
        """Return a value in words: a number, a code, a quantity or a range."""
        if isinstance(value.value, int | float) and not isinstance(value.value, bool):
            return number(value.value)
        if value["minValue"] or value["maxValue"]:
            ends = [self.shown(value[key]) for key in ("minValue", "maxValue") if value[key]]
            return ("about " if value["isApproximate"].value is True else "") + " to ".join(ends)
        if value["value"]:
            unit = told(value["unit"]).text.lower()
            amount = number(value["value"].value)
            return f"{amount} {unit}{'s' if unit in _COUNTED and amount != '1' else ''}".strip()
        return told(value).text

    def put(self, to: Path, parts: Iterable[Cursor], text: str, *, words: str = "") -> bool:
        """Write one value that several leaves say together."""
        held = [part for part in parts if part]
        if not held or not self.t.put(to, held[0], text, words=words):
            return False
        for part in held[1:]:
            part.take(to)
        return True

    def add(self, to: Path, parts: Iterable[Cursor], text: str) -> bool:
        """Write words below those that stand at a place already."""
        before = self.t.get(to)
        return self.put(to, parts, f"{before}\n\n{text}" if before and text else text)

    def term(self, to: Path, cursor: Cursor, name: str) -> bool:
        """Write the term of a list for a code; one that the list lacks, or that contradicts itself, is a finding."""
        at = told(cursor)
        if not cursor or not (at or coded(cursor)["code"]):
            return False
        found = entry(name, coded(cursor)["code"].text, at.text)
        if found:
            return self.t.put(to, at or coded(cursor)["code"], found, words=at.text)
        shown = at.text or coded(cursor)["code"].text
        why = "its code and its words name different terms" if found is None else "the format has no term for it"
        self.t.lose("LOSS03", cursor, f'"{shown[:60]}": {why}', to)
        return False

    def quantity(self, to: Path, cursor: Cursor) -> bool:
        """Write a quantity with its unit; one whose unit the format does not know is a finding."""
        amount, unit = cursor["value"], unit_of(coded(cursor["unit"])["code"].text, told(cursor["unit"]).text)
        if not amount:
            return False
        if not unit or not number(amount.value):
            self.t.lose("LOSS03", cursor, f'"{self.shown(cursor)[:60]}" has no unit that the format knows', to)
            return False
        written = self.t.put(to, amount, f"{number(amount.value)} {unit}", words=self.shown(cursor))
        if written:
            told(cursor["unit"]).take(to)
        return written


_COUNTED = ("year", "month", "week", "day", "hour", "minute", "second")


def number(value: Any) -> str:
    """Write a number without an idle `.0`; an empty text for what is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return ""
    if abs(value) > 10**12:
        return ""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def whole(value: Any) -> int | None:
    """Return a number that has no fraction as an integer, None for any other value."""
    text = number(value)
    return int(text) if text and "." not in text else None


def coded(cursor: Cursor) -> Cursor:
    """Return the code of a thing that is a code, or a code with its aliases."""
    return cursor["standardCode"] or cursor


def told(cursor: Cursor) -> Cursor:
    """Return the words of a code."""
    return coded(cursor)["decode"]


def label(cursor: Cursor) -> Cursor:
    """Return what a thing is called: its label, else its name."""
    return cursor["label"] if cursor["label"].text else cursor["name"]


def things(source: Source) -> dict[str, Cursor]:
    """Return everything in a record that has an id, by its id; the first one where an id stands twice."""
    found: dict[str, Cursor] = {}
    stack: list[Cursor] = [source.root]
    while stack:
        here = stack.pop()
        if isinstance(here.value, dict):
            if here["id"].text:
                found.setdefault(here["id"].text, here)
            stack.extend(here[key] for key in reversed(here.value) if isinstance(here.value[key], dict | list))
        elif isinstance(here.value, list):
            stack.extend(row for row in reversed(here.rows) if isinstance(row.value, dict | list))
    return found


def chain(rows: tuple[Cursor, ...], following: str = "nextId") -> Iterator[Cursor]:
    """Yield things in the order in which each names the next; what no chain reaches comes last, in the file's order."""
    known = {row["id"].text: row for row in rows if row["id"].text}
    named = {row[following].text for row in rows}
    seen: set[Path] = set()
    for start in [*(row for row in rows if row["id"].text not in named), *rows]:
        here: Cursor | None = start
        while here is not None and here.path not in seen:
            seen.add(here.path)
            yield here
            here = known.get(here[following].text)


def says_more(text: str, *others: str) -> bool:
    """Say whether a text has a word that no other text of the same thing has."""
    known = {word for other in others for word in _bare(other)}
    return any(word not in known for word in _bare(text))


def _bare(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"<[^<>]*>", " ", text).lower())
