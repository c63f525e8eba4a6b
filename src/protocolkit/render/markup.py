"""Read the small markup of templates and of an author's prose into blocks: paragraphs, lists and inline marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

from protocolkit.errors import RenderError
from protocolkit.render import blocks as b
from protocolkit.render.blocks import Block, Blocks, Inlines, List, ListItem, Paragraph
from protocolkit.render.markup_inline import CLOSE, PLACE, VALUE, inlines, lenient, strict
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<marker>-|(?P<number>[0-9]{1,3})\.)[ \t]+(?P<rest>\S.*)", re.DOTALL)
_ALONE = re.compile(rf"(?:\s*{VALUE}[0-9]+{CLOSE}\s*)+")
_TOKEN = re.compile(rf"{VALUE}([0-9]+){CLOSE}")
_PLACED = re.compile(rf"{PLACE}([0-9]+){CLOSE}")
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_DEEPEST = 8
_BLOCKS = (
    b.Heading, b.Paragraph, b.List, b.Table, b.Figure, b.Placeholder, b.Note, b.Contents, b.PageBreak, b.Landscape,
)  # fmt: skip
_UNKNOWN_LINES = (
    (re.compile(r"\s*#"), "a heading sign; headings come from the list of sections"),
    (re.compile(r"\s*>"), "a quotation sign"),
    (re.compile(r"\s*\|"), "a table; tables are calls"),
    (re.compile(r"\s*(?:[*+]\s|[0-9]+\)\s)"), "a list sign; lists begin with - or 1."),
    (re.compile(r"\s*(?:-{3,}|={3,}|_{3,})\s*\Z"), "a rule"),
    (re.compile(r"[ \t]*-\S"), "a list sign without a space (write \\- for the sign itself)"),
)


class _Line(NamedTuple):
    text: str
    name: str = ""
    number: int = 0


@dataclass(slots=True)
class _Entry:
    """A list item as it stands on its lines: its depth, its number (None for a bullet) and its words."""

    depth: int
    number: int | None
    lines: list[_Line]


def prose(text: str) -> Blocks:
    """Read an author's prose. Every text is accepted; what is no plain markup stays as written."""
    return _Reader().read(_Line(line) for line in _BREAKS.split(text))


