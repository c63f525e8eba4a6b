"""Where results go: standard output, or a file that is written beside and then put in place."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from protocolkit.errors import UsageError

STANDARD = "-"


def refuse_existing(path: str, *, force: bool) -> None:
    """Raise UsageError where an output exists already, before any work is done."""
    if path != STANDARD and os.path.lexists(path) and not force:
        raise UsageError(f"{path} exists; name another file with -o, or replace it with --force")


def write(path: str, data: bytes, *, force: bool) -> None:
    """Write a result to a file or, for `-`, to standard output.

    A file appears whole or not at all. Raises UsageError where it exists (without `force`) or cannot be written.
    """
    if path == STANDARD:
        _print(data)
        return
    refuse_existing(path, force=force)
    target = Path(path)
    if target.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    try:
        _place(target, data, force=force)
    except FileExistsError:
        raise UsageError(f"{path} exists; name another file with -o, or replace it with --force") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {_reason(error, target)}") from None


def _reason(error: OSError, target: Path) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no folder {target.parent}; make it first"
    return (error.strerror or str(error)).lower()


def _place(target: Path, data: bytes, *, force: bool) -> None:
    """Write beside the target and then give it its name, so that nobody ever sees half a file."""
    import tempfile  # noqa: PLC0415 - for a file only, not for standard output

    target = target.resolve() if target.is_symlink() else target
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
        if force:
            Path(name).replace(target)
        else:
            _claim(name, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _claim(name: str, target: Path) -> None:
    """Give a file its name only where nobody has taken it in the meantime."""
    try:
        os.link(name, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        Path(name).replace(target)


def _mode(target: Path) -> int:
    """Keep the permissions of a file that is replaced; a new one gets what the user's mask allows."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _print(data: bytes) -> None:
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(data.decode("utf-8", "replace"))
    else:
        try:
            stream.write(data)
            stream.flush()
        except OSError as error:  # a closed pipe too: click would end it with 1 and no word
            raise UsageError(f"standard output cannot be written: {(error.strerror or str(error)).lower()}") from None
