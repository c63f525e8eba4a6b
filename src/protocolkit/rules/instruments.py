"""What the library knows of the instruments of a trial, and what its outcomes measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.library import facts
from protocolkit.rules.filler import is_filler
from protocolkit.rules.patterns import Pattern
from protocolkit.words import folded

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.library.facts import Row
    from protocolkit.rules.trial import Trial

_DIRECTION = Pattern(
    r"\b(?:(?P<up>higher|larger|greater|more)|lower|smaller|less|fewer)(?:[ _-][^.;,]{0,30})?[ _-]"
    r"(?P<says>better|worse)\b"
)
_OPPOSITE = {"better": "worse", "worse": "better"}


def higher_is(text: str) -> str:
    """Return what a text on a direction calls higher values: `better` or `worse`; an empty text where it does not say.

    `lower_better`, `lower is better` and `higher values are worse` say the same.
    """
    match = _DIRECTION.search(text)
    if match is None:
        return ""
    says = match["says"].casefold()
    return says if match["up"] else _OPPOSITE[says]


def row_of(outcome: Node) -> Row | None:
    """Return what the library knows of the instrument of an outcome: by its name, else by the id of the outcome."""
    for name in (outcome["instrument"]["name"].text, outcome["id"].text):
        if name and (row := facts.find("instruments", name)):
            return row
    return None


def measures(outcome: Node, construct: str) -> bool:
    """Say whether an outcome measures a construct, such as depressive symptoms: by its words or by its instrument."""
    if folded(outcome["construct"].text) == folded(construct):
        return True
    row = None if outcome["construct"] else row_of(outcome)
    return row is not None and construct in row.data.get("constructs", ())


def domains(outcome: Node) -> frozenset[str]:
    """Return the domains of an outcome: the one that is stated, else those of its instrument."""
    if outcome["domain"]:
        return frozenset({outcome["domain"].text})
    row = row_of(outcome)
    return frozenset(row.data.get("domains", ())) if row else frozenset()


def omitted(trial: Trial, *names: str) -> bool:
    """Say whether an objective gives the reason why a domain or construct is not measured."""
    wanted = {folded(name) for name in names}
    return any(
        folded(row["domain"].text) in wanted and not is_filler(row["reason"].text)
        for row in trial.each("/objectives/*/omitted_domains/*")
    )
