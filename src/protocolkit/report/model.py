"""What a check of protocol files came to: findings with their places, counts, and how it ends."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from protocolkit import __version__
from protocolkit.document import pointer as written
from protocolkit.findings import SEVERITIES, Severity
from protocolkit.rules.runner import Outcome
from protocolkit.schema.verdict import engine
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.document import Document
    from protocolkit.findings import Finding, Span
    from protocolkit.rules.runner import Ran
    from protocolkit.rules.waivers import Suppression

REPORT_FORMAT = 1
THRESHOLDS = (*map(str, SEVERITIES), "never")


class Placed(NamedTuple):
    """A finding with its place in a file's text worked out."""

    finding: Finding
    file: str
    span: Span
    locator: str
    source: str
    related: tuple[tuple[Span, str, str], ...] = ()
    suppression: Suppression | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sort by file, line, column, code, pointer."""
        start = self.span.start
        return self.file, start.line, start.column, self.finding.code, self.finding.pointer


class FileReport(NamedTuple):
    """One file: whether it could be read, what it says it is, and its findings in order of position.

    `left_out` counts the findings whose codes were not asked for.
    """

    path: str
    readable: bool
    profiles: tuple[str, ...]
    findings: tuple[Placed, ...]
    rules: tuple[Ran, ...] = ()
    left_out: int = 0


class Report:
    """The result of a command over some files; `to_json` is the document that other programs read."""

    def __init__(self, command: str, engine: str, files: tuple[FileReport, ...], fail_on: str = "error") -> None:
        self.command: Final = command
        self.engine: Final = engine
        self.files: Final = files
        self.fail_on: Final = fail_on
        found = (placed for file in files for placed in file.findings)
        self.findings: Final = tuple(sorted(found, key=lambda placed: placed.order))

    @cached_property
    def counts(self) -> Counter[Severity]:
        """How many findings there are of each severity, those that a waiver accepts apart."""
        return Counter(placed.finding.severity for placed in self.findings if placed.suppression is None)

    @cached_property
    def outcomes(self) -> Counter[Outcome]:
        """How many rules ended in which way, over all files."""
        return Counter(ran.outcome for file in self.files for ran in file.rules)

    @property
    def exit_code(self) -> int:
        """3 where a rule crashed, 1 where a finding reaches the threshold or a file could not be read, else 0."""
        if self.outcomes[Outcome.CRASHED]:
            return 3
        if not all(file.readable for file in self.files):
            return 1
        if self.fail_on == "never":
            return 0
        failing = SEVERITIES[: SEVERITIES.index(Severity(self.fail_on)) + 1]
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
        named = zip(("errors", "warnings", "infos"), SEVERITIES, strict=True)
        counts = {name: self.counts[severity] for name, severity in named}
        return {
            "files": len(self.files), **counts,
            "suppressed": sum(placed.suppression is not None for placed in self.findings),
            "crashed": self.outcomes[Outcome.CRASHED], "not_checked": self.outcomes[Outcome.NOT_CHECKED],
        }  # fmt: skip


def crashed(command: str) -> dict[str, Any]:
    """Return the report of a command that did not come to its end: nothing was checked, and one thing crashed."""
    whole = Report(command, engine(), ()).to_json()
    return {**whole, "summary": {**whole["summary"], "crashed": 1}, "exit_code": 3}


def _file(file: FileReport) -> dict[str, Any]:
    counts = Counter(ran.outcome for ran in file.rules)
    told = (ran for ran in file.rules if ran.outcome in (Outcome.NOT_CHECKED, Outcome.CRASHED))
    return {
        "path": file.path,
        "profiles": list(file.profiles),
        "readable": file.readable,
        "rules": {outcome.value: counts[outcome] for outcome in Outcome},
        "outcomes": [{"code": ran.code, "outcome": ran.outcome.value, "reason": ran.reason} for ran in told],
    }


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
        "suppressed": placed.suppression is not None,
        **({"suppression": _suppression(placed.suppression)} if placed.suppression else {}),
    }


def _suppression(accepted: Suppression) -> dict[str, str]:
    return {"kind": accepted.kind, "reason": accepted.reason, "by": accepted.by, "until": accepted.until}


def place(document: Document, finding: Finding, suppression: Suppression | None = None) -> Placed:
    """Work out where a finding stands in its document."""
    span = finding.span or document.span(finding.pointer, finding.target)
    related = tuple((document.span(r.pointer), r.pointer, r.message) for r in finding.related)
    where = _locator(document, finding.pointer)
    return Placed(finding, document.name, span, where, _line(document, span), related, suppression)


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
