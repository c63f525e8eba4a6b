"""The distributions carry the schemas, templates and examples, and each way of installing finds them."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "protocolkit"
FOLDERS = ("schemas", "templates", "examples")
PROBE = """
import json, sys
from protocolkit import api
from protocolkit.resources import folder
doc = api.load(folder("examples") / "ketamine-crps.protocol.yaml")
report = api.validate(doc)
word = api.render(doc)
rows = sum(len(audit.items) for audit in api.audit(doc, ["all"]))
print(json.dumps({"where": str(folder("schemas")), "findings": len(report.findings), "schema": api.schema()["$id"],
                  "word": word[:2].decode(), "audited": rows > 100}))
"""


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the sdist from the checkout, and the wheel from the unpacked sdist."""
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT)
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


def _tracked(folder: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}


def _in_wheel(built: tuple[Path, Path], folder: str) -> set[str]:
    names = {name.removeprefix("protocolkit/") for name in zipfile.ZipFile(built[1]).namelist()}
    return {name for name in names if name.startswith(f"{folder}/")}


def test_the_wheel_holds_the_bundled_folders_whole(built: tuple[Path, Path]) -> None:
    """Every file of schemas, templates and examples is in the wheel, the sources of the schemas apart."""
    for folder in FOLDERS:
        assert _in_wheel(built, folder) == _tracked(folder) - _tracked("schemas/src")


def test_the_wheel_holds_checklists_in_the_form_that_is_read(built: tuple[Path, Path]) -> None:
    """Each pack as JSON, and not the YAML that it is built from."""
    read = {str(path.relative_to(PACKAGE)) for path in (PACKAGE / "checklists" / "packs").glob("*.json")}
    assert _in_wheel(built, "checklists/packs") == read


def test_the_sdist_holds_what_the_tests_need(built: tuple[Path, Path]) -> None:
    """The unpacked sdist can be tested: sources, schemas, templates, examples and tests are in it."""
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in (*FOLDERS, "tests"):
        assert {name for name in _tracked(folder) if "__pycache__" not in name} <= names


@pytest.mark.parametrize("way", ["wheel", "sdist", "editable"])
def test_each_way_of_installing_finds_its_data(built: tuple[Path, Path], way: str, tmp_path: Path) -> None:
    """An installed protocolkit validates and renders its own example from any folder."""
    venv = tmp_path / "venv"
    _run(sys.executable, "-m", "venv", "--system-site-packages", venv)
    target = {"wheel": built[1], "sdist": built[0], "editable": ROOT}[way]
    python = venv / "bin" / "python"
    site = _run(sys.executable, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])").strip()
    (
        Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])").strip()) / "deps.pth"
    ).write_text(site, "utf-8")
    extra = ["--editable"] if way == "editable" else []
    _run(
        python, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--ignore-installed", *extra, target
    )
    (tmp_path / "elsewhere").mkdir()
    shown = _run(python, "-c", PROBE, cwd=tmp_path / "elsewhere")
    expected = ROOT if way == "editable" else venv
    assert str(expected) in shown
    assert '"findings": 0' in shown
    assert '"word": "PK"' in shown
    assert '"audited": true' in shown
    assert _run(venv / "bin" / "protocolkit", "--version").startswith("protocolkit 0.")
