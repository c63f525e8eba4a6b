"""Build templates/m11/reference.docx, the look of the document: styles, heading numbers, page, and no content.

Run `python tools/build_reference.py` from the root of the checkout; the same source gives the same bytes.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from protocolkit.render.ooxml import DECLARATIONS, NAMESPACES  # noqa: E402 - after the path
from protocolkit.render.ooxml_numbering import abstract, headings, instance, references  # noqa: E402 - as above

TARGET = ROOT / "templates" / "m11" / "reference.docx"

# Arial is metric-compatible with Liberation Sans, which LibreOffice brings along: same lines, same pages.
FONT = "Arial"
INK = "1F3864"
RULE = "A6B1C2"
THIN = "D5DBE5"
SHADE = "E3EAF2"
WARNING = "9C2A00"
MARKER = "FFF2B3"
TEXT_WIDTH = 9070

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


class Style(NamedTuple):
    """A paragraph style: its name in the file, the style it rests on, and its properties as XML."""

    name: str
    base: str = "Normal"
    paragraph: str = ""
    run: str = ""
    following: str = ""
    extra: str = ""


def spacing(before: int, after: int, line: int = 0) -> str:
    """Write spacing in twips; `line` in 240ths of a line."""
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def size(half_points: int) -> str:
    """Write the size of letters in half points."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def heading(level: int, before: int, after: int, half_points: int) -> Style:
    """Describe a numbered heading."""
    numbered = f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
    return Style(
        f"heading {level}",
        paragraph=f'<w:keepNext/><w:keepLines/>{numbered}{spacing(before, after)}<w:outlineLvl w:val="{level - 1}"/>',
        run=f'<w:b/><w:bCs/><w:color w:val="{INK}"/>{size(half_points)}',
        following="BodyText",
        extra="<w:qFormat/>",
    )


