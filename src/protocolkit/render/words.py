"""English for runs of text: sentences that end once, lists with a last `and`, counts, dates, quantities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.quantities import Quantity, QuantityError, parse, plain, units
from protocolkit.render.blocks import Citation, Field, Gap, Inline, Inlines, Reference, Text
from protocolkit.render.lexicon import without_machine_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from protocolkit.document import Node

MINUS = "\N{MINUS SIGN}"
_ENDS = (".", "!", "?", ":", "\N{HORIZONTAL ELLIPSIS}")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "each",
        "every",
        "any",
        "all",
        "both",
        "no",
        "none",
        "one",
        "two",
        "three",
        "four",
        "five",
        "this",
        "that",
        "these",
        "those",
        "anybody",
        "anyone",
        "everybody",
        "everyone",
        "somebody",
        "someone",
        "nobody",
        "either",
        "his",
        "her",
        "their",
        "its",
        "whoever",
        "whichever",
        "not",
        "by",
        "at",
        "in",
        "on",
        "from",
        "with",
    ]
)
_PEOPLE = re.compile(
    r"(?:All|Adults?|Adolescents?|Children|Infants?|Live-born|Men|Mothers|Participants?|Patients?|People|Persons?|"
    r"Those|Women)\b"
)
_FIRST_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[b-hj-z][ -](?=[a-z])")  # what a letter stands for, as in `t test` and `p value`
_IRREGULAR = {"country": "countries", "analysis": "analyses", "person": "people", "is": "are", "has": "have"}


def keys_of(node: Node) -> tuple[str, ...]:
    """Return the stated keys of a place of the file."""
    return node.keys()


def run(text: str) -> Inlines:
    """Return plain text as a run; nothing for an empty text."""
    return (Text(text),) if text else ()


def flat(content: Iterable[Inline]) -> str:
    """Return the words of a run, without marks."""
    return "".join(_flat(item) for item in content)


def _flat(item: Inline) -> str:
    match item:
        case Text(text=text):
            return text
        case Gap(what=what):
            return what
        case Field(content=content):
            return flat(content)
        case Reference(target=target):
            return target
        case Citation(key=key):
            return key


def ended(content: Inlines) -> Inlines:
    """End a sentence with a full stop, unless it has an end."""
    words = flat(content).rstrip().rstrip(")\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\"'")
    return content if not content or words.endswith(_ENDS) else (*content, Text("."))


def unended(content: Inlines) -> Inlines:
    """Leave out the full stop at the end of a sentence that goes on."""
    if not content:
        return content
    *head, last = content
    if isinstance(last, Text) and last.text.rstrip().endswith("."):
        return (*head, last._replace(text=last.text.rstrip()[:-1]))
    if isinstance(last, Field):
        return (*head, last._replace(content=unended(last.content)))  # type: ignore[arg-type]
    return content


def glued(*parts: Inlines | str) -> Inlines:
    """Join runs and texts; a full stop that would follow another one is left out."""
    made: list[Inline] = []
    for part in parts:
        piece = run(part) if isinstance(part, str) else part
        if piece and made and isinstance(part, str) and part[0] in ".,;":
            words = flat(made[-1:]).rstrip()
            if words.endswith(_ENDS[:3]):
                piece = run(part[1:]) if part[0] == "." else piece
        made.extend(piece)
    return tuple(made)


def joined(parts: Sequence[Inlines], word: str = "and") -> Inlines:
    """Join the items of a list in English: `a, b and c`; with semicolons where an item has commas of its own."""
    kept = [part for part in parts if part]
    separator = "; " if len(kept) > 1 and any("," in flat(part) or ";" in flat(part) for part in kept) else ", "
    made: list[Inline] = []
    for position, part in enumerate(kept):
        if position:
            last = position == len(kept) - 1
            apart = position > 1 or word == "then" or any(";" in flat(part) for part in kept)
            before_last = "; " if separator == "; " and apart else " "
            made.append(Text(f"{before_last}{word} " if last else separator))
        made.extend(part)
    return tuple(made)


def beside(parts: Iterable[Inlines], between: str = " ") -> Inlines:
    """Put the parts that say something one behind the other."""
    kept = [part for part in parts if part]
    return glued(*(piece for at, part in enumerate(kept) for piece in ((between, part) if at else (part,))))


def unique(parts: Sequence[Inlines]) -> list[Inlines]:
    """Return the parts that say something new, in order."""
    return list({flat(part): part for part in reversed(parts) if part}.values())[::-1]


def long_date(text: str) -> str | None:
    """Write an ISO date unambiguously, `15 January 2026`; None for what is no date."""
    match = _DATE.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= len(_MONTHS):
        return None
    return f"{int(match[3])} {_MONTHS[int(match[2]) - 1]} {match[1]}"


def quantity(text: str) -> Quantity | None:
    """Read a quantity; None for any other text."""
    try:
        return parse(text)
    except QuantityError:
        return None


def plural(word: str) -> str:
    """Return the plural of an English noun that ends regularly, or of the few others used here."""
    return _IRREGULAR.get(word) or (f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s")


def counted(number: int, noun: str) -> str:
    """Write a count with its noun, `one arm`, `20 sites`; numbers up to twelve in words."""
    shown = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)
    return f"{shown} {noun if number == 1 else plural(noun)}"


def turns(noun: str, every: str) -> str:
    """Say how often something comes back: `cycles of 28 days`; a longer name stands behind it in brackets."""
    return f"{plural(noun)} of {every}" if noun.isalpha() else f"every {every} ({noun})"


def upper_first(content: Inlines) -> Inlines:
    """Begin a run with a capital letter where it begins with a plain word; `hCG` and `eGFR` stay as they are."""
    if not content:
        return content
    head, *tail = content
    if isinstance(head, Text):
        head = _capital(head)
    elif isinstance(head, Field) and head.content and isinstance(head.content[0], Text):
        head = head._replace(content=(_capital(head.content[0]), *head.content[1:]))
    return (head, *tail)


def within_sentence(content: Inlines) -> Inlines:
    """Write people who begin with a capital letter, `Adults with asthma`, so that they can stand within a sentence."""
    if not content or _PEOPLE.match(flat(content)) is None:
        return content
    head, *tail = content
    if isinstance(head, Text):
        return (_small(head), *tail)
    if isinstance(head, Field) and head.content and isinstance(head.content[0], Text):
        return (head._replace(content=(_small(head.content[0]), *head.content[1:])), *tail)
    return content


def _small(head: Text) -> Text:
    return head._replace(text=head.text[:1].lower() + head.text[1:])


def with_the(content: Inlines) -> Inlines:
    """Put `the` before a person or a body that the author names without an article; leave names and numbers alone."""
    word = _FIRST_WORD.match(flat(content))
    bare = word is not None and word[0].isalpha() and word[0].islower() and word[0] not in _DETERMINERS
    return (Text("the "), *content) if bare and not isinstance(content[0], Gap) else content


def _capital(head: Text) -> Text:
    word = _FIRST_WORD.match(head.text)
    if _LETTER.match(head.text):
        return head
    plain_word = word is None or word[0].islower()
    return Text(head.text[:1].upper() + head.text[1:], head.marks) if plain_word else head


def _is_code(unit: str) -> bool:
    """Say whether nobody but a machine writes a unit so: tables print `ug` as `µg`, and `mg/d` as `mg/day`."""
    return "{" in unit or "[" in unit or unit in ("wk", "mo", "Cel") or unit.startswith("ug") or unit.endswith("/d")


_BRACKETED = re.compile(
    r"(?<![\w.])(-?[0-9]+(?:\.[0-9]+)?) ("
    + "|".join(sorted(map(re.escape, filter(_is_code, units())), key=len, reverse=True))
    + r")(?![\w{\[/])"
)


# What is counted, in a unit that the table does not have: `10 {events}/h`.
_ANNOTATED = re.compile(r"(?<=[0-9] )\{([A-Za-z][A-Za-z -]*)\}")
_SIGNS = ("{", "[", " wk", " mo", " Cel", " ug", "/d")


def _as_words(match: re.Match[str]) -> str:
    words = plain(parse(match[0]))
    return words.replace("-", MINUS, 1) if words.startswith("-") else words


def readable(text: str) -> str:
    """Write an author's text for people: terms spelt as prose, codes of units as words (`10 points`, `8 °C`)."""
    found = text
    if any(map(text.__contains__, _SIGNS)):
        found = _ANNOTATED.sub(r"\1", _BRACKETED.sub(_as_words, text))
    return without_machine_words(found) if "_" in found else found
