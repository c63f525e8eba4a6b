"""`protocolkit audit`: hold protocols against checklists."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from protocolkit.checklists import audit, named
from protocolkit.cli import options, processes
from protocolkit.cli.inputs import expanded
from protocolkit.cli.output import refuse_existing, write
from protocolkit.library import facts
from protocolkit.report.auditing import FAIL_ON, AuditReport, Unread, required
from protocolkit.rules import require_known
from protocolkit.rules.plugged import folders
from protocolkit.schema import engine
from protocolkit.sources import read

if TYPE_CHECKING:
    from protocolkit.checklists import Audit, Checklist
    from protocolkit.config import Config

_WRITERS = {
    "markdown": "audit_markdown:as_markdown", "html": "audit_html:as_html", "docx": "audit_docx:as_docx",
    "sarif": "audit_machines:as_sarif", "junit": "audit_machines:as_junit",
}  # fmt: skip
_FORMS = ("text", "json", *_WRITERS)


@click.command("audit")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|GLOB...")
@click.option("--checklist", "checklists", multiple=True, metavar="NAME|PATH|all", default=("spirit-2025",),
              help="A bundled checklist (default: spirit-2025), a file of your own, or all; repeatable.")  # fmt: skip
@click.option("--format", "forms", multiple=True, metavar="FORM[:PATH]",
              help="text (default), json, markdown, html, docx, sarif or junit; repeatable.")  # fmt: skip
@click.option("-o", "--output", metavar="PATH", help="Write to a file in place of standard output.")
@options.force
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="unmet", show_default=True,
              help="The status that makes the exit code 1; partial stands for unmet too.")  # fmt: skip
@click.option("--require", "wanted", multiple=True, metavar="ITEM,..", help="Items that must be met: spirit-2025/21b.")
@click.option("--today", metavar="DATE", help="The date by which waivers expire (default: the clock's).")
@options.color
@options.quiet
@options.config
@options.debug
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, given by name
    files: tuple[str, ...], checklists: tuple[str, ...], forms: tuple[str, ...], output: str | None, force: bool,
    fail_on: str, wanted: tuple[str, ...], today: str | None, color: str, quiet: bool, settings: Config,
) -> int:  # fmt: skip
    """Hold protocols against published checklists: what is met, by which words, and what is missing.

    Counts by status, never a percentage: a filled field is not always an adequate one.
    """
    outputs = options.wanted(forms or ("text",), _FORMS, output)
    for row in outputs:
        refuse_existing(row.path, force=force)
    chosen = named(checklists, settings.plugins)
    needed = required(options.listed(wanted), chosen)
    require_known(settings.profiles)
    work = partial(_audited, checklists=chosen, today=options.day(today), settings=settings)
    names = expanded(files)
    held = processes.each(work, names, processes.wanted("auto", len(names)))
    audits = tuple(each for audits, _ in held for each in audits)
    unread = tuple(each for _, each in held if each is not None)
    report = AuditReport(audits, unread, engine(), fail_on, needed)
    for row in outputs:
        data = _written(report, row.form, color=options.colored(color, row.path), quiet=quiet)
        write(row.path, data, force=force)
    return report.exit_code


def _audited(
    name: str, checklists: tuple[Checklist, ...], today: str | None, settings: Config
) -> tuple[tuple[Audit, ...], Unread | None]:
    """Audit one file; a file that could not be read whole is told, and audited as far as it could be."""
    document = read(name)
    found: tuple[Audit, ...] = ()
    if isinstance(document.data, dict):
        with facts.opened((*settings.library, *folders(settings.plugins))):
            found = audit(document, checklists, today=today, profiles=settings.profiles, plugins=settings.plugins)
    messages = tuple(finding.message for finding in document.findings)
    return found, None if document.readable else Unread(document.name, messages)


def _written(report: AuditReport, form: str, *, color: bool, quiet: bool) -> bytes:
    if form == "json":
        return options.as_json(report.to_json()).encode()
    if form == "text":
        from protocolkit.report.audit_text import as_text  # noqa: PLC0415 - for this form only

        return as_text(report, color=color, quiet=quiet).encode()
    module, _, name = _WRITERS[form].partition(":")
    writer: Any = getattr(import_module(f"protocolkit.report.{module}"), name)
    written: str | bytes = writer(report)
    return written.encode() if isinstance(written, str) else written
