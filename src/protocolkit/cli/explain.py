"""`protocolkit explain`: what a code stands for, why it matters, and what passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.report.explaining import as_text, explained

if TYPE_CHECKING:
    from protocolkit.config import Config


@click.command("explain")
@click.argument("code")
@options.form
@options.config
@options.debug
def command(code: str, form: str, settings: Config) -> None:
    """Explain a code: what is checked, why, on whose word, with an example that fails and one that passes."""
    entry = explained(code, settings.plugins)
    text = options.as_json(entry.to_json()) if form == "json" else as_text(entry)
    write("-", text.encode(), force=False)
