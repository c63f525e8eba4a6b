"""The README is true: what it shows as output is what its commands print, and what it links to is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from commandline import ROOT, environment

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"^```console\n\$ (.+?)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which `protocolkit` is the command of this checkout."""
    command = tmp_path / "protocolkit"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m protocolkit "$@"\n', "utf-8")
    command.chmod(0o755)
    return environment(PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[row[0][-40:] for row in CONSOLE])
def test_shown_output_is_real(command: str, shown: str, shell: dict[str, str]) -> None:
    """Each console block shows what its command prints."""
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=shell, capture_output=True, text=True, check=False)
    assert done.stdout == shown
    assert not done.stderr


def test_the_readme_shows_output() -> None:
    """The check above cannot pass by showing nothing."""
    assert CONSOLE


@pytest.mark.parametrize("code", PYTHON)
def test_shown_python_gives_the_shown_value(code: str) -> None:
    """A line of Python with a comment gives the number in the comment."""
    pytest.importorskip("statsmodels", reason="the extra protocolkit[stats] is not installed")
    *before, last = code.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(before), names)  # noqa: S102 - our own README
    expression, _, value = last.partition("#")
    found = eval(expression, names)  # noqa: S307 - as above
    assert isinstance(found, float)
    assert round(found, 2) == float(value)


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)|src=\"([^\"]+)\"", README))
def test_links_lead_somewhere(target: tuple[str, str]) -> None:
    """Every file that the README links to or shows exists."""
    assert (ROOT / (target[0] or target[1])).exists()
