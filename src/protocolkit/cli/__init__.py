"""The command line: options in, exit code out; the only place that prints. A command is imported when it is named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from protocolkit import __version__
from protocolkit.cli import options
from protocolkit.cli.ending import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["protocolkit", "run"]

_COMMANDS = {
    "validate": "Check protocol files: shape, quantities, references, rules.",
    "audit": "Hold protocols against SPIRIT 2025 and other checklists.",
    "render": "Write the ICH M11 protocol of a file as a Word document.",
    "new": "Begin a protocol file: a commented skeleton, or an example emptied.",
    "import": "Make protocol files of ClinicalTrials.gov and USDM records.",
    "sample-size": "Compute a sample size, or again what a protocol states.",
    "explain": "Explain a code: what, why, on whose word, with examples.",
    "rules": "List the rules, all or those of a profile.",
    "checklists": "Show the checklists, and what meets an item.",
    "library": "Show the reviewed facts that hints rest on, with their sources.",
    "schema": "Print a JSON Schema, for editors and other programs.",
    "examples": "List the bundled example protocols.",
}
_MODULES = {"import": "import_", "sample-size": "sample_size"}  # what no module can be called


class _Lazy(click.Group):
    """A group whose commands stand in a table and are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order in which a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import the command of a name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"protocolkit.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the table without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="protocolkit %(version)s")
@options.debug
def protocolkit() -> None:
    """Write a clinical-trial protocol as one structured file; check it, and render the ICH M11 document.

    Exit codes: 0 done; 1 findings, or a file that cannot be read; 2 wrong options, or an output that cannot be
    written; 3 a crash; 130 interrupted.
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command line with these arguments, and return the exit code; nothing is raised."""
    ending = Ending(arguments)
    with ending:
        code = protocolkit.main(list(arguments), prog_name="protocolkit", standalone_mode=False)
        ending.code = code if isinstance(code, int) else 0
    return ending.closed()
