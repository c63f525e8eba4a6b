"""`protocolkit schema`: print a JSON Schema, or say where it is."""

from __future__ import annotations

import json

import click

from protocolkit import api
from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.resources import folder


@click.command("schema")
@click.argument("name", default="protocol")
@click.option("--path", "where", is_flag=True, help="Print where the file is, for an editor's settings.")
@click.option("-o", "--output", metavar="PATH", default="-", help="Write to a file in place of standard output.")
@options.force
@options.debug
def command(name: str, where: bool, output: str, force: bool) -> None:
    """Print one self-contained JSON Schema: protocol (default), report, audit, checklist, config or library."""
    schema = api.schema(name)
    path = str(folder("schemas") / f"{name}.schema.json")
    text = path if where else json.dumps(schema, ensure_ascii=False, indent=2)
    write(output, f"{text}\n".encode(), force=force)
