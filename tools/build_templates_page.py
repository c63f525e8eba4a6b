"""Build the page of what section templates may call, `docs/templates.md`, from what each function says about itself.

python tools/build_templates_page.py
"""

from __future__ import annotations

import inspect
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocolkit.document import Document
from protocolkit.render.catalogue import FIGURES, TABLES
from protocolkit.render.functions import functions
from protocolkit.render.sections import registry
from protocolkit.render.values import Values
from protocolkit.render.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).resolve().parents[1] / "docs" / "templates.md"
HEAD = """# Section templates of one's own

`protocolkit render FILE --templates DIR` takes the words of a section from `DIR` where a template for it is there, and
the bundled one where it is not. A template is named by the number of its section, `11.5.txt`; a section that repeats
for each objective or appendix has the number that the standard gives it. A bundled section that includes another one,
as 6.9.1 includes 6.1, takes that one from `DIR` too. `bundled/11.5.txt` always is the bundled one:

```jinja
{% include "bundled/11.5.txt" %}

**Sponsor:** {{ s("/trial/sponsor/name") }}
```

Jinja writes the words, in a sandbox; an unknown name is an error with file and line, and a value of the protocol is
never read as markup. Markup is paragraphs with an empty line between them, `- ` and `1. ` lists, `**bold**`,
`*italic*`, `^sup^` and `~sub~`; other markup is an error. A call that gives a block stands alone on its line.

A place is a JSON pointer. It counts from the item that is asked, `item.f("name")`; with a slash before it, and where no
item is asked, it counts from the top of the file: `f("/trial/full_title")`. An item is one entry of a list, as `each`
and `where` return it. What is printed is noted, and `rest` lists what no section has printed.

| name | what it is |
|---|---|
| `number` | the number of the section |
| `objective` | the objective for which the section repeats |
| `appendix` | the additional appendix that the section is |
"""
OF_ITEMS = {"item", "objective", "estimand"}


def page() -> str:
    """Return the text of the page."""
    document = Document("", {})
    offered = functions(registry()[0], View(Values(document, ()), document.root))
    parts: dict[str, list[str]] = {
        "What stands at a place, of the protocol or of an item": [],
        "Words and blocks": [],
        "Sentences about one item": [],
        "Sentences about the trial": [],
    }
    for name, made in sorted(offered.items()):
        if callable(made):
            [*parts.values()][_part(made)].append(_row(name, made))
    sections = [f"\n## {title}\n\n| call | what it does |\n|---|---|\n{''.join(rows)}" for title, rows in parts.items()]
    names = f"\n## Tables and figures\n\nTables: {_listed(TABLES)}.\n\nFigures: {_listed(FIGURES)}.\n"
    return "".join((HEAD, *sections, names))


def _part(made: Any) -> int:
    """Say in which part of the page a function stands."""
    if inspect.ismethod(made):
        return 0
    if isinstance(made, partial):
        return 1 if made.func.__name__.startswith("_") else 3
    return 2 if OF_ITEMS.intersection(inspect.signature(made).parameters) else 1


def _row(name: str, made: Any) -> str:
    told = (inspect.getdoc(made.func if isinstance(made, partial) else made) or "").splitlines()[0]
    given = ", ".join(_parameter(each) for each in inspect.signature(made).parameters.values())
    return f"| `{name}({given})` | {told} |\n"


def _parameter(each: inspect.Parameter) -> str:
    if each.kind is inspect.Parameter.VAR_POSITIONAL:
        return f"{each.name}, ..."
    if each.default is inspect.Parameter.empty:
        return each.name
    return f"{each.name}=None" if each.default is None else f'{each.name}="{each.default}"'


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"wrote {PAGE}")
