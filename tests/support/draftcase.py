"""A draft with every kind of block and inline run, for the tests of the writer."""

from __future__ import annotations

from protocolkit.render.blocks import (
    Align,
    Arrow,
    Block,
    Box,
    Cell,
    Citation,
    Contents,
    Draft,
    Field,
    Figure,
    Gap,
    Heading,
    Landscape,
    List,
    ListItem,
    Mark,
    Note,
    PageBreak,
    Paragraph,
    Placeholder,
    Reference,
    Row,
    Table,
    Text,
)

BOLD, SUPERSCRIPT = frozenset({Mark.BOLD}), frozenset({Mark.SUPERSCRIPT})


def words(text: str) -> tuple[Text, ...]:
    """Return a text as inline runs."""
    return (Text(text),)


def cell(text: str, *, span: int = 1, header: bool = False, align: Align = Align.LEFT) -> Cell:
    """Return a cell with one paragraph."""
    return Cell((Paragraph(words(text)),), span, header=header, align=align)


SMALL = Table((Row((cell("a"), cell("b"))),), (1, 1))


def schedule(visits: int, activities: int) -> Table:
    """Return a schedule of activities: two header rows, and a cross where an activity takes place."""
    head = Row(
        (
            cell("Period", header=True),
            cell("Screening", header=True),
            cell("Treatment and follow-up", span=visits - 1, header=True, align=Align.CENTRE),
        ),
        header=True,
    )
    visit_row = Row(
        (cell("Activity", header=True), *(cell(f"V{n}", header=True, align=Align.CENTRE) for n in range(visits))),
        header=True,
    )
    rows = [
        Row((cell(f"Activity {n}"), *(cell("X" if (n + v) % 3 else "", align=Align.CENTRE) for v in range(visits))))
        for n in range(activities)
    ]
    notes = (("a", words("Only before the infusion.")), ("b", (Text("See "), Reference("sec:1.1"), Text("."))))
    return Table(
        (head, visit_row, *rows),
        (4, *[1] * visits),
        words("Schedule of activities"),
        "tab:soa",
        "Which activity takes place at which visit",
        notes,
        small=True,
    )


def figure() -> Figure:
    """Return a trial schema: one box above, two below, an arrow to each."""
    boxes = (
        Box(55, 0, 50, 16, ("Screening", "up to 28 days"), shaded=True),
        Box(0, 36, 60, 18, ("Ketamine", "0.35 mg/kg/h for 4 h")),
        Box(100, 36, 60, 18, ("Placebo", "same volume")),
    )
    arrows = (Arrow(80, 16, 30, 36), Arrow(80, 16, 130, 36))
    return Figure(
        boxes, arrows, 160, 56, "Screening leads to ketamine or placebo.", words("Trial schema"), "fig:schema"
    )


def front() -> tuple[Block, ...]:
    """Return a title page and the contents."""
    rows = (
        Row((cell("Full title"), Cell((Paragraph((Field("/trial/full_title", "full title", words("A trial")),)),)))),
        Row((cell("Sponsor"), Cell((Paragraph((Gap("name of the sponsor", "/trial/sponsor/name"),)),)))),
    )
    return (
        Paragraph(words("Ketamine for chronic pain"), "Title"),
        Paragraph(words("Clinical trial protocol"), "Subtitle"),
        Table(rows, (1, 2), borders="plain"),
        PageBreak(),
        Heading(0, words("Table of contents"), in_contents=False),
        Contents(),
        PageBreak(),
    )


def middle() -> tuple[Block, ...]:
    """Return sections with lists, figure and references."""
    nested = List((ListItem(words("one below")), ListItem(words("another"))), ordered=True)
    bullets = List((ListItem(words("first"), nested), ListItem(words("second"))))
    return (
        Heading(1, words("Protocol summary"), "1"),
        Heading(2, words("Trial schema"), "1.1"),
        Paragraph(
            (
                Text("As shown in "),
                Reference("fig:schema"),
                Text(" and "),
                Reference("tab:soa"),
                Text("; see "),
                Reference("sec:2.1"),
                Text(" and the evidence "),
                Citation("smith2020"),
                Text("."),
            )
        ),
        figure(),
        Heading(2, words("Schedule of activities"), "1.2"),
        Paragraph(words("The schedule stands on the next page.")),
        Landscape((schedule(12, 24),)),
        Heading(1, words("Introduction"), "2"),
        Heading(2, (Text("Purpose of the trial, with "), Text("bold", BOLD)), "2.1"),
        bullets,
        List((ListItem(words("first criterion")), ListItem(words("second criterion"))), ordered=True),
        List((ListItem(words("counts from one again")),), ordered=True),
        Heading(3, words("Dose"), "2.1.1"),
        Paragraph(
            (
                Text("10"),
                Text("9", SUPERSCRIPT),
                Text("/L and "),
                Field("/dose", "dose", words("0.35 mg/kg/h")),
                Text(", again "),
                Field("/dose", "dose", words("0.35 mg/kg/h")),
            )
        ),
        Heading(4, words("Fourth level"), "2.1.1.1"),
        Placeholder("the cap of the dose", "/interventions/id=KET/regimen/steps/0/cap"),
        Heading(5, words("Fifth level"), "2.1.1.1.1"),
        Note(words("Computed for review, not for administration.")),
    )


def back() -> tuple[Block, ...]:
    """Return tables that stand close together, and the reference list."""
    listed = Cell((Paragraph(words("Either")), List((ListItem(words("one")), ListItem(words("two"))), ordered=True)))
    rows = (
        Row((cell("Objective", header=True), cell("Endpoint", header=True)), header=True),
        Row((cell("Primary"), listed)),
        Row((cell("All", span=2),)),
    )
    data = Table(rows, (1, 1), words("Objectives"), "tab:objectives")
    return (
        data,
        Table(rows, (1, 3)),
        Paragraph(
            (
                Text("After the tables "),
                Reference("tab:objectives"),
                Text(", "),
                Reference("tab:nowhere"),
                Text(" and "),
                Citation("nobody"),
                Text("."),
            )
        ),
        Heading(0, words("References")),
        Paragraph(words("Jones B. On pain. 2019."), "Bibliography", "cite:jones2019"),
        Paragraph(words("Smith A. On ketamine. 2020."), "Bibliography", "cite:smith2020"),
        Landscape((Table(rows, (1, 1), words("Last of all"), "tab:last"),)),
    )


def draft(*blocks: Block, **changes: object) -> Draft:
    """Return a draft of some blocks, or of every kind of block."""
    usual: dict[str, object] = {
        "title": "Ketamine for chronic pain",
        "identifier": "PK-001",
        "version": "1.0",
        "date": "2026-03-01",
        "subject": "Clinical trial protocol",
        "banner": "FICTIONAL EXAMPLE: not a real trial",
        "confidentiality": "Confidential: property of the sponsor.",
        "footer": "Ketamine for chronic pain",
        "canonical": b'{"protocolkit":1,"trial":{"protocol_id":"PK-001"}}',
    }
    return Draft(blocks or (*front(), *middle(), *back()), **{**usual, **changes})  # type: ignore[arg-type]
