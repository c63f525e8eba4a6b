"""What a document is made of before it is Word: inline runs and blocks, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from protocolkit.values import NamedTuple


class Mark(StrEnum):
    """How a stretch of text is set."""

    BOLD = "bold"
    ITALIC = "italic"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"


class Text(NamedTuple):
    """A stretch of text."""

    text: str
    marks: frozenset[Mark] = frozenset()


class Gap(NamedTuple):
    """A value that is missing or malformed: what belongs there, printed as a marked placeholder."""

    what: str
    locator: str = ""


class Reference(NamedTuple):
    """A cross reference to a bookmark (`tab:soa`, `fig:trial-schema`, `sec:9.2`), printed as its label."""

    target: str


class Citation(NamedTuple):
    """A citation of an entry of the reference list by its key."""

    key: str


class Field(NamedTuple):
    """A value of the protocol file: printed as a content control that knows its locator and a readable label."""

    locator: str
    label: str
    content: tuple[Text | Gap | Reference | Citation, ...]


Inline = Text | Gap | Reference | Citation | Field
Inlines = tuple[Inline, ...]


class Align(StrEnum):
    """How the paragraphs of a table cell are aligned."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 to 5 is numbered by the style (never typed), `number` names its bookmark `sec:NUMBER`.

    Level 0 is an unnumbered heading that stays out of the numbering (front matter, labels inside a section), `number`
    empty.
    """

    level: int
    title: Inlines
    number: str = ""
    in_contents: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in one of the styles of the reference document.

    `bookmark` makes it a target: an entry of the reference list stands in the style `Bibliography` with the bookmark
    `cite:KEY`; the style numbers it, and a citation of KEY prints that number.
    """

    content: Inlines
    style: str = "Body Text"
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A list; an item is a paragraph, and may hold a nested list; an ordered list counts from `start`."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list."""

    content: Inlines
    below: List | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: paragraphs or lists, how many grid columns it spans, and whether it heads its row or column."""

    content: tuple[Paragraph | List, ...]
    span: int = 1
    header: bool = False
    align: Align = Align.LEFT
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; header rows stand first and repeat on each page."""

    cells: tuple[Cell, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with caption and bookmark; the spans of each row add up to `widths`, which are relative.

    `notes` stand below it, in order: (letter, words); a cell refers to one by a superscript letter of its own.
    `borders` is `grid` for data tables, `plain` for tables that only set out labels and values (the title page).
    """

    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    caption: Inlines = ()
    bookmark: str = ""
    description: str = ""
    notes: tuple[tuple[str, Inlines], ...] = ()
    borders: str = "grid"
    small: bool = False


class Box(NamedTuple):
    """A labelled box of a drawing, in millimetres from the upper left corner of the drawing; `strong` is darker."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    bold_first: bool = True
    shaded: bool = False
    strong: bool = False


class Arrow(NamedTuple):
    """A straight arrow of a drawing, in millimetres."""

    from_x: float
    from_y: float
    to_x: float
    to_y: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A vector drawing with caption, bookmark and the text that says it in words for who cannot see it."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float
    alternative: str
    caption: Inlines = ()
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A paragraph that says which content belongs in an empty section, set so that nobody overlooks it."""

    what: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph that speaks about the document and not for it, such as the caption of a computed table."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, with its entries already filled."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Begin a new page."""


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks that stand on landscape pages of their own."""

    blocks: tuple[Block, ...]


Block = Heading | Paragraph | List | Table | Figure | Placeholder | Note | Contents | PageBreak | Landscape
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole document before it is written: its blocks, its running texts, and what travels with it.

    `date` (ISO) stands in the core properties and the archive; `banner` on every page of an example or a draft;
    `canonical` is the canonical JSON of the protocol that the package carries beside the text. `bookmarks` gives labels
    for targets that the writer cannot number itself; `pages` the page of each entry of the contents, where it is known;
    `marked` how many places are marked as missing.
    Without `controls` values stand as plain text, and no map of them travels.
    """

    blocks: Blocks
    title: str
    identifier: str
    version: str
    date: str = ""
    subject: str = ""
    language: str = "en-GB"
    banner: str = ""
    confidentiality: str = ""
    footer: str = ""
    page: str = "a4"
    canonical: bytes = b""
    bookmarks: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    marked: int = 0
    controls: bool = True
