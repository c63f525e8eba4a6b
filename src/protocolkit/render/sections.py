"""The sections of ICH M11: the registry that ships beside the templates, and its expansion for one protocol."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.resources import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HASH = " <#>"


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered heading of the standard.

    `template` names its text template and stays the same when the section repeats; `position` counts repetitions
    from 0; `kind` is what it repeats for (`primary`, `secondary`, `exploratory`, `appendix`), else empty.
    """

    number: str
    title: str
    level: int
    type: str
    what: str
    condition: str = ""
    heading_only: bool = False
    fixed: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kind: str = ""
    template: str = ""
    position: int = 0


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(read_text("templates", "m11/sections.json"))
    return loaded


@cache
def registry() -> tuple[Section, ...]:
    """Return the 159 numbered sections as published, in their order."""
    return tuple(_section(row) for row in _data()["sections"])


def labels(part: str) -> tuple[str, ...]:
    """Return the labels of `title_page`, `amendment_details`, `estimand` or `event_types`, in the standard's order."""
    return tuple(_data()[part])


def _section(row: dict[str, Any]) -> Section:
    return Section(
        number=row["number"],
        title=row["title"],
        level=row["level"],
        type=row["type"],
        what=row["what"],
        condition=row.get("condition", ""),
        heading_only=row.get("heading_only", False),
        fixed=tuple(text["text"] for text in row.get("fixed", ())),
        labels=tuple(row.get("labels", ())),
        kind=row.get("repeats", ""),
        template=row["number"],
    )


def expanded(counts: Mapping[str, int], titles: Sequence[str] = ()) -> Iterator[Section]:
    """Yield the sections of one protocol: repeated for each objective of a level, and for each appendix.

    `counts` says how many `primary`, `secondary` and `exploratory` objectives there are, `titles` are those of the
    additional appendices. A section that would repeat for nothing stays once, so that numbers never move. The standard
    numbers the objectives in the titles only where there are several.
    """
    group: list[Section] = []
    for section in registry():
        if group and not section.number.startswith(f"{group[0].number}."):
            yield from _repeated(group, counts, titles)
            group = []
        if group or section.kind:
            group.append(section)
        else:
            yield section
    yield from _repeated(group, counts, titles) if group else ()


def _repeated(group: list[Section], counts: Mapping[str, int], titles: Sequence[str]) -> Iterator[Section]:
    head = group[0]
    many = len(titles) if head.kind == "appendix" else counts.get(head.kind, 0)
    base = head.number.rpartition(".")[0]
    first = len([s for s in registry() if s.number.startswith(f"{base}.") and not s.kind]) if "X" in head.number else 0
    for position in range(max(1, many)):
        number = f"{base}.{first + position + 1}"
        suffix = f" {position + 1}" if many > 1 else ""
        title = head.title.replace(_HASH, suffix)
        if head.kind == "appendix" and titles:
            title = titles[position]
        for section in group:
            own = title if section is head else section.title
            renumbered = number + section.number.removeprefix(head.number)
            yield replace(section, number=renumbered, title=own, kind=head.kind, position=position)
