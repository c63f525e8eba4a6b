"""An audit as one self-contained HTML page: to filter, to unfold, to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.report.audit_text import REACH, counted, decided
from protocolkit.report.auditing import STATUSES, WORDS, noted
from protocolkit.report.text import clean
from protocolkit.resources import read_text

if TYPE_CHECKING:
    from protocolkit.checklists import Audit, Audited
    from protocolkit.report.auditing import AuditReport


def as_html(report: AuditReport) -> str:
    """Write an audit as HTML; every value of the protocol is escaped, and nothing is fetched."""
    from jinja2 import StrictUndefined  # noqa: PLC0415 - for this form only
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - as above

    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(read_text("templates", "report/audit.html"))
    unread_files = [
        {"file": clean(unread.file), "messages": [clean(message) for message in unread.messages]}
        for unread in report.unread
    ]
    statuses = [{"key": status.value, "words": WORDS[status]} for status in STATUSES]
    audits = [_audit(audit, report, number) for number, audit in enumerate(report.audits, 1)]
    return template.render(audits=audits, unread=unread_files, statuses=statuses, reach=REACH)


def _audit(audit: Audit, report: AuditReport, number: int) -> dict[str, Any]:
    return {
        "number": number, "file": clean(audit.subject.file), "checklist": audit.checklist, "counted": counted(audit),
        "notes": [clean(note) for note in noted(audit)],
        "counts": {status.value: audit.counts[status] for status in STATUSES},
        "items": [_item(item, fails=report.fails(audit, item)) for item in audit.items],
    }  # fmt: skip


def _item(item: Audited, *, fails: bool) -> dict[str, Any]:
    return {
        "item": item.item, "status": item.status.value, "words": WORDS[item.status], "fails": fails,
        "reason": clean(item.reason), "decided": [clean(line) for line in decided(item)],
        "missing": [{"what": clean(row.what), "pointer": clean(row.pointer)} for row in dict.fromkeys(item.missing)],
        "instances": [{"locator": clean(row.locator), "words": WORDS[row.status]} for row in item.instances],
        "evidence": [
            {"value": clean(row.value), "locator": clean(row.locator), "satisfies": row.satisfies,
             "line": row.span.start.line}
            for row in item.evidence
        ],
    }  # fmt: skip
