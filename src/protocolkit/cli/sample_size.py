"""`protocolkit sample-size`: compute a sample size, vary its inputs, or compute again what a protocol states."""

from __future__ import annotations

from typing import Any

import click

from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.errors import UsageError
from protocolkit.report.sizing import as_text, assigned, method_of, stated, to_json, varied
from protocolkit.sample_size import NotComputable, methods
from protocolkit.sources import read


@click.command("sample-size")
@click.argument("method", required=False)
@click.argument("inputs", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--file", "file", metavar="FILE", help="Compute again what a protocol states, in place of METHOD.")
@click.option("--vary", "ranges", multiple=True, metavar="NAME=A,B,C", help="Values that an input takes; repeatable.")
@options.form
@options.debug
def command(method: str | None, inputs: tuple[str, ...], file: str | None, ranges: tuple[str, ...], form: str) -> None:
    """Compute the sample size of METHOD, such as: two_means_t delta=1 sd=2 alpha=0.05 sided=2 power=0.8 ratio=1.

    Without METHOD the methods are listed with their inputs. Methods beyond closed forms need protocolkit[stats].
    """
    over: dict[str, Any] = {}
    if file is not None:
        if method is not None or ranges:
            raise UsageError("--file stands in place of METHOD, its inputs and --vary")
        rows = stated(_read(file))
    elif method is None:
        _list(form)
        return
    else:
        method_of(method)
        over = {name: value if isinstance(value, tuple) else (value,) for name, value in assigned(ranges).items()}
        rows = _computed(method, assigned(inputs), over)
    text = options.as_json(to_json(rows)) if form == "json" else as_text(rows, over)
    write("-", text.encode(), force=False)


def _read(file: str) -> Any:
    document = read(file)
    if not isinstance(document.data, dict):
        raise UsageError(f"{document.name}: {'; '.join(finding.message for finding in document.findings)}")
    return document


def _computed(method: str, params: dict[str, Any], over: dict[str, Any]) -> Any:
    if twice := [name for name in over if name in params]:
        raise UsageError(f"{twice[0]} is both given and varied")
    try:
        return varied(method, params, over)
    except NotComputable as missing:
        raise UsageError(str(missing)) from missing


def _list(form: str) -> None:
    rows = [
        {"method": each.name, "summary": each.summary, "library": each.library,
         "parameters": [sorted(names) for names in each.alternatives]}
        for each in methods().values()
    ]  # fmt: skip
    if form == "json":
        text = options.as_json(rows)
    else:
        text = "".join(f"{row['method']}\n    {row['summary']}\n    {_told(row['parameters'])}\n" for row in rows)
    write("-", text.encode(), force=False)


def _told(alternatives: Any) -> str:
    return " or ".join(" ".join(names) for names in alternatives)
