"""A row of a bundled checklist, held against an example that differs in a few places."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packcase import pack

from protocolkit.checklists import audit
from protocolkit.document import Document
from protocolkit.sources import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocolkit.checklists import Audited

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GONE = object()
SHORT = {
    "KET": "ketamine-crps", "PRIL": "examplipril-hypertension", "DXM": "dextromethorphan-fm", "MEM": "memantine-dpn",
    "PHASE1": "examplinib-phase1",
}  # fmt: skip


@cache
def _example(name: str) -> Any:
    return read(EXAMPLES / f"{SHORT[name]}.protocol.yaml").data


def _set(data: Any, pointer: str, value: Any) -> None:
    """Put a value at a pointer, making what it lies in; GONE takes away what stands there."""
    *above, last = (int(step) if step.isdigit() else step for step in pointer.split("/")[1:])
    for step in above:
        data = data.setdefault(step, {}) if isinstance(data, dict) and isinstance(step, str) else data[step]
    if value is GONE and isinstance(data, dict):
        data.pop(last, None)
    else:
        data[last] = copy.deepcopy(value)


def row_of(identifier: str, example: str, changes: Mapping[str, Any]) -> Audited:
    """Return a row, such as `spirit-2025/14a`, of an example with some places changed."""
    data = copy.deepcopy(_example(example))
    for pointer, value in changes.items():
        _set(data, pointer, value)
    name, _, number = identifier.partition("/")
    held = audit(Document("a.protocol.yaml", data), [pack(name)])[0]
    return next(row for row in held.items if row.item.id == number)


def shown(row: Audited) -> set[str]:
    """Return the places that a row shows as its evidence."""
    return {each.locator for each in row.evidence}
