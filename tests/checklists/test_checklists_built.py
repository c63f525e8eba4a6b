"""What the program reads of the checklists is what the tools make of their sources."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
import yaml
from commandline import ROOT

from protocolkit.checklists.packs import bundled, names

if TYPE_CHECKING:
    from types import ModuleType


LINE = 120


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_packs_and_marks_are_built() -> None:
    """Run `python tools/build_checklists.py` after a change of a pack or an example; each pack is judged by it."""
    made = dict(_tool("build_checklists").built())
    assert len(made) == 12
    for path, text in made.items():
        assert path.read_text("utf-8") == text, path.name


def test_the_m11_checklist_is_made_of_the_table_of_coverage() -> None:
    """Run `python tools/build_m11_checklist.py` after a change of `docs/coverage.md`."""
    tool = _tool("build_m11_checklist")
    assert yaml.safe_load(tool.PACK.read_text("utf-8")) == tool.pack()


@pytest.mark.parametrize("name", names())
def test_what_a_row_needs_is_told_in_a_phrase(name: str) -> None:
    """Each need is called by a few words that go on a sentence: no full stop, and none longer than a line."""
    told = [need.what for item in bundled(name).items for need in item.needs]
    assert [what for what in told if ". " in what or what.endswith(".") or len(what) > LINE] == []
