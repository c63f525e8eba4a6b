"""The page on imports says what the code does."""

from __future__ import annotations

import importlib.util

from exchangecase import ROOT


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    """Run `python tools/build_import_docs.py` after a change of the mapping."""
    spec = importlib.util.spec_from_file_location("build_import_docs", ROOT / "tools" / "build_import_docs.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = tool.PAGE.read_text("utf-8")
    assert tool.page(text) == text
    assert "| `/statusModule/overallStatus` |" in text
