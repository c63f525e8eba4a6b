"""What counts as content: not filler, not a placeholder, not the words of a bundled example, not a malformed value."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from protocolkit.document import is_absent, pointer
from protocolkit.resources import read_beside
from protocolkit.rules.filler import bare, is_filler
from protocolkit.rules.patterns import Pattern
from protocolkit.schema.bundled import at, checked

if TYPE_CHECKING:
    from collections.abc import Collection

    from protocolkit import document
    from protocolkit.document import Node

_MOST = 160  # signs of one line of evidence
_LONG = 60  # a shorter text can be the same in two protocols by chance
_NONE = frozenset({"none", "nil", "no", "na", "n a", "nothing", "not applicable"})
_BARE = frozenset({
    f"{denial} {verb}"
    for denial in ("none", "none is", "none are", "nothing", "nothing is", "not")
    for verb in ("planned", "foreseen", "intended", "stated", "given")
})  # fmt: skip
_SAME = frozenset({"same", "the same"})  # an answer where a direction is asked for, and none where a definition is
# A text that hands the answer on to whoever reads it, and one that says of itself that it does not answer.
_DEFERRED = Pattern(
    r"(?:(?:done |given |used |decided )?(?:as|if|when|where|wherever|whenever) "
    r"(?:deemed |felt |considered |judged )?(?:appropriate|needed|necessary|required|indicated|applicable)"
    r"|(?:(?:according to|as per|per|by|in line with|following|as in) )?(?:the )?"
    r"(?:local|usual|standard|normal|routine|clinical|site) (?:clinical )?"
    r"(?:practice|practices|policy|policies|custom|routine|procedures)"
    r"(?: of (?:the|each) (?:site|hospital|centre|center))?"
    r"|(?:according to|as per|per|by|in line with|following|as in) (?:the )?"
    r"(?:policy|policies|practice|rules|custom|insurance) (?:of|in) (?:the|each|every) "
    r"(?:country|region|site|hospital|centre|center|sponsor|institution))",
    exact=True,
)
_UNSTATED = Pattern(
    r"(?:[^\W_]+ ){0,6}(?:is|are|was|were) (?:still |here )?not (?:yet |further )?"
    r"(?:stated|specified|described|defined|detailed|decided|determined)"
    r"(?: here| yet| in (?:this|the) (?:protocol|document|plan))?",
    exact=True,
)
# What is an answer to a question about reasons, and none to the one what is known.
_UNKNOWN = frozenset({"not known", "unknown", "not yet known", "none known", "nothing is known", "not established"})
# What holds the place of words elsewhere and is an answer under these keys: an application that is pending, a risk that
# data will be missing.
_ANSWERS = {
    "status": frozenset({"in preparation", "pending", "draft", "under discussion", "work in progress"}),
    "risk": frozenset({"missing"}),
    "frequency": frozenset({"as needed", "if needed", "when needed", "as required"}),
    "trigger": frozenset({"as needed", "if needed", "when needed", "as required"}),
}


def mark(text: str) -> str:
    """Return the mark by which a text of a bundled example is known again; empty for one too short to be known by."""
    plain = bare(text)
    return hashlib.sha256(plain.encode()).hexdigest()[:12] if len(plain) >= _LONG else ""


@cache
def _taken() -> dict[str, frozenset[str]]:
    loaded = json.loads(read_beside(__file__, "taken.json"))
    return {identifier: frozenset(marks) for identifier, marks in loaded.items()}


class Content:
    """Judges the places of one document."""

    def __init__(self, root: Node, faulty: Collection[str]) -> None:
        # A bundled example says that it is fictional, or has its number; examples share sentences, and none is a copy.
        own = root["fictional"].value is True or root["trial"]["protocol_id"].text in _taken()
        self._taken = frozenset[str]() if own else frozenset[str]().union(*_taken().values())
        self._faulty = frozenset(faulty)
        self._held: dict[document.Path, bool] = {}

    def holds(self, node: Node) -> bool:
        """Say whether there is content at a place: in the value itself, or anywhere in a list or mapping."""
        if node.path not in self._held:
            self._held[node.path] = self._holds(node.value, node.path)
        return self._held[node.path]

    def _holds(self, value: Any, path: document.Path) -> bool:
        if is_absent(value):
            return False
        if isinstance(value, dict):
            return any(self._holds(item, (*path, key)) for key, item in value.items())
        if isinstance(value, list):
            return any(self._holds(item, (*path, index)) for index, item in enumerate(value))
        if self._faulty and pointer(path) in self._faulty:
            return False
        return not isinstance(value, str) or self._tells(value, path)

    def _tells(self, text: str, path: document.Path) -> bool:
        if is_filler(text) or _is_evasive(text):
            return _is_name(path) or bare(text) in _ANSWERS.get(str(path[-1]) if path else "", ())
        if path[-1:] == ("definition",) and bare(text) in _SAME:
            return False
        if path[-1:] == ("validity",) and bare(text) in _UNKNOWN:
            return False
        return not self._taken or mark(text) not in self._taken


def is_none(text: str) -> bool:
    """Say whether a text says that there is none, or none planned, and no more."""
    return bare(text) in _NONE | _BARE


def _is_evasive(text: str) -> bool:
    """Say whether a text is there and answers nothing: `as appropriate`, `none planned`, `the rate is not stated`."""
    words = bare(text)
    return words in _BARE or _DEFERRED.fullmatch(words) is not None or _UNSTATED.fullmatch(words) is not None


def _is_name(path: document.Path) -> bool:
    """Say whether an id or a term of a closed list stands at a place: `NA` may be sodium, a phase `Not Applicable`."""
    part = at(path, checked())
    return path[-1:] == ("id",) or "x-ref" in part or "enum" in part


def shown(value: Any) -> str:
    """Return the words of a value: its text, or the texts in it, one after the other, shortened."""
    return clipped("; ".join(_words(value)))


def clipped(words: str) -> str:
    """Cut words of evidence to what one line of a report should hold."""
    return words if len(words) <= _MOST else words[: _MOST - 3].rstrip() + "..."


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for item in value.values() for word in _words(item)]
    if isinstance(value, list):
        return [word for item in value for word in _words(item)]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [] if value is None else [" ".join(str(value).split())]
