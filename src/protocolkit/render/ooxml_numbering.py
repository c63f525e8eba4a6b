"""The numbering definitions: one multilevel list for headings, lists in text and in tables, the reference list."""

from __future__ import annotations

from protocolkit.values import NamedTuple

HEADING_LEVELS = 5
_LEVELS = range(9)
_BULLETS = ("\N{BULLET}", "\N{EN DASH}", "\N{WHITE BULLET}")
_ORDERS = (("decimal", "%{}."), ("lowerLetter", "%{}."), ("lowerRoman", "%{}."))
_FONT = '<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:hint="default"/></w:rPr>'


class Indent(NamedTuple):
    """How far a list of level 0 stands in, how much further each level does, and how wide its sign is (twips)."""

    first: int
    step: int
    hanging: int


IN_TEXT = Indent(425, 425, 425)
IN_TABLE = Indent(227, 227, 227)
_REFERENCES = Indent(567, 0, 567)
_HEADING_HANGS = (680, 850, 1021, 1191, 1418)


class Level(NamedTuple):
    """One level of a numbering definition; `style` is the id of the paragraph style that it is bound to."""

    form: str
    text: str
    indent: int
    hanging: int
    style: str = ""
    extra: str = ""


def headings(style_ids: tuple[str, ...]) -> list[Level]:
    """Return the levels of the one list that numbers Heading 1 to 5, bound to the styles."""
    texts = [".".join(f"%{part}" for part in range(1, level + 2)) for level in _LEVELS]
    bound = [*style_ids, *[""] * (len(_LEVELS) - len(style_ids))]
    hangs = [*_HEADING_HANGS, *[_HEADING_HANGS[-1]] * (len(_LEVELS) - len(_HEADING_HANGS))]
    return [Level("decimal", texts[level], hangs[level], hangs[level], bound[level]) for level in _LEVELS]


def bullets(indent: Indent) -> list[Level]:
    """Return the levels of a bulleted list."""
    return [
        Level("bullet", _BULLETS[level % 3], indent.first + level * indent.step, indent.hanging, extra=_FONT)
        for level in _LEVELS
    ]


def ordered(indent: Indent) -> list[Level]:
    """Return the levels of an ordered list: 1. a. i. and round again."""
    found = []
    for level in _LEVELS:
        form, text = _ORDERS[level % 3]
        found.append(Level(form, text.format(level + 1), indent.first + level * indent.step, indent.hanging))
    return found


def references(style_id: str = "") -> list[Level]:
    """Return the levels of the reference list: [1], [2], ..."""
    return [
        Level("decimal", f"[%{level + 1}]", _REFERENCES.first, _REFERENCES.hanging, style_id if level == 0 else "")
        for level in _LEVELS
    ]


def abstract(number: int, levels: list[Level]) -> str:
    """Write an abstract numbering definition."""
    inside = "".join(_level(index, level) for index, level in enumerate(levels))
    return f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{inside}</w:abstractNum>'


def _level(index: int, level: Level) -> str:
    style = f'<w:pStyle w:val="{level.style}"/>' if level.style else ""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{level.form}"/>{style}'
        f'<w:suff w:val="tab"/><w:lvlText w:val="{level.text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{level.indent}" w:hanging="{level.hanging}"/></w:pPr>{level.extra}</w:lvl>'
    )


def instance(number: int, of: int, level: int = 0, start: int | None = None) -> str:
    """Write a numbering instance; with `start` its level counts anew from there."""
    anew = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{anew if start is not None else ""}</w:num>'
