"""Write inline runs for Word: texts, placeholders, content controls, cross references and citations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import Citation, Field, Gap, Reference, Text
from protocolkit.render.ooxml import attribute, link, properties, run
from protocolkit.render.ooxml import bookmark as around
from protocolkit.render.ooxml import field as complex_field
from protocolkit.render.ooxml_numbering import instance
from protocolkit.render.word_survey import CITED, Kind
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.word_survey import Survey

PLACEHOLDER = "Placeholder Char"
# Word shows aliases and takes tags up to this length.
_LONGEST_ALIAS = 64
_TAG = 10  # hexadecimal digits: every one weighs twice in the file, and none can be compressed


class Control(NamedTuple):
    """A content control's entry in the map that travels with the document."""

    locator: str
    label: str


@dataclass(slots=True)
class Ledger:
    """What has been given out so far: bookmark and control ids, numbering instances, drawings."""

    bookmarks: int = 0
    drawings: int = 0
    first_number: int = 1
    numbers: list[str] = field(default_factory=list)
    controls: dict[str, Control] = field(default_factory=dict)
    numbered: int = 0

    def mark(self, name: str, runs: str) -> str:
        """Put a bookmark with the next id around runs; without a name return the runs."""
        if not name:
            return runs
        self.bookmarks += 1
        return around(self.bookmarks, name, runs)

    def counting(self, abstract: int, level: int, start: int | None = None) -> int:
        """Return a new numbering instance of an abstract definition, counting anew from `start` at a level."""
        number = self.first_number + len(self.numbers)
        self.numbers.append(instance(number, abstract, level, start))
        return number

    def control(self, locator: str, label: str) -> tuple[str, int]:
        """Return the tag and the next id for one more control of a locator; the tag depends on the locator alone."""
        digest, length = hashlib.sha256(locator.encode("utf-8", "surrogatepass")).hexdigest(), _TAG
        tag = f"pk-{digest[:length]}"
        while self.controls.setdefault(tag, Control(locator, label)).locator != locator:
            length += 1
            tag = f"pk-{digest[:length]}"
        self.numbered += 1
        return tag, self.numbered


@dataclass(slots=True)
class Scribe:
    """Who writes: knows the survey of the draft and the styles of the reference document, and keeps the ledger."""

    survey: Survey
    styles: Mapping[str, str]
    ledger: Ledger
    lists: Mapping[str, int]
    width: int
    fill: str = "E3EAF2"
    pages: tuple[int, ...] = ()
    headings: int = 0
    captions: int = 0
    entries: int = 0
    controls: bool = True
    in_sections: bool = False

    def style(self, name: str) -> str:
        """Return the id of a style by its name; an unknown style is the body text."""
        return self.styles.get(name.lower()) or self.styles["body text"]

    def runs(self, content: Inlines) -> str:
        """Write inline runs."""
        return "".join([_WRITERS[type(part)](self, part) for part in content])


def _text(_: Scribe, part: Text) -> str:
    return run(part.text, properties(part.marks))


def _gap(scribe: Scribe, part: Gap) -> str:
    shown = run(f"[{part.what}]", properties(frozenset(), scribe.style(PLACEHOLDER)))
    return control(scribe, part.locator, part.what, shown) if part.locator else shown


def _reference(scribe: Scribe, part: Reference) -> str:
    target = scribe.survey.targets.get(part.target)
    if target is None:
        return _gap(scribe, Gap(f"reference to {part.target}"))
    if target.kind is Kind.ENTRY:
        return link(target.name, run(target.label))
    if target.kind is Kind.CAPTION:
        return complex_field(rf"REF {target.name} \h", target.label)
    word, _, number = target.label.rpartition(" ")
    return run(f"{word}\N{NO-BREAK SPACE}" if word else "") + complex_field(rf"REF {target.name} \r \h", number)


def _citation(scribe: Scribe, part: Citation) -> str:
    target = scribe.survey.targets.get(CITED + part.key)
    if target is None:
        return _gap(scribe, Gap(f"reference {part.key}"))
    return link(target.name, run(target.label))


def _field(scribe: Scribe, part: Field) -> str:
    shown = scribe.runs(part.content)
    return control(scribe, part.locator, part.label, shown) if shown and part.locator else shown


def control(scribe: Scribe, locator: str, label: str, runs: str) -> str:
    """Put runs into a content control that knows its place in the protocol file."""
    if not scribe.controls:
        return runs
    tag, number = scribe.ledger.control(locator, label)
    alias = attribute(label, _LONGEST_ALIAS)
    alias = f'<w:alias w:val="{alias}"/>' if alias else ""
    return (
        f'<w:sdt><w:sdtPr>{alias}<w:tag w:val="{tag}"/><w:id w:val="{number}"/></w:sdtPr>'
        f"<w:sdtContent>{runs}</w:sdtContent></w:sdt>"
    )


_WRITERS: dict[type, Callable[[Scribe, Any], str]] = {
    Text: _text,
    Gap: _gap,
    Reference: _reference,
    Citation: _citation,
    Field: _field,
}
