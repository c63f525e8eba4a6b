"""What each code stands for, looked up where it is defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.schema.faults import FAULTS as SHAPE
from protocolkit.sources.faults import FAULTS as FILES

if TYPE_CHECKING:
    from protocolkit.findings import FaultKind, Finding

KINDS: dict[str, FaultKind] = {**FILES, **SHAPE}


def why(finding: Finding) -> str:
    """Say why a finding matters: the clause that asks for it, else what its code stands for."""
    if finding.basis:
        return "; ".join(f"{basis.standard}, {basis.clause}" for basis in finding.basis)
    kind = KINDS.get(finding.code)
    return kind.why if kind else "the protocol could not be carried out or compared as written"
