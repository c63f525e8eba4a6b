"""How long an event must last, in a component of an outcome and in the outcome that the component names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.quantities import in_unit
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_LASTING = Pattern(
    r"(?<![\w.,])(?P<count>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>s|seconds?|min|minutes?|h|hours?|d|days?|wk|weeks?)"
    r" or (?:longer|more)\b"
)
_TOLD_IN = ("measurement", "definition")


def components(trial: Trial) -> Iterator[tuple[Node, Node]]:
    """Yield the definitions of components that name an outcome, each with a text of that outcome, where both last."""
    for component in trial.each("/outcomes/*/components/*"):
        outcome = trial.root["outcomes"].find(component["outcome"].text)
        for key in _TOLD_IN if outcome else ():
            if _LASTING.search(component["definition"].text) and _LASTING.search(outcome[key].text):
                yield component["definition"], outcome[key]


def other_lengths(trial: Trial) -> Iterator[Found]:
    """Find components that last another time than the outcome they name, where each tells one."""
    for definition, text in components(trial):
        own, other = _lengths(definition), _lengths(text)
        if len(own) == len(other) == 1 and set(own) != set(other):
            (said,), (there,) = own.values(), other.values()
            message = f'the component says "{said}", and the outcome that it names "{there}"'
            yield Found(definition, message, "tell one length", ((text, "the outcome"),))


def _lengths(text: Node) -> dict[Decimal, str]:
    """Return the least lengths that a text tells, in seconds, each with its words."""
    found: dict[Decimal, str] = {}
    for match in _LASTING.finditer(text.text):
        unit = "wk" if match["unit"].startswith("w") else "min" if match["unit"].startswith("m") else match["unit"][0]
        seconds = in_unit(Decimal(match["count"]), unit, "s")
        if seconds is not None:
            found[seconds] = match[0]
    return found