def contents_line(level: int, left: int, hanging: int, before: int, run: str = "") -> Style:
    """Describe a line of the table of contents: number, title, dots, page."""
    tabs = (
        f'<w:tabs><w:tab w:val="left" w:pos="{left}"/>'
        f'<w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    )
    indent = f'<w:ind w:left="{left}" w:right="567" w:hanging="{hanging}"/>'
    return Style(f"toc {level}", paragraph=f"{tabs}{spacing(before, 10)}{indent}", run=run, following="Normal")


BOLD = "<w:b/><w:bCs/>"
EDGE = f'<w:pBdr><w:{{side}} w:val="single" w:sz="4" w:space="4" w:color="{RULE}"/></w:pBdr>'
WARNED = f'<w:shd w:val="clear" w:color="auto" w:fill="{MARKER}"/>'
STYLES = {
    "Heading1": heading(1, 480, 180, 30),
    "Heading2": heading(2, 320, 120, 25),
    "Heading3": heading(3, 260, 100, 23),
    "Heading4": heading(4, 220, 80, 22),
    "Heading5": heading(5, 200, 80, 21),
    "HeadingUnnumbered": Style(
        "Heading Unnumbered",
        paragraph=f"<w:keepNext/><w:keepLines/>{spacing(320, 140)}",
        run=f'{BOLD}<w:color w:val="{INK}"/>{size(26)}',
        following="BodyText",
        extra="<w:qFormat/>",
    ),
    # What parts a section without being a section: smaller than any numbered heading around it.
    "HeadingLabel": Style(
        "Heading Label",
        paragraph=f"<w:keepNext/><w:keepLines/>{spacing(180, 80)}",
        run=f"{BOLD}{size(21)}",
        following="BodyText",
        extra="<w:qFormat/>",
    ),
    "ContentsHeading": Style("Contents Heading", "HeadingUnnumbered", following="BodyText"),
    "Title": Style(
        "Title",
        paragraph=spacing(240, 200),
        run=f'{BOLD}<w:color w:val="{INK}"/>{size(40)}',
        following="BodyText",
        extra="<w:qFormat/>",
    ),
    "Subtitle": Style(
        "Subtitle",
        paragraph=spacing(0, 240),
        run=f'<w:color w:val="44546A"/>{size(26)}',
        following="BodyText",
        extra="<w:qFormat/>",
    ),
    "BodyText": Style("Body Text", paragraph=spacing(0, 140, 269), extra="<w:qFormat/>"),
    "ListBullet": Style("List Bullet", "BodyText", paragraph=spacing(0, 70, 264), extra="<w:qFormat/>"),
    "ListNumber": Style("List Number", "BodyText", paragraph=spacing(0, 70, 264), extra="<w:qFormat/>"),
    "Caption": Style(
        "caption",
        paragraph=f"<w:keepLines/>{spacing(240, 100)}",
        run=f'{BOLD}<w:color w:val="{INK}"/>{size(20)}',
        following="BodyText",
        extra="<w:qFormat/>",
    ),
    "Figure": Style("Figure", paragraph=f'{spacing(160, 0)}<w:jc w:val="center"/>', following="Caption"),
    "TableText": Style("Table Text", paragraph=spacing(20, 20), run=size(19), extra="<w:qFormat/>"),
    "TableTextSmall": Style("Table Text Small", "TableText", paragraph=spacing(0, 0), run=size(15)),
    "TableHeading": Style("Table Heading", "TableText", run=BOLD, extra="<w:qFormat/>"),
    "TableHeadingSmall": Style("Table Heading Small", "TableTextSmall", run=BOLD),
    "TableNote": Style("Table Note", paragraph=spacing(20, 0), run=size(15), extra="<w:qFormat/>"),
    # What stands between a table and the end of a section, or another table: hardly there.
    "TableGap": Style(
        "Table Gap", paragraph='<w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/>', run=size(2)
    ),
    "Note": Style(
        "Note",
        "BodyText",
        paragraph=f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="{RULE}"/></w:pBdr>'
        f'{spacing(80, 160)}<w:ind w:left="227"/>',
        run=f'<w:i/><w:iCs/><w:color w:val="44546A"/>{size(20)}',
        extra="<w:qFormat/>",
    ),
    "Placeholder": Style(
        "Placeholder", "BodyText", run=f'<w:color w:val="{WARNING}"/>', following="BodyText", extra="<w:qFormat/>"
    ),
    "Bibliography": Style(
        "Bibliography",
        paragraph=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>{spacing(0, 80, 252)}',
        run=size(20),
    ),
    "TOC1": contents_line(1, 567, 567, 90, f"{BOLD}{size(20)}"),
    "TOC2": contents_line(2, 1247, 680, 10, size(20)),
    "TOC3": contents_line(3, 2041, 794, 0, size(18)),
    "Header": Style(
        "header",
        paragraph=f'{EDGE.format(side="bottom")}<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
        f"{spacing(0, 60)}",
        run=f'<w:color w:val="44546A"/>{size(17)}',
    ),
    "Footer": Style(
        "footer",
        paragraph=f'{EDGE.format(side="top")}<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
        f"{spacing(60, 0)}",
        run=f'<w:color w:val="44546A"/>{size(17)}',
    ),
    "Banner": Style(
        "Banner",
        paragraph=f'{WARNED}{spacing(0, 60)}<w:jc w:val="center"/>',
        run=f'{BOLD}<w:color w:val="{WARNING}"/>{size(17)}',
    ),
    "Confidentiality": Style("Confidentiality", paragraph=spacing(20, 0), run=f'<w:color w:val="44546A"/>{size(15)}'),
}
BUILT_IN = {"Title", "Subtitle", "BodyText", "ListBullet", "ListNumber", "Bibliography"}
CELL_EDGES = (
    '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
)


def paragraph_style(identifier: str, style: Style) -> str:
    """Write a paragraph style."""
    link = '<w:link w:val="PlaceholderChar"/>' if identifier == "Placeholder" else ""
    following = f'<w:next w:val="{style.following}"/>' if style.following else ""
    priority = '<w:uiPriority w:val="39"/>' if identifier.startswith("TOC") else ""
    paragraph = f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else ""
    run = f"<w:rPr>{style.run}</w:rPr>" if style.run else ""
    custom = ' w:customStyle="1"' if style.name[0].isupper() and identifier not in BUILT_IN else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{identifier}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.base}"/>{following}{link}{priority}{style.extra}{paragraph}{run}</w:style>'
    )


def defaults() -> str:
    """Write what holds where no style says otherwise."""
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    run = f'<w:rPr>{fonts}{size(22)}<w:lang w:val="en-GB" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr>'
    return (
        f"<w:docDefaults><w:rPrDefault>{run}</w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{spacing(0, 0, 240)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def edges(*sides: tuple[str, int, str]) -> str:
    """Write the rules of a table."""
    return "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="{colour}"/>' for side, width, colour in sides
    )


def table_style(identifier: str, name: str, rules: str, *, shaded: bool) -> str:
    """Write a table style; the shade of its first row is that of all header cells."""
    first = (
        f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/></w:tcPr>'
        "</w:tblStylePr>"
        if shaded
        else ""
    )
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
        f"<w:tblPr><w:tblBorders>{rules}</w:tblBorders>{CELL_EDGES}</w:tblPr>{first}</w:style>"
    )


def styles() -> str:
    """Write the styles part."""
    fixed = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )
    characters = (
        '<w:style w:type="character" w:customStyle="1" w:styleId="PlaceholderChar">'
        '<w:name w:val="Placeholder Char"/><w:basedOn w:val="DefaultParagraphFont"/><w:link w:val="Placeholder"/>'
        f'<w:qFormat/><w:rPr>{BOLD}<w:color w:val="{WARNING}"/>{WARNED}</w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:color w:val="{INK}"/></w:rPr></w:style>'
    )
    grid = edges(
        ("top", 8, INK), ("left", 4, THIN), ("bottom", 8, INK), ("right", 4, THIN), ("insideH", 4, RULE),
        ("insideV", 4, THIN),
    )  # fmt: skip
    plain = edges(("top", 4, RULE), ("bottom", 4, RULE), ("insideH", 4, THIN))
    tables = table_style("ProtocolTable", "Protocol Table", grid, shaded=True)
    tables += table_style("ProtocolTablePlain", "Protocol Table Plain", plain, shaded=False)
    paragraphs = "".join(paragraph_style(identifier, style) for identifier, style in STYLES.items())
    return f"<w:styles {DECLARATIONS}>{defaults()}{fixed}{paragraphs}{characters}{tables}</w:styles>"


