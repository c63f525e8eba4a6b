"""Draw a figure: a group of boxes and arrows as DrawingML that stands in the text like a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from protocolkit.render.blocks import Arrow, Box
from protocolkit.render.ooxml import NAMESPACES, attribute, escape

if TYPE_CHECKING:
    from protocolkit.render.blocks import Figure

_Shape = TypeVar("_Shape", Box, Arrow)

_EMU_PER_MM = 36_000
_INK = "1F3864"
_SHADE, _STRONG, _PLAIN = "E3EAF2", "AFC3DA", "FFFFFF"
_TWIPS_PER_MM = 56.7
# Half points.
_LETTERS, _SMALLEST = 16, 12
_LONGEST_ALTERNATIVE = 2000
_LINE = f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill>'


def drawing(figure: Figure, number: int, width: int) -> str:
    """Write the run that holds the drawing, shrunk to `width` twips where it is wider.

    Word 2007 does not know shapes of this kind; it shows the alternative text. `number` makes its ids unique. The
    shapes themselves are shrunk: LibreOffice loses the words of a group that is scaled as a whole.
    """
    scale = min(1.0, width / _TWIPS_PER_MM / max(figure.width, 1))
    words = attribute(figure.alternative, _LONGEST_ALTERNATIVE)
    size = f'cx="{_emu(figure.width * scale)}" cy="{_emu(figure.height * scale)}"'
    shapes = [_arrow(_shrunk(arrow, scale), number * 1000 + step) for step, arrow in enumerate(figure.arrows, 1)]
    first, letters = number * 1000 + len(shapes), max(_SMALLEST, round(_LETTERS * scale))
    shapes += [_box(_shrunk(box, scale), first + step, letters) for step, box in enumerate(figure.boxes, 1)]
    group = (
        f'<wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
        f'<a:chOff x="0" y="0"/><a:chExt {size}/></a:xfrm></wpg:grpSpPr>{"".join(shapes)}</wpg:wgp>'
    )
    inline = (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:effectExtent l="6350" t="6350" r="6350" b="6350"/>'
        f'<wp:docPr id="{number * 1000}" name="Figure {number}" descr="{words}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{NAMESPACES["wpg"]}">{group}</a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wpg">{inline}</mc:Choice>'
        f"<mc:Fallback><w:t>{words}</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _shrunk(shape: _Shape, scale: float) -> _Shape:
    return shape._replace(**{name: getattr(shape, name) * scale for name in shape._fields[:4]})


def _emu(millimetres: float) -> int:
    return round(millimetres * _EMU_PER_MM)


def _place(x: float, y: float, width: float, height: float, flips: str = "") -> str:
    return (
        f'<a:xfrm{flips}><a:off x="{_emu(x)}" y="{_emu(y)}"/><a:ext cx="{_emu(width)}" cy="{_emu(height)}"/></a:xfrm>'
    )


def _box(box: Box, number: int, letters: int) -> str:
    shade = _STRONG if box.strong else _SHADE if box.shaded else _PLAIN
    fill = f'<a:solidFill><a:srgbClr val="{shade}"/></a:solidFill>'
    lines = "".join(_line(line, letters, bold=box.bold_first and step == 0) for step, line in enumerate(box.lines))
    return (
        f'<wps:wsp><wps:cNvPr id="{number}" name="Box {number}"/><wps:cNvSpPr/><wps:spPr>'
        f"{_place(box.x, box.y, box.width, box.height)}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}{_LINE}</a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{lines or '<w:p/>'}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr lIns="36000" tIns="18000" rIns="36000" bIns="18000" anchor="ctr"/></wps:wsp>'
    )


def _line(text: str, letters: int, *, bold: bool) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="{letters}"/><w:szCs w:val="{letters}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _arrow(arrow: Arrow, number: int) -> str:
    x, y = min(arrow.from_x, arrow.to_x), min(arrow.from_y, arrow.to_y)
    width, height = abs(arrow.to_x - arrow.from_x), abs(arrow.to_y - arrow.from_y)
    flips = (' flipH="1"' if arrow.to_x < arrow.from_x else "") + (' flipV="1"' if arrow.to_y < arrow.from_y else "")
    return (
        f'<wps:wsp><wps:cNvPr id="{number}" name="Arrow {number}"/><wps:cNvCnPr/><wps:spPr>'
        f"{_place(x, y, width, height, flips)}"
        f'<a:prstGeom prst="straightConnector1"><a:avLst/></a:prstGeom>{_LINE}<a:tailEnd type="triangle"/></a:ln>'
        "</wps:spPr><wps:bodyPr/></wps:wsp>"
    )
