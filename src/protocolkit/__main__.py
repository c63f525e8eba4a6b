"""Run the command line: `protocolkit` and `python -m protocolkit`."""

from __future__ import annotations

import gc
import sys

_HELP = (["-h"], ["--help"])
_OBJECTS = 200_000  # what a file is read into holds few cycles; looking for them at 700 takes a tenth longer


def main() -> None:
    """Run the command that the arguments name, and exit with its code.

    The text of `--help` is kept beside the commands and printed before any of them is imported; a test keeps it true.
    """
    if sys.argv[1:] in _HELP:
        from pathlib import Path  # noqa: PLC0415 - this case only

        sys.stdout.write(Path(__file__).with_name("cli").joinpath("help.txt").read_text("utf-8"))
        return
    gc.set_threshold(_OBJECTS)
    from protocolkit.cli import run  # noqa: PLC0415 - every other case

    code = run(sys.argv[1:])
    gc.freeze()  # all of it ends with the process: no last search for cycles, which takes a tenth of the command
    sys.exit(code)


if __name__ == "__main__":
    main()