def inline(text: str) -> Inlines:
    """Read an author's words that stand in one paragraph: marks and citations, no lists."""
    return lenient(re.sub(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*", " ", text.strip()))


def parse(text: str, name: str, values: Sequence[Any] = (), places: Sequence[tuple[str, int]] = ()) -> Blocks:
    """Read the output of a template, whose tokens stand for `values` and whose place marks for `places`.

    Raises RenderError, naming template and line, for anything outside the markup.
    """
    return _Reader(values, strictly=True).read(_lines(text, name, places))


def _lines(text: str, name: str, places: Sequence[tuple[str, int]]) -> Iterator[_Line]:
    here, number = name, 0
    for raw in text.split("\n"):
        number += 1
        marks = _PLACED.findall(raw)
        if marks:
            here, number = places[int(marks[0])]
        yield _Line(_PLACED.sub("", raw), here, number)
        if marks:
            here, number = places[int(marks[-1])]


@dataclass(slots=True)
class _Reader:
    """The blocks read so far, and the paragraph or list that is still open."""

    values: Sequence[Any] = ()
    strictly: bool = False
    blocks: list[Block] = field(default_factory=list)
    paragraph: list[_Line] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    gap: bool = False

    def read(self, lines: Iterator[_Line]) -> Blocks:
        for line in lines:
            self._line(line)
        self._flush()
        return tuple(self.blocks)

    def _line(self, line: _Line) -> None:
        if not line.text.strip():
            self._paragraph()
            self.gap = True
            return
        if self._calls(line):
            return
        item = _ITEM.fullmatch(line.text)
        if item and self._begins_item(item):
            self._item(item, line)
        else:
            self._words(line)
        self.gap = False

    def _words(self, line: _Line) -> None:
        if self.strictly:
            self._refuse(line)
        if self.entries and not self.gap:
            self.entries[-1].lines.append(line)
            return
        self._list()
        self.paragraph.append(line)

    def _refuse(self, line: _Line) -> None:
        for shape, words in _UNKNOWN_LINES:
            if shape.match(line.text):
                _fail(line, f"{words} is no markup of templates")
        if self.entries and self.gap and line.text[:1].isspace():
            _fail(line, "an item of a list is one paragraph")

    def _calls(self, line: _Line) -> bool:
        """Take a line that is only calls: its blocks stand by themselves, nothing at all leaves nothing."""
        if not self.strictly or not _ALONE.fullmatch(line.text):
            return False
        found = [as_blocks(self.values[int(digits)]) for digits in _TOKEN.findall(line.text)]
        if None in found:
            if any(found):
                _fail(line, "a block stands inside a paragraph; a block's call stands alone on its line")
            return False
        if any(found):
            self._flush()
            self.blocks.extend(block for some in found if some for block in some)
        return True

    def _begins_item(self, item: re.Match[str]) -> bool:
        """Say whether a line like `1. x` begins an item: inside a paragraph only a first item does."""
        if self.entries:
            return True
        return not self.paragraph or item["number"] in (None, "1")

    def _item(self, item: re.Match[str], line: _Line) -> None:
        self._paragraph()
        number = int(item["number"]) if item["number"] else None
        depth = self._depth(len(item["indent"].expandtabs(4)))
        rest = line._replace(text=item["rest"])
        if not self._follows(depth, number):
            if self.strictly:
                _fail(line, "the items of one list have one kind of sign and count 1. 2. 3. or 1. 1. 1.")
            if depth:
                rest = line._replace(text=f"{item['marker']} {item['rest']}")
                number = next(e.number for e in reversed(self.entries) if e.depth == depth)
            else:
                self._list()
                self.indents = [len(item["indent"].expandtabs(4))]
        self.entries.append(_Entry(depth, number, [rest]))

    def _depth(self, indent: int) -> int:
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or (indent > self.indents[-1] + 1 and len(self.indents) <= _DEEPEST):
            self.indents.append(indent)
        return len(self.indents) - 1

    def _follows(self, depth: int, number: int | None) -> bool:
        """Say whether an item carries on the list of its depth (or begins one), so that no written number is lost."""
        before: list[_Entry] = []
        for entry in reversed(self.entries):
            if entry.depth < depth:
                break
            if entry.depth == depth:
                before.append(entry)
                break
        if not before or (before[0].number is None and number is None):
            return True
        last = before[0].number
        return last is not None and number is not None and (number == last + 1 or number == last == 1)

    def _paragraph(self) -> None:
        if self.paragraph and (content := self._inlines(self.paragraph)):
            self.blocks.append(Paragraph(content))
        self.paragraph = []

    def _list(self) -> None:
        if self.entries:
            self.blocks.append(self._nested(self.entries))
        self.entries, self.indents = [], []

    def _flush(self) -> None:
        self._paragraph()
        self._list()
        self.gap = False

    def _nested(self, entries: list[_Entry]) -> List:
        depth = entries[0].depth
        starts = [index for index, entry in enumerate(entries) if entry.depth <= depth] + [len(entries)]
        items = []
        for start, end in pairwise(starts):
            below = entries[start + 1 : end]
            items.append(ListItem(self._inlines(entries[start].lines), self._nested(below) if below else None))
        number = entries[0].number
        return List(tuple(items), ordered=number is not None, start=number if number is not None else 1)

    def _inlines(self, lines: list[_Line]) -> Inlines:
        text = "\n".join(line.text.strip() for line in lines)
        if not self.strictly:
            return lenient(text.replace("\n", " "))

        def fail(offset: int, message: str) -> NoReturn:
            _fail(lines[text.count("\n", 0, offset)], message)

        return strict(text, self.values, fail)


def as_blocks(value: Any) -> Blocks | None:
    """Return a value as blocks, () for a value that prints nothing, None for inline runs."""
    if isinstance(value, _BLOCKS):
        return (value,)
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        if any(isinstance(item, _BLOCKS) for item in value):
            return tuple(block for item in value for block in as_blocks(item) or ())
        return None if inlines(tuple(value)) else ()
    return () if isinstance(value, str) and not value.strip() else None


def _fail(line: _Line, message: str) -> NoReturn:
    raise RenderError(f"{line.name}:{line.number}: {message}")
