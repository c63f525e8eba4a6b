"""Write WordprocessingML as escaped strings: text, runs, fields, bookmarks and paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml

from protocolkit.render.blocks import Mark
from protocolkit.sources.decoding import UNHELD
from protocolkit.values import NamedTuple

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())

_UNFIT = re.compile(UNHELD)
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_BREAKS = re.compile(r"(\r\n|[\r\n\t\u2028\u2029\x85])")
_EMBEDS = "\u202a\u202b\u202d\u202e"
_OPENS = re.compile(f"[{_EMBEDS}\u2066-\u2068]")
_TAB = "\t"
# libxml2 refuses a text of ten million bytes, and Word is slow with runs far shorter than that.
_LONGEST = 100_000
_NAME = re.compile(r"<[A-Za-z]+:[A-Za-z]+")
_MARKS = (
    (Mark.BOLD, "<w:b/>"),
    (Mark.ITALIC, "<w:i/>"),
    (Mark.SUPERSCRIPT, '<w:vertAlign w:val="superscript"/>'),
    (Mark.SUBSCRIPT, '<w:vertAlign w:val="subscript"/>'),
)


def escape(text: str) -> str:
    """Make a text fit for XML, as content and in an attribute; what XML cannot hold becomes U+FFFD."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text).translate(_ENTITIES)


def shortened(text: str, longest: int) -> str:
    """Make a text one line of at most `longest` characters, without what XML cannot hold."""
    line = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", " ".join(text[: 4 * longest].split()))
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def attribute(text: str, longest: int) -> str:
    """Make a text fit for an attribute: one line, cut to `longest` characters."""
    return escape(shortened(text, longest))


def parse(xml: str) -> Any:
    """Parse one element with all below it.

    It declares its own namespaces: lxml moves such an element into a document fifty times faster than one that
    has them from a parent.
    """
    name = _NAME.match(xml)
    end = name.end() if name else 0
    return parse_xml(f"{xml[:end]} {DECLARATIONS}{xml[end:]}")


def properties(marks: frozenset[Mark], style: str = "") -> str:
    """Write the properties of a run: its character style (an id) and its marks."""
    inside = f'<w:rStyle w:val="{escape(style)}"/>' if style else ""
    inside += "".join(xml for mark, xml in _MARKS if mark in marks) if marks else ""
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def run(text: str, inside: str = "") -> str:
    """Write a text as runs; line ends become breaks, tabs become tabs."""
    if len(text) > _LONGEST:
        return "".join(run(text[at : at + _LONGEST], inside) for at in range(0, len(text), _LONGEST))
    if not text:
        return ""
    content = "".join(map(_stretch, _BREAKS.split(_closed(text))))
    return f"<w:r>{inside}{content}</w:r>"


def _closed(text: str) -> str:
    """End what a text leaves open of bidirectional overrides, which would turn round the words that follow it."""
    if not _OPENS.search(text):
        return text
    return text + "\u2069" * _excess(text, "\u2066\u2067\u2068", "\u2069") + "\u202c" * _excess(text, _EMBEDS, "\u202c")


def _excess(text: str, opening: str, closing: str) -> int:
    return max(sum(map(text.count, opening)) - text.count(closing), 0)


def _stretch(text: str) -> str:
    if not text:
        return ""
    if _BREAKS.fullmatch(text):
        return "<w:tab/>" if text == _TAB else "<w:br/>"
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def field(instruction: str, cached: str, inside: str = "") -> str:
    """Write a complex field: its instruction, and the text that stands there until Word updates it."""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
    )
    begun = "".join(f"<w:r>{inside}{part}</w:r>" for part in parts)
    return f'{begun}{run(cached, inside)}<w:r>{inside}<w:fldChar w:fldCharType="end"/></w:r>'


def link(anchor: str, runs: str) -> str:
    """Write a link to a bookmark of the document."""
    return f'<w:hyperlink w:anchor="{escape(anchor)}" w:history="1">{runs}</w:hyperlink>'


def bookmark(number: int, name: str, runs: str) -> str:
    """Put a bookmark around runs."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{escape(name)}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'


class Counting(NamedTuple):
    """Which numbering definition counts a paragraph, and at which level of it."""

    number: int
    level: int


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph before it is a string, so that what stands before and after it can still set its properties."""

    runs: str = ""
    style: str = ""
    keep_next: bool = False
    page_break: bool = False
    counting: Counting | None = None
    before: int | None = None
    after: int | None = None
    align: str = ""
    outline: int | None = None
    section: str = ""
    tabs: str = ""

    def xml(self) -> str:
        """Write the paragraph, its properties in the order of the schema."""
        inside = "".join(self._properties())
        return f"<w:p><w:pPr>{inside}</w:pPr>{self.runs}</w:p>" if inside else f"<w:p>{self.runs}</w:p>"

    def _properties(self) -> tuple[str, ...]:
        counting = self.counting
        return (
            f'<w:pStyle w:val="{escape(self.style)}"/>' if self.style else "",
            "<w:keepNext/>" if self.keep_next else "",
            "<w:pageBreakBefore/>" if self.page_break else "",
            f'<w:numPr><w:ilvl w:val="{counting.level}"/><w:numId w:val="{counting.number}"/></w:numPr>'
            if counting
            else "",
            f"<w:tabs>{self.tabs}</w:tabs>" if self.tabs else "",
            self._spacing(),
            f'<w:jc w:val="{self.align}"/>' if self.align else "",
            f'<w:outlineLvl w:val="{self.outline}"/>' if self.outline is not None else "",
            self.section,
        )

    def _spacing(self) -> str:
        before = f' w:before="{self.before}"' if self.before is not None else ""
        after = f' w:after="{self.after}"' if self.after is not None else ""
        return f"<w:spacing{before}{after}/>" if before or after else ""


# A table (or whatever is no paragraph) is a string among the paragraphs.
Piece = Para | str


def written(piece: Piece) -> str:
    """Write a piece of the body."""
    return piece if isinstance(piece, str) else piece.xml()
