"""From the bytes of another format to protocols: recognise, refuse or carry over, account for every value."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from protocolkit.document import Document, pointer
from protocolkit.errors import UsageError
from protocolkit.exchange import ctgov, usdm
from protocolkit.exchange.fitting import ordered
from protocolkit.exchange.losses import loss
from protocolkit.exchange.provenance import provenance
from protocolkit.exchange.reading import read
from protocolkit.exchange.result import Count, Imported
from protocolkit.exchange.source import Cursor, Source
from protocolkit.exchange.transfer import Transfer
from protocolkit.exchange.yaml_writer import write
from protocolkit.sources import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from protocolkit.document import Path
    from protocolkit.exchange.formats import Format
    from protocolkit.findings import Finding

FORMATS: tuple[Format, ...] = (ctgov.FORMAT, usdm.FORMAT)
_SIGNS = (
    ("resourceType", "this is FHIR"),
    ("protocolkit", "this is a protocol of protocolkit already"),
    ("FullStudiesResponse", "this is the classic API of ClinicalTrials.gov, which was ended in 2024; use API v2"),
)
_OURS = re.compile(r"^protocolkit[ \t]*:", re.MULTILINE)  # the key in YAML, at the beginning of a line
_NAMEABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SHORT = 12
_SHOWN = 60


def keys() -> tuple[str, ...]:
    """Return the names of the formats that can be imported."""
    return tuple(row.key for row in FORMATS)


def load(data: bytes, name: str, form: str | None = None) -> Iterator[Imported]:
    """Yield what becomes of each record of a source, in its order; nothing is raised for what is wrong with it.

    `form` names the format; without it the content decides. Raises UsageError for a format that is not known.
    """
    if form is not None and form not in keys():
        raise UsageError(f"there is no format {form!r} to import from; there is {', '.join(keys())}")
    asked = [row for row in FORMATS if form in (None, row.key)]
    for document in read(data, name):
        yield from _of(document, asked)


def _of(document: Document, asked: list[Format]) -> Iterator[Imported]:
    if document.findings and _OURS.search(document.text):
        yield _refused(document, (), _unknown(("protocolkit",), asked))
    elif document.findings:
        yield Imported(document, (), "", None, document.findings)
    elif (known := next((row for row in asked if row.recognise(document.data)), None)) is None:
        stated = document.data if isinstance(document.data, dict) else ()
        yield _refused(document, (), _unknown(stated, asked))
    else:
        for at in known.records(document.data):
            yield _record(document, at, known)


def _unknown(stated: Collection[str], asked: list[Format]) -> str:
    """Say what a file with some keys is, as far as they tell, and what can be imported."""
    told = next((words for key, words in _SIGNS if key in stated), "the format is not known")
    return f"{told}; what can be imported is {', '.join(row.title for row in asked)}"


def _refused(document: Document, at: Path, why: str, name: str = "") -> Imported:
    return Imported(document, at, name, None, (loss("LOSS05", why, at),))


def _record(document: Document, at: Path, form: Format) -> Imported:
    data = document.data
    for step in at:
        data = data[step]
    source = Source(document, at, data)
    if (refused := form.refuse(source.root)) is not None:
        where, why = refused
        return Imported(document, at, _called(form.name(source.root)), None, (loss("LOSS05", why, where.path),))
    transfer = Transfer(source)
    form.carry(transfer, source.root)
    source.put_aside(form.aside)
    findings, lost = _losses(transfer)
    count = Count(len(source.taken), len(source.set_aside), lost)
    name = form.name(source.root) or str(transfer.get(("trial", "protocol_id")) or "")
    written = _written(transfer, form)
    called = _called(name) or sha256(written).hexdigest()[:_SHORT]
    protocol = parse(written, "protocol.yaml")
    if protocol.data is None:
        why = "; ".join(finding.message for finding in protocol.findings)
        return _refused(document, at, f"its protocol cannot be a file: {why}", called)
    return Imported(document, at, called, protocol, findings, count, source.taken, source.set_aside)


def _called(name: str) -> str:
    return name if _NAMEABLE.fullmatch(name) else ""


def _losses(transfer: Transfer) -> tuple[tuple[Finding, ...], int]:
    """Add a finding for all that nothing spoke of; return the findings and how many leaves were lost."""
    lost = 0
    for path, leaves in transfer.source.left():
        lost += leaves
        if any(path[:end] in transfer.told for end in range(len(path) + 1)):
            continue
        place = Cursor(transfer.source, path, _at(transfer.source, path))
        many = f" ({leaves} values)" if leaves > 1 else ""
        shown = f' "{place.text[:_SHOWN]}"' if place.text else ""
        named = f"{_last_key(path)}{shown}{many} has no home in the format"
        transfer.losses.append(loss("LOSS01", named, place.path, told="nothing in the protocol file says it"))
    return tuple(transfer.losses), lost


def _last_key(path: Path) -> str:
    return "/".join(str(step) for step in path if not isinstance(step, int)).rpartition("/")[2]


def _at(source: Source, path: Path) -> Any:
    value = source.document.data
    for step in path:
        value = value[step]
    return value


def _written(transfer: Transfer, form: Format) -> bytes:
    data = ordered({"protocolkit": 1, **transfer.data})
    data["provenance"] = provenance(data, transfer.uses, form.key, transfer.source.at)
    record = form.name(transfer.source.root) or "record " + (pointer(transfer.source.at) or "/")
    dated = form.dated(transfer.source.root)
    header = (
        f"Imported from {form.title}: {record}" + (f", as of {_line(dated)}" if dated else "") + ".\n"
        "What the record does not say is left out; `protocolkit validate` names it.\n"
        "Where each value came from stands at the end, under provenance."
    )
    return write(data, header).encode()


def _line(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z .:-]", " ", text)[:40]
