"""Measure the schedule of activities as it grows: time must grow with the number of cells, not faster.

`python benchmarks/tables.py` in an environment where protocolkit is installed.
"""

from __future__ import annotations

import json
import time
from typing import Any

from protocolkit import api

SIZES = ((50, 15), (100, 30), (200, 60))


def protocol(activities: int, visits: int) -> dict[str, Any]:
    """Return a protocol that has nothing but a large schedule."""
    names = [f"A{index}" for index in range(activities)]
    return {
        "protocolkit": 1,
        "design": {"epochs": [{"id": "T", "name": "Treatment", "type": "treatment"}]},
        "schedule": {
            "anchors": [{"id": "first_dose", "kind": "first_dose", "text": "first dose"}],
            "activities": [{"id": name, "name": f"activity {name}", "serves": ["safety"]} for name in names],
            "visits": [
                {
                    "id": f"V{index}", "name": f"Visit {index}", "epoch": "T", "anchor": "first_dose",
                    "offset": f"{7 * index} d", "window": {"before": "1 d", "after": "1 d"},
                    "activities": [name for position, name in enumerate(names) if (position + index) % 3],
                }
                for index in range(visits)
            ],
        },
    }  # fmt: skip


def main() -> None:
    """Render schedules of several sizes and print the time for each and for each cell."""
    for activities, visits in SIZES:
        document = api.load(json.dumps(protocol(activities, visits)).encode(), name="large.protocol.json")
        begun = time.perf_counter()
        data = api.render(document)
        spent = time.perf_counter() - begun
        cells = activities * visits
        each, size = 1e6 * spent / cells, len(data) // 1024
        print(f"{activities:4} x {visits:3}: {spent:6.2f} s, {each:6.1f} us a cell, {size} KiB")


if __name__ == "__main__":
    main()
