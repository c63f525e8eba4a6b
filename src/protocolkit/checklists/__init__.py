"""Published checklists held against a protocol: which items it meets, by which words, and what is missing."""

from __future__ import annotations

from protocolkit.checklists.audit import Audit, Audited, audit
from protocolkit.checklists.model import Checklist, Item, Need, Status
from protocolkit.checklists.packs import named, names

__all__ = ["Audit", "Audited", "Checklist", "Item", "Need", "Status", "audit", "named", "names"]
