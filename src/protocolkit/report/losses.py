"""Place what was lost between two formats: each finding in its source, with the place in the protocol file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.document import Document
from protocolkit.report.model import FileReport, Placed, place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.findings import Finding

_NOTHING = Document("", None)


def losses_file(source: Document, findings: Iterable[Finding], other: Document | None) -> FileReport:
    """Return the report on one record of a source; related places are those of the `other` document."""
    to = other or _NOTHING
    placed = [_placed(source, finding, to) if finding.related else place(source, finding) for finding in findings]
    readable = source.data is not None and not source.findings
    return FileReport(source.name, readable, (), tuple(sorted(placed, key=lambda row: row.order)))


def _placed(source: Document, finding: Finding, other: Document) -> Placed:
    span = source.span(finding.pointer, finding.target)
    where = f" ({other.name})" if other.name else ""
    related = tuple((other.span(row.pointer), row.pointer, row.message + where) for row in finding.related)
    return Placed(finding, source.name, span, finding.pointer, "", related)
