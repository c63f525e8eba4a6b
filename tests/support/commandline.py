"""Run the command line as a user does, in a process of its own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BYTECODE = str(Path(tempfile.gettempdir()) / f"protocolkit-bytecode-{os.getuid()}")  # beside the checkout, not in it
EXAMPLE = ROOT / "examples" / "ketamine-crps.protocol.yaml"
# No numerical library computes its sample size, and loading one takes four times as long as all else of a command.
QUICK = ROOT / "examples" / "examplinib-phase1.protocol.yaml"


class Done(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which the checkout's package is found."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": BYTECODE, **more}


def protocolkit(
    *arguments: str | Path, cwd: Path | None = None, stdin: bytes | None = None, env: dict[str, str] | None = None
) -> Done:
    """Run a command in a process of its own; standard input is empty unless it is given."""
    done = subprocess.run(
        [sys.executable, "-m", "protocolkit", *map(str, arguments)],
        cwd=cwd, input=stdin or b"", capture_output=True, check=False, env=env or environment(), timeout=120,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
