"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import functools
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from protocolkit.errors import UsageError
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from protocolkit.config import Config
    from protocolkit.report.checking import Wanted as Check

    Command = Callable[..., Any]


class Wanted(NamedTuple):
    """One form of a result and where it goes; `-` is standard output."""

    form: str
    path: str


_DEBUG = "protocolkit.debug"  # of the context, which knows what stood before and what behind the command's name


def _remember(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    ctx.meta[_DEBUG] = asked or ctx.meta.get(_DEBUG, False)


debug = click.option(
    "--debug", is_flag=True, expose_value=False, callback=_remember, help="Show the traceback of a crash."
)
force = click.option("--force", is_flag=True, help="Replace an output that exists.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Say less.")
color = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Colour in the text form; auto is only on a terminal, and not where NO_COLOR is set.",
)  # fmt: skip


form = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def config(command: Command) -> Command:
    """Add --config and --isolated, and give the command the configuration as `settings`."""

    @click.option("--config", "path", metavar="PATH", help="The configuration (default: the nearest protocolkit.toml).")
    @click.option("--isolated", is_flag=True, help="Read no configuration.")
    @functools.wraps(command)
    def with_settings(*args: Any, path: str | None, isolated: bool, **kwargs: Any) -> Any:
        from protocolkit.config import load  # noqa: PLC0415 - for the commands that heed it

        return command(*args, settings=load(path, isolated=isolated), **kwargs)

    return with_settings


def show_traces(traces: Iterable[str]) -> None:
    """Show the tracebacks of rules that crashed, where --debug asks for them."""
    if click.get_current_context().meta.get(_DEBUG):
        for trace in filter(None, traces):
            click.echo(trace, err=True, nl=False)


def check(
    settings: Config, select: Iterable[str] = (), ignore: Iterable[str] = (), profiles: Iterable[str] = (),
    engine: str = "auto", today: str | None = None,
) -> Check:  # fmt: skip
    """Return the check that the configuration and some options ask for: what validates, and what counts findings.

    Raises UsageError for a code, family, profile or date that does not exist, ConfigError for what cannot be used.
    """
    from protocolkit.report.checking import Wanted as Check  # noqa: PLC0415 - for the commands that check

    asked = Check(
        listed(select) or settings.select, (*settings.ignore, *listed(ignore)),
        (*settings.profiles, *listed(profiles)), engine, day(today),
        settings.plugins, settings.library, settings.severity,
    )  # fmt: skip
    asked.require()
    return asked


def as_json(data: object) -> str:
    """Write plain data as a JSON document that ends its last line."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def colored(choice: str, path: str) -> bool:
    """Say whether text that goes to a path is coloured."""
    if choice != "auto":
        return choice == "always"
    return path == "-" and sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def wanted(forms: Iterable[str], known: Iterable[str], output: str | None) -> list[Wanted]:
    """Read `--format FORM[:PATH]` options; `--output` is where the first form without a path of its own goes.

    Raises UsageError for an unknown form, and where two would go to the same place.
    """
    result = []
    for text in forms:
        form, _, path = text.partition(":")
        if form not in known:
            raise UsageError(f"there is no format {form!r}; choose one of {', '.join(known)}")
        if not path and output:
            path, output = output, None
        result.append(Wanted(form, path or "-"))
    if output:
        raise UsageError("-o names an output, but every format has a path of its own")
    places = [row.path for row in result]
    if len(set(places)) < len(places):
        raise UsageError("two formats go to the same place; give each a path, as in --format json:report.json")
    return result


def listed(texts: Iterable[str]) -> tuple[str, ...]:
    """Read options that take a list, repeated or parted by commas."""
    return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())


def day(text: str | None) -> str:
    """Read a date option; without one it is the clock's, the only place where the clock is read.

    Raises UsageError for what is no date.
    """
    from datetime import date  # noqa: PLC0415 - where a command needs the date

    if text is None:
        return date.today().isoformat()  # noqa: DTZ011 - the user's own day
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--today takes a date such as 2026-01-31, not {text!r}") from None
