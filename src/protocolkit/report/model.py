"""What a check of protocol files came to: findings with their places, counts, and how it ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from protocolkit import __version__
from protocolkit.document import pointer as written
from protocolkit.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Document
    from protocolkit.findings import Finding, Span

REPORT_FORMAT = 1
THRESHOLDS = ("error", "warning", "info", "never")
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with its place in a file's text worked out."""

    finding: Finding
    file: str
    span: Span
    locator: str
    source: str
    related: tuple[tuple[Span, str, str], ...] = ()

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sort by file, line, column, code, pointer."""
        start = self.span.start
        return self.file, start.line, start.column, self.finding.code, self.finding.pointer


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: whether it could be read, what it says it is, and its findings in order of position."""

    path: str
    readable: bool
    profiles: tuple[str, ...]
    findings: tuple[Placed, ...]


@dataclass(frozen=True)
class Report:
    """The result of a command over some files; `to_json` is the document that other programs read."""

    command: str
    engine: str
    files: tuple[FileReport, ...]
    fail_on: str = "error"
    findings: tuple[Placed, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = sorted((placed for file in self.files for placed in file.findings), key=lambda placed: placed.order)
        object.__setattr__(self, "findings", tuple(found))

    @cached_property
    def counts(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        return Counter(placed.finding.severity for placed in self.findings)

    @property
    def exit_code(self) -> int:
        """1 where a finding reaches the threshold or a file could not be read, else 0."""
        if not all(file.readable for file in self.files):
            return 1
        if self.fail_on == "never":
            return 0
        failing = _ORDER[: _ORDER.index(Severity(self.fail_on)) + 1]
        return int(any(self.counts[severity] for severity in failing))

    def to_json(self) -> dict[str, Any]:
        """Return the report as the JSON document of `schemas/report.schema.json`."""
        return {
            "format": REPORT_FORMAT,
            "tool": {"name": "protocolkit", "version": __version__, "engine": self.engine},
            "command": self.command,
            "summary": self._summary(),
            "exit_code": self.exit_code,
            "files": [_file(file) for file in self.files],
            "findings": [_finding(placed) for placed in self.findings],
        }

    def _summary(self) -> dict[str, int]:
        named = zip(("errors", "warnings", "infos"), _ORDER, strict=True)
        counts = {name: self.counts[severity] for name, severity in named}
        return {"files": len(self.files), **counts, "suppressed": 0, "crashed": 0, "not_checked": 0}


def _file(file: FileReport) -> dict[str, Any]:
    rules = dict.fromkeys(("passed", "found", "not_applicable", "not_checked", "crashed"), 0)
    profiles = list(file.profiles)
    return {"path": file.path, "profiles": profiles, "readable": file.readable, "rules": rules, "outcomes": []}


def _finding(placed: Placed) -> dict[str, Any]:
    finding, span = placed.finding, placed.span
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": placed.file,
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
        "pointer": finding.pointer,
        "locator": placed.locator,
        "message": finding.message,
        "hint": finding.hint,
        "basis": [basis._asdict() for basis in finding.basis],
        "related": [
            {"line": span.start.line, "column": span.start.column, "pointer": pointer, "message": message}
            for span, pointer, message in placed.related
        ],
        "suppressed": False,
    }


def report_file(document: Document, findings: Iterable[Finding]) -> FileReport:
    """Place the findings about one document."""
    placed = sorted((_placed(document, finding) for finding in findings), key=lambda placed: placed.order)
    return FileReport(document.name, document.readable, _profiles(document), tuple(placed))


def _profiles(document: Document) -> tuple[str, ...]:
    return tuple(tag.text for tag in document.root["profiles"] if tag.text)


def _placed(document: Document, finding: Finding) -> Placed:
    span = finding.span or document.span(finding.pointer, finding.target)
    related = tuple((document.span(r.pointer), r.pointer, r.message) for r in finding.related)
    return Placed(finding, document.name, span, _locator(document, finding.pointer), _line(document, span), related)


def _locator(document: Document, place: str) -> str:
    """Write a pointer as a locator, also where its last steps lead to something that is absent."""
    steps = place.split("/")
    for end in range(len(steps), 0, -1):
        path = document.path("/".join(steps[:end]))
        if path is not None:
            return document.locator(path) + "".join(f"/{step}" for step in steps[end:])
    return place or written(())


def _line(document: Document, span: Span) -> str:
    if not document.text:
        return ""
    start = span.start.index - span.start.column + 1
    end = min((at for mark in "\r\n" if (at := document.text.find(mark, start)) >= 0), default=len(document.text))
    return document.text[start:end]
