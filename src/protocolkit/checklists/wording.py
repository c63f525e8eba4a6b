"""Whether a text holds some words, and whether it says them or denies them: `no risk ratio`, `a ratio is not given`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_NEAR = 5  # words before: in `no absolute or relative effect` the last word is denied as well
_AFTER = 3  # words after: `a relative effect is not given`
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
_END = re.compile(r"[.;:,()?!]\s")
_TURNS = frozenset({
    "and", "but", "only", "instead", "rather", "except", "unless", "while", "whereas", "if", "though", "although",
})  # fmt: skip
_DENIALS = frozenset({"no", "not", "without", "neither", "nor", "never", "cannot"})
# What a denial only limits: `not only`, `no later than`.
_LIMITS = frozenset(
    {"only", "later", "earlier", "less", "fewer", "more", "longer", "matter", "just", "limited"}
)  # not only
_VERBS = frozenset({"is", "are", "was", "were", "will", "does", "do", "can", "may", "has", "have"})


def speaks(text: str, words: Iterable[str]) -> bool:
    """Say whether a text holds any of some words, in any case; `*` at the end of a word is any ending.

    An underscore, as in ids, parts words as a space does: `not taken` stands in `dose_not_taken`.
    Looked for by hand: an audit with all checklists would compile fifty patterns, each for a text or two.
    """
    folded = _folded(text)
    return any(True for word in words for _ in _places(word, folded))


def doubts(texts: Iterable[tuple[str, str]], words: Collection[str]) -> str:
    """Name the words that texts should be free of, each behind its place, so that a doubt goes away with them."""
    found = ((place, next((word for word in words if speaks(text, [word])), "")) for place, text in texts)
    told = "; ".join(f"{place} says {word.rstrip('*')!r}" for place, word in found if word)
    return f": {told}" if told else ""


def tells(text: str, words: Iterable[str]) -> bool:
    """Say whether a text holds any of some words without denying it in the same clause."""
    folded = _folded(text)
    return any(not _denied(folded[:begin], folded[end:]) for word in words for begin, end in _places(word, folded))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return _SENTENCE.split(text)


def _folded(text: str) -> str:
    return f" {text.casefold().replace('_', ' ')} "


def _places(word: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield where a word begins and ends in a text."""
    word = word.replace("_", " ")
    stem = word.rstrip("*").casefold()
    begin = folded.find(stem)
    while begin > 0:
        end = begin + len(stem)
        joined = stem[:1].isalnum() and folded[begin - 1].isalnum()
        if not joined and (not stem[-1:].isalnum() or word.endswith("*") or not folded[end].isalnum()):
            yield begin, end
        begin = folded.find(stem, begin + 1)


def _denied(before: str, after: str) -> bool:
    return _denied_before(_END.split(before)[-1].split()[-_NEAR:]) or _denied_after(_END.split(after)[0].split())


def _denied_before(words: list[str]) -> bool:
    """Say whether the last of some words that denies or turns is one that denies what follows."""
    for index in range(len(words) - 1, -1, -1):
        if words[index] in _TURNS:
            return False
        if words[index] in _DENIALS:
            return _LIMITS.isdisjoint(words[index + 1 : index + 2]) and words[index - 1 : index] != ["or"]
    return False


def _denied_after(words: list[str]) -> bool:
    near = words[: _AFTER + 1]
    return any(verb in _VERBS and then == "not" for verb, then in pairwise(near))
