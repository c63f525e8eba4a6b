"""Words for single values: codes by the key that they stand at, dates and quantities, terms of published lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.quantities import units
from protocolkit.render import lexicon, times
from protocolkit.render.terms import label
from protocolkit.render.words import long_date, quantity

if TYPE_CHECKING:
    from collections.abc import Callable

_BRACKETED = re.compile(r"[\[{]([^][{}]*)[\]}]")


def lowered(text: str) -> str:
    """Write a published term in capitals in small letters."""
    return text.lower() if text.isupper() else text


def plainly(text: str) -> str:
    """Write a date or a quantity in words; an empty text for any other."""
    return long_date(text) or (times.length(text) if quantity(text) else "")


def letters(text: str) -> str:
    """Return the letters and figures of a text in lower case."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def is_term(text: str) -> bool:
    """Say whether a text is a term of the format, spelt with underscores."""
    return " " not in text and text.islower() and "_" in text


def _unit(text: str) -> str:
    """Write a unit for people; one that the table does not have part by part: `[IU]/mL` as `IU/mL`."""
    if text in units():
        return units()[text].plural or text
    if "/" in text:
        counted, *per = text.split("/")
        return "/".join((_unit(counted), *(units()[part].singular if part in units() else _unit(part) for part in per)))
    return _BRACKETED.sub(lambda part: part[1].replace("_", " "), text)


def _frequency(text: str) -> str:
    """Write a term of several words in lower case, and no code behind the word that it is."""
    words, _, code = lexicon.frequency(text).partition(" (")
    plain = text.lower() in words or (" " in words and not code)
    return (words.lower() if text.isupper() else words) if plain else lexicon.frequency(text)


BY_KEY: dict[str, Callable[[str], str]] = {
    "country": lexicon.country,
    "per_country": lexicon.country,
    "language": lexicon.language,
    "languages": lexicon.language,
    "language_versions": lexicon.language,
    "frequency": _frequency,
    "unit": _unit,
    "route": lowered,
    "routes": lowered,
    "form": lowered,
}


def labelled(how: str, text: str) -> str:
    """Return the published label of a term, `how` being `term:LIST`, or `term-low:LIST` for a sentence."""
    name = how.partition(":")[2]
    words = label(name, text)
    return words[:1].lower() + words[1:] if how.startswith("term-low:") else words
