"""Build what patterns look for first: the alternatives of each, and the words without which it never matches."""

from __future__ import annotations

import gc
import json
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import protocolkit
from protocolkit.rules.patterns import Pattern, alternatives

TARGET = Path(__file__).resolve().parents[1] / "src" / "protocolkit" / "rules" / "patterns.json"


def built() -> str:
    """Return the text of the file; importing a module makes its patterns."""
    for module in walk_packages(protocolkit.__path__, "protocolkit."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    texts = {each.text for each in gc.get_objects() if isinstance(each, Pattern)}
    rows = (f"{_packed(text)}:{_packed(alternatives(text))}" for text in sorted(texts))
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _packed(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    TARGET.write_text(built(), "utf-8")
