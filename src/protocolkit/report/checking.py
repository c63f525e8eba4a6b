"""From a document to its place in a report: check it, and keep the findings that were asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from protocolkit.errors import UsageError
from protocolkit.report.kinds import KINDS
from protocolkit.report.model import report_file
from protocolkit.schema import check
from protocolkit.schema.bundled import checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Document
    from protocolkit.findings import Finding
    from protocolkit.report.model import FileReport

_ALWAYS = "FILE"


def check_document(
    document: Document, select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), engine: str = "auto"
) -> FileReport:
    """Check one document and place the findings that `select` keeps and `ignore` does not drop.

    What cannot be read is always told. Raises UsageError for a code or family that does not exist.
    """
    require_known((*select, *ignore))
    findings = check(document, engine=engine)
    return report_file(document, (finding for finding in findings if _asked(finding, select, ignore)))


def _asked(finding: Finding, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    names = (finding.code, family(finding.code))
    if _ALWAYS in names:
        return True
    return (not select or any(name in select for name in names)) and not any(name in ignore for name in names)


def family(code: str) -> str:
    """Return the family of a code: `DOSE` of `DOSE03`."""
    return code.rstrip("0123456789")


@cache
def codes() -> tuple[str, ...]:
    """Return every code that a check can give."""
    return tuple(sorted({*KINDS, *_ruled(checked())}))


def _ruled(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part.get("x-rule", {}).values()
        if covered := part.get("x-covered"):
            yield covered["rule"]
        for value in part.values():
            yield from _ruled(value)
    elif isinstance(part, list):
        for value in part:
            yield from _ruled(value)


def require_known(wanted: Iterable[str]) -> None:
    """Raise UsageError for a code or family that does not exist, or that cannot be left out."""
    for code in wanted:
        if code not in codes() and code not in _families():
            raise UsageError(f"there is no code or family {code!r}; families are {', '.join(sorted(_families()))}")


def _families() -> set[str]:
    return {family(code) for code in codes()}
