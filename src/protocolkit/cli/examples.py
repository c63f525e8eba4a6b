"""`protocolkit examples list`: the bundled example protocols."""

from __future__ import annotations

import click

from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.wizard.copying import examples


@click.group("examples")
def command() -> None:
    """Look at the bundled example protocols."""


@command.command("list")
@options.form
@options.debug
def listing(form: str) -> None:
    """List the example protocols with their titles; `new --from NAME` begins a protocol from one."""
    rows = [{"name": row.name, "title": row.title, "path": row.path} for row in examples()]
    if form == "json":
        text = options.as_json(rows)
    else:
        width = max((len(row["name"]) for row in rows), default=0)
        text = "".join(f"{row['name']:<{width}}  {row['title']}\n" for row in rows)
    write("-", text.encode(), force=False)
