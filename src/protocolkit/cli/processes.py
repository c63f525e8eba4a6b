"""Many files at once: the same work in several processes, its results in the order of the files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from protocolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Result = TypeVar("Result")

_FEW = 40  # files for which it pays to start one more process


def wanted(jobs: str, files: int) -> int:
    """Return how many processes to use for some files: as many as are asked for, or as pay.

    Raises UsageError for what is no number of processes.
    """
    if jobs == "auto":
        return min(os.cpu_count() or 1, -(-files // _FEW))
    if not jobs.isdecimal() or int(jobs) == 0:
        raise UsageError(f"--jobs takes a number of processes or auto, not {jobs!r}")
    return min(int(jobs), files)


def each(work: Callable[[str], Result], names: list[str], processes: int) -> list[Result]:
    """Do some work for every file, in this process or in several."""
    if processes <= 1:
        return [work(name) for name in names]
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - for many files only

    size = max(1, min(50, len(names) // processes))
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(work, names, chunksize=size))
