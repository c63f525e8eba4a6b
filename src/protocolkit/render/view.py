"""What a template may ask of the protocol: fields, sentences made of fields, items of lists, what is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocolkit.render import markup
from protocolkit.render.blocks import Field, Mark, Paragraph, Text
from protocolkit.render.times import day_list, every, is_zero, magnitude, window_words
from protocolkit.render.values import title
from protocolkit.render.words import counted, ended, flat, glued, joined, quantity, run, upper_first, with_the

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.values import Values

_PIECE = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
_BOLD = frozenset({Mark.BOLD})
_NOT_APPLICABLE = "Not applicable: "
_NEGATIVE = re.compile(r"(?:none|no|not|nobody|never|nothing|does not)\b", re.IGNORECASE)


class View:
    """A place of the protocol as templates see it: every pointer is relative to it, unless it begins with a slash.

    Methods that print return runs of text or blocks; a missing value is a gap that says what belongs there.
    """

    def __init__(self, values: Values, node: Node, index: int = 0) -> None:
        self.values = values
        self.node = node
        self.index = index

    def at(self, place: str) -> Node:
        """Return the node at a place."""
        base = self.values.root if place.startswith("/") else self.node
        return base if place in ("", "/") else base.at(f"/{place.removeprefix('/')}")

    def has(self, *places: str) -> bool:
        """Say whether something is stated in at least one place."""
        return any(bool(self.at(place)) for place in places)

    def equals(self, place: str, *wanted: object) -> bool:
        """Say whether the value at a place is one of some; what a sentence turns on counts as printed."""
        node = self.at(place)
        self.values.mark(node)
        return any(node.value == value and type(node.value) is type(value) for value in wanted)

    def repeated(self, place: str, other: str) -> bool:
        """Say whether a text says the same as another; what is not told twice counts as printed."""
        one, two = (" ".join(self.at(at).text.casefold().split()).removesuffix(".") for at in (place, other))
        if same := bool(one) and (one in two):
            self.values.mark(self.at(place))
        return same

    def negative(self, place: str) -> bool:
        """Say whether a text says that there is none: a sentence that takes it for something would be nonsense."""
        return _NEGATIVE.match(self.at(place).text) is not None

    def yes(self, place: str) -> bool:
        """Say whether the file says yes at a place."""
        return self.equals(place, True)

    def no(self, place: str) -> bool:
        """Say whether the file says no at a place."""
        return self.equals(place, False)

    def each(self, place: str) -> list[View]:
        """Return the items of a list."""
        return [View(self.values, node, index) for index, node in enumerate(self.at(place))]

    def where(self, place: str, key: str, *wanted: object) -> list[View]:
        """Return the items of a list whose key has one of some values."""
        return [item for item in self.each(place) if item.equals(key, *wanted)]

    def owner(self, place: str) -> View:
        """Return what the id at a place refers to; a view of nothing where it leads nowhere."""
        node = self.at(place)
        found = self.values.names.referred(node)
        return View(self.values, found if found is not None else node["nowhere"])

    def many(self, place: str) -> int:
        """Return how many items a list has."""
        return sum(1 for _ in self.at(place))

    def of(self, place: str, noun: str) -> Inlines:
        """Print a number with its noun, `8 sites`, `1 site`."""
        node = self.at(place)
        words = counted(1 if node.value == 1 else 2, noun).partition(" ")[2]
        return glued(self.f(place), f" {words}")

    def f(self, place: str = "", how: str = "") -> Inlines:
        """Print the value at a place as a field; `how` is a shape: `time`, `days`, `cap`, `name-cap`, `term:NAME`."""
        node = self.at(place)
        if how == "cap":
            return upper_first(self.f(place))
        if how == "name-cap":
            return upper_first(self.f(place, "name"))
        if how == "the":
            return with_the(self.f(place))
        if how in _SHAPES and not self.values.faults.get(node.pointer):
            content = getattr(self, _SHAPES[how])(node)
            if content:  # a name stands for a whole thing and says nothing else of it
                self.values.mark(node["name"] if how == "name" else node)
                return (Field(node.locator, title(node), content),)
        return self.values.field(node, how=how)

    def s(self, place: str = "", how: str = "") -> Inlines:
        """Print the value at a place as the end of a sentence: with a full stop unless it has one."""
        return ended(self.f(place, how))

    def _time(self, node: Node) -> Inlines:
        return self.values.time(node, day=True)

    def _moment(self, node: Node) -> Inlines:
        return self.values.time(node)

    def _window(self, node: Node) -> Inlines:
        return run(window_words(node))

    def _name(self, node: Node) -> Inlines:
        return run(self.values.name(node))

    def _size(self, node: Node) -> Inlines:
        return run(magnitude(node.text))

    def _after(self, node: Node) -> Inlines:
        side = "before" if node.text.startswith("-") else "after"
        return run("at" if is_zero(node.text) else f"{magnitude(node.text)} {side}") if node.text else ()

    def _each(self, node: Node) -> Inlines:
        return run(every(node.text).removeprefix("every ")) if node.text else ()

    def _digits(self, node: Node) -> Inlines:
        found = quantity(node.text)
        return run(found.digits) if found else ()

    def _days(self, node: Node) -> Inlines:
        from protocolkit.schedule import days, study_day  # noqa: PLC0415 - one shape of many

        found = [days(item.value) for item in ([*node] or [node])]
        return run(day_list([study_day(day, self.values.rule) for day in found if day is not None]))

    def must(self, pattern: str) -> Inlines:
        """Print a sentence made of fields, `The trial ends with {end_of_trial}.`, gaps where these are missing."""
        return glued(*self._pieces(pattern))

    def say(self, pattern: str) -> Inlines:
        """Print a sentence made of fields when all of them are stated; nothing otherwise."""
        places = [match[1] for match in _PIECE.finditer(pattern)]
        return glued(*self._pieces(pattern)) if all(self.has(place) for place in places) else ()

    def _pieces(self, pattern: str) -> Iterator[Inlines | str]:
        end = 0
        for match in _PIECE.finditer(pattern):
            before = pattern[end : match.start()]
            if before.endswith(_NOT_APPLICABLE) and self.at(match[1]).text.casefold().startswith("not applicable"):
                yield before.removesuffix(_NOT_APPLICABLE)
                yield upper_first(self.f(match[1], match[2] or ""))
            else:
                yield before
                yield self.f(match[1], match[2] or "")
            end = match.end()
        yield pattern[end:]

    def label(self, words: str, place: str, how: str = "") -> Blocks:
        """Print a paragraph that begins with a bold label; nothing where nothing is stated."""
        if not self.has(place):
            return ()
        return self.labelled(words, place, how)

    def labelled(self, words: str, place: str, how: str = "") -> Blocks:
        """Print a paragraph with a bold label, a gap where the value is missing."""
        content = self.s(place, how)
        return (Paragraph((Text(f"{words}: ", _BOLD), *content)),)

    def names(self, place: str, word: str = "and") -> Inlines:
        """Print what the items of a list are called, joined in English."""
        return joined([item.f("", "name") for item in self.each(place)], word)

    def names_of(self, place: str) -> list[Inlines]:
        """Print the names that a list of ids refers to, one by one."""
        return [item.f() for item in self.each(place)]

    def prose(self, place: str) -> Blocks:
        """Print an author's text as paragraphs and lists of its own."""
        node = self.at(place)
        if node.pointer in self.values.faults or not node.text:
            return (Paragraph(self.f(place)),)
        self.values.mark(node)
        found = markup.prose(_sentence(_capital(node.text)))
        return _held(found, node)

    def rest(self, place: str = "") -> Block:
        """Print what the file says below a place and nothing else prints, as a list with its titles."""
        return Rest((), place=self.at(place).path)


_SHAPES = {
    "time": "_time", "moment": "_moment", "window": "_window", "name": "_name", "days": "_days",
    "size": "_size", "after": "_after", "digits": "_digits",
    "each": "_each",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rest(Paragraph):
    """The place of what nothing else prints below a path; the draft puts it in when all sections are made."""

    place: tuple[str | int, ...] = ()


def _sentence(text: str) -> str:
    stripped = text.strip()
    plain = "\n" not in stripped and stripped[-1:].isalnum()
    return f"{stripped}." if plain else stripped


def _capital(text: str) -> str:
    return flat(upper_first(run(text.strip())))


def _held(found: Blocks, node: Node) -> Blocks:
    """Hold a text of one paragraph in a field, so that its words can come home from Word."""
    if len(found) != 1 or not isinstance(found[0], Paragraph):
        return found
    content = found[0].content
    if any(isinstance(item, Field) for item in content):
        return found
    return (Paragraph((Field(node.locator, title(node), content),)),)  # type: ignore[arg-type]
