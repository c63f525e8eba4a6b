"""USDM texts, which are XHTML with references into the model, as the plain prose of a protocol file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Resolve = Callable[[str, dict[str, str]], str]

_TAGS = "p|div|b|i|em|strong|u|ul|ol|li|sup|sub|br|table|tr|td|th|span|h[1-6]|a|img"
_MARKED = re.compile(rf"<(?:/?(?:{_TAGS})\b|/?usdm:)|&(?:[a-zA-Z]{{2,8}}|#[0-9]{{1,6}});", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SIGNS = re.compile(r"([\\*^~]|\[(?=@))")
_LIKE_LIST = re.compile(r"\A([0-9]{0,3})([-.])(?=[ \t])")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "sup": "^", "sub": "~"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "br", "table", "tbody", "thead", "section"}
_SILENT = {"style", "script", "head", "title"}
_SPOKEN = re.compile(r"\w")
_DEEPEST = 8
_SHOWN = 400


@dataclass
class Prose:
    """A text as it may stand in a file, with what was met on the way.

    `words` counts those outside references, `beside` those that stand in one paragraph with a reference; `outside`
    holds the first of them.
    """

    text: str = ""
    references: int = 0
    words: int = 0
    beside: int = 0
    outside: str = ""
    tables: int = 0
    pictures: int = 0

    @property
    def is_list_of_references(self) -> bool:
        """Whether the text does nothing but show values that stand elsewhere in the source."""
        return self.references > 0 and not self.beside and self.words <= max(15, 3 * self.references)


def prose(text: str, resolve: Resolve, *, marks: bool = True) -> Prose:
    """Read a text; `marks` says whether the place holds bold, italics, superscripts and lists."""
    if not _MARKED.search(text):
        return Prose(text.strip(), words=len(text.split()))
    reader = _Reader(resolve, marks=marks)
    reader.feed(_COMMENT.sub("", text).replace("<!", "&lt;!").replace("<?", "&lt;?"))
    reader.close()
    reader.end_block()
    reader.prose.text = _joined(reader.blocks)
    return reader.prose


def _joined(blocks: list[tuple[bool, str]]) -> str:
    """Join paragraphs by blank lines and items of lists by line ends."""
    text = ""
    for index, (item, words) in enumerate(blocks):
        gap = "\n" if index and item and blocks[index - 1][0] else "\n\n"
        text = f"{text}{gap}{words}" if index else words
    return text


@dataclass
class _Row:
    cells: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """What was read so far: blocks (items of lists or paragraphs), the open paragraph, lists and rows of tables."""

    def __init__(self, resolve: Resolve, *, marks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.prose, self.blocks = Prose(), list[tuple[bool, str]]()
        self._resolve, self._marks = resolve, marks
        self._buffer: list[str] = []
        self._open: list[tuple[str, int]] = []
        self._lists: list[int] = []
        self._rows: list[_Row] = []
        self._item = ""
        self._after_row = False
        self._silent = 0
        self._met = (0, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list, a row, a mark, or put in what a reference stands for."""
        if tag in ("usdm:ref", "usdm:tag"):
            self.prose.references += 1
            self._buffer.append(self._escaped(self._resolve(tag, {key: value or "" for key, value in attrs})))
        elif tag in _MARKS and self._marks:
            self._open.append((tag, len(self._buffer)))
        elif tag == "img":
            self.prose.pictures += 1
        elif tag in _SILENT:
            self._silent += 1
        else:
            self._begin(tag)

    def _begin(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
            self.prose.tables += tag == "table"
        elif tag in ("ul", "ol"):
            self.end_block()
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self.end_block()
            self._item = self._marker()
        elif tag == "tr":
            self.end_block()
            self._rows.append(_Row())
        elif tag in ("td", "th"):
            self._end_cell()

    def _marker(self) -> str:
        if not self._lists:
            return "- "
        indent = "   " * (min(len(self._lists), _DEEPEST) - 1)
        if self._lists[-1] < 0:
            return f"{indent}- "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1]}. "

    def handle_endtag(self, tag: str) -> None:
        """End what a tag began."""
        if tag in _MARKS:
            self._end_mark(tag)
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS or tag == "li":
            self.end_block()
        elif tag in ("ul", "ol"):
            self.end_block()
            self._lists = self._lists[:-1]
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()

    def _end_mark(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            return
        start = self._open.pop()[1]
        inner = "".join(self._buffer[start:])
        if inner.strip() and start <= len(self._buffer):
            mark, words = _MARKS[tag], inner.strip()
            before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
            self._buffer[start:] = [f"{before}{mark}{words}{mark}{after}"]

    def handle_data(self, data: str) -> None:
        """Add words."""
        if not self._silent:
            self.prose.words += sum(word != "X" and _SPOKEN.search(word) is not None for word in data.split())
            self._buffer.append(self._escaped(data))
            if len(self.prose.outside) < _SHOWN:
                self.prose.outside = " ".join(f"{self.prose.outside} {data}".split())

    def _escaped(self, text: str) -> str:
        return _SIGNS.sub(r"\\\1", text) if self._marks else text

    def end_block(self) -> None:
        """Close the paragraph or item that is open."""
        text = " ".join("".join(self._buffer).split())
        self._buffer, self._open = [], []
        if self.prose.references > self._met[0]:
            self.prose.beside += self.prose.words - self._met[1]
        self._met = (self.prose.references, self.prose.words)
        if not text:
            return
        if self._rows:
            self._rows[-1].pieces.append(text)
        elif self._item and self._marks:
            self.blocks.append((True, self._item + text))
            self._item, self._after_row = "", False
        elif self._lists and self.blocks and self.blocks[-1][0] and self._after_row:
            self.blocks.append((True, f"{'   ' * min(len(self._lists), _DEEPEST)}- {text}"))
        elif self._lists and self.blocks and self.blocks[-1][0]:
            self.blocks[-1] = (True, f"{self.blocks[-1][1]} {text}")
        else:
            self.blocks.append((False, _LIKE_LIST.sub(r"\1\\\2", text) if self._marks else text))

    def _end_cell(self) -> None:
        self.end_block()
        if self._rows and self._rows[-1].pieces:
            row = self._rows[-1]
            row.cells.append("; ".join(row.pieces))
            row.pieces = []

    def _end_row(self) -> None:
        self._end_cell()
        if not self._rows:
            return
        cells = self._rows.pop().cells
        text = f"{cells[0].rstrip(':')}: {'; '.join(cells[1:])}" if len(cells) > 1 else "".join(cells)
        if self._rows and text:
            self._rows[-1].pieces.append(text)
        elif text:
            indent = "   " * min(len(self._lists), _DEEPEST)
            self.blocks.append((True, f"{indent}- {text}") if self._marks else (False, text))
            self._after_row = True
