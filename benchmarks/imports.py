"""Measure the import of many records: read, carry over, write, read again and check.

`python benchmarks/imports.py [RECORDS]` in an environment where protocolkit is installed; RECORDS is a file of
ClinicalTrials.gov records, one to a line. Without it a record of our own is repeated.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from protocolkit import api
from protocolkit.exchange.importing import load

if TYPE_CHECKING:
    from protocolkit.exchange.result import Imported

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = ROOT.parent / "shared" / "data" / "ctgov" / "studies_v2.ndjson"
OWN = ROOT / "tests" / "cases" / "exchange" / "full.ctgov.json"
MANY = 160


def records() -> tuple[str, bytes]:
    """Return the records to import, and what they are."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLIC
    if path.exists():
        return path.name, path.read_bytes()
    line = json.dumps(json.loads(OWN.read_text("utf-8"))).encode()
    return f"{MANY} times {OWN.name}", b"\n".join([line] * MANY)


def timed(rows: list[Imported]) -> None:
    """Check every imported file with all rules and print what that took."""
    begun = time.perf_counter()
    reports = [api.validate(row.document) for row in rows if row.document is not None]
    spent = time.perf_counter() - begun
    print(f"checked  {len(reports):4} files   {spent:6.2f} s, {sum(len(r.findings) for r in reports)} findings")


def main() -> None:
    """Import and check, and print the time and the account of the values."""
    name, data = records()
    begun = time.perf_counter()
    rows = list(load(data, name))
    spent = time.perf_counter() - begun
    done = [row for row in rows if row.document is not None]
    print(f"imported {len(done):4} of {len(rows)} records of {name} ({len(data) / 1e6:.1f} MB)   {spent:6.2f} s")
    timed(done)
    mapped, aside, lost = (sum(row.count[index] for row in done) for index in range(3))
    total = mapped + aside + lost
    print(f"values: {mapped / total:.1%} mapped, {aside / total:.1%} set aside for a reason, {lost / total:.1%} lost")


if __name__ == "__main__":
    main()
