"""What can be wrong with a file before its content is looked at: one row per code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import FaultKind, Finding, Severity

if TYPE_CHECKING:
    from protocolkit.findings import Span

MAX_BYTES = 10 * 1024 * 1024
MAX_LEVELS = 100
MAX_NODES = 1_000_000
MAX_FINDINGS = 500


FAULTS = {
    "FILE01": FaultKind(
        "The file cannot be opened",
        "Nothing can be checked that cannot be read.",
        "check the name, the folder and the permission to read it",
    ),
    "FILE02": FaultKind(
        "The file is not UTF-8 text",
        "A protocol file is plain text in UTF-8; another encoding would change letters and signs unseen.",
        "save the protocol as plain text in UTF-8",
    ),
    "FILE03": FaultKind(
        "The file is empty",
        "An empty file would otherwise pass as a protocol without faults.",
        "write a protocol, or begin with `protocolkit new --blank`",
    ),
    "FILE04": FaultKind(
        "The file is too large, too deep or has too many values",
        f"Limits: 10 MiB, {MAX_LEVELS} levels, {MAX_NODES:,} values after aliases; more can exhaust memory.",
        "a protocol has some thousand lines; look for what was pasted or repeated",
    ),
    "FILE05": FaultKind(
        "The text cannot be read as YAML or JSON",
        "What follows a fault of syntax cannot be understood with certainty.",
        "correct the text at this place",
    ),
    "FILE06": FaultKind(
        "A key stands twice in one mapping",
        "Most readers silently keep one of the two values; a dose could be lost that way.",
        "remove or rename one of the two",
    ),
    "FILE07": FaultKind(
        "A YAML feature that a protocol file does not use",
        "Tags, merge keys, keys that are no text and second documents mean different things to different readers.",
        "write the value out",
    ),
    "FILE08": FaultKind(
        "A character that a document cannot hold",
        "XML, and so Word, cannot hold control characters; some invisible ones count as line breaks in YAML alone.",
        "delete the character, or write a space or a line break in its place",
    ),
    "FILE09": FaultKind(
        "A number is not finite or out of range",
        "Such a number cannot be kept or computed with exactly.",
        "write a finite number, or put a text in quotes",
    ),
    "FILE10": FaultKind(
        "An alias stands inside what it names",
        "The value would have no end.",
        "write the value out in place of the alias",
    ),
    "FILE11": FaultKind(
        "The file does not hold keys and values at its top",
        "A protocol is a mapping that begins with the version of the format, `protocolkit: 1`.",
        "begin with `protocolkit: 1`; each key is followed by a colon and a space",
    ),
    "FILE12": FaultKind(
        "The version of the file format is missing or unknown",
        "Another version may give another meaning to the same keys.",
        "write `protocolkit: 1`",
    ),
}


class Unreadable(Exception):  # noqa: N818 - it stops a reader, and ends as a finding
    """Stop reading: the finding says why nothing further can be understood."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Collected:
    """The findings after which reading went on; beyond a few hundred they are counted, not kept."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self.dropped = 0

    def add(self, finding: Finding) -> None:
        """Keep a finding, or count it."""
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(finding)
        else:
            self.dropped += 1

    def closed(self, last: Finding | None = None) -> list[Finding]:
        """Return what was kept, how much was not, and the finding that ended the reading."""
        found_last = [last] if last else []
        if not self.dropped:
            return [*self.kept, *found_last]
        where = self.kept[-1]
        message = f"{self.dropped} more faults of reading follow and are not listed"
        return [*self.kept, found(where.code, message, where.span), *found_last]


def found(code: str, message: str, span: Span | None = None, *, hint: str = "", pointer: str = "") -> Finding:
    """Make the finding of a file fault; without a hint of its own it carries that of the table."""
    return Finding(code, Severity.ERROR, message, pointer, hint or FAULTS[code].hint, span=span)
