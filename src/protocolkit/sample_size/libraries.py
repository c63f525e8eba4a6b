"""The optional libraries of the extra `protocolkit[stats]`, imported when a method first needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from protocolkit.sample_size.result import NotComputable

EXTRA = "protocolkit[stats]"
_OF_PYTHON = {"": "statistics.NormalDist of Python", "math": "math of Python"}


def module(name: str) -> Any:
    """Import a module of the extra.

    Raises NotComputable where it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise NotComputable(f"not computed: {name.partition('.')[0]} is missing; install {EXTRA}") from error


def named(library: str) -> str:
    """Return a library with its version, as reports print it.

    Raises NotComputable where it is not installed.
    """
    if library in _OF_PYTHON:
        return _OF_PYTHON[library]
    module(library)
    from importlib.metadata import version  # noqa: PLC0415 - takes as long to import as a whole check takes

    return f"{library} {version(library)}"
