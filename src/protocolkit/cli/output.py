"""Where results go: standard output, or a file that is written beside and then put in place."""

from __future__ import annotations

import contextlib
import os
import sys

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
    if os.path.isdir(path):
        raise UsageError(f"{path} is a folder; name a file in it")
    try:
        _place(path, data, force=force)
    except FileExistsError:
        raise UsageError(f"{path} exists; name another file with -o, or replace it with --force") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {_reason(error, path)}") from None


def _reason(error: OSError, target: str) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no folder {os.path.dirname(target) or os.curdir}; make it first"
    return (error.strerror or str(error)).lower()


def _place(target: str, data: bytes, *, force: bool) -> None:
    """Write beside the target and then give it its name, so that nobody ever sees half a file."""
    import tempfile  # noqa: PLC0415 - for a file only, not for standard output

    target = os.path.realpath(target) if os.path.islink(target) else target
    folder, last = os.path.split(target)
    handle, name = tempfile.mkstemp(prefix=f".{last[:80]}.", suffix=".part", dir=folder or os.curdir)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, _mode(target))
        if force:
            os.replace(name, target)
        else:
            _claim(name, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _claim(name: str, target: str) -> None:
    """Give a file its name only where nobody has taken it in the meantime."""
    try:
        os.link(name, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        os.replace(name, target)


def _mode(target: str) -> int:
    """Keep the permissions of a file that is replaced; a new one gets what the user's mask allows."""
    if os.path.exists(target):
        return os.stat(target).st_mode & 0o777
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
