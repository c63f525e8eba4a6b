"""Print any value of the file: what it says in words, as a field that knows its place, or the gap where it is not."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from protocolkit.findings import Severity, Target
from protocolkit.render import lexicon, markup, times
from protocolkit.render.blocks import Citation, Field, Gap, Inlines
from protocolkit.render.endpoints import endpoint_words
from protocolkit.render.names import Names, anchor_name, is_called, name_of, said
from protocolkit.render.value_words import BY_KEY, is_term, labelled, letters, plainly
from protocolkit.render.words import MINUS, flat, glued, joined, keys_of, quantity, readable, run
from protocolkit.schedule import Anchors, days, days_later, last_doses, numbering, optional_epochs, study_day, timetable
from protocolkit.schedule.exposure import expected_of_some
from protocolkit.schema import property_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Document, Node, Path
    from protocolkit.findings import Finding
    from protocolkit.schedule import Stop, Timetable

_LAST_DOSE = "last_dose"
_EVIDENCE = ("introduction", "evidence")


class Values:
    """The values of one protocol, ready to print, and a record of which have been printed."""

    def __init__(self, document: Document, findings: Iterable[Finding]) -> None:
        self.document = document
        self.root = document.root
        self.names = Names(self.root)
        self.anchors = Anchors(self.root)
        self.rule = numbering(self.root)
        self.printed: set[Path] = set()
        self.faults = {
            f.pointer: f.message for f in findings if f.severity is Severity.ERROR and f.target is Target.VALUE
        }

    @cached_property
    def timetable(self) -> Timetable:
        """The visits placed in time."""
        return timetable(self.root)

    @cached_property
    def cited(self) -> frozenset[str]:
        """The keys of the reference list."""
        return frozenset(entry["key"].text for entry in self.root["references"] if entry["key"])

    @cached_property
    def abbreviations(self) -> dict[str, str]:
        """The abbreviations that the file explains, by their letters alone: `cbti` is CBT-I."""
        return {letters(entry["short"].text): entry["short"].text for entry in self.root["abbreviations"]}

    @cached_property
    def meanings(self) -> dict[str, str]:
        """What the abbreviations of the file stand for, by their spelling in small letters."""
        return {
            entry["short"].text.casefold(): entry["long"].text.casefold()
            for entry in self.root["abbreviations"]
            if entry["short"]
        }

    def same_words(self, text: str) -> str:
        """Return a text in a form that is equal for two names of one thing: small letters, abbreviations spelt out."""
        return " ".join(self.meanings.get(word, word) for word in text.casefold().split())

    @cached_property
    def done_at(self) -> dict[str, list[Stop]]:
        """The visits at which each activity is done, by its id, in order of time."""
        found: dict[str, list[Stop]] = {}
        for stop in self.timetable.stops:
            for name in dict.fromkeys(planned.activity["id"].text for planned in stop.planned):
                found.setdefault(name, []).append(stop)
        return found

    def mark(self, node: Node) -> None:
        """Record that everything at and below a place has been printed or decided a sentence."""
        self.printed.update(path for path, _ in leaves(node))

    def field(self, node: Node, *, how: str = "") -> Inlines:
        """Return the value at a place as a field, or the gap that says what belongs there."""
        message = self.faults.get(node.pointer)
        if message and node:
            self.mark(node)
            return (Gap(message, node.locator),)
        content: Inlines = self.content(node, how)
        if not content:
            return (Gap(wanted(node), node.locator),)
        for part in said(node):
            self.mark(part)
        if any(isinstance(item, Field) for item in content):
            return content
        return (Field(node.locator, title(node), content),)  # type: ignore[arg-type]

    def content(self, node: Node, how: str = "") -> Any:
        """Return the words of the value at a place; nothing where it is absent or cannot be put into words."""
        value = node.value
        if isinstance(value, dict):
            return self._mapping(node)
        if isinstance(value, list):
            parts = [self._item(item, how) for item in node]
            if self.names.is_reference(node):
                named: dict[str, Inlines] = {}
                for part in parts:
                    named.setdefault(self.same_words(flat(part)), part)
                parts = list(named.values())
            return joined(parts, "or" if how == "or" else "and")
        if isinstance(value, bool) or not isinstance(value, str):
            return run(node.text)
        return self._text(node, how)

    def _item(self, node: Node, how: str) -> Inlines:
        if self.faults.get(node.pointer):
            return (Gap(self.faults[node.pointer], node.locator),)
        content: Inlines = self.content(node, how)
        return content

    def _text(self, node: Node, how: str) -> Inlines:
        text = node.text
        if self._cites(node):
            return (Citation(text),)
        if how.startswith("term"):
            return run(labelled(how, text))
        if self.names.is_reference(node):
            return run(self.reference(node))
        if coded := BY_KEY.get(_key(node)):
            return run(coded(text))
        if plain := self._with_abbreviations(text) if is_term(text) else plainly(text):
            return run(plain)
        return markup.inline(" ".join(readable(text).split()))

    def _cites(self, node: Node) -> bool:
        """Say whether a place holds the key of a reference: a piece of evidence, or a source that the list has."""
        evidence = node.path[:2] == _EVIDENCE and isinstance(node.path[-1], int)
        return evidence or (_key(node).endswith("source") and node.text in self.cited)

    def reference(self, node: Node) -> str:
        """Return the name of what a place refers to."""
        owner = self.names.referred(node)
        if owner is None:
            return self._unowned(node.text)
        self.mark(node)
        return self.name(owner)

    def _unowned(self, text: str) -> str:
        """Write an id that names nothing in the file: a code in capitals as it is, others as prose."""
        return text if text.isupper() else self._with_abbreviations(text)

    def _with_abbreviations(self, text: str) -> str:
        """Write a term as prose, the abbreviations of the file in it as the file has them."""
        if " " in text:
            return readable(text)
        words = lexicon.from_id(text)
        return " ".join(self.abbreviations.get(word, word) for word in words.split(" ")) if "_" in text else words

    def name(self, owner: Node) -> str:
        """Return how a thing is called in a sentence."""
        kinds = [step for step in owner.path if isinstance(step, str)]
        if kinds[-1:] == ["endpoints"]:
            return flat(endpoint_words(owner, self))
        if kinds[-1:] in (["anchors"], ["visits"]) and kinds[0] == "schedule":
            return anchor_name(owner) if kinds[-1] == "anchors" else name_of(owner)
        if kinds == ["design", "dose_escalation", "levels"] and owner["dose"]:
            return f"{times.length(owner['dose'].text)} (level {owner['id'].text})"
        return readable(name_of(owner))

    def time(self, node: Node, *, day: bool = False) -> Inlines:
        """Return a time of the file in words; with its study day where one follows."""
        if node.value is None:
            return ()
        if isinstance(node.value, str):
            return run(self._point(node) + (self._day(node.value, "") if day else ""))
        if node["event"]:
            return glued(self.content(node["event"]))
        anchor = self._point(node["anchor"])
        shown = times.shifted(node["offset"].text, anchor) if node["offset"] else anchor
        return run(shown + (self._day(node["anchor"].value, node["offset"].text) if day else ""))

    def study_day(self, node: Node) -> str:
        """Return the study day of a time of the file, `Day 85`, or `Day 85 as expected`; empty where none follows."""
        found = self._day(node["anchor"].value, node["offset"].text) if node["anchor"] else ""
        return found.strip(" ()")

    def last_day(self, stop: Stop) -> str:
        """Return the study day of the last time that a visit comes back, `Day 85`, where its repeats end on a day."""
        day = f"Day {study_day(self.anchors.recurring(stop.visit)[-1], self.rule)}".replace("-", MINUS)
        expected = stop.expected or self.anchors.expected(stop.visit["repeats"]["until"]["anchor"].text)
        return f"{day}{times.AS_EXPECTED if expected else ''}"

    def _point(self, node: Node) -> str:
        if quantity(node.text):
            return times.day_word(node.text, self.rule) or times.length(node.text)
        owner = self.names.find(node.value, "anchors", "visits")
        return anchor_name(owner) if owner is not None else readable(node.text)

    def span(self, start: Node, end: Node) -> str:
        """Write a stretch of time, `from randomisation to 12 weeks after it`, empty where neither end is stated."""
        first, last = (flat(self.time(node)) for node in (start, end))
        begun = f"from {first}" if first else ""
        anchor = "" if start["offset"] and not times.is_zero(start["offset"].text) else f" {first}"
        if first and anchor and last.endswith(anchor) and last != first and end["offset"]:
            last = f"{last.removesuffix(anchor)} it"
        return " ".join(part for part in (begun, f"to {last}" if last else "") if part)

    def _day(self, anchor: Any, offset: str) -> str:
        bases = self.anchors.offsets(anchor)
        if self._ends_apart and self._of_last_dose(anchor):
            return ""  # each arm has a day of its own, as those have who enter no extension
        shift = days(offset) if offset else None
        if len(bases) != 1 or (offset and shift is None) or (bases[0] == 0 and not offset):
            return ""
        day = f"Day {study_day(days_later(bases[0], shift or Decimal(0)), self.rule)}".replace("-", MINUS)
        return f" ({day}{times.AS_EXPECTED if self.anchors.expected(anchor) else ''})"

    @cached_property
    def last_doses(self) -> tuple[Decimal, ...]:
        """The different days of the last dose of the arms and cohorts."""
        return last_doses(self.root)

    @cached_property
    def _ends_apart(self) -> bool:
        """Whether arms or cohorts are known to differ in the day of the last dose, be it that one has none."""
        return len(self.last_doses) > 1 or expected_of_some(self.root)

    def days_by_arm(self, visit: Node) -> list[int]:
        """Return the study days of a visit that counts from the last dose, where that is not one day for all.

        A visit of an optional epoch is of those who enter it.
        """
        offset = days(visit["offset"].value)
        if offset is None or len(self.last_doses) <= 1 or not self._of_last_dose(visit["anchor"].value):
            return []
        epochs = {node.text for node in ([*visit["epochs"]] or [visit["epoch"]])}
        inside = bool(epochs) and epochs <= optional_epochs(self.root)
        arms, cohorts = ([node.text for node in visit[key]] for key in ("arms", "cohorts"))
        ends = last_doses(self.root, arms, cohorts, entered=inside)
        return [study_day(days_later(end, offset), self.rule) for end in ends]

    def _of_last_dose(self, anchor: Any) -> bool:
        found = self.root["schedule"]["anchors"].find(anchor if isinstance(anchor, str) else "")
        return (found["kind"].text or found["id"].text) == _LAST_DOSE

    def _mapping(self, node: Node) -> Inlines:
        if is_called(node):
            return run(self.name(node))
        if node["none_reason"]:
            return (
                glued("none (", self.content(node["none_reason"]), ")")
                if len(keys_of(node)) == 1
                else self._listed(node)
            )
        if node["min"] or node["max"]:
            return run(times.between(node))
        if node["anchor"] or set(keys_of(node)) == {"event"}:
            return self.time(node, day=True)
        if node["before"] and set(keys_of(node)) <= {"before", "after"}:
            return run(times.window(node))
        return self._listed(node)

    def _listed(self, node: Node) -> Inlines:
        pairs = [glued(f"{title(node[key])}: ", self.content(node[key])) for key in keys_of(node) if node[key]]
        return joined([pair for pair in pairs if pair], "and")


def leaves(node: Node) -> Iterable[tuple[Path, Any]]:
    """Yield every leaf at or below a place: its path and its value."""
    if isinstance(node.value, dict):
        for key in keys_of(node):
            yield from leaves(node[key])
    elif isinstance(node.value, list):
        for item in node:
            yield from leaves(item)
    elif node:
        yield node.path, node.value


def title(node: Node) -> str:
    """Return what a place is called: the title of its property, else the words of its key."""
    found = property_at(node.pointer)
    return (found.title if found else "") or lexicon.spelt(_key(node)) or "item"


def wanted(node: Node) -> str:
    """Say what belongs into a place: its title, and what to write there."""
    found = property_at(node.pointer)
    told = found.description.partition(". ")[0].removesuffix(".") if found else ""
    return f"{title(node)}: {told[:1].lower()}{told[1:]}" if told else title(node)


def _key(node: Node) -> str:
    return next((step for step in reversed(node.path) if isinstance(step, str)), "")
