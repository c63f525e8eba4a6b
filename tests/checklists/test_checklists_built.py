"""What the program reads of the checklists is what the tools make of their sources."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import yaml
from commandline import ROOT

if TYPE_CHECKING:
    from types import ModuleType


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
