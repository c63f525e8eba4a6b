"""`protocolkit validate`: check protocol files and say what was found."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import click

from protocolkit.cli import options, processes
from protocolkit.cli.inputs import expanded
from protocolkit.cli.output import refuse_existing, write
from protocolkit.report import THRESHOLDS, Report
from protocolkit.report.checking import check_document
from protocolkit.schema import ENGINES, engine
from protocolkit.sources import read

if TYPE_CHECKING:
    from protocolkit.config import Config
    from protocolkit.report import FileReport
    from protocolkit.report.checking import Wanted

_FORMS = ("text", "json")


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|GLOB...")
@click.option("--format", "forms", multiple=True, metavar="FORM[:PATH]", help="text (default) or json; repeatable.")
@click.option("-o", "--output", metavar="PATH", help="Write to a file in place of standard output.")
@options.force
@click.option("--fail-on", type=click.Choice(THRESHOLDS),
              help="The least severity that makes the exit code 1 (default: error).")  # fmt: skip
@click.option("--select", multiple=True, metavar="CODE,..", help="Only these codes or families.")
@click.option("--ignore", multiple=True, metavar="CODE,..", help="Without these codes or families.")
@click.option(
    "--profile", "profiles", multiple=True, metavar="TAG", help="Add to the profiles of the files; repeatable."
)
@click.option("--today", metavar="DATE", help="The date by which waivers expire (default: the clock's).")
@click.option("--engine", "chosen", type=click.Choice(ENGINES), default="auto", help="Who gives the verdict on shape.")
@click.option("--jobs", default="auto", metavar="N|auto", show_default=True, help="How many processes.")
@options.color
@options.quiet
@options.config
@options.debug
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, given by name
    files: tuple[str, ...], forms: tuple[str, ...], output: str | None, force: bool, fail_on: str | None,
    select: tuple[str, ...], ignore: tuple[str, ...], profiles: tuple[str, ...], today: str | None, chosen: str,
    jobs: str, color: str, quiet: bool, settings: Config,
) -> int:  # fmt: skip
    """Check protocol files: shape, quantities, references and rules, every fault in one run.

    A folder is searched for *.protocol.yaml and *.protocol.json; - is standard input. An unreadable file never passes.
    """
    outputs = options.wanted(forms or ("text",), _FORMS, output)
    for row in outputs:
        refuse_existing(row.path, force=force)
    wanted = options.check(settings, select, ignore, profiles, chosen, today)
    names = expanded(files)
    checked = processes.each(partial(_check_one, wanted=wanted), names, processes.wanted(jobs, len(names)))
    report = Report("validate", engine(chosen), tuple(checked), fail_on or settings.fail_on or "error")
    options.show_traces(ran.trace for file in checked for ran in file.rules)
    for row in outputs:
        color_it = options.colored(color, row.path)
        write(row.path, _written(report, row.form, color=color_it, quiet=quiet).encode(), force=force)
    return report.exit_code


def _written(report: Report, form: str, *, color: bool, quiet: bool) -> str:
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    from protocolkit.report.text import as_text  # noqa: PLC0415 - for this form only

    return as_text(report, color=color, quiet=quiet)


def _check_one(name: str, wanted: Wanted) -> FileReport:
    return check_document(read(name), wanted)
