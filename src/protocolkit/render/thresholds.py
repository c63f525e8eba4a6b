"""What makes a responder or an event, in words: a limit of the value itself, or a threshold or criterion beside it."""

from __future__ import annotations

import re

from protocolkit.render.times import length
from protocolkit.render.words import MINUS, quantity, readable

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_VERSION = re.compile(r"\b[A-Z]{2,}[\w-]* (?:version |v)?[0-9]+\.[0-9]+(?! ?%| or )")  # of criteria: RECIST 1.1
_SCORES = re.compile(r"[0-9]+ or [0-9]+")
# A limit from below may be the size of a change, of 15 letters or more; one from above is a value not to be exceeded.
_FORMS = (
    (re.compile(r"(?:<|below|less than|under) ?(?P<size>.+)"), "below {size}"),
    (re.compile(r"(?:<=|\N{LESS-THAN OR EQUAL TO}|at most|no more than) ?(?P<size>.+)"), "of {size} or less"),
    (re.compile(r"(?P<size>.+) or (?:less|lower|below|fewer)"), "of {size} or less"),
)
_LIMIT = re.compile(
    r"(?:[<>]=?|[\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}]) ?[0-9]+(?:\.[0-9]+)?(?: [^\s,;]+)?(?![^\s,;])"
)
_SIGNS = (
    (re.compile(r"^(<=|\N{LESS-THAN OR EQUAL TO}) ?(?=[0-9])"), "at most "),
    (re.compile(r"^(>=|\N{GREATER-THAN OR EQUAL TO}) ?(?=[0-9])"), "at least "),
    (re.compile(r"^< ?(?=[0-9])"), "below "),
    (re.compile(r"^> ?(?=[0-9])"), "above "),
)
_CHANGE = re.compile(r"(?:an? )?(rise|fall|increase|decrease|drop|decline|reduction|loss|gain) (?:by|of)\b[^,;]+")
_RESULT = re.compile(r"(negativ|positiv|undetectab|detectab)\w+\b[^,;]*")


def limited(threshold: str) -> str:
    """Say which value an outcome has to have, `below 140 mm Hg`; nothing where the threshold may be anything else.

    A share of 30 % is a change as often as a value, and is left to stand beside the outcome.
    """
    text = threshold.strip()
    if _SCORES.fullmatch(text):
        return f"of {text}"
    for form, words in _FORMS:
        match = form.fullmatch(text)
        if match and (size := _size(match["size"])):
            return words.replace("{size}", size)
    return ""


def _size(text: str) -> str:
    found = quantity(text)
    if found is None:
        return text if _NUMBER.fullmatch(text) else ""
    return "" if found.unit.code == "%" or text.startswith("-") else length(text)


def beside_outcome(threshold: str) -> str:
    """Return a threshold in brackets; what holds no number is a criterion, and a bare `any` says nothing more."""
    text = threshold.strip()
    if not text or text.casefold() == "any":
        return ""
    numbers = _VERSION.sub("", text)
    kind = "threshold" if any(map(str.isdigit, numbers)) or MINUS in numbers else "criterion"
    return f" ({kind}: {_spelt(text)})"


def of_a_limit(threshold: str) -> str:
    """Write a threshold that begins with a limit behind its outcome: `above 6.0 mmol/L (at any visit)`; else nothing.

    What more is said stands in brackets, so that a time can follow it.
    """
    match = _LIMIT.match(threshold.strip())
    if match is None:
        return ""
    more = readable(threshold.strip()[match.end() :].strip(" ,;"))
    return _spelt(match[0].strip()) + (f" ({more})" if more else "")


def changed(threshold: str, named: str) -> str:
    """Say which change of a value is what occurs, `a rise by 8 points or more in the score`: no score occurs."""
    text = threshold.strip()
    match = _CHANGE.fullmatch(text)
    if match is None or " in " in text:
        return ""
    words = _spelt(text[match.start(1) :])
    about = "" if named.casefold() in text.casefold() else f" in {named}"
    return f"{'an' if words[0] in 'ai' else 'a'} {words}{about}"


def of_a_test(threshold: str, named: str) -> str:
    """Return the result of a test that makes a responder, to stand behind its outcome: `negative at 10^-5`."""
    match = _RESULT.fullmatch(threshold.strip())
    return readable(threshold.strip()) if match and match[1] not in named.casefold() else ""


def is_any(threshold: str) -> bool:
    """Say whether one of a kind is enough, such as any parasite: then the outcome occurs, and nobody responds."""
    return re.match(r"any\b", threshold.strip(), re.IGNORECASE) is not None


def _spelt(text: str) -> str:
    for sign, word in _SIGNS:
        match = sign.match(text)
        if match:
            return word + _spelt(text[match.end() :])
    return length(text) if quantity(text) else readable(text)
