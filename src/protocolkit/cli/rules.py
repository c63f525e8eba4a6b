"""`protocolkit rules`: every rule, or those of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from protocolkit.cli import options
from protocolkit.cli.output import write
from protocolkit.report.explaining import rules
from protocolkit.rules import require_known
from protocolkit.rules.profiles import resolved

if TYPE_CHECKING:
    from protocolkit.config import Config
    from protocolkit.rules import Rule


@click.command("rules")
@click.option("--profile", "profiles", multiple=True, metavar="TAG", help="Only what applies in these; repeatable.")
@options.form
@options.config
@options.debug
def command(profiles: tuple[str, ...], form: str, settings: Config) -> None:
    """List the rules with what each weighs; `explain CODE` says more about one."""
    require_known(profiles)
    tags = resolved(profiles) if profiles else None
    rows = [_row(rule, tags or frozenset()) for rule in rules(tags, settings.plugins)]
    if form == "json":
        text = options.as_json(rows)
    else:
        text = "".join(f"{row['code']:<7} {row['severity']:<8} {row['title']}\n" for row in rows)
    write("-", text.encode(), force=False)


def _row(rule: Rule, tags: frozenset[str]) -> dict[str, Any]:
    return {
        "code": rule.code, "severity": rule.usual(tags).value, "title": rule.title,
        "tags": sorted(rule.tags), "tags_off": sorted(rule.tags_off),
    }  # fmt: skip
