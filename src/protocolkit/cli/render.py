"""`protocolkit render`: write the protocol of a file as a Word document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from protocolkit import api, config
from protocolkit.cli import options
from protocolkit.cli.ending import DONE, FOUND
from protocolkit.cli.output import refuse_existing, write
from protocolkit.errors import UsageError
from protocolkit.findings import Severity

if TYPE_CHECKING:
    from protocolkit.document import Document
    from protocolkit.report.checking import Wanted


@click.command("render")
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", metavar="OUT", help="The document to write (default: FILE with .docx).")
@options.force
@click.option("--reference", metavar="DOCX", help="A Word document whose styles, page and headers are used.")
@click.option("--templates", metavar="DIR", help="A folder of section templates that go before the bundled ones.")
@click.option("--page", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="The paper.")
@options.quiet
@options.debug
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, given by name
    file: str, output: str | None, force: bool, reference: str | None, templates: str | None, page: str, quiet: bool
) -> int:
    """Write the ICH M11 protocol draft of FILE as a Word document.

    A draft is written of every file that can be read: a missing or malformed value becomes a marked placeholder that
    says what belongs there. The findings are counted on standard error; `protocolkit validate` lists them.
    """
    target = output or _beside(file)
    if not target.lower().endswith(".docx"):
        raise UsageError(f"the suffix of {target} decides the form, and .docx is the one that there is")
    refuse_existing(target, force=force)
    wanted = options.check(config.load())
    document = api.load(file)
    if not isinstance(document.data, dict):
        for finding in document.findings:
            start = document.span(finding.pointer).start if finding.span is None else finding.span.start
            place = f"{document.name}:{start.line}:{start.column}"
            click.echo(f"{place}: {finding.severity} {finding.code} {finding.message}", err=True)
        click.echo("no document was written", err=True)
        return FOUND
    from protocolkit.render import drafted  # noqa: PLC0415 - Word loads when a draft is made
    from protocolkit.schema import check  # noqa: PLC0415 - as above

    written = drafted(document, check(document), reference=_bytes(reference), templates=_folder(templates), page=page)
    write(target, written.data, force=force)
    if not quiet:
        click.echo(f"{target}: draft written; {_marked(written.marked)}{_counted(document, wanted)}", err=True)
    return DONE


def _beside(file: str) -> str:
    if file == "-":
        raise UsageError("a protocol from standard input has no name; name the document with -o OUT.docx")
    return re.sub(r"\.(?:ya?ml|json)\Z", "", file) + ".docx"


def _bytes(path: str | None) -> bytes | None:
    if path is None:
        return None
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"the reference document {path} cannot be read: {error.strerror}") from None


def _folder(path: str | None) -> Path | None:
    if path is not None and not Path(path).is_dir():
        raise UsageError(f"there is no folder {path} of templates")
    return Path(path) if path else None


def _marked(places: int) -> str:
    """Tell how many places are marked as missing; the second page of the draft says in which sections."""
    where = "its section is" if places == 1 else "their sections are"
    told = f"{places} place{'' if places == 1 else 's'} marked as missing ({where} named on page 2); "
    return told if places else ""


def _counted(document: Document, wanted: Wanted) -> str:
    """Count the findings that `protocolkit validate` lists here on this day, those that a waiver accepts apart."""
    from protocolkit.report import Report  # noqa: PLC0415 - after the draft is written
    from protocolkit.report.checking import check_document  # noqa: PLC0415 - as above
    from protocolkit.schema import engine  # noqa: PLC0415 - as above

    counts = Report("validate", engine(wanted.engine), (check_document(document, wanted),)).counts
    count = counts.total()
    if not count:
        return "no findings"
    told = f"{count} finding{'' if count == 1 else 's'}"
    return f"{told}, {counts[Severity.ERROR]} of them errors; `protocolkit validate` lists them"
