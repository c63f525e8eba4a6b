"""`protocolkit library`: the reviewed rows that hints rest on, each with its source and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.errors import UsageError
from protocolkit.library import facts
from protocolkit.rules.plugged import folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from protocolkit.config import Config


@click.group("library")
def command() -> None:
    """Look at what the library knows: substances, conditions, instruments and more. Hints, never answers."""


@command.command("list")
@options.form
@options.config
@options.debug
def listing(form: str, settings: Config) -> None:
    """List the kinds of rows, how many there are, and what they are."""
    with _opened(settings):
        rows = [{"kind": kind, "rows": len(facts.rows(kind)), "about": facts.about(kind)} for kind in facts.kinds()]
    if form == "json":
        text = options.as_json(rows)
    else:
        text = "".join(f"{row['kind']:<12} {row['rows']:>3}  {row['about']}\n" for row in rows)
    write("-", text.encode(), force=False)


@command.command("show")
@click.argument("kind")
@click.argument("key", required=False)
@options.form
@options.config
@options.debug
def show(kind: str, key: str | None, form: str, settings: Config) -> None:
    """Show the rows of a KIND, or in full the one that KEY, or any of its names, stands for."""
    with _opened(settings):
        shown = _rows(kind, key)
    if form == "json":
        text = options.as_json([row._asdict() for row in shown])
    elif key is None:
        text = "".join(f"{row.key:<24} {row.confidence}  {', '.join(row.names)}\n" for row in shown)
    else:
        text = "".join(f"{line}\n" for row in shown for line in _full(row))
    write("-", text.encode(), force=False)


def _opened(settings: Config) -> AbstractContextManager[None]:
    """Read a sponsor's rows too, where the configuration names them."""
    return facts.opened((*settings.library, *folders(settings.plugins)))


def _rows(kind: str, key: str | None) -> tuple[facts.Row, ...]:
    if kind not in facts.kinds():
        raise UsageError(f"the library has no kind {kind!r}; it has {', '.join(facts.kinds())}")
    if key is None:
        return facts.rows(kind)
    found = facts.find(kind, key)
    if found is None:
        raise UsageError(f"the library knows no {key!r} among its {kind}; `protocolkit library show {kind}` lists them")
    return (found,)


def _full(row: facts.Row) -> Iterator[str]:
    yield f"{row.key}: {', '.join(row.names)}"
    yield f"  confidence {row.confidence}, read on {row.reviewed_on}, from: {row.source}"
    yield from _told(row.data, "  ")


def _told(value: Any, indent: str) -> Iterator[str]:
    """Write plain data line by line: a key and its value, a list with dashes."""
    pairs = value.items() if isinstance(value, dict) else (("-", item) for item in value)
    for key, item in pairs:
        head = key if key == "-" else f"{key}:"
        if isinstance(item, dict) and all(not isinstance(part, dict | list) for part in item.values()):
            yield f"{indent}{head} {'; '.join(f'{name} {part}' for name, part in item.items())}"
        elif isinstance(item, dict | list):
            yield f"{indent}{head}"
            yield from _told(item, indent + "  ")
        else:
            yield f"{indent}{head} {item}"
