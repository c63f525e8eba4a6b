"""A protocol as rules see it: the document, the tags of its profiles, and what many rules ask."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from protocolkit.dosing import dose_table
from protocolkit.schedule import timetable
from protocolkit.schedule.anchors import anchors_of
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Document, Node, Path
    from protocolkit.dosing import DoseTable
    from protocolkit.schedule import Anchors, Stop, Timetable

DRUG_KINDS = frozenset({"drug", "biologic", "vaccine", "genetic"})
# Roles of what the trial is about; others go along with it (background, rescue) or hold nothing active.
TESTED_ROLES = frozenset({"experimental", "active_comparator", "active_placebo", "challenge_agent"})
CHANGES = frozenset({"change_from_baseline", "percent_change", "ratio_to_baseline"})  # metrics against a baseline
_COLLECTIONS = (dict, list)
INERT_ROLES = frozenset({"placebo", "sham"})


class Trial:
    """One protocol under the rules; what is asked more than once is worked out once."""

    def __init__(self, document: Document, tags: frozenset[str]) -> None:
        self.document = document
        self.tags = tags
        self._at: dict[str, Node] = {}
        self._each: dict[str, tuple[Node, ...]] = {}

    @cached_property
    def root(self) -> Node:
        """The node at the top of the protocol."""
        return self.document.root

    def at(self, pointer: str) -> Node:
        """Return the node at a pointer or locator; a missing node where it leads nowhere."""
        known = self._at.get(pointer)
        if known is None:
            known = self._at[pointer] = self.root.at(pointer)
        return known

    def each(self, pattern: str) -> tuple[Node, ...]:
        """Return every node with a value that a pointer with `*` for any position or key names."""
        known = self._each.get(pattern)
        if known is None:
            known = self._each[pattern] = tuple(_matching(self.root, pattern.split("/")[1:]))
        return known

    @cached_property
    def drugs(self) -> tuple[Node, ...]:
        """The interventions that are medicines, vaccines or genetic."""
        return tuple(node for node in self.root["interventions"] if node["kind"].text in DRUG_KINDS)

    @cached_property
    def tested(self) -> tuple[Node, ...]:
        """The medicines that the trial is about and that act: no placebo, background or rescue."""
        return tuple(node for node in self.drugs if node["role"].text in TESTED_ROLES or not node["role"])

    @cached_property
    def texts(self) -> tuple[tuple[Path, str], ...]:
        """Every text of the protocol with its path, in the author's order."""
        found: list[tuple[Path, str]] = []
        _add_texts(self.document.content, (), found)
        return tuple(found)

    @cached_property
    def prose(self) -> bytes:
        """Every text of the protocol in one, its ASCII letters in lower case: a word that it lacks, no text has.

        As bytes, whose letters are lowered twenty times as quickly as those of a text with a dash in it.
        """
        return "\n".join([text for _, text in self.texts]).encode("utf-8", "replace").lower()

    def mentions(self, *words: str) -> bool:
        """Say whether any text of the protocol has one of some words of ASCII letters, in any case."""
        return any(word.encode() in self.prose for word in words)

    @cached_property
    def assigned_cohorts(self) -> tuple[Node, ...]:
        """The cohorts of those who are assigned: not of people who take part since they belong to others."""
        return tuple(node for node in self.at("/population/cohorts") if not node["belongs_to"])

    @cached_property
    def timetable(self) -> Timetable:
        """The visits in time, with what is done at each."""
        return timetable(self.root)

    @cached_property
    def anchors(self) -> Anchors:
        """The days of the anchors."""
        return anchors_of(self.root)

    @cached_property
    def primary(self) -> tuple[Node, ...]:
        """The endpoints of the primary objectives."""
        return tuple(
            endpoint
            for objective in self.root["objectives"]
            if objective["level"].value == "primary"
            for endpoint in objective["endpoints"]
        )

    @cached_property
    def measured(self) -> dict[str, tuple[Stop, ...]]:
        """For each id that activities serve, such as an outcome, the visits where one of them is done."""
        found: dict[str, list[Stop]] = {}
        for stop in self.timetable.stops:
            for served in dict.fromkeys(node.text for planned in stop.planned for node in planned.activity["serves"]):
                found.setdefault(served, []).append(stop)
        return {served: tuple(stops) for served, stops in found.items()}

    @cached_property
    def safety_purposes(self) -> frozenset[str]:
        """What an activity for safety serves: safety itself, events of special interest, outcomes of harm."""
        events = {event["id"].text for event in self.at("/adverse_events/of_special_interest")}
        harms = {o["id"].text for o in self.root["outcomes"] if o["domain"].value == "symptoms_and_adverse_events"}
        measured = {
            endpoint["outcome"].text
            for objective in self.root["objectives"]
            if objective["kind"].value == "harm"
            for endpoint in objective["endpoints"]
        }
        return frozenset({"safety", *events, *harms, *measured})

    def doses(self, intervention: Node) -> DoseTable:
        """Return the computed doses of an intervention."""
        return dose_table(intervention)

    @cached_property
    def blinds_participants(self) -> bool:
        """Whether participants are not to know what they get."""
        blinding = self.root["design"]["blinding"]
        return blinding["schema"].value == "double_blind" or "participant" in {node.text for node in blinding["roles"]}


def variables_of(estimand: Node) -> frozenset[str]:
    """Return the ids of the endpoints that an estimand is about: its variable, and those for which it holds as well."""
    return frozenset(node.text for node in (estimand["variable"], *estimand["same_for"]) if node.text)


def _add_texts(value: Any, path: Path, found: list[tuple[Path, str]]) -> None:
    """Add the texts below a value; a list that grows, as generators within generators take twice as long."""
    entries: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else ()
    for step, item in enumerate(value) if isinstance(value, list) else entries:
        if isinstance(item, str):
            found.append(((*path, step), item))
        elif isinstance(item, _COLLECTIONS):
            _add_texts(item, (*path, step), found)


def told_elsewhere(intervention: Node) -> bool:
    """Say whether another intervention tells of the product, as the blinded treatment does of its open run-in."""
    other = intervention.document.root["interventions"].find(intervention["same_product_as"].text)
    return bool(other) and other.path != intervention.path and not other["same_product_as"]


def names_of(intervention: Node) -> frozenset[str]:
    """Return what an intervention is called, folded: its name, its substance, its common name and its code."""
    names = intervention["names"]
    called = (intervention["name"], intervention["substance"], names["nonproprietary"], names["sponsor_code"])
    return frozenset(folded(node.text) for node in called if folded(node.text))


def named(node: Node) -> str:
    """Return what to call a thing: its name and id, as `Week 12 (V12)`, or the id alone."""
    identifier, name = node["id"].text, node["name"].text
    return f"{name} ({identifier})" if name and identifier and name != identifier else name or identifier


def _matching(node: Node, steps: list[str]) -> Iterator[Node]:
    if not steps:
        if node:
            yield node
        return
    if steps[0] != "*":
        yield from _matching(node[steps[0]], steps[1:])
        return
    for item in node if isinstance(node.value, list) else (node[key] for key in node.keys()):  # noqa: SIM118 - a node
        yield from _matching(item, steps[1:])
