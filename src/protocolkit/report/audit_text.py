"""An audit for people at a terminal: 80 columns, by topic, each item with the words that met it or what is missing."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from protocolkit.checklists import Status
from protocolkit.report.auditing import STATUSES, WORDS, gathered, noted
from protocolkit.report.text import WIDTH, clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocolkit.checklists import Audit, Audited
    from protocolkit.report.auditing import AuditReport

    Paint = Callable[[str, str], str]

_NUMBER = 7  # a column for the numbers of rows; wider where ids are words
_EVIDENCE = 6  # lines: a report of every word would hide what is missing; json and html hold them all
_COLOURS = {
    Status.MET: "32", Status.PARTIAL: "33;1", Status.UNMET: "31;1", Status.NOT_APPLICABLE: "2",
    Status.NEEDS_PERSON: "36;1",
}  # fmt: skip
REACH = (
    "What is filled in is not always adequate: a qualified person must read it. Rows marked * are those that dosing, "
    "follow-up and harms stand on; that choice is protocolkit's, not the checklist's."
)


def as_text(report: AuditReport, *, color: bool = False, quiet: bool = False) -> str:
    """Write an audit as text; `quiet` leaves out items that are met or do not apply."""
    paint: Paint = _coloured if color else _plain
    lines = [line for unread in report.unread for line in wrapped(f"{unread.file}: could not be read: "
             + unread.told)]  # fmt: skip
    for audit in report.audits:
        lines += _audit(audit, report, paint, quiet=quiet)
    lines += _matrix(report)
    return "\n".join([*lines, *wrapped(REACH)]) + "\n"


def _plain(text: str, _: str) -> str:
    return text


def _coloured(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _audit(audit: Audit, report: AuditReport, paint: Paint, *, quiet: bool) -> Iterator[str]:
    yield from wrapped(f"{clean(audit.subject.file)}: {audit.checklist.title}, version {audit.checklist.version}")
    yield from wrapped(audit.checklist.source)
    column = max(_NUMBER, *(len(item.item.id) for item in audit.items))
    shown = [item for item in audit.items if not quiet or item.status not in (Status.MET, Status.NOT_APPLICABLE)]
    for topic, items in groupby(shown, key=lambda item: item.item.topic):
        yield ""
        yield from wrapped(topic)
        for item in items:
            yield from _item(item, paint, column, fails=report.fails(audit, item))
    yield ""
    yield from wrapped(counted(audit))
    yield from (line for note in noted(audit) for line in wrapped(clean(note), "! ", "  "))
    yield ""


def counted(audit: Audit) -> str:
    """Say how many items there are of each status; counts only, since no share of them means anything."""
    counts = audit.counts
    told = ", ".join(f"{counts[status]} {WORDS[status]}" for status in STATUSES if counts[status])
    return f"{len(audit.items)} rows: {told}"


def _item(item: Audited, paint: Paint, column: int, *, fails: bool) -> Iterator[str]:
    mark = "*" if item.item.critical else " "
    status, indent = paint(f"{WORDS[item.status]:<15}", _COLOURS[item.status]), column + 19
    head = wrapped(item.item.text, width=WIDTH - indent) or [""]
    yield f" {mark}{item.item.id:<{column}} {status} {head[0]}".rstrip()
    yield from (f"{'':{indent}}{line}" for line in head[1:])
    for line in told(item, fails=fails):
        yield from wrapped(clean(line), " " * 10, " " * 12)


def told(item: Audited, *, fails: bool = False) -> Iterator[str]:
    """Yield what there is to say about an item: what is missing, why, its words, who decided, who waived it."""
    for row in dict.fromkeys(item.missing):
        yield f"missing: {row.what} (at {row.pointer or 'the top of the file'})"
    if item.reason:
        yield item.reason
    if len(item.instances) > 1:
        yield from (f"{instance.locator}: {WORDS[instance.status]}" for instance in item.instances)
    if item.status is not Status.NOT_APPLICABLE:
        yield from found(item, _EVIDENCE)
    yield from decided(item)
    if fails:
        yield "this fails the gate"


def found(item: Audited, most: int) -> Iterator[str]:
    """Yield the words that met an item, in so many lines at most, and how many places are left."""
    lines = list(gathered(item))
    yield from (words for words, _ in lines[:most])
    if left := sum(places for _, places in lines[most:]):
        yield f"and {left} more places"


def decided(item: Audited) -> Iterator[str]:
    """Yield what a person decided about an item, and why it is waived."""
    if review := item.review:
        stale = "; the evidence has changed since" if review.stale else ""
        note = f": {review.comment}" if review.comment else ""
        yield f"{review.by} {review.decision.replace('_', ' ')} ({review.date}){note}{stale}"
    if waived := item.waived:
        until = f", until {waived.until}" if waived.until else ""
        yield f"waived: {waived.reason}{f' ({waived.by})' if waived.by else ''}{until}"


def _matrix(report: AuditReport) -> Iterator[str]:
    """Yield a table of files by checklist, where there is more than one of either."""
    if len(report.audits) <= 1:  # one audit is no table
        return
    yield f"{'':38}{'met':>6}{'part':>6}{'not':>6}{'n/a':>6}{'person':>8}"
    for file, audits in groupby(report.audits, key=lambda audit: audit.subject.file):
        yield from wrapped(clean(file))
        for audit in audits:
            *counts, person = (audit.counts[status] for status in STATUSES)
            yield f"  {audit.checklist.name:<36}{''.join(f'{count:>6}' for count in counts)}{person:>8}"
    yield ""
