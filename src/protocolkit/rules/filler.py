"""What only holds the place of words: `TBD`, a lone dash, `[insert here]`; rules and checklists ask the same."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from protocolkit.rules.patterns import Pattern

_WORDS = (
    "tbd", "tba", "tbc", "tbs", "todo", "fixme", "pending", "unknown", "none", "na", "nil", "null", "xx", "xxx", "xxxx",
    "placeholder", "draft", "blank", "empty", "dummy", "sample", "test", "text", "later", "follows", "missing",
    "ditto", "idem", "ibid",
)  # fmt: skip
_TO_BE = (
    "added", "advised", "agreed", "announced", "completed", "confirmed", "decided", "defined", "determined",
    "discussed", "done", "entered", "filled", "finalised", "finalized", "inserted", "provided", "specified", "stated",
    "supplied", "written",
)  # fmt: skip
_PHRASES = (
    "n a", "to be filled in", "to follow", "to come", "not known", "not yet known", "not decided", "not yet decided",
    "not defined", "not yet defined", "not available", "not yet available", "not applicable", "not specified",
    "not stated", "not provided", "see protocol", "see above", "see below", "as above", "as before", "same as above",
    "as stated above", "as defined above", "as described above", "insert here", "insert text",
    "insert text here", "text here", "text to follow", "details to follow", "information to follow", "work in progress",
    "in preparation", "under discussion", "lorem ipsum", "lorem ipsum dolor sit amet", "example text", "sample text",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_BRACKETED = Pattern(r"\s*(?:\[[^\[\]@]*\]|<[^<>]*>|\{[^{}]*\}|[-_.?\N{EN DASH}\N{EM DASH}*x/ ]+)\s*")
# A unit of currency as UCUM writes those that are none of its own;
_CURRENCY = re.compile(
    r"\[(?:AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|INR|ISK|JPY|KES|KRW|MXN|NGN|NOK|NZD|PLN|RON|SEK|SGD|THB|TRY|TWD"
    r"|UGX|USD|ZAR)\]"
)
_OPEN = Pattern(r"(?:tbd|tba|tbc|to be (?:confirmed|decided|defined|determined))\b", exact=True)
_TEXTS = 4096
_FEW = 8  # words: a sentence that goes on says who decides, and when


@cache
def _fillers() -> frozenset[str]:
    return frozenset((*_WORDS, *_PHRASES, *(f"to be {word}" for word in _TO_BE), *(f"tb {word}" for word in _TO_BE)))


@lru_cache(_TEXTS)  # one text is asked whether it is content, evasive, and taken over
def bare(text: str) -> str:
    """Return the words of a text alone: without case, punctuation and spacing."""
    return " ".join(_WORD.findall(text.casefold()))


def is_filler(text: str) -> bool:
    """Say whether a text only holds the place of content, in any case and punctuation; an empty one does."""
    if not text.strip() or (_BRACKETED.fullmatch(text) and not _CURRENCY.fullmatch(text.strip())):
        return True
    words = bare(text)
    if words in _fillers() or words.replace(" ", "") in _WORDS:
        return True
    return len(words.split()) <= _FEW and _OPEN.match(words) is not None
