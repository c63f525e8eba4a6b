"""`protocolkit examples list`: the bundled example protocols."""

from __future__ import annotations

import json

import click

from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.wizard.copying import examples


@click.group("examples")
def command() -> None:
    """Look at the bundled example protocols."""


@command.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.debug
def listing(form: str) -> None:
    """List the example protocols with their titles; `new --from NAME` begins a protocol from one."""
    rows = [{"name": row.name, "title": row.title, "path": row.path} for row in examples()]
    if form == "json":
        text = json.dumps(rows, ensure_ascii=False, indent=2)
    else:
        width = max((len(row["name"]) for row in rows), default=0)
        text = "\n".join(f"{row['name']:<{width}}  {row['title']}" for row in rows)
    write("-", f"{text}\n".encode(), force=False)
