"""`protocolkit checklists`: which there are, and what meets an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from protocolkit.checklists import named
from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.errors import UsageError
from protocolkit.report.checklist_text import item_text, list_text

if TYPE_CHECKING:
    from protocolkit.checklists import Checklist, Item
    from protocolkit.config import Config


@click.group("checklists")
def command() -> None:
    """Look at the checklists: their rows, and what in a protocol file meets one."""


@command.command("list")
@options.form
@options.config
@options.debug
def listing(form: str, settings: Config) -> None:
    """List the checklists with version, rows and source."""
    found = named(["all"], settings.plugins)
    if form == "json":
        text = options.as_json([_about(checklist) for checklist in found])
    else:
        width = max((len(checklist.name) for checklist in found), default=0)
        text = "".join(f"{c.name:<{width}}  {len(c.items):>3} rows  {c.title}\n" for c in found)
    write("-", text.encode(), force=False)


@command.command("show")
@click.argument("name")
@click.argument("item", required=False)
@options.form
@options.config
@options.debug
def show(name: str, item: str | None, form: str, settings: Config) -> None:
    """Show the rows of the checklist NAME (or of a file), or what the row ITEM asks for and what meets it."""
    checklist = named([name], settings.plugins)[0]
    if item is None:
        data: Any = {**_about(checklist), "items": [_item(row) for row in checklist.items]}
        text = list_text(checklist)
    else:
        row = checklist.item(item)
        if row is None:
            raise UsageError(f"{name} has no item {item!r}; `protocolkit checklists show {name}` lists them")
        data, text = _item(row), item_text(checklist, row)
    write("-", (options.as_json(data) if form == "json" else text).encode(), force=False)


def _about(checklist: Checklist) -> dict[str, Any]:
    about = {key: value for key, value in checklist._asdict().items() if key != "items"}
    return {**about, "rows": len(checklist.items)}


def _item(item: Item) -> dict[str, Any]:
    return {**item._asdict(), "needs": [need._asdict() for need in item.needs]}
