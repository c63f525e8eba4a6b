"""Rule on what only holds the place of words: `TBD`, `[insert here]`, a dash, a reason that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.document import Node
from protocolkit.findings import Severity
from protocolkit.rules.filler import is_filler
from protocolkit.rules.model import Found, NotApplicable, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Path
    from protocolkit.rules.trial import Trial

_ASIDE = frozenset({"open_questions", "provenance", "waivers", "reviews"})
_BEGINNINGS = (
    "tb", "to ", "todo", "fixme", "[", "<", "-", "_", ".", "?", "\N{EN DASH}", "\N{EM DASH}", "xx", "lorem", "insert",
    "details to", "information to", "text to", "not yet", "placeholder",
)  # fmt: skip
_FIRST = frozenset(" \t\n").union(*((each[0], each[0].upper()) for each in _BEGINNINGS))  # most texts begin otherwise


@rule("ID14", Severity.WARNING, reads=("/open_questions",))
def gaps(trial: Trial) -> Iterator[Found]:
    """What is stated is content: nothing is left as `TBD`, and a reason for none is a reason.

    Why: what is still open looks as if it were settled, and is printed as such; the document would say `Not applicable:
    none`. A gap that somebody is to close belongs in open_questions, with who decides and by when.

    Applies: always; a reason that is none is information, told once for all that have it. Places that an open
    question names are left out, and single words that may be a name or a value, such as `none` or `test`, outside a
    reason.

    Basis:
        internal consistency of the protocol, gaps (H)

    Fails::

        population: {washouts: {none_reason: none}}

    Passes::

        population: {washouts: {none_reason: no medicine is stopped for the trial}}
    """
    if not trial.texts:
        raise NotApplicable("the file has no texts")
    asked = [trial.at(each["pointer"].text).path for each in trial.root["open_questions"] if each["pointer"]]
    reasons: dict[str, list[Node]] = {}
    for path, text in trial.texts:
        if not _stands_for_nothing(path, text) or any(path[: len(place)] == place for place in asked):
            continue
        node = Node(trial.document, path, text)
        if path[-1] == "none_reason":
            reasons.setdefault(text.strip(), []).append(node)
        else:
            message = f'"{text.strip()}" only holds the place of words'
            yield Found(node, message, "state it, leave the key away, or add an open question that names this place")
    for text, (first, *others) in reasons.items():
        message = f'"{text}" is no reason why there is none'
        related = tuple((other, "nor here") for other in others)
        yield Found(first, message, "say why, or state what there is", related, severity=Severity.INFO)


def _stands_for_nothing(path: Path, text: str) -> bool:
    if path[0] in _ASIDE:
        return False
    if path[-1] == "none_reason":
        return is_filler(text)
    return text[:1] in _FIRST and text[:12].lstrip().casefold().startswith(_BEGINNINGS) and is_filler(text)


RULES: tuple[Rule, ...] = (gaps,)