def numbering() -> str:
    """Write the numbering part: the one list of the headings, and the reference list."""
    ids = tuple(f"Heading{level}" for level in range(1, 6))
    lists = abstract(1, headings(ids)) + abstract(2, references("Bibliography"))
    return f"<w:numbering {DECLARATIONS}>{lists}{instance(1, 1)}{instance(2, 2)}</w:numbering>"


def settings() -> str:
    """Write the settings: the layout rules of Word 2013 and later."""
    mode = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    return (
        f'<w:settings {DECLARATIONS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{mode}</w:compat>'
        '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def fonts() -> str:
    """Write the font table, which names the stand-in for who does not have the font."""
    return (
        f'<w:fonts {DECLARATIONS}><w:font w:name="{FONT}"><w:altName w:val="Liberation Sans"/>'
        '<w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def theme() -> str:
    """Write the theme, a part that Word's own documents always have: our font and colours, plain fills and lines."""
    names = ("dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink")
    colours = ("000000", "FFFFFF", INK, SHADE, INK, "44546A", RULE, WARNING, "5B7F95", "7F7F7F", INK)
    scheme = "".join(f'<a:{n}><a:srgbClr val="{c}"/></a:{n}>' for n, c in zip(names, colours, strict=True))
    scheme += f'<a:folHlink><a:srgbClr val="{INK}"/></a:folHlink>'
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme xmlns:a="{NAMESPACES["a"]}" name="protocolkit"><a:themeElements>'
        f'<a:clrScheme name="protocolkit">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="protocolkit"><a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>'
        f'</a:fontScheme><a:fmtScheme name="protocolkit"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def document() -> str:
    """Write the body: an A4 page with margins of 25 mm."""
    return (
        f'<w:document {DECLARATIONS}><w:body><w:p/><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="680" w:footer="567" '
        'w:gutter="0"/><w:cols w:space="708"/></w:sectPr></w:body></w:document>'
    )


def core() -> str:
    """Write core properties without a clock."""
    terms = "http://purl.org/dc/terms/"
    stamp = f'xmlns:dcterms="{terms}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    moments = "".join(
        f'<dcterms:{kind} xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:{kind}>'
        for kind in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {stamp}>'
        f"<dc:creator>protocolkit</dc:creator>{moments}</cp:coreProperties>"
    )


def relationships(*targets: tuple[str, str]) -> str:
    """Write a relationships part."""
    listed = "".join(
        f'<Relationship Id="rId{step}" Type="{kind}" Target="{target}"/>'
        for step, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def content_types() -> str:
    """Write which part is of which type."""
    parts = {
        f"/word/{name}.xml": f"{WORD_TYPE}.{name}+xml" for name in ("styles", "numbering", "settings", "fontTable")
    }
    parts["/word/document.xml"] = f"{WORD_TYPE}.document.main+xml"
    parts["/word/theme/theme1.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    parts["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    parts["/docProps/app.xml"] = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    listed = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in sorted(parts.items()))
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def build() -> bytes:
    """Return the bytes of the reference document."""
    properties = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    kinds = ("styles", "numbering", "settings", "fontTable")
    parts = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(
            (f"{OFFICE}/relationships/officeDocument", "word/document.xml"),
            (properties, "docProps/core.xml"),
            (f"{OFFICE}/relationships/extended-properties", "docProps/app.xml"),
        ),
        "docProps/app.xml": f'<Properties xmlns="{OFFICE}/extended-properties"><Application>protocolkit</Application>'
        "</Properties>",
        "docProps/core.xml": core(),
        "word/_rels/document.xml.rels": relationships(
            *((f"{OFFICE}/relationships/{kind}", f"{kind}.xml") for kind in kinds),
            (f"{OFFICE}/relationships/theme", "theme/theme1.xml"),
        ),
        "word/document.xml": document(),
        "word/fontTable.xml": fonts(),
        "word/numbering.xml": numbering(),
        "word/settings.xml": settings(),
        "word/styles.xml": styles(),
        "word/theme/theme1.xml": theme(),
    }
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    """Zip the parts with fixed dates and order."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            target.writestr(entry, (HEAD + xml).encode(), compresslevel=6)
    return result.getvalue()


def main() -> None:
    """Write the reference document into the templates."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    data = build()
    TARGET.write_bytes(data)
    print(
        f"{TARGET.relative_to(ROOT)}: {len(data)} bytes, {len(STYLES)} paragraph styles, {len(NAMESPACES)} namespaces"
    )


if __name__ == "__main__":
    main()
