"""What an author's own section templates may call: the page that lists it, the functions, the example on the page."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING

import jinja2
import jinja2.meta
from contentcase import ROOT, draft, lines

from protocolkit.document import Document
from protocolkit.render import section_templates
from protocolkit.render.draft import build
from protocolkit.render.functions import functions
from protocolkit.render.sections import registry
from protocolkit.render.values import Values
from protocolkit.render.view import View

if TYPE_CHECKING:
    import pathlib
    from types import ModuleType

PAGE = ROOT / "docs" / "templates.md"
FOR_AUTHORS = {"cite", "gap", "joined", "names", "ref", "s"}  # in no template of ours


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_templates_page", ROOT / "tools" / "build_templates_page.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_functions_say() -> None:
    """Run `python tools/build_templates_page.py` after a change of what templates may call."""
    assert PAGE.read_text("utf-8") == _tool().page()


def test_every_call_on_the_page_says_what_it_does() -> None:
    """A row without words would leave an author to guess."""
    calls = re.findall(r"^\| `[a-z_]+\(.*\)` \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(calls) > 100
    assert all(words.endswith(".") for words in calls)


def test_what_templates_may_call_is_what_they_call() -> None:
    """A function that no template of ours names, and that is not kept for authors, is dead."""
    document = Document("", {})
    offered = set(functions(registry()[0], View(Values(document, ()), document.root)))
    environment, used = jinja2.Environment(autoescape=True), set[str]()
    for path in (ROOT / "templates" / "m11").glob("*.txt"):
        used |= jinja2.meta.find_undeclared_variables(environment.parse(path.read_text("utf-8")))
    assert offered - used == FOR_AUTHORS
    assert used <= offered


def test_the_example_on_the_page_adds_to_the_bundled_section(tmp_path: pathlib.Path) -> None:
    """A folder's template goes before the bundled one, may include it, and print a value of the protocol."""
    example = re.search(r"```jinja\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example
    (tmp_path / "11.5.txt").write_text(example[1], "utf-8")
    document = Document("a.yaml", {"trial": {"sponsor": {"name": "Examplia"}}})
    bundled, own = (
        [*lines(made.blocks)] for made in (draft(document), build(document, (), section_templates(tmp_path)))
    )
    assert [line for line in own if line not in bundled] == ["Sponsor: Examplia."]
