"""Where the bundled schemas, templates and examples are: inside the installed package, else beside it in a checkout."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = os.path.dirname(os.path.realpath(__file__))
_CHECKOUT = os.path.dirname(os.path.dirname(_PACKAGE))


def folder(name: str) -> Path:
    """Return the bundled folder `schemas`, `templates` or `examples`.

    Raises FileNotFoundError when the installation is incomplete.
    """
    from pathlib import Path  # noqa: PLC0415 - where somebody looks for files, not where one of them is read

    return Path(_folder(name))


@cache
def _folder(name: str) -> str:
    for base in (_PACKAGE, _CHECKOUT):
        candidate = os.path.join(base, name)
        if os.path.isdir(candidate):
            return candidate
    raise FileNotFoundError(f"the bundled folder {name!r} is missing; install protocolkit again")


def read_bytes(name: str, path: str) -> bytes:
    """Return the bytes of one bundled file, for example `read_bytes("schemas", "protocol.schema.json")`."""
    with open(os.path.join(_folder(name), path), "rb") as stream:
        return stream.read()


def read_text(name: str, path: str) -> str:
    """Return the text of one bundled file, decoded as UTF-8."""
    return read_bytes(name, path).decode("utf-8")


def read_beside(module: str, name: str) -> str:
    """Return the text of a data file that stands beside a module: `read_beside(__file__, "units.json")`."""
    with open(os.path.join(os.path.dirname(module), name), encoding="utf-8") as stream:
        return stream.read()
