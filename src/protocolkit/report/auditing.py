"""The result of an audit: what counts against the gate, the exit code, and the document that other programs read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit import __version__
from protocolkit.checklists import Status
from protocolkit.checklists.content import clipped
from protocolkit.errors import UsageError
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.checklists import Audit, Audited, Checklist
    from protocolkit.checklists.audit import Evidence, Lacking

AUDIT_FORMAT = 1
_ENTRY = re.compile(r"/\d+(?=/|$)")
FAIL_ON = ("unmet", "partial", "never")
STATUSES = (Status.MET, Status.PARTIAL, Status.UNMET, Status.NOT_APPLICABLE, Status.NEEDS_PERSON)
WORDS = {
    Status.MET: "met", Status.PARTIAL: "partly met", Status.UNMET: "not met",
    Status.NOT_APPLICABLE: "does not apply", Status.NEEDS_PERSON: "needs a person",
}  # fmt: skip


class Unread(NamedTuple):
    """A file that could not be read whole, and what was wrong with it."""

    file: str
    messages: tuple[str, ...]

    @property
    def told(self) -> str:
        """The messages in one line."""
        return "; ".join(self.messages)


class AuditReport(NamedTuple):
    """Audits of some files, those that could not be read, and what the gate asks for."""

    audits: tuple[Audit, ...]
    unread: tuple[Unread, ...]
    engine: str
    fail_on: str = "unmet"
    required: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where a rule crashed, 1 where an item fails the gate or a file could not be read, else 0."""
        if any(audit.crashed for audit in self.audits):
            return 3
        return int(bool(self.unread) or any(self.fails(audit, item) for audit in self.audits for item in audit.items))

    def fails(self, audit: Audit, item: Audited) -> bool:
        """Say whether an item counts against the gate; a waived one does not."""
        if item.waived is not None:
            return False
        if f"{audit.checklist.name}/{item.item.id}" in self.required:
            return item.status not in (Status.MET, Status.NOT_APPLICABLE)
        failing = {"unmet": (Status.UNMET,), "partial": (Status.UNMET, Status.PARTIAL), "never": ()}[self.fail_on]
        return item.status in failing

    def to_json(self) -> dict[str, Any]:
        """Return the audits as the JSON document of `schemas/audit.schema.json`."""
        return {
            "format": AUDIT_FORMAT,
            "tool": {"name": "protocolkit", "version": __version__, "engine": self.engine},
            "command": "audit",
            "exit_code": self.exit_code,
            "unread": [{"file": row.file, "messages": list(row.messages)} for row in self.unread],
            "audits": [_audit(audit) for audit in self.audits],
        }


def required(wanted: Iterable[str], checklists: Iterable[Checklist]) -> tuple[str, ...]:
    """Return the items that must be met, as `checklist/number`; a bare number is one of the only checklist.

    Raises UsageError for an item that no wanted checklist has.
    """
    known = tuple(checklists)
    return tuple(_required(text, known) for text in wanted)


def _required(text: str, checklists: tuple[Checklist, ...]) -> str:
    name, _, identifier = text.rpartition("/")
    chosen = [checklist for checklist in checklists if checklist.name == name or (not name and len(checklists) == 1)]
    if not chosen or chosen[0].item(identifier) is None:
        known = ", ".join(checklist.name for checklist in checklists)
        raise UsageError(f"there is no item {text!r} in {known}; items are named as in spirit-2025/21b")
    return f"{chosen[0].name}/{identifier}"


def noted(audit: Audit) -> list[str]:
    """Return what there is to say of an audit beside its rows: rules that crashed, waivers and reviews at fault."""
    crashed = [f"the rule {code} crashed; what rests on it is not judged" for code in audit.crashed]
    return [*crashed, *audit.notes]


def gathered(item: Audited) -> Iterator[tuple[str, int]]:
    """Yield the words that met a row, with how many places say so.

    Places that differ in nothing but the entry of a list stand together, such as the names of all visits.
    """
    found: dict[str, list[Evidence]] = {}
    for row in item.evidence:
        if row.satisfies:
            found.setdefault(_ENTRY.sub("/*", row.pointer), []).append(row)
    for place, rows in found.items():
        if len(rows) == 1:
            yield f'"{rows[0].value}" ({rows[0].locator})', 1
        else:
            words = ", ".join(f'"{value}"' for value in dict.fromkeys(row.value for row in rows))
            yield f"{clipped(words)} ({len(rows)} at {place})", len(rows)


def _audit(audit: Audit) -> dict[str, Any]:
    counts, checklist = audit.counts, audit.checklist
    return {
        "file": audit.subject.file,
        "checklist": checklist.name,
        "version": checklist.version,
        "source": checklist.source,
        "notes": noted(audit),
        "summary": {**{status.value: counts[status] for status in STATUSES}, "rows": len(audit.items)},
        "items": [_item(item) for item in audit.items],
    }


def _item(item: Audited) -> dict[str, Any]:
    review = item.review
    return {
        "id": item.item.id,
        "topic": item.item.topic,
        "status": item.status.value,
        "critical": item.item.critical,
        "reason": item.reason,
        "evidence": [_evidence(row) for row in item.evidence],
        "missing": [_missing(row) for row in item.missing],
        "instances": [
            {"locator": row.locator, "status": row.status.value, "missing": [_missing(each) for each in row.missing]}
            for row in item.instances
        ],
        "section": item.item.section,
        "page": None,
        "waived": item.waived._asdict() if item.waived else None,
        "review": review and {"decision": review.decision, "by": review.by, "date": review.date,
                              "comment": review.comment, "stale": review.stale},
        "seen": item.seen,
    }  # fmt: skip


def _evidence(row: Evidence) -> dict[str, Any]:
    start = row.span.start
    return {
        "pointer": row.pointer, "locator": row.locator, "line": start.line, "column": start.column,
        "value": row.value, "satisfies": row.satisfies,
    }  # fmt: skip


def _missing(row: Lacking) -> dict[str, str]:
    return {"pointer": row.pointer, "what": row.what}
