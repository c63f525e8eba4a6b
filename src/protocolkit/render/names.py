"""What an id refers to and how its owner is called, so that no bare id stands where a name exists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.kinds import nothing_dosed, one_dose, tests_undosed
from protocolkit.render.lexicon import from_id
from protocolkit.render.words import keys_of

if TYPE_CHECKING:
    from protocolkit.document import Node, Path

_COLLECTIONS = {
    "arms": ("arms",),
    "interventions": ("interventions",),
    "objectives": ("objectives",),
    "endpoints": ("objectives", "*", "endpoints"),
    "estimands": ("objectives", "*", "estimands"),
    "epochs": ("design", "epochs"),
    "periods": ("design", "periods"),
    "sequences": ("design", "sequences"),
    "comparators": ("design", "external_comparators"),
    "factors": ("design", "factorial", "factors"),
    "domains": ("design", "master_protocol", "domains"),
    "randomisations": ("design", "randomisations"),
    "levels": ("design", "dose_escalation", "levels"),
    "outcomes": ("outcomes",),
    "anchors": ("schedule", "anchors"),
    "activities": ("schedule", "activities"),
    "visits": ("schedule", "visits"),
    "events": ("adverse_events", "of_special_interest"),
    "sets": ("statistics", "analysis_sets"),
    "reactions": ("adverse_events", "solicited", "reactions"),
    "cohorts": ("population", "cohorts"),
    "criteria": ("population", "*"),
    "steps": ("interventions", "*", "regimen", "steps"),
}
_BY_KEY = {
    "arms": ("arms",),
    "enters_from": ("arms",),
    "arm": ("arms",),
    "interventions": ("interventions",),
    "intervention": ("interventions",),
    "mimics": ("interventions",),
    "same_product_as": ("interventions",),
    "outcome": ("outcomes",),
    "outcomes": ("outcomes",),
    "outcomes_collected": ("outcomes",),
    "visit": ("visits",),
    "visits": ("visits",),
    "at": ("visits",),
    "tests": ("visits",),
    "activity": ("activities",),
    "activities": ("activities",),
    "epoch": ("epochs", "periods"),
    "epochs": ("epochs", "periods"),
    "period": ("periods", "epochs"),
    "endpoint": ("endpoints",),
    "variable": ("endpoints",),
    "same_for": ("endpoints",),
    "estimand": ("estimands",),
    "objective": ("objectives",),
    "set": ("sets",),
    "analysis_set": ("sets",),
    "event": ("events",),
    "intercurrent_event": ("events",),
    "serves": ("outcomes", "events", "reactions", "interventions", "randomisations"),
    "cohorts": ("cohorts",),
    "belongs_to": ("cohorts",),
    "levels": ("levels",),
    "order": ("arms",),
    "anchor": ("anchors", "visits"),
    "day_one": ("anchors",),
    "relative_to": ("visits",),
    "where": ("activities", "visits", "criteria", "interventions", "events", "endpoints"),
    "safeguard": ("activities", "criteria"),
}
_BY_PLACE = {
    ("matching", "to"): ("interventions",),
    ("treatment", "against"): ("comparators",),
    ("goal", "against"): ("comparators",),
    ("treatment", "factor"): ("factors",),
    ("steps", "level"): ("levels",),
    ("derived", "level"): ("levels",),
    ("dose_escalation", "start"): ("levels",),
    ("anchors", "repeats"): ("epochs", "periods"),
    ("interval", "from"): ("anchors", "visits"),
    ("interval", "to"): ("anchors", "visits"),
    ("SAE", "start"): ("anchors", "visits"),
    ("period", "start"): ("anchors", "visits"),
    ("period", "end"): ("anchors", "visits"),
    ("repeats", "until"): ("anchors", "visits"),
    ("contraception", "until"): ("anchors", "visits"),
    ("steps", "from"): ("anchors", "visits"),
    ("steps", "to"): ("anchors", "visits"),
    ("steps", "until"): ("anchors", "visits"),
    ("premedication", "relative_to"): ("anchors", "visits"),
    ("domains", "objectives"): ("objectives",),
    ("randomisations", "domain"): ("domains",),
    ("inclusion", "domains"): ("domains",),
    ("exclusion", "domains"): ("domains",),
    ("inclusion", "cohorts"): ("cohorts",),
    ("exclusion", "cohorts"): ("cohorts",),
    ("per_cohort", "cohort"): ("cohorts",),
    ("by_cohort", "cohort"): ("cohorts",),
    ("interim", "endpoints"): ("endpoints",),
    ("substudies", "endpoints"): ("endpoints",),
    ("statistics", "testing_order"): ("endpoints",),
}
# What the document calls by its id wherever it stands, as in the title of the table of an estimand.
_CALLED_BY_ID = frozenset({"analysis_sets", "estimands"})
# A point of time that an author names without an article, as the format asks.
_BARE = re.compile(
    r"(?:first|second|third|last|final|index|initial|start|end|stop)\b"
    r"|(?!(?:an?|any|each|every|the) )[\w-]+ procedure\b",
    re.IGNORECASE,
)
# An anchor that is a short sentence and no noun: `tined lead placed`, `all switched on at month 6`.
_HAPPENED = re.compile(
    r"(?!(?:an?|the) )(?:[\w-]+ )+(?:[\w-]{2,}(?<!e)ed|given|taken|done|begun)(?: (?:on|off|in|out|up|at|by)\b.*)?",
    re.IGNORECASE,
)
_OF_DOSES = ("first_dose", "last_dose", "end_of_treatment")
# Words of an anchor that name another point than its kind: the end of a blinded period, an implantation beside tablets.
_PROCEDURE = re.compile(
    r"(?!.*(?:[,;]|\bwhich\b)).*\b(?:procedure|operation|surgery|ablation|\w*plantation|fraction)\b", re.IGNORECASE
)
_ANOTHER = {
    "first_dose": _PROCEDURE,
    "last_dose": _PROCEDURE,
    "end_of_treatment": re.compile(
        r"(?:the )?(?:common )?end of (?!.*(?:[,;]|treatment|therapy|dos(?:e|ing)\b|intervention|medication)).+",
        re.IGNORECASE,
    ),
}
_ANCHORS = {
    "consent": "informed consent",
    "randomisation": "randomisation",
    "first_dose": "the first dose",
    "last_dose": "the last dose",
    "end_of_treatment": "the end of treatment",
    "period_start": "the start of the period",
    "period_end": "the end of the period",
    "cycle_start": "the start of the cycle",
    "study_end": "the common end of the study",
}


class Names:
    """The things of one protocol by collection and id."""

    def __init__(self, root: Node) -> None:
        self._found: dict[str, dict[str, Node]] = {}
        for name, path in _COLLECTIONS.items():
            nodes: list[Node] = [root]
            for step in path:
                nodes = [below for node in nodes for below in _below(node, step)]
            owners = [item for node in nodes for item in node]
            self._found[name] = {item["id"].value: item for item in owners if isinstance(item["id"].value, str)}

    def find(self, identifier: object, *collections: str) -> Node | None:
        """Return what an id names in the first of some collections that has it."""
        if not isinstance(identifier, str):
            return None
        owners = (self._found[name].get(identifier) for name in collections)
        return next((owner for owner in owners if owner is not None), None)

    def owners(self, identifier: str) -> list[Node]:
        """Return everything that an id may name."""
        return [found[identifier] for found in self._found.values() if identifier in found]

    def referred(self, node: Node) -> Node | None:
        """Return what the value at a place refers to, None where that place holds no reference or leads nowhere."""
        return self.find(node.value, *_collections(node.path))

    def is_reference(self, node: Node) -> bool:
        """Say whether a place of the file holds an id of something else."""
        return bool(_collections(node.path))


def _below(node: Node, step: str) -> list[Node]:
    if step == "*":
        return [*node] or [node[key] for key in keys_of(node)]
    return [node[step]]


def _collections(path: Path) -> tuple[str, ...]:
    keys = [step for step in path if isinstance(step, str)]
    if keys[:1] == ["adverse_events"] and keys[-1] in ("start", "end", "not_before"):
        return ("anchors", "visits")
    if not keys or (keys[-1] == "id" and "activities" not in keys[-2:-1]):
        return ()
    if keys[-1] == "id":
        return ("activities",)
    if keys[0] in ("trial", "oversight", "amendments", "provenance", "waivers"):
        return ()
    return _BY_PLACE.get((keys[-2] if len(keys) > 1 else "", keys[-1])) or _BY_KEY.get(keys[-1], ())


def name_of(owner: Node) -> str:
    """Return how a thing of the file is called: its name, its words, else the best that can be made of its id."""
    if "randomisations" in owner.path:
        return "randomisation"
    for key in ("name", "text", "title"):
        if isinstance(owner[key].value, str) and owner[key]:
            return owner[key].text
    if owner.path[:1] == ("interventions",) and owner["substance"].text:
        return _by_substance(owner)
    return owner["id"].text if _CALLED_BY_ID.intersection(owner.path) else from_id(owner["id"].text)


def is_called(node: Node) -> bool:
    """Say whether a place is one of several things with names: a sentence names it and does not tell all of it."""
    return isinstance(node.value, dict) and isinstance(node.path[-1], int) and bool(node["name"] or node["id"])


def said(node: Node) -> list[Node]:
    """Return what a field of a place says: of a thing that is called by its name, no more than that."""
    parts = [*node] if isinstance(node.value, list) else [node]
    return [(part["name"] or part["id"]) if is_called(part) else part for part in parts]


def _by_substance(owner: Node) -> str:
    """Call an intervention without a name by its substance; by its id as well where others have the same one."""
    substance = owner["substance"].text
    same = [item for item in owner.document.root["interventions"] if item["substance"].text == substance]
    return f"{substance} ({owner['id'].text})" if len(same) > 1 else substance


def anchor_name(owner: Node) -> str:
    """Return an anchor or a visit as a point in time, `the first dose`, `the Week 12 visit`."""
    kind = owner["kind"].text
    if "anchors" in owner.path:
        own = owner["text"].text
        usual = "" if own and _says_more(owner) else _ANCHORS.get(kind, "")
        if kind == "first_dose" and usual and _never_again(owner):
            usual = "the dose"
        if kind == "study_end" and owner["expected"]:  # each participant's own, as it follows from earlier days
            usual = "" if own else "the end of the study"
        return usual or _as_moment(own) or from_id(owner["id"].text)
    named = name_of(owner)
    return named if named.lower().endswith("visit") else f"the {named} visit"


def _never_again(anchor: Node) -> bool:
    """Say whether a first dose is the only one, and the file does not speak of a last one."""
    root = anchor.document.root
    return "last_dose" not in {each["kind"].text for each in root["schedule"]["anchors"]} and one_dose(root)


def _as_moment(own: str) -> str:
    """Write the words of an anchor so that they can follow `from` or `after`."""
    if _BARE.match(own):
        return f"the {own}"
    return f"\N{LEFT DOUBLE QUOTATION MARK}{own}\N{RIGHT DOUBLE QUOTATION MARK}" if _HAPPENED.fullmatch(own) else own


def _says_more(anchor: Node) -> bool:
    """Say whether the usual words would mislead: two points have them, nothing is dosed, or the author's differ."""
    root, kind = anchor.document.root, anchor["kind"].text
    if kind in _ANOTHER and _ANOTHER[kind].match(anchor["text"].text):
        return True
    alone = [each["kind"].text for each in root["schedule"]["anchors"]].count(kind) == 1
    again = kind == "randomisation" and len([*root["design"]["randomisations"]]) > 1
    return not alone or again or (kind in _OF_DOSES and (nothing_dosed(root) or tests_undosed(root)))
