"""An audit as a Markdown table, for a pull request or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.report.audit_text import REACH, counted, told
from protocolkit.report.auditing import STATUSES, WORDS, noted
from protocolkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.checklists import Audit
    from protocolkit.report.auditing import AuditReport


def as_markdown(report: AuditReport) -> str:
    """Write an audit as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: AuditReport) -> Iterator[str]:
    if len(report.audits) > 1:
        yield from _matrix(report)
    for unread in report.unread:
        yield from (f"## {_cell(unread.file)}", "", f"Could not be read: {_cell(unread.told)}", "")
    for audit in report.audits:
        yield from _audit(audit, report)
    yield REACH


def _matrix(report: AuditReport) -> Iterator[str]:
    yield f"| file | checklist | {' | '.join(WORDS[status] for status in STATUSES)} |"
    yield f"|---|---|{'---:|' * len(STATUSES)}"
    for audit in report.audits:
        counts = " | ".join(str(audit.counts[status]) for status in STATUSES)
        yield f"| {_cell(audit.subject.file)} | {audit.checklist.name} | {counts} |"
    yield ""


def _audit(audit: Audit, report: AuditReport) -> Iterator[str]:
    checklist = audit.checklist
    yield from (f"## {_cell(audit.subject.file)}: {_cell(checklist.title)}", "")
    yield from (f"{counted(audit)}.{' Source: ' * bool(checklist.source)}{checklist.source}", "")
    for note in noted(audit):
        yield from (f"**{_cell(note)}**", "")
    yield from ("| item | what | status | section | found, or missing |", "|---|---|---|---|---|")
    for item in audit.items:
        words = "<br>".join(_cell(line) for line in told(item, fails=report.fails(audit, item)))
        number = f"{item.item.id}{' *' if item.item.critical else ''}"
        yield f"| {number} | {_cell(item.item.text)} | {WORDS[item.status]} | {item.item.section} | {words} |"
    yield ""


def _cell(text: str) -> str:
    """Return a text as the words of a table cell: nothing in it is markup."""
    plain = clean(" ".join(text.split())).replace("\\", "\\\\")
    for sign in "|*_`[]<>#":
        plain = plain.replace(sign, f"&#{ord(sign)};" if sign in "<>" else f"\\{sign}")
    return plain
