"""An audit for other programs: SARIF for code scanning, JUnit for test reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from protocolkit import __version__
from protocolkit.checklists import Status
from protocolkit.document import NOWHERE
from protocolkit.report.audit_text import told
from protocolkit.report.auditing import WORDS, noted
from protocolkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.checklists import Audit, Audited
    from protocolkit.report.auditing import AuditReport

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Status.UNMET: "error", Status.PARTIAL: "warning", Status.NEEDS_PERSON: "note"}


def as_sarif(report: AuditReport) -> str:
    """Write an audit as SARIF 2.1.0: one result for each item that is not met, partly met or for a person to judge."""
    runs = [_run(report)]
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": runs}, ensure_ascii=False, indent=2) + "\n"


def _run(report: AuditReport) -> dict[str, Any]:
    rules = {_name(audit, item): (audit, item) for audit in report.audits for item in audit.items}
    whole = not report.unread and not any(audit.crashed for audit in report.audits)
    ended = {"executionSuccessful": whole, "toolExecutionNotifications": list(_notified(report))}
    return {
        "tool": {"driver": {
            "name": "protocolkit", "version": __version__,
            "rules": [_rule(name, audit, item) for name, (audit, item) in rules.items()],
        }},
        "columnKind": "unicodeCodePoints",
        "invocations": [ended],
        "results": [_result(audit, item, report) for audit in report.audits for item in audit.items
                    if item.status in _LEVELS],
    }  # fmt: skip


def _name(audit: Audit, item: Audited) -> str:
    return f"{audit.checklist.name}/{item.item.id}"


def _rule(name: str, audit: Audit, item: Audited) -> dict[str, Any]:
    rule = {"id": name, "shortDescription": {"text": item.item.topic}, "fullDescription": {"text": item.item.text}}
    url = item.item.url or audit.checklist.source
    return {**rule, "helpUri": url} if url else rule


def _notified(report: AuditReport) -> Iterator[dict[str, Any]]:
    for audit in report.audits:
        for note in noted(audit):
            yield {"level": "warning", "message": {"text": f"{audit.subject.file}: {note}"}}
    for unread in report.unread:
        yield {"level": "error", "message": {"text": f"{unread.file} could not be read: {unread.told}"}}


def _result(audit: Audit, item: Audited, report: AuditReport) -> dict[str, Any]:
    spans = [*(row.span for row in item.missing), *(row.span for row in item.evidence), NOWHERE]
    span = spans[0]
    region = {"startLine": span.start.line, "startColumn": span.start.column,
              "endLine": span.end.line, "endColumn": span.end.column}  # fmt: skip
    place = {"artifactLocation": {"uri": _uri(audit.subject.file)}, "region": region}
    words = "; ".join(told(item, fails=report.fails(audit, item)))
    result: dict[str, Any] = {
        "ruleId": _name(audit, item), "level": _LEVELS[item.status],
        "message": {"text": f"{item.item.topic}: {WORDS[item.status]}. {words}".strip()},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"protocolkit/v1": f"{_name(audit, item)}:{item.status.value}"},
    }  # fmt: skip
    if item.waived:
        result["suppressions"] = [{"kind": "inSource", "justification": item.waived.reason}]
    return result


def _uri(file: str) -> str:
    """Write the path of a file as a URI reference, which has neither spaces nor `#` nor letters beyond ASCII."""
    from urllib.parse import quote  # noqa: PLC0415 - for this form only

    return quote(file.replace("\\", "/"))


def as_junit(report: AuditReport) -> bytes:
    """Write an audit as JUnit XML: a suite for each audit, a case for each item; what fails the gate is a failure."""
    root = Element("testsuites", name="protocolkit audit")
    for unread in report.unread:
        suite = SubElement(root, "testsuite", name=clean(unread.file), tests="1", errors="1", failures="0", skipped="0")
        case = SubElement(suite, "testcase", classname=clean(unread.file), name="the file can be read")
        SubElement(case, "error", message=clean(unread.told))
    for audit in report.audits:
        _suite(root, audit, report)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(root: Element, audit: Audit, report: AuditReport) -> None:
    failing = [item for item in audit.items if report.fails(audit, item)]
    skipped = [item for item in audit.items if item.status in (Status.NOT_APPLICABLE, Status.NEEDS_PERSON)]
    suite = SubElement(
        root, "testsuite", name=clean(f"{audit.subject.file}: {audit.checklist.name}"), tests=str(len(audit.items)),
        failures=str(len(failing)), errors="0", skipped=str(sum(item not in failing for item in skipped)),
    )  # fmt: skip
    for item in audit.items:
        name = clean(f"{item.item.id} {item.item.topic}")
        case = SubElement(suite, "testcase", classname=clean(f"{audit.subject.file}.{audit.checklist.name}"), name=name)
        words = clean("\n".join(told(item)))
        if item in failing:
            SubElement(case, "failure", message=WORDS[item.status]).text = words
        elif item in skipped:
            SubElement(case, "skipped", message=WORDS[item.status])
        SubElement(case, "system-out").text = words
