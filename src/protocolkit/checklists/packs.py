"""Where checklists come from: those that are bundled, a sponsor's own file, those of other installed packages."""

from __future__ import annotations

import json
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING, Any

from protocolkit.checklists import conditions
from protocolkit.checklists.model import VERBS, Checklist, Item, Need
from protocolkit.errors import ConfigError, UsageError
from protocolkit.plugins import entries
from protocolkit.resources import read_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GROUP = "protocolkit.checklists"
_MARKS = ("optional", "unsure", "if_checked", "information", "none_counts")
ORDER = (
    "spirit-2025", "spirit-harms", "tidier", "spirit-outcomes-2022", "spirit-pro-2018", "who-trds", "ich-e6-r3",
    "ich-e9-r1", "ich-m11", "consort-harms-2022", "chronic-pain-poolability",
)  # fmt: skip


def names() -> tuple[str, ...]:
    """Return the names of the bundled checklists."""
    return ORDER


def named(wanted: Iterable[str], plugins: tuple[str, ...] = ()) -> tuple[Checklist, ...]:
    """Return the checklists that some names or paths stand for, each once; `all` is every one that has a name.

    Raises UsageError for a name that does not exist, ConfigError for a file or a package that cannot be used.
    """
    found: dict[str, Checklist] = {}
    for text in wanted:
        for checklist in _meant(text, plugins):
            found.setdefault(checklist.name, checklist)
    return tuple(found.values())


def _meant(text: str, plugins: tuple[str, ...]) -> tuple[Checklist, ...]:
    if text in names():
        return (bundled(text),)
    if text.endswith((".yaml", ".yml", ".json")):
        return (own(text, plugins),)
    added = plugged(plugins)
    if text == "all":
        return (*(bundled(name) for name in names()), *added)
    chosen = tuple(checklist for checklist in added if checklist.name == text)
    if not chosen:
        known = ", ".join((*names(), *(checklist.name for checklist in added)))
        raise UsageError(f"there is no checklist {text!r}; there are {known}, all, or the path of a YAML file")
    return chosen


@cache
def bundled(name: str) -> Checklist:
    """Return a bundled checklist by its name."""
    return made(json.loads(read_beside(__file__, f"packs/{name}.json")))


@cache
def plugged(packages: tuple[str, ...]) -> tuple[Checklist, ...]:
    """Return the checklists that other packages bring: a tuple of paths each.

    Raises ConfigError for a package or a file that cannot be used.
    """
    found: list[Checklist] = []
    for name, offered in entries(GROUP, packages):
        if not isinstance(offered, tuple) or not all(isinstance(path, str | PathLike) for path in offered):
            raise ConfigError(f"the plug-in {name} must name a tuple of paths of checklists")
        found += [own(str(path), packages) for path in offered]
    return tuple(found)


def own(path: str, plugins: tuple[str, ...] = ()) -> Checklist:
    """Read a checklist of a sponsor's own from a YAML or JSON file.

    Raises ConfigError with file, line and column for what is wrong in it.
    """
    from protocolkit.checklists.judging import judged  # noqa: PLC0415 - for a file that nobody has checked only

    return made(judged(path, plugins))


def made(data: Mapping[str, Any]) -> Checklist:
    """Make a checklist of data that fits `schemas/checklist.schema.json`."""
    items = tuple(_item(row) for row in data["items"])
    title, version, source, licence, about = (
        str(data.get(key, "")) for key in ("title", "version", "source", "licence", "about")
    )
    return Checklist(data["checklist"], title, version, source, licence, about, items)


def _item(row: Mapping[str, Any]) -> Item:
    rest = {key: row[key] for key in ("when", "otherwise", "section", "url", "also", "critical") if key in row}
    per = tuple(conditions.wanted(row.get("per", [])))
    return Item(str(row["id"]), row["topic"], row["text"], tuple(map(_need, row["needs"])), per=per, **rest)


def _need(row: Mapping[str, Any]) -> Need:
    verb = next(verb for verb in VERBS if verb in row)
    marks = {mark: row[mark] for mark in _MARKS if mark in row}
    within = tuple(conditions.wanted(row.get("within", [])))
    return Need(row["what"], verb, row[verb], row.get("when"), within=within, **marks)
