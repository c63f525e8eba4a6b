"""From a file to a document: YAML or JSON, with the place of every value and a finding for every fault."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from protocolkit.document import Document, NoPositions
from protocolkit.sources.decoding import decode, refused_characters, without_refused
from protocolkit.sources.faults import MAX_BYTES, Unreadable, found
from protocolkit.sources.places import Lines, MarkedPositions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from protocolkit.findings import Finding
    from protocolkit.sources.places import Mark

__all__ = ["NO_NAME", "parse", "read"]

NO_NAME = "''"  # what findings call a file whose name is empty, as a shell writes it
_STANDARD_INPUT = "-"
_OPENING: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "there is no such file"),
    (IsADirectoryError, "this is a folder, not a file"),
    (NotADirectoryError, "a part of this path is a file, not a folder"),
    (PermissionError, "there is no permission to read this file"),
)


def read(path: Path | str, *, stdin: BinaryIO | None = None) -> Document:
    """Read a protocol file; `-` is standard input. Never raises for what is wrong with the file: see its findings."""
    name = str(path) or NO_NAME
    try:
        if name == _STANDARD_INPUT:
            data = (stdin or sys.stdin.buffer).read(MAX_BYTES + 1)
        else:
            with open(path, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return _unopened(
            name, next((words for kind, words in _OPENING if isinstance(error, kind)), str(error.strerror))
        )
    except ValueError:
        return _unopened(name, "this is no name of a file")
    return parse(data, name)


def _unopened(name: str, words: str) -> Document:
    return Document(name, None, findings=(found("FILE01", words),))


def parse(data: bytes, name: str) -> Document:
    """Read the bytes of a protocol; the suffix of the name, else the first character, decides between YAML and JSON."""
    try:
        text = decode(data)
    except Unreadable as error:
        return Document(name, None, findings=(error.finding,))
    lines = Lines(text)
    refused = list(refused_characters(lines))
    value, mark, findings = _reader(name, text)(without_refused(text) if refused else text, lines)
    findings = [*refused, *findings]
    if value is None and not findings:
        findings.append(found("FILE03", "the file holds no value"))
    return _document(name, lines, value, mark, findings)


def _document(name: str, lines: Lines, value: Any, mark: Mark, findings: list[Finding]) -> Document:
    if value is not None and not isinstance(value, dict):
        findings.append(found("FILE11", "the file holds no keys at its top", lines.span(mark[0], mark[1])))
        value = None
    positions = NoPositions() if value is None else MarkedPositions(lines, mark)
    return Document(name, value, lines.text, positions, tuple(sorted(findings, key=_order)))


def _order(finding: Finding) -> int:
    return finding.span.start.index if finding.span else 0


def _reader(name: str, text: str) -> Callable[[str, Lines], tuple[Any, Mark, list[Finding]]]:
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".json" or (suffix not in (".yaml", ".yml") and text.lstrip()[0] in "{["):
        from protocolkit.sources.json_reader import read_json  # noqa: PLC0415 - a YAML file needs no JSON reader

        return read_json
    from protocolkit.sources.yaml_reader import read_yaml  # noqa: PLC0415 - nor a JSON file a YAML parser

    return read_yaml
