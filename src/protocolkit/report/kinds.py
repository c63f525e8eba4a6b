"""What each code stands for, looked up where it is defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.exchange.losses import FAULTS as LOSSES
from protocolkit.findings import FaultKind
from protocolkit.rules.waivers import FAULTS as WAIVERS
from protocolkit.schema.faults import FAULTS as SHAPE
from protocolkit.sources.faults import FAULTS as FILES

if TYPE_CHECKING:
    from protocolkit.findings import Finding

RULES = {
    "RULE01": FaultKind(
        "A rule crashed",
        "A rule that crashed has checked nothing; that is never a pass.",
        "report it with the file, or ignore the rule until it is mended",
    ),
    "RULE02": FaultKind(
        "A rule could not be checked",
        "What was not checked may still be wrong.",
        "give it what it lacks, or check by hand",
    ),
}
KINDS: dict[str, FaultKind] = {**FILES, **SHAPE, **WAIVERS, **RULES, **LOSSES}


def why(finding: Finding) -> str:
    """Say why a finding matters: the clause that asks for it, else what its code stands for."""
    if finding.basis:
        return "; ".join(f"{basis.standard}, {basis.clause}" for basis in finding.basis)
    kind = KINDS.get(finding.code)
    return kind.why if kind else "the protocol could not be carried out or compared as written"
