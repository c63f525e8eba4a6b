"""Go through a draft before it is written: count headings, captions and references, and give each target its label."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import (
    Field,
    Figure,
    Gap,
    Heading,
    Landscape,
    Paragraph,
    Reference,
    Table,
    Text,
)
from protocolkit.render.ooxml_numbering import HEADING_LEVELS
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Draft, Inlines

CITED = "cite:"
_DEEPEST_IN_CONTENTS = 3
# Word takes names of at most 40 characters: letters, digits and underscores.
_LONGEST_NAME = 40


class Kind(Enum):
    """What a bookmark stands around, which decides how a cross reference to it is written."""

    HEADING = "heading"
    CAPTION = "caption"
    ENTRY = "entry"


class Target(NamedTuple):
    """A bookmark: its name in Word, what a cross reference to it prints, and what it stands around."""

    name: str
    label: str
    kind: Kind


class Entry(NamedTuple):
    """A line of the table of contents."""

    level: int
    number: str
    title: str
    name: str


@dataclass(slots=True)
class Survey:
    """What was found; `headings` and `captions` hold the bookmark names of the blocks, in their order."""

    targets: dict[str, Target] = field(default_factory=dict)
    contents: list[Entry] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    captions: list[tuple[str, str]] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=lambda: [0] * HEADING_LEVELS)
    _counts: dict[str, int] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def label(self, word: str) -> tuple[str, str]:
        """Count one more caption and return its word and number."""
        self._counts[word] = self._counts.get(word, 0) + 1
        return word, str(self._counts[word])

    def claim(self, target: str, label: str, kind: Kind) -> str:
        """Make a target known and return the name of its bookmark; a second target of one name gets none."""
        if not target or target in self.targets:
            return ""
        name = re.sub(r"[^A-Za-z0-9]", "_", target)
        if len(name) > _LONGEST_NAME or name.casefold() in self._names or not name[0].isalpha():
            name = f"b{name[:27]}_{hashlib.sha256(target.encode('utf-8', 'replace')).hexdigest()[:10]}"
        self._names.add(name.casefold())
        self.targets[target] = Target(name, label, kind)
        return name

    def number(self, level: int) -> str:
        """Count one more heading of a level, as Word's multilevel list does, and return its number."""
        self._numbers[level - 1] += 1
        self._numbers[level:] = [0] * (HEADING_LEVELS - level)
        return ".".join(map(str, self._numbers[:level]))


def survey(draft: Draft) -> Survey:
    """Go through the blocks of a draft."""
    found = Survey()
    _walk(draft.blocks, found)
    for target, label in draft.bookmarks.items():
        if target in found.targets:
            found.targets[target] = found.targets[target]._replace(label=label)
    return found


def _walk(blocks: Blocks, found: Survey) -> None:
    for block in blocks:
        if isinstance(block, Landscape):
            _walk(block.blocks, found)
        elif look := _LOOKS.get(type(block)):
            look(block, found)


def _heading(block: Heading, found: Survey) -> None:
    level = min(block.level, HEADING_LEVELS)
    number = found.number(level) if level else ""
    name = found.claim(f"sec:{block.number}" if block.number else "", f"Section {number}", Kind.HEADING)
    name = name or f"_Toc{len(found.headings) + 1:09}"
    found.headings.append(name)
    if block.in_contents and level <= _DEEPEST_IN_CONTENTS:
        found.contents.append(Entry(max(level, 1), number, " ".join(plain(block.title).split()), name))


def _captioned(word: str) -> Callable[[Table | Figure, Survey], None]:
    def look(block: Table | Figure, found: Survey) -> None:
        if block.caption:
            label = " ".join(found.label(word))
            found.captions.append((found.claim(block.bookmark, label, Kind.CAPTION), label))

    return look


def _paragraph(block: Paragraph, found: Survey) -> None:
    if block.bookmark:
        number = 1 + sum(target.kind is Kind.ENTRY for target in found.targets.values())
        found.entries.append(found.claim(block.bookmark, f"[{number}]", Kind.ENTRY))


_LOOKS: dict[type, Callable[[Any, Survey], None]] = {
    Heading: _heading,
    Table: _captioned("Table"),
    Figure: _captioned("Figure"),
    Paragraph: _paragraph,
}


def plain(content: Inlines) -> str:
    """Return runs as plain text."""
    return "".join(map(_plain, content))


def _plain(part: Any) -> str:
    if isinstance(part, Text):
        return part.text
    if isinstance(part, Gap):
        return f"[{part.what}]"
    if isinstance(part, Field):
        return plain(part.content)
    return part.target if isinstance(part, Reference) else ""
