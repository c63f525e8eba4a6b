"""What can happen to a value on its way between two formats: one row per code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.document import pointer
from protocolkit.findings import FaultKind, Finding, Related, Severity

if TYPE_CHECKING:
    from protocolkit.document import Path

FAULTS = {
    "LOSS01": FaultKind(
        "A value that has no home in the other format",
        "What is not carried over is lost to whoever reads only the other file.",
        "look whether the protocol should say it in a key of its own or in narrative",
    ),
    "LOSS02": FaultKind(
        "Words that were kept as words",
        "Words that can be read in more than one way must not become a number that looks like a fact.",
        "state it in the keys of the format where the protocol decides it",
    ),
    "LOSS03": FaultKind(
        "A term that the format does not know",
        "A term outside a closed list cannot be translated without a guess.",
        "choose the term of the format that fits",
    ),
    "LOSS04": FaultKind(
        "A value of the wrong type or form",
        "What is not in the form that its place asks for cannot be carried over with certainty.",
        "correct the source, or state the value in the protocol",
    ),
    "LOSS05": FaultKind(
        "A record that is refused",
        "A record of another kind would give a protocol that looks right and is not.",
        "import a record of an interventional trial in a format that is named in the documentation",
    ),
    "LOSS06": FaultKind(
        "A character that was replaced",
        "A document cannot hold control characters and halves of characters.",
        "write the character that was meant",
    ),
    "LOSS07": FaultKind(
        "Something that the source should say and does not",
        "What is taken for granted because the source is silent must be looked at.",
        "look whether it holds for this trial",
    ),
}

_SEVERITIES = {"LOSS02": Severity.INFO, "LOSS05": Severity.ERROR}


def loss(code: str, message: str, place: Path = (), to: Path = (), told: str = "", hint: str = "") -> Finding:
    """Make a finding about a place of the source; `to` is the place of the protocol file that it concerns."""
    severity = _SEVERITIES.get(code, Severity.WARNING)
    related = (Related(pointer(to), told or "the place in the protocol file"),)
    return Finding(code, severity, message, pointer(place), hint or FAULTS[code].hint, related=related)
