"""`protocolkit import`: make protocol files of the records of another format, and say what was lost."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from protocolkit.cli import options
from protocolkit.cli.output import STANDARD, refuse_existing, write
from protocolkit.document import Document
from protocolkit.errors import UsageError
from protocolkit.exchange.importing import keys, load
from protocolkit.exchange.reading import MAX_BYTES
from protocolkit.findings import Severity
from protocolkit.report import Report
from protocolkit.report.losses import losses_file
from protocolkit.schema import engine
from protocolkit.sources import NO_NAME
from protocolkit.sources.faults import found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.exchange.result import Imported

_SUFFIX = ".protocol.yaml"
_MOST = 20


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", metavar="FILE|DIR", help="The protocol file; for several records a folder.")
@options.force
@click.option("--from", "form", metavar="FORMAT", help="ctgov or usdm; without it the content decides.")
@click.option("--losses", metavar="PATH", help="Write what was lost as a JSON report.")
@click.option("--strict", is_flag=True, help="End with 1 where anything is lost.")
@options.quiet
@options.debug
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, given by name
    sources: tuple[str, ...], output: str | None, force: bool, form: str | None, losses: str | None, strict: bool,
    quiet: bool,
) -> int:  # fmt: skip
    """Make protocol files of records of ClinicalTrials.gov (API v2 JSON) or studies of CDISC USDM (v4 JSON).

    A SOURCE is a record, a study, a page of records or one record to a line; - is standard input. One record goes to
    a file beside its source, several go into the folder that -o names. What the format cannot hold is a finding, and
    what a record does not say is left out: `protocolkit validate` names it.
    """
    _require_known(form)
    if losses:
        refuse_existing(losses, force=force)
    rows = [row for source in sources for row in _loaded(source, form)]
    named = _named(rows, sources, output)
    for target in named.values():
        refuse_existing(target, force=force)
    _make_folder(named.values())
    for index, target in named.items():
        document = rows[index].document
        if document is not None:
            write(target, document.text.encode(), force=force)
    report = _report(rows, named, strict=strict)
    if losses:
        write(losses, (json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n").encode(), force=force)
    _tell(rows, named, quiet=quiet)
    return report.exit_code


def _require_known(form: str | None) -> None:
    if form is not None and form not in keys():
        raise UsageError(f"there is no format {form!r} to import from; there is {', '.join(keys())}")


def _loaded(source: str, form: str | None) -> Iterator[Imported]:
    try:
        if source == STANDARD:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(source, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "this is no name of a file").lower()
        yield _unread(source, f"the file cannot be opened: {reason}")
        return
    yield from load(data, source, form)


def _unread(source: str, message: str) -> Imported:
    from protocolkit.exchange.result import Imported  # noqa: PLC0415 - for a file that is not there only

    document = Document(source or NO_NAME, None, findings=(found("FILE01", message),))
    return Imported(document, (), "", None, document.findings)


def _named(rows: list[Imported], sources: tuple[str, ...], output: str | None) -> dict[int, str]:
    """Say which row goes to which file; a refused one goes nowhere."""
    good = [index for index, row in enumerate(rows) if row.document is not None]
    folder = output is not None and output != STANDARD and (Path(output).is_dir() or output.endswith(("/", "\\")))
    if len(rows) == 1 and not folder:
        return {index: output or _beside(sources[0]) for index in good}
    if output is None:
        raise UsageError(f"there are {len(rows)} records; name the folder for their protocol files with -o")
    if output == STANDARD or Path(output).is_file():
        raise UsageError(f"there are {len(rows)} records, which {output} cannot hold; name a folder with -o")
    return _in_folder(rows, good, Path(output))


def _beside(source: str) -> str:
    if source == STANDARD:
        return STANDARD
    path = Path(source)
    return str(path.with_name(re.sub(r"\.(?:nd)?jsonl?$", "", path.name, flags=re.IGNORECASE) + _SUFFIX))


def _in_folder(rows: list[Imported], good: list[int], folder: Path) -> dict[int, str]:
    seen: Counter[str] = Counter()
    named = {}
    for index in good:
        name = rows[index].name
        seen[name.lower()] += 1
        tail = f"-{seen[name.lower()]}" if seen[name.lower()] > 1 else ""
        named[index] = str(folder / f"{name}{tail}{_SUFFIX}")
    return named


def _make_folder(targets: Iterable[str]) -> None:
    for folder in dict.fromkeys(Path(target).parent for target in targets if target != STANDARD):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"the folder {folder} cannot be made: {(error.strerror or str(error)).lower()}") from None


def _report(rows: list[Imported], named: dict[int, str], *, strict: bool) -> Report:
    files = []
    for index, row in enumerate(rows):
        other = row.document.named(named[index]) if row.document and index in named else None
        files.append(losses_file(row.source, row.findings, other))
    return Report("import", engine("auto"), tuple(files), "warning" if strict else "error")


def _tell(rows: list[Imported], named: dict[int, str], *, quiet: bool) -> None:
    """Say on standard error what became of each record; refused ones also when little is to be said."""
    for index, row in enumerate(rows):
        if row.document is None:
            _tell_refused(row)
        elif not quiet:
            click.echo(f"{named[index]}: {_counted(row)}", err=True)
    if not quiet and len(rows) > 1:
        click.echo(
            f"{len(named)} of {len(rows)} records imported; `protocolkit validate` says what is missing", err=True
        )


def _tell_refused(row: Imported) -> None:
    called = f" {row.name}" if row.name else ""
    for finding in row.findings[:_MOST]:
        span = finding.span or row.source.span(finding.pointer)
        place = f"{row.source.name}:{span.start.line}:{span.start.column}"
        click.echo(f"{place}: {finding.severity} {finding.code}{called} not imported: {finding.message}", err=True)


def _counted(row: Imported) -> str:
    """Say how many values were mapped, set aside and lost, and which kinds of findings there are."""
    codes = Counter(finding.code for finding in row.findings)
    told = ", ".join(f"{number} {code}" for code, number in sorted(codes.items()))
    lost = sum(number for code, number in codes.items() if _is_lost(row, code))
    mapped, aside, _ = row.count
    words = f"imported; {mapped} values mapped, {aside} set aside for a stated reason, {lost} lost"
    return words + (f" ({told})" if told else "")


def _is_lost(row: Imported, code: str) -> bool:
    return any(finding.code == code and finding.severity is not Severity.INFO for finding in row.findings)
