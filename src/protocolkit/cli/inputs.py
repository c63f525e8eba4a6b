"""Which files a command line names: files, folders (searched for protocol files), patterns, standard input."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from protocolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SUFFIXES = (".protocol.yaml", ".protocol.yml", ".protocol.json")
_MAGIC = frozenset("*?[")


def expanded(names: Iterable[str]) -> list[str]:
    """Return the files that some arguments name, each once; a folder gives the protocol files below it, sorted.

    A file that is named in two ways stands under the first. A plain name that does not exist is kept, so that it is
    reported as a file that cannot be read. Raises UsageError where a folder or a pattern gives no file.
    """
    found: dict[str, str] = {}
    for name in names:
        for file in _files(name):
            found.setdefault(_place(file), file)
    return list(found.values())


def _place(file: str) -> str:
    """Return where a file stands, the same for `a.yaml` and `./a.yaml`; a link is a file of its own."""
    folder, name = os.path.split(file)
    return file if file == "-" else os.path.join(os.path.realpath(folder), name)


def _files(name: str) -> list[str]:
    if name != "-" and os.path.isdir(name):
        return _some(_below(name), f"no protocol file (*{', *'.join(_SUFFIXES)}) in the folder {name}")
    if _MAGIC & set(name) and not os.path.exists(name):
        import glob  # noqa: PLC0415 - for a pattern only

        return _some(sorted(glob.glob(name, recursive=True)), f"no file matches {name}")
    return [name]


def _below(folder: str) -> list[str]:
    return sorted(str(path) for path in _walk(folder))


def _walk(folder: str) -> Iterator[Path]:
    from pathlib import Path  # noqa: PLC0415 - for a folder only

    for path in Path(folder).rglob("*.protocol.*"):
        if path.name.endswith(_SUFFIXES) and path.is_file():
            yield path


def _some(files: list[str], message: str) -> list[str]:
    if not files:
        raise UsageError(message)
    return files
