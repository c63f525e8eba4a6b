"""Run the command line: `protocolkit` and `python -m protocolkit`."""

from __future__ import annotations

import gc
import os
import sys

from protocolkit import process

_HELP = (["-h"], ["--help"])
_OBJECTS = 200_000  # what a file is read into holds few cycles; looking for them at 700 takes a tenth longer


def main() -> None:
    """Run the command that the arguments name, and end the process with its code.

    The text of `--help` is kept beside the commands and printed before any of them is imported; a test keeps it true.
    """
    if sys.argv[1:] in _HELP:
        sys.exit(_help())
    gc.set_threshold(_OBJECTS)
    process.own = True
    from protocolkit.cli import run  # noqa: PLC0415 - every other case

    _end(run(sys.argv[1:]))


def _end(code: int) -> None:
    """End the process without freeing its objects one by one, which takes a tenth of a check of one file.

    What was printed has been written by then. A debugger, profiler or coverage tool still comes to its own end.
    """
    if sys.gettrace() or sys.getprofile():
        sys.exit(code)
    sys.stderr.flush()
    os._exit(code)


def _help() -> int:
    from pathlib import Path  # noqa: PLC0415 - this case only

    try:
        sys.stdout.write(Path(__file__).with_name("cli").joinpath("help.txt").read_text("utf-8"))
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at the end
        sys.stderr.write(f"protocolkit: standard output cannot be written: {(error.strerror or '').lower()}\n")
        return 2
    return 0


if __name__ == "__main__":
    main()
