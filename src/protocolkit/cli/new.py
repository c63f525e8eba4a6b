"""`protocolkit new`: begin a protocol file."""

from __future__ import annotations

import os

import click

from protocolkit.cli import options
from protocolkit.cli.output import refuse_existing, write
from protocolkit.errors import UsageError


@click.command("new")
@click.argument("file", metavar="FILE")
@click.option("--blank", is_flag=True, help="Write the commented skeleton: every key with what to write there.")
@click.option(
    "--from", "example", metavar="EXAMPLE", help="Write an example's structure, every clinical value emptied."
)
@options.force
@options.quiet
@options.debug
def command(file: str, blank: bool, example: str | None, force: bool, quiet: bool) -> None:
    """Begin a protocol FILE (*.protocol.yaml), from a commented skeleton or from an example; - is standard output."""
    if blank == (example is not None):
        raise UsageError("choose --blank for a commented skeleton, or --from EXAMPLE (`protocolkit examples list`)")
    refuse_existing(file, force=force)
    write(file, _text(example).encode(), force=force)
    if file != "-" and not quiet:
        click.echo(f"{file}: written; `protocolkit validate {file}` says what is still missing", err=True)
        _say_how_to_get_help(os.path.join(os.path.dirname(file), "protocol.schema.json"))


def _say_how_to_get_help(schema: str) -> None:
    """Say how the schema comes to stand where the first line of a new file looks for it."""
    if not os.path.exists(schema):
        click.echo(f"for help while you type, put the schema beside it: `protocolkit schema -o {schema}`", err=True)


def _text(example: str | None) -> str:
    if example is not None:
        from protocolkit.wizard.copying import emptied  # noqa: PLC0415 - for this option only

        return emptied(example)
    from protocolkit.wizard.blank import skeleton  # noqa: PLC0415 - as above

    return skeleton()
