"""Build what the program reads of the checklists: each pack as JSON, and the marks of the texts of bundled examples."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocolkit.checklists.content import mark
from protocolkit.checklists.judging import judged
from protocolkit.errors import ConfigError
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "src" / "protocolkit" / "checklists"


def built() -> Iterator[tuple[Path, str]]:
    """Yield each file that is made, with its text. Raises ConfigError for a pack that is at fault."""
    for path in sorted((FOLDER / "packs").glob("*.yaml")):
        yield path.with_suffix(".json"), json.dumps(judged(str(path)), ensure_ascii=False, separators=(",", ":")) + "\n"
    yield FOLDER / "taken.json", json.dumps(_taken(), indent=1, sort_keys=True) + "\n"


def _taken() -> dict[str, list[str]]:
    documents = [read(path) for path in sorted((ROOT / "examples").glob("*.protocol.yaml"))]
    return {
        document.root["trial"]["protocol_id"].text: sorted(set(filter(None, map(mark, _texts(document.data)))))
        for document in documents
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(item)


if __name__ == "__main__":
    try:
        for target, content in built():
            target.write_text(content, "utf-8")
    except ConfigError as error:
        sys.exit(str(error))
