"""Where the bundled schemas, templates and examples are: inside the installed package, else beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


@cache
def folder(name: str) -> Path:
    """Return the bundled folder `schemas`, `templates` or `examples`.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for base in (_PACKAGE, _CHECKOUT):
        candidate = base / name
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the bundled folder {name!r} is missing; install protocolkit again")


def read_bytes(name: str, path: str) -> bytes:
    """Return the bytes of one bundled file, for example `read_bytes("schemas", "protocol.schema.json")`."""
    return (folder(name) / path).read_bytes()


def read_text(name: str, path: str) -> str:
    """Return the text of one bundled file, decoded as UTF-8."""
    return read_bytes(name, path).decode("utf-8")
