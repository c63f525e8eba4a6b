"""What an import came to: the protocol of one record, and what was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from protocolkit.document import Document, Path
    from protocolkit.findings import Finding


class Count(NamedTuple):
    """How many values of a record went into the protocol, were set aside for a reason, or found no home."""

    mapped: int = 0
    aside: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Imported:
    """One record: its protocol (None where it was refused) and the findings, which point at the source.

    `name` is what a file of the protocol may be called, `at` the place of the record in its source. `taken` and
    `aside` give the account of the leaves: where each went, or why it went nowhere.
    """

    source: Document
    at: Path
    name: str
    document: Document | None
    findings: tuple[Finding, ...]
    count: Count = field(default_factory=Count)
    taken: dict[Path, list[Path]] = field(default_factory=dict, repr=False)
    aside: dict[Path, str] = field(default_factory=dict, repr=False)
