"""Measure whole commands: processor time and memory of each, medians, beside `python -c pass` in the same run.

Run it in an environment where protocolkit is installed: `python benchmarks/commands.py [RUNS]`. The machine's speed
drifts, so that only figures of one run can be compared; the differences to the bare interpreter are what counts.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "ketamine-crps.protocol.yaml"  # the longest
SHORT = ROOT / "examples" / "examplipril-hypertension.protocol.yaml"  # some 700 lines
MANY = 2000
AUDITED = 500


class Measured(NamedTuple):
    """One run of a process: processor time and wall time in seconds, peak memory in MiB."""

    cpu: float
    wall: float
    memory: float


def measure(command: list[str]) -> Measured:
    """Run a command once, its output thrown away, and return what the system accounts for it and its children."""
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.execv(command[0], command)  # noqa: S606 - the command under measurement
    usage = os.wait4(child, 0)[2]
    wall = time.perf_counter() - begun
    return Measured(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def median(command: list[str], runs: int) -> Measured:
    """Return the medians over some runs, after one that does not count."""
    measure(command)
    found = [measure(command) for _ in range(runs)]
    return Measured(*(statistics.median(values) for values in zip(*found, strict=True)))


def main() -> None:
    """Measure every command and print a table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    bare = [sys.executable, "-c", "pass"]
    ours = [str(Path(sys.executable).with_name("protocolkit"))]  # the command as it is installed
    with tempfile.TemporaryDirectory() as folder:
        faulty = Path(folder) / "faulty.protocol.yaml"
        faulty.write_text(SHORT.read_text("utf-8").replace(" mg", " mgs", 1).replace("phase: ", "phase: x"))
        render = [*ours, "render", str(EXAMPLE), "-o", str(Path(folder) / "a.docx"), "--force"]
        rows = [
            ("python -c pass", bare, ""),
            ("--help", [*ours, "--help"], "+ 35 ms"),
            ("validate, 700 lines", [*ours, "validate", str(SHORT)], "+ 120 ms"),
            ("validate, two faults", [*ours, "validate", str(faulty)], "+ 170 ms"),
            ("validate, longest", [*ours, "validate", str(EXAMPLE)], ""),
            ("audit, SPIRIT 2025", [*ours, "audit", str(SHORT), "--fail-on", "never"], ""),
            ("audit, all", [*ours, "audit", str(SHORT), "--checklist", "all", "--fail-on", "never"], "+ 160 ms"),
            ("render", render, "under 1 s"),
        ]
        base = median(bare, runs)
        print(f"medians of {runs} runs; Python {sys.version.split()[0]}")
        print(f"{'command':22} {'cpu ms':>8} {'over bare':>10} {'wall ms':>8} {'MiB':>6}  target")
        for name, command, target in rows:
            _print(name, median(command, runs), base, target)
        _many(Path(folder), [*ours, "validate", "--jobs", "2"], MANY, base, "6 s wall on two cores")
        _many(Path(folder), [*ours, "audit", "--fail-on", "never"], AUDITED, base, "4 s wall on two cores")


def _print(name: str, found: Measured, base: Measured, target: str) -> None:
    over = 1000 * (found.cpu - base.cpu)
    print(f"{name:22} {1000 * found.cpu:8.0f} {over:+10.0f} {1000 * found.wall:8.0f} {found.memory:6.0f}  {target}")


def _many(folder: Path, command: list[str], number: int, base: Measured, target: str) -> None:
    below = folder / f"many-{number}"
    below.mkdir()
    text = SHORT.read_bytes()
    for index in range(number):
        (below / f"{index:04}.protocol.yaml").write_bytes(text + f"# {index}\n".encode())
    found = median([*command, str(below)], 3)
    _print(f"{command[1]}, {number:,} files", found, base, target)


if __name__ == "__main__":
    main()
