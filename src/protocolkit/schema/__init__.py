"""Check the shape of a protocol: keys, types, terms, quantities and references, one finding per fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.document import NOWHERE, pointer
from protocolkit.findings import Finding, Severity, Target
from protocolkit.quantities import fault as quantity_fault
from protocolkit.quantities import kinds
from protocolkit.schema.properties import Property, property_at
from protocolkit.schema.references import check_references
from protocolkit.schema.verdict import ENGINES, engine, errors, fits
from protocolkit.schema.walk import walk
from protocolkit.sources.faults import FAULTS as FILE_FAULTS
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Document, Path
    from protocolkit.schema.walk import Measured

__all__ = ["ENGINES", "FORMAT", "Property", "check", "engine", "property_at"]

FORMAT = 1


def check(document: Document, *, engine: str = "auto") -> tuple[Finding, ...]:
    """Return every finding about a document's shape and references, in no particular order.

    A document that could not be read as keys and values, or that has another version of the format, gets its reader's
    findings and nothing else. `engine` chooses who gives the verdict; the words are the same.
    """
    if not isinstance(document.data, dict):
        return document.findings
    if version := _version(document):
        return (*document.findings, version)
    mine = [finding for finding in _shape(document, engine) if not _after(document, finding)]
    return (*document.findings, *_once(document, mine))


def _once(document: Document, findings: list[Finding]) -> Iterator[Finding]:
    """Tell a fault of a text once, though an alias lets the text stand at several places."""
    seen: dict[tuple[str, object], str] = {}
    for finding in findings:
        span = document.span(finding.pointer, finding.target)
        if span is NOWHERE or seen.setdefault((finding.code, span), finding.pointer) == finding.pointer:
            yield finding


def _version(document: Document) -> Finding | None:
    stated = document.root["protocolkit"]
    if type(stated.value) is int and stated.value == FORMAT:
        return None
    if not stated:
        message = "the file does not say in its key protocolkit which version of the format it is in"
    else:
        message = f"this version of protocolkit reads format {FORMAT}, not {stated.text[:40] or 'this value'}"
    place = stated.pointer if stated else ""
    return Finding("FILE12", Severity.ERROR, message, place, FILE_FAULTS["FILE12"].hint)


def _after(document: Document, finding: Finding) -> bool:
    """Say whether a finding only follows from a fault of reading, told already at the same thing."""
    parent = finding.pointer.rpartition("/")[0]
    return any(
        fault.severity is Severity.ERROR and fault.pointer in (finding.pointer, parent)
        for fault in document.findings
        if fault.pointer or "/" not in finding.pointer[1:]
    )


def _shape(document: Document, engine: str) -> Iterator[Finding]:
    content = document.content
    walked = walk(document.data)
    wrong = [fault for measured in walked.quantities if (fault := _quantity(document, measured))]
    yield from wrong
    yield from (_cut(document, paths) for paths in _in_one_line(document, walked.empty))
    missing: frozenset[Path] = frozenset()
    if not fits(content, engine):
        from protocolkit.schema import explain  # noqa: PLC0415 - needed for a file with faults only

        told = {finding.pointer for finding in wrong}
        known = [
            fault for fault in explain.faults_of(errors(content, engine), content) if pointer(fault.path) not in told
        ]
        missing = frozenset(fault.path for fault in known if fault.keyword == "required")
        yield from explain.findings(document, known)
    yield from check_references(content, walked.references, missing)


def _in_one_line(document: Document, paths: list[Path]) -> list[list[Path]]:
    """Return keys by the mapping and the line that they stand in: one text without quotes leaves all of them."""
    found: dict[tuple[Path, int, bool], list[Path]] = {}
    for path in paths:
        line, written = document.span_of(path, Target.KEY).start.line, bool(document.positions.token(path))
        found.setdefault((path[:-1], line, written), []).append(path)
    return [*found.values()]


def _cut(document: Document, paths: list[Path]) -> Finding:
    """Tell keys that are unknown and have no value: most often what follows a comma in a text without quotes."""
    path, *others = paths
    names = listed([f'"{str(each[-1])[:60]}"' for each in paths])
    message = (
        f"the keys {names} are unknown and have no value" if others else f"the key {names} is unknown and has no value"
    )
    hint = "a comma ends an unquoted text in braces: put the whole text in quotes"
    if document.positions.token(path):  # `null` was written, so that nothing was cut off
        hint = "leave the key away"
    return Finding("FORM02", Severity.ERROR, message, pointer(path), hint, target=Target.KEY)


def _quantity(document: Document, measured: Measured) -> Finding | None:
    wrong = quantity_fault(measured.value, measured.kind)
    if wrong is None:
        return None
    from protocolkit.schema import explain, words  # noqa: PLC0415 - as above

    wrong = quantity_fault(measured.value, measured.kind, words.measured(measured.path)) or wrong
    if wrong.reason == "range" and not _takes_ends(measured.path):
        wrong = wrong._replace(
            message=f"{wrong.message.partition(' is a range')[0]} is a range; one value is asked for here",
            hint=f"write one value, for example {words.measured(measured.path) or kinds()[measured.kind].example}",
        )
    code = explain.rule_of(measured.path[:-1], _key(measured.path), unit=True) or "FORM05"
    of = words.subject(_owner(measured.path), document.content)
    message = f"{words.title(measured.path)} of {of}: {wrong.message}"
    hint = "; ".join(part for part in (wrong.hint, words.elsewhere(measured.path, measured.value)) if part)
    return Finding(code, Severity.ERROR, message, pointer(measured.path), hint, words.basis(measured.path))


def _takes_ends(path: Path) -> bool:
    """Say whether the field at a path takes the two ends of a range as well."""
    from protocolkit.schema.bundled import at, checked  # noqa: PLC0415 - needed for a file with faults only

    return {"min", "max"} <= set(at(path, checked()).get("properties", {}))


def _key(path: Path) -> str:
    return next(str(step) for step in reversed(path) if isinstance(step, str))


def _owner(path: Path) -> Path:
    return path[:-2] if isinstance(path[-1], int) else path[:-1]
