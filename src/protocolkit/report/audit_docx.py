"""An audit as the Word table that journals and ethics committees ask for, with a column for the reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.checklists.audit import Subject
from protocolkit.render.blocks import Block, Cell, Draft, Heading, Landscape, Paragraph, Row, Table, Text
from protocolkit.render.word import write
from protocolkit.report.audit_text import REACH, counted, decided, found
from protocolkit.report.auditing import WORDS, noted
from protocolkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.checklists import Audit, Audited
    from protocolkit.report.auditing import AuditReport

_HEADS = ("Item", "Description", "Section", "Page", "Status", "Found, or missing", "Reviewer")
_WIDTHS = (6, 24, 8, 6, 10, 32, 14)
_SHOWN = 5  # lines of evidence
_USE = (
    "Sections are those of the ICH M11 document that protocolkit renders of this version of the protocol. The columns "
    "for the page and for the reviewer are to be filled in by hand."
)


def as_docx(report: AuditReport) -> bytes:
    """Write an audit as a Word document; sections are those of ICH M11, pages are for the reader to fill in."""
    blocks: list[Block] = [Heading(0, _run("Checklist audit"), in_contents=False)]
    blocks += [Paragraph(_run(f"{unread.file} could not be read: {unread.told}")) for unread in report.unread]
    blocks += [Paragraph(_run(REACH)), Paragraph(_run(_USE))]
    blocks += [
        Paragraph(_run(f"{_named(audit)}, {audit.checklist.title}: {counted(audit)}.")) for audit in report.audits
    ]
    tables = tuple(block for audit in report.audits for block in _audit(audit))
    first = report.audits[0].subject if report.audits else Subject("", "", "", "")
    return write(Draft(
        (*blocks, *((Landscape(tables),) if tables else ())),
        "Checklist audit", first.protocol_id, first.version, first.date,
        subject="Audit of a trial protocol against checklists", controls=False,
    ))  # fmt: skip


def _run(text: str) -> tuple[Text, ...]:
    return (Text(clean(text)),)


def _named(audit: Audit) -> str:
    subject = audit.subject
    return f"{subject.protocol_id or subject.file}{f', version {subject.version}' if subject.version else ''}"


def _audit(audit: Audit) -> Iterator[Block]:
    checklist = audit.checklist
    yield Heading(0, _run(f"{checklist.title}, version {checklist.version}"), in_contents=False)
    yield Paragraph(_run(f"Protocol: {_named(audit)} ({audit.subject.file}). {counted(audit)}."))
    yield from (Paragraph(_run(note)) for note in noted(audit))
    if checklist.source:
        yield Paragraph(_run(f"Source: {checklist.source}"))
    heads = Row(tuple(Cell((Paragraph(_run(head)),), header=True, shaded=True) for head in _HEADS), header=True)
    rows = tuple(_row(item) for item in audit.items)
    yield Table((heads, *rows), _WIDTHS, description="Each row of the checklist with its status", small=True)


def _row(item: Audited) -> Row:
    number = f"{item.item.id}{'*' if item.item.critical else ''}"
    cells = ([number], [f"{item.item.topic}. {item.item.text}"], [item.item.section], [""], [WORDS[item.status]],
             list(_told(item)), list(decided(item)))  # fmt: skip
    return Row(tuple(_cell(lines) for lines in cells))


def _told(item: Audited) -> Iterator[str]:
    for what in dict.fromkeys(row.what for row in item.missing):
        yield f"Missing: {what}"
    if item.reason:
        yield item.reason
    yield from found(item, _SHOWN)


def _cell(lines: Iterable[str]) -> Cell:
    return Cell(tuple(Paragraph(_run(line)) for line in lines) or (Paragraph(()),))
