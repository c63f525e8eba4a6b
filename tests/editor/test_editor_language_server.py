"""The schema in an editor: completion, a diagnostic and hover, asked of a real YAML language server."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from languageserver import LanguageServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = (ROOT / "schemas" / "protocol.schema.json").as_uri()
TEXT = f"""\
# yaml-language-server: $schema={SCHEMA}
protocolkit: 1
trial:
  phase: Phase 9
  protocol_id: X-1
{"  "}
"""


def _server() -> str | None:
    local = ROOT / ".ci" / "node" / "node_modules" / ".bin" / "yaml-language-server"
    return str(local) if local.exists() else shutil.which("yaml-language-server")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LanguageServer, str]]:
    """Start a server with one open protocol."""
    command = _server()
    if command is None or shutil.which("node") is None:
        pytest.skip("yaml-language-server is not installed (npm install --prefix .ci/node yaml-language-server@1)")
    folder = tmp_path_factory.mktemp("editor")
    running = LanguageServer([command, "--stdio"], folder)
    yield running, running.open(folder / "a.protocol.yaml", TEXT)
    running.close()


def _labels(answer: Any) -> set[str]:
    items = answer["items"] if isinstance(answer, dict) else answer
    return {item["label"] for item in items}


def test_an_editor_completes_keys(server: tuple[LanguageServer, str]) -> None:
    """Below `trial`, the editor offers the keys of the schema that are not there yet."""
    labels = _labels(server[0].at("textDocument/completion", server[1], 5, 2))
    assert {"full_title", "version", "sponsor"} <= labels
    assert "phase" not in labels


def test_an_editor_completes_terms(server: tuple[LanguageServer, str]) -> None:
    """A closed list is offered term by term."""
    labels = _labels(server[0].at("textDocument/completion", server[1], 3, 9))
    assert {"Phase 1", "Phase 2/Phase 3"} <= labels


def test_an_editor_marks_a_wrong_term(server: tuple[LanguageServer, str]) -> None:
    """A term outside the list is marked on its line while the author types."""
    found = server[0].until_diagnosed(server[1])
    assert any(row["range"]["start"]["line"] == 3 for row in found)


def test_an_editor_tells_what_a_key_means(server: tuple[LanguageServer, str]) -> None:
    """Hovering a key shows its title and what to write there."""
    answer = server[0].at("textDocument/hover", server[1], 4, 4)
    shown = answer["contents"]["value"]
    assert "protocol" in shown.lower()
    assert len(shown) > 40
