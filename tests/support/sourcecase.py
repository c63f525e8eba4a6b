"""What the reader of a file found, and where in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocolkit.findings import Finding, Place


def start(finding: Finding) -> Place:
    """Return where a finding begins; the reader gives each a place of its own."""
    assert finding.span is not None
    return finding.span.start
