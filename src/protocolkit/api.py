"""The few functions that a script needs; each imports what it uses when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from protocolkit.checklists import Audit
    from protocolkit.document import Document
    from protocolkit.report import Report

__all__ = ["audit", "canonical", "import_", "load", "render", "schema", "validate"]


def load(source: Path | str | bytes, *, name: str | None = None) -> Document:
    """Read a protocol from a file or from bytes; what is wrong with it stands in the document's `findings`.

    `name` is how findings call the source; its suffix decides between YAML and JSON. The data of a document is not to
    be changed, as checks keep what they work out of it: changed data makes a `protocolkit.document.Document` of its
    own.
    """
    from protocolkit.sources import parse, read  # noqa: PLC0415 - on call

    if isinstance(source, bytes):
        return parse(source, name or "protocol.yaml")
    document = read(source)
    return document if name is None else document.named(name)


def validate(  # noqa: PLR0913 - each given by name
    document: Document,
    *,
    profile: Iterable[str] | str | None = None,
    today: date | str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    engine: str = "auto",
    plugins: Iterable[str] = (),
) -> Report:  # fmt: skip
    """Check a document's shape, references and sense.

    `profile` adds to the file's profiles; `today` decides which waivers have expired (None: none has). `select` and
    `ignore` name codes or families (`DOSE03`, `REF`), `plugins` installed packages with rules of their own. Raises
    UsageError for a profile or code that does not exist and for an engine that is not installed, ConfigError for a
    package that cannot be used. No configuration file is read.
    """
    from protocolkit.report import Report  # noqa: PLC0415 - on call
    from protocolkit.report.checking import Wanted, check_document  # noqa: PLC0415 - as above
    from protocolkit.schema import engine as chosen  # noqa: PLC0415 - as above

    profiles = (profile,) if isinstance(profile, str) else tuple(profile or ())
    clock = str(today) if today else None
    wanted = Wanted(tuple(select), tuple(ignore), profiles, engine, clock, tuple(plugins))
    return Report("validate", chosen(engine), (check_document(document, wanted),))


def audit(
    document: Document, checklists: Iterable[str] = ("spirit-2025",), *, today: date | str | None = None
) -> list[Audit]:
    """Hold a document against checklists, named or the paths of your own; `all` is every bundled one.

    `today` decides which waivers of items have expired (None: none has). Raises UsageError for a checklist that does
    not exist and for a document that could not be read, ConfigError for a file that is no checklist.
    """
    from protocolkit.checklists import audit as held  # noqa: PLC0415 - on call
    from protocolkit.checklists import named  # noqa: PLC0415 - as above
    from protocolkit.errors import UsageError  # noqa: PLC0415 - as above

    if not isinstance(document.data, dict):
        told = "; ".join(finding.message for finding in document.findings)
        raise UsageError(f"{document.name} cannot be read, so it cannot be audited: {told}")
    return list(held(document, named(checklists), today=str(today) if today else None))


def render(
    document: Document,
    *,
    reference: bytes | None = None,
    templates: Path | None = None,
    page: str = "a4",
) -> bytes:
    """Write the ICH M11 draft of a document as a Word file.

    Whatever is missing or malformed becomes a marked placeholder. Raises RenderError where the document could not be
    read at all, and for a fault in a template or in the reference document.
    """
    from protocolkit.errors import RenderError  # noqa: PLC0415 - on call
    from protocolkit.render import render as write  # noqa: PLC0415 - as above
    from protocolkit.schema import check  # noqa: PLC0415 - as above

    if not isinstance(document.data, dict):
        told = "; ".join(finding.message for finding in document.findings)
        raise RenderError(f"{document.name} cannot be read, so no draft can be written: {told}")
    return write(document, check(document), reference=reference, templates=templates, page=page)


def import_(
    data: Path | str | bytes,
    *,
    format: str | None = None,  # noqa: A002 - the name that CONTRACTS gives it
) -> tuple[Document, Report]:
    """Make a protocol of one record of another format; the report says what was lost, at its places in the source.

    `data` is a file or the bytes of one; `format` is `ctgov` or `usdm`, else the content decides. Where the record is
    refused or cannot be read, the document's data is None. Raises UsageError where the source holds more than one
    record.
    """
    from protocolkit.document import Document as Read  # noqa: PLC0415 - on call
    from protocolkit.errors import UsageError  # noqa: PLC0415 - as above
    from protocolkit.exchange.importing import load as imported  # noqa: PLC0415 - as above
    from protocolkit.report import Report as Told  # noqa: PLC0415 - as above
    from protocolkit.report.losses import losses_file  # noqa: PLC0415 - as above
    from protocolkit.schema import engine as chosen  # noqa: PLC0415 - as above

    name, content = ("record.json", data) if isinstance(data, bytes) else (str(data), _bytes(data))
    rows = list(imported(content, name, format))
    if len(rows) != 1:
        raise UsageError(f"{name} holds {len(rows)} records; import them with `protocolkit import {name} -o FOLDER`")
    row = rows[0]
    report = Told("import", chosen("auto"), (losses_file(row.source, row.findings, row.document),))
    return row.document or Read(name, None, findings=row.findings), report


def _bytes(path: Path | str) -> bytes:
    from pathlib import Path as File  # noqa: PLC0415 - on call

    from protocolkit.errors import UsageError  # noqa: PLC0415 - as above

    try:
        return File(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None


def canonical(document: Document) -> bytes:
    """Write a document's content in its canonical form: JSON with sorted keys, UTF-8, no white space, no provenance."""
    from protocolkit.document import canonical as written  # noqa: PLC0415 - on call

    return written(document)


def schema(name: str = "protocol") -> dict[str, Any]:
    """Return a bundled JSON Schema, self-contained: `protocol`, `audit`, `checklist`, `config`, `library` or `report`.

    Raises UsageError for a name that is not bundled.
    """
    from protocolkit.errors import UsageError  # noqa: PLC0415 - on call
    from protocolkit.schema.bundled import bundled, names  # noqa: PLC0415 - as above

    if name not in names():
        raise UsageError(f"there is no schema {name!r}; there are {', '.join(names())}")
    return bundled(name)
