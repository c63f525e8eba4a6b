"""The words of a document: its outline, numbers, references, lists, tables, sections, fields and placeholders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from docxtools import W, invariants, outline, part, text
from draftcase import SMALL, cell, draft, figure, schedule, words

from protocolkit.errors import RenderError
from protocolkit.render.blocks import (
    Box,
    Cell,
    Citation,
    Contents,
    Field,
    Figure,
    Gap,
    Heading,
    Landscape,
    List,
    ListItem,
    Note,
    PageBreak,
    Paragraph,
    Placeholder,
    Reference,
    Row,
    Table,
    Text,
)
from protocolkit.render.word import write

if TYPE_CHECKING:
    from protocolkit.render.blocks import Block

HOSTILE = "]]> <w:p> {{ 7*7 }} {% raw %} \0 \ud800 \uffff \u202e\u05d0\u05d1 \U0001f600 & \" ' \x0b\x1b"


def small(caption: str = "", bookmark: str = "", **more: Any) -> Table:
    """Return a table of one row."""
    return Table(SMALL.rows, SMALL.widths, words(caption) if caption else (), bookmark, **more)


def body(*blocks: Block, **changes: object) -> str:
    """Write blocks and return the outline of the document, which must hold all invariants."""
    data = write(draft(*blocks, **changes))
    assert invariants(data) == []
    return outline(data)


def test_every_kind_of_block_has_its_place_in_the_outline() -> None:
    """The whole document, as text."""
    found = body()
    assert "toc 2: 2.1\tPurpose of the trial, with bold\t{PAGEREF sec_2_1 \\h}" in found
    assert (
        "Body Text: As shown in {REF fig_schema \\h}Figure 1 and {REF tab_soa \\h}Table 1; "
        "see Section\N{NO-BREAK SPACE}{REF sec_2_1 \\r \\h}2.1 and the evidence [2]." in found
    )
    assert "caption: Table {SEQ Table \\* ARABIC}1: Schedule of activities\n= Period = Screening = Treatment" in found
    assert (
        "  b\N{NO-BREAK SPACE}See Section\N{NO-BREAK SPACE}{REF sec_1_1 \\r \\h}1.1.\n--- landscape 16838 x 11906"
        in found
    )
    assert "| Primary | Either / one / two" in found
    assert found.endswith("--- landscape 16838 x 11906\n")


def test_headings_are_counted_by_word_and_never_typed() -> None:
    """The number of a heading is in no run; the styles of all five levels hang on one list."""
    data = write(draft(*(Heading(level, words(f"L{level}"), "1" + ".1" * (level - 1)) for level in range(1, 6))))
    assert outline(data).splitlines()[:5] == [f"heading {level}: L{level}" for level in range(1, 6)]
    numbers = {
        style.get(f"{W}styleId"): style.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val")
        for style in part(data, "word/styles.xml").iter(f"{W}style")
        if style.get(f"{W}styleId").startswith("Heading") and style.find(f"{W}pPr/{W}numPr") is not None
    }
    assert len(numbers) == 5
    assert len(set(numbers.values())) == 1
    assert invariants(data) == []


def test_levels_begin_anew_below_a_higher_heading() -> None:
    """A label is what the multilevel list prints, deep levels too."""
    headings = [
        Heading(level, words("h"), number)
        for level, number in (
            (1, "1"),
            (2, "1.1"),
            (3, "1.1.1"),
            (3, "1.1.2"),
            (1, "2"),
            (2, "2.1"),
            (3, "2.1.1"),
            (4, "2.1.1.1"),
            (5, "2.1.1.1.1"),
            (3, "2.1.2"),
        )
    ]
    found = body(*headings, Paragraph((Reference("sec:2.1.1.1.1"), Text(", "), Reference("sec:2.1.2"))))
    assert "}2.1.1.1.1, Section\N{NO-BREAK SPACE}{REF sec_2_1_2 \\r \\h}2.1.2" in found


def test_a_heading_out_of_the_numbering_has_no_number_and_may_be_in_the_contents() -> None:
    """Front matter and the reference list."""
    found = body(
        Contents(), Heading(0, words("In")), Heading(0, words("Out"), in_contents=False), Heading(1, words("One"), "1")
    )
    assert 'toc 1: {TOC \\o "1-3" \\h \\z \\u}In\t' in found
    assert "1\tOne" in found
    assert found.count("Out") == 1


def test_a_label_inside_a_section_is_smaller_than_the_headings_around_it() -> None:
    """Before the first numbered heading it is a heading of the front matter."""
    label = Heading(0, words("Dose"), in_contents=False)
    lines = body(label, Heading(1, words("One"), "1"), label).splitlines()
    assert lines[:3] == ["Heading Unnumbered: Dose", "heading 1: One", "Heading Label: Dose"]


def test_the_contents_take_page_numbers_where_they_are_known() -> None:
    """One page for each entry, else none at all."""
    blocks = (Contents(), Heading(1, words("One"), "1"), Heading(2, words("Two"), "1.1"), Heading(4, words("Four")))
    assert "{PAGEREF sec_1_1 \\h}7" in body(*blocks, pages=(3, 7))
    assert "{PAGEREF sec_1_1 \\h}\n" in body(*blocks, pages=(3,))
    assert "Four\t" not in body(*blocks)
    assert "No headings." in body(Contents())


def test_each_ordered_list_counts_for_itself() -> None:
    """Two lists, one after the other, have numbering instances that begin anew where they say."""
    one = List((ListItem(words("a")), ListItem(words("b"))), ordered=True)
    data = write(draft(one, List(one.items, ordered=True, start=4), List(one.items), List(one.items)))
    used = [found.get(f"{W}val") for found in part(data).iter(f"{W}numId")]
    assert [used[0] == used[1], used[1] != used[2], used[4] == used[6]] == [True, True, True]
    starts = [found.get(f"{W}val") for found in part(data, "word/numbering.xml").iter(f"{W}startOverride")]
    assert starts == ["1", "4"]


def test_lists_nest_and_mix() -> None:
    """Each level has its depth."""
    deep = List((ListItem(words("x")),), ordered=True)
    for _ in range(12):
        deep = List((ListItem(words("y"), deep),))
    lines = body(deep).splitlines()
    assert lines[0] == "List Bullet (0): y"
    assert lines[12] == "List Number (8): x"


def test_captions_count_tables_and_figures_apart() -> None:
    """A table without a caption is not counted."""
    found = body(
        small("One", "tab:one"), small(), figure(), small("Two", "tab:two"), Paragraph((Reference("tab:two"),))
    )
    assert "caption: Table {SEQ Table \\* ARABIC}2: Two" in found
    assert "caption: Figure {SEQ Figure \\* ARABIC}1: Trial schema" in found
    assert "{REF tab_two \\h}Table 2" in found


def test_what_refers_to_nothing_is_a_placeholder() -> None:
    """Also a second target of one name, which would make a reference doubtful, gets no bookmark."""
    found = body(
        Paragraph((Reference("tab:gone"), Citation("gone"))),
        small("A", "tab:a"),
        small("B", "tab:a"),
        Paragraph((Reference("tab:a"),)),
    )
    assert "[reference to tab:gone][reference gone]" in found
    assert "{REF tab_a \\h}Table 1" in found


def test_citations_print_the_place_in_the_reference_list() -> None:
    """They lead to the entry, which the style numbers."""
    entries = [Paragraph(words(key), "Bibliography", f"cite:{key}") for key in ("b", "a", "c")]
    data = write(draft(Paragraph((Citation("c"), Citation("b"))), *entries))
    assert outline(data).startswith("Body Text: [3][1]\nBibliography: b\n")
    assert [link.get(f"{W}anchor") for link in part(data).iter(f"{W}hyperlink")] == ["cite_c", "cite_b"]


def test_bookmarks_have_names_that_word_takes() -> None:
    """Long and strange targets stay apart, also where Word sees no capitals, and each reference finds its own."""
    names = ["tab:" + "x" * 60 + end for end in "ab"] + ["tab:é", "tab:è", "9", "tab:A", "tab:a"]
    tables, referring = [small(name, name) for name in names], Paragraph(tuple(Reference(name) for name in names))
    data = write(draft(*tables, referring))
    assert invariants(data) == []
    given = [mark.get(f"{W}name") or "" for mark in part(data).iter(f"{W}bookmarkStart")]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in given), given
    assert len({name.lower() for name in given}) == len(names)
    fields = (field.text or "" for field in part(data).iter(f"{W}instrText"))
    assert [field.split()[1] for field in fields if field.split()[0] == "REF"] == given


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((Landscape((SMALL,)),), ["Table Gap: ", "| a | b", "Table Gap: ", "L"]),
        (
            (Paragraph(words("x")), Landscape((SMALL,)), Paragraph(words("y"))),
            ["Body Text: x", "P", "| a | b", "Table Gap: ", "L", "Body Text: y", "P"],
        ),
        (
            (SMALL, Landscape((Paragraph(words("x")),)), Landscape((Paragraph(words("y")),))),
            ["Table Gap: ", "| a | b", "Table Gap: ", "P", "Body Text: x", "L", "Body Text: y", "L"],
        ),
        (
            (Landscape((small(notes=(("a", words("n")),)),)), PageBreak(), Paragraph(words("y"))),
            ["Table Gap: ", "| a | b", "Table Note: a\N{NO-BREAK SPACE}n", "L", "Body Text: y", "P"],
        ),
        (
            (PageBreak(), Paragraph(words("x")), PageBreak(), Landscape(()), Paragraph(words("y")), PageBreak()),
            ["Body Text: x", "Body Text new page: y", "P"],
        ),
        (
            (SMALL, SMALL, PageBreak(), SMALL),
            ["Table Gap: ", "| a | b", "Table Gap: ", "| a | b", "Table Gap new page: ", "| a | b", "Table Gap: ", "P"],
        ),
    ],
)
def test_sections_end_in_the_last_paragraph_so_that_no_page_is_empty(blocks: Any, expected: list[str]) -> None:
    """Also where landscape pages stand first, last, or follow each other."""
    found = body(*blocks).replace("--- portrait 11906 x 16838", "P").replace("--- landscape 16838 x 11906", "L")
    assert found.splitlines() == expected


def test_headings_go_with_the_landscape_page_that_they_head() -> None:
    """A heading alone at the foot of a portrait page heads nothing."""
    found = body(
        Paragraph(words("x")),
        PageBreak(),
        Heading(1, words("A"), "1"),
        Heading(2, words("B"), "1.1"),
        Landscape((SMALL,)),
    )
    assert found.startswith("Body Text: x\n--- portrait 11906 x 16838\nheading 1: A\nheading 2: B\n| a | b\n")
    only = body(Heading(1, words("A"), "1"), Landscape((SMALL,)))
    assert only == "heading 1: A\n| a | b\nTable Gap: \n--- landscape 16838 x 11906\n"


@pytest.mark.parametrize(("text", "sections"), [("Short.", 1), ("Long. " * 40, 2)])
def test_a_short_sentence_goes_with_its_heading_to_the_landscape_page(text: str, sections: int) -> None:
    """A heading with a line or two would stand alone on its page; a heading with a text of its own does not."""
    found = body(Heading(1, words("A"), "1"), Paragraph(words(text)), Landscape((SMALL,)))
    assert found.count("---") == sections


def test_letter_paper_is_another_size() -> None:
    """Landscape pages are it turned round."""
    found = body(Paragraph(words("x")), Landscape((SMALL,)), page="letter")
    assert re.findall("--- .*", found) == ["--- portrait 12240 x 15840", "--- landscape 15840 x 12240"]


def test_header_rows_repeat_and_short_rows_stay_whole() -> None:
    """A row of long words may break over pages."""
    rows = (*schedule(3, 8).rows, Row((cell("long " * 200, span=3), cell("x"))))
    data = write(draft(Table(rows, (1, 1, 1, 1))))
    flags = [
        (row.find(f"{W}trPr/{W}tblHeader") is not None, row.find(f"{W}trPr/{W}cantSplit") is not None)
        for row in part(data).iter(f"{W}tr")
    ]
    assert flags == [(True, True)] * 2 + [(False, True)] * 8 + [(False, False)]


def kept_with_next(*rows: Row) -> list[bool]:
    """Return of each row of a table whether it is kept on the page of the next."""
    found = part(write(draft(Table(rows, (1,) * sum(cell.span for cell in rows[0].cells), words("A"))))).iter(f"{W}tr")
    return [row.find(f".//{W}keepNext") is not None for row in found]


def test_the_head_of_a_long_table_goes_with_its_first_two_rows() -> None:
    """One row alone below its head at the foot of a page is lost; a long row breaks instead."""
    plain_rows = tuple(Row((cell("x"), cell("y"))) for _ in range(8))
    head, long = Row((cell("a"), cell("b")), header=True), Row((cell("long " * 200), cell("x")))
    assert kept_with_next(head, *plain_rows) == [True, True] + [False] * 7
    assert kept_with_next(*plain_rows) == [True] + [False] * 7
    assert kept_with_next(head, long, *plain_rows) == [True] + [False] * 9
    assert kept_with_next(head, head, *plain_rows) == [True, True, True] + [False] * 7


def test_a_paragraph_goes_with_the_table_or_list_that_it_leads_into() -> None:
    """One line alone at the foot of a page, and what it announces on the next, reads as a slip."""
    plain = Paragraph(words("Plain."))
    for led in (Table((Row((cell("x"),)),), (1,), words("A")), List((ListItem(words("x")),))):
        data = write(draft(plain, Paragraph(words("As follows.")), led, plain))
        kept = {
            "".join(text.text or "" for text in para.iter(f"{W}t")): para.find(f"{W}pPr/{W}keepNext") is not None
            for para in part(data).iter(f"{W}p")
        }
        assert (kept["Plain."], kept["As follows."]) == (False, True)


def test_spans_that_do_not_add_up_are_an_error_that_names_the_table() -> None:
    """Word would repair such a table, or refuse the file."""
    with pytest.raises(RenderError, match="tab:a: a row spans 3 columns of 2"):
        write(draft(Table((Row((cell("x", span=3),)),), (1, 1), bookmark="tab:a")))
    with pytest.raises(RenderError, match="a table: a row spans 2 columns of 2"):
        write(draft(Table((Row((cell("x", span=2), cell("y", span=0))),), (1, 1))))


def test_widths_add_up_to_the_text() -> None:
    """Whole twips, in every grid."""
    grid = part(write(draft(Table((Row(tuple(cell("x") for _ in range(7))),), (3, 1, 1, 1, 1, 1, 1))))).iter(
        f"{W}gridCol"
    )
    assert sum(int(column.get(f"{W}w")) for column in grid) == 11906 - 2 * 1418


def test_a_cell_without_content_is_an_empty_paragraph() -> None:
    """Word refuses a cell without one."""
    assert "| \n" in body(Table((Row((Cell(()),)),), (1,)))


def test_placeholders_show_without_colour() -> None:
    """Brackets and bold letters survive a black and white print; the style is there to search for."""
    data = write(draft(Placeholder("the cap", "/cap"), Paragraph((Gap("the dose"),))))
    assert outline(data).startswith("Placeholder: [the cap]\nBody Text: [the dose]\n")
    styles = [run.get(f"{W}val") for run in part(data).iter(f"{W}rStyle")]
    assert styles == ["PlaceholderChar", "PlaceholderChar"]


def test_fields_are_content_controls_with_one_tag_for_a_locator_and_an_id_for_each_place() -> None:
    """Aliases end where Word ends them."""
    field = Field("/arms/id=A/dose", "dose of the arm " * 9, words("1 mg"))
    data = write(draft(Paragraph((field, Text(" "), field)), Paragraph((Field("/x", "x", ()),))))
    tags = [tag.get(f"{W}val") for tag in part(data).iter(f"{W}tag")]
    ids = [found.get(f"{W}val") for found in part(data).iterfind(f".//{W}sdtPr/{W}id")]
    aliases = [alias.get(f"{W}val") for alias in part(data).iter(f"{W}alias")]
    assert (len(tags), len(set(tags)), len(set(ids))) == (2, 1, 2)
    assert {len(alias) for alias in aliases} == {64}


def test_controls_can_be_left_out() -> None:
    """The words stay."""
    blocks = (Paragraph((Field("/x", "x", words("1 mg")), Gap("what", "/y"))), Contents())
    plain, usual = write(draft(*blocks, controls=False)), write(draft(*blocks))
    assert outline(plain) == outline(usual)
    assert (len(list(part(plain).iter(f"{W}tag"))), len(list(part(usual).iter(f"{W}tag")))) == (0, 2)
    assert not list(part(plain, "customXml/item1.xml").iter("{urn:protocolkit:word:1}control"))


def test_every_page_carries_identifier_version_count_and_banner() -> None:
    """In portrait and landscape sections, first pages included."""
    data = write(draft())
    for number in (1, 2):
        header, footer = part(data, f"word/header{number}.xml"), part(data, f"word/footer{number}.xml")
        assert "".join(header.itertext()) == "PK-001Version 1.0, 2026-03-01FICTIONAL EXAMPLE: not a real trial"
        assert "Page  PAGE 1 of  NUMPAGES 1" in "".join(footer.itertext())
        assert "Confidential: property of the sponsor." in "".join(footer.itertext())
    sections = list(part(data).iter(f"{W}sectPr"))
    assert [len(section.findall(f"{W}headerReference")) for section in sections] == [1] * 4
    assert not list(part(data).iter(f"{W}titlePg"))


def test_a_figure_says_in_words_what_it_shows() -> None:
    """The alternative text stands with the drawing, and in place of it where shapes are unknown."""
    xml = write(draft(figure()))
    drawn = next(part(xml).iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"))
    assert drawn.get("descr") == "Screening leads to ketamine or placebo."
    assert text(xml).count("Screening leads") == 0


def test_hostile_texts_are_words_in_every_place() -> None:
    """Nothing that a file can hold crashes the writer or becomes XML."""
    blocks = (
        Contents(),
        Heading(1, words(HOSTILE), HOSTILE),
        Heading(0, words(HOSTILE)),
        Paragraph(
            (Gap(HOSTILE, HOSTILE), Field(HOSTILE, HOSTILE, words(HOSTILE)), Reference(HOSTILE), Citation(HOSTILE))
        ),
        Table(
            (Row((cell(HOSTILE, header=True),), header=True),),
            (1,),
            words(HOSTILE),
            HOSTILE,
            HOSTILE,
            ((HOSTILE, words(HOSTILE)),),
        ),
        Figure((Box(0, 0, 9, 9, (HOSTILE,)),), (), 9, 9, HOSTILE, words(HOSTILE), HOSTILE),
        Placeholder(HOSTILE, HOSTILE),
        Paragraph(words(HOSTILE), HOSTILE, HOSTILE),
        Note(words(HOSTILE)),
        List((ListItem(words(HOSTILE)),)),
    )
    everywhere = dict.fromkeys(
        (
            "title",
            "identifier",
            "version",
            "date",
            "subject",
            "banner",
            "confidentiality",
            "footer",
            "language",
            "page",
        ),
        HOSTILE,
    )
    found = body(*blocks, **everywhere, canonical=HOSTILE.encode("utf-8", "surrogatepass"))
    assert found.count("]]> <w:p> {{ 7*7 }} {% raw %} \ufffd \ufffd \ufffd \u202e\u05d0\u05d1 \U0001f600") >= 10


def test_an_override_of_the_direction_of_writing_ends_with_its_text() -> None:
    """It would turn round the words of the document that follow."""
    assert "a\u202eb\u202c" in body(Paragraph((Text("a\u202eb"), Text("c"))))
    assert "a\u2067b\u2069\u202cc" not in body(Paragraph((Text("a\u2067b\u2069"), Text("c"))))


@pytest.mark.parametrize("words_of_a_value", ["x" * 1_000_000, "&" * 3_000_000, "a\n" * 20_000, "\ud800" * 100_000])
def test_a_very_long_text_is_written(words_of_a_value: str) -> None:
    """libxml2 refuses ten million bytes in one text; runs are cut before."""
    data = write(draft(Paragraph(words(words_of_a_value))))
    written = text(data)
    assert len(written) >= len(words_of_a_value) - 1


def test_line_ends_and_tabs_of_a_value_stay() -> None:
    """They become breaks and tabs of Word."""
    assert body(Paragraph(words("a\r\nb\tc\nd"))).startswith("Body Text: a\nb\tc\nd")
