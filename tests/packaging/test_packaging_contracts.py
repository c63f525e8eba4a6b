"""The contracts on imports name every package: one that is added later cannot slip past them."""

from __future__ import annotations

import tomllib

import pytest
from commandline import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FORBIDDEN = [each for each in SETTINGS["tool"]["importlinter"]["contracts"] if each["type"] == "forbidden"]
ALLOWED = {"click": {"__main__", "cli"}, "docx": {"render"}, "jinja2": {"render", "report"}}


def _house() -> set[str]:
    """Return the packages and modules of the house, as the folder has them."""
    inside = (ROOT / "src" / "protocolkit").iterdir()
    return {path.stem for path in inside if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}


@pytest.mark.parametrize("contract", FORBIDDEN, ids=[each["name"] for each in FORBIDDEN])
def test_a_contract_names_all_but_those_that_may(contract: dict[str, list[str]]) -> None:
    """What a library is forbidden to is the whole house without those that need it."""
    (library,) = contract["forbidden_modules"]
    named = [module.removeprefix("protocolkit.") for module in contract["source_modules"]]
    assert sorted(named) == sorted(_house() - ALLOWED[library])


def test_each_library_that_one_part_alone_may_know_has_a_contract() -> None:
    """None is left without one."""
    assert sorted(library for contract in FORBIDDEN for library in contract["forbidden_modules"]) == sorted(ALLOWED)
