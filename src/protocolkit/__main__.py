"""Run the command line: `protocolkit` and `python -m protocolkit`."""

from __future__ import annotations

import sys

from protocolkit.cli import run


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
